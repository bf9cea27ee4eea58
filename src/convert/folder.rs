//! Where programs of this machine are found, and the folder in which one runs.

use super::process::{self, Memory};
use std::fs::DirBuilder;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Where a program finds the programs that it is made of.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/// The file of a program: a path as it is, a name as the search path has it.
pub(super) fn located(program: &str, path: &str) -> Option<PathBuf> {
    let candidates: Vec<PathBuf> = if program.contains('/') {
        vec![PathBuf::from(program)]
    } else {
        path.split(':').filter(|folder| folder.starts_with('/')).map(|folder| Path::new(folder).join(program)).collect()
    };
    candidates.into_iter().find(|path| path.is_file())
}

/// A folder that only one run uses and that goes with it.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
}

impl Folder {
    pub(super) fn new() -> Option<Folder> {
        for attempt in 0..8_u32 {
            let name = format!("nianjian-{}-{:016x}", std::process::id(), RandomState::new().hash_one(attempt));
            let path = std::env::temp_dir().join(name);
            if DirBuilder::new().mode(0o700).create(&path).is_ok() {
                return Some(Folder { path });
            }
        }
        None
    }

    /// A command whose home this folder is, with limits on memory and time.
    pub(super) fn command(&self, launcher: &Path, program: &Path, memory: Memory, wall: Duration) -> Command {
        let mut command = process::limited(launcher, program, memory, wall.as_secs().max(1));
        command.current_dir(&self.path).env("PATH", PATH).env("LANG", "C.UTF-8");
        command.env("HOME", &self.path).env("TMPDIR", &self.path);
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind after this lies in the folder for temporary files, which the system empties.
        drop(std::fs::remove_dir_all(&self.path));
    }
}
