#!/usr/bin/env python3
"""Writes the demo portal (demo/) and the golden inputs of the reading room (../pages/), with the truth about each.

    python3 tests/sites/make_demo.py            write everything
    python3 tests/sites/make_demo.py --check    write nothing; exit 1 if anything written differs

Standard library only; the same bytes on every run.
"""

import json
import pathlib
import sys
from maker import agencies, figures, golden, nasty, portal, prose

# The same report as office programs saved it: no generator writes these.
OFFICE = {".doc", ".mht", ".ods", ".odt", ".rtf", ".xls", ".xlsx", ".zip"}
HERE = pathlib.Path(__file__).resolve().parent
PAGES = HERE.parent / "pages"


def titled(name, year, turn):
    """The title of a report, in one of the usual ways."""
    return [f"{name}{year}年政府信息公开工作年度报告", f"{year}年{name}政府信息公开工作年度报告", f"{name}{year}年度政府信息公开工作年度报告"][turn % 3]


def finish(report, turn):
    """The report with title, addresses and ending, where it does not bring its own."""
    day = report["day"]
    year, month, date = (int(part) for part in day.split("-"))
    serial = 10 + turn
    folder, stamp = f"{year}{month:02d}", day.replace("-", "")
    title = titled(report["name"], report["year"], turn)
    return {
        "title": title, "head": [title], "serial": serial, "ending": [report["name"], f"{year}年{month}月{date}日"],
        "folder": folder, "page": f"{folder}/t{stamp}_1000{serial}.html", "docx": f"P0{stamp}1000{serial}.docx",
    } | report


def demo():
    """{path: bytes} of the portal, and its truth."""
    given = [golden.demo_report()] + agencies.reports()
    reports = [finish(report, turn) for turn, report in enumerate(given, start=1)]
    written = [report for report in reports if report["face"] != "images"]
    prose.write_all(written)
    files = {path: text.encode() for path, text in portal.fixed_pages().items()}
    entries = []
    for turn, report in enumerate(reports):
        near = [reports[(turn + step) % len(reports)] for step in (1, 2, 3)]
        related = [(other["title"], "../" + other["page"]) for other in near]
        page = portal.article(report, related)
        charset = report.get("charset", "utf-8")
        if charset != "utf-8":
            page = page.replace('<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">')
        files[f"zwgk/zfxxgknb/{report['page']}"] = page.encode(charset)
        if report["face"] == "attachment":
            files[f"zwgk/zfxxgknb/{report['folder']}/{report['docx']}"] = portal.docx_of(report)
        entries.append((report["day"], report["title"], report["page"]))
    for turn, (title, day, source, text) in enumerate(portal.LOOK_ALIKES, start=60):
        address = f"{day[:4]}{day[5:7]}/t{day.replace('-', '')}_1000{turn}.html"
        files[f"zwgk/zfxxgknb/{address}"] = portal.look_alike(title, day, source, text).encode()
        entries.append((day, title, address))
    lists = portal.list_pages(entries)
    files |= {f"zwgk/zfxxgknb/{name}": page.encode() for name, page in lists.items()}
    files["agencies.csv"] = roster().encode()
    files["faults.toml"] = FAULTS.encode()
    files["truth.json"] = truth_text({
        "now": agencies.NOW, "portal": "demo", "start": "/zwgk/zfxxgknb/index.html",
        "listing": {"pages": len(lists), "entries": len(entries), "reports": len(reports)},
        "agencies": [{"id": row[0], "name": row[1], "2025": agencies.STATES.get(row[0], "published")} for row in agencies.ROSTER if row[0]],
        "reports": [truth_of(report) for report in reports],
    })
    return files


FAULTS = """\
# What the demo portal does wrong besides what its agencies do: the second list page is busy at first.
[[fault]]
path = "/zwgk/zfxxgknb/index_1.html"
kind = "status"
status = 503
retry_after = "1"
first = 1
"""


def roster():
    """The roster in the columns of the program's agencies.csv."""
    lines = ["id,name,aliases,kind,level,parent,portal,column,due"]
    lines += [",".join([row[0], row[1], row[2], row[3], row[4], row[5], "demo", "", ""]) for row in agencies.ROSTER if row[0]]
    return "\n".join(lines) + "\n"


def truth_of(report):
    """What is to be read from a report and found in it."""
    cells = report.get("cells") if report["face"] != "attachment" else None
    in_docx = report["face"] == "attachment"
    out = {
        "page": f"/zwgk/zfxxgknb/{report['page']}", "agency": report["id"] or None, "agency_name": report["name"], "title": report["title"],
        "year": report["year"], "standard": report["standard"] if report["face"] != "images" else "unknown",
        "published": report["day"], "outcome": report.get("outcome", "read"), "face": report["face"],
    }
    if in_docx:
        out |= {"attachment": f"/zwgk/zfxxgknb/{report['folder']}/{report['docx']}", "attachment_figures": figures.truth(report["cells"])}
    return out | {"findings": report["findings"], "traps": report["traps"], "figures": figures.truth(cells) if cells else {}}


def truth_text(value):
    """JSON with one line a figure row, so that it stays small and can still be compared by eye."""
    return (json.dumps(value, ensure_ascii=False, indent=1).replace("\n    ", "\n ") + "\n").encode()


def main():
    """Writes or compares."""
    wanted = {HERE / "demo" / path: body for path, body in demo().items()}
    wanted |= {PAGES / "reports" / name: body for name, body in golden.files(truth_text).items()}
    wanted |= {PAGES / "nasty" / name: body for name, body in nasty.files().items()}
    if "--check" in sys.argv:
        stale = [str(path) for path, body in wanted.items() if not path.exists() or path.read_bytes() != body]
        print("\n".join(stale), end="\n" if stale else "", file=sys.stderr)
        return 1 if stale else 0
    for folder in (HERE / "demo", PAGES / "reports", PAGES / "nasty"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path not in wanted and path.suffix not in OFFICE:
                path.unlink()
    for path, body in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
