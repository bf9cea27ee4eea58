//! Programs of this machine that turn old documents into ones we read: LibreOffice, and for text antiword and catdoc.
//!
//! They are asked only where our own readers give up. Each run has a folder of its own that is its home, its
//! profile and its place for files; macros, active content and the net are switched off in the profile.

use super::folder::{Folder, located};
use super::process::{self, Failed, Memory};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Address space a converter may take.
const MEMORY: Memory = Memory::Space(3 * 1024 * 1024 * 1024);
/// The largest result that is read.
const MAX_RESULT: u64 = crate::document::MAX_BYTES as u64;
/// The programs that are known, in the order in which they are tried.
pub const KNOWN: [&str; 4] = ["soffice", "libreoffice", "antiword", "catdoc"];

/// What a document is turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Text,
    Sheet,
}

/// How a program is talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    LibreOffice,
    /// Reads Word documents only, and says nothing certain about their tables.
    Antiword,
    Catdoc,
}

/// A program that converts.
#[derive(Debug, Clone)]
pub(super) struct Tool {
    manner: Manner,
    path: PathBuf,
    version: Arc<OnceLock<String>>,
}

/// What a conversion gave.
pub(super) struct Converted {
    pub(super) bytes: Vec<u8>,
    /// Whether tables came as tables.
    pub(super) whole: bool,
}

/// The programs of a list that are on this machine; a name is looked for along `path`.
pub(super) fn tools(programs: &[String], path: &str) -> Vec<Tool> {
    let found = |program: &String| {
        let manner = manner(program)?;
        Some(Tool { manner, path: located(program, path)?, version: Arc::default() })
    };
    programs.iter().filter_map(found).collect()
}

fn manner(program: &str) -> Option<Manner> {
    match Path::new(program).file_stem()?.to_str()? {
        "soffice" | "libreoffice" => Some(Manner::LibreOffice),
        "antiword" => Some(Manner::Antiword),
        "catdoc" => Some(Manner::Catdoc),
        _ => None,
    }
}

/// Whether a program is one that we know how to ask.
pub fn is_known(program: &str) -> bool {
    manner(program).is_some()
}

impl Tool {
    /// Whether it can make something of this.
    pub(super) fn suits(&self, target: Target, is_word: bool) -> bool {
        self.manner == Manner::LibreOffice || target == Target::Text && is_word
    }

    /// Its name with its version, for people.
    pub(super) fn name(&self, launcher: &Path) -> &str {
        self.version.get_or_init(|| {
            let (name, asked) = match self.manner {
                Manner::LibreOffice => ("LibreOffice", Some("--version")),
                Manner::Antiword => ("antiword", None),
                Manner::Catdoc => ("catdoc", Some("-V")),
            };
            let told = asked.and_then(|option| {
                let folder = Folder::new()?;
                let mut command = self.command(launcher, &folder, Duration::from_secs(10));
                let answer = process::run(command.arg(option), Vec::new(), Duration::from_secs(10), 4_096).ok()?;
                let answer = String::from_utf8_lossy(&answer).into_owned();
                answer
                    .split_whitespace()
                    .map(|word| word.trim_start_matches('v'))
                    .find(|word| is_version(word))
                    .map(str::to_owned)
            });
            told.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
        })
    }

    fn command(&self, launcher: &Path, folder: &Folder, wall: Duration) -> Command {
        folder.command(launcher, &self.path, MEMORY, wall)
    }

    /// Turns a document, whose file name would end in `ending`, into one that we read.
    pub(super) fn convert(
        &self,
        launcher: &Path,
        bytes: &[u8],
        ending: &str,
        target: Target,
        wall: Duration,
    ) -> Result<Converted, Failed> {
        let folder = Folder::new().ok_or(Failed::Ended)?;
        let input = folder.path.join(format!("in.{ending}"));
        std::fs::write(&input, bytes).map_err(|_| Failed::Ended)?;
        let mut command = self.command(launcher, &folder, wall);
        match self.manner {
            Manner::LibreOffice => {
                let profile = profile(&folder.path).ok_or(Failed::Ended)?;
                let made = if target == Target::Sheet { "xlsx" } else { "docx" };
                command.arg(format!("-env:UserInstallation=file://{}", profile.display()));
                command.args(["--headless", "--norestore", "--nolockcheck", "--nodefault", "--convert-to", made, "--outdir"]);
                command.arg(folder.path.join("out")).arg(&input);
                process::run(&mut command, Vec::new(), wall, MAX_RESULT)?;
                let mut bytes = Vec::new();
                let result = File::open(folder.path.join("out").join(format!("in.{made}")));
                let read = result.and_then(|file| file.take(MAX_RESULT + 1).read_to_end(&mut bytes));
                let sound = read.is_ok() && !bytes.is_empty() && bytes.len() as u64 <= MAX_RESULT;
                sound.then_some(Converted { bytes, whole: true }).ok_or(Failed::Ended)
            }
            Manner::Antiword | Manner::Catdoc => {
                let options: &[&str] =
                    if self.manner == Manner::Antiword { &["-m", "UTF-8.txt", "-w", "0"] } else { &["-d", "utf-8", "-w"] };
                let bytes = process::run(command.args(options).arg(&input), Vec::new(), wall, MAX_RESULT)?;
                if bytes.trim_ascii().is_empty() { Err(Failed::Ended) } else { Ok(Converted { bytes, whole: false }) }
            }
        }
    }
}

fn is_version(word: &str) -> bool {
    word.len() <= 20 && word.contains('.') && word.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// A profile in which documents run nothing and fetch nothing.
fn profile(folder: &Path) -> Option<PathBuf> {
    let profile = folder.join("profile");
    std::fs::create_dir_all(profile.join("user")).ok()?;
    let item = |path: &str, name: &str, value: &str| {
        format!(
            "<item oor:path=\"/org.openoffice.{path}\"><prop oor:name=\"{name}\" oor:op=\"fuse\"><value>{value}</value></prop></item>"
        )
    };
    let items: String = [
        ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
        ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
        ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
        ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
        // A proxy where nobody listens: links to pictures lead nowhere.
        ("Inet/Settings", "ooInetProxyType", "1"),
        ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
        ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
        ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
        ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ]
    .into_iter()
    .map(|(path, name, value)| item(path, name, value))
    .collect();
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\" \
                xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";
    std::fs::write(profile.join("user/registrymodifications.xcu"), format!("{head}{items}</oor:items>")).ok()?;
    Some(profile)
}
