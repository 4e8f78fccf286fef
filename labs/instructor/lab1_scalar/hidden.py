"""Further inputs for lab 1."""
# INSTRUCTOR-ONLY


def inputs(draw, rule):
    def number():
        return round(draw.uniform(-2, 2), 3)

    def expression(operations):
        """Nine operations or so, over three leaves that are all used several times, as are the first two results."""
        words, depth = [], 0
        while len(words) < 24 or depth > 1:
            if words and words[-1] in "+*" and words.count("dup") < 2:
                words.append("dup")
                depth += 1
            elif depth >= 2 and (len(words) >= 24 or draw.random() < 0.45):
                words.append(draw.choice("+*"))
                depth -= 1
            elif depth >= 1 and operations and draw.random() < 0.3:
                words.append(draw.choice(operations))
            else:
                words.append(f"x{draw.randrange(3)}")
                depth += 1
        for leaf in "012":    # every leaf is used
            if f"x{leaf}" not in words:
                words += [f"x{leaf}", "+"]
        return " ".join(words)

    def leaves():
        return [draw.choice((-1, 1)) * round(draw.uniform(0.3, 1.2), 3) for _ in range(3)]

    pairs = [(number(), number()) for _ in range(8)]
    plain = [(expression(()), leaves()) for _ in range(8)]
    xs = sorted(number() for _ in range(7))
    return {
        "sum": pairs,
        "product": pairs,
        "order": plain,
        "reuse": plain,
        "twice": plain[:4],
        "tanh": [(number(),) for _ in range(8)] + [(-40.0,)],
        "leaky": [(number(),) for _ in range(8)] + [(0.0,), (-1e-300,)],
        "add_to": [(number(), number()) for _ in range(4)],
        "fit": [(xs, [number() for _ in xs], steps, 0.05) for steps in (2, 30)],
    }
