//! Archives (.zip) that hold documents: the report is read where it can be told which one it is.
//!
//! One document is read as itself. Of several, the one that calls itself the report is read: by its name, else by
//! its first lines; a report in two formats is read in the one that is read best. Where that cannot be
//! told nothing is read, and the problem says what to do.

use super::package::{Fault, Package};
use super::{MAX_DEPTH, Origin, read_at, sniff};
use crate::model::{Block, Document, Media, Problem};
use crate::text::compact;

/// Endings of documents, those first that are read best.
const ENDINGS: [&str; 20] = [
    "docx", "docm", "doc", "wps", "html", "htm", "mht", "odt", "fodt", "rtf", "xlsx", "xls", "et", "ods", "ofd", "pdf", "txt",
    "xml", "md", "zip",
];
/// The most documents that are opened to find the report among them.
const MAX_OPENED: usize = 5;

/// The property of a document that names the member it was found in.
const MEMBER: &str = "archive-member";

/// Reads an archive that lies `depth` deep in others.
pub(super) fn read(bytes: &[u8], depth: u32) -> Document {
    let read = Package::open(bytes).and_then(|mut package| read_package(&mut package, depth));
    read.unwrap_or_else(|fault| fault.document(Media::Zip))
}

fn problem(code: &str, message: String) -> Document {
    let mut document = Document::new(Media::Zip);
    document.problems.push(Problem::new(code, message));
    document
}

fn read_package(package: &mut Package<'_>, depth: u32) -> Result<Document, Fault> {
    let names: Vec<String> = package.names().to_vec();
    let mut documents: Vec<usize> = (0..names.len()).filter(|at| rank(&names[*at]).is_some()).collect();
    if depth >= MAX_DEPTH {
        return Ok(problem("archive-unsupported", "压缩包里一层层套着压缩包，未读取；请解压后检查其中的文件".to_owned()));
    }
    if documents.is_empty() {
        return Ok(problem("archive-unsupported", "压缩包里没有可读的文档；请人工查看".to_owned()));
    }
    let all = documents.len();
    let titled = |at: &usize| is_title(&names[*at]);
    if documents.iter().any(titled) {
        documents.retain(titled);
    }
    // The same name in several formats is one document.
    let mut best: Vec<usize> = Vec::new();
    for at in documents {
        match best.iter_mut().find(|known| stem(&names[**known]) == stem(&names[at])) {
            Some(known) if rank(&names[at]) < rank(&names[*known]) => *known = at,
            Some(_) => {}
            None => best.push(at),
        }
    }
    let mut chosen = None;
    if best.len() == 1 {
        chosen = Some((best[0], read_member(package, best[0], &names, depth)?));
    } else if best.len() <= MAX_OPENED {
        let mut reports = Vec::new();
        for at in best {
            let document = read_member(package, at, &names, depth)?;
            if begins_as_report(&document) {
                reports.push((at, document));
            }
        }
        chosen = reports.pop().filter(|_| reports.is_empty());
    }
    let Some((at, mut document)) = chosen else {
        let message = format!("压缩包里有 {all} 份文档，看不出哪一份是年度报告，未读取；请解压后单独检查");
        return Ok(problem("archive-several", message));
    };
    document.meta.push((MEMBER.to_owned(), names[at].clone()));
    if all > 1 {
        document
            .problems
            .push(Problem::new("archive-chosen", format!("压缩包里有 {all} 份文档，按名称和标题读取了其中的年度报告")));
    }
    Ok(document)
}

fn read_member(package: &mut Package<'_>, at: usize, names: &[String], depth: u32) -> Result<Document, Fault> {
    let bytes = package.unpack(at)?;
    let origin = Origin { content_type: None, name: Some(&names[at]) };
    Ok(read_at(sniff(&bytes, origin), &bytes, origin, depth + 1))
}

/// The names of the archive members that a document was found in, the outermost first.
pub(crate) fn members(document: &Document) -> impl Iterator<Item = &str> {
    document.meta.iter().rev().filter(|(name, _)| name == MEMBER).map(|(_, member)| member.as_str())
}

/// The bytes of a member of an archive, by its name.
pub(crate) fn member(bytes: &[u8], name: &str) -> Option<Vec<u8>> {
    Package::open(bytes).ok()?.part(name).ok()?
}

/// How well a file of this name is read; `None` for what is no document.
fn rank(name: &str) -> Option<usize> {
    let file = name.rsplit('/').next().unwrap_or(name);
    if name.contains("__MACOSX") || file.starts_with(['.', '~']) {
        return None;
    }
    let ending = file.rsplit_once('.')?.1.to_ascii_lowercase();
    ENDINGS.iter().position(|known| *known == ending)
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether a name or a line calls something a report on disclosure.
fn is_title(text: &str) -> bool {
    let text = compact(text);
    text.contains("年度报告") || text.contains("年报")
}

/// Whether the first lines of a document call it a report on disclosure.
pub(super) fn begins_as_report(document: &Document) -> bool {
    let lines =
        document.blocks.iter().filter_map(|block| if let Block::Text(text) = block { Some(text.text.as_str()) } else { None });
    let head: String = lines.take(8).collect();
    is_title(&head) && compact(&head).contains("公开")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{lines, zipped};
    use super::super::{Origin, read};

    const REPORT: &str = "<html><body><p>云溪市2024年政府信息公开工作年度报告</p></body></html>";

    #[test]
    fn the_report_is_found_or_the_archive_is_left() {
        let gbk = crate::text::legacy(b"\xc4\xea\xb1\xa8.html");
        assert_eq!(gbk, "年报.html");
        for (parts, code, text) in [
            (&[("a.html", REPORT)][..], None, true),
            (&[("a.html", REPORT), ("__MACOSX/._a.html", "x"), ("logo.png", "x")], None, true),
            (&[("年报.html", REPORT), ("附件.html", "<p>别的")], Some("archive-chosen"), true),
            (&[("1.html", REPORT), ("2.html", "<p>别的")], Some("archive-chosen"), true),
            (&[("年报.html", REPORT), ("年报.txt", "年报")], Some("archive-chosen"), true),
            (&[("1.html", REPORT), ("2.html", REPORT)], Some("archive-several"), false),
            (&[("a.png", "x")], Some("archive-unsupported"), false),
        ] {
            let bytes: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
            let document = read(&zipped(&bytes), Origin::default());
            assert_eq!(document.problems.first().map(|problem| problem.code.as_str()), code, "{parts:?}");
            assert_eq!(lines(&document).iter().any(|line| line.contains("云溪市")), text, "{parts:?}");
        }
    }

    #[test]
    fn archives_in_archives_end_somewhere() {
        let one = zipped(&[("a.html", REPORT.as_bytes())]);
        let two = zipped(&[("a.zip", &one)]);
        assert!(read(&two, Origin::default()).problems.is_empty());
        let three = zipped(&[("a.zip", &two)]);
        assert_eq!(read(&three, Origin::default()).problems[0].code, "archive-unsupported");
    }
}
