//! The data folder as a whole: who holds it, how much is free, and files that only grow.

use super::StoreError;
use super::failpoint::FailPoints;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The lock of the data folder; let go when dropped, or by the system when the process dies.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder where it is missing and takes its lock.
    pub(super) fn take(dir: &Path) -> Result<FolderLock, StoreError> {
        std::fs::create_dir_all(dir).map_err(|e| StoreError::io("create", dir, e))?;
        let path = dir.join("LOCK");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| StoreError::io("open", &path, e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // The pid is a courtesy of the message; a lock file that cannot be read still means "in use".
                let _ = file.read_to_string(&mut text);
                return Err(StoreError::InUse { dir: dir.to_owned(), pid: text.trim().parse().ok() });
            }
            Err(TryLockError::Error(e)) => return Err(StoreError::io("lock", &path, e)),
        }
        // A full disk must not keep us from opening: the lock holds without the pid in it.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(FolderLock { _file: file })
    }
}

/// Bytes free to us on the disk that holds `dir`, where the system tells.
pub(super) fn free_space(dir: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(dir).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Bytes of all files below `dir`; what cannot be looked at counts as nothing.
pub(super) fn size_of(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size_of(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Writes the folder's own list of files to disk, so that a new file is still there after a power cut.
pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|file| file.sync_all()).map_err(|e| StoreError::io("sync", dir, e))
}

/// The numbered files of a folder (`digits` digits, then `suffix`), in order.
pub(super) fn numbered(dir: &Path, digits: usize, suffix: &str) -> Result<Vec<(u32, PathBuf)>, StoreError> {
    let entries = std::fs::read_dir(dir).map_err(|e| StoreError::io("list", dir, e))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| StoreError::io("list", dir, e))?;
        let name = entry.file_name();
        let Some(number) = name.to_str().and_then(|name| name.strip_suffix(suffix)) else { continue };
        if number.len() == digits
            && number.bytes().all(|b| b.is_ascii_digit())
            && let Ok(number) = number.parse()
        {
            found.push((number, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// A file that only grows. After a failed append it is cut back to what it was, or takes no more.
#[derive(Debug)]
pub(super) struct Growing {
    file: File,
    path: PathBuf,
    len: u64,
    halted: bool,
}

impl Growing {
    /// Opens (or makes) the file and cuts it to `len` bytes, which must not be more than it has.
    pub(super) fn open(path: &Path, len: u64) -> Result<Growing, StoreError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|e| StoreError::io("open", path, e))?;
        let actual = file.metadata().map_err(|e| StoreError::io("look at", path, e))?.len();
        if actual > len {
            file.set_len(len).and_then(|()| file.sync_all()).map_err(|e| StoreError::io("cut", path, e))?;
        }
        file.seek(SeekFrom::Start(len)).map_err(|e| StoreError::io("seek in", path, e))?;
        Ok(Growing { file, path: path.to_owned(), len, halted: false })
    }

    /// Bytes it holds.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Appends all bytes and waits until they are on disk; on failure the file is as before.
    pub(super) fn append(&mut self, bytes: &[u8], fail: &FailPoints) -> Result<(), StoreError> {
        if self.halted {
            return Err(StoreError::Halted {
                why: format!("{} could not be cut back after a failed write", self.path.display()),
            });
        }
        match fail.write(&mut self.file, bytes).and_then(|()| self.file.sync_data()) {
            Ok(()) => {
                self.len += bytes.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.cut(self.len);
                Err(StoreError::io("append to", &self.path, error))
            }
        }
    }

    /// Cuts the file back to `len` bytes; where even that fails, it takes no more appends.
    pub(super) fn cut(&mut self, len: u64) {
        let cut = self.file.set_len(len).and_then(|()| self.file.seek(SeekFrom::Start(len))).and_then(|_| self.file.sync_data());
        self.len = len;
        self.halted = self.halted || cut.is_err();
    }
}
