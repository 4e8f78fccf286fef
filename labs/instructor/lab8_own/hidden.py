# INSTRUCTOR-ONLY


def inputs(draw, rule):
    return {"contract": [(draw.randrange(10**6),)], "learns": [(draw.randrange(10**6),)],
            "league": [(draw.randrange(10**6),)]}
