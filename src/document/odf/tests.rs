//! OpenDocument bodies, and what a reader sees of them.

use super::super::samples::{lines, zipped};
use super::{read, read_flat};
use crate::model::{Document, Media};

const STYLES: &str = r#"<office:styles><style:style style:name="gone"><style:text-properties text:display="none"/></style:style>
<style:style style:name="fat"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="off"><style:table-properties table:display="false"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>
<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="." text:display-levels="1"/></text:list-style></office:styles>"#;

fn document(kind: &str, body: &str) -> Document {
    let names = "xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"b\" xmlns:draw=\"d\" xmlns:svg=\"s\"";
    let content = format!(
        "<office:document-content {names}><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    );
    let styles = format!("<office:document-styles>{STYLES}</office:document-styles>");
    let meta = "<office:document-meta><office:meta><dc:title>年报</dc:title><meta:initial-creator>某甲</meta:initial-creator></office:meta></office:document-meta>";
    let parts: [(&str, &[u8]); 3] =
        [("content.xml", content.as_bytes()), ("styles.xml", styles.as_bytes()), ("meta.xml", meta.as_bytes())];
    read(&zipped(&parts), Media::Odt)
}

#[test]
fn text_is_read_as_a_reader_sees_it() {
    for (body, expected) in [
        ("<text:p>本年<text:s text:c=\"2\"/>新<text:tab/>收<text:line-break/>四\n件</text:p>", &["本年 新\t收", "四 件"][..]),
        ("<text:p><text:span text:style-name=\"gone\">藏</text:span>见</text:p>", &["见"]),
        ("<text:h text:outline-level=\"1\">标题</text:h><text:p text:style-name=\"fat\">粗</text:p>", &["#标题", "#粗"]),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>旧</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>新</text:p>",
            &["新"],
        ),
        (
            "<text:p>注<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚</text:p></text:note-body></text:note><office:annotation><text:p>批</text:p></office:annotation></text:p>",
            &["注"],
        ),
        (
            "<text:table-of-content><text:index-body><text:p>一、总体情况 1</text:p></text:index-body></text:table-of-content>",
            &[],
        ),
        (
            "<text:list text:style-name=\"L1\"><text:list-item><text:p>总体情况</text:p><text:list><text:list-item><text:p>甲</text:p></text:list-item></text:list></text:list-item></text:list><text:p>文</text:p><text:list text:style-name=\"L1\" text:continue-numbering=\"true\"><text:list-item><text:p>主动</text:p></text:list-item></text:list>",
            &["一、总体情况", "1. 甲", "文", "二、主动"],
        ),
        ("<text:p>前<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame></text:p>", &["前", "框"]),
        ("<text:p><draw:frame svg:width=\"15cm\" svg:height=\"6cm\"><draw:image/></draw:frame></text:p>", &["<picture>"]),
        ("<text:p><draw:frame svg:width=\"2cm\" svg:height=\"2cm\"><draw:image/></draw:frame></text:p>", &[]),
        (
            "<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned=\"2\"><text:p>甲</text:p></table:table-cell><table:table-cell table:number-columns-spanned=\"2\"><text:p>乙</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows><table:table-row><table:covered-table-cell/><table:table-cell table:number-columns-repeated=\"2\"><text:p>0</text:p></table:table-cell></table:table-row></table:table>",
            &["|甲2x1|乙1x2|", "|0|0|"],
        ),
    ] {
        assert_eq!(lines(&document("text", body)), expected, "{body}");
    }
    let properties = document("text", "<text:p/>");
    assert_eq!((properties.title.as_deref(), properties.meta("author")), (Some("年报"), Some("某甲")));
}

#[test]
fn sheets_show_what_a_reader_sees() {
    let cells = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1234.5600000001\"><text:p>1,234.56</text:p><office:annotation><text:p>批</text:p></office:annotation></table:table-cell><table:table-cell table:formula=\"of:=SUM([.A1])\"/><table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row><table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>";
    let shown = document(
        "spreadsheet",
        &format!("<table:table>{cells}</table:table><table:table table:style-name=\"off\">{cells}</table:table>"),
    );
    assert_eq!(lines(&shown), ["|1,234.56|\u{fffd}|"]);
    assert_eq!((shown.problems[0].code.as_str(), shown.hidden[0].as_str()), ("hidden-sheet", "1,234.56"));
}

#[test]
fn flat_and_locked_documents_are_told() {
    let flat = "<?xml version=\"1.0\"?><office:document><office:body><office:text><text:p>平</text:p></office:text></office:body></office:document>";
    assert_eq!(lines(&read_flat(flat, Media::FlatXml)), ["平"]);
    let locked = zipped(&[("META-INF/manifest.xml", b"<m:encryption-data/>"), ("content.xml", b"\x01\x02")]);
    assert_eq!(read(&locked, Media::Odt).problems[0].code, "document-encrypted");
}
