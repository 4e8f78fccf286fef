"""A lab for the kit's own tests."""
from kit import Lab, near, refuses, svg

lab = Lab(97, "three small functions", files=["three.h"], hours="0", reads=["labs/kit/README.md"])
lab.rule("factor", [2, 3, 5], "what `twice` multiplies with")


@lab.task(points=1, inputs=[(1.5,), (0.0,)], seconds=4)
def first(ask, rule, x):
    """a number, multiplied"""
    near(ask("twice", x)[0], rule.factor * x, f"{rule.factor} * {x}")


@lab.task(points=2, inputs=[([1.0, 2.0, 3.0],), ([],)], seconds=2)
def second(ask, rule, numbers):
    """the sum of some numbers"""
    near(ask("total", numbers)[0], sum(numbers), f"the sum of {numbers}")


@lab.task(points=4, inputs=[(4.0,)], seconds=2)
def third(ask, rule, x):
    """a root, and an error for a negative number"""
    near(ask("root", x)[0] ** 2, x, "the square of the root")
    refuses(ask, "root", -x, saying="negative")


@lab.predict(points=1, within=0.01, after=["first"])
def guess(ask, rule):
    """twice 10, with your factor?"""
    return ask("twice", 10)[0]


@lab.picture
def lines(ask, rule):
    xs = [0, 1, 2, 3]
    return svg.lines([("twice", xs, [ask("twice", x)[0] for x in xs])], title="a line")


lab.find_bug("bug", points=1, pictures=["bug_1.svg"], question="What was wrong?", choices={"a": "the sign", "b": "nothing"})
