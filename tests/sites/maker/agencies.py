"""The invented city of 云溪, its agencies, and what each of their reports says and does wrong. One table."""

from .figures import applications, printed, proactive_2019, proactive_2021, review
from .words import PREAMBLES

# id, name, aliases, kind, level, parent, self-designation, street, phone, lines of business
ROSTER = [
    ("yx-gov", "云溪市人民政府", "云溪市", "government", "city", "", "我市", "云溪市云河大道1号", "5550001", "重大项目 营商环境 民生实事"),
    ("yx-office", "云溪市人民政府办公室", "云溪市政府办公室", "office", "city", "yx-gov", "我办", "云溪市云河大道1号", "5550002", "政府文件 常务会议 建议提案"),
    ("fgw", "云溪市发展和改革委员会", "云溪市发展改革委;云溪市发改委", "department", "city", "yx-gov", "我委", "云溪市云河大道9号", "5550003", "项目审批 价格监测 粮食储备"),
    ("jyj", "云溪市教育局", "", "department", "city", "yx-gov", "我局", "云溪市书院街12号", "5550004", "招生入学 学校食堂 教师招聘"),
    ("czj", "云溪市财政局", "", "department", "city", "yx-gov", "我局", "云溪市云河大道15号", "5550005", "预算决算 政府采购 惠民补贴"),
    ("zrzy", "云溪市自然资源局", "", "department", "city", "yx-gov", "我局", "云溪市石桥路3号", "5550006", "征地补偿 规划许可 不动产登记"),
    ("slj", "云溪市水利局", "", "department", "city", "yx-gov", "我局", "云溪市清水路20号", "5550007", "水库安全 农村饮水 河湖管护"),
    ("wjw", "云溪市卫生健康委员会", "云溪市卫健委", "department", "city", "yx-gov", "我委", "云溪市杏林路6号", "5550008", "医疗服务 疫苗接种 家庭医生"),
    ("yjj", "云溪市应急管理局", "", "department", "city", "yx-gov", "我局", "云溪市安和路8号", "5550009", "安全检查 防汛救灾 应急预案"),
    ("scjg", "云溪市市场监督管理局", "云溪市市场监管局", "department", "city", "yx-gov", "我局", "云溪市诚信街5号", "5550010", "食品抽检 企业登记 消费维权"),
    ("tjj", "云溪市统计局", "", "department", "city", "yx-gov", "我局", "云溪市云河大道22号", "5550011", "统计公报 经济普查 月度数据"),
    ("jtj", "云溪市交通运输局", "", "department", "city", "yx-gov", "我局", "云溪市长亭路30号", "5550012", "公路养护 公交线路 出租客运"),
    ("mzj", "云溪市民政局", "", "department", "city", "yx-gov", "我局", "云溪市和顺路7号", "5550013", "低保救助 养老服务 婚姻登记"),
    ("liuhe", "柳河县人民政府", "柳河县", "government", "county", "yx-gov", "我县", "柳河县城关柳荫路1号", "5551001", "产业发展 农田建设 乡村道路"),
    ("qingshi", "柳河县青石镇人民政府", "青石镇人民政府;青石镇", "township", "township", "liuhe", "我镇", "柳河县青石镇石板街2号", "5551002", "民生保障 乡村振兴 安全生产"),
    ("bailu", "柳河县白鹭镇人民政府", "白鹭镇人民政府;白鹭镇", "township", "township", "liuhe", "我镇", "柳河县白鹭镇湖滨路4号", "5551003", "湿地保护 宅基地审批 水产养殖"),
    ("tuoling", "柳河县驼岭乡人民政府", "驼岭乡人民政府;驼岭乡", "township", "township", "liuhe", "我乡", "柳河县驼岭乡山口村", "5551004", "林木采伐 山地避险 通村公路"),
    ("chengnan", "云溪市城南街道办事处", "城南街道办事处;城南街道", "sub-district", "township", "yx-gov", "我街道", "云溪市南门街18号", "5552001", "老旧小区改造 社区养老 环境整治"),
    ("hebin", "云溪市河滨街道办事处", "河滨街道办事处;河滨街道", "sub-district", "township", "yx-gov", "我街道", "云溪市河滨路66号", "5552002", "垃圾分类 物业管理 退役军人服务"),
    # Publishes on the portal and is not in the roster: kept, and shown as unassigned.
    ("", "云溪市住房公积金管理中心", "", "department", "city", "", "我中心", "云溪市安居路10号", "5552003", "缴存提取 贷款发放 归集扩面"),
]
OUTSIDER = ""

APPLICATIONS = {
    ("yx-office", 2024): {"received": {"n": 15, "e": 2}, "carried_in": {"n": 1}, "granted": {"n": 8, "e": 1}, "partial": {"n": 2}, "not_held": {"n": 4, "e": 1}},
    ("yx-office", 2025): {"received": {"n": 18, "e": 3, "l": 1}, "carried_in": {"n": 2}, "granted": {"n": 9, "e": 2}, "partial": {"n": 3, "e": 1}, "third_party": {"n": 1}, "process_info": {"n": 1}, "not_held": {"n": 3, "l": 1}, "petition": {"n": 1}},
    ("fgw", 2024): {"received": {"n": 5, "e": 1}, "granted": {"n": 3, "e": 1}, "not_held": {"n": 1}},
    ("fgw", 2025): {"received": {"n": 6, "e": 2}, "carried_in": {"n": 1}, "granted": {"n": 4, "e": 1}, "partial": {"n": 1, "e": 1}, "needs_creation": {"n": 1}},
    ("jyj", 2025): {"received": {"n": 11}, "granted": {"n": 8}, "partial": {"n": 1}, "internal_affairs": {"n": 1}, "repeat": {"n": 1}},
    ("czj", 2025): {"received": {"n": 3, "e": 1}, "granted": {"n": 2, "e": 1}, "not_held": {"n": 1}},
    ("zrzy", 2020): {"received": {"n": 14, "e": 2}, "granted": {"n": 6, "e": 1}, "partial": {"n": 2}, "registry_query": {"n": 3, "e": 1}, "not_held": {"n": 2}, "other": {"n": 1}},
    ("zrzy", 2024): {"received": {"n": 19, "e": 3}, "carried_in": {"n": 2}, "granted": {"n": 11, "e": 1}, "partial": {"n": 3, "e": 1}, "registry_query": {"n": 4}},
    ("zrzy", 2025): {"received": {"n": 22, "e": 4, "l": 2}, "carried_in": {"n": 3, "e": 1}, "granted": {"n": 10, "e": 3}, "partial": {"n": 4, "e": 1}, "third_party": {"n": 2}, "registry_query": {"n": 3, "l": 1}, "not_held": {"n": 2, "e": 1}, "needs_creation": {"n": 1, "l": 1}, "petition": {"n": 1}},
    ("slj", 2024): {"received": {"n": 7}, "granted": {"n": 4}},
    ("slj", 2025): {"received": {"n": 6, "e": 1}, "carried_in": {"n": 2}, "granted": {"n": 5, "e": 1}, "partial": {"n": 2}, "not_held": {"n": 1}},
    ("wjw", 2025): {"received": {"n": 12, "e": 1}, "carried_in": {"n": 2}, "granted": {"n": 7, "e": 1}, "partial": {"n": 2}, "internal_affairs": {"n": 1}, "not_held": {"n": 2}, "repeat": {"n": 1}},
    ("yjj", 2025): {"received": {"n": 2}, "granted": {"n": 2}},
    ("scjg", 2025): {"received": {"n": 31, "e": 6, "l": 3, "o": 1}, "carried_in": {"n": 2}, "granted": {"n": 12, "e": 2, "l": 1}, "enforcement_file": {"n": 6, "e": 2, "l": 1}, "not_held": {"n": 3, "e": 1, "l": 1, "o": 1}, "petition": {"n": 8}, "excessive": {"n": 2}},
    ("tjj", 2025): {"received": {"n": 2}, "granted": {"n": 1}, "not_held": {"n": 1}},
    ("yx-gov", 2024): {"received": {"n": 820, "e": 96, "r": 2, "p": 1, "l": 21, "o": 6}, "carried_in": {"n": 30, "e": 3}, "granted": {"n": 402, "e": 51, "r": 2, "p": 1, "l": 9, "o": 6}, "partial": {"n": 121, "e": 14}, "third_party": {"n": 18}, "process_info": {"n": 22}, "enforcement_file": {"n": 31, "e": 10}, "registry_query": {"n": 40}, "not_held": {"n": 117, "e": 20, "l": 12}, "needs_creation": {"n": 12}, "still_unclear": {"n": 9}, "petition": {"n": 33}, "repeat": {"n": 8}, "uncorrected": {"n": 6}},
    ("liuhe", 2024): {"received": {"n": 58, "e": 6}, "carried_in": {"n": 4}, "granted": {"n": 29, "e": 4}, "partial": {"n": 9, "e": 1}, "not_held": {"n": 12, "e": 1}, "petition": {"n": 7}},
    ("liuhe", 2025): {"received": {"n": 64, "e": 8, "l": 3}, "carried_in": {"n": 5}, "granted": {"n": 30, "e": 4, "l": 1}, "partial": {"n": 8, "e": 2}, "third_party": {"n": 2}, "process_info": {"n": 3}, "enforcement_file": {"n": 2}, "not_held": {"n": 9, "e": 1, "l": 2}, "needs_creation": {"n": 2}, "still_unclear": {"n": 1}, "petition": {"n": 4}, "repeat": {"n": 2}, "uncorrected": {"n": 1}},
    ("qingshi", 2024): {"received": {"n": 2}, "granted": {"n": 2}},
    ("qingshi", 2025): {"received": {"n": 3}, "granted": {"n": 2}, "third_party": {"n": 1}},
    ("bailu", 2024): {},
    ("bailu", 2025): {"received": {"n": 1}, "granted": {"n": 1}},
    ("chengnan", 2025): {"received": {"n": 2}, "granted": {"n": 1}, "not_held": {"n": 1}},
    ("hebin", 2025): {},
    (OUTSIDER, 2025): {"received": {"n": 4}, "granted": {"n": 4}},
}
PROACTIVE = {
    ("yx-office", 2024): dict(docs=(4, 0, 19)), ("yx-office", 2025): dict(docs=(3, 1, 21)),
    ("fgw", 2024): dict(docs=(1, 1, 7), licensing=298), ("fgw", 2025): dict(docs=(2, 0, 9), licensing=312),
    ("jyj", 2025): dict(docs=(1, 0, 6), licensing=46, penalty=1), ("czj", 2025): dict(docs=(2, 1, 11), licensing=18, penalty=3),
    ("zrzy", 2020): dict(docs=(3, 3, 12), licensing=(18, "+2", 640), services=(5, 0, 88), penalty=(24, "-1", 73), coercion=(3, 0, 1), charges=(2, 0), procurement=(6, "128.6万元")),
    ("zrzy", 2024): dict(docs=(2, 1, 14), licensing=1188, penalty=61, coercion=1, fee="402.75"),
    ("zrzy", 2025): dict(docs=(3, 0, 17), licensing=1240, penalty=57, coercion=2, fee="386.5"),
    ("slj", 2024): dict(docs=(1, 0, 4), licensing=77, penalty=12), ("slj", 2025): dict(docs=(1, 0, 5), licensing=83, penalty=9),
    ("wjw", 2025): dict(docs=(2, 2, 8), licensing=904, penalty=63), ("yjj", 2025): dict(docs=(1, 0, 3), licensing=215, penalty=48, coercion=3),
    ("scjg", 2025): dict(docs=(1, 2, 5), licensing=8650, penalty=932, coercion=14),
    ("tjj", 2025): dict(docs=(0, 0, 1), penalty=(6, 0, 2), procurement=(2, "18.5万元")),
    ("yx-gov", 2024): dict(rules=(3, 1, 24), docs=(46, 12, 402), licensing=268400, penalty=15230, coercion=880, fee="28640.75"),
    ("liuhe", 2024): dict(docs=(9, 2, 88), licensing=20988, penalty=1790, coercion=131, fee="1498.2"),
    ("liuhe", 2025): dict(docs=(12, 4, 96), licensing=21540, penalty=1876, coercion=122, fee="1523.4"),
    ("qingshi", 2024): dict(docs=(0, 0, 2), licensing=31), ("qingshi", 2025): dict(docs=(0, 0, 2), licensing=28),
    ("bailu", 2025): dict(licensing=12), (OUTSIDER, 2025): dict(docs=(1, 0, 4)),
}
REVIEW = {
    ("yx-office", 2024): {"review": (0, 0, 0, 1)}, ("yx-office", 2025): {"review": (1, 0, 0, 0)}, ("czj", 2025): {"review": (1, 0, 0, 0)},
    ("zrzy", 2024): {"review": (1, 0, 0, 1)},
    ("zrzy", 2025): {"review": (2, 0, 1, 1), "litigation_direct": (1, 0, 0, 0), "litigation_after_review": (0, 0, 0, 1)},
    ("scjg", 2025): {"review": (4, 1, 2, 1), "litigation_direct": (2, 0, 0, 0), "litigation_after_review": (1, 0, 0, 0)},
    ("yx-gov", 2024): {"review": (31, 4, 6, 5), "litigation_direct": (12, 1, 3, 2), "litigation_after_review": (7, 0, 0, 1)},
    ("liuhe", 2024): {"review": (2, 0, 0, 1)}, ("liuhe", 2025): {"review": (3, 1, 0, 1), "litigation_direct": (2, 0, 1, 0)},
}


def finding(rule, severity, figures=(), **more):
    """One expected finding; `place`, `expected` and `actual` where they are obvious."""
    return {"rule": rule, "severity": severity, "figures": list(figures), **more}


# (id, year): published, face of the page, way of speaking of disclosure and of requests, and what is wrong.
REPORTS = {
    ("zrzy", 2020): dict(day="2021-01-20", face="plain", disclosed="types", requests="full"),
    ("yx-gov", 2024): dict(day="2025-03-20", face="plain", disclosed="nested", requests="full"),
    ("yx-office", 2024): dict(day="2025-01-17", face="plain", disclosed="channels", requests="together"),
    ("fgw", 2024): dict(day="2025-01-21", face="plain", disclosed="plain", requests="applicants"),
    ("zrzy", 2024): dict(day="2025-01-23", face="plain", disclosed="types", requests="full"),
    ("slj", 2024): dict(day="2025-01-24", face="plain", disclosed="channels", requests="full"),
    ("liuhe", 2024): dict(day="2025-03-05", face="plain", disclosed="types", requests="together"),
    ("qingshi", 2024): dict(day="2025-01-16", face="plain", disclosed="types", requests="channels"),
    ("bailu", 2024): dict(day="2025-01-22", face="plain", disclosed="plain", requests="none"),
    ("yx-office", 2025): dict(day="2026-01-22", face="plain", disclosed="nested", requests="together", traps=["收办 24 件 includes 2 carried in", "a breakdown within a breakdown"]),
    ("fgw", 2025): dict(day="2026-01-19", face="plain", disclosed="about", requests="applicants", traps=["余 and 近 are approximate"]),
    ("jyj", 2025): dict(day="2026-01-16", face="plain", disclosed="channels", requests="full", charset="gb18030", traps=["a page in GBK that calls itself gb2312"]),
    ("czj", 2025): dict(day="2026-01-20", face="plain", disclosed="types", requests="full", blank_zeros=True,
                        findings=[finding("form/cell-blank", "warn")]),
    ("zrzy", 2025): dict(day="2026-01-26", face="plain", disclosed="types", requests="full", faults={"applications.results.granted.natural_person": "11"},
                         findings=[finding("balance/applications-results", "error", ["applications.results.granted.natural_person"], expected="10", actual="11")]),
    ("slj", 2025): dict(day="2026-01-23", face="plain", disclosed="types", requests="full",
                        findings=[finding("history/carry-over", "error", ["applications.carried_in.total"], expected="3", actual="2")]),
    ("wjw", 2025): dict(day="2026-01-27", face="plain", disclosed="plain", requests="{y}年，{me}收到政府信息公开申请10件，均按期办理。",
                        findings=[finding("narrative/received", "error", ["applications.received.total"], actual="10")]),
    ("yjj", 2025): dict(day="2026-01-28", face="plain", disclosed="channels", requests="full", blank_applicants=True,
                        faults={f"proactive.a20_1.rules.{c}": "/" for c in ("issued", "repealed", "in_force")},
                        findings=[finding("form/cell-not-number", "warn"), finding("form/cell-blank", "warn")]),
    ("scjg", 2025): dict(day="2026-02-03", face="split", disclosed="types", requests="full",
                         findings=[finding("publication/late", "error")], traps=["a table that goes on after a page break"]),
    ("tjj", 2025): dict(day="2026-01-15", face="plain", disclosed="plain", requests="full", standard="v2019",
                        findings=[finding("form/outdated-form", "error")]),
    ("liuhe", 2025): dict(day="2026-02-06", face="word", disclosed="nested", requests="together", traps=["compiled by the office, and rightly the county's"],
                          behalf=["本报告由柳河县人民政府办公室受县人民政府委托，综合各乡镇和县政府各部门数据编制。"]),
    ("qingshi", 2025): dict(day="2026-01-14", face="plain", requests="full",
                            disclosed="{y}年，{me}主动公开政府信息86条，其中民生保障类30条、乡村振兴类21条、安全生产类14条、其他类15条。",
                            findings=[finding("narrative/breakdown", "error", expected="86", actual="80")]),
    ("bailu", 2025): dict(day="2026-01-13", face="layout", disclosed="channels", requests="full", traps=["tables that only lay out the page"]),
    ("tuoling", 2025): dict(day="2026-01-29", face="images", outcome="unreadable", findings=[finding("publication/image-only", "warn")]),
    ("chengnan", 2025): dict(day="2026-01-12", face="attachment", disclosed="channels", requests="full",
                             findings=[finding("publication/attachment-only", "warn")]),
    ("hebin", 2025): dict(day="2026-02-04", face="plain", disclosed="types", requests="none", without=6, preamble=PREAMBLES[1],
                          findings=[finding("form/section-missing", "error", place="other"), finding("publication/late", "warn")]),
    (OUTSIDER, 2025): dict(day="2026-01-21", face="plain", disclosed="plain", requests="full"),
}
# What each agency's 2025 comes to at NOW; who is not named here has published.
NOW = "2026-02-10T09:00:00+08:00"
STATES = {"yx-gov": "not_due", "jtj": "missing", "mzj": "missing", "scjg": "late", "hebin": "late"}


def reports():
    """Every report that has text, with its figures, cells and words, in the order of the table above."""
    by_id = {row[0]: row for row in ROSTER}
    out = []
    for (key, year), facts in REPORTS.items():
        _, name, _, kind, _, _, me, address, phone, topics = by_id[key]
        standard = facts.get("standard", "v2019" if year < 2021 else "v2021")
        report = {"id": key, "key": f"{key}-{year}", "name": name, "kind": kind, "me": me, "address": address, "phone": phone,
                  "topics": topics.split(), "year": year, "standard": standard, "findings": [], "traps": [], "faults": {}} | facts
        if report["face"] != "images":
            form = proactive_2019 if standard == "v2019" else proactive_2021
            values = form(**PROACTIVE.get((key, year), {})) | applications(standard, APPLICATIONS[key, year]) | review(REVIEW.get((key, year), {}))
            report |= {"values": values, "cells": printed(standard, values, report["faults"] | blanks(report, values))}
        out.append(report)
    return out


def blanks(report, values):
    """Cells left blank where a zero belongs: all of them, or those of the applicants."""
    def left(key):
        if report.get("blank_zeros"):
            return True
        return report.get("blank_applicants") and key.startswith("applications.") and not key.endswith(".total")

    return {key: "" for key, value in values.items() if str(value) == "0" and key not in report["faults"] and left(key)}
