"""The narrative of one report, in agreement with its figures unless a fault says otherwise.

Which sentences a report gets follows from its key and a salt; the salt is chosen so that no two reports
come out alike, since likeness is a finding of its own.
"""

import hashlib
import re
from . import words
from .figures import totals

HEADINGS = [
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
]


def pick(bank, count, key):
    """`count` entries of a bank, told by the key alone."""
    order = sorted(range(len(bank)), key=lambda i: hashlib.sha256(f"{key}/{i}".encode()).digest())
    return [bank[i] for i in order[:count]]


def number(key, low, high):
    """A number between two bounds, told by the key alone."""
    return low + int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % (high - low + 1)


def disclosure(report):
    """How many items were disclosed, and of what: sums that hold, and ways of speaking that must not be summed."""
    key, style = report["key"], report["disclosed"]
    if isinstance(style, str) and style not in ("types", "channels", "nested", "about", "plain"):
        return style
    a, b, c, d = (number(f"{key}/{i}", 12, 60) for i in range(4))
    return {
        "types": f"{{y}}年，{{me}}主动公开政府信息{a + b + c + d}条，其中{{t1}}类{a}条、{{t2}}类{b}条、工作动态类{c}条、其他类{d}条。",
        "channels": f"全年主动公开政府信息{a + b + c}条，包括门户网站{a}条、政务新媒体{b}条、公开栏{c}条。",
        "nested": f"全年公开政府信息{a + b + c + d}条，其中门户网站{a + b + c}条（{{t1}}{a}条、{{t2}}{b}条、{{t3}}{c}条），微信公众号{d}条。",
        "about": f"{{y}}年通过各类渠道发布信息{a * 10}余条，其中{{t1}}方面近{b}条。",
        "plain": f"{{y}}年，{{me}}主动公开政府信息{a + b}条。",
    }[style]


def requests(report):
    """What became of the applications, in the agency's own way of counting."""
    if report["requests"] not in ("none", "full", "together", "applicants", "channels"):
        return report["requests"]
    n = totals(report["values"])
    if n["received"] + n["carried_in"] == 0:
        return pick(["{y}年，{me}未收到政府信息公开申请，也无上年结转事项。", "全年没有收到政府信息公开申请。"], 1, report["key"])[0]
    parts = [("予以公开", "granted"), ("部分公开", "partial"), ("不予公开", "refused"), ("无法提供", "unavailable"),
             ("不予处理", "unprocessed"), ("其他处理", "other")]
    outcomes = "、".join(f"{label}{n[name]}件" for label, name in parts if n[name])
    first = number(report["key"] + "/ch", 1, max(1, n["received"] - 1))
    return {
        "full": f"全年新收政府信息公开申请{n['received']}件，上年结转{n['carried_in']}件；办结{n['done']}件，"
                f"结转下年度继续办理{n['forward']}件。办理结果为：{outcomes}。",
        "together": f"全年共收办政府信息公开申请{n['received'] + n['carried_in']}件（含上年结转{n['carried_in']}件），"
                    f"年内答复{n['done']}件，结转下年度{n['forward']}件。",
        "applicants": f"{{y}}年收到政府信息公开申请{n['received']}件，其中自然人申请{n['persons']}件、"
                      f"法人或其他组织申请{n['received'] - n['persons']}件，均在法定期限内办理。",
        "channels": f"{{y}}年收到政府信息公开申请{n['received']}件，其中网络提交{first}件、信函寄送{n['received'] - first}件，"
                    f"结果为{outcomes}。",
    }[report["requests"]]


def documents(report):
    """A sentence on normative documents, in agreement with the table of 2021."""
    values = report["values"]
    issued, repealed, force = (values.get(f"proactive.a20_1.normative_docs.{c}") for c in ("issued", "repealed", "in_force"))
    return f"{{y}}年制发行政规范性文件{issued}件，废止{repealed}件，现行有效{force}件。" if issued else ""


def cases(report):
    """The sentence before the table of section four."""
    values = report["values"]
    review = values["review_litigation.review.total"]
    suits = values["review_litigation.litigation_direct.total"] + values["review_litigation.litigation_after_review.total"]
    if review + suits == 0:
        return "{y}年，{me}无政府信息公开行政复议、行政诉讼案件。"
    spoken = f"{{y}}年，因政府信息公开工作发生行政复议案件{review}件" if review else "{y}年，未发生政府信息公开行政复议案件"
    return spoken + (f"，行政诉讼案件{suits}件。" if suits else "，未发生行政诉讼案件。")


def sections(report, salt):
    """[(heading, paragraphs)] of the six sections, the first entry being the preamble without a heading."""
    key = f"{report['key']}/{salt}"

    def some(bank, count, name):
        return "".join(pick(bank, count, f"{key}/{name}"))

    marks = pick([["主动公开情况", "依申请公开情况", "政府信息管理情况", "平台建设情况", "监督保障情况"],
                  ["主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障"],
                  ["主动公开政府信息方面", "收到和处理政府信息公开申请方面", "政府信息管理方面", "信息公开平台建设方面", "监督保障方面"]], 1, key)[0]
    accountability = some(words.ACCOUNTABILITY, 1, "a") if report["kind"] in ("government", "township") else ""
    texts = [disclosure(report) + some(words.PROACTIVE, 3, "p"), requests(report) + some(words.ON_REQUEST, 2, "r"),
             documents(report) + some(words.MANAGEMENT, 3, "m"), some(words.PLATFORM, 3, "l"),
             some(words.OVERSIGHT, 3, "o") + accountability]
    overview = []
    for numeral, mark, text in zip("一二三四五", marks, texts):
        overview += [f"（{numeral}）{mark}", text]
    problems, cures = (pick(bank, 2, f"{key}/{name}") for bank, name in ((words.PROBLEMS, "f"), (words.IMPROVEMENTS, "i")))
    shape = number(f"{key}/shape", 0, 2)
    if shape == 0:
        five = ["（一）存在的主要问题", f"一是{problems[0]}；二是{problems[1]}。", "（二）改进措施", f"一是{cures[0]}；二是{cures[1]}。"]
    elif shape == 1:
        five = [f"对照群众期待，{{me}}信息公开工作还存在以下问题：{problems[0]}，{problems[1]}。", f"下一步将采取以下改进措施：{cures[0]}；{cures[1]}。"]
    else:
        five = [f"存在的主要问题：1.{problems[0]}。2.{problems[1]}。", f"改进情况：1.{cures[0]}。2.{cures[1]}。"]
    fee = pick(words.FEES, 1, key)[0] if report["standard"] == "v2021" or report["year"] > 2020 else "无其他需要报告的事项。"
    preamble = report.get("preamble") or pick(words.PREAMBLES, 1, key)[0]
    body = [("", [preamble] + report.get("behalf", [])), (HEADINGS[0], overview), (HEADINGS[1], []), (HEADINGS[2], []),
            (HEADINGS[3], [cases(report)]), (HEADINGS[4], five), (HEADINGS[5], [fee])]
    return [(heading, [fill(report, text) for text in paragraphs]) for heading, paragraphs in body]


def fill(report, text):
    """Puts the report's own words into a sentence."""
    t1, t2, t3 = report["topics"]
    return text.format(y=report["year"], me=report["me"], name=report["name"], t1=t1, t2=t2, t3=t3,
                       address=report["address"], phone=report["phone"],
                       notice=words.NOTICES["v2021" if report["year"] > 2020 else "v2019"])


def shingles(report, text):
    """The text's runs of four characters once numbers, years and names are masked."""
    masked = re.sub(r"\d+", "#", text)
    for name in (report["name"], report["me"]):
        masked = masked.replace(name, "@")
    return {masked[i:i + 4] for i in range(len(masked) - 3)}


def alike(a, b):
    """Jaccard likeness of two sets of shingles."""
    return len(a & b) / max(1, len(a | b))


def write_all(reports, limit=0.60):
    """Gives every report its `sections`, none of whose texts is more alike another's than `limit`."""
    written = {1: [], 5: []}
    for report in reports:
        best = None
        for salt in range(60):
            body = sections(report, salt)
            sets = {s: shingles(report, "".join(body[s][1])) for s in (1, 5)}
            worst = max([alike(sets[s], other) for s in (1, 5) for other in written[s]], default=0)
            if best is None or worst < best[0]:
                best = (worst, body, sets)
        worst, report["sections"], sets = best
        assert worst < limit, (report["key"], worst)
        for s in (1, 5):
            written[s].append(sets[s])
