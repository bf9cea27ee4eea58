//! Whether what stands on the pages is text at all: scans, outlines, fonts that do not say their letters.

use super::Page;
use crate::model::{Document, Problem};

/// A page that a picture covers to more than this part, with hardly a letter, is a scan.
const SCANNED: f32 = 0.6;
/// So many letters a scanner or a stamp may add to a scan.
const STAMPED: usize = 40;
/// So many shapes on a page without letters are letters drawn as outlines.
const OUTLINED: u32 = 150;
/// Of so many letters one may be unknown for the others to be believed.
const ONE_IN: usize = 25;

/// So many pages are named, of those that could not be read to their end.
const NAMED: usize = 10;

/// How a page came to be unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unread {
    Scanned,
    Outlined,
}

fn unread(page: &Page) -> Option<Unread> {
    let letters = page.glyphs.iter().filter(|glyph| !glyph.letter.is_whitespace()).count();
    if page.pictured > SCANNED && letters < STAMPED {
        Some(Unread::Scanned)
    } else if page.shapes > OUTLINED && letters < STAMPED / 2 {
        Some(Unread::Outlined)
    } else {
        None
    }
}

/// Says what cannot be read; false where nothing of the document can.
pub(super) fn judge(document: &mut Document, pages: &[Page]) -> bool {
    let count = |kind| pages.iter().filter(|page| unread(page) == Some(kind)).count();
    let (scanned, outlined) = (count(Unread::Scanned), count(Unread::Outlined));
    if scanned > 0 {
        let message = format!("共 {} 页，其中 {scanned} 页是扫描图片，没有可读的文字，数字未读取；请人工查看", pages.len());
        document.problems.push(Problem::new("scanned-pages", message));
    }
    if outlined > 0 {
        let message = format!("共 {} 页，其中 {outlined} 页的文字已转成图形，无法读取；请人工查看", pages.len());
        document.problems.push(Problem::new("outlined-text", message));
    }
    document.images += (scanned + outlined) as u32;
    let partly: Vec<String> = pages.iter().filter(|page| !page.complete).map(|page| page.number.to_string()).collect();
    if !partly.is_empty() {
        let (named, more) = (partly[..partly.len().min(NAMED)].join("、"), if partly.len() > NAMED { "等" } else { "" });
        let message = format!("文件的第 {named} {more}页有内容无法读取，相关核对不作结论；请人工查看");
        document.problems.push(Problem::new("document-incomplete", message));
    }
    match garbled(pages) {
        Some(problem) => {
            document.problems.push(problem);
            false
        }
        None => true,
    }
}

/// A document whose letters are not what they say.
fn garbled(pages: &[Page]) -> Option<Problem> {
    let letters =
        || pages.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.letter).filter(|letter| !letter.is_whitespace());
    let (seen, unknown) = (letters().count(), letters().filter(|letter| is_unknown(*letter)).count());
    if seen >= 10 && unknown * ONE_IN > seen {
        let message = format!(
            "文件所用字体没有给出对应的文字编码，{} 个字符中有 {unknown} 个无法认出，未读取；请人工查看原件，或向发布单位索取可复制文字的版本",
            seen
        );
        return Some(Problem::new("text-undecodable", message));
    }
    let chinese = letters().filter(|letter| ('\u{3400}'..='\u{9fff}').contains(letter)).count();
    let common = letters().filter(|letter| COMMON.contains(*letter)).count();
    (chinese >= 200 && common * 33 < chinese)
        .then(|| Problem::new("text-undecodable", "文件所用字体给出的文字编码有误，取出的文字不成语句，未读取；请人工查看原件"))
}

/// A letter that stands for none: unmapped, private, or a control.
pub(in crate::document) fn is_unknown(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Letters of which every Chinese text is full, and every report.
const COMMON: &str = "的一是在有和了不人中大为上个国以要年会工作公开信息政府行机关申请规定本部门件数我到他这生发务办法理其";
