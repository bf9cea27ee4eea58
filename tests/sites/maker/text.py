"""Reports as plain text, in the shapes that people and converters make of them."""

import unicodedata
from . import form
from .html import grids


def lines_of(report, render):
    """The report line by line; `render` makes lines of a grid."""
    laid = grids(report)
    lines = list(report["head"]) + [""]
    for index, (heading, paragraphs) in enumerate(report["sections"]):
        lines += ([heading, ""] if index in laid else [heading] if heading else []) + paragraphs
        if index in laid:
            lines += render(laid[index])
    return "\n".join(lines + report["ending"]) + "\n"


def word_lines(grid):
    """As Word saves text: a tab and one cell a line, an empty line between rows, continued cells being empty."""
    lines = []
    for row in form.word_rows(grid):
        lines += ["\t" + text for text, _, _ in row] + [""]
    return lines + [""]


def pipe_lines(grid):
    """A row a line between bars; what a merged cell covers is empty."""
    return ["| " + " | ".join(row) + " |" for row in form.matrix(grid)] + [""]


def tab_lines(grid):
    """A row a line, cells apart by tabs."""
    return ["\t".join(row) for row in form.matrix(grid)] + [""]


def width_of(text):
    """Columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def column_lines(grid, wrap=None):
    """Columns set with spaces, as a converter of PDF lays them out; labels longer than `wrap` go over several lines."""
    rows = [[wrapped(text, wrap) for text in row] for row in form.matrix(grid)]
    laid = form.lay_out(grid)
    widths = [0] * len(rows[0])
    for r, row in enumerate(rows):
        for c, parts in enumerate(row):
            if laid[r][c][0].columns == 1:
                widths[c] = max([widths[c]] + [width_of(part) for part in parts])
    lines = []
    for row in rows:
        height = max(len(parts) for parts in row)
        for line in range(height):
            out = ""
            position = 0
            for c, parts in enumerate(row):
                # Numbers and short labels stand in the middle of their row, as a PDF sets them.
                part = parts[line - (height - len(parts)) // 2] if 0 <= line - (height - len(parts)) // 2 < len(parts) else ""
                if part:
                    out += " " * max(position - width_of(out), 2 if out else 0) + part
                position += widths[c] + 3
            lines.append(out)
    return lines + [""]


def wrapped(text, wrap):
    """The text in pieces of at most `wrap` characters."""
    if wrap is None or len(text) <= wrap:
        return [text]
    return [text[i:i + wrap] for i in range(0, len(text), wrap)]
