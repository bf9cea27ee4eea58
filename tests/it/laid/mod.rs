//! Documents that are laid out on pages, read back: figure for figure what was laid out, or said to be
//! incomplete, and never another number.

mod damaged;
mod pages;
mod pdf;

use crate::support::{forms, tests};
use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use nianjian::model::{Block, Document, ReadOutcome, Report};
use pages::{Layout, lay_out};
use pdf::{Letters, Lines, Style, Writing};
use proptest::prelude::*;
use std::sync::LazyLock;

static FORMS: LazyLock<Forms> = LazyLock::new(forms);

/// A report as HTML says it.
fn document(name: &str) -> Document {
    let bytes = std::fs::read(tests(&format!("pages/reports/{name}.html"))).unwrap();
    read(&bytes, Origin { name: Some("a.html"), content_type: None })
}

/// Puts other numbers into its tables, each with as many digits as `next` gives.
fn renumber(document: &mut Document, mut next: impl FnMut() -> u32) {
    for block in &mut document.blocks {
        let Block::Table(grid) = block else { continue };
        for cell in grid.rows.iter_mut().flatten() {
            if !cell.text.is_empty() && cell.text.chars().all(|letter| letter.is_ascii_digit()) {
                cell.text = next().to_string();
            }
        }
    }
}

/// A report with numbers of one to so many digits.
fn renumbered(name: &str, seed: u64, digits: u32) -> Document {
    let mut document = document(name);
    let mut seed = seed | 1;
    renumber(&mut document, || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 20) as u32 % 10u32.pow(1 + (seed >> 60) as u32 % digits)
    });
    document
}

fn as_report(document: &Document) -> Report {
    let read = report(document, &Hints::default(), &FORMS);
    read.report.unwrap_or_else(|| panic!("{:?} {:?}", read.outcome, read.problems))
}

/// What differs: numbers that are others, and figures that were not read.
fn compare(wanted: &Report, found: &Report) -> (Vec<String>, Vec<String>) {
    let (mut wrong, mut unread) = (Vec::new(), Vec::new());
    for figure in &wanted.figures {
        let other = found.figure(&figure.id);
        let read = other.map(|other| &other.reading);
        if read == Some(&figure.reading) {
            continue;
        }
        let line = format!("{}: {:?} read as {read:?}", figure.id, figure.reading);
        if read.is_some_and(|read| read.number().is_some()) { wrong.push(line) } else { unread.push(line) }
    }
    (wrong, unread)
}

fn plain_layout() -> Layout {
    Layout {
        height: 842.0,
        repeats_header: false,
        open_break: false,
        cuts_rows: false,
        centred: true,
        furniture: true,
        upright_labels: false,
    }
}

fn plain_style() -> Style {
    Style {
        letters: Letters::Numbers,
        digits: None,
        lines: Lines::Strokes,
        writing: Writing::Runs,
        rotate: 0,
        unit: 1.0,
        form: false,
        packed: false,
    }
}

const REPORTS: [&str; 3] = ["bailu-2023-spans", "shuanglin-2024-spans", "qingshi-2020"];
const MAPS: [&str; 6] = ["UniGB-UCS2-H", "UniGB-UTF16-H", "GBK-EUC-H", "GBKp-EUC-H", "GBK2K-H", "GB-EUC-H"];

fn letters() -> impl Strategy<Value = Letters> {
    prop_oneof![prop::sample::select(&MAPS[..5]).prop_map(Letters::Predefined), Just(Letters::Numbers), Just(Letters::Simple),]
}

fn styles() -> impl Strategy<Value = Style> {
    let lines = prop::sample::select(vec![
        Lines::Strokes,
        Lines::Boxes,
        Lines::Bars,
        Lines::Gaps,
        Lines::Dashes,
        Lines::Double,
        Lines::Pictures,
    ]);
    let writing =
        prop::sample::select(vec![Writing::Runs, Writing::LetterByLetter, Writing::Kerned, Writing::Twice, Writing::Scaled]);
    let rotate = prop::sample::select(vec![0, 0, 90, 180, 270]);
    let unit = prop::sample::select(vec![1.0, 1.0, 2.0]);
    (letters(), prop::option::of(any::<bool>()), lines, writing, rotate, unit, any::<bool>(), any::<bool>()).prop_map(
        |(letters, digits, lines, writing, rotate, unit, form, packed)| Style {
            letters,
            digits,
            lines,
            writing,
            rotate,
            unit,
            form: form && unit == 1.0 && rotate % 180 == 0,
            packed,
        },
    )
}

fn layouts() -> impl Strategy<Value = Layout> {
    (500.0..900.0f64, any::<[bool; 6]>()).prop_map(
        |(height, [repeats_header, open_break, cuts_rows, centred, furniture, upright])| Layout {
            height: height.round(),
            repeats_header,
            open_break,
            cuts_rows: cuts_rows && !centred,
            centred,
            furniture,
            upright_labels: upright,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn figures_are_exact_or_said_to_be_unread(
        style in styles(), layout in layouts(), name in prop::sample::select(&REPORTS[..]), seed in any::<u64>(),
    ) {
        let document = renumbered(name, seed, 5);
        let bytes = pdf::pdf(&lay_out(&document, &layout), layout.height, &style);
        // The last one tried is the one to look at when this fails.
        std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/laid.pdf"), &bytes).unwrap();
        let document_read = read(&bytes, Origin::default());
        let read = report(&document_read, &Hints::default(), &FORMS);
        prop_assert_eq!(read.outcome, ReadOutcome::Read, "{:?}", read.problems);
        let read = read.report.unwrap();
        let (wrong, unread) = compare(&as_report(&document), &read);
        prop_assert!(wrong.is_empty(), "{:?} {:?}\n{}", style, layout, wrong.join("\n"));
        // A row that a break cuts may be two rows; then its table says that it is not whole.
        let whole = document_read.blocks.iter().all(|block| !matches!(block, Block::Table(grid) if !grid.complete));
        if !layout.cuts_rows || whole {
            prop_assert!(unread.is_empty(), "{:?} {:?}\n{}", style, layout, unread.join("\n"));
        }
    }
}

/// A report whose tables have no upright lines, or none at all, read back.
fn without_lines(document: &Document, layout: &Layout, style: &Style) -> (Vec<String>, Vec<String>) {
    let bytes = pdf::pdf(&lay_out(document, layout), layout.height, style);
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/unlined.pdf"), &bytes).unwrap();
    compare(&as_report(document), &as_report(&read(&bytes, Origin::default())))
}

#[test]
fn tables_without_lines_are_read_by_where_their_words_stand() {
    for (lines, name) in [Lines::Levels, Lines::None].into_iter().flat_map(|lines| REPORTS.map(|name| (lines, name))) {
        let style = Style { lines, ..plain_style() };
        // Numbers of more digits go over two lines, and then only a right sum tells that they are one.
        let (wrong, unread) = without_lines(&renumbered(name, 7, 3), &plain_layout(), &style);
        // A row at the edge of a page, or numbers that stand too close, may be left unread.
        let few = unread.len() <= 15;
        assert!(wrong.is_empty() && few, "{lines:?} {name}\n{}\n{}", wrong.join("\n"), unread.join("\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn tables_without_lines_never_give_another_number(
        style in styles(), none in any::<bool>(), layout in layouts(), name in prop::sample::select(&REPORTS[..]), seed in any::<u64>(),
    ) {
        let style = Style { lines: if none { Lines::None } else { Lines::Levels }, ..style };
        let (wrong, _) = without_lines(&renumbered(name, seed, 5), &layout, &style);
        prop_assert!(wrong.is_empty(), "{:?} {:?}\n{}", style, layout, wrong.join("\n"));
    }
}

#[test]
fn letters_that_nothing_tells_are_refused() {
    let layout = plain_layout();
    let sheets = lay_out(&document(REPORTS[0]), &layout);
    let style = Style { letters: Letters::Untold, ..plain_style() };
    let read = report(&read(&pdf::pdf(&sheets, layout.height, &style), Origin::default()), &Hints::default(), &FORMS);
    assert_eq!(read.outcome, ReadOutcome::Unreadable);
    assert!(read.problems.iter().any(|problem| problem.code == "text-undecodable"), "{:?}", read.problems);
}

/// In a text of columns nothing tells that a number goes on but that the next line has the rest of it.
#[test]
fn a_number_over_two_lines_of_text_is_not_read_from_the_first() {
    let table = "二、主动公开政府信息情况\n信息内容         本年制发件数   本年废止件数   现行有效件数\n规章             0              0              0\n\
                 行政规范性文件   1              0              123\n                                               45\n\
                 信息内容         本年处理决定数量\n行政许可         1204\n                 56\n行政处罚         36\n";
    let text = format!(
        "云溪市民政局2023年政府信息公开工作年度报告\n一、总体情况\n认真做好工作。\n{table}三、收到和处理政府信息公开申请情况\n"
    );
    let found = as_report(&read(text.as_bytes(), Origin::default()));
    let number = |id: &str| found.figure(id).and_then(|figure| figure.reading.number()).map(|number| number.to_string());
    assert_eq!(number("proactive.a20_1.normative_docs.in_force"), None);
    assert_eq!(number("proactive.a20_5.licensing.decisions"), None);
    assert_eq!(number("proactive.a20_6.penalty.decisions").as_deref(), Some("36"));
    assert_eq!(number("proactive.a20_1.rules.in_force").as_deref(), Some("0"));
}
