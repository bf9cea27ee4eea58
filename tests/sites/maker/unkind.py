"""Lawful reports in layouts that once misled the reader, and reports of which not all can be read: the first must
be read exactly and told nothing, of the second nothing may be said that was not read."""

import re
from . import form, html, text
from .figures import truth
from .form import Cell


def page(report, body, after=""):
    """A whole page, with what a portal prints below its article."""
    return html.bare_page(report, f'<div class="article">\n{body}\n</div>' + after)


def related(report):
    """Other years' reports with their dates, printed below the report: nobody's signature."""
    name, year = report["name"], report["year"]
    lines = [f"{name}{y}年政府信息公开工作年度报告</a><span>{y + 1}-01-{d}</span>" for y, d in ((year - 1, 18), (year - 2, 25))]
    return page(report, html.body(report), '\n<div class="related"><ul>' + "".join(f'<li><a href="/nb/{i}.html">{line}</li>' for i, line in enumerate(lines)) + "</ul></div>")


def bracketed(report):
    """Sections numbered （一） like the parts within them: only the number tells them apart."""
    sections = [(re.sub(r"^(.)、", r"（\1）", heading), paragraphs) for heading, paragraphs in report["sections"]]
    return page(report, html.body(report | {"sections": sections}))


def with_subtotal(report):
    """Section three's table with a column that the form does not have, between two that it has."""
    def render(index, grid):
        if index != 3:
            return html.table(grid)
        rows = []
        for r, row in enumerate(grid):
            if r == 0:
                row = [row[0], row[1]._replace(columns=8)]
            elif r == 1:
                row = [row[0], row[1]._replace(columns=6), row[2]]
            elif r == 2:
                row = row + [Cell("小计", 1, 1)]
            else:
                row = row[:-1] + [Cell(str(sum(int(cell.text) for cell in row[-6:-1])), 1, 1), row[-1]]
            rows.append(row)
        return html.table(rows)
    return page(report, html.body(report, render))


def with_pictures(report):
    """The tables as pictures, inside a table that only lays out the page."""
    return page(report, html.layout(html.body(report, lambda index, grid: f'<p><img src="t{index}.png" alt=""></p>')))


def cut_between(report):
    """A table that a page break cut in two, and a connection that broke between its halves."""
    halves = {}

    def render(index, grid):
        if index == 3:
            first, halves["second"] = form.split(grid, 3, 14)
            return html.table(first) + "\n@@"
        return html.table(grid)
    whole = page(report, html.body(report, render))
    kept = [row for row in form.application_rows(report["standard"])][:11]
    read = [f"applications.{row}.{column}" for row in kept for column, _ in form.APPLICANTS]
    return whole[:whole.index("@@")], [key for key in report["cells"] if key.startswith("proactive") or key in read]


def blank_columns(report):
    """Columns set with spaces, zeros of section three left blank: which number stands under which head cannot be told."""
    return text.lines_of(with_blanks(report), text.column_lines)


def with_blanks(report):
    """The report with nothing where it had a 0 among its applications."""
    cells = {key: "" if key.startswith("applications") and cell == "0" else cell for key, cell in report["cells"].items()}
    return report | {"cells": cells}


def torn(report):
    """A row's figures one by one on lines of their own, as text copied from a page comes."""
    def render(grid):
        return [part for row in form.matrix(grid) for cell in row if cell for part in re.findall(r".{1,9}", cell)] + [""]
    return text.lines_of(report, render)


def files(add, bailu, shuanglin):
    """Adds every page with its truth."""
    add("bailu-2023-related.html", related(bailu), bailu)
    add("bailu-2023-bracketed.html", bracketed(bailu), bailu)
    add("shuanglin-2024-subtotal.html", with_subtotal(shuanglin), shuanglin,
        findings=[{"rule": "form/column-unknown", "severity": "warn", "figures": []}])
    nothing = {key: "absent" for key in bailu["cells"]}
    add("bailu-2023-pictures.html", with_pictures(bailu), bailu, figures=nothing, findings=[], unread=True)
    cut, present = cut_between(bailu)
    add("bailu-2023-cutbetween.html", cut, bailu, cut=True, signed=None, findings=[], unread=True,
        figures={key: value if key in present else "absent" for key, value in truth(bailu["cells"]).items()})
    add("shuanglin-2024-blankcolumns.txt", blank_columns(shuanglin), shuanglin, findings=[], unread=True, figures={})
    add("shuanglin-2024-torn.txt", torn(with_blanks(shuanglin)), shuanglin, findings=[], unread=True, figures={})
    add("shuanglin-2024-celllines.txt", torn(shuanglin), shuanglin)
