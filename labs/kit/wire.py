"""The lines between the judge and the driver. Numbers, texts and arrays become words and come back.

    n 2.5                       a number
    t 3 abc                     a text of three bytes
    a 2 2 3 1 2 3 4 5 6         an array: axes, sizes, numbers
"""

MOST_AXES = 8    # of an array that comes from a driver


class Refused(Exception):
    """The student's function threw this."""


class NotYet(Exception):
    """The student's function says that it is not yet written."""


class Garbled(Exception):
    """These words are no items."""


class Array:
    """Numbers with a shape, row by row."""

    def __init__(self, shape, values):
        self.shape = tuple(shape)
        self.values = list(values)

    @staticmethod
    def of(nested):
        """[[1, 2], [3, 4]] -> shape (2, 2)"""
        if not isinstance(nested, (list, tuple)):
            return Array((), [float(nested)])
        parts = [Array.of(part) for part in nested]
        if any(part.shape != parts[0].shape for part in parts):
            raise ValueError("Array.of: expected rows of one length; these differ")
        return Array((len(parts),) + (parts[0].shape if parts else ()), [v for part in parts for v in part.values])

    def nested(self):
        if not self.shape:
            return self.values[0]
        step = len(self.values) // self.shape[0] if self.shape[0] else 0
        return [Array(self.shape[1:], self.values[i * step:(i + 1) * step]).nested() for i in range(self.shape[0])]

    def __eq__(self, other):
        return isinstance(other, Array) and (self.shape, self.values) == (other.shape, other.values)

    def __repr__(self):
        return f"Array({self.nested()})"


def encode(item):
    """One item as bytes."""
    if isinstance(item, str):
        data = item.encode()
        return b"t %d %s" % (len(data), data)
    if isinstance(item, (int, float)):
        return b"n " + number(item)
    array = item if isinstance(item, Array) else Array.of(item)
    words = [b"a", b"%d" % len(array.shape)] + [b"%d" % n for n in array.shape] + [number(v) for v in array.values]
    return b" ".join(words)


def number(value):
    return repr(float(value)).encode()


def encode_all(items):
    return b" ".join([b"%d" % len(items)] + [encode(item) for item in items])


def decode_all(data):
    """COUNT item ... -> the items; what is no such thing is Garbled."""
    try:
        reader = _Reader(data)
        items = [reader.item() for _ in range(reader.integer())]
    except (ValueError, IndexError, OverflowError) as error:
        raise Garbled(str(error)) from None
    if reader.at < len(data.rstrip()):
        raise Garbled("more words than items")
    return items


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def word(self):
        end = self.data.find(b" ", self.at)
        end = len(self.data) if end < 0 else end
        word, self.at = self.data[self.at:end], end + 1
        if not word:
            raise ValueError("words are missing")
        return word

    def integer(self):
        value = int(self.word())
        if not 0 <= value <= len(self.data):    # nothing is longer than the line that it came in
            raise ValueError("a count that cannot be")
        return value

    def item(self):
        kind = self.word()
        if kind == b"n":
            return float(self.word())
        if kind == b"t":
            size = self.integer()
            text, self.at = self.data[self.at:self.at + size], self.at + size + 1
            return text.decode(errors="replace")
        if kind == b"a":
            axes = self.integer()
            if axes > MOST_AXES:
                raise ValueError(f"an array of {axes} axes, more than {MOST_AXES}")
            shape, size = [], 1
            for _ in range(axes):
                shape.append(self.integer())
                size *= shape[-1]
                if size > len(self.data):
                    raise ValueError("an array larger than its line")
            return Array(shape, [float(self.word()) for _ in range(size)])
        raise ValueError("no kind of item")
