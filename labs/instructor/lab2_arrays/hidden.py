"""Further inputs for lab 2."""
# INSTRUCTOR-ONLY
from kit import Array


def inputs(draw, rule):
    def numbers(shape):
        size = 1
        for n in shape:
            size *= n
        return Array(shape, [round(draw.uniform(-3, 3), 3) for _ in range(size)])

    def shape(axes):
        return [draw.choice((1, 2, 3, 4)) for _ in range(axes)]

    def repeated():
        """An array, and a shape that it can be broadcast to."""
        longer = shape(draw.choice((2, 3)))
        short = [n if draw.random() < 0.6 else 1 for n in longer][draw.choice((0, 1)):]
        return numbers(short), longer

    def product(m, k, n):
        return numbers((m, k)), numbers((n, k) if rule.product == "A B^T" else (k, n)), numbers((m, n))

    arrays = [numbers(shape(axes)) for axes in (1, 2, 3, 3, 4)]
    pairs = [repeated() for _ in range(8)]
    sizes = [(3, 4, 2), (1, 5, 3), (4, 1, 4), (2, 2, 2)]
    return {
        "strides": [(shape(axes),) for axes in (1, 2, 3, 4)] + [([3, 1, 2],), ([2, 0, 3],)],
        "places_in": [(a, [draw.randrange(n) for n in a.shape]) for a in arrays],
        "transposed": [(a,) for a in arrays],
        "steps": [(a, draw.randrange(len(a.shape)), draw.choice((1, 2, 3))) for a in arrays] +
                 [(numbers((8, 3)), 0, 3), (numbers((2, 9)), 1, 4)],
        "repeated": pairs,
        "summed": [(numbers(longer), list(a.shape)) for a, longer in pairs],
        "product": [product(*size)[:2] for size in sizes],
        "gradients": [product(*size) for size in sizes],
    }
