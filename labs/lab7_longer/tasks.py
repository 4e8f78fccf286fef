"""Lab 7: what is asked of longer.h, and what is right."""

from kit import Array, Lab, holds, near, svg

lab = Lab(7, "longer tables", files=["longer.h"], mine=["lab4_table/table.h"],
          uses=["core", "nn", "positional/encoding.h", "labs/tensors.h", "labs/small_model.h"], hours="2.5",
          within=1e-5, build_seconds=180, reads=["docs/08-extending-a-trained-table.md"],
          ends_with="three recipes, their seams, and who recovers first")

lab.rule("kept", [1, 0, 2, 3], "so many first rows are kept alone, in `copied` and `stretched`")
lab.rule("alpha", [0.4, 0.15, 0.2, 0.25, 0.3, 0.35], "alpha in `two_digits`")
lab.rule("turn", [0, 3, -2, 5, -7], "position 0 of the `ring` reads this row, modulo n")

CHAPTER = "docs/08-extending-a-trained-table.md"
SU = "docs/08-extending-a-trained-table.md#sus-hierarchy"
FLOAT = 1e-5    # the library computes in float


def one(row, n):
    return [1.0 if j == row else 0.0 for j in range(n)]


def recipes(ask, name, n, m):
    """W as rows, its shape and sums checked."""
    W = ask(name, n, m)[0]
    near(list(W.shape), [m, n], f"the shape of W: {m} new rows, each a mixture of {n} old ones")
    for k, row in enumerate(W.nested()):
        near(sum(row), 1, f"recipe {k} of {name}({n}, {m}), {row}, added up", within=FLOAT)
    return W.nested()


@lab.task(points=2, read=CHAPTER, inputs=[(5, 8), (6, 20), (5, 6)])
def copied(ask, rule, n, m):
    """the old rows again and again"""
    W, again = recipes(ask, "copied", n, m), n - rule.kept
    for k in range(m):
        if k < n:
            near(W[k], one(k, n), f"recipe {k}: the first {n} rows stay as they are", within=FLOAT)
        else:
            near(W[k], W[k - again], f"recipe {k}, which is recipe {k - again} again: {n} rows, {rule.kept} of them kept "
                 f"alone, are repeated after {again}", within=FLOAT)


@lab.task(points=3, read=CHAPTER, inputs=[(5, 8), (6, 7), (6, 30)])
def stretched(ask, rule, n, m):
    """the old rows on a line, at new distances"""
    W, kept = recipes(ask, "stretched", n, m), rule.kept
    for k in range(kept):
        near(W[k], one(k, n), f"recipe {k}: a row that is kept alone", within=FLOAT)
    near(W[kept], one(kept, n), f"recipe {kept}, the first behind the kept ones", within=FLOAT)
    near(W[m - 1], one(n - 1, n), f"recipe {m - 1}, the last: it is the last old row", within=FLOAT)
    step = (n - 1 - kept) / (m - 1 - kept)
    for k in range(kept, m):
        place = sum(j * weight for j, weight in enumerate(W[k]))
        near(place, kept + (k - kept) * step, f"where recipe {k} lies on the line of old rows: {step:.6g} behind recipe "
             f"{k - 1}", within=FLOAT)
        used = [j for j, weight in enumerate(W[k]) if abs(weight) > 1e-5]
        holds(used[-1] - used[0] <= 1, f"recipe {k} lies between two neighbours and mixes these; yours mixes rows {used}")


@lab.task(points=3, read=SU, inputs=[(5, 8), (4, 16), (3, 7)])
def two_digits(ask, rule, n, m):
    """Su's hierarchy: the row of the place, moved by the row of the block"""
    W, beta = recipes(ask, "two_digits", n, m), rule.alpha / (1 - rule.alpha)
    for k in range(m):
        i, j = k // n, k % n
        if i == 0:
            near(W[k], one(k, n), f"recipe {k}: the first {n} rows stay as they are", within=FLOAT)
        elif j == 0:
            near(W[k], [1 - beta] + [beta if c == i else 0 for c in range(1, n)],
                 f"recipe {k}: block {i}, place 0, so P_0 + beta (P_{i} - P_0) with beta = {beta:.6g} "
                 f"(alpha {rule.alpha})", within=FLOAT)
        else:
            near(W[k], [a + b - c for a, b, c in zip(W[j], W[i * n], W[0])],
                 f"recipe {k}: block {i}, place {j}. It is to recipe {j} as recipe {i * n} is to recipe 0", within=FLOAT)


@lab.task(points=2, read="docs/17-beyond-the-last-row.md", seconds=60,    # the pictures have the last task's time
          inputs=[([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [0, 1, 2, 3, 4]), ([[1.0], [2.0], [3.0]], [-1, -3, -4, 300000, 5])])
def ring(ask, rule, P, positions):
    """a table whose ends are joined"""
    n = len(P)
    codes, dP = [answer.nested() for answer in ask("ring", P, positions)]
    rows = [(k + rule.turn) % n for k in positions]    # Python's %, which is never negative
    for t, k in enumerate(positions):
        near(codes[t], P[rows[t]], f"position {k} of a ring of {n} rows, turned by {rule.turn}: row {rows[t]}", within=FLOAT)
    for r in range(n):
        near(dP[r], [rows.count(r)] * len(P[0]), f"the gradient of row {r}, which was read {rows.count(r)} times",
             within=FLOAT)


@lab.predict(points=1, within=0.1, after=["copied"])
def fifty(ask, rule):
    """8 rows made 64 long by `copied`: which old row is row 50?"""
    row = ask("copied", 8, 64)[0].nested()[50]
    return row.index(max(row))


@lab.predict(points=1, within=0.02, after=["two_digits"])
def diagonal(ask, rule):
    """8 rows made 64 long by `two_digits`: what is the largest number in all of W?"""
    return max(ask("two_digits", 8, 64)[0].values)


STARTS = ["copied", "stretched", "two_digits", "random"]


@lab.predict(points=1, after=["copied", "stretched", "two_digits"], seconds=60)
def leader(ask, rule):
    """A table trained on mod5 at 32 positions is made 96 long and trained on, at 96. After 10 steps, which start has most
    right answers: copied, stretched, two_digits, or random (the old 32, and fresh random rows behind them)?"""
    return max((ask("recovery", start, 10, within=None)[0].values[-1], start) for start in STARTS)[1]


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"],
             question="Recipes of 6 rows made 18 long, row 0 kept: copied, stretched, two_digits. Which line was wrong?",
             choices={"a": "`stretched`: the two weights are exchanged",
                      "b": "`two_digits`: block and place are exchanged",
                      "c": "`copied`: neighbours share a row",
                      "d": "`two_digits`: beta is alpha"})


@lab.picture
def recipe(ask, rule):
    parts = [ask(name, 6, 18)[0].nested() for name in ("copied", "stretched", "two_digits")]
    rows = [a + [0] + b + [0] + c for a, b, c in zip(*parts)]
    return svg.heatmap(Array.of(rows), title="W: copied, stretched, two_digits", low=0, high=1.7, rows=range(18), cell=20)


@lab.picture
def seams(ask, rule):
    parts = [ask("cosines", name, 12, 36)[0].nested() for name in ("copied", "stretched", "two_digits")]
    rows = [a + [0] + b + [0] + c for a, b, c in zip(*parts)]
    return svg.heatmap(Array.of(rows), title="12 rows made 36 long, cosines: copied, stretched, two_digits", low=0, high=1,
                       cell=7)


@lab.picture
def recovery(ask, rule):
    curves = []
    for start in STARTS:
        steps, right = [answer.values for answer in ask("recovery", start, 40)[1::-1]]
        curves.append((start, steps, right))
    return svg.lines(curves, title="mod5: trained at 32, made 96 long, trained on", x_title="steps at 96 positions",
                     y_title="right", low=0, high=1)
