"""Lab 3: what is asked of attention.h, and what is right."""

import math

from kit import Lab, holds, near, svg

lab = Lab(3, "attention by hand", files=["attention.h"], uses=["core", "labs/tensors.h"], hours="2", within=1e-5,
          build_seconds=180, reads=["docs/03-layers.md"], ends_with="the weights of twelve tokens, drawn")

lab.rule("scale", ["sqrt(d)", "d", "2 sqrt(d)", "sqrt(2 d)", "sqrt(d) / 2"],
         "what `scores` divides by, d being the width of a query")
lab.rule("back", [3, 4, 5], "so many tokens before itself a token sees, in `hide`")
lab.rule("ahead", [1, 0, 2], "so many tokens behind itself a token sees, in `hide`")
lab.rule("columns", ["in blocks", "interleaved", "last block first"], "which columns of X belong to head 0, head 1, ...")
lab.rule("gap", [1.0, 0.5, 1.5, 2.5, 3.0], "the second score in the prediction `share`, and nothing else")

lab.hides("softmax", "log_softmax", "naive_attention")    # of the library: to be written here

FLOAT = 1e-5    # the library computes in float
CHAPTER = "docs/03-layers.md#attention-over-three-tokens-by-hand"


def scale_of(rule, d):
    return {"sqrt(d)": math.sqrt(d), "d": d, "2 sqrt(d)": 2 * math.sqrt(d), "sqrt(2 d)": math.sqrt(2 * d),
            "sqrt(d) / 2": math.sqrt(d) / 2}[rule.scale]


@lab.task(points=1, read=CHAPTER,
          inputs=[([[1, 0], [0, 1], [1, 1]], [[1, 0], [0, 1], [1, 1]]), ([[1, 2, 3]], [[4, 5, 6]])])
def scores(ask, rule, Q, K):
    """each query with each key, divided by your scale"""
    S = ask("scores", Q, K)[0]
    d = len(Q[0])
    for i, q in enumerate(Q):
        for j, k in enumerate(K):
            product = sum(a * b for a, b in zip(q, k))
            near(S.nested()[i][j], product / scale_of(rule, d),
                 f"the score of query {i} {q} for key {j} {k}: their product is {product}, and your scale is "
                 f"{rule.scale} with d = {d}", within=FLOAT)


@lab.task(points=2, read=CHAPTER,
          inputs=[([[0.0, 0.0], [1.0, 2.0]],), ([[1000.0, 1001.0], [-1000.0, -999.0]],),
                  ([[0.5, -math.inf, 0.0], [-math.inf, -math.inf, 7.0], [1.0, 2.0, 3.0]],)])
def weights(ask, rule, S):
    """shares of 1 in each row, and their gradient"""
    w, dS = [answer.nested() for answer in ask("weights", S)]
    for i, row in enumerate(S):
        near(sum(w[i]), 1, f"the sum of the shares of row {i} (sum over the axis of the keys, j)", within=FLOAT)
        top = row.index(max(row))
        for j, score in enumerate(row):
            near(w[i][j], w[i][top] * math.exp(score - row[top]),
                 f"share {j} of row {i}: against the share of score {row[top]}, that of {score} is smaller by "
                 f"e^({score - row[top]})", within=FLOAT)
        near(sum(dS[i]), 0, f"the gradients of the scores of row {i} together: raising all of them changes no share",
             within=FLOAT)
    at = next((i for i, row in enumerate(S) if len([s for s in row if s > -math.inf]) > 1), None)
    if at is None or max(map(abs, S[at])) > 100:
        return
    step, up, down = 0.01, [list(row) for row in S], [list(row) for row in S]    # the driver's loss is sum (j + 1) w_ij
    j = S[at].index(max(S[at]))
    up[at][j] += step
    down[at][j] -= step
    loss = [sum((n + 1) * share for n, share in enumerate(ask("weights", T)[0].nested()[at]))
            for T in (up, down)]
    near(dS[at][j], (loss[0] - loss[1]) / (2 * step),
         f"the gradient at score [{at}][{j}], beside the slope between {step} more and {step} less", within=1e-3)


@lab.task(points=2, read=CHAPTER, inputs=[(8,), (3,), (1,)])
def hide(ask, rule, T):
    """a token sees a window, and nothing else"""
    S = [[0.1 * i - 0.2 * j for j in range(T)] for i in range(T)]
    seen = ask("hide", S)[0].nested()
    for i in range(T):
        for j in range(T):
            inside = -rule.back <= j - i <= rule.ahead
            holds(inside == (seen[i][j] > -math.inf),
                  f"token {i} sees tokens {i - rule.back} to {i + rule.ahead} (where they exist), so token {j} is "
                  f"{'seen' if inside else 'hidden'}; you gave it the score {seen[i][j]:g}")
            if inside:
                near(seen[i][j], S[i][j], f"the score [{i}][{j}], which stays what it was", within=FLOAT)


def head_columns(rule, h, H, d):
    return {"in blocks": [h * d + c for c in range(d)], "interleaved": [c * H + h for c in range(d)],
            "last block first": [(H - 1 - h) * d + c for c in range(d)]}[rule.columns]


@lab.task(points=2, read=CHAPTER, inputs=[(3, 2, 2), (2, 1, 3), (1, 3, 2)])
def heads(ask, rule, T, H, d):
    """each head at its own columns, and back to where they came from"""
    D = H * d
    X = [[10 * t + column for column in range(D)] for t in range(T)]
    *seen, together, dX = [answer.nested() for answer in ask("heads", X, H)]
    holds(len(seen) == H, f"{H} heads are asked, each once; yours asked {len(seen)} times")
    for h in range(H):
        columns = head_columns(rule, h, H, d)
        near(seen[h], [[X[t][column] for column in columns] for t in range(T)],
             f"what head {h} of {H} gets of D = {D} columns ({rule.columns}): columns {columns}", within=FLOAT)
        for c, column in enumerate(columns):    # the driver's head: (h + 1) X_h + c
            for t in range(T):
                near(together[t][column], (h + 1) * X[t][column] + c,
                     f"row {t}, column {column}: what head {h} made of it goes back there", within=FLOAT)
                near(dX[t][column], h + 1, f"the gradient of X at row {t}, column {column}, which head {h} multiplies "
                     f"with {h + 1}", within=FLOAT)


def shares(row):
    powers = [math.exp(score) for score in row]
    return [power / sum(powers) for power in powers]


@lab.task(points=3, read="docs/02-autograd.md",
          inputs=[([[0.0, 0.0]], [[1.0, 0.0]]), ([[0.0, 1.0, -1.0], [2.0, 0.5, 0.0]], [[1.0, 2.0, 3.0], [-1.0, 0.0, 4.0]])])
def back_through_weights(ask, rule, S, dw):
    """the gradient of the shares, by hand"""
    got = ask("back_through_weights", [shares(row) for row in S], dw)[0].nested()
    step = 1e-5
    for i, row in enumerate(S):
        near(sum(got[i]), 0, f"row {i}, added up: raising all scores alike changes no share", within=FLOAT)
        for j in range(len(row)):
            moved = [shares([s + (n == j) * sign * step for n, s in enumerate(row)]) for sign in (1, -1)]
            slope = sum(d * (a - b) / (2 * step) for d, a, b in zip(dw[i], *moved))
            near(got[i][j], slope, f"d loss / d S[{i}][{j}] for scores {row} and dw {dw[i]}, beside a slope", within=FLOAT)


@lab.predict(points=1, within=0.03, after=["weights"])
def share(ask, rule):
    """Two scores: 0, and your `gap` (one of your conventions). What is the share of the second?"""
    return ask("weights", [[0, rule.gap]])[0].nested()[0][1]


@lab.predict(points=1, within=0.1, after=["hide", "weights"])
def zeros(ask, rule):
    """Eight tokens with your window: how many of the 64 weights are exactly 0?"""
    return sum(weight == 0 for weight in ask("window", 8)[0].values)


@lab.predict(points=1, after=["scores", "weights"])
def swapped(ask, rule):
    """"dog bites man" becomes "man bites dog": no window, no positions. The token `bites` gets: same (the same vector as
    before), other (another one), or mixed (the same for one head, another for two)?"""
    before, after = ask("in_order", [0, 1, 2])[0].nested(), ask("in_order", [2, 1, 0])[0].nested()
    return "same" if all(abs(a - b) < 1e-4 for a, b in zip(before[1], after[1])) else "other"


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"],
             question="Which line was wrong when this was drawn? (back = 3, ahead = 1, divided by sqrt(d))",
             choices={"a": "`hide` takes i for the key and j for the query",
                      "b": "`weights` adds up over the wrong axis: shares of each column",
                      "c": "`scores` multiplies by the scale where it should divide",
                      "d": "`scores` leaves the queries out: each token gets equal shares"})


@lab.picture
def picture(ask, rule):
    return svg.heatmap(ask("picture")[0], title="who looks at whom: row i, the weights of token i",
                       low=0, high=1, numbers=True, cell=34)
