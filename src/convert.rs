//! Foreign documents are read in a child process of our own binary.
//!
//! Libraries for office formats panic, loop and hoard memory on damaged files. The child has limits
//! on memory and processor time, the parent one on wall time; whatever happens to the child is a
//! problem of ours in the document, never a crash and never a finding.

use crate::document::{self, Origin};
use crate::model::{Document, Problem};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
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
pub const COMMAND: &str = "extract-child";

/// Reads documents, foreign ones in a child of `program`.
#[derive(Debug, Clone)]
pub struct Converter {
    program: Option<PathBuf>,
}

impl Converter {
    /// A converter that starts `program` (a nianjian binary) for foreign documents.
    pub fn new(program: PathBuf) -> Converter {
        Converter { program: Some(program) }
    }

    /// A converter that starts the running binary again.
    pub fn of_this_program() -> Converter {
        Converter { program: std::env::current_exe().ok() }
    }

    /// Reads a body of any format.
    pub fn read(&self, bytes: &[u8], origin: Origin<'_>) -> Document {
        let media = document::sniff(bytes, origin);
        if !document::is_foreign(media) || bytes.len() > document::MAX_BYTES {
            return document::read(bytes, origin);
        }
        self.in_child(bytes).unwrap_or_else(|problem| {
            let mut document = Document::new(media);
            document.problems.push(problem);
            document
        })
    }

    fn in_child(&self, bytes: &[u8]) -> Result<Document, Problem> {
        let failed = || Problem::new("reader-failed", "读取这份文件的子进程异常退出，文件可能已损坏；请人工查看原件");
        let program = self.program.as_ref().ok_or_else(failed)?;
        let mut child = Command::new(program)
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| failed())?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return Err(failed()) };
        let body = bytes.to_vec();
        // A child that dies early closes the pipe; that shows in its answer, not here.
        let writer = std::thread::spawn(move || drop(input.write_all(&body)));
        let (sender, answer) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            let mut answer = Vec::new();
            let read = output.take(MAX_ANSWER).read_to_end(&mut answer);
            drop(sender.send(read.map(|_| answer)));
        });
        let answered = answer.recv_timeout(WALL);
        if answered.is_err() {
            drop(child.kill());
        }
        let status = child.wait();
        drop((writer.join(), reader.join()));
        match answered {
            Err(_) => {
                Err(Problem::new("reader-timeout", format!("读取这份文件超过 {} 秒，已停止；请人工查看原件", WALL.as_secs())))
            }
            Ok(Ok(answer)) if status.is_ok_and(|status| status.success()) => {
                serde_json::from_slice(&answer).map_err(|_| failed())
            }
            Ok(_) => Err(failed()),
        }
    }
}

/// The child: limits itself, reads a body from standard input, writes the document as JSON.
///
/// # Errors
/// When limits cannot be set, or the pipes fail.
pub fn child() -> std::io::Result<()> {
    rlimit::Resource::AS.set(MEMORY, MEMORY)?;
    rlimit::Resource::CPU.set(CPU_SECONDS, CPU_SECONDS)?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(document::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let document = document::read(&bytes, Origin::default());
    let answer = serde_json::to_vec(&document)?;
    std::io::stdout().lock().write_all(&answer)
}
