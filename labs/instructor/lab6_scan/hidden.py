# INSTRUCTOR-ONLY
def inputs(draw, rule):
    def some(rows, columns, size=1.3):
        return [[draw.uniform(-size, size) for _ in range(columns)] for _ in range(rows)]

    return {
        "apply": [tuple(draw.uniform(-3, 3) for _ in range(3)) for _ in range(6)],
        "combine": [tuple(draw.uniform(-3, 3) for _ in range(4)) for _ in range(8)],
        "nothing": [([draw.uniform(-9, 9) for _ in range(n)],) for n in (1, 4)],
        "scan": [("".join(draw.sample("abcdefghijklmnopqrstuvwxyz", n)),) for n in (6, 7, 10, 13, 16, 17, 26)],
        "recurrence": [(some(T, S), some(T, S), some(1, S)[0]) for T, S in ((7, 2), (1, 3), (9, 1), (6, 4))],
    }
