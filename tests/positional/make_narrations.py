#!/usr/bin/env python3
"""Writes narrations.txt: what explain() is to print, computed here a second time, from the formulas and without Ordinal.

    tests/positional/make_narrations.py > tests/positional/narrations.txt

Every model has 8 numbers a token, 2 heads and 12 positions. Number i of parameter n (in the order of parameters()) is
((7 i + 3 n) mod 11 - 5) / 8; tokens, queries and keys are those of positional/examples.h. The words are quoted from the
library: this is about the numbers among them.
"""
import cmath
import math

D, HEADS, DH, LENGTH = 8, 2, 4, 12


class Rng:    # core/random.cpp: splitmix64, xoshiro256**, Box and Muller
    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.s = []
        for _ in range(4):
            seed = (seed + 0x9e3779b97f4a7c15) & self.MASK
            z = ((seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9) & self.MASK
            z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & self.MASK
            self.s.append(z ^ (z >> 31))

    def bits(self):
        def rotl(x, n):
            return ((x << n) | (x >> (64 - n))) & self.MASK
        s = self.s
        result, t = rotl(s[1] * 5 & self.MASK, 7) * 9 & self.MASK, s[1] << 17 & self.MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        return result

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - (self.bits() >> 11) * 2.0**-53))
        return radius * math.cos(2 * math.pi * (self.bits() >> 11) * 2.0**-53)


def tokens(count):    # [T][D]
    rng = Rng(2019)
    return [[0.5 * rng.normal() for _ in range(D)] for _ in range(count)]


def head(seed, count):    # [T][Dh] of head 0; 1: queries, 2: keys
    rng = Rng(seed)
    return [[[rng.normal() for _ in range(DH)] for _ in range(HEADS)][0] for _ in range(count)]


def parameter(n, *shape):
    flat = [((7 * i + 3 * n) % 11 - 5) / 8 for i in range(math.prod(shape))]
    for size in reversed(shape[1:]):
        flat = [flat[i:i + size] for i in range(0, len(flat), size)]
    return flat


def g(x):
    return "%g" % x


def first(numbers):
    more = f", ... {len(numbers)} numbers" if len(numbers) > 4 else ""
    return "[" + ", ".join("%+.4f" % x for x in numbers[:4]) + more + "]"


def times(W, p):
    return [sum(w * x for w, x in zip(row, p)) for row in W]


def affine(W, p, b):
    return [y + c for y, c in zip(times(W, p), b)]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def code_of(p, n, name):
    """The last line of a recurrence whose state is not as wide as the model; parameter n is U."""
    return "" if len(p) == D else f"  code = U {name} = {first(times(parameter(n, D, len(p)), p))}\n"


def table(k, n=0):
    row = parameter(n, LENGTH, D)[k]
    return (f"Position {k} in a learned table P [{LENGTH}, {D}]:\n  look up row {k}:  p_{k} = P[{k}] = {first(row)}\n"
            f"  one step, whatever k is; nothing is computed, and nothing is known about position {LENGTH}\n"), row


def extended(k, n, alpha, start):
    P = parameter(0, n, D)
    rows = n - start
    i, j = start + (k - start) // rows, start + (k - start) % rows
    text = f"Position {k} from a trained table of {n} rows made {LENGTH} long (hierarchical):\n"
    if k < n:
        code, text = P[k], text + f"  row {k} is an old one: p_{k} = P[{k}]"
    else:
        code = [P[j][c] + alpha / (1 - alpha) * (P[i][c] - P[start][c]) for c in range(D)]
        behind, ahead = (f"({k} - {start})", f"{start} + ") if start else (str(k), "")
        text += (f"  two digits: block i = {ahead}{behind} / {rows} = {i}, place j = {ahead}{behind} mod {rows} = {j}\n"
                 f"  with u_r = (P[r] - alpha P[{start}]) / (1 - alpha):  p_{k} = {g(alpha)} u_{i} + {g(1 - alpha)} u_{j}"
                 f"  =  P[{j}] + {g(alpha / (1 - alpha))} (P[{i}] - P[{start}])")
    return text + f"\n  p_{k} = {first(code)}\n"


def sinusoidal(k, base=10000):
    w = [base ** (-2 * j / D) for j in range(D // 2)]
    code = [f(k * wave) for wave in w for f in (math.sin, math.cos)]
    text = f"Position {k} by waves of {D // 2} frequencies:\n"
    for j in range(3):
        text += (f"  wave {j} moves on by w_{j} = {g(w[j])} rad a step; after {k} steps it is at {g(k * w[j])} rad: "
                 f"sin, cos = {first(code[2 * j:2 * j + 2])}\n")
    return text + f"  p_{k} = {first(code)}  (one step for any k, since the angle k w_j is known at once)\n"


def rope(k, half=False, slower=1):
    q = head(1, k + 1)[k]
    rotated = list(q)
    text = f"Position {k} by rotating queries and keys, {DH // 2} pairs in each head:\n"
    for j in range(DH // 2):
        a, b = (j, j + DH // 2) if half else (2 * j, 2 * j + 1)
        angle = k * 10000 ** (-2 * j / DH) / slower
        z = complex(q[a], q[b])
        there = z * cmath.exp(1j * angle)
        rotated[a], rotated[b] = there.real, there.imag
        text += (f"  pair {j}, numbers {a} and {b}: rotated by {k} x w_{j} = {g(angle)} rad: ({g(z.real)}, {g(z.imag)})"
                 f" -> ({g(there.real)}, {g(there.imag)})\n")
    return text + (f"  a random query {first(q)} becomes {first(rotated)}\n"
                   f"  the key of position j is rotated by j w: their product knows only the distance {k} - j\n")


def alibi(k):
    m = [2.0 ** (-8 * (h + 1) / HEADS) for h in range(HEADS)]
    text = f"Position {k} by linear biases, b(i, j) = -m |i - j|; head 0 of {HEADS} has m = {g(m[0])}:\n"
    for back in range(min(3, k + 1)):
        text += f"  {back} back: the score of key {k - back} loses {g(back * m[0])}\n"
    row = [0.0 if j == k else -(k - j) * m[0] for j in range(k + 1)]
    row[k] = -0.0    # as it is printed
    return text + (f"  the row b({k}, 0 .. {k}) = {first(row)}; head {HEADS - 1} has the smallest m = {g(m[-1])} and sees "
                   "farthest\n")


def cope(k, M):
    e, q, keys = parameter(0, M, DH), head(1, k + 1)[k], head(2, k + 1)
    text = f"Position {k} counts the tokens that its query cares about (head 0), walking back:\n"
    count, row = 0, [0.0] * (k + 1)
    for j in range(k, -1, -1):
        gate = sigmoid(times([q], keys[j])[0] / math.sqrt(DH))
        count += gate
        p = min(count, M - 1)
        below = int(p)
        above = min(below + 1, M - 1)
        row[j] = (1 - p + below) * times([q], e[below])[0] + (p - below) * times([q], e[above])[0]
        if k - j < 3:
            text += (f"  key {j}: gate {g(gate)}, count {g(p)}, between e[{below}] and e[{above}]: b = {g(row[j])}\n")
    return text + (f"  the row b({k}, 0 .. {k}) = {first(row)}; key 0 is {k} tokens back, and counts as {g(count)}\n")


def forgetting(k):
    w, c, x = parameter(0, HEADS, D)[0], parameter(1, HEADS)[0], tokens(k + 1)
    text = f"Position {k} by what the tokens on the way forget, f = sigmoid(w . x + c) (head 0):\n"
    kept, row = 1.0, [0.0] * (k + 1)
    for j in range(k, -1, -1):
        row[j] = math.log(kept)
        f = sigmoid(times([w], x[j])[0] + c)
        if k - j < 3:
            text += (f"  key {j}: {g(kept)} of its weight is left, b = {g(row[j])}; token {j} itself keeps {g(f)} of all "
                     "before it\n")
        kept *= f
    return text + f"  the row b({k}, 0 .. {k}) = {first(row)}; other tokens would forget differently\n"


def field(p, n, hidden):
    S = len(p)
    inner = [math.tanh(x) for x in affine(parameter(n, hidden, S), p, parameter(n + 1, hidden))]
    return affine(parameter(n + 2, S, hidden), inner, parameter(n + 3, S))


def recurrence(k, S, formula, step, output):
    p = parameter(0, S)
    text = (f"Position {k} by recurrence, p_{{k+1}} = {formula}, state of {S} numbers:\n  p_0 = {first(p)}  (learned)\n")
    for t in range(1, k + 1):
        p, told = step(p, t - 1)
        if t <= 2 or t == k:
            text += told + f"  p_{t} = {first(p)}\n"
        if t == 2 and k > 3:
            text += "  ... and so on: no step can start before the one above is done ...\n"
    return text + code_of(p, output, f"p_{k}") + f"  {k} dependent steps; position {k + 1} is one more\n"


def rnn(k, S):
    def step(p, t):
        sums = affine(parameter(1, S, S), p, parameter(2, S))
        p = [math.tanh(x) for x in sums]
        return p, (f"  p_{t + 1}[0] = tanh(b[0] + sum_j W[0, j] p_{t}[j]) = tanh({g(sums[0])}) = {g(p[0])}\n")
    return recurrence(k, S, "tanh(W p_k + b)", step, 3)


def residual(k, S, hidden):
    return recurrence(k, S, "p_k + h(p_k)", lambda p, _: ([x + y for x, y in zip(p, field(p, 1, hidden))], ""), 5)


def ode(k, S, hidden, steps, euler=False):
    def moved(p, slope, amount):
        return [x + amount * y for x, y in zip(p, slope)]

    def step(p, t):
        told = f"  at p({t})[0] = {g(p[0])} the direction is k1 = {g(field(p, 1, hidden)[0])}"
        s = 1 / steps
        for i in range(steps):
            k1 = field(p, 1, hidden)
            if euler:
                p = moved(p, k1, s)
                continue
            k2 = field(moved(p, k1, s / 2), 1, hidden)
            k3 = field(moved(p, k2, s / 2), 1, hidden)
            k4 = field(moved(p, k3, s), 1, hidden)
            if i == 0:
                told += f", half way k2 = {g(k2[0])}, again k3 = {g(k3[0])}, at the end k4 = {g(k4[0])}"
            p = [x + s / 6 * (a + 2 * b + 2 * c + d) for x, a, b, c, d in zip(p, k1, k2, k3, k4)]
        return p, told + f"; p({t + 1})[0] = {g(p[0])}\n"
    formula = f"p(k + 1), by {steps} {'Euler' if euler else 'RK4'} step{'s' if steps > 1 else ''} along dp/dt = h(p)"
    return recurrence(k, S, formula, step, 5)


def linear(k, S, decays):
    p, angles = parameter(0, S), parameter(1, S // 2)
    rho = [sigmoid(d) for d in parameter(2, S // 2)] if decays else [1.0] * (S // 2)
    text = (f"Position {k} by a linear recurrence, p_{{k+1}} = A p_k, state of {S} numbers: {S // 2} "
            f"plane{'s that rotate' if S > 2 else ' that rotates'}\n")
    for j in range(S // 2):
        there = complex(*p[2 * j:2 * j + 2]) * (rho[j] * cmath.exp(1j * angles[j])) ** k
        start, p[2 * j:2 * j + 2] = first(p[2 * j:2 * j + 2]), (there.real, there.imag)
        if j < 3:
            text += (f"  plane {j} rotates by theta_{j} = {g(angles[j])} a step"
                     + (f" and shrinks by rho_{j} = {g(rho[j])}" if decays else "")
                     + f": from {start} to {first(p[2 * j:2 * j + 2])} in {k} steps\n")
    text += f"  p_{k} = {first(p)}  (one step for any k: A^k rotates by k theta)\n"
    return text + code_of(p, 3 if decays else 2, f"p_{k}")


def over_inputs(k, replace):
    s, x = parameter(0, D), tokens(k + 1)
    W, U, b, c = parameter(1, D, D), parameter(2, D, D), parameter(3, D), parameter(4, D)
    text = f"Position {k} by an RNN over the tokens, s_k = cell(x_k, s_{{k-1}}); s_{{-1}} = {first(s)} (learned)\n"
    for t in range(k + 1):
        s = [math.tanh(a + d) for a, d in zip(affine(W, x[t], b), affine(U, s, c))]
        if t < 2 or t == k:
            text += f"  token {t} = {first(x[t])}  ->  s_{t} = {first(s)}\n"
        elif t == 2:
            text += "  ... one token after the other ...\n"
    y = s if replace else [a + d for a, d in zip(x[k], s)]
    return text + (f"  the Transformer gets {'s_k = ' if replace else 'x_k + s_k = '}{first(y)}; other tokens would give "
                   "another code\n")


def gated(k, replace):
    h, x = parameter(0, D), tokens(k + 1)
    W, b, V, c = parameter(1, D, D), parameter(2, D), parameter(3, D, D), parameter(4, D)
    text = (f"Position {k} by a gated recurrence, h_k = (1 - z_k) h_{{k-1}} + z_k c_k; h_{{-1}} = {first(h)} (learned)\n")
    for t in range(k + 1):
        z, new = [sigmoid(v) for v in affine(W, x[t], b)], affine(V, x[t], c)
        before = h
        h = [(1 - a) * p + a * n for a, p, n in zip(z, before, new)]
        if t < 2 or t == k:
            text += (f"  token {t}: z[0] = {g(z[0])}, c[0] = {g(new[0])}, h[0] = {g(1 - z[0])} * {g(before[0])} + {g(z[0])} * "
                     f"{g(new[0])} = {g(h[0])}\n  h_{t} = {first(h)}\n")
        if t == 2 and k > 2:
            text += "  ... the gates of all tokens are known at once; only the sums wait ...\n"
    y = h if replace else [a + d for a, d in zip(x[k], h)]
    return text + (f"  the Transformer gets {'h_k = ' if replace else 'x_k + h_k = '}{first(y)}; other tokens would give "
                   "another code\n")


def laplacian(k, path, F, nodes=None):
    n = nodes or k + 1
    text = (f"Position {k} of {n} on a {'path' if path else 'cycle'}, by eigenvectors of its Laplacian, L v = lambda v:\n")
    f = []
    for j in range(F):
        wave = j + 1 if path else j // 2 + 1
        w = math.pi * wave * (1 if path else 2) / n

        def v(node):
            if path:
                return math.sqrt(2) * math.cos(w * (node + 0.5)) if wave < n else 0.0
            size = math.sqrt(2) if 2 * wave < n else 1.0 if 2 * wave == n and j % 2 == 0 else 0.0
            return size * (math.cos(w * node) if j % 2 == 0 else math.sin(w * node))
        f.append(v(k))
        if j < 3:
            text += (f"  eigenvector {j + 1}: lambda = {g(2 - 2 * math.cos(w))}, from v(0) = {g(v(0))} in {k} steps v(k + 1) = "
                     f"(2 - lambda) v(k) - v(k - 1) to v({k}) = {g(v(k))}\n")
    return text + f"  f_{k} = {first(f)}\n  code = U f_{k} = {first(times(parameter(0, D, F), f))}\n"


def with_gain(k):
    text, row = table(k, 1)    # the gain is parameter 0
    return text + f"  all of it times the learned gain {g(parameter(0, 1)[0])}\n"


def both(k):
    text, row = table(k)
    sum_of = [x + y for x, y in zip(row, [f(k * 10000 ** (-2 * j / D)) for j in range(D // 2) for f in (math.sin, math.cos)])]
    return (f"Position {k} by 2 schemes, one after the other.\n" + text + sinusoidal(k)
            + f"Together, as the batch computes it: {first(sum_of)}\n")


NARRATED = {
    "table": lambda k: table(k)[0],
    "extended_table(rows=5)": lambda k: extended(k, 5, 0.4, 0),
    "extended_table(rows=5, from=1, alpha=0.25)": lambda k: extended(k, 5, 0.25, 1),
    "sinusoidal": sinusoidal,
    "sinusoidal(base=100)": lambda k: sinusoidal(k, 100),
    "rope": rope,
    "rope(layout=half, scaling=linear, factor=2)": lambda k: rope(k, True, 2),
    "alibi": alibi,
    "cope(counts=3)": lambda k: cope(k, 3),
    "forgetting": forgetting,
    "rnn(state=6)": lambda k: rnn(k, 6),
    "rnn": lambda k: rnn(k, 8),
    "residual(state=4, hidden=3)": lambda k: residual(k, 4, 3),
    "ode(state=4, hidden=3, step=0.5)": lambda k: ode(k, 4, 3, 2),
    "ode(hidden=3, method=euler)": lambda k: ode(k, 8, 3, 1, True),
    "linear(decay=0.9)": lambda k: linear(k, 8, True),
    "linear(state=2)": lambda k: linear(k, 2, False),
    "rnn_over_inputs": lambda k: over_inputs(k, False),
    "rnn_over_inputs(output=replace)": lambda k: over_inputs(k, True),
    "gated": lambda k: gated(k, False),
    "gated(output=replace)": lambda k: gated(k, True),
    "laplacian_path(vectors=4)": lambda k: laplacian(k, True, 4),
    "laplacian_path(vectors=4, nodes=9)": lambda k: laplacian(k, True, 4, 9),
    "laplacian_cycle(vectors=5)": lambda k: laplacian(k, False, 5),
    "table(gain=2)": with_gain,
    "rope(log_n=4)": lambda k: rope(k) + (f"  in a text of {k + 1} tokens all queries are then multiplied by log {k + 1} / log 4"
                                          f" = {g(math.log(k + 1) / math.log(4) if k > 0 else 1)}\n"),
    "table(drop=0.25)": lambda k: table(k)[0] + "  (left out in training now and then, with probability 0.25)\n",
    "sinusoidal(randomized=20)": lambda k: sinusoidal(k) + (f"  (which token has position {k} is drawn: T tokens get a sorted "
                                                            "sample out of 0 .. 19)\n"),
    "table + sinusoidal": both,
    "by_layer(alibi, table)": lambda k: (f"Position {k} in a model of 2 layers.\nLayer 0: " + alibi(k) + "Layer 1: "
                                         + table(k)[0]),
}

if __name__ == "__main__":
    for specification, narrated in NARRATED.items():
        for position in (0, 1, 7):
            print(f"== {specification} at {position}")
            print(narrated(position), end="")
