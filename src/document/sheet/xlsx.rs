//! Workbooks of Office Open XML (.xlsx, .xlsm).

use super::super::package::{Fault, Package};
use super::super::xml::{Element, Tree, text_of};
use super::super::{properties, xml};
use super::{ILLEGIBLE, MAX_ROWS, Sheet, damaged, format, incomplete};
use crate::model::Document;
use std::borrow::Cow;
use std::collections::HashMap;

/// The most sheets of a workbook that are read.
const MAX_SHEETS: usize = 256;

/// What cells refer to.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    /// The number format of each style.
    formats: Vec<String>,
    from_1904: bool,
}

/// The sheets of a workbook, in its order.
pub(super) fn sheets(bytes: &[u8], document: &mut Document) -> Result<Vec<Sheet>, Fault> {
    let mut package = Package::open(bytes)?;
    properties::of_office_open(&mut package, document)?;
    let main = ["xl/workbook.xml", "xl/Workbook.xml"].iter().find_map(|name| package.part(name).transpose());
    let Some(main) = main.transpose()? else { return damaged() };
    let targets = targets(&mut package)?;
    let text = text_of(&main);
    let tree = Tree::parse(&text);
    let Some(root) = tree.root() else { return damaged() };
    let properties = root.child("workbookPr").and_then(|it| it.attribute("date1904"));
    let book = Book {
        strings: shared_strings(&mut package)?,
        formats: formats(&mut package)?,
        from_1904: properties.is_some_and(|it| it == "1" || it == "true"),
    };
    let mut sheets = Vec::new();
    let listed = root.child("sheets").into_iter().flat_map(Element::children);
    for (at, listed) in listed.filter(|element| element.name() == "sheet").enumerate() {
        if at == MAX_SHEETS {
            document.problems.push(incomplete());
            break;
        }
        let target = listed.attribute("id").and_then(|id| targets.get(id.as_ref()).cloned());
        let path = target.unwrap_or_else(|| format!("xl/worksheets/sheet{}.xml", at + 1));
        let mut sheet = Sheet::after(&sheets, listed.attribute("state").is_some_and(|state| state != "visible"));
        match package.part(&path) {
            Ok(Some(part)) => {
                let text = text_of(&part);
                let tree = Tree::parse(&text);
                sheet.cut = !tree.whole;
                if let Some(root) = tree.root().filter(|root| root.name() == "worksheet") {
                    fill(&mut sheet, root, &book);
                }
            }
            Ok(None) => sheet.cut = true,
            Err(Fault::Damaged) => {
                document.problems.push(incomplete());
                sheet.cut = true;
            }
            Err(fault) => return Err(fault),
        }
        sheets.push(sheet);
    }
    if sheets.is_empty() { damaged() } else { Ok(sheets) }
}

/// Paths of the parts that the workbook refers to, by their ids.
fn targets(package: &mut Package<'_>) -> Result<HashMap<String, String>, Fault> {
    let text = package.part("xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let text = text_of(&text);
    let tree = Tree::parse(&text);
    let related = tree.root().into_iter().flat_map(Element::children);
    let path = |target: &str| match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{}", target.trim_start_matches("./")),
    };
    Ok(related.filter_map(|it| Some((it.attribute("Id")?.into_owned(), path(&it.attribute("Target")?)))).collect())
}

/// The texts that cells share; of a rich text all runs, without the readings of its characters.
fn shared_strings(package: &mut Package<'_>) -> Result<Vec<String>, Fault> {
    let text = package.part("xl/sharedStrings.xml")?.unwrap_or_default();
    let text = text_of(&text);
    let tree = Tree::parse(&text);
    if tree.too_large {
        return Err(Fault::TooLarge);
    }
    Ok(tree.root().into_iter().flat_map(Element::children).filter(|it| it.name() == "si").map(rich_text).collect())
}

fn rich_text(element: Element<'_, '_>) -> String {
    let mut text = String::new();
    for child in element.children() {
        match child.name() {
            "t" => text.push_str(&child.text()),
            "r" => text.extend(child.children().filter(|it| it.name() == "t").map(|it| it.text())),
            _ => {}
        }
    }
    unescaped(&text)
}

/// Text without `_x000D_`, which stands for a character that XML cannot hold.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let c = code.and_then(char::from_u32).filter(|_| rest[at + 2..].get(4..5) == Some("_"));
        plain.push_str(&rest[..at]);
        match c {
            Some(c) => {
                plain.extend(Some(c).filter(|c| *c != '\r'));
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// The number format of each cell style.
fn formats(package: &mut Package<'_>) -> Result<Vec<String>, Fault> {
    let text = package.part("xl/styles.xml")?.unwrap_or_default();
    let text = text_of(&text);
    let tree = Tree::parse(&text);
    let Some(root) = tree.root() else { return Ok(Vec::new()) };
    let own = root.child("numFmts").into_iter().flat_map(Element::children);
    let own: HashMap<u32, String> =
        own.filter_map(|it| Some((it.number("numFmtId")?, it.attribute("formatCode")?.into_owned()))).collect();
    let styles = root.child("cellXfs").into_iter().flat_map(Element::children).filter(|it| it.name() == "xf");
    Ok(styles
        .map(|style| {
            let id = style.number("numFmtId").unwrap_or(0);
            own.get(&id).cloned().unwrap_or_else(|| format::builtin(id).to_owned())
        })
        .collect())
}

fn fill(sheet: &mut Sheet, root: Element<'_, '_>, book: &Book) {
    let is_on = |value: Option<std::borrow::Cow<'_, str>>| value.is_some_and(|value| value == "1" || value == "true");
    for column in root.child("cols").into_iter().flat_map(Element::children).filter(|column| is_on(column.attribute("hidden"))) {
        let (first, last) = (column.number("min").unwrap_or(1u32), column.number("max").unwrap_or(1u32));
        sheet.hide_columns(first.saturating_sub(1), last.saturating_sub(1));
    }
    let mut row_at = 0u32;
    for row in root.child("sheetData").into_iter().flat_map(Element::children) {
        let at = row.number::<u32>("r").map_or(row_at, |at| at.saturating_sub(1));
        row_at = at.saturating_add(1);
        if is_on(row.attribute("hidden")) && at < MAX_ROWS {
            sheet.hidden_rows.insert(at);
        }
        let mut next = 0u32;
        for cell in row.children().filter(|cell| cell.name() == "c") {
            let column = cell.attribute("r").and_then(|name| place(&name)).map_or(next, |(_, column)| column);
            next = column.saturating_add(1);
            sheet.put(at, column, &shown(cell, book));
        }
    }
    for merged in root.child("mergeCells").into_iter().flat_map(Element::children) {
        let area = merged.attribute("ref");
        let corners =
            area.as_deref().and_then(|area| area.split_once(':')).and_then(|(from, to)| Some((place(from)?, place(to)?)));
        if let Some(((top, left), (bottom, right))) = corners {
            sheet.merge((top, left, bottom, right));
        }
    }
}

/// Row and column of a name like `B12`, from 0.
fn place(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let letters = name.find(|c: char| c.is_ascii_digit())?;
    let column = name[..letters].bytes().try_fold(0u32, |column, letter| {
        letter
            .is_ascii_alphabetic()
            .then(|| column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1))?
    })?;
    let row: u32 = name[letters..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// What a cell shows.
fn shown<'b>(cell: xml::Element<'_, '_>, book: &'b Book) -> Cow<'b, str> {
    let kind = cell.attribute("t");
    let stored = cell.child("v").map(|value| value.text());
    let Some(stored) = stored.filter(|stored| !stored.is_empty()) else {
        return match cell.child("is") {
            Some(inline) => rich_text(inline).into(),
            // A formula whose result nobody stored: something is there, and cannot be told.
            None if cell.child("f").is_some() && kind.as_deref() != Some("str") => ILLEGIBLE.into(),
            None => "".into(),
        };
    };
    match kind.as_deref() {
        Some("s") => match stored.trim().parse::<usize>().ok().and_then(|at| book.strings.get(at)) {
            Some(text) => text.into(),
            None => ILLEGIBLE.into(),
        },
        Some("b") => if stored.trim() == "1" { "TRUE" } else { "FALSE" }.into(),
        Some("str" | "inlineStr") => unescaped(&stored).into(),
        Some("e" | "d") => stored.into(),
        _ => match format::number(&stored) {
            Some(number) => {
                let style = cell.number::<usize>("s").unwrap_or(0);
                format::shown(number, book.formats.get(style).map_or("General", String::as_str), book.from_1904).into()
            }
            None => ILLEGIBLE.into(),
        },
    }
}
