"""answers.txt: "name: answer", a line each; what follows a # is a comment."""


def read(text):
    found = {}
    for line in text.splitlines():
        name, colon, answer = line.partition("#")[0].partition(":")
        if colon and answer.strip():
            found.setdefault(name.strip(), answer.strip()[:200])
    return found


def number(text):
    """2.5, 5/2 or 10%; None if it is no number."""
    text = text.replace(" ", "").replace(",", ".")
    try:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        if "/" in text:
            above, _, below = text.partition("/")
            return float(above) / float(below)
        return float(text)
    except (ValueError, ZeroDivisionError):
        return None
