# INSTRUCTOR-ONLY


def inputs(draw, rule):
    def sizes(count, longest):
        found = []
        while len(found) < count:
            n = draw.randrange(5, 12)
            m = draw.randrange(n + 1, longest(n) + 1)
            found.append((n, m))
        return found

    def table(n, d):
        return [[draw.uniform(-2, 2) for _ in range(d)] for _ in range(n)]

    return {
        "copied": sizes(5, lambda n: 4 * n),
        "stretched": sizes(5, lambda n: 4 * n),
        "two_digits": [*sizes(5, lambda n: n * n), (2, 4)],
        "ring": [(table(n, 2), [draw.randrange(-50, 50) for _ in range(9)]) for n in (4, 7, 1)] + [(table(32, 1), [31, 32, 33])],
    }
