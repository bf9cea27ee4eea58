//! A program of this machine that reads text off pictures (OCR): tesseract, and pdftoppm to make pictures of PDF pages.
//!
//! It is asked only where the configuration names it and a document has no text at all. What it gives is a guess that
//! often looks right: the document says so, its report is marked, and no finding rests on it.

use super::folder::{Folder, located};
use super::process::{self, Failed, Memory};
use crate::model::{Block, Document, Media, Problem};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Address space each program may take.
const MEMORY: Memory = Memory::Space(2 * 1024 * 1024 * 1024);
/// The most text that is taken.
const MAX_TEXT: u64 = 4 * 1024 * 1024;
/// The most pages that are looked at.
const MAX_PAGES: u32 = 40;
/// Pixels an inch at which pages are drawn: enough for the small print of a table.
const RESOLUTION: u32 = 200;

/// The program that is asked, if any.
#[derive(Debug, Clone)]
pub(super) enum Recogniser {
    Off,
    /// It is wanted, and not on this machine.
    Missing,
    Found {
        program: PathBuf,
        /// What draws the pages of a PDF, from beside it or along the search path.
        painter: Option<PathBuf>,
    },
}

/// Whether a program is one that we know how to ask.
pub fn is_recogniser(program: &str) -> bool {
    Path::new(program).file_stem().is_some_and(|stem| stem == "tesseract")
}

/// Whether a document shows text and has none.
pub(super) fn is_pictures(read: &Document) -> bool {
    let told = |code: &str| read.problems.iter().any(|problem| problem.code == code);
    let bare = read.blocks.iter().all(|block| matches!(block, Block::Picture));
    bare && (read.media == Media::Image || read.media == Media::Pdf && (told("scanned-pages") || told("outlined-text")))
}

impl Recogniser {
    /// The program as named, looked for along `path`.
    pub(super) fn find(program: Option<&str>, path: &str) -> Recogniser {
        let Some(name) = program else { return Recogniser::Off };
        let Some(program) = located(name, path) else { return Recogniser::Missing };
        let beside = program.with_file_name("pdftoppm");
        let painter = if beside.is_file() { Some(beside) } else { located("pdftoppm", path) };
        Recogniser::Found { program, painter }
    }

    /// The text of a document of pictures; `None` where nobody wants to know.
    pub(super) fn text(
        &self,
        launcher: Option<&Path>,
        bytes: &[u8],
        media: Media,
        wall: Duration,
    ) -> Result<Option<String>, Problem> {
        let (program, painter) = match self {
            Recogniser::Off => return Ok(None),
            Recogniser::Found { program, painter } if media != Media::Pdf || painter.is_some() => (program, painter),
            Recogniser::Missing | Recogniser::Found { .. } => {
                return Err(Problem::new(
                    "recogniser-missing",
                    "配置了文字识别，本机没有找到所需程序；请安装 tesseract-ocr、tesseract-ocr-chi-sim 和 poppler-utils 后重新检查",
                ));
            }
        };
        let painter = painter.as_deref().filter(|_| media == Media::Pdf);
        launcher.ok_or(Failed::Ended).and_then(|launcher| recognised(launcher, program, painter, bytes, wall)).map(Some).map_err(
            |_| {
                Problem::new("recogniser-failed", "文字识别没有得出结果；请确认 tesseract 已装中文语言包 chi_sim，或人工查看原件")
            },
        )
    }
}

fn recognised(launcher: &Path, program: &Path, painter: Option<&Path>, bytes: &[u8], wall: Duration) -> Result<String, Failed> {
    let folder = Folder::new().ok_or(Failed::Ended)?;
    let input = folder.path.join("in");
    std::fs::write(&input, bytes).map_err(|_| Failed::Ended)?;
    let pictures = match painter {
        Some(painter) => {
            let mut command = folder.command(launcher, painter, MEMORY, wall);
            command.args(["-gray", "-r", &RESOLUTION.to_string(), "-l", &MAX_PAGES.to_string()]);
            process::run(command.arg(&input).arg(folder.path.join("page")), Vec::new(), wall, 1)?;
            pages(&folder.path)
        }
        None => vec![input],
    };
    // All pages in one run, which so has one limit: a file of their names.
    let list: String = pictures.iter().map(|path| format!("{}\n", path.display())).collect();
    let names = folder.path.join("list.txt");
    std::fs::write(&names, list).map_err(|_| Failed::Ended)?;
    let mut command = folder.command(launcher, program, MEMORY, wall);
    command.env("OMP_THREAD_LIMIT", "1").arg(&names).args(["stdout", "-l", "chi_sim", "--psm", "6"]);
    let text = process::run(command.args(["-c", "preserve_interword_spaces=1"]), Vec::new(), wall, MAX_TEXT)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    if text.trim().is_empty() { Err(Failed::Ended) } else { Ok(text) }
}

/// The pictures of pages in a folder, in order: their numbers are written with as many digits.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut pages: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "pgm")).collect();
    pages.sort();
    pages
}
