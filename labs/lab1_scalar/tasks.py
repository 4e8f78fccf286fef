"""Lab 1: what is right for a scalar that remembers."""
import math

from kit import Lab, holds, near, svg

lab = Lab(1, "a scalar that remembers", files=["value.h"], hours="2 to 3", reads=["docs/02-autograd.md"],
          ends_with="the graph of an expression with its gradients, and a curve fitted to points")

lab.rule("slope", [0.25, 0.125, 0.5, 0.0625], "what `leaky` multiplies with, left of zero: `slope` in value.h")
lab.rule("at_zero", ["right", "left", "middle"],
         "the slope of `leaky` at zero exactly, `slope_at_zero` in value.h: that of the right side (1), of the left side "
         "(`slope`), or the mean of both")
lab.rule("order", ["inputs first", "inputs last"], "in the list of `order`, `inputs_first` in value.h: a node's inputs come first "
         "and then the node (true), or the node and its inputs last (false)")

BOOK = "docs/02-autograd.md"
OPERATION, ADDING = f"{BOOK}#an-operation-four-parts-on-one-screen", f"{BOOK}#adding-not-overwriting"
DIAMOND, FORMULA = f"{BOOK}#a-diamond-and-the-order-of-turns", f"{BOOK}#the-formula"


def slope_at(rule, x):
    at_zero = {"right": 1, "left": rule.slope, "middle": (1 + rule.slope) / 2}[rule.at_zero]
    return 1 if x > 0 else rule.slope if x < 0 else at_zero


def value_of(words, leaves, rule):
    """What the expression is: numbers alone, without any gradient."""
    stack = []
    for word in words.split():
        if word[0] == "x":
            stack.append(leaves[int(word[1:])])
        elif word == "dup":
            stack.append(stack[-1])
        elif word == "tanh":
            stack.append(math.tanh(stack.pop()))
        elif word == "leaky":
            x = stack.pop()
            stack.append(x if x > 0 else rule.slope * x)
        else:
            b, a = stack.pop(), stack.pop()
            stack.append(a + b if word == "+" else a * b)
    return stack[0]


def slopes_of(words, leaves, rule, step=1e-5):
    """d out / d leaf, by moving each leaf a little to either side."""
    found = []
    for i in range(len(leaves)):
        moved = [value_of(words, [x + (sign * step if i == j else 0) for j, x in enumerate(leaves)], rule)
                 for sign in (1, -1)]
        found.append((moved[0] - moved[1]) / (2 * step))
    return found


def lets_go(ask, words, leaves):
    """Nothing keeps the node of a result when the result is gone."""
    holds(ask("let_go", words, leaves)[0] == 1,
          "the result is gone, but its node is still there: its function has captured the result, so that the node owns "
          "itself. Capture what you need of it: the inputs' nodes, and numbers")


@lab.task(points=2, inputs=[(2, 3), (-1.5, 4)], read=OPERATION)
def sum(ask, rule, a, b):
    """a + b, and what one step back adds to the gradients of a and b"""
    value, gradients = ask("one_step", "x0 x1 +", [a, b])
    near(value, a + b, f"{a} + {b}")
    near(gradients, [1, 1], "d(a + b)/da and d(a + b)/db, which are 1: a sum hands the gradient to both sides")
    _, gradients = ask("one_step", "x0 x0 +", [a])
    near(gradients, [2], "d(a + a)/da, which is 2: a has two uses, and each adds its part")
    lets_go(ask, "x0 x1 +", [a, b])


@lab.task(points=2, inputs=[(2, 3), (-1.5, 4)], read=OPERATION)
def product(ask, rule, a, b):
    """a * b, and what one step back adds to the gradients of a and b"""
    value, gradients = ask("one_step", "x0 x1 *", [a, b])
    near(value, a * b, f"{a} * {b}")
    near(gradients, [b, a], "d(a b)/da, which is b, and d(a b)/db, which is a")
    _, gradients = ask("one_step", "x0 x0 *", [a])
    near(gradients, [2 * a], "d(a a)/da, which is 2 a: a has two uses, and each adds its part")
    lets_go(ask, "x0 x1 *", [a, b])


# "dup" uses what stands before it twice: the third is h + h x with h = x y, the last h h + x.
DIAMONDS = [("x0 x1 * x0 +", [3.0, -2.0]), ("x0 x0 * x0 x1 + *", [1.5, 0.5]), ("x0 x1 * dup x0 * +", [3.0, -2.0]),
            ("x0 x1 * dup * x0 +", [1.5, 0.5])]


@lab.task(points=2, inputs=DIAMONDS, after=["sum", "product"], read=DIAMOND)
def order(ask, rule, words, leaves):
    """order(root): every node once, its inputs all on the side that your convention says"""
    root, *items = ask("places", words, leaves, within=None)    # more than one order is right
    nodes = [(op, numbers.values[0], [int(place) for place in numbers.values[1:]])
             for op, numbers in zip(items[::2], items[1::2])]
    expected = nodes_of(words, leaves)
    near(len(nodes), len(expected), f"nodes in the order of '{words}', each one once")
    for place, (_, _, inputs) in enumerate(nodes):
        for other in inputs:
            right = other < place if rule.order == "inputs first" else other > place or other == -1
            holds(right, f"the node at place {place} of {len(nodes)} has an input at place {other}; your convention is "
                         f"'{rule.order}'")
    holds(root == (len(nodes) - 1 if rule.order == "inputs first" else 0),
          f"the root stands at place {root:g} of {len(nodes)}")

    def seen(place):
        """A node as words: what it is, its number, and what its inputs are."""
        op, number, inputs = nodes[place]
        return f"{op} {number:.6g}" + (f" of {sorted(described(nodes[other]) for other in inputs)}" if op != "leaf" else "")

    holds(all(op == "leaf" or min(inputs) >= 0 for op, _, inputs in nodes),
          "an input of a node is missing from the list")
    holds(sorted(map(seen, range(len(nodes)))) == sorted(expected), f"the nodes of '{words}' at {leaves} are "
          f"{sorted(expected)}; your list has others")


def described(node):
    return f"{node[0]} {node[1]:.6g}"


def nodes_of(words, leaves):
    """Each node of an expression of sums and products, in words as in `order`."""
    used = sorted({word for word in words.split() if word[0] == "x"})
    found, stack = [described(("leaf", leaves[int(word[1:])])) for word in used], []
    for word in words.split():
        if word[0] == "x":
            stack.append(("leaf", leaves[int(word[1:])]))
            continue
        if word == "dup":
            stack.append(stack[-1])
            continue
        b, a = stack.pop(), stack.pop()
        stack.append((word, a[1] + b[1] if word == "+" else a[1] * b[1]))
        found.append(f"{described(stack[-1])} of {sorted([described(a), described(b)])}")
    return found


@lab.task(points=4, inputs=DIAMONDS, after=["sum", "product", "order"], read=DIAMOND)
def reuse(ask, rule, words, leaves):
    """backward(): a number that is used several times gets the sum of what its uses send back"""
    value, gradients = ask("gradient", words, leaves, 1)
    near(value, value_of(words, leaves, rule), f"'{words}' of {leaves}")
    near(gradients, slopes_of(words, leaves, rule), f"the gradient of '{words}' at {leaves}, beside the slope that a "
         "small step shows", within=1e-6)


@lab.task(points=2, inputs=[*DIAMONDS, ("x0", [3.0])], after=["reuse"], read=ADDING)
def twice(ask, rule, words, leaves):
    """backward() twice: leaves have twice the gradient, since what lies between begins at 0 each time"""
    _, once = ask("gradient", words, leaves, 1)
    _, gradients = ask("gradient", words, leaves, 2)
    near(gradients, [2 * g for g in once.values], f"the gradient of '{words}' after backward() twice")


@lab.task(points=2, inputs=[(0.0,), (0.5,), (-2.0,), (30.0,)], read=OPERATION)
def tanh(ask, rule, x):
    """tanh, and its derivative"""
    value, gradients = ask("one_step", "x0 tanh", [x])
    near(value, math.tanh(x), f"tanh({x})")
    near(gradients, [1 - math.tanh(x) ** 2], f"d tanh(a)/da at {x}, which is 1 - tanh(a)^2: it needs the output, not the "
         "input")
    lets_go(ask, "x0 tanh", [x])


@lab.task(points=2, inputs=[(3.0,), (-2.0,), (0.0,)], read=BOOK)
def leaky(ask, rule, x):
    """leaky, with the slope and the value at zero of your conventions"""
    value, gradients = ask("one_step", "x0 leaky", [x])
    yours = f"your conventions: slope {rule.slope}, and at zero exactly {slope_at(rule, 0)}"
    near(value, x if x > 0 else rule.slope * x, f"leaky({x}), {yours}")
    near(gradients, [slope_at(rule, x)], f"the slope of leaky at {x}, {yours}")
    lets_go(ask, "x0 leaky", [x])


@lab.task(points=2, inputs=[(2.0, 3.0), (-1.0, 0.5)], after=["reuse"], read=OPERATION)
def add_to(ask, rule, x, z):
    """x += z: x is a new number from now on, and what was computed before keeps the old one"""
    y, out, first, dx, dz = ask("add_to", x, z)
    near(first, x, "the old x, which y was computed from and which must not change")
    near(y, x * x, "y = x x, computed before x += z")
    near(out, (x + z) * x * x, "out = (x + z) y")
    near(dx, x * x + (x + z) * 2 * x, "d out / d(the old x)")
    near(dz, x * x, "d out / dz")


def descended(xs, targets, steps, rate):
    """a, b, c, d after so many steps, with the derivatives written out by hand."""
    a, b, c, d = 1.0, 1.0, 0.0, 0.0
    for _ in range(steps):
        da = db = dc = dd = 0.0
        for x, target in zip(xs, targets):
            t = math.tanh(b * x + c)
            error = 2 * (a * t + d - target) / len(xs)
            inside = error * a * (1 - t * t)
            da, db, dc, dd = da + error * t, db + inside * x, dc + inside, dd + error
        a, b, c, d = a - rate * da, b - rate * db, c - rate * dc, d - rate * dd
    return [a, b, c, d]


POINTS = [-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0]
TARGETS = [-0.52, -0.47, -0.4, -0.2, 0.31, 1.02, 1.37, 1.45, 1.49]


@lab.task(points=4, inputs=[(POINTS, TARGETS, 1, 0.1), (POINTS, TARGETS, 50, 0.1)],
          after=["sum", "product", "order", "reuse", "tanh"], read=FORMULA)
def fit(ask, rule, xs, targets, steps, rate):
    """fit: the curve after some steps of gradient descent"""
    curve = ask("fit", xs, targets, steps, rate)[0]
    of_the_sum = descended(xs, targets, steps, rate * len(xs))    # whose gradient is so many times that of the mean
    holds(any(not abs(got - c) < 1e-7 for got, c in zip(curve.values, of_the_sum)),
          "that is what the sum of the squared errors gives; the loss is their mean, the sum divided by xs.size()")
    near(curve, descended(xs, targets, steps, rate), f"a, b, c, d after {steps} steps with rate {rate}", within=1e-7)


@lab.predict(points=1, within=0.01, after=["reuse", "leaky"])
def one_number(ask, rule):
    """y = leaky(x) * leaky(x) + x, with the slope of your conventions. What is dy/dx at x = -2? (pencil, not program)"""
    return ask("gradient", "x0 leaky x0 leaky * x0 +", [-2.0], 1)[1].values[0]


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"], read=DIAMOND,
             question="The picture shows tanh(x y + x) y after a backward() with one mistake, at x = 0.5, y = -1.5. Which?",
             choices={"a": "a gradient was set where it should be added to",
                      "b": "the product hands each side its own value instead of the other's",
                      "c": "tanh computes its slope from its input instead of its output",
                      "d": "the sum hands its gradient to one side only"})


@lab.picture
def graph(ask, rule):
    items = ask("graph", "x0 x1 * x0 + tanh x1 *", [0.5, -1.5])
    nodes, edges, columns, rows = [], [], [], {}
    for i in range(0, len(items), 2):
        op, numbers = items[i], items[i + 1].values
        inputs = [int(place) for place in numbers[2:]]
        column = 1 + max(columns[place] for place in inputs) if inputs else 0
        columns.append(column)
        row = rows.setdefault(column, 0)
        rows[column] += 1
        nodes.append((f"{op}  {numbers[0]:.4f}\ngradient {numbers[1]:.4f}", column, row))
        edges += [(place, len(nodes) - 1) for place in dict.fromkeys(inputs)]
    return svg.graph(nodes, edges, title="tanh(x y + x) y and what each number matters for it")


@lab.picture
def curve(ask, rule):
    xs = [i / 20 for i in range(-50, 51)]
    curves = []
    for steps in (0, 10, 100, 1000):
        a, b, c, d = ask("fit", POINTS, TARGETS, steps, 0.1)[0].values
        curves.append((f"{steps} steps", xs, [a * math.tanh(b * x + c) + d for x in xs]))
    curves.append(("the points", POINTS, TARGETS))
    return svg.lines(curves, title="A curve with four parameters finds nine points", x_title="x", y_title="y",
                     dots=["the points"])
