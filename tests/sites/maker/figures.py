"""The figures of one report: balanced by construction, then printed, then spoilt where a fault wants it."""

import re
from .form import APPLICANTS, GROUPS, OUTCOMES, application_rows, figure_ids

SHORT = dict(zip("nerplo", [column for column, _ in APPLICANTS]))
ROW_OF = {row.rsplit(".", 1)[-1]: row for row in application_rows("v2021")}
ROW_OF |= {"total": "results.total", "other": "results.other"}


def applications(standard, spec):
    """All figures of section three from a sparse spec: {"received": {"n": 3}, "granted": {"n": 2}, …}.

    `carried_forward`, `results.total` and the column 总计 follow from the rest.
    """
    rows = application_rows(standard)
    columns = [column for column, _ in APPLICANTS[:-1]]
    value = {(row, column): 0 for row in rows for column in columns}
    for name, cells in spec.items():
        for short, n in cells.items():
            value[ROW_OF[name], SHORT[short]] = n
    for column in columns:
        done = sum(value[row, column] for row in rows if row.startswith("results.") and row != "results.total")
        value["results.total", column] = done
        value["carried_forward", column] = value["received", column] + value["carried_in", column] - done
        assert value["carried_forward", column] >= 0, (spec, column)
    for row in rows:
        value[row, "total"] = sum(value[row, column] for column in columns)
    return {f"applications.{row}.{column}": n for (row, column), n in value.items()}


def review(spec):
    """All figures of section four from {"review": (upheld, corrected, other, pending), …}."""
    figures = {}
    for group in GROUPS:
        parts = spec.get(group, (0, 0, 0, 0))
        for (outcome, _), n in zip(OUTCOMES, [*parts, sum(parts)]):
            figures[f"review_litigation.{group}.{outcome}"] = n
    return figures


def proactive_2021(rules=(0, 0, 0), docs=(0, 0, 0), licensing=0, penalty=0, coercion=0, fee="0"):
    """The figures of section two in the form of 2021."""
    figures = {}
    for row, numbers in (("rules", rules), ("normative_docs", docs)):
        for column, n in zip(("issued", "repealed", "in_force"), numbers):
            figures[f"proactive.a20_1.{row}.{column}"] = n
    return figures | {
        "proactive.a20_5.licensing.decisions": licensing, "proactive.a20_6.penalty.decisions": penalty,
        "proactive.a20_6.coercion.decisions": coercion, "proactive.a20_8.charges.amount": fee,
    }


def proactive_2019(docs=(0, 0, 0), licensing=(0, 0, 0), services=(0, 0, 0), penalty=(0, 0, 0), coercion=(0, 0, 0),
                   charges=(0, 0), procurement=(0, 0)):
    """The figures of section two in the form of 2019; an amount may carry its unit (`128.6万元`)."""
    rows = [
        ("a20_1.rules", ("made", "newly_disclosed", "total_disclosed"), (0, 0, 0)),
        ("a20_1.normative_docs", ("made", "newly_disclosed", "total_disclosed"), docs),
        ("a20_5.licensing", ("items_prev", "items_delta", "decisions"), licensing),
        ("a20_5.other_services", ("items_prev", "items_delta", "decisions"), services),
        ("a20_6.penalty", ("items_prev", "items_delta", "decisions"), penalty),
        ("a20_6.coercion", ("items_prev", "items_delta", "decisions"), coercion),
        ("a20_8.charges", ("items_prev", "items_delta"), charges),
        ("a20_9.procurement", ("projects", "amount"), procurement),
    ]
    return {f"proactive.{row}.{column}": n for row, columns, numbers in rows for column, n in zip(columns, numbers)}


def printed(standard, values, faults):
    """The text of every cell, in the order of the form; `faults` puts other text in some of them."""
    return {key: faults.get(key, str(values[key])) for key in figure_ids(standard)}


def truth(cells):
    """What a reader should make of printed cells: a number, or the word of its state."""
    return {key: reading(text) for key, text in cells.items()}


def reading(text):
    """One cell: a number where one is printed, else `blank` or `dash`."""
    bare = text.strip().translate(str.maketrans("０１２３４５６７８９，．", "0123456789,.")).replace(",", "")
    if bare == "":
        return "blank"
    if bare in ("/", "-", "—"):
        return "dash"
    number = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)(?:万元|元|件)?", bare)
    assert number, text
    return float(number[1]) if "." in number[1] else int(number[1])


def totals(values):
    """Sums over all applicants that sentences speak of."""
    def total(row):
        return values.get(f"applications.{row}.total", 0)

    def family(prefix):
        return sum(n for key, n in values.items() if key.startswith(f"applications.results.{prefix}") and key.endswith(".total"))

    return {
        "received": total("received"), "carried_in": total("carried_in"), "done": total("results.total"),
        "forward": total("carried_forward"), "granted": total("results.granted"), "partial": total("results.partial"),
        "refused": family("refused."), "unavailable": family("unavailable."), "unprocessed": family("not_processed."),
        "other": family("other"), "persons": values["applications.received.natural_person"],
    }
