//! Files made to be more than a reader can hold: each is read to an end soon, in little memory, and what was
//! left out is told.
//!
//! `NIANJIAN_BOMBS` names a folder into which they are written, in full size, to be measured with the program itself.

use crate::support::forms;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use nianjian::model::ReadOutcome;
use std::io::Write;
use std::sync::LazyLock;
use std::time::Duration;

static FORMS: LazyLock<Forms> = LazyLock::new(forms);

/// Where nothing is optimised, files are smaller by up to this, as far as they still go beyond what is read, and the
/// time is generous.
const SHARE: usize = if cfg!(debug_assertions) { 16 } else { 1 };
const SOON: Duration = if cfg!(debug_assertions) { Duration::from_secs(20) } else { Duration::from_secs(2) };

/// Made anew for each, since together they take more memory than one may.
type Make = fn(usize) -> Vec<u8>;

/// Their names, and who makes them in a share of their size.
const BOMBS: &[(&str, Make)] = &[
    ("swells.zip", |share| swelling(&["a.html"], share)),
    ("swells.docx", |share| swelling(&["[Content_Types].xml", "word/document.xml"], share)),
    ("swells.xlsx", |share| swelling(&["[Content_Types].xml", "xl/workbook.xml"], share)),
    ("swells.odt", |share| swelling(&["META-INF/manifest.xml", "content.xml"], share)),
    ("swells.ofd", |share| swelling(&["OFD.xml"], share)),
    ("many.zip", |_| {
        let names: Vec<String> = (0..60_000).map(|at| format!("{at}.html")).collect();
        stored(&names.iter().map(|name| (name.as_str(), "<p>年报</p>".as_bytes())).collect::<Vec<_>>())
    }),
    ("spans.html", |_| page(&"<tr><td rowspan=1000000 colspan=1000000>1</td><td>2</td></tr>".repeat(500))),
    ("nested.html", |_| format!("<html>{}", "<div>".repeat(100_000)).into_bytes()),
    ("nested-tables.html", |_| "<table><tr><td>".repeat(100_000).into_bytes()),
    ("nested-spans.html", |_| format!("<p>{}年报", "<span><b>".repeat(50_000)).into_bytes()),
    ("cells.html", |share| page(&format!("<tr>{}</tr>", "<td>0</td>".repeat(100)).repeat(10_000 / share))),
    ("attribute.html", |share| format!("<p class=\"{}\">年报</p>", "年报 ".repeat(4_000_000 / share)).into_bytes()),
    ("attributes.html", |share| format!("<p {}>年报</p>", "a=1 ".repeat(4_000_000 / share)).into_bytes()),
    ("digits.txt", |_| "7".repeat(2_000_000).into_bytes()),
    ("numerals.txt", |_| "二千万".repeat(200_000).into_bytes()),
    ("sentence.txt", |_| format!("一、总体情况\n{}", "收到申请3件，".repeat(60_000)).into_bytes()),
    ("cells.txt", |_| "规章\t0\t0\t0\n".repeat(250_000).into_bytes()),
    ("cells.docx", |share| docx(&rows("<w:tr>", "<w:tc><w:p><w:r><w:t>0</w:t></w:r></w:p></w:tc>", "</w:tr>", share))),
    ("spans.docx", |_| {
        docx(&"<w:tr><w:tc><w:tcPr><w:gridSpan w:val='1000000'/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>".repeat(2_000))
    }),
    ("nested.docx", |_| docx(&"<w:tr><w:tc><w:tbl>".repeat(100_000))),
    ("attribute.docx", |share| docx(&format!("<w:tr w:x='{}'/>", "1".repeat(40_000_000 / share)))),
    ("attributes.docx", |share| docx(&format!("<w:tr {}/>", "w:x='1' ".repeat(4_000_000 / share)))),
    ("cells.xlsx", |share| xlsx(&rows("<row>", "<c><v>0</v></c>", "</row>", share.min(4)), "")),
    ("far.xlsx", |_| xlsx("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>", "<mergeCell ref='A1:XFD1048576'/>")),
    ("merged.xlsx", |_| xlsx("<row r='1'><c r='A1'><v>1</v></c></row>", &"<mergeCell ref='A1:GR2000'/>".repeat(100_000))),
    ("sheets.xlsx", |_| {
        let book = format!("<workbook><sheets>{}</sheets></workbook>", "<sheet name='1'/>".repeat(300));
        let sheets: Vec<String> = (1..=300).map(|at| format!("xl/worksheets/sheet{at}.xml")).collect();
        let mut parts: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", book.as_bytes())];
        parts.extend(sheets.iter().map(|name| (name.as_str(), b"<worksheet/>".as_slice())));
        packed(&parts)
    }),
    ("strings.xlsx", |_| {
        let strings = format!("<sst><si><t>{}</t></si></sst>", "公开".repeat(20_000));
        let cells = rows("<row>", "<c t='s'><v>0</v></c>", "</row>", 16);
        let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        packed(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/workbook.xml", b"<workbook><sheets><sheet name='1'/></sheets></workbook>"),
            ("xl/sharedStrings.xml", strings.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    }),
    ("nested-repeats.odt", |_| {
        let row = "<table:table-row table:number-rows-repeated='50'><table:table-cell table:number-columns-repeated='50'>";
        let end = "</table:table-cell></table:table-row>";
        let nested = |inner: String| format!("<table:table>{row}{inner}{end}</table:table>");
        odt(&format!("{row}{}{end}", (0..12).fold("<text:p>1</text:p>".to_owned(), |inner, _| nested(inner))))
    }),
    ("repeated.odt", |_| {
        odt(
            "<table:table-row table:number-rows-repeated='99'><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row>",
        )
    }),
    ("cells.ods", |share| {
        odf(&rows(
            "<table:table-row>",
            "<table:table-cell><text:p>0</text:p></table:table-cell>",
            "</table:table-row>",
            share.min(4),
        ))
    }),
    ("repeated.ods", |_| {
        odf(
            "<table:table-row table:number-rows-repeated='1000000000'><table:table-cell table:number-columns-repeated='1000000000'><text:p>1</text:p></table:table-cell></table:table-row>",
        )
    }),
    ("nested.ods", |_| odf(&"<table:table-row><table:table-cell><table:table>".repeat(50_000))),
    ("nested.xml", |_| {
        format!("<?xml version='1.0'?><w:wordDocument xmlns:w='x'><w:body>{}", "<w:p>".repeat(100_000)).into_bytes()
    }),
    ("long.xml", |share| {
        let run = "<w:r><w:t>公开</w:t></w:r>".repeat(1_000_000 / share.min(2));
        format!("<?xml version='1.0'?><w:wordDocument xmlns:w='x'><w:body><w:p>{run}</w:p></w:body></w:wordDocument>")
            .into_bytes()
    }),
    ("long.rtf", |share| format!("{{\\rtf1 {}}}", "abc ".repeat(6_000_000 / share.min(4))).into_bytes()),
    ("nested.rtf", |share| format!("{{\\rtf1 {}", "{".repeat(24_000_000 / share)).into_bytes()),
    ("cells.rtf", |share| {
        format!("{{\\rtf1 {}}}", "\\trowd\\cellx1\\cellx2\\intbl 1\\cell 2\\cell\\row ".repeat(500_000 / share)).into_bytes()
    }),
    ("row.rtf", |_| {
        format!("{{\\rtf1 \\trowd {}{}\\row}}", "\\cellx1".repeat(2_000), "\\intbl 1\\cell".repeat(2_000)).into_bytes()
    }),
    ("words.rtf", |share| format!("{{\\rtf1 {}}}", "\\b\\u24180?\\'b1".repeat(1_500_000 / share.min(2))).into_bytes()),
    ("long.mht", |share| {
        let body = "PHA+5bm05oqlPC9wPjxwPuW5tOaKpTwvcD48\r\n".repeat(600_000 / share);
        format!("MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}").into_bytes()
    }),
    ("tree.pdf", |_| {
        let kids = (3..50_000).map(|at| format!("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", at + 1));
        pdf(["<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned()].into_iter().chain(kids))
    }),
    ("wide.pdf", |_| {
        let pages = format!("<< /Type /Pages /Kids [{}] /Count 1 >>", "2 0 R ".repeat(500_000));
        pdf([pages])
    }),
    ("letters.pdf", |share| {
        // The same page many times over: its letters count each time.
        let kids: String = (0..3_000 / share).map(|at| format!("{} 0 R ", at + 5)).collect();
        let content = format!("BT /F 1 Tf {} ET", format!("({}) Tj 0 -1 Td ", "7".repeat(1_000)).repeat(100));
        let page = "<< /Type /Page /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /Font << /F 4 0 R >> >> >>".to_owned();
        let pages = format!("<< /Type /Pages /Kids [{kids}] /Count 3000 >>").into_bytes();
        let objects = [pages, stream(content.as_bytes(), ""), FONT.to_vec()].into_iter();
        pdf(objects.chain(std::iter::repeat_n(page.into_bytes(), 3_000 / share)))
    }),
    ("annotations.pdf", |_| {
        let page = format!("<< /Type /Page /MediaBox [0 0 595 842] /Annots [{}] >>", "<< /Subtype /Text >> ".repeat(1_001));
        pdf(["<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page.as_str()])
    }),
    ("swells.pdf", |share| one_page(&deflated_zlib(&swollen(10_000 / share)), "/Filter /FlateDecode")),
    ("content.pdf", |share| one_page("BT /F 9 Tf (7) Tj ET 0 0 m 9 9 l S\n".repeat(600_000 / share.min(4)).as_bytes(), "")),
];

/// Those that stay within every limit: nothing was left out of them, and they are no reports.
const READ_WHOLE: &[&str] =
    &["attribute.html", "attributes.html", "attribute.docx", "attributes.docx", "digits.txt", "numerals.txt", "sentence.txt"];

#[test]
fn bombs_end_soon_in_little_memory_and_are_told() {
    let written = std::env::var_os("NIANJIAN_BOMBS");
    for (name, make) in BOMBS {
        let bytes = make(if written.is_some() { 1 } else { SHARE });
        if let Some(folder) = &written {
            std::fs::write(std::path::Path::new(folder).join(name), bytes).unwrap();
            continue;
        }
        let begun = worked();
        let read = report(&read(&bytes, Origin { name: Some(name), content_type: None }), &Hints::default(), &FORMS);
        let took = worked() - begun;
        assert!(took < SOON, "{name}: {took:?}");
        let told = !read.problems.is_empty() || READ_WHOLE.contains(name) && read.outcome == ReadOutcome::NotAReport;
        assert!(told && read.report.is_none_or(|report| report.figures.is_empty()), "{name}: {:?}", read.problems);
        let most = peak();
        assert!(most < 300, "{name}: {most} MB");
    }
}

/// How long a processor has worked for this thread: what else runs on the machine does not count.
fn worked() -> Duration {
    let status = std::fs::read_to_string("/proc/thread-self/stat").unwrap_or_default();
    let times = status.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    // In hundredths of a second, in user mode and in the kernel.
    Duration::from_millis(times.filter_map(|time| time.parse::<u64>().ok()).sum::<u64>() * 10)
}

/// The most memory that this process has taken, in MB; with every bomb in it once.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<usize>().ok()).map_or(0, |kilobytes| kilobytes / 1024)
}

fn page(rows: &str) -> Vec<u8> {
    format!("<html><body><table>{rows}</table></body></html>").into_bytes()
}

/// A million cells, or a share of them.
fn rows(open: &str, cell: &str, close: &str, share: usize) -> String {
    format!("{open}{}{close}", cell.repeat(100)).repeat(10_000 / share)
}

fn docx(rows: &str) -> Vec<u8> {
    let body = format!("<w:document xmlns:w='x'><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>");
    packed(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", body.as_bytes())])
}

fn xlsx(rows: &str, merged: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells></worksheet>");
    let book: &[u8] = b"<workbook><sheets><sheet name='1'/></sheets></workbook>";
    packed(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", book), ("xl/worksheets/sheet1.xml", sheet.as_bytes())])
}

fn odf(rows: &str) -> Vec<u8> {
    open_document("spreadsheet", rows)
}

fn odt(rows: &str) -> Vec<u8> {
    open_document("text", rows)
}

fn open_document(kind: &str, rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body><office:{kind}>\
         <table:table>{rows}</table:table></office:{kind}></office:body></office:document-content>"
    );
    packed(&[("META-INF/manifest.xml", b"<m/>"), ("content.xml", content.as_bytes())])
}

/// A part as it stands in a package.
struct Part<'a> {
    name: &'a str,
    packed: Vec<u8>,
    size: u32,
    sum: u32,
    deflated: bool,
}

impl<'a> Part<'a> {
    fn new(name: &'a str, bytes: &[u8], pack: bool) -> Part<'a> {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        let packed = if pack { deflated(bytes) } else { bytes.to_vec() };
        Part { name, packed, size: bytes.len() as u32, sum: sum.sum(), deflated: pack }
    }
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    zip(&parts.iter().map(|(name, bytes)| Part::new(name, bytes, true)).collect::<Vec<_>>())
}

fn stored(parts: &[(&str, &[u8])]) -> Vec<u8> {
    zip(&parts.iter().map(|(name, bytes)| Part::new(name, bytes, false)).collect::<Vec<_>>())
}

/// A package whose last part says that it is small and unpacks to ten gigabytes; the others are as good as empty.
fn swelling(names: &[&str], share: usize) -> Vec<u8> {
    let mut parts: Vec<Part<'_>> = names.iter().map(|name| Part::new(name, b"<x/>", true)).collect();
    if let Some(last) = parts.last_mut() {
        (last.packed, last.size) = (swollen(10_000 / share), 400);
    }
    zip(&parts)
}

/// So many megabytes of blanks, deflated one megabyte at a time.
fn swollen(megabytes: usize) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    encoder.flush().unwrap();
    let mut bytes = encoder.get_ref().repeat(megabytes);
    bytes.extend(deflated(b"<x/>"));
    bytes
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Deflated bytes as a PDF wants them.
fn deflated_zlib(deflated: &[u8]) -> Vec<u8> {
    [&[0x78, 0x9c], deflated, &[0, 0, 0, 0]].concat()
}

fn zip(parts: &[Part<'_>]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for part in parts {
        let mut head = vec![20, 0, 0, 0, if part.deflated { 8 } else { 0 }, 0, 0, 0, 0, 0];
        for number in [part.sum, part.packed.len() as u32, part.size, part.name.len() as u32] {
            head.extend(number.to_le_bytes());
        }
        let at = bytes.len() as u32;
        list.extend([b"PK\x01\x02\x14\x00", head.as_slice(), &[0; 10], &at.to_le_bytes(), part.name.as_bytes()].concat());
        bytes.extend([b"PK\x03\x04", head.as_slice(), part.name.as_bytes(), &part.packed].concat());
    }
    let (count, at) = ((parts.len() as u16).to_le_bytes(), bytes.len() as u32);
    let size = (list.len() as u32).to_le_bytes();
    bytes.extend(&list);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &at.to_le_bytes(), &[0; 2]].concat());
    bytes
}

const FONT: &[u8] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/// A PDF of objects after its catalog, the second the root of its pages.
fn pdf(objects: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n".to_vec();
    let mut count = 2;
    for object in objects {
        bytes.extend(format!("{count} 0 obj\n").into_bytes());
        bytes.extend_from_slice(object.as_ref());
        bytes.extend_from_slice(b"\nendobj\n");
        count += 1;
    }
    bytes.extend(format!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n0\n%%EOF\n").into_bytes());
    bytes
}

fn stream(content: &[u8], entries: &str) -> Vec<u8> {
    [format!("<< {entries} /Length {} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

fn one_page(content: &[u8], entries: &str) -> Vec<u8> {
    let page: &[u8] = b"<< /Type /Page /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>";
    pdf([b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, &stream(content, entries), FONT])
}
