# INSTRUCTOR-ONLY


def inputs(draw, rule):
    def table(n, d):
        return [[draw.uniform(-2, 2) for _ in range(d)] for _ in range(n)]

    def look_up():
        V, n, D, B, T = (draw.randrange(2, 6) for _ in range(5))
        ids = [[draw.randrange(V) for _ in range(T)] for _ in range(B)]
        places = [[draw.randrange(n) for _ in range(T)] for _ in range(B)]
        return table(V, D), table(2, D), table(n, D), ids, places, [table(T, D) for _ in range(B)]

    def places():
        n = draw.randrange(30, 600)
        lengths = [draw.randrange(2, 12) for _ in range(draw.randrange(1, 5))]
        return lengths, [draw.randrange(n - length + 1) for length in lengths], n

    def longer(most):
        n = rule.trusted + draw.randrange(1, 60)
        return n, draw.randrange(rule.trusted + 1, most)

    return {
        "look_up": [look_up() for _ in range(6)],
        "places": [*(places() for _ in range(8)), ([1, 2], [0, 0], 24)],
        "longer": [longer(300), longer(300), (2 * rule.trusted, 4 * rule.trusted), (rule.trusted + 1, rule.trusted + 1)],
    }
