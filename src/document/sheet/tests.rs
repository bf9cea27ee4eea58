//! Workbooks, and what a reader sees of them.

use super::super::samples::{lines, zipped};
use super::read;
use crate::model::{Document, Media};

/// A workbook of one sheet a body.
fn book(sheets: &[(&str, &str)]) -> Document {
    let listed: String = sheets
        .iter()
        .enumerate()
        .map(|(at, (state, _))| format!("<sheet name=\"表{at}\" state=\"{state}\" r:id=\"rId{at}\"/>"))
        .collect();
    let targets: String =
        (0..sheets.len()).map(|at| format!("<Relationship Id=\"rId{at}\" Target=\"/xl/worksheets/s{at}.xml\"/>")).collect();
    let main = format!("<workbook xmlns:r=\"r\"><sheets>{listed}</sheets></workbook>");
    let rels = format!("<Relationships>{targets}</Relationships>");
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let strings = "<sst><si><t>甲</t></si><si><r><t>乙</t></r><rPh><t>yi</t></rPh><r><t>丙_x000D_</t></r></si></sst>";
    let sheets: Vec<(String, String)> = sheets
        .iter()
        .enumerate()
        .map(|(at, (_, body))| (format!("xl/worksheets/s{at}.xml"), format!("<worksheet>{body}</worksheet>")))
        .collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("xl/workbook.xml", main.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ];
    parts.extend(sheets.iter().map(|(name, body)| (name.as_str(), body.as_bytes())));
    read(&zipped(&parts), Media::Xlsx)
}

#[test]
fn cells_show_what_a_reader_sees() {
    for (body, expected) in [
        (r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#, &["|甲|乙丙|"][..]),
        (
            r#"<row r="1"><c r="A1" s="1"><v>1234.5600000001</v></c><c r="B1"><v>1234.5600000001</v></c><c r="C1" s="2"><v>0.5</v></c></row>"#,
            &["|1234.56|1234.5600000001|50.00%|"],
        ),
        (
            r#"<row r="1"><c r="A1" s="3"><v>44204</v></c><c r="B1" t="inlineStr"><is><t>007</t></is></c></row>"#,
            &["|2021年1月8日|007|"],
        ),
        // A formula without a stored result is no zero; one that gives an empty text is blank.
        (
            r#"<row r="1"><c r="A1"><f>SUM(B1)</f></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><f>1+1</f><v>2</v></c></row>"#,
            &["|\u{fffd}|2|"],
        ),
        (r#"<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1"><v>x</v></c></row>"#, &["|\u{fffd}|\u{fffd}|"]),
        // Rows and cells that do not say where they are stand one after another.
        (r#"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c/></row>"#, &["|1|2|", "|3||"]),
        // A column in which nothing stands only spaces.
        (
            r#"<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row><row r="3"><c r="C3"><v>3</v></c></row>"#,
            &["|1|2|", "|||", "||3|"],
        ),
    ] {
        assert_eq!(lines(&book(&[("visible", &format!("<sheetData>{body}</sheetData>"))])), expected, "{body}");
    }
}

#[test]
fn merged_and_hidden_cells_are_laid_out() {
    let cells = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="D1"><v>3</v></c></row>
        <row r="2"><c r="A2"><v>4</v></c><c r="C2"><v>5</v></c><c r="D2"><v>6</v></c></row></sheetData>"#;
    let merged = r#"<mergeCells><mergeCell ref="B1:C1"/></mergeCells>"#;
    let plain = book(&[("visible", &format!("{cells}{merged}"))]);
    assert_eq!(lines(&plain), ["|1|21x2|3|", "|4||5|6|"]);
    let hidden = book(&[("visible", &format!("<cols><col min=\"4\" max=\"4\" hidden=\"1\"/></cols>{cells}"))]);
    assert_eq!((lines(&hidden)[0].as_str(), hidden.hidden.join(" ").as_str()), ("|1|2|| cut", "3 6"));
    assert_eq!(hidden.problems[0].code, "hidden-cells");
    let sheets = book(&[("visible", cells), ("hidden", "<sheetData><row><c><v>13800000000</v></c></row></sheetData>")]);
    assert_eq!((lines(&sheets).len(), sheets.hidden), (2, vec!["13800000000".to_owned()]));
    assert_eq!(sheets.problems[0].code, "hidden-sheet");
}

#[test]
fn what_cannot_be_read_is_told() {
    for (bytes, code) in [(&b"PK\x03\x04"[..], "document-damaged"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document-encrypted")] {
        assert_eq!(read(bytes, Media::Xlsx).problems[0].code, code);
    }
    assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Media::Xls).problems[0].code, "document-damaged");
    let cut = book(&[("visible", "<sheetData><row><c><v>1</v></c><c><v>2</v></c>")]);
    assert_eq!((lines(&cut)[0].as_str(), cut.problems[0].code.as_str()), ("|1|2| cut", "too-many-cells"));
}
