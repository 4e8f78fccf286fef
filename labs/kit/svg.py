"""Small pictures from numbers, as SVG text. Coordinates have one digit after the point, so that files are the same
everywhere.
"""
from xml.sax.saxutils import escape

INK, PAPER, SOFT = "#1f2430", "#ffffff", "#8a93a5"
COLOURS = ("#2563a8", "#c8501e", "#2e8540", "#7b3fa0", "#9a7400", "#00798c")


def _n(value):
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def page(width, height, parts, title):
    width = max(width, 20 + 8 * len(title))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
            f'height="{_n(height)}" font-family="sans-serif" font-size="13" role="img">\n<title>{escape(title)}</title>\n'
            f'<rect width="100%" height="100%" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n")


def text(x, y, words, *, anchor="middle", size=13, colour=INK):
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(words)}</text>'


def shade(value, low, high):
    """White to blue; NaN is red, since it should be seen."""
    if value != value:
        return "#d00000"
    part = 0.0 if high <= low else min(1.0, max(0.0, (value - low) / (high - low)))
    return "#" + "".join(f"{round(255 + (end - 255) * part):02x}" for end in (16, 60, 120))


def heatmap(array, *, title, low=None, high=None, rows=(), columns=(), cell=28, numbers=False):
    """A matrix [R, C], its first row on top. `rows`, `columns`: words beside it."""
    count, width = array.shape
    finite = [v for v in array.values if v == v] or [0.0]
    low, high = min(finite) if low is None else low, max(finite) if high is None else high
    left, top = 20 + 8 * max([len(str(word)) for word in rows] + [0]), 52 if columns else 34
    parts = [text(10, 20, title, anchor="start", size=14)]
    for c, word in enumerate(columns):
        parts.append(text(left + (c + 0.5) * cell, top - 6, str(word), size=11))
    for r in range(count):
        if r < len(rows):
            parts.append(text(left - 6, top + (r + 0.65) * cell, str(rows[r]), anchor="end", size=11))
        for c in range(width):
            value = array.values[r * width + c]
            x, y = left + c * cell, top + r * cell
            parts.append(f'<rect x="{_n(x)}" y="{_n(y)}" width="{cell}" height="{cell}" fill="{shade(value, low, high)}"/>')
            if numbers:
                dark = value == value and high > low and (value - low) / (high - low) > 0.5
                parts.append(text(x + cell / 2, y + cell * 0.62, f"{value:.2g}", size=10, colour=PAPER if dark else INK))
    return page(left + width * cell + 20, top + count * cell + 20, parts, title)


def lines(curves, *, title, x_title="", y_title="", low=None, high=None, width=560, height=340, dots=()):
    """Curves over x: [(name, xs, ys), ...]. A name is written where its curve ends. Gaps are where y is NaN. Those whose
    names are in `dots` are drawn as points."""
    points = [(x, y) for _, xs, ys in curves for x, y in zip(xs, ys) if y == y]
    x0, x1 = min(x for x, _ in points), max(x for x, _ in points)
    y0 = min(y for _, y in points) if low is None else low
    y1 = max(y for _, y in points) if high is None else high
    y1 = y1 if y1 > y0 else y0 + 1
    x1 = x1 if x1 > x0 else x0 + 1
    left, top, right, bottom = 62, 44, width - max(110, 16 + 7 * max(len(name) for name, _, _ in curves)), height - 46

    def at(x, y):
        return left + (x - x0) / (x1 - x0) * (right - left), bottom - (y - y0) / (y1 - y0) * (bottom - top)

    parts = [text(10, 18, title, anchor="start", size=14), text((left + right) / 2, height - 10, x_title, size=12),
             text(left - 8, top - 6, y_title, anchor="start", size=12),
             f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="{SOFT}"/>']
    for part in (0, 0.5, 1):
        parts.append(text(left - 6, at(x0, y0 + (y1 - y0) * part)[1] + 4, f"{y0 + (y1 - y0) * part:.3g}", anchor="end", size=11))
        parts.append(text(at(x0 + (x1 - x0) * part, y0)[0], bottom + 18, f"{x0 + (x1 - x0) * part:.3g}", size=11))
    labels = []
    for i, (name, xs, ys) in enumerate(curves):
        colour, path, pen = COLOURS[i % len(COLOURS)], "", "M"
        for x, y in zip(xs, ys):
            if y != y:
                pen = "M"
                continue
            px, py = at(x, min(max(y, y0), y1))
            path += f"{pen}{_n(px)} {_n(py)}"
            pen = "L"
        if name in dots:
            parts += [f'<circle cx="{_n(px)}" cy="{_n(py)}" r="3" fill="{colour}"/>'
                      for px, py in (at(x, min(max(y, y0), y1)) for x, y in zip(xs, ys) if y == y)]
        else:
            parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        last = [y for y in ys if y == y]
        labels.append([at(x1, min(max(last[-1], y0), y1))[1] if last else bottom, name, colour])
    labels.sort()
    for i in range(1, len(labels)):    # no two on one line
        labels[i][0] = max(labels[i][0], labels[i - 1][0] + 15)
    parts += [text(right + 6, y + 4, name, anchor="start", size=12, colour=colour) for y, name, colour in labels]
    return page(width, height, parts, title)


def graph(nodes, edges, *, title):
    """Nodes [(label, column, row), ...] as boxes, edges [(from, to), ...] as arrows between them."""
    wide, high, gap_x, gap_y = 132, 44, 60, 26
    columns, rows = 1 + max(c for _, c, _ in nodes), 1 + max(r for _, _, r in nodes)

    def corner(node):
        return 20 + node[1] * (wide + gap_x), 44 + node[2] * (high + gap_y)

    parts = [text(10, 22, title, anchor="start", size=14),
             f'<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
             f'orient="auto"><path d="M0 0L8 4L0 8z" fill="{SOFT}"/></marker></defs>']
    for source, target in edges:
        (x0, y0), (x1, y1) = corner(nodes[source]), corner(nodes[target])
        far = nodes[target][1] - nodes[source][1] > 1    # past other boxes: below them
        low = max(y0, y1) + high / 2 + 44 if far else None
        way = (f"C{_n(x0 + wide + 40)} {_n(low)} {_n(x1 - 40)} {_n(low)} {_n(x1)} {_n(y1 + high / 2 + 8)}" if far
               else f"L{_n(x1)} {_n(y1 + high / 2)}")
        parts.append(f'<path d="M{_n(x0 + wide)} {_n(y0 + high / 2)}{way}" stroke="{SOFT}" fill="none" '
                     f'marker-end="url(#tip)"/>')
    for node in nodes:
        x, y = corner(node)
        parts.append(f'<rect x="{_n(x)}" y="{_n(y)}" width="{wide}" height="{high}" rx="6" fill="#eef2f8" stroke="{INK}"/>')
        for i, words in enumerate(node[0].split("\n")[:2]):
            parts.append(text(x + wide / 2, y + 18 + 16 * i, words, size=12))
    return page(20 + columns * (wide + gap_x), 84 + rows * (high + gap_y), parts, title)
