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

const PROACTIVE: &str = "二、主动公开政府信息情况";

#[test]
fn lines_of_a_drawn_or_tabbed_table_are_not_its_rows_where_cells_go_on() {
    let drawn = "|第二十条第（一）项 |\n|信息内容 |本年制发件数 |本年废止件数 |现行有效件数 |\n|规章 |0 |2 |297 |\n\
        |行政 |4 |0 |80 |\n|规范性文件 | | | |\n|第二十条第（五）项 |\n|信息内容 |本年处理 |\n| |决定数量 |\n|行政许可 |12 |\n";
    let unread = [("a20_1.normative_docs.issued", "absent"), ("a20_1.rules.in_force", "297")];
    expect(&page(PROACTIVE, drawn), "proactive", false, &unread);
    let tabbed = "信息内容\t本年制发件数\t本年废\n\n止件数\t现行有效件数\n\n规章\t7\n\n\n\n行政规范性文件\t1\t\n3\n\n\
        信息内容\t本年处理决定数量\n\n行政许可\t5\n";
    let unread = [("a20_1.rules.issued", "absent"), ("a20_1.rules.in_force", "absent")];
    expect(&page(PROACTIVE, tabbed), "proactive", false, &unread);
    let cells = "\t信息内容\n\n\t上一年项目数量\n\n\t本年\n\n增/减\n\n\t处理决定数量\n\n\n\n行政处罚\n\n\n\n681\n\n\t3\n\n\n\n行政强制\n\n\n\n2619\n";
    let unread = [("a20_6.penalty.decisions", "absent"), ("a20_6.coercion.decisions", "absent")];
    expect(&page(PROACTIVE, cells).replace("2023", "2020"), "proactive", false, &unread);
}

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

/// A row of section three's table that adds up.
fn row(label: &str) -> String {
    format!("{label}  1  2  0  0  0  4  7\n")
}

#[test]
fn labels_broken_over_lines_are_put_together_around_their_figures() {
    let figures = "  1  2  0  0  0  4  7\n";
    let table = [
        "自然\n社会 法律\n人 商业企业 科研机构 公益 服务 其他 总计\n组织 机构\n".to_owned(),
        // The figures between the lines of a label, behind one of them, below all of them.
        format!("一、本年新收政府信息公\n{figures}开申请数量\n"),
        "二、上年结转政府信息  1  2  0  0  0  4  7\n公开申请数量\n".to_owned(),
        format!("（二）部分公开（区分处理的，只计\n这一情形，不计其他情形）{figures}"),
        format!("1.属于\n国家秘密\n{figures}"),
        // The label's number alone is no figure.
        format!("2.{figures}其他法律行政法规禁止公开\n"),
        row("（七）总计"),
    ];
    let page = page("三、收到和处理政府信息公开申请情况", &table.concat());
    let read = ["received", "carried_in", "results.partial", "results.refused.state_secret", "results.refused.prohibited_by_law"];
    let report = as_report(&page);
    for id in read.iter().chain(&["results.total"]) {
        let number = |column: &str| report.figure(&format!("applications.{id}.{column}")).and_then(|it| it.reading.number());
        assert_eq!((number("enterprise"), number("total")), (Some(2.into()), Some(7.into())), "{id} of\n{page}");
    }
    let table = "第二十条第（一）项\n信息内容 本年制 本年废 现行有\n发件数 止件数 效件数\n规章 0 0 0\n行政规范性\n3 1 12\n文件\n\
        第二十条第（八）项\n信息内容 本年收费金额（单位：万元）\n行政事业性\n收费\n2782.66\n";
    let page = self::page("二、主动公开政府信息情况", table);
    let read =
        [("a20_1.normative_docs.issued", "3"), ("a20_1.normative_docs.in_force", "12"), ("a20_8.charges.amount", "2782.66")];
    expect(&page, "proactive", false, &read);
}

#[test]
fn pieces_of_the_next_label_are_not_taken() {
    let total = "  9  2  0  0  0  4  15\n";
    let table = format!(
        "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n{}（七\n）总计\n{total}四、结转下\n年度继续办理\n 1 4 0 5\n",
        row("一、本年新收政府信息公开申请数量")
    );
    let page = page("三、收到和处理政府信息公开申请情况", &table);
    expect(&page, "applications", false, &[("received.total", "7"), ("carried_forward.natural_person", "absent")]);
}

#[test]
fn a_row_whose_label_ran_into_another_is_not_missing() {
    let rows = "<tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数<tr><td>规章<td>0<td>0<td>0\
        <tr><td>行政规范性文件<br>第二十条第（五）项<td>3<td>0<td>9<tr><td>信息内容<td colspan=3>本年处理决定数量<tr><td>行政许可<td colspan=3>7";
    let page = html("二、主动公开政府信息情况", rows);
    expect(&page, "proactive", false, &[("a20_1.normative_docs.issued", "absent"), ("a20_5.licensing.decisions", "7")]);
}

#[test]
fn words_among_blanks_are_no_figures() {
    let rows = "<tr><td>行政复<td><td><td><td><td>行政诉<td><td><td><td><td><td><td><td><td><td><tr>".to_owned()
        + &"<td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计".repeat(3)
        + "<tr><td>18<td>2<td>0<td>0<td>20"
        + &"<td>0".repeat(10);
    let report = as_report(&html(REVIEW, &rows));
    let upheld = report.figure("review_litigation.review.upheld").expect("a figure of the form");
    assert_ne!(upheld.reading.word(), "text");
}

/// A cell of a drawn grid.
fn placed(style: &str, text: &str) -> String {
    format!("<div style='{style}'>{text}</div>")
}

#[test]
fn cells_of_a_drawn_grid_stand_where_their_style_puts_them() {
    let grid = |cells: &[(&str, &str)]| {
        let cells: String = cells.iter().map(|(style, text)| placed(style, text)).collect();
        let grid = format!("<div style='display:grid; grid-template-columns: 2fr repeat(3, 1fr)'>{cells}</div>");
        html("二、主动公开政府信息情况", "").replace("<table></table>", &grid)
    };
    let (head, last) = ("grid-row: 1; grid-column: 4", "grid-row: 2 / span 1; grid-column: 4 / 5");
    let told = [
        (head, "现行有效件数"),
        ("grid-area: 1 / 1", "信息内容"),
        ("grid-area: 1 / 2", "本年制发件数"),
        ("grid-area: 1 / 3", "本年废止件数"),
        ("grid-area: 3 / 1", "行政规范性文件"),
        ("grid-area: 3 / 2", "5"),
        ("grid-area: 3 / 3", "6"),
        ("grid-area: 3 / 4", "9"),
        (last, "無"),
        ("grid-area: 2 / 1", "规章"),
        ("grid-area: 2 / 2", "1"),
        ("grid-area: 2 / 3", "2"),
    ];
    let read = [("a20_1.rules.repealed", "2"), ("a20_1.rules.in_force", "not_applicable"), ("a20_1.normative_docs.issued", "5")];
    expect(&grid(&told), "proactive", true, &read);
    // Where only some tell their place, none is certain.
    let mut some = told;
    some[5].0 = "color: red";
    expect(&grid(&some), "proactive", false, &[("a20_1.rules.issued", "absent")]);
}

#[test]
fn a_figure_beside_a_header_that_was_not_made_out_is_not_taken_for_another() {
    let head = "<tr><td rowspan=2>信息内容<td>本年制发<td rowspan=2>本年废止件数<td>现行有效<td rowspan=2></tr><tr><td>件数<td>件数</tr>";
    let table = format!("{head}<tr><td>规章<td>7<td><td><td></tr><tr><td>行政规范性文件<td><td>3<td><td></tr>");
    expect(
        &html(PROACTIVE, &table),
        "proactive",
        false,
        &[("a20_1.rules.repealed", "absent"), ("a20_1.normative_docs.repealed", "3")],
    );
}

#[test]
fn marks_of_footnotes_and_what_was_deleted_are_no_part_of_a_figure() {
    let head = "<tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数</tr>";
    let table = format!(
        "{head}<tr><td>规章<td>5<sup>1</sup><td>7<sup>[2]</sup><td>8①</tr>\
         <tr><td>行政规范性文件<sup>3</sup><td><sup>4</sup><td><del>7</del>9<td>12*</tr>"
    );
    let figures = [("rules.issued", "5"), ("rules.repealed", "7"), ("rules.in_force", "8")];
    let others = [("normative_docs.issued", "4"), ("normative_docs.repealed", "9"), ("normative_docs.in_force", "12")];
    for (id, wanted) in figures.into_iter().chain(others) {
        let report = as_report(&html(PROACTIVE, &table));
        let figure = report.figure(&format!("proactive.a20_1.{id}")).expect("a figure of the form");
        assert_eq!(figure.reading.number().map(|number| number.to_string()).as_deref(), Some(wanted), "{id}");
    }
}
