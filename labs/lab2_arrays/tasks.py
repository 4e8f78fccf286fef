"""Lab 2: what is right for arrays that are views of a buffer."""
import itertools

from kit import Array, Lab, holds, near, refuses, svg

BOOK = "docs/01-tensors.md"
lab = Lab(2, "arrays and broadcasting", files=["array.h"], mine=["lab1_scalar/value.h"], hours="3 to 4",
          reads=[BOOK, "docs/02-autograd.md"], ends_with="how a transposed view walks the buffer")

lab.rule("memory", ["last axis", "first axis"], "along which axis neighbours of a fresh array lie side by side")
lab.rule("every", ["first", "last"], "of each n entries, `every(a, axis, n)` takes the first, or the last")
lab.rule("product", ["A B", "A B^T"], "what `matmul(A, B)` is; the second is what PyTorch's Linear does with its weight")


def counted(*shape):
    """1, 2, 3, ... in this shape."""
    size = 1
    for n in shape:
        size *= n
    return Array(shape, [float(i + 1) for i in range(size)])


def places(shape):
    return list(itertools.product(*(range(n) for n in shape)))


def value(array, place):
    at = 0
    for n, i in zip(array.shape, place):
        at = at * n + i
    return array.values[at]


def is_view(shares, what):
    holds(shares == 1, f"{what} has a buffer of its own; a view shares the buffer of what it shows")


@lab.task(points=1, inputs=[([2, 3, 4],), ([5],), ([],)], read=BOOK)
def strides(ask, rule, shape):
    """strides_of: how far one goes in a fresh array's buffer for a step along each axis"""
    expected = []
    for axis in range(len(shape)):
        further = shape[axis + 1:] if rule.memory == "last axis" else shape[:axis]
        step = 1
        for n in further:
            step *= n
        expected.append(step)
    near(ask("strides", shape)[0], Array((len(shape),), expected), f"the strides of a fresh array of shape {shape}")


@lab.task(points=2, inputs=[(counted(2, 3), [1, 0]), (counted(2, 2, 2), [0, 1, 1])], read=BOOK)
def places_in(ask, rule, a, place):
    """at: the entry at a place, to read and to write, and an error for a place outside"""
    found, written = ask("at", a, place)
    near(found, value(a, place), f"the entry at {place} of {list(a.shape)}")
    near(written, Array(a.shape, [v + 100 * (list(p) == list(place)) for v, p in zip(a.values, places(a.shape))]),
         f"the array after at(a, {place}) += 100")
    for axis in range(len(a.shape)):
        for outside in (a.shape[axis], -1):
            refuses(ask, "at", a, [outside if i == axis else j for i, j in enumerate(place)], saying="outside")
    refuses(ask, "at", a, list(place) + [0], saying="outside")


@lab.task(points=2, inputs=[(counted(2, 3),), (counted(2, 1, 3),)], read=BOOK)
def transposed(ask, rule, a):
    """transpose: a view with all axes in reverse order"""
    view, shares = ask("transpose", a)
    expected = Array(a.shape[::-1], [value(a, place[::-1]) for place in places(a.shape[::-1])])
    near(view, expected, f"the transpose of shape {list(a.shape)}")
    is_view(shares, "the transpose")


@lab.task(points=2, inputs=[(counted(6), 0, 2), (counted(2, 7), 1, 3), (counted(3, 2), 0, 1)], read=BOOK)
def steps(ask, rule, a, axis, n):
    """every: a view of every n-th entry along an axis"""
    view, shares = ask("every", a, axis, n)
    taken = list(range(0 if rule.every == "first" else n - 1, a.shape[axis], n))
    shape = tuple(len(taken) if i == axis else size for i, size in enumerate(a.shape))
    near(view, Array(shape, [value(a, tuple(taken[j] if i == axis else j for i, j in enumerate(place)))
                             for place in places(shape)]), f"every(a, {axis}, {n}) of shape {list(a.shape)}")
    is_view(shares, "every")


def repeated_as(a, shape):
    missing = len(shape) - len(a.shape)
    return Array(shape, [value(a, tuple(0 if n == 1 else i for n, i in zip(a.shape, place[missing:])))
                         for place in places(shape)])


@lab.task(points=3, inputs=[(counted(3, 1), [2, 3, 4]), (counted(4), [3, 4]), (counted(1), [0])], read=BOOK)
def repeated(ask, rule, a, shape):
    """broadcast_to: a view that repeats, and an error where nothing can be repeated"""
    view, shares = ask("broadcast_to", a, shape)
    near(view, repeated_as(a, shape), f"{list(a.shape)} broadcast to {shape}")
    is_view(shares, "broadcast_to")
    refuses(ask, "broadcast_to", counted(3), [3, 2], saying="broadcast")
    refuses(ask, "broadcast_to", counted(2, 3), [3], saying="broadcast")


@lab.task(points=3, inputs=[(counted(2, 3, 4), [3, 1]), (counted(3, 4), [4]), (counted(2, 2), [2, 2])],
          after=["strides", "repeated"], read="docs/02-autograd.md")
def summed(ask, rule, a, shape):
    """sum_to_shape: the gradient of a broadcast, which is a sum over what was repeated"""
    got = ask("sum_to_shape", a, shape)[0]
    missing = len(a.shape) - len(shape)
    sums = Array(shape, [0.0] * len(places(shape)))
    where = {place: i for i, place in enumerate(places(shape))}
    for place in places(a.shape):
        sums.values[where[tuple(0 if n == 1 else i for n, i in zip(shape, place[missing:]))]] += value(a, place)
    near(got, sums, f"the sum of {list(a.shape)} to {shape}")


def multiplied(A, B, rule):
    m, k, n = A.shape[0], A.shape[1], B.shape[0 if rule.product == "A B^T" else 1]
    side = (lambda j, l: value(B, (j, l))) if rule.product == "A B^T" else (lambda j, l: value(B, (l, j)))
    return Array((m, n), [sum(value(A, (i, l)) * side(j, l) for l in range(k)) for i in range(m) for j in range(n)])


def right_side(k, n, rule, numbers=None):
    shape = (n, k) if rule.product == "A B^T" else (k, n)
    return Array(shape, numbers) if numbers else counted(*shape)


@lab.task(points=3, inputs=lambda rule: [(counted(2, 3), right_side(3, 2, rule)), (counted(1, 2), right_side(2, 3, rule))],
          after=["strides"], read=BOOK)
def product(ask, rule, A, B):
    """matmul, with the right side as your convention says"""
    near(ask("matmul", A, B)[0], multiplied(A, B, rule), f"the product of {list(A.shape)} and {list(B.shape)}")
    refuses(ask, "matmul", counted(2, 3), counted(4, 4), saying="matmul")


@lab.task(points=4, inputs=lambda rule: [
    (counted(2, 3), right_side(3, 2, rule), Array((2, 2), [1.0, 0.0, -1.0, 2.0])),
    (counted(1, 2), right_side(2, 3, rule), Array((1, 3), [0.5, 1.0, -2.0]))],
    after=["strides", "product"], read="docs/02-autograd.md")
def gradients(ask, rule, A, B, dC):
    """matmul_gradients: dA and dB, beside what a small step in each number shows"""
    got = ask("gradients", A, B, dC)

    def loss(a, b):
        return sum(c * d for c, d in zip(multiplied(a, b, rule).values, dC.values))

    for name, side, found in (("dA", A, got[0]), ("dB", B, got[1])):
        slopes = []
        for i in range(len(side.values)):
            up, down = (Array(side.shape, [v + step * (i == j) for j, v in enumerate(side.values)]) for step in (0.5, -0.5))
            slopes.append(loss(up, B) - loss(down, B) if side is A else loss(A, up) - loss(A, down))
        near(found, Array(side.shape, slopes), f"{name}, for A {list(A.shape)} and B {list(B.shape)}")
    for name, fast, slow in zip(("dA", "dB"), got, ask("by_values", A, B, dC, float(rule.product == "A B^T"), within=None)):
        near(fast, slow, f"{name}, beside what your Value of lab 1 says")


@lab.predict(points=1, within=0.0, after=["strides"])
def far_apart(ask, rule):
    """A fresh array has shape [5, 3, 2]. How far apart in the buffer are neighbours along axis 0?"""
    return ask("strides", [5, 3, 2])[0].values[0]


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"], read=BOOK,
             question="The picture shows which buffer places four views walk through; one of the views is wrong. Why?",
             choices={"a": "transpose reverses the shape and leaves the strides",
                      "b": "every makes the shape smaller and leaves the stride",
                      "c": "broadcast_to repeats along the wrong side: its stride is not 0 where it repeats",
                      "d": "the offset is lost"})


@lab.picture
def walks(ask, rule):
    names = ("a [3, 4]", "its transpose", "every 2nd", "a column, repeated")
    return svg.lines([(name, list(range(len(walk.values))), walk.values) for name, walk in zip(names, ask("walks"))],
                     title="Four views, one buffer: which place is read at which step?", x_title="step",
                     y_title="place in the buffer", low=0, high=15, width=620)
