//! Foreign documents are read in a child process of our own binary.
//!
//! Libraries for office formats panic, loop and hoard memory on damaged files. The child has limits
//! on memory and processor time, the parent one on wall time; whatever happens to the child is a
//! problem of ours in the document, never a crash and never a finding. Where our readers give up on an old
//! format, a converter found on this machine is asked, and its result read like any other document. So it is with pages that
//! only a browser can show; that one is given its parts by whoever may fetch them.

mod browser;
mod devtools;
mod folder;
mod office;
mod process;
mod recognise;

pub use browser::{Browser, Part, Rendered, Rendering};
pub use office::{KNOWN, is_known};
pub use recognise::is_recogniser;

use crate::document::{self, Origin};
use crate::model::{Block, Document, Media, Problem};
use office::{Target, Tool};
use process::Failed;
use recognise::Recogniser;
use std::error::Error;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Address space a child may take.
const MEMORY: u64 = 1024 * 1024 * 1024;
/// Processor seconds a child may take.
const CPU_SECONDS: u64 = 20;
/// How long the parent waits.
const WALL: Duration = Duration::from_secs(30);
/// The most a child may answer.
const MAX_ANSWER: u64 = 64 * 1024 * 1024;

/// The hidden command that turns this binary into the child.
const COMMAND: &str = "extract-child";
/// The hidden command that unpacks one part of an archive.
const UNPACK: &str = "unpack-child";

/// Which converters are asked, and how long each may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converters {
    /// Names that are looked for along the search path, or paths; see [`KNOWN`].
    pub programs: Vec<String>,
    pub timeout: Duration,
    /// The program that reads text off pictures; none is asked unless it is named.
    pub recogniser: Option<String>,
}

impl Default for Converters {
    fn default() -> Converters {
        Converters { programs: KNOWN.map(str::to_owned).to_vec(), timeout: Duration::from_secs(60), recogniser: None }
    }
}

/// Reads documents, foreign ones in a child of `program`.
#[derive(Debug, Clone)]
pub struct Converter {
    program: Option<PathBuf>,
    tools: Vec<Tool>,
    timeout: Duration,
    recogniser: Recogniser,
    browser: Browser,
    /// One converter at a time: each takes as much memory as all else together.
    turn: Arc<Mutex<()>>,
}

impl Converter {
    /// A converter that starts `program` (a nianjian binary) for foreign documents and looks for converters along `path`.
    pub fn new(program: Option<PathBuf>, converters: &Converters, path: &str) -> Converter {
        let tools = office::tools(&converters.programs, path);
        let recogniser = Recogniser::find(converters.recogniser.as_deref(), path);
        let browser = Browser::find(program.clone(), path);
        Converter { program, tools, timeout: converters.timeout, recogniser, browser, turn: Arc::default() }
    }

    /// A converter that starts the running binary again, with what the search path offers.
    pub fn of_this_program(converters: &Converters) -> Converter {
        let path = std::env::var("PATH").unwrap_or_default();
        Converter::new(std::env::current_exe().ok(), converters, &path)
    }

    /// The browser of this machine, for portals that want it.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Reads a body of any format.
    pub fn read(&self, bytes: &[u8], origin: Origin<'_>) -> Document {
        let media = document::sniff(bytes, origin);
        if bytes.len() > document::MAX_BYTES {
            return document::read_as(media, bytes, origin);
        }
        let read = if document::is_foreign(media) {
            self.in_child(bytes).unwrap_or_else(|problem| {
                let mut document = Document::new(media);
                document.problems.push(problem);
                document
            })
        } else {
            document::read_as(media, bytes, origin)
        };
        if recognise::is_pictures(&read) {
            return self.recognised(bytes, read);
        }
        if media == Media::Zip && gives_up(&read) {
            return self.member(bytes, read);
        }
        match ending(bytes, origin, media).filter(|_| gives_up(&read)) {
            Some((ending, target)) => self.converted(bytes, ending, target, read),
            None => read,
        }
    }

    /// The document of an archive that our own reader told and could not read: unpacked by the child, then converted.
    fn member(&self, bytes: &[u8], read: Document) -> Document {
        let names: Vec<&str> = document::members(&read).collect();
        let Some(name) = names.last().copied() else { return read };
        let unpacked = names.iter().try_fold(bytes.to_vec(), |bytes, name| self.ask(&[UNPACK, name], bytes));
        let Ok(unpacked) = unpacked else { return read };
        let origin = Origin { content_type: None, name: Some(name) };
        let Some((ending, target)) = ending(&unpacked, origin, document::sniff(&unpacked, origin)) else { return read };
        let meta = read.meta.clone();
        Document { meta, ..self.converted(&unpacked, ending, target, read) }
    }

    /// A document of pictures with the text that a program reads off them, where the configuration wants that.
    fn recognised(&self, bytes: &[u8], mut read: Document) -> Document {
        let turn = self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let text = self.recogniser.text(self.program.as_deref(), bytes, read.media, self.timeout);
        drop(turn);
        match text {
            Ok(Some(text)) => {
                let of_text = document::read(text.as_bytes(), Origin { content_type: None, name: Some("a.txt") });
                read.blocks = of_text.blocks;
                let message = "文字由识别程序从图片中读出，可能有误，不据此下结论；请对照原件核对";
                read.problems.push(Problem::new("recognised", message));
            }
            Ok(None) => {}
            Err(problem) => read.problems.push(problem),
        }
        read
    }

    fn in_child(&self, bytes: &[u8]) -> Result<Document, Problem> {
        serde_json::from_slice(&self.ask(&[COMMAND], bytes.to_vec())?).map_err(|_| failed())
    }

    /// What the child answers to a command.
    fn ask(&self, command: &[&str], bytes: Vec<u8>) -> Result<Vec<u8>, Problem> {
        let program = self.program.as_ref().ok_or_else(failed)?;
        match process::run(Command::new(program).args(command).env_clear(), bytes, WALL, MAX_ANSWER) {
            Ok(answer) => Ok(answer),
            Err(Failed::Ended) => Err(failed()),
            Err(Failed::TooLong) => {
                Err(Problem::new("reader-timeout", format!("读取这份文件超过 {} 秒，已停止；请人工查看原件", WALL.as_secs())))
            }
        }
    }

    /// The document as the first converter that can gives it, else what our own reader said and why no converter helped.
    fn converted(&self, bytes: &[u8], ending: &str, target: Target, mut read: Document) -> Document {
        let is_word = read.media == Media::Doc;
        let tools: Vec<&Tool> = self.tools.iter().filter(|tool| tool.suits(target, is_word)).collect();
        let Some(program) = self.program.as_deref().filter(|_| !tools.is_empty()) else {
            read.problems.push(Problem::new(
                "converter-missing",
                "这种旧格式要借助转换程序读取，本机没有找到；请安装 LibreOffice（软件包 libreoffice-writer、libreoffice-calc）后重新检查",
            ));
            return read;
        };
        // A panic elsewhere while converting leaves nothing broken behind.
        let turn = self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let found = tools.into_iter().find_map(|tool| {
            let converted = tool.convert(program, bytes, ending, target, self.timeout).ok()?;
            let document = if converted.whole {
                self.in_child(&converted.bytes).ok()?
            } else {
                document::read(&converted.bytes, Origin { content_type: None, name: Some("a.txt") })
            };
            (!document.blocks.is_empty()).then(|| (document, converted.whole, tool.name(program).to_owned()))
        });
        drop(turn);
        match found {
            Some((document, whole, name)) => adopted(document, whole, &name, &read),
            None => {
                read.problems.push(Problem::new("converter-failed", "转换程序也读不出这份文件；请人工查看原件"));
                read
            }
        }
    }
}

fn failed() -> Problem {
    Problem::new("reader-failed", "读取这份文件的子进程异常退出，文件可能已损坏；请人工查看原件")
}

/// A converted document in place of the one that could not be read. What may be damaged, or came without its tables, is
/// not whole: nothing is concluded from what it lacks.
fn adopted(mut document: Document, whole: bool, name: &str, read: &Document) -> Document {
    document.media = read.media;
    let message = format!("本程序不能直接读取这种文件，由 {name} 转换后读取；请对照原件核对");
    document.problems.insert(0, Problem::new("converter-used", message));
    // Only of a container that our own reader found whole it is known that nothing is missing.
    let is_sound = read.problems.iter().any(|problem| problem.code == "format-unsupported");
    if !(whole && is_sound) {
        document.problems.push(Problem::new("document-incomplete", "无法确认转换前的文件完整、表格没有走样，相关核对不作结论"));
        for block in &mut document.blocks {
            if let Block::Table(grid) = block {
                grid.complete = false;
            }
        }
    }
    document
}

/// Whether our own reader got nothing out of a document.
fn gives_up(read: &Document) -> bool {
    const GIVEN_UP: [&str; 6] =
        ["document-damaged", "format-unsupported", "format-unknown", "reader-failed", "reader-memory", "reader-timeout"];
    read.blocks.is_empty() && read.problems.iter().any(|problem| GIVEN_UP.contains(&problem.code.as_str()))
}

/// The ending by which a converter knows an old document, and what to make of it; `None` for what no converter reads.
fn ending(bytes: &[u8], origin: Origin<'_>, media: Media) -> Option<(&'static str, Target)> {
    const TEXTS: [&str; 8] = ["doc", "wps", "wpt", "dot", "uot", "wri", "wpd", "uof"];
    const SHEETS: [&str; 5] = ["xls", "et", "ett", "xlt", "uos"];
    let name = origin.name.unwrap_or_default();
    let name = name.split(['?', '#']).next().unwrap_or(name).to_ascii_lowercase();
    let named = |endings: &[&'static str]| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending)?;
        endings.iter().copied().find(|known| *known == ending)
    };
    let compound = bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    match media {
        Media::Doc => Some((named(&TEXTS).unwrap_or("doc"), Target::Text)),
        Media::Xls => Some((named(&SHEETS).unwrap_or("xls"), Target::Sheet)),
        Media::Unknown => {
            let text = named(&TEXTS).map(|ending| (ending, Target::Text));
            let sheet = named(&SHEETS).map(|ending| (ending, Target::Sheet));
            text.or(sheet).or(compound.then_some(("doc", Target::Text)))
        }
        _ => None,
    }
}

/// Where this process was started as one of our children: what became of it. Else `None`.
pub fn as_child() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    match arguments.next()?.to_str()? {
        COMMAND => Some(ended(child(|bytes| serde_json::to_vec(&document::read(bytes, Origin::default()))))),
        UNPACK => {
            let name = arguments.next()?;
            let part = |bytes: &[u8]| document::member(bytes, name.to_str()?);
            Some(ended(child(|bytes| part(bytes).ok_or("no such part"))))
        }
        process::LAUNCH => {
            drop(process::launch(arguments));
            Some(ExitCode::FAILURE)
        }
        _ => None,
    }
}

fn ended(result: std::io::Result<()>) -> ExitCode {
    result.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

/// The child: limits itself, reads a body from standard input, writes what is made of it.
fn child<E: Into<Box<dyn Error + Send + Sync>>>(make: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>) -> std::io::Result<()> {
    rlimit::Resource::AS.set(MEMORY, MEMORY)?;
    rlimit::Resource::CPU.set(CPU_SECONDS, CPU_SECONDS)?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(document::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let answer = make(&bytes).map_err(std::io::Error::other)?;
    std::io::stdout().lock().write_all(&answer)
}
