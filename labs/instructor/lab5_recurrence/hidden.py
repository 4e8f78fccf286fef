# INSTRUCTOR-ONLY
def inputs(draw, rule):
    def vector(n, size=1.0):
        return [draw.uniform(-size, size) for _ in range(n)]

    def matrix(n, size):
        return [vector(n, size) for _ in range(n)]

    def cycle(period, count, wobble):
        turn = [vector(3) for _ in range(period)]
        return [[x + draw.uniform(-wobble, wobble) for x in turn[k % period]] for k in range(count)]

    return {
        "orbit": [(vector(S), matrix(S, 0.8), vector(S, 0.3), count) for S, count in ((3, 7), (1, 12), (5, 2))],
        "counter": [(1000,)],
        "returns_after": [(cycle(6, 20, 0.0), 3, 0.01), (cycle(4, 12, 0.004), 0, 0.02), (cycle(9, 8, 0.0), 1, 0.01),
                          (cycle(1, 5, 0.0), 2, 0.001), (cycle(3, 4, 0.0), 3, 0.01),
                          ([vector(3), vector(3), *cycle(4, 12, 0.0)], 3, 0.01)],    # on its way before it goes round
        "back_through_time": [(vector(S), matrix(S, 1.2), vector(S, 0.3), count, vector(S))
                              for S, count in ((3, 6), (1, 5), (4, 1), (2, 9))],
        "for_ever": [(draw.randrange(10**6),)],
    }
