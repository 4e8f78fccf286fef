"""Lab 5: what is asked of recurrence.h, and what is right."""

import math
import random

from kit import Lab, holds, near, svg

lab = Lab(5, "the recurrence", files=["recurrence.h"],
          uses=["core", "nn", "positional/encoding.h", "labs/tensors.h", "labs/small_model.h"], hours="3",
          within=1e-4, build_seconds=180, reads=["docs/06-the-rnn-encoding.md"],
          ends_with="three trajectories, and a phase that is known for ever")

lab.rule("period", [5, 3, 4, 6, 7, 8, 9], "the period m of your `counter`, and of the task that is trained")
lab.rule("place", [0, 1, 2], "the place of the large number in the start of your `counter`")
lab.rule("direction", ["up", "down"], "which way it moves: up is from place i to i + 1, down from i to i - 1")
lab.rule("steps_before", [0, 1, 2, 3], "so many steps lie between the start and position 0, in `orbit`")

CHAPTER = "docs/06-the-rnn-encoding.md"
FLOAT = 1e-4    # the library computes in float, and ten steps in a row may multiply a rounding error


def step(p, W, b):
    return [math.tanh(sum(w * x for w, x in zip(row, p)) + c) for row, c in zip(W, b)]


def slopes(start, W, b, steps):
    """d (the sum of the state after so many steps) / d start, W and b, by moving each number a little to either side."""
    def last(numbers):
        S, p = len(start), numbers[:len(start)]
        for _ in range(steps):
            p = step(p, [numbers[S + S * i:S + S * (i + 1)] for i in range(S)], numbers[S + S * S:])
        return sum(p)

    numbers, found, move = [*start, *(w for row in W for w in row), *b], [], 1e-6
    for i in range(len(numbers)):
        up, down = list(numbers), list(numbers)
        up[i], down[i] = up[i] + move, down[i] - move
        found.append((last(up) - last(down)) / (2 * move))
    return found


@lab.task(points=2, read="docs/06-the-rnn-encoding.md#two-readings",
          inputs=[([0.5], [[2.0]], [0.0], 6), ([1.0, 0.5], [[0.0, -1.2], [1.2, 0.0]], [0.0, 0.1], 5),
                  ([0.3, 0.2], [[1.0, 0.0], [0.5, 1.0]], [0.0, 0.0], 1)])
def orbit(ask, rule, start, W, b, count):
    """p_0, p_1, ..., and the gradient of the last one"""
    states, *gradients = ask("orbit", start, W, b, count)
    near(list(states.shape), [count, len(start)], "the shape of the codes: one row for each position")
    p = start
    for _ in range(rule.steps_before):
        p = step(p, W, b)
    for k in range(count):
        near(states.nested()[k], p, f"p_{k}, which has {rule.steps_before} + {k} steps behind it "
             f"(start {start}, W {W}, b {b})", within=FLOAT)
        p = step(p, W, b)
    expected = slopes(start, W, b, rule.steps_before + count - 1)
    for name, got in zip(("the start", "W", "b"), gradients):
        near(got.values, expected[:len(got.values)], f"the gradient of the last state by {name}, beside the slope that a small "
             "step shows (all 0: made with .values() or detach()?)", within=FLOAT)
        expected = expected[len(got.values):]


@lab.task(points=3, read="docs/06-the-rnn-encoding.md#three-fates", inputs=[(400,)])
def counter(ask, rule, steps):
    """a clock of your period, that corrects small errors"""
    start, W, b = [part.nested() for part in ask("counter", within=None)]
    m, forward = rule.period, 1 if rule.direction == "up" else -1
    holds(len(start) == m and len(b) == m and len(W) == m and all(len(row) == m for row in W),
          f"with period {m} the start has {m} numbers, W {m} x {m} and b {m}")
    holds(start.index(max(start)) == rule.place,
          f"the start has its large number at place {rule.place}, yours at place {start.index(max(start))}: {start}")
    p, pushed = start, [x + 0.1 * math.cos(3 * i) for i, x in enumerate(start)]
    for k in range(1, steps + 1):
        p, pushed = step(p, W, b), step(pushed, W, b)
        at = (rule.place + forward * k) % m
        holds(p[at] > 0.5 and all(x < -0.5 for i, x in enumerate(p) if i != at),
              f"after {k} steps from the start the large number, above 0.5, is at place {at}, and the others are below "
              f"-0.5; your state is {[round(x, 3) for x in p]}")
    gap = max(abs(x - y) for x, y in zip(p, pushed))
    holds(gap < 1e-4, f"a state that was pushed by 0.1 finds back; yours is still {gap:.3g} off after {steps} steps")


@lab.task(points=2, read="docs/06-the-rnn-encoding.md#three-fates",
          inputs=[([[0, 1], [1, 0], [0, 1], [1, 0], [0, 1]], 0, 0.01), ([[0.5], [0.5], [0.5]], 1, 0.01),
                  ([[0], [1], [2], [3]], 0, 0.5), ([[0, 0], [0, 1], [0.005, 0]], 0, 0.01),
                  ([[0.9], [0], [1], [0], [1]], 1, 0.01)])
def returns_after(ask, rule, P, start, within):
    """after how many steps is it back?"""
    got = ask("returns_after", P, start, within)[0]
    lags = [lag for lag in range(1, len(P) - start)
            if all(abs(x - y) <= within for x, y in zip(P[start + lag], P[start]))]
    expected = lags[0] if lags else 0
    meaning = "it does not come back before the states end" if expected == 0 else f"P[{start + expected}] is within {within}"
    near(got, expected, f"the least lag >= 1 after which states {P} are back at what they were at {start}; {meaning}")


@lab.task(points=3, read="docs/02-autograd.md",
          inputs=[([0.957], [[2.0]], [0.0], 4, [1.0]), ([0.5, -0.3], [[0.0, -1.2], [1.2, 0.0]], [0.1, 0.0], 3, [1.0, 2.0])])
def back_through_time(ask, rule, start, W, b, count, d_last):
    """the gradient at every state, by hand"""
    states = [start]
    for _ in range(count - 1):
        states.append(step(states[-1], W, b))
    got = ask("back_through_time", states, W, d_last)[0]
    near(list(got.shape), [count, len(start)], "the shape of the gradient, that of the states")
    for k in range(count):
        for i in range(len(start)):
            loss = []
            for sign in (1, -1):
                p = [x + sign * 1e-6 * (n == i) for n, x in enumerate(states[k])]
                for _ in range(count - 1 - k):
                    p = step(p, W, b)
                loss.append(sum(d * x for d, x in zip(d_last, p)))
            near(got.nested()[k][i], (loss[0] - loss[1]) / 2e-6,
                 f"d loss / d P[{k}][{i}] of {count} states, beside the slope that a small push there gives", within=FLOAT)


def phases(seed, m, length, sequences=8):
    draw = random.Random(seed)
    return [[draw.randrange(16) for _ in range(length)] for _ in range(sequences)], [t % m for t in range(length)]


def right(answers, phase, first, last):
    return sum(row[t] == phase[t] for row in answers.nested() for t in range(first, last)) / (
        len(answers.nested()) * (last - first))


@lab.task(points=2, read="docs/06-the-rnn-encoding.md#the-rnn-keeps-the-beat", seconds=100, after=["orbit", "counter"],
          inputs=[(1,)])
def for_ever(ask, rule, seed):
    """a Transformer with your clock, trained at 32 positions, knows the phase at 256"""
    ids, phase = phases(seed, rule.period, 256)
    answers = ask("trained", ids, "counter", within=None)[0]
    inside, beyond = right(answers, phase, 0, 32), right(answers, phase, 128, 256)
    holds(inside > 0.9, f"inside the trained length it should be right in more than 0.9 of the cases, got {inside:.2f}")
    holds(beyond > 0.9, f"at places 128 to 255 it should be right in more than 0.9 of the cases, got {beyond:.2f}")


@lab.predict(points=1, within=0.1, after=["orbit", "counter"])
def where_at_100(ask, rule):
    """At which place is the large number of your counter at position 100?"""
    state = ask("counter_at", 100)[0].values
    return state.index(max(state))


@lab.predict(points=1, within=0.1, after=["orbit", "returns_after"])
def quarter(ask, rule):
    """Two numbers, W turns them by 90 degrees and makes them 1.2 times as long, b = 0. After how many steps is a state
    that has run for 1000 steps back where it was (within 0.001)?"""
    return ask("turned", 90)[0]


@lab.predict(points=1, within=0.05, seconds=60, after=["for_ever"])
def contracting(ask, rule):
    """The same training, but W is small and random (it contracts) and stays as it is. Which share is right at 128 to 255?"""
    ids, phase = phases(999, rule.period, 256)
    return right(ask("trained", ids, "contracting", within=None)[0], phase, 128, 256)


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"],
             question="Which line was wrong when this was drawn? (Period 5, place 0, up, no steps before)",
             choices={"a": "`counter`: the weight is smaller than 1",
                      "b": "`counter`: W keeps every number where it is",
                      "c": "`counter`: W has rows for columns",
                      "d": "`orbit`: it begins with p_1"})


@lab.picture
def clock(ask, rule):
    return svg.heatmap(ask("clock", 24)[0], title="a clock: row k is p_k", low=-1, high=1, rows=range(24),
                       columns=range(rule.period))


@lab.picture
def fates(ask, rule):
    curves = []
    for name, degrees, gain in (("a point", 25, 0.85), ("a cycle of 4", 90, 1.2), ("wandering", 25, 1.1)):
        states = ask("trajectory", degrees, gain, 60)[0].nested()
        curves.append((name, [p[0] for p in states], [p[1] for p in states]))
    names = [name for name, _, _ in curves]
    return svg.lines(curves, title="three fates of two numbers, 60 steps each", x_title="p[0]", y_title="p[1]", low=-1,
                     high=1, width=462, dots=names)


@lab.picture
def for_how_long(ask, rule):
    ids, phase = phases(5, rule.period, 256)
    curves = []
    for start in ("counter", "contracting"):
        answers = ask("trained", ids, start)[0]
        ends = range(16, 257, 16)
        curves.append((start, [end - 8 for end in ends], [right(answers, phase, end - 16, end) for end in ends]))
    curves += [("a guess", [8, 248], [1 / rule.period] * 2), ("32", [32, 32], [0, 1])]
    return svg.lines(curves, title=f"the position modulo {rule.period}, trained at 32 positions", x_title="place",
                     y_title="right", low=0, high=1)
