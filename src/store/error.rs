//! What can go wrong in the store, and what a person does about it.
//!
//! An error is cloned to every caller whose write shared the same group, so the cause sits behind an `Arc`.

use crate::model::Message;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every failure of the store. The text says what happened and what to do next.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Another process has the data folder open; `pid` is the one it wrote into the lock file.
    #[error("the data folder {} is in use by a running nianjian{}: ask that daemon (nianjian serve) through its API, or stop it first", dir.display(), pid_note(*pid))]
    InUse { dir: PathBuf, pid: Option<u32> },
    /// The folder, or a file in it, cannot be written.
    #[error("{} cannot be written: mount it writable, or give it to the user that runs nianjian", path.display())]
    ReadOnly { path: PathBuf },
    /// The disk refused a write. What was accepted before is safe; the write itself did not take place.
    #[error("no space left to write {}: free some space, then the same step can be tried again", path.display())]
    DiskFull { path: PathBuf },
    /// Less space is free than `store.disk_reserve` (both in bytes), so no new body is kept.
    #[error("only {free} bytes are free and store.disk_reserve keeps {reserve}: free some space, or lower the reserve")]
    DiskReserve { free: u64, reserve: u64 },
    /// Any other failure of the file system.
    #[error("cannot {what} {}: {source}; see to the disk, then start again", path.display())]
    Io { what: &'static str, path: PathBuf, source: Arc<io::Error> },
    /// The journal was altered or damaged at a place that no interrupted write explains.
    #[error("{} is damaged at byte {offset}: {what}; run `nianjian verify` for the extent and `nianjian restore` to bring back a backup", file.display())]
    Corrupt { file: PathBuf, offset: u64, what: String },
    /// A newer program wrote an entry that this one does not know.
    #[error("{} holds at byte {offset} an entry of a newer nianjian ({what}): start the newer version again", file.display())]
    NewerEvent { file: PathBuf, offset: u64, what: String },
    /// The chain is whole, but it is not the one that the index was built from.
    #[error(
        "the journal is not the one known so far (entry {position} has another hash): restore it with `nianjian restore`, or accept it as it stands with `nianjian rebuild-index`"
    )]
    HistoryRewritten { position: u64 },
    /// A kept body cannot be read back as what it was.
    #[error(
        "the kept body {sha256} (segment {segment}, byte {offset}) cannot be read: {what}; run `nianjian verify`, then `nianjian restore`"
    )]
    Body { sha256: String, segment: u32, offset: u64, what: String },
    /// The index cannot be read or written. It holds nothing that the journal does not.
    #[error("the index failed: {what}; stop the daemon and run `nianjian rebuild-index`")]
    Index { what: String },
    /// One event is larger than an entry may be.
    #[error(
        "an event of {size} bytes is larger than a journal entry may be ({limit}): split the list page or lower fetch.max_body"
    )]
    TooLarge { size: u64, limit: u64 },
    /// A backup is only written into, and restored into, a folder that holds no store.
    #[error("{} already holds a store: name another folder, or move this one away first", dir.display())]
    NotEmpty { dir: PathBuf },
    /// What should be a backup is none.
    #[error("{} holds no journal: name a folder that `nianjian backup` wrote", dir.display())]
    NoBackup { dir: PathBuf },
    /// An earlier failure left a file in an unknown state, so nothing is written until the store is opened again.
    #[error("the store takes no more writes since {why}: restart nianjian, it mends itself on opening")]
    Halted { why: String },
}

/// The process that holds the lock, where it is known.
fn pid_note(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

impl StoreError {
    /// Tells a full or unwritable disk from other failures of a system call.
    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> StoreError {
        use io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let path = path.to_owned();
        match source.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => StoreError::DiskFull { path },
            ReadOnlyFilesystem | PermissionDenied => StoreError::ReadOnly { path },
            _ => StoreError::Io { what, path, source: Arc::new(source) },
        }
    }

    /// Damage of a file at a byte offset.
    pub(super) fn corrupt(file: &Path, offset: u64, what: impl Into<String>) -> StoreError {
        StoreError::Corrupt { file: file.to_owned(), offset, what: what.into() }
    }

    /// Whether the same call may succeed later without a person touching the store's files.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::InUse { .. } | StoreError::DiskFull { .. } | StoreError::DiskReserve { .. })
    }

    /// The command or step that mends it, as one would type it; empty where there is none.
    pub fn mended_by(&self) -> &'static str {
        match self {
            StoreError::Corrupt { .. } | StoreError::Body { .. } => "nianjian restore SRC",
            StoreError::HistoryRewritten { .. } | StoreError::Index { .. } => "nianjian rebuild-index",
            _ => "",
        }
    }

    /// The message in both languages.
    pub fn message(&self) -> Message {
        Message { zh: self.chinese(), en: self.to_string() }
    }

    /// The same sentences in Chinese.
    fn chinese(&self) -> String {
        match self {
            StoreError::InUse { dir, pid } => {
                let who = pid.map_or_else(String::new, |pid| format!("（进程 {pid}）"));
                format!(
                    "数据目录 {} 正被运行中的 nianjian{who} 使用：请通过 nianjian serve 的接口查询，或先停止它",
                    dir.display()
                )
            }
            StoreError::ReadOnly { path } => {
                format!("{} 无法写入：请以可写方式挂载，或将其授予运行 nianjian 的用户", path.display())
            }
            StoreError::DiskFull { path } => {
                format!("磁盘空间不足，无法写入 {}：请清理空间后重试", path.display())
            }
            StoreError::DiskReserve { free, reserve } => {
                format!("可用空间仅 {free} 字节，低于 store.disk_reserve 保留的 {reserve} 字节：请清理空间或调低保留值")
            }
            StoreError::Io { what, path, source } => {
                format!("文件操作失败（{what} {}）：{source}；请检查磁盘后重新启动", path.display())
            }
            StoreError::Corrupt { file, offset, what } => format!(
                "{} 在第 {offset} 字节处损坏（{what}）：请运行 nianjian verify 查看范围，并用 nianjian restore 恢复备份",
                file.display()
            ),
            StoreError::NewerEvent { file, offset, what } => {
                format!("{} 在第 {offset} 字节处有较新版本写入的记录（{what}）：请改用较新版本启动", file.display())
            }
            StoreError::HistoryRewritten { position } => format!(
                "日志与已知历史不符（第 {position} 条的散列值不同）：请用 nianjian restore 恢复，或用 nianjian rebuild-index 接受现有日志"
            ),
            StoreError::Body { sha256, segment, offset, what } => format!(
                "快照 {sha256}（第 {segment} 段，第 {offset} 字节）无法读取（{what}）：请运行 nianjian verify，再用 nianjian restore 恢复"
            ),
            StoreError::Index { what } => {
                format!("索引出错（{what}）：请停止服务并运行 nianjian rebuild-index")
            }
            StoreError::TooLarge { size, limit } => {
                format!("事件长 {size} 字节，超过日志单条上限 {limit} 字节：请拆分列表页或调低 fetch.max_body")
            }
            StoreError::NotEmpty { dir } => {
                format!("{} 中已有数据：请指定其他目录，或先将其移走", dir.display())
            }
            StoreError::NoBackup { dir } => {
                format!("{} 中没有日志：请指定由 nianjian backup 写入的目录", dir.display())
            }
            StoreError::Halted { why } => {
                format!("存储已停止写入（{why}）：请重新启动 nianjian，打开时会自行修复")
            }
        }
    }
}
