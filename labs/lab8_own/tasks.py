"""Lab 8: what is asked of own.h, and what is right. Any encoding may be right, so nothing is compared with a reference."""

import random

from kit import Array, Lab, Refused, holds, svg

lab = Lab(8, "your own", files=["own.h"], uses=["core", "nn", "positional", "labs/tensors.h", "labs/small_model.h"],
          hours="3 to a weekend", build_seconds=180, reads=["docs/add-your-own-encoding.md"],
          ends_with="a row of your own in a table of results")

lab.rule("signature", ["heron", "otter", "lynx", "raven", "newt", "ibex", "crane", "marten", "finch", "badger"],
         "your signature: `source` in your traits begins with it")
lab.rule("off", [3, 2, 4, 5], "your first task: which token was so many places back?")
lab.rule("mod", [5, 6, 7, 9, 10], "your second task: what is the position modulo this number?")
lab.rule("marker", [9, 6, 7, 8, 10], "your third task: how far back is the last marker, from this distance on all alike?")

PAGE = "docs/add-your-own-encoding.md"
PROMISES = "docs/add-your-own-encoding.md#step-4-does-it-keep-its-promises"
CLOSE = 1e-4
ANY, WHOLE, CONSECUTIVE = 0, 1, 2


class Scheme:
    """The encoding as the driver sees it: what it promises, and what it does with positions."""

    def __init__(self, ask):
        self.ask = ask
        names = ("max_length", "ids", "depth", "content", "grows", "distinct", "streams")
        *numbers, self.source = ask("traits", within=None)
        self.__dict__.update(zip(names, numbers))

    def effect(self, positions, seed=1):
        """What it does at the input [T, D] and at the scores [T, T] to the first T of the tokens that `seed` draws."""
        return self.ask("effect", positions, seed, within=None)

    def refused(self, positions):
        """The sentence, or "" where it answers."""
        try:
            self.effect(positions)
            return ""
        except Refused as error:
            return str(error)


def gap(a, b):
    return max([abs(x - y) for x, y in zip(a, b)] + [0.0])


def rows(array, count):
    """The first `count` rows and, of scores, columns."""
    nested = array.nested()
    width = count if array.shape[0] == array.shape[1] else array.shape[1]
    return [x for row in nested[:count] for x in row[:width]]


@lab.task(points=4, read=PROMISES, inputs=[(1,)])
def contract(ask, rule, seed):
    """it keeps what its traits promise"""
    own = Scheme(ask)
    holds(own.source.lower().startswith(rule.signature.lower()), f"`source` in your traits begins with your signature, "
          f"'{rule.signature}', yours with '{own.source[:30]}'")
    length = 12 if own.max_length < 0 else min(12, int(own.max_length))
    whole = own.effect(list(range(length)), seed)
    plain = ask("untouched", length, seed, within=None)
    holds(all(abs(x) < 1e30 for part in whole for x in part.values), "what comes out are numbers: no nan, no infinity")
    holds(any(gap(a.values, b.values) > 1e-6 for a, b in zip(whole, plain)),
          "it does something: neither the input nor the scores are other ones than without it")

    if own.max_length >= 0:
        n = int(own.max_length)
        holds(not own.refused(list(range(max(0, n - 12), n)) if own.ids != CONSECUTIVE else list(range(min(n, 200)))),
              f"max_length is {n}, so position {n - 1} exists; yours refuses it")
        if own.ids != CONSECUTIVE or n < 1000:
            said = own.refused(list(range(n + 1)) if own.ids == CONSECUTIVE else [0, n])
            holds(said, f"max_length is {n}, so position {n} does not exist; yours answers all the same")
            holds(str(n) in said and str(n - 1) in said,
                  f"the refusal names the position that was asked for, {n}, and the last one, {n - 1}; yours says '{said}'")
    else:
        said = own.refused(list(range(160)))
        holds(not said, f"there is no max_length, so positions up to 159 exist; yours refuses them: {said}")

    halves = own.refused([0.5, -3])
    holds((own.ids == ANY) == (not halves), "ids: any number is accepted, 0.5 and -3 too, if and only if it says "
          f"AcceptedIds::any (the default); yours {'refuses: ' + halves if halves else 'accepts them'}")
    if own.ids != CONSECUTIVE and not own.content and length > 7:
        one = own.effect([7], seed)[0].values
        holds(gap(one, ask("apart", 7, list(range(8)), seed, within=None)[0].values) < CLOSE,
              "a position alone is what it is in its sequence: position 7, asked for alone, gets another code")
    if not own.grows:
        short = own.effect(list(range(length // 2)), seed)
        for what, a, b in zip(("codes", "scores"), short, whole):
            holds(gap(a.values, rows(b, length // 2)) < CLOSE, f"the {what} of the first {length // 2} tokens change when the "
                  f"sequence grows to {length}; divided by the length? If it is meant to, say length_dependent")
    if own.streams:
        holds(gap(ask("streamed", length, seed, within=None)[0].values, whole[0].values) < CLOSE,
              "one token after the other gives what the whole batch gives")
    if own.distinct:
        count = 32 if own.max_length < 0 else min(32, int(own.max_length))
        found = ask("kernel", count, within=None)[0]
        holds(len({tuple(round(x, 5) for x in row) for row in found.nested()}) == count,
              f"distinct: the first {count} positions are told apart; two of yours are the same")
    if own.depth == 0:
        holds(ask("depth", 48, within=None)[0] <= ask("depth", 6, within=None)[0],
              "depth: 48 positions have a longer chain of operations than 6, so it is not constant; Depth::linear?")


@lab.task(points=1, read="docs/02-autograd.md", after=["contract"], inputs=[(1,), (2,)])
def learns(ask, rule, seed):
    """a gradient reaches every parameter"""
    answer = ask("gradients", seed, within=None)
    for name, largest in zip(answer[::2], answer[1::2]):
        holds(0 < largest < 1e30, f"parameter '{name}': its largest gradient is {largest:g}; does it take part?")


def sequences(kind, number, seed, length, count=16):
    """As labs/small_model.h draws them: tokens, and what is right; -1: not asked."""
    draw = random.Random(seed)
    ids, targets = [], []
    for _ in range(count):
        tokens = [draw.randrange(16) for _ in range(length)]
        if kind == "marker":
            tokens = [0 if t == 0 or draw.randrange(8) == 0 else draw.randrange(1, 16) for t in range(length)]
        ids.append(tokens)
        if kind == "off":
            targets.append([-1] * number + tokens[:-number])
        elif kind == "mod":
            targets.append([t % number for t in range(length)])
        else:
            since, row = 0, []
            for token in tokens:
                since = 0 if token == 0 else min(since + 1, number)
                row.append(since)
            targets.append(row)
    return ids, targets


def right(ask, rule, scheme, kind, length, first, seed):
    """The share of right answers from place `first` on, of a model with this scheme, trained at 32."""
    number = {"off": rule.off, "mod": rule.mod, "marker": rule.marker}[kind]
    ids, targets = sequences(kind, number, seed, length)
    answers = ask("trained", scheme, kind, number, ids, within=None)[0].nested()
    pairs = [(a, b) for answer, target in zip(answers, targets) for a, b in zip(answer[first:], target[first:]) if b >= 0]
    return sum(a == b for a, b in pairs) / len(pairs)


# Without positions 0.16, 0.23 and, from `marker` 10 to 6, 0.42 to 0.54. The reference, five seeds: off and mod 1.00, marker
# 0.78 to 0.91; a table 0.82 to 0.85 there. Without an answer for the phase (rope: mod 0.23) two of three are still met.
NEEDED = {"off": 0.60, "mod": 0.60, "marker": 0.70}


@lab.task(points=5, read="docs/17-beyond-the-last-row.md", seconds=100, after=["contract", "learns"], inputs=[(1,)])
def league(ask, rule, seed):
    """better than a guess on two of your three tasks, at 32 positions"""
    found = {kind: right(ask, rule, "own", kind, 32, 0, seed) for kind in NEEDED}
    holds(sum(found[kind] >= NEEDED[kind] for kind in NEEDED) >= 2,
          "right at 32 positions: " + ", ".join(f"{kind} {value:.2f} (needed {NEEDED[kind]:.2f})"
                                               for kind, value in found.items()) + "; two of the three are needed")


@lab.predict(points=1, within=0.1, seconds=60)
def table_beyond(ask, rule):
    """A learned table of 256 rows, trained on your `off` at 32 positions, read at 64: right at places 34 to 63?"""
    return right(ask, rule, "table(std=0.1)", "off", 64, 34, 999)


@lab.predict(points=1, within=0.1, seconds=60)
def rope_beyond(ask, rule):
    """A rotation of queries and keys (rope), trained on your `off` at 32 positions, read at 64: right at places 34 to 63?"""
    return right(ask, rule, "rope", "off", 64, 34, 999)


@lab.predict(points=1, within=0.1, seconds=60)
def rope_inside(ask, rule):
    """The same rotation, trained on your `mod` at 32 positions and read at 32: which share is right?"""
    return right(ask, rule, "rope", "mod", 32, 0, 999)


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"], read="docs/05-the-learned-table.md",
             question="An encoding of six clocks, of periods 3, 4, 5, 7, 11 and 13; cosines of its codes. What was wrong?",
             choices={"a": "all clocks have the period of the first",
                      "b": "the angle is of k / m rounded down, not of k modulo m",
                      "c": "position k is taken modulo 16 first",
                      "d": "the codes are divided by the length of the sequence"})


@lab.picture
def kernel(ask, rule):
    return svg.heatmap(ask("kernel", 32)[0], title="how alike are the codes of two positions?", low=-1, high=1, cell=12)


@lab.picture
def results(ask, rule):
    schemes = ["own", "table(std=0.1)", "rope"]
    numbers = [[right(ask, rule, scheme, kind, length, length // 2 if length > 32 else 0, 5)
                for kind in NEEDED for length in (32, 64, 128)] for scheme in schemes]
    columns = [f"{kind}{number} {length}" for kind, number in
               (("off", rule.off), ("mod", rule.mod), ("marker", rule.marker)) for length in (32, 64, 128)]
    return svg.heatmap(Array.of(numbers), title="your league: right at 32, and beyond", low=0, high=1, rows=schemes,
                       columns=columns, cell=74, numbers=True)
