//! Small pages with one difficulty each, and what is to be read of them: a figure as printed, or that it was not read.

use crate::support::forms;
use nianjian::document::{Origin, read};
use nianjian::extract::{Hints, report};
use nianjian::model::Report;

/// A report of which only one table stands on the page, or a part of one.
fn page(section: &str, table: &str) -> String {
    format!(
        "柳河县民政局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n本年主动公开信息。\n\n{section}\n\n{table}\n\n六、其他需要报告的事项\n\n无。\n"
    )
}

fn html(section: &str, table: &str) -> String {
    format!(
        "<h1>柳河县民政局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>本年主动公开信息。</p><p>{section}</p>\
         <table>{table}</table><p>六、其他需要报告的事项</p><p>无。</p>"
    )
}

fn as_report(page: &str) -> Report {
    let read = report(&read(page.as_bytes(), Origin::default()), &Hints::default(), &forms());
    read.report.unwrap_or_else(|| panic!("{:?} {:?}", read.outcome, read.problems))
}

/// Compares figures, each its id's end and a number or the word of its state; and whether the table is whole.
fn expect(page: &str, table: &str, whole: bool, figures: &[(&str, &str)]) {
    let report = as_report(page);
    for (id, wanted) in figures {
        let figure = report.figure(&format!("{table}.{id}")).expect("a figure of the form");
        let number = figure.reading.number().map(|number| number.normalize().to_string());
        assert_eq!(number.as_deref().unwrap_or(figure.reading.word()), *wanted, "{id} of\n{page}");
    }
    let complete = report.table(table).is_some_and(|table| table.complete);
    assert_eq!(complete, whole, "{page}");
}

const REVIEW: &str = "四、政府信息公开行政复议、行政诉讼情况";
const HEADER: &str = "行政复议    行政诉讼\n结果 结果 其他 尚未 总计    未经复议直接起诉    复议后起诉\n维持 纠正 结果 审结\n";

#[test]
fn numbers_that_a_narrow_column_broke_are_not_read() {
    for figures in [
        "0   194   0   9   195   0  0  0   0 0  0  254 0   0 254\n    4             3                       4         4",
        "0     0      0      0     0        0    0   816  1666 2482        0    0   2,104 0   210\n          4",
        "     79    66        155          22        216           45\n95               无         无             71     无     无     无      3      3\n      3     6         4           95         7            33",
        "138   0   0   326   171   288 0  0  0  288          101     0   0 3         101\n7                 3     5            5            3                       6",
    ] {
        let page = page(REVIEW, &format!("{HEADER}{figures}"));
        expect(&page, "review_litigation", false, &[("review.upheld", "absent"), ("review.total", "absent")]);
    }
    // Lines of a row that is only long are one row.
    let whole = page(REVIEW, &format!("{HEADER}1 0 0 0 1 2 0 0 0 2\n0 3 0 0 3"));
    expect(&whole, "review_litigation", true, &[("review.total", "1"), ("litigation_after_review.corrected", "3")]);
}

#[test]
fn a_row_beside_the_rest_of_a_broken_number_is_not_read() {
    let table = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n\
        一、本年新收政府信息公开申请数量  102  0  0  0  0  1  102\n                                  4                4\n\
        二、上年结转政府信息公开申请数量  1  0  0  0  0  0  1\n\
        （一）予以公开  5  0  0  0  0  1  6\n（二）部分公开  0  0  0  0  0  0  0";
    let page = page("三、收到和处理政府信息公开申请情况", table);
    let read = [("received.natural_person", "absent"), ("carried_in.total", "absent"), ("results.granted.total", "6")];
    expect(&page, "applications", false, &read);
}

#[test]
fn what_stands_under_any_printing_of_a_label_stands_under_the_label() {
    let header = "<tr><td>信息内容<td>信息内容<td>本年制发件数<td>本年制发件数<td>本年废止件数<td>本年废止件数<td>现行有效件数<td>现行有效件数";
    let rows =
        "<tr><td>规章<td>规章<td>0<td><td><td>7<td><td>12<tr><td>行政规范性文件<td>行政规范性文件<td><td><td><td>8<td><td>";
    let page = html("二、主动公开政府信息情况", &format!("{header}{rows}"));
    let read = [
        ("a20_1.rules.issued", "0"),
        ("a20_1.rules.repealed", "7"),
        ("a20_1.rules.in_force", "12"),
        ("a20_1.normative_docs.issued", "blank"),
        ("a20_1.normative_docs.repealed", "8"),
    ];
    expect(&page, "proactive", true, &read);
    let header = "<tr><td>信息内容<td><td><td>本年制发件数<td><td><td>本年废止件数<td><td><td>现行有效件数<td><td>";
    let rows = "<tr><td>规章<td><td><td>0<td><td><td>7<td><td><td>12<td><td><tr><td>行政规范性文件<td><td><td><td><td><td>8<td><td><td><td><td>";
    let page = html("二、主动公开政府信息情况", &format!("{header}{rows}"));
    expect(&page, "proactive", true, &[("a20_1.normative_docs.repealed", "8"), ("a20_1.normative_docs.in_force", "blank")]);
}
