"""Lab 6: what is asked of scan.h, and what is right."""

from kit import Array, Lab, holds, near, svg

lab = Lab(6, "nobody waits", files=["scan.h"], mine=["lab5_recurrence/recurrence.h"],
          uses=["core", "nn", "positional/encoding.h", "positional/measures/graph_depth.h", "labs/tensors.h"],
          hours="2.5", within=1e-4, build_seconds=180, reads=["docs/10-both-at-once.md"],
          ends_with="depth against length: a loop and your scan")

lab.rule("step", ["a h + b", "a h - b", "b - a h", "-(a h + b)"], "what a step (a, b) makes of h")
lab.rule("operands", ["earlier first", "later first"],
         "the order of the operands: combine(earlier, later), or combine(later, earlier)")
lab.rule("begins", ["at the front", "at the end"], "where a scan begins: at x[0], or at the last value, going down")

STEPS = "docs/10-both-at-once.md#steps-instead-of-numbers"
SCAN = "docs/10-both-at-once.md#the-code-a-scan"
FLOAT = 1e-4    # the library computes in float, and factors in a row may multiply a rounding error


def do(rule, a, b, h):
    return {"a h + b": a * h + b, "a h - b": a * h - b, "b - a h": b - a * h, "-(a h + b)": -(a * h + b)}[rule.step]


@lab.task(points=1, read=STEPS, inputs=[(2, 1, 3), (0.5, -3, 0), (-1, 4, 2)])
def apply(ask, rule, a, b, h):
    """one step"""
    near(ask("apply", [a], [b], [h])[0], [do(rule, a, b, h)], f"your step, {rule.step}, with a = {a}, b = {b}, h = {h}",
         within=FLOAT)


@lab.task(points=2, read=STEPS, after=["apply"], inputs=[(2, 1, 0.5, -3), (0, 1, 3, 2), (-1, 4, -2, 0)])
def combine(ask, rule, a1, b1, a2, b2):
    """two steps as one"""
    earlier, later = ([a1], [b1]), ([a2], [b2])
    operands = (*earlier, *later) if rule.operands == "earlier first" else (*later, *earlier)
    (a,), (b,) = [answer.values for answer in ask("combine", *operands)]
    for h in (0, 1, -2.5):
        near(do(rule, a, b, h), do(rule, a2, b2, do(rule, a1, b1, h)),
             f"first ({a1}, {b1}), then ({a2}, {b2}), on h = {h}; you say that both together are ({a:g}, {b:g}), with "
             f"your step {rule.step}. (The operands came {rule.operands}.) The result", within=FLOAT)


@lab.task(points=1, read=STEPS, after=["apply"], inputs=[([1.0, -2.0, 0.0],), ([7.0],)])
def nothing(ask, rule, h):
    """the step that changes nothing"""
    a, b = [answer.nested() for answer in ask("nothing", h)]
    near(len(a), len(h), "how many numbers a has: as many as h")
    for i, x in enumerate(h):
        near(do(rule, a[i], b[i], x), x, f"({a[i]:g}, {b[i]:g}) on h = {x}, with your step {rule.step}", within=FLOAT)


def tree(text):
    """"((ab)c)" -> ("abc", 2): the leaves in their order, and how deep the deepest nest is."""
    depth = deepest = 0
    leaves = ""
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
        leaves += letter if letter not in "()" else ""
    return leaves, deepest


def rounds(n):
    return (n - 1).bit_length()    # ceil(log2 n)


@lab.task(points=4, read=SCAN, inputs=[("abcdefgh",), ("abcde",), ("a",), ("ab",), ("abc",), ("abcdefghi",), ("",)])
def scan(ask, rule, word):
    """all prefixes, in rounds"""
    n = len(word)
    out = ask("scan", word, within=None)
    near(len(out), n, f"how many prefixes {n} values have")
    for t in range(n):
        done = word[:t + 1] if rule.begins == "at the front" else word[t:][::-1]    # in the order in which they are done
        expected = done if rule.operands == "earlier first" else done[::-1]
        leaves, depth = tree(out[t])
        holds(leaves == expected, f"the scan of {word}, at {t}: expected {expected} (it begins {rule.begins}, and "
              f"combine has {rule.operands}), grouped in some way, got {out[t]}")
        holds(depth <= rounds(n), f"the scan of {word}, at {t}: {out[t]} is {depth} deep, so {depth} wait for each other; "
              f"{n} values need {rounds(n)}")


def states_of(rule, A, B, start):
    order = range(len(A)) if rule.begins == "at the front" else reversed(range(len(A)))
    states, h = [None] * len(A), list(start)
    for t in order:
        h = states[t] = [do(rule, a, b, x) for a, b, x in zip(A[t], B[t], h)]
    return states


@lab.task(points=3, read="docs/10-both-at-once.md#linear-recurrences-no-scan-at-all", after=["apply", "combine", "scan"],
          inputs=[([[2], [0.5], [-1], [3]], [[1], [-3], [4], [0.5]], [0]),
                  ([[2], [0.5], [-1], [3], [0.25]], [[1], [-3], [4], [0.5], [2]], [2]), ([[1, 0]], [[0, 1]], [3, 3])])
def recurrence(ask, rule, A, B, start):
    """all states of a linear recurrence, and their gradient"""
    states, dA, dB, d_start = [answer.nested() for answer in ask("recurrence", A, B, start)]
    near(states, states_of(rule, A, B, start),
         f"the states from {start} on, with your step {rule.step}, begun {rule.begins}; a = {A}, b = {B}", within=FLOAT)

    def slope(change):    # of the sum of all states
        found = []
        for sign in (1, -1):
            a, b, s = [list(row) for row in A], [list(row) for row in B], list(start)
            change(a, b, s, sign * 1e-5)
            found.append(sum(map(sum, states_of(rule, a, b, s))))
        return (found[0] - found[1]) / 2e-5

    for t in range(len(A)):
        for i in range(len(start)):
            def move_a(a, b, s, by):
                a[t][i] += by

            def move_b(a, b, s, by):
                b[t][i] += by

            near(dA[t][i], slope(move_a), f"the gradient of a[{t}][{i}], the loss being the sum of all states", within=1e-3)
            near(dB[t][i], slope(move_b), f"the gradient of b[{t}][{i}], the loss being the sum of all states", within=1e-3)
    for i in range(len(start)):
        def move_start(a, b, s, by):
            s[i] += by

        near(d_start[i], slope(move_start), f"the gradient of start[{i}]", within=1e-3)


@lab.predict(points=1, within=0.1, after=["scan"])
def hundred(ask, rule):
    """The scan of 100 values, in rounds: how many combinations wait for each other, at most?"""
    return max(tree(out)[1] for out in ask("scan", "x" * 100, within=None))


@lab.predict(points=1, within=0.1, after=["scan"])
def calls(ask, rule):
    """The scan of 16 values, in the rounds of this page (reach 1, 2, 4, 8): how often is `combine` called? (A loop: 15.)"""
    return ask("calls", 16)[0]


@lab.predict(points=1, within=0.02, after=["apply", "combine", "scan", "recurrence"])
def settles(ask, rule):
    """Your step with a = 0.5 and b = 1, forty times. Where does h end, whatever it begins with?"""
    states = ask("recurrence", [[0.5]] * 40, [[1.0]] * 40, [0.3])[0].values
    return states[-1] if rule.begins == "at the front" else states[0]


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"],
             question="How often x[j] stands in out[t] (white 0, blue 1, dark 2). Which line of `scan` was wrong?",
             choices={"a": "a round reads what it has just written",
                      "b": "the reach grows by 1 and does not double",
                      "c": "one round is missing: it ends as soon as the reach is half of the length",
                      "d": "it begins at the wrong end"})


@lab.picture
def who_is_in_whom(ask, rule):
    word = "abcdefghijkl"
    counts = [[tree(out)[0].count(letter) for letter in word] for out in ask("scan", word)]
    return svg.heatmap(Array.of(counts), title="out[t] (rows), x[j] (columns)", low=0, high=2, numbers=True)


@lab.picture
def depth(ask, rule):
    lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
    loop, scanned = zip(*[ask("depth", n, within=None) for n in lengths])
    return svg.lines([("one after the other", lengths, loop), ("your scan", lengths, scanned)],
                     title="how many operations wait for each other", x_title="length", y_title="depth, counted in the graph",
                     low=0)
