//! Damaged and hostile files: read to an end, soon, without a panic.

use super::pages::lay_out;
use super::pdf::{Letters, Style, pdf};
use super::{FORMS, REPORTS, document, plain_layout, plain_style};
use nianjian::document::{Origin, read};
use nianjian::extract::{Hints, report};
use nianjian::model::ReadReport;

fn survives(bytes: &[u8]) -> ReadReport {
    report(&read(bytes, Origin::default()), &Hints::default(), &FORMS)
}

/// A file of these objects, the first its catalog.
fn file(objects: &[&str]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (at, object) in objects.iter().enumerate() {
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).into_bytes());
    }
    bytes.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n0\n%%EOF\n", objects.len() + 1).into_bytes());
    bytes
}

fn stream(entries: &str, content: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";

#[test]
fn letters_that_may_be_many_labels_are_given_up() {
    let letters = |letter: &str| format!("{}\n", format!("{letter}  ").repeat(48));
    let table = format!(
        "二、主动公开政府信息情况\n行政许可      1   2   30\n{}",
        ["行", "政", "规", "范", "性", "文", "件"].map(letters).concat()
    );
    let text = format!("云溪市民政局2023年政府信息公开工作年度报告\n一、总体情况\n认真做好工作。\n{}", table.repeat(100));
    let read = survives(text.as_bytes());
    let figures = read.report.map(|report| report.figures).unwrap_or_default();
    assert!(figures.iter().all(|figure| !figure.id.contains("normative_docs") || figure.reading.number().is_none()));
}

#[test]
fn damaged_files_are_read_without_a_panic() {
    let layout = plain_layout();
    let sheets = lay_out(&document(REPORTS[0]), &layout);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    for letters in [Letters::Numbers, Letters::Simple, Letters::Predefined("GBK-EUC-H")] {
        let whole = pdf(&sheets, layout.height, &Style { letters, packed: true, ..plain_style() });
        for turn in 0..24 {
            let mut damaged = whole.clone();
            if turn % 4 == 0 {
                damaged.truncate(random(whole.len()));
            }
            for _ in 0..=random(12) {
                let at = random(damaged.len());
                if let Some(byte) = damaged.get_mut(at) {
                    *byte = random(256) as u8;
                }
            }
            survives(&damaged);
        }
    }
}

#[test]
fn files_that_loop_or_swell_end_soon() {
    let page = |more: &str| format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {more} >>");
    let drawn = page("/Contents 4 0 R /Resources << /XObject << /A 5 0 R /B 6 0 R >> >>");
    let form = |content: &str| {
        stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R /B 6 0 R >> >>", content)
    };
    let both = "/A Do /B Do ".repeat(40);
    let lines: String =
        (0..30_000).map(|at| format!("{} {} m {} {} l S\n", at % 595, at % 842, at % 595, (at * 7) % 842)).collect();
    let boxes = "0 0 595 842 re f ".repeat(30_000);
    let nested = "[".repeat(200_000);
    let plain = page("/Contents 4 0 R");
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("pages below themselves", file(&[CATALOG, "<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] >>", &page("")])),
        ("a catalog that is its own page", file(&["<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>"])),
        ("references in a ring", file(&["<< /Type /Catalog /Pages 2 0 R >>", "3 0 R", "2 0 R"])),
        ("forms that draw one another", file(&[CATALOG, PAGES, &drawn, &stream("", &both), &form(&both), &form(&both)])),
        ("lines beyond counting", file(&[CATALOG, PAGES, &plain, &stream("", &lines)])),
        ("areas beyond counting", file(&[CATALOG, PAGES, &plain, &stream("", &boxes)])),
        ("arrays in arrays", file(&[CATALOG, PAGES, &plain, &stream("", &nested)])),
        ("states without end", file(&[CATALOG, PAGES, &plain, &stream("", &"q ".repeat(300_000))])),
    ];
    for (name, bytes) in cases {
        let read = survives(&bytes);
        assert!(read.report.is_none(), "{name}");
    }
}

#[test]
fn files_of_very_many_pages_end_soon() {
    let kids: String = (0..10_000).map(|at| format!("{} 0 R ", at + 4)).collect();
    let pages = format!("<< /Type /Pages /Kids [{kids}] /Count 10000 /MediaBox [0 0 595 842] >>");
    let content = stream("", &"0 0 m 9 9 l S ".repeat(20));
    let mut objects = vec![CATALOG, pages.as_str(), content.as_str()];
    objects.extend(std::iter::repeat_n("<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>", 10_000));
    let read = survives(&file(&objects));
    assert!(read.problems.iter().any(|problem| problem.code == "document-incomplete"), "{:?}", read.problems);
}

#[test]
fn a_file_that_only_shows_a_picture_is_a_scan() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> /Font << /F 6 0 R >> >> >>";
    let picture = stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", "x");
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let text = "(what a machine believes to have read in the picture and nobody sees) Tj ET";
    // Without text, with text that is not drawn, and with text below the picture.
    for content in [
        "q 595 0 0 842 0 0 cm /I Do Q".to_owned(),
        format!("q 595 0 0 842 0 0 cm /I Do Q BT /F 12 Tf 3 Tr 50 700 Td {text}"),
        format!("BT /F 12 Tf 50 700 Td {text} q 595 0 0 842 0 0 cm /I Do Q"),
    ] {
        let read = survives(&file(&[CATALOG, PAGES, page, &stream("", &content), &picture, font]));
        assert!(read.image_only, "{content}: {:?} {:?}", read.outcome, read.problems);
        assert!(read.problems.iter().any(|problem| problem.code == "scanned-pages"));
    }
}
