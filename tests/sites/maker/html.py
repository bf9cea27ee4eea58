"""Tables and narratives as HTML, in the ways that portals print them."""

from html import escape
from . import form


def table(grid, face="plain"):
    """One table with merged cells; `word` is what pasting from Word leaves."""
    rows = []
    for row in grid:
        cells = []
        for cell in row:
            spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (f' colspan="{cell.columns}"' if cell.columns > 1 else "")
            cells.append(f"<td{spans}>{text_of(cell.text, face)}</td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    if face == "word":
        return ('<table class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse;'
                'mso-border-alt:solid windowtext .5pt"><tbody>' + "\n".join(rows) + "</tbody></table>")
    return '<table border="1" cellspacing="0" style="width:100%"><tbody>\n' + "\n".join(rows) + "\n</tbody></table>"


def text_of(text, face):
    """The inside of a cell: bare, or wrapped up as Word does, with its breaks and its empty paragraphs."""
    if face != "word":
        return escape(text, quote=False)
    if not text:
        return '<p class="MsoNormal"><span>&nbsp;</span><o:p></o:p></p>'
    half = len(text) // 2 if len(text) > 6 else len(text)
    parts = "".join(f"<span>{escape(part, quote=False)}</span>" for part in (text[:half], text[half:]) if part)
    return f'<p class="MsoNormal" align="center"><span lang="EN-US">{parts}</span><o:p></o:p></p>'


def paragraph(text, face="plain", strong=False):
    """One paragraph or heading."""
    inner = escape(text, quote=False)
    if face == "word":
        bold = f"<b><span>{inner}</span></b>" if strong else f"<span>&nbsp;&nbsp;&nbsp; {inner}</span>"
        return f'<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0">{bold}<span lang="EN-US"><o:p></o:p></span></p>'
    return f"<p><strong>{inner}</strong></p>" if strong else f"<p>　　{inner}</p>"


def grids(report):
    """The three statutory tables of a report, by the index of the section they stand in."""
    cells, standard = report["cells"], report["standard"]
    return {2: form.proactive_grid(standard, cells), 3: form.applications_grid(standard, cells), 4: form.review_grid(cells)}


def body(report, tables=None):
    """The report as one stretch of HTML; `tables` renders the grid of a section in another way."""
    face = "word" if report["face"] == "word" else "plain"
    render = tables or (lambda index, grid: split_table(grid) if report["face"] == "split" and index == 3 else table(grid, face))
    out, laid = [], grids(report)
    for index, (heading, paragraphs) in enumerate(report["sections"]):
        if index == report.get("without"):
            continue
        if heading:
            out.append(paragraph(heading, face, strong=True))
        out += [paragraph(text, face) for text in paragraphs]
        if index in laid:
            out.append(render(index, laid[index]))
    out += [paragraph(text, face) for text in report["ending"]]
    return "\n".join(out)


def split_table(grid):
    """A table that a page break cut in two, the header standing over both halves."""
    first, second = form.split(grid, 3, 14)
    return table(first) + "\n<p>&nbsp;</p>\n" + table(second)


def layout(inner):
    """The body inside tables that only place it on the page."""
    return ('<table width="100%" border="0" cellpadding="0"><tbody><tr><td width="20">&nbsp;</td><td>\n'
            '<table width="100%" border="0"><tbody><tr><td>' + inner + "</td></tr></tbody></table>\n</td><td width=\"20\">&nbsp;</td></tr></tbody></table>")


def flat(grid):
    """Every place of the grid as a cell of its own, those that a merged one covers being empty."""
    rows = ["<tr>" + "".join(f"<td>{escape(text, quote=False)}</td>" for text in row) + "</tr>" for row in form.matrix(grid)]
    return '<table border="1"><tbody>\n' + "\n".join(rows) + "\n</tbody></table>"


def divs(grid):
    """A grid made of div elements, as some page builders make them."""
    rows = ['<div class="row" style="display:table-row">' + "".join(
        f'<div class="cell" style="display:table-cell">{escape(text, quote=False)}</div>' for text in row) + "</div>" for row in form.matrix(grid)]
    return '<div class="grid" style="display:table">\n' + "\n".join(rows) + "\n</div>"


def bare_page(report, inner):
    """A page with nothing around the report."""
    return (f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>{report["title"]}</title>\n</head>\n<body>\n'
            + "".join(f'<p class="title" style="text-align:center">{line}</p>\n' for line in report["head"]) + f'{inner}\n</body>\n</html>\n')


def one_table(report):
    """Sections two to four in one table: their headings and sentences are rows of it."""
    width = 15
    out, rows = [], []
    laid = grids(report)
    for index, (heading, paragraphs) in enumerate(report["sections"]):
        if index not in laid:
            if index == 5:
                out.append(table(rows))
            out += ([paragraph(heading, strong=True)] if heading else []) + [paragraph(text) for text in paragraphs]
            continue
        rows.append([form.Cell(heading, 1, width)])
        rows += [[form.Cell(text, 1, width)] for text in paragraphs]
        matrix_width = sum(cell.columns for cell in laid[index][0])
        scale = form.spread(width, matrix_width)
        rows += stretch(laid[index], scale)
    return "\n".join(out + [paragraph(text) for text in report["ending"]])


def stretch(grid, scale):
    """The grid with each of its columns made as many columns wide as `scale` says."""
    out = []
    for r, row in enumerate(form.lay_out(grid)):
        out.append([cell._replace(columns=sum(scale[c:c + cell.columns])) for c, (cell, r0, c0) in enumerate(row) if (r, c) == (r0, c0)])
    return out
