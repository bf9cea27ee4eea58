//! A program run with an end: time, memory and output are bounded, and nothing it started outlives it.
//!
//! No shell is asked for anything. Limits are set by a child of our own binary that then becomes the program,
//! so that whatever it starts has them too.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The hidden command that limits itself and becomes another program.
pub(super) const LAUNCH: &str = "limited-child";
/// The largest file that a program may write.
const MAX_FILE: u64 = 256 * 1024 * 1024;
/// How long a program may take to end once it has closed its output.
const GRACE: Duration = Duration::from_secs(5);

/// The memory that each process of a program may take, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    /// All of its address space.
    Space(u64),
    /// What it may write into, for engines that set aside far more space than they use.
    Data(u64),
}

/// Why a program gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// It could not be started, or ended with an error.
    Ended,
    /// It was still running, and was stopped.
    TooLong,
}

/// Runs a program to its end: `input` goes in, what it writes to its output comes back.
pub(super) fn run(command: &mut Command, input: Vec<u8>, wall: Duration, most: u64) -> Result<Vec<u8>, Failed> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|_| Failed::Ended)?;
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Err(Failed::Ended) };
    // A child that dies early closes the pipe; that shows in its answer, not here.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let (sender, answer) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut answer = Vec::new();
        let read = stdout.take(most).read_to_end(&mut answer);
        drop(sender.send(read.map(|_| answer)));
    });
    let (sender, ended) = mpsc::channel();
    let waiter = std::thread::spawn(move || drop(sender.send(child.wait())));
    let answered = answer.recv_timeout(wall);
    let status = if answered.is_ok() { ended.recv_timeout(GRACE).ok() } else { None };
    if status.is_none()
        && let Some(group) = group
    {
        // The leader is not waited for yet, or one of its children holds the pipe: the number is still theirs.
        // Where the group has just ended by itself nothing is left to do.
        let _ended = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    drop((writer.join(), reader.join(), waiter.join()));
    match (answered, status) {
        (Ok(Ok(answer)), Some(Ok(status))) if status.success() => Ok(answer),
        (Ok(_), Some(_)) => Err(Failed::Ended),
        _ => Err(Failed::TooLong),
    }
}

/// A command that limits itself to so much memory and processor time and then becomes `program`.
pub(super) fn limited(launcher: &Path, program: &Path, memory: Memory, seconds: u64) -> Command {
    let mut command = Command::new(launcher);
    let (space, data) = match memory {
        Memory::Space(space) => (space, space),
        Memory::Data(data) => (rlimit::INFINITY, data),
    };
    command.env_clear().arg(LAUNCH).args([space, data, seconds].map(|limit| limit.to_string())).arg(program);
    command
}

/// The launcher: sets the limits it is told and becomes the program. Comes back only where it cannot.
pub(super) fn launch(mut arguments: impl Iterator<Item = OsString>) -> std::io::Error {
    let mut number = || arguments.next().and_then(|text| text.to_str()?.parse::<u64>().ok());
    let (Some(space), Some(data), Some(seconds)) = (number(), number(), number()) else {
        return std::io::ErrorKind::InvalidInput.into();
    };
    let Some(program) = arguments.next() else { return std::io::ErrorKind::InvalidInput.into() };
    let limits = [
        (rlimit::Resource::AS, space),
        (rlimit::Resource::DATA, data),
        (rlimit::Resource::CPU, seconds),
        (rlimit::Resource::FSIZE, MAX_FILE),
        (rlimit::Resource::CORE, 0),
    ];
    for (resource, most) in limits {
        if let Err(error) = resource.set(most, most) {
            return error;
        }
    }
    Command::new(program).args(arguments).exec()
}
