//! Bodies of Word documents, and what a reader sees of them.

use super::super::samples::{lines, zipped};
use super::read;
use crate::model::{Document, Media};

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:wp=\"a\" xmlns:a=\"b\" \
    xmlns:wps=\"c\" xmlns:mc=\"d\" xmlns:v=\"e\" xmlns:r=\"f\" xmlns:m=\"g\"";

const STYLES: &str = r#"<w:styles><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="11"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="gone"><w:name w:val="gone"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;

const NUMBERING: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="1"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>"#;

fn document(body: &str) -> Document {
    let body = format!("<?xml version=\"1.0\"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>");
    let core = r#"<cp:coreProperties xmlns:cp="a" xmlns:dc="b"><dc:title>年报</dc:title><dc:creator>某甲</dc:creator><cp:lastModifiedBy>某乙</cp:lastModifiedBy></cp:coreProperties>"#;
    let rels = r#"<Relationships><Relationship Id="rId7" Type="http://x/aFChunk" Target="chunk.html"/></Relationships>"#;
    let parts: [(&str, &[u8]); 6] = [
        ("word/document.xml", body.as_bytes()),
        ("word/styles.xml", STYLES.as_bytes()),
        ("word/numbering.xml", NUMBERING.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
        ("word/_rels/document.xml.rels", rels.as_bytes()),
        ("word/chunk.html", "<html><body><p>另一段</p></body></html>".as_bytes()),
    ];
    read(&zipped(&parts), Media::Docx)
}

/// A paragraph around runs.
fn p(inside: &str) -> String {
    format!("<w:p>{inside}</w:p>")
}

/// A run of text.
fn t(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

/// A cell with properties and one paragraph of text.
fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(&t(text)))
}

fn table(rows: &[String]) -> String {
    let rows: String = rows.iter().map(|row| format!("<w:tr>{row}</w:tr>")).collect();
    format!("<w:tbl>{rows}</w:tbl>")
}

#[test]
fn text_is_read_as_a_reader_sees_it() {
    let field = |code: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
            t(result)
        )
    };
    let styled = |style: &str, text: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>", t(text));
    let numbered = |number: u32, level: u32, text: &str| {
        let level = format!("<w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{number}\"/>");
        format!("<w:p><w:pPr><w:numPr>{level}</w:numPr></w:pPr>{}</w:p>", t(text))
    };
    let text_box = "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>";
    let picture = |width: u32| {
        format!(
            "<w:r><w:drawing><wp:inline><wp:extent cx=\"{width}\" cy=\"2000000\"/><a:blip r:embed=\"rId1\"/></wp:inline></w:drawing></w:r>"
        )
    };
    let cases: Vec<(String, &[&str])> = vec![
        (p(&[t("本年"), "<w:r><w:tab/></w:r>".to_owned(), t("４件")].concat()), &["本年\t４件"]),
        (p("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r>"), &["一", "二"]),
        (p("<w:r><w:rPr><w:b/></w:rPr><w:t>粗</w:t></w:r>"), &["#粗"]),
        (p(&format!("<w:ins>{}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>{}", t("新"), t("件"))), &["新件"]),
        (p(&format!("<w:moveTo>{}</w:moveTo><w:moveFrom>{}</w:moveFrom>", t("到"), t("从"))), &["到"]),
        (format!("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{}</w:p>{}", t("前"), p(&t("后"))), &["前后"]),
        (p(&[field(" PAGE ", "7"), t("件")].concat()), &["7件"]),
        (p(&[field(" TOC \\o ", "一、总体情况 1"), t("正文")].concat()), &["正文"]),
        (styled("11", "一、总体情况 1"), &[]),
        (p("<w:fldSimple w:instr=\"DATE\"><w:r><w:t>2021</w:t></w:r></w:fldSimple>"), &["2021"]),
        (p(&format!("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>{}", t("见"))), &["见"]),
        (p("<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>见</w:t></w:r>"), &["见"]),
        (p("<w:r><w:rPr><w:webHidden/></w:rPr><w:t>见</w:t></w:r>"), &["见"]),
        (p("<w:r><w:rPr><w:rStyle w:val=\"gone\"/></w:rPr><w:t>藏</w:t></w:r>"), &[]),
        (p(&format!("{}<w:r><w:footnoteReference w:id=\"2\"/></w:r>", t("注"))), &["注"]),
        (
            p("<w:r><w:sym w:font=\"Symbol\" w:char=\"F034\"/></w:r><w:r><w:sym w:font=\"Wingdings\" w:char=\"F020\"/></w:r>"),
            &["4□"],
        ),
        (p(&format!("<m:oMath><m:r><m:t>3+4</m:t></m:r></m:oMath>{}", t("=7"))), &["3+4=7"]),
        (p(&format!("<w:smartTag>{}</w:smartTag><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", t("一"), t("二"))), &["一二"]),
        (format!("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", p(&t("单击此处"))), &[]),
        (p(text_box), &["框中"]),
        (p(&picture(5_000_000)), &["<picture>"]),
        (p(&picture(500_000)), &[]),
        ("<w:altChunk r:id=\"rId7\"/>".to_owned(), &["另一段"]),
        (
            [styled("1", "总体情况"), p(&t("文")), styled("1", "主动公开"), numbered(1, 1, "甲"), numbered(3, 0, "其他")]
                .concat(),
            &["#一、总体情况", "文", "#二、主动公开", "二.1 甲", "五、其他"],
        ),
        (numbered(2, 0, "点"), &["点"]),
    ];
    for (body, expected) in cases {
        assert_eq!(lines(&document(&body)), expected, "{body}");
    }
}

#[test]
fn tables_are_laid_out_as_a_reader_sees_them() {
    let restart = "<w:vMerge w:val=\"restart\"/>";
    let on = "<w:vMerge/>";
    let cases: Vec<(String, &[&str])> = vec![
        (table(&[[tc("<w:gridSpan w:val=\"2\"/>", "甲"), tc("", "乙")].concat(), [tc("", "1"), tc("", "2"), tc("", "3")].concat()]), &["|甲1x2|乙|", "|1|2|3|"]),
        (table(&[[tc(restart, "甲"), tc("", "1")].concat(), [tc(on, ""), tc("", "2")].concat(), [tc("", "乙"), tc("", "3")].concat()]), &["|甲2x1|1|", "|2|", "|乙|3|"]),
        (table(&[[tc("<w:hMerge w:val=\"restart\"/>", "甲"), tc("<w:hMerge/>", ""), tc("", "1")].concat(), [tc("", "2"), tc("", "3"), tc("", "4")].concat()]), &["|甲1x2|1|", "|2|3|4|"]),
        (table(&[[tc("", "甲"), tc("", "1")].concat(), format!("<w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}", tc("", "2"))]), &["|甲|1|", "|2|"]),
        (table(&[[tc("", "甲"), tc("", "1")].concat(), format!("<w:trPr><w:del/></w:trPr>{}{}", tc("", "乙"), tc("", "2"))]), &["|甲|1|"]),
        (table(&[[tc("", "甲"), format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", tc("", "1"))].concat()]), &["|甲|1|"]),
        // A table that holds a table only lays out the page.
        (table(&[format!("<w:tc>{}</w:tc>{}", table(&[[tc("", "甲"), tc("", "1")].concat()]), tc("", "乙"))]), &["|甲|1|", "乙"]),
        // A picture in a cell may be its figure: no blank.
        (table(&[[tc("", "甲"), "<w:tc><w:p><w:r><w:pict><v:shape style=\"width:10pt;height:9pt\"><v:imagedata/></v:shape></w:pict></w:r></w:p></w:tc>".to_owned()].concat()]), &["|甲|\u{fffd}|"]),
    ];
    for (body, expected) in cases {
        assert_eq!(lines(&document(&body)), expected, "{body}");
    }
    let hidden =
        document(&table(&[[tc("", "甲"), tc("", "1")].concat(), format!("<w:trPr><w:hidden/></w:trPr>{}", tc("", "私"))]));
    assert_eq!((lines(&hidden), hidden.hidden), (vec!["|甲|1|".to_owned()], vec!["私".to_owned()]));
    let shifted = document(&table(&[
        [tc("", "甲"), tc("", "1")].concat(),
        format!("<w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}", tc("", "2")),
    ]));
    let crate::model::Block::Table(grid) = &shifted.blocks[0] else { panic!("a table") };
    assert_eq!(grid.rows[1][0].column, 1);
}

#[test]
fn the_strict_namespace_and_the_properties_are_read() {
    let read = document(&p(&t("正文")));
    assert_eq!(
        (read.title.as_deref(), read.meta("author"), read.meta("last-modified-by")),
        (Some("年报"), Some("某甲"), Some("某乙"))
    );
    let body = "<x:document xmlns:x=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><x:body><x:p><x:r><x:t>正文</x:t></x:r></x:p></x:body></x:document>";
    let rels = "<Relationships><Relationship Id=\"a\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\" Target=\"/docs/Main.xml\"/></Relationships>";
    let strict = zipped(&[("_rels/.rels", rels.as_bytes()), ("docs/main.xml", body.as_bytes())]);
    assert_eq!(lines(&super::read(&strict, Media::Docx)), ["正文"]);
}

#[test]
fn what_breaks_off_is_no_whole_table() {
    let body =
        format!("<w:document {NAMESPACES}><w:body><w:tbl><w:tr>{}{}</w:tr><w:tr>{}", tc("", "甲"), tc("", "1"), tc("", "乙"));
    let read = read(&zipped(&[("word/document.xml", body.as_bytes())]), Media::Docx);
    assert_eq!(lines(&read), ["|甲|1| cut", "|乙| cut"]);
    assert_eq!(read.problems[0].code, "document-incomplete");
}
