"""The golden inputs of the reading room: one township report of 2020 in three formats, and two clean ones of the
form of 2021 in every shape that a table can lose its own in."""

from . import docx, figures, html, prose, text, traditional, unkind
from .figures import applications, printed, proactive_2019, proactive_2021, review

QINGSHI = dict(
    id="qingshi", key="golden/qingshi-2020", name="柳河县青石镇人民政府", kind="township", me="我镇", address="柳河县青石镇石板街2号", phone="5551002",
    topics=["民生保障", "乡村振兴", "安全生产"], year=2020, standard="v2019", face="plain",
    title="柳河县青石镇2020年政府信息公开工作年度报告", document_number="青政〔2021〕3号", signed="2021-01-12",
    head=["青政〔2021〕3号", "柳河县青石镇2020年", "政府信息公开工作年度报告"], ending=["柳河县青石镇人民政府", "2021年1月12日", "（此件主动公开）"],
    preamble="{y}年，{me}认真执行《中华人民共和国政府信息公开条例》，按照统一格式编制本报告。所列数据的统计期限为{y}年1月1日至{y}年12月31日。现将有关情况报告如下：",
    disclosed="{y}年，{me}在县政府门户网站主动公开政府工作信息64条，主要集中在民政社保救助类（18条）、乡村建设类（11条）、"
              "文教卫生类信息（14条）、应急管理类信息（9条）及其他类（8条）信息。",
    requests="{y}年{me}收到政府信息公开申请5件，全部为自然人申请，均按期办结。其中予以公开3件，1件因保护第三方合法权益不予公开，1件本机关不掌握、无法提供。",
    findings=[{"rule": "narrative/breakdown", "severity": "error", "expected": "64", "actual": "60", "figures": []}],
    values=proactive_2019(docs=(1, 1, 3), licensing=(6, "+1", 42), services=(4, 0, 15), penalty=(2, 0, 3), procurement=(4, "215.6万元"))
    | applications("v2019", {"received": {"n": 5}, "granted": {"n": 3}, "third_party": {"n": 1}, "not_held": {"n": 1}}) | review({}),
)
BAILU = dict(
    id="bailu", key="golden/bailu-2023", name="柳河县白鹭镇人民政府", kind="township", me="我镇", address="柳河县白鹭镇湖滨路4号", phone="5551003",
    topics=["湿地保护", "宅基地审批", "水产养殖"], year=2023, standard="v2021", face="plain",
    title="柳河县白鹭镇人民政府2023年政府信息公开工作年度报告", signed="2024-01-10",
    head=["柳河县白鹭镇人民政府2023年政府信息公开工作年度报告"], ending=["柳河县白鹭镇人民政府", "2024年1月10日"],
    disclosed="types", requests="full", findings=[],
    values=proactive_2021(docs=(1, 0, 4), licensing=1204, penalty=36, coercion=2, fee="12.5")
    | applications("v2021", {"received": {"n": 14, "e": 2}, "carried_in": {"n": 1}, "granted": {"n": 9, "e": 1}, "partial": {"n": 2},
                             "third_party": {"n": 1}, "not_held": {"n": 1, "e": 1}, "petition": {"n": 1}})
    | review({"review": (1, 0, 0, 0)}),
)
SHUANGLIN = dict(
    id="shuanglin", key="golden/shuanglin-2024", name="柳河县霜林镇人民政府", kind="township", me="我镇", address="柳河县霜林镇枫桥街7号", phone="5551005",
    topics=["果园改造", "森林防火", "山区公路"], year=2024, standard="v2021", face="plain",
    title="2024年柳河县霜林镇人民政府政府信息公开工作年度报告", signed="2025-01-15",
    head=["2024年柳河县霜林镇人民政府政府信息公开工作年度报告"], ending=["柳河县霜林镇人民政府", "2025年1月15日"],
    disclosed="nested", requests="together", findings=[],
    values=proactive_2021(docs=(2, 1, 5), licensing=87, penalty=6, fee="0")
    | applications("v2021", {"received": {"n": 6, "e": 1, "l": 1}, "carried_in": {"n": 2}, "granted": {"n": 3, "e": 1}, "process_info": {"n": 1},
                             "not_held": {"n": 2}, "needs_creation": {"l": 1}, "uncorrected": {"n": 1}})
    | review({"review": (1, 0, 0, 1), "litigation_direct": (1, 0, 0, 0)}),
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def demo_report():
    """The report of 2020 as it stands on the demo portal."""
    return QINGSHI | {"day": QINGSHI["signed"], "traps": [], "cells": printed("v2019", QINGSHI["values"], {})}


def files(truth_text):
    """{name: bytes} of every input, each with its truth beside it."""
    reports = [report | {"cells": printed(report["standard"], report["values"], {})} for report in (QINGSHI, BAILU, SHUANGLIN)]
    prose.write_all(reports)
    qingshi, bailu, shuanglin = reports
    out = {}

    def add(name, body, report, **more):
        out[name] = body if isinstance(body, bytes) else body.encode()
        out[name.rsplit(".", 1)[0] + (".docx" if name.endswith("docx") else "") + ".truth.json"] = truth_text(truth(name, report) | more)

    add("qingshi-2020.txt", text.lines_of(qingshi, text.word_lines), qingshi, files=["qingshi-2020.txt", "qingshi-2020.html", "qingshi-2020.docx"])
    out["qingshi-2020.html"] = html.bare_page(qingshi, html.body(qingshi)).encode()
    out["qingshi-2020.docx"] = docx.document(qingshi)
    for stem, report, wrap in (("bailu-2023", bailu, None), ("shuanglin-2024", shuanglin, 9)):
        whole = html.bare_page(report, html.body(report))
        add(f"{stem}-spans.html", whole, report)
        add(f"{stem}-pipes.txt", text.lines_of(report, text.pipe_lines), report)
        add(f"{stem}-tabs.txt", text.lines_of(report, text.tab_lines), report)
        add(f"{stem}-columns.txt", text.lines_of(report, lambda grid: text.column_lines(grid, wrap)), report)
        add(f"{stem}-divs.html", html.bare_page(report, html.body(report, lambda _, grid: html.divs(grid))), report)
        add(f"{stem}-flat.html", html.bare_page(report, html.body(report, lambda _, grid: html.flat(grid))), report)
        add(f"{stem}-onetable.html", html.bare_page(report, html.one_table(report)), report)
        cut, present = cut_page(whole, report)
        add(f"{stem}-cut.html", cut, report, findings=None, cut=True, signed=None,
            figures={key: value if key in present else "absent" for key, value in figures.truth(report["cells"]).items()})
    wide = widened(bailu)
    add("bailu-2023-wide.html", html.bare_page(wide, html.body(wide)), bailu)
    unkind.files(add, bailu, shuanglin)
    page = traditional.convert(html.bare_page(shuanglin, html.body(shuanglin)))
    names = {key: traditional.convert(shuanglin[key]) for key in ("title", "name")}
    add("shuanglin-2024-traditional.html", page, shuanglin, title=names["title"], agency=names["name"])
    return out


def truth(name, report):
    """What is to be read from an input and found in it."""
    return {
        "input": name, "title": report["title"], "agency": report["name"], "agency_kind": report["kind"], "year": report["year"],
        "standard": report["standard"], "signed": report["signed"], "document_number": report.get("document_number"),
        "sections": ["overview", "proactive", "applications", "review_litigation", "problems", "other"],
        "findings": report["findings"], "figures": figures.truth(report["cells"]),
    }


def cut_page(page, report):
    """The page as a broken connection leaves it: in the middle of a row of the table of section three."""
    at = page.index("4.保护第三方合法权益</td>") + len("4.保护第三方合法权益</td>")
    for _ in range(3):
        at = page.index("</td>", at) + len("</td>")
    keys = list(report["cells"])
    last = keys.index("applications.results.refused.third_party.research")
    return page[:at] + "<td", set(keys[:last + 1])


def widened(report):
    """The same report typed with full-width digits and with commas between thousands."""
    def wide(cell):
        whole, dot, rest = cell.partition(".")
        return (f"{int(whole):,}" + dot.replace(".", "．") + rest).replace(",", "，").translate(FULL_WIDTH)

    return report | {
        "cells": {key: wide(cell) for key, cell in report["cells"].items()},
        "sections": [(heading, [line.translate(FULL_WIDTH) for line in paragraphs]) for heading, paragraphs in report["sections"]],
        "ending": [line.translate(FULL_WIDTH) for line in report["ending"]],
    }
