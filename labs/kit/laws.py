"""What a task complains with. A complaint names what was expected and what came, for whoever reads it at midnight."""
import math

from kit.wire import Array, Refused


class NotTried(Exception):
    """A picture that cannot be drawn here; the text says what is missing, and what was not tried for want of it."""


class Wrong(Exception):
    """An answer is wrong; the text is the sentence that the student reads."""


def near(got, expected, what, within=1e-9):
    """Numbers or arrays are equal, up to `within` of the largest expected number (at least of 1)."""
    got, expected = _array(got, what), _array(expected, what)
    if got.shape != expected.shape:
        raise Wrong(f"{what}: expected {_shape(expected)}, got {_shape(got)}")
    finite = [abs(v) for v in expected.values if math.isfinite(v)]
    allowed = within * max([1.0] + finite)
    for i, (g, e) in enumerate(zip(got.values, expected.values)):
        if not _close(g, e, allowed):
            raise Wrong(f"{what}{_place(expected.shape, i)}: expected {_show(e)}, got {_show(g)}")


def holds(condition, sentence):
    if not condition:
        raise Wrong(sentence)


def refuses(ask, name, *arguments, saying=""):
    """The student's function throws an exception whose text holds this word."""
    try:
        ask(name, *arguments)
    except Refused as error:
        holds(saying in str(error), f"{name}: expected an error that says '{saying}', got '{error}'")
        return
    raise Wrong(f"{name}: expected an exception{f' that says {saying!r}' if saying else ''}, got an answer")


def _array(value, what):
    if isinstance(value, str):
        raise Wrong(f"{what}: expected numbers, got the text '{value[:60]}'")
    return value if isinstance(value, Array) else Array.of(value)


def _close(got, expected, allowed):
    if math.isnan(expected) or math.isinf(expected):
        return got == expected or (math.isnan(got) and math.isnan(expected))
    return abs(got - expected) <= allowed    # false for NaN


def _shape(array):
    return f"shape {list(array.shape)}" if array.shape else "a number"


def _place(shape, i):
    place = []
    for size in reversed(shape):
        place.insert(0, i % size)
        i //= size
    return f" at {place}" if place else ""


def _show(value):
    return f"{value:.9g}"
