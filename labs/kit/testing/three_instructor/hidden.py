# INSTRUCTOR-ONLY


def inputs(draw, rule):
    return {"first": [(draw.uniform(-3, 3),), (7654321.0,)], "second": [([draw.uniform(-3, 3) for _ in range(9)],)],
            "third": [(draw.uniform(1, 9),)]}
