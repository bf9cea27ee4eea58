"""The statutory forms of 2019 and 2021, and tables of them as grids of cells.

Written down a second time on purpose: the program reads its forms from rules/standards, and a slip there
must not be repeated in the truth that it is tested against.
"""

from collections import namedtuple

Cell = namedtuple("Cell", "text rows columns")  # text, rowspan, colspan

APPLICANTS = [
    ("natural_person", "自然人"), ("enterprise", "商业企业"), ("research", "科研机构"),
    ("public_welfare", "社会公益组织"), ("legal_service", "法律服务机构"), ("other_org", "其他"), ("total", "总计"),
]
REFUSED = [
    ("state_secret", "1.属于国家秘密"), ("prohibited_by_law", "2.其他法律行政法规禁止公开"),
    ("security_stability", "3.危及“三安全一稳定”"), ("third_party", "4.保护第三方合法权益"),
    ("internal_affairs", "5.属于三类内部事务信息"), ("process_info", "6.属于四类过程性信息"),
    ("enforcement_file", "7.属于行政执法案卷"), ("registry_query", "8.属于行政查询事项"),
]
UNAVAILABLE = [
    ("not_held", "1.本机关不掌握相关政府信息"), ("needs_creation", "2.没有现成信息需要另行制作"),
    ("still_unclear", "3.补正后申请内容仍不明确"),
]
NOT_PROCESSED = [
    ("petition", "1.信访举报投诉类申请"), ("repeat", "2.重复申请"), ("publication", "3.要求提供公开出版物"),
    ("excessive", "4.无正当理由大量反复申请"), ("reconfirm", "5.要求行政机关确认或重新出具已获取信息"),
]
OTHER_2021 = [
    ("uncorrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("misc", "3.其他"),
]
OUTCOMES = [("upheld", "结果维持"), ("corrected", "结果纠正"), ("other", "其他结果"), ("pending", "尚未审结"), ("total", "总计")]
GROUPS = ["review", "litigation_direct", "litigation_after_review"]

PROACTIVE = {
    "v2019": [
        ("第二十条第（一）项", [("made", "本年新制作数量"), ("newly_disclosed", "本年新公开数量"), ("total_disclosed", "对外公开总数量")],
         [("a20_1.rules", "规章"), ("a20_1.normative_docs", "规范性文件")]),
        ("第二十条第（五）项", [("items_prev", "上一年项目数量"), ("items_delta", "本年增/减"), ("decisions", "处理决定数量")],
         [("a20_5.licensing", "行政许可"), ("a20_5.other_services", "其他对外管理服务事项")]),
        ("第二十条第（六）项", [("items_prev", "上一年项目数量"), ("items_delta", "本年增/减"), ("decisions", "处理决定数量")],
         [("a20_6.penalty", "行政处罚"), ("a20_6.coercion", "行政强制")]),
        ("第二十条第（八）项", [("items_prev", "上一年项目数量"), ("items_delta", "本年增/减")], [("a20_8.charges", "行政事业性收费")]),
        ("第二十条第（九）项", [("projects", "采购项目数量"), ("amount", "采购总金额")], [("a20_9.procurement", "政府集中采购")]),
    ],
    "v2021": [
        ("第二十条第（一）项", [("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")],
         [("a20_1.rules", "规章"), ("a20_1.normative_docs", "行政规范性文件")]),
        ("第二十条第（五）项", [("decisions", "本年处理决定数量")], [("a20_5.licensing", "行政许可")]),
        ("第二十条第（六）项", [("decisions", "本年处理决定数量")], [("a20_6.penalty", "行政处罚"), ("a20_6.coercion", "行政强制")]),
        ("第二十条第（八）项", [("amount", "本年收费金额（单位：万元）")], [("a20_8.charges", "行政事业性收费")]),
    ],
}


def outcome_rows(standard):
    """(id, how many label columns its own label spans, label, groups opening here with their heights)."""
    rows = [("results.granted", 2, "（一）予以公开", []),
            ("results.partial", 2, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", [])]
    families = [("results.refused", "（三）不予公开", REFUSED), ("results.unavailable", "（四）无法提供", UNAVAILABLE),
                ("results.not_processed", "（五）不予处理", NOT_PROCESSED)]
    if standard == "v2021":
        families.append(("results.other", "（六）其他处理", OTHER_2021))
    for prefix, heading, members in families:
        for index, (name, label) in enumerate(members):
            rows.append((f"{prefix}.{name}", 1, label, [Cell(heading, len(members), 1)] if index == 0 else []))
    if standard == "v2019":
        rows.append(("results.other", 2, "（六）其他处理", []))
    rows.append(("results.total", 2, "（七）总计", []))
    return rows


def application_rows(standard):
    """Ids of every row of the table of section three, in the order of the form."""
    return ["received", "carried_in"] + [row[0] for row in outcome_rows(standard)] + ["carried_forward"]


def figure_ids(standard):
    """Every figure id of a form, in its order."""
    ids = [f"proactive.{row}.{column}" for _, columns, rows in PROACTIVE[standard] for row, _ in rows for column, _ in columns]
    ids += [f"applications.{row}.{column}" for row in application_rows(standard) for column, _ in APPLICANTS]
    return ids + [f"review_litigation.{group}.{outcome}" for group in GROUPS for outcome, _ in OUTCOMES]


def proactive_grid(standard, printed):
    """The table of section two; `printed` gives the text of each figure's cell."""
    grid = []
    width = 4
    for caption, columns, rows in PROACTIVE[standard]:
        grid.append([Cell(caption, 1, width)])
        spans = spread(width - 1, len(columns))
        grid.append([Cell("信息内容", 1, 1)] + [Cell(label, 1, span) for (_, label), span in zip(columns, spans)])
        for row, label in rows:
            cells = [Cell(printed[f"proactive.{row}.{column}"], 1, span) for (column, _), span in zip(columns, spans)]
            grid.append([Cell(label, 1, 1)] + cells)
    return grid


def spread(width, count):
    """`width` columns shared out among `count` cells, the rest to the last."""
    return [width // count] * (count - 1) + [width - width // count * (count - 1)]


def applications_grid(standard, printed):
    """The table of section three: three rows of header, three columns of labels."""
    def numbers(row):
        return [Cell(printed[f"applications.{row}.{column}"], 1, 1) for column, _ in APPLICANTS]

    outcomes = outcome_rows(standard)
    grid = [
        [Cell("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), Cell("申请人情况", 1, 7)],
        [Cell("自然人", 2, 1), Cell("法人或其他组织", 1, 5), Cell("总计", 2, 1)],
        [Cell(label, 1, 1) for _, label in APPLICANTS[1:6]],
        [Cell("一、本年新收政府信息公开申请数量", 1, 3)] + numbers("received"),
        [Cell("二、上年结转政府信息公开申请数量", 1, 3)] + numbers("carried_in"),
    ]
    for index, (row, span, label, groups) in enumerate(outcomes):
        opening = [Cell("三、本年度办理结果", len(outcomes), 1)] if index == 0 else []
        grid.append(opening + groups + [Cell(label, 1, span)] + numbers(row))
    grid.append([Cell("四、结转下年度继续办理", 1, 3)] + numbers("carried_forward"))
    return grid


def review_grid(printed):
    """The table of section four: three rows of header and one of numbers."""
    labels = [label for _, label in OUTCOMES]
    return [
        [Cell("行政复议", 1, 5), Cell("行政诉讼", 1, 10)],
        [Cell(label, 2, 1) for label in labels] + [Cell("未经复议直接起诉", 1, 5), Cell("复议后起诉", 1, 5)],
        [Cell(label, 1, 1) for label in labels * 2],
        [Cell(printed[f"review_litigation.{group}.{outcome}"], 1, 1) for group in GROUPS for outcome, _ in OUTCOMES],
    ]


def lay_out(grid):
    """The grid as a matrix of (cell, row and column of its corner)."""
    taken = {}
    for r, row in enumerate(grid):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            for dr in range(cell.rows):
                for dc in range(cell.columns):
                    taken[r + dr, c + dc] = (cell, r, c)
    width = max(c for _, c in taken) + 1
    return [[taken[r, c] for c in range(width)] for r in range(len(grid))]


def matrix(grid):
    """Every place of the grid as text, with nothing in the places that a merged cell covers."""
    return [[cell.text if (r, c) == (r0, c0) else "" for c, (cell, r0, c0) in enumerate(row)]
            for r, row in enumerate(lay_out(grid))]


def word_rows(grid):
    """Rows as Word keeps them: (text, gridSpan, None | "restart" | "continue"), continued cells being there and empty."""
    rows = []
    for r, row in enumerate(lay_out(grid)):
        cells = []
        for c, (cell, r0, c0) in enumerate(row):
            if c == c0:
                merge = None if cell.rows == 1 else "restart" if r == r0 else "continue"
                cells.append((cell.text if r == r0 else "", cell.columns, merge))
        rows.append(cells)
    return rows


def split(grid, header, at):
    """The grid in two, as a page break leaves it: the header again, and the groups that go on without their label."""
    laid = lay_out(grid)
    second = grid[:header]
    for r in range(at, len(grid)):
        row = []
        for c, (cell, r0, c0) in enumerate(laid[r]):
            if c != c0:
                continue
            if r0 == r:
                row.append(cell)
            elif r == at:
                row.append(Cell("", cell.rows - (at - r0), cell.columns))
        second.append(row)
    first = [[cell._replace(rows=min(cell.rows, at - r)) for cell in row] for r, row in enumerate(grid[:at])]
    return first, second
