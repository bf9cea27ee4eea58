//! The words of what is shown of one document: where something stands, how far it was checked, and its score.

use super::{Lang, PLACE_COLUMN, PLACE_PAGE, PLACE_ROW, PLACE_TABLE, Word};
use crate::model::Place;

phrases! {
    SHEET_TITLE: "年报核对单", "Check sheet";
    SHEET_INPUT: "文件", "Document";
    RENDERED: "由浏览器显示自", "as a browser shows it, made from";
    SHEET_SHA: "文件指纹", "SHA-256";
    SHEET_FORM: "格式", "Form";
    SHEET_READ: "读到", "Read";
    SHEET_READ_OF: "{} / 6 个部分，数据项 {} 个，其中数字 {} 个", "{} of 6 sections, {} figures, {} of them numbers";
    SHEET_RULES: "规则集", "Rule set";
    SHEET_AT: "核对时间", "Checked at";
    FOUND_HERE: "问题", "Findings";
    SHEET_CLEAN: "核对过的规则没有发现问题。", "The rules that were checked found nothing.";
    SHEET_UNREAD: "这份文件没有读出来，没有核对。这不等于没有问题。", "This document was not read and not checked. That does not mean that it is clean.";
    SHEET_UNREAD_PAGE: "本页只有附件链接，年报正文没有核对。请对附件另行核对。",
        "This page only links to a document; the report itself was not checked. Check the document too.";
    SHEET_NO_REPORT: "这份文件不是政府信息公开工作年度报告，没有核对。", "This document is no annual report on information disclosure and was not checked.";
    SHEET_PROBLEMS: "读取时的情况（不计入单位）", "What we could not read (not held against the agency)";
    SHEET_GRID: "表格原样（有问题的格子已标出）", "Tables as read (the cells in question are marked)";
    SHEET_TABLE: "表 {}", "Table {}";
    SHEET_TABLE_PART: "这个表没有读全，对它的核对从缺。", "This table was not read whole; rules over it stay open.";
    SHEET_BASIS: "依据", "Basis";
    SHEET_ADVICE: "怎么办", "What to do";
    SHEET_ID: "编号", "Id";
    SHEET_OPEN_PAGE: "打开原文此处", "open it here";
    SHEET_SUM: "应为 {}，实为 {}", "expected {}, is {}";
    SHEET_COVERAGE: "核对范围", "How far it was checked";
    SHEET_NOTE: "由程序核对，供人工复核；每项均注明原文和位置。没有核对到的，已逐条列出原因。",
        "Checked by a program, for a person to verify; each finding quotes its place. What was not checked is listed with the reason.";
    SHEET_PRINTED: "复核人：　　　　　　　　日期：", "Verified by:                Date:";
    SHEET_MORE: "另有 {} 处", "and {} more places";

    COVERED: "已核对 {}/{} 条适用的规则", "checked {} of {} rules that apply";
    COVERED_WHOLE: "已核对全部 {} 条适用的规则", "checked all of the {} rules that apply";
    COVERED_NONE: "没有可核对的规则", "no rule could be checked";
    COVERED_REST: "其余没有核对，原因：", "the rest was not checked, because:";

    SCORE: "得分", "Score";
    SCORE_OF: "{} / {} 分（扣 {} 分）", "{} of {} points ({} lost)";
    SCORE_NONE: "不计分：没有读出来", "not scored: not read";
    SCORE_NO_SCHEME: "本机关的覆盖文件没有 [score]，无从计分：请在 rules.overlay 所指文件中写入分值",
        "the office's overlay has no [score]: write the points into the file that rules.overlay names";
    SHEET_SCORES: "得分表", "Scores";
    COL_SCORE_LOST: "扣分", "Lost";
    COL_SCORE_BASE: "满分", "Of";
    COL_SCORE_WHY: "扣分项目", "Lost by";
    COL_SCORE_OPEN: "未计分", "Not scored";
    SCORE_PART: "未计分的项目另列，不扣分", "what was not scored is listed and costs nothing";
}

/// Where something stands, from the large to the small, as far as it is known: the one wording of a place.
pub fn place(at: &Place, lang: Lang) -> String {
    let parts: [(Word, Option<u32>); 4] =
        [(PLACE_PAGE, at.page), (PLACE_TABLE, at.table), (PLACE_ROW, at.row), (PLACE_COLUMN, at.column)];
    let named: Vec<String> = parts.iter().filter_map(|(word, at)| at.map(|at| word.with(lang, &[&at.to_string()]))).collect();
    named.join(if lang.is_english() { ", " } else { "" })
}

/// How many of how many rules were checked.
pub fn covered(decided: u64, applicable: u64, lang: Lang) -> String {
    match (decided, applicable) {
        (_, 0) => COVERED_NONE.text(lang).to_owned(),
        (n, m) if n == m => COVERED_WHOLE.with(lang, &[&m.to_string()]),
        (n, m) => COVERED.with(lang, &[&n.to_string(), &m.to_string()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_from_the_large_to_the_small() {
        let at = Place { page: Some(1), table: Some(2), row: Some(3), column: Some(4), ..Place::default() };
        assert_eq!(place(&at, Lang::Zh), "第1页第2个表第3行第4列");
        assert_eq!(place(&at, Lang::En), "page 1, table 2, row 3, column 4");
        assert_eq!(place(&Place::default(), Lang::Zh), "");
    }
}
