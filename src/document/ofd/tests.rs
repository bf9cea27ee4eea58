//! Small packages, written as offices' programs write them, and what is seen of them.

use crate::document::samples::{self, zipped};
use crate::document::{Origin, read};
use crate::model::{Document, Media};

const LIST: &str = "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016' DocType='OFD' Version='1.0'><ofd:DocBody><ofd:DocInfo>\
    <ofd:DocID>1</ofd:DocID><ofd:Title>年报</ofd:Title><ofd:Author>云溪市</ofd:Author></ofd:DocInfo>\
    <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
const ROOT: &str = "<ofd:Document xmlns:ofd='x'><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>\
    <ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:TemplatePage ID='9' BaseLoc='Tpls/Tpl_0/Content.xml'/></ofd:CommonData>\
    <ofd:Pages><ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/></ofd:Pages></ofd:Document>";
const RESOURCES: &str = "<ofd:Res xmlns:ofd='x' BaseLoc='Res'><ofd:Fonts><ofd:Font ID='3' FontName='宋体'/><ofd:Font ID='4' FontName='黑体'/></ofd:Fonts>\
    <ofd:DrawParams><ofd:DrawParam ID='5'><ofd:FillColor Value='255 255 255'/></ofd:DrawParam><ofd:DrawParam ID='6' Relative='5'/></ofd:DrawParams>\
    <ofd:MultiMedias><ofd:MultiMedia ID='7' Type='Image'><ofd:MediaFile>scan.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>\
    <ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID='8' Width='10' Height='10'><ofd:Content><ofd:TextObject Boundary='0 0 60 8' Size='4'>\
    <ofd:TextCode X='0' Y='5' DeltaX='g 9 4'>合成的文字</ofd:TextCode></ofd:TextObject></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>";

fn page(objects: &str) -> String {
    format!(
        "<ofd:Page xmlns:ofd='x'><ofd:Template TemplateID='9' ZOrder='Background'/><ofd:Content><ofd:Layer Type='Body' ID='2'>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
    )
}

fn package(page: &str, template: &str) -> Vec<u8> {
    let template = format!("<ofd:Page xmlns:ofd='x'><ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content></ofd:Page>");
    zipped(&[
        ("OFD.xml", LIST.as_bytes()),
        ("Doc_0/Document.xml", ROOT.as_bytes()),
        ("Doc_0/PublicRes.xml", RESOURCES.as_bytes()),
        ("Doc_0/Res/scan.jpg", b"\xff\xd8\xff\xe0...."),
        ("Doc_0/Tpls/Tpl_0/Content.xml", template.as_bytes()),
        ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()),
    ])
}

fn seen(objects: &str) -> Document {
    read(&package(&page(objects), ""), Origin::default())
}

/// A text of four millimetres at a place.
fn text(x: f64, y: f64, words: &str, more: &str) -> String {
    let steps: Vec<&str> = words.chars().skip(1).map(|c| if c.is_ascii() { "2" } else { "4" }).collect();
    format!(
        "<ofd:TextObject Boundary='{x} {y} 100 6' Font='3' Size='4' {more}><ofd:TextCode X='0' Y='4' DeltaX='{}'>{words}</ofd:TextCode></ofd:TextObject>",
        steps.join(" ")
    )
}

/// Its lines; a document this short has no body type that emphasis could be told from.
fn lines(document: &Document) -> Vec<String> {
    samples::lines(document).into_iter().map(|line| line.trim_start_matches('#').to_owned()).collect()
}

fn codes(document: &Document) -> Vec<&str> {
    document.problems.iter().map(|problem| problem.code.as_str()).collect()
}

#[test]
fn words_are_read_with_their_properties() {
    let long = "全文由总体情况等六个部分组成";
    let document =
        seen(&(text(20.0, 20.0, long, "") + &text(20.0, 30.0, "一、共收 12 件", "") + &text(20.0, 40.0, "合计", "Weight='700'")));
    assert_eq!((document.media, document.title.as_deref(), document.meta("author")), (Media::Ofd, Some("年报"), Some("云溪市")));
    assert_eq!(samples::lines(&document), [long, "一、共收 12 件", "#合计"]);
    assert_eq!(codes(&document), Vec::<&str>::new());
}

#[test]
fn tables_are_read_from_lines_and_thin_areas_also_of_a_template() {
    let line = |x: f64, y: f64, to: &str, more: &str| {
        format!(
            "<ofd:PathObject Boundary='{x} {y} 80 20' LineWidth='0.3' {more}><ofd:AbbreviatedData>{to}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    };
    let mut rules = String::new();
    for row in 0..3 {
        rules += &line(20.0, 20.0 + 10.0 * f64::from(row), "M 0 0 L 80 0", "");
    }
    rules += &line(20.0, 20.0, "S 0 0 L 80 0 L 80 20 L 0 20 C", "");
    // A thin filled rectangle is a line; a hidden one is none.
    rules += &line(60.0, 20.0, "M 0 0 L 0.2 0 L 0.2 20 L 0 20 C", "Fill='true' Stroke='false'");
    rules += &line(40.0, 20.0, "M 0 0 L 0 20", "Visible='false'");
    let words = text(22.0, 22.0, "规章", "")
        + &text(62.0, 22.0, "12", "")
        + &text(22.0, 32.0, "规范性文件", "")
        + &text(62.0, 32.0, "3.5", "");
    let document = read(&package(&page(&words), &rules), Origin::default());
    assert_eq!(lines(&document), ["|规章|12|", "|规范性文件|3.5|"]);
    let spot = document.grids().next().unwrap().rows[0][1].spot.as_deref().copied().unwrap();
    assert_eq!((spot.page, spot.bounds.left, spot.bounds.top), (1, 170, 57));
}

#[test]
fn what_a_reader_cannot_see_is_not_read() {
    let scanned = "<ofd:ImageObject Boundary='0 0 210 297' CTM='210 0 0 297 0 0' ResourceID='7'/>";
    let hidden = text(20.0, 20.0, "看不见", "Visible='false'")
        + &text(20.0, 30.0, "透明", "Alpha='0'")
        + &text(20.0, 40.0, "白字", "DrawParam='6'")
        + &text(300.0, 50.0, "纸外", "")
        + "<ofd:PageBlock Visible='false'>"
        + &text(20.0, 60.0, "块里", "")
        + "</ofd:PageBlock>";
    let document = seen(&(hidden + &text(20.0, 80.0, "看得见", "")));
    assert_eq!(lines(&document), ["看得见"]);
    assert_eq!(document.hidden, ["看不见", "透明", "块里"]);
    // A scan with its recognised words below the picture is a scan.
    let document = seen(&(text(20.0, 20.0, "认出来的字", "") + scanned));
    assert_eq!((codes(&document), document.images), (vec!["scanned-pages"], 1));
}

#[test]
fn steps_turns_and_units_set_letters_where_they_stand() {
    // Repeated steps, a list that is too short, no steps at all, two pieces, a scaled and moved object.
    let one = |x: &str, y: &str, attributes: &str, pieces: &str| {
        format!("<ofd:TextObject Boundary='{x} {y} 100 6' Size='4' {attributes}>{pieces}</ofd:TextObject>")
    };
    let document = seen(
        &(one("20", "20", "", "<ofd:TextCode X='0' Y='4' DeltaX='g 3 4 2'>一二三四12</ofd:TextCode>")
            + &one("20", "30", "", "<ofd:TextCode X='0' Y='4'>没有步长</ofd:TextCode>")
            + &one(
                "20",
                "40",
                "",
                "<ofd:TextCode X='0' Y='4' DeltaX='4'>左边</ofd:TextCode><ofd:TextCode X='40'>右</ofd:TextCode>",
            )
            + &one("20", "50", "CTM='2 0 0 2 0 0'", "<ofd:TextCode X='0' Y='4' DeltaX='4'>放大</ofd:TextCode>")
            + "<ofd:CompositeObject Boundary='20 70 60 8' ResourceID='8'/>"),
    );
    assert_eq!(lines(&document), ["一二三四12", "没有步长", "左边\t右", "放大", "合成的文字"]);
    // Two numbers over one another are no number.
    let document = seen(&one("20", "20", "", "<ofd:TextCode X='0' Y='4' DeltaX='0.1'>12</ofd:TextCode>"));
    assert_eq!(lines(&document), ["1\u{fffd}2"]);
    // Letters turned with their line, over a page that lies on its side.
    let turned = "<ofd:TextObject Boundary='100 20 6 200' Size='4' ReadDirection='90' CharDirection='90'><ofd:TextCode X='1' Y='0' DeltaY='g 5 4'>横排的一页字</ofd:TextCode></ofd:TextObject>";
    assert_eq!(lines(&seen(turned)), ["横排的一页字"]);
}

#[test]
fn letters_without_a_code_are_unknown() {
    let glyphs = "<ofd:TextObject Boundary='20 20 100 6' Size='4'><ofd:CGTransform CodePosition='0' CodeCount='12' GlyphCount='12'><ofd:Glyphs>1 2</ofd:Glyphs></ofd:CGTransform>\
        <ofd:TextCode X='0' Y='4' DeltaX='g 11 4'>¤¤¤¤¤¤¤¤¤¤¤¤</ofd:TextCode></ofd:TextObject>";
    assert_eq!(codes(&seen(glyphs)), ["text-undecodable"]);
}

#[test]
fn what_is_missing_or_broken_is_told_with_its_page() {
    let whole = [("OFD.xml", LIST), ("Doc_0/Document.xml", ROOT), ("Doc_0/Tpls/Tpl_0/Content.xml", "<Page/>")];
    let with = |pages: &str, parts: &[(&str, &str)]| {
        let root = ROOT.replace("</ofd:Pages>", &format!("{pages}</ofd:Pages>"));
        let mut all: Vec<(&str, &[u8])> = whole.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        all[1].1 = root.as_bytes();
        all.extend(parts.iter().map(|(name, text)| (*name, text.as_bytes())));
        read(&zipped(&all), Origin::default())
    };
    let first = page(&text(20.0, 20.0, "第一页", ""));
    let missing = with("<ofd:Page ID='2' BaseLoc='Pages/Page_1/Content.xml'/>", &[("Doc_0/Pages/Page_0/Content.xml", &first)]);
    assert_eq!((lines(&missing), codes(&missing)), (vec!["第一页".to_owned()], vec!["document-incomplete"]));
    assert!(missing.problems[0].message.contains("第 2 页"), "{}", missing.problems[0].message);
    let cut = with("", &[("Doc_0/Pages/Page_0/Content.xml", &first[..first.len() - 30])]);
    assert_eq!((lines(&cut), codes(&cut)), (vec!["第一页".to_owned()], vec!["document-incomplete"]));
    for parts in [&whole[..1], &[("OFD.xml", "<OFD/>")], &[("OFD.xml", "")]] {
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        assert_eq!(codes(&read(&zipped(&parts), Origin::default())), ["document-damaged"]);
    }
}

#[test]
fn of_several_documents_the_report_is_read() {
    let body = |number: u32| format!("<DocBody><DocRoot>Doc_{number}/Document.xml</DocRoot></DocBody>");
    let list = format!("<OFD>{}{}</OFD>", body(0), body(1));
    let root = "<Document><Pages><Page BaseLoc='P.xml'/></Pages></Document>";
    let titled =
        |title: &str| page(&text(20.0, 20.0, title, "")).replace("<ofd:Template TemplateID='9' ZOrder='Background'/>", "");
    let of = |first: &str, second: &str| {
        let (first, second) = (titled(first), titled(second));
        read(
            &zipped(&[
                ("OFD.xml", list.as_bytes()),
                ("Doc_0/Document.xml", root.as_bytes()),
                ("Doc_0/P.xml", first.as_bytes()),
                ("Doc_1/Document.xml", root.as_bytes()),
                ("Doc_1/P.xml", second.as_bytes()),
            ]),
            Origin::default(),
        )
    };
    let found = of("附件目录", "政府信息公开工作年度报告");
    assert_eq!((lines(&found), codes(&found)), (vec!["政府信息公开工作年度报告".to_owned()], vec!["archive-chosen"]));
    assert_eq!(codes(&of("附件目录", "附件")), ["archive-several"]);
}

#[test]
fn bombs_end_soon() {
    let repeated = "<ofd:Page BaseLoc='Pages/Page_0/Content.xml'/>".repeat(20_000);
    let root = ROOT.replace("</ofd:Pages>", &format!("{repeated}</ofd:Pages>"));
    let words = page(&text(20.0, 20.0, &"公".repeat(20_000), ""));
    let units = RESOURCES
        .replace("<ofd:TextObject", "<ofd:CompositeObject ResourceID='8'/><ofd:CompositeObject ResourceID='8'/><ofd:TextObject");
    let nested = page("<ofd:CompositeObject Boundary='0 0 1 1' ResourceID='8'/>");
    let steps = page("<ofd:TextObject Size='4'><ofd:TextCode DeltaX='g 4000000000 1'>12</ofd:TextCode></ofd:TextObject>");
    for (root, resources, page) in
        [(root.as_str(), RESOURCES, &words), (ROOT, units.as_str(), &nested), (ROOT, RESOURCES, &steps)]
    {
        let bytes = zipped(&[
            ("OFD.xml", LIST.as_bytes()),
            ("Doc_0/Document.xml", root.as_bytes()),
            ("Doc_0/PublicRes.xml", resources.as_bytes()),
            ("Doc_0/Tpls/Tpl_0/Content.xml", b"<Page/>"),
            ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()),
        ]);
        let document = read(&bytes, Origin::default());
        let told = codes(&document).contains(&"document-incomplete");
        assert_eq!(told, !std::ptr::eq(page, &steps), "{:?}", document.problems);
    }
}
