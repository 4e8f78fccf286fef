#!/usr/bin/env python3
"""Draws docs/house.svg from the includes: the folders, and which sees which.

    docs/draw_house.py            draws it
    docs/draw_house.py --check    status 1 if the picture is not that of the includes

A level sees itself and the levels below it. Arrows are drawn inside a level only: from a folder to one that it includes.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/house.svg"
LEVELS = [("demos", "what a reader sees"), ("pretrained", "what others have trained"), ("positional", "the subject"),
          ("nn", "what a layer is"), ("core", "what a framework is")]
INCLUDE = re.compile(r'^#include [<"](?:ordinal/)?([a-z_]+/[^>"]+)[>"]', re.MULTILINE)
WIDTH, BOX, GAP, BAND = 1000, 34, 10, 130


def folder_of(path):
    return "/".join(path.split("/")[:-1])


def read(level):
    """Of a level: its folders, and pairs (a folder, one of the level that it includes)."""
    folders, seen = set(), set()
    for file in sorted((ROOT / level).rglob("*")):
        if file.suffix not in (".h", ".cpp") or file.parent == ROOT / "demos/mine":    # a reader's own
            continue
        text, folder = file.read_text(), folder_of(file.relative_to(ROOT).as_posix())
        folders.add(folder)
        if level == "positional" and folder == level and file.suffix == ".cpp" or file.name == f"{level}.h":
            continue    # the table of all names, and the header that brings all, see everything below them
        seen |= {(folder, folder_of(other)) for other in INCLUDE.findall(text) if other.startswith(level + "/")}
    return folders, {(a, b) for a, b in seen if a != b}


def draw():
    svg = []
    for row, (level, words) in enumerate(LEVELS):
        folders, seen = read(level)
        top = row * (BAND + 20) + 10
        svg.append(f'<rect class="level" x="10" y="{top}" width="{WIDTH - 20}" height="{BAND}" rx="6"/>')
        svg.append(f'<text x="24" y="{top + 24}"><tspan class="name">{level}/</tspan> {words}</text>')
        if row + 1 < len(LEVELS):
            svg.append(f'<path class="down" d="M {WIDTH // 2} {top + BAND} v 16"/>')
        folders = sorted(folders)
        width = (WIDTH - 40 - GAP * (len(folders) - 1)) / len(folders)
        middle = {f: 20 + i * (width + GAP) + width / 2 for i, f in enumerate(folders)}
        y = top + BAND - BOX - 14
        for f in folders:
            name = f[len(level) + 1:] or "on top"
            lines = name.replace("_", "_\n").split("\n") if len(name) * 7 > width else [name]
            narrow = 'style="font-size: 10px"' if max(map(len, lines)) * 7 > width else ""
            svg.append(f'<rect class="folder" x="{middle[f] - width / 2:.0f}" y="{y}" width="{width:.0f}" '
                       f'height="{BOX}" rx="4"/>')
            for i, line in enumerate(lines):
                line_y = y + 21 + 12 * i - 6 * (len(lines) - 1)
                svg.append(f'<text class="in" x="{middle[f]:.0f}" y="{line_y}" {narrow}>{line}</text>')
        for a, b in sorted(seen):
            if b == level and a != level:
                continue    # what stands on top is for the whole level
            start, end = middle[a], middle[b]
            lean = 8 if end > start else -8
            height = y - min(60, 16 + abs(end - start) / 7)
            svg.append(f'<path class="sees" d="M {start + lean:.0f} {y} C {start + lean:.0f} {height:.0f} '
                       f'{end - lean:.0f} {height:.0f} {end - lean:.0f} {y - 2}"/>')
    body = "\n".join(svg)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {len(LEVELS) * (BAND + 20)}" role="img">
<title>The folders of Ordinal and what they see</title>
<!-- Drawn by docs/draw_house.py from the includes; not by hand. -->
<style>
text {{ font: 14px sans-serif; fill: #333 }} .name {{ font-weight: bold }} .in {{ text-anchor: middle; font-size: 12px }}
.level {{ fill: #f4f1ea; stroke: #999 }} .folder {{ fill: #fff; stroke: #999 }}
.sees, .down {{ fill: none; stroke: #36c; marker-end: url(#head) }} .down {{ stroke-width: 3; stroke: #999 }}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto">
<path d="M 0 0 L 8 4 L 0 8 z" fill="#36c"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
{body}
</svg>
"""


def main():
    picture = draw()
    if sys.argv[1:] == ["--check"]:
        if PICTURE.exists() and PICTURE.read_text() == picture:
            return 0
        print("docs/house.svg is not the picture of these includes; run docs/draw_house.py")
        return 1
    PICTURE.write_text(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
