# INSTRUCTOR-ONLY
import math


def inputs(draw, rule):
    def matrix(rows, columns, size=2.0):
        return [[draw.uniform(-size, size) for _ in range(columns)] for _ in range(rows)]

    def with_hidden(S):
        return [[-math.inf if j != i and draw.random() < 0.3 else s for j, s in enumerate(row)]
                for i, row in enumerate(S)]

    return {
        "scores": [(matrix(n, d), matrix(n, d)) for n, d in ((1, 1), (3, 4), (5, 2), (2, 9))],
        "weights": [(matrix(3, 3),), (with_hidden(matrix(5, 5)),), (matrix(4, 4, 3000.0),), ([[-5000.0]],)],
        "hide": [(5,), (9,), (2,)],
        "heads": [(2, 4, 2), (3, 2, 5), (1, 1, 1), (2, 6, 1)],
        "back_through_weights": [(matrix(n, m), matrix(n, m)) for n, m in ((1, 5), (4, 3), (3, 1))],
    }
