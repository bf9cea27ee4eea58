//! `verify`: reads everything back and says what is not as it was.

use super::journal::scan;
use super::{IndexFound, Options, Store, StoreError, folder, snapshots};
use crate::model::{Message, SnapshotPlace};
use std::path::{Path, PathBuf};

/// Something that is not as it was; each knows the command that mends it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Damage {
    /// The journal is damaged, or was altered.
    #[error("journal: {0}")]
    Journal(StoreError),
    /// The journal lost its end: the index knew so many entries more.
    #[error("journal: the last {0} entries that were known are gone; run `nianjian restore` with a backup that has them")]
    JournalShort(u64),
    /// A body cannot be read back.
    #[error("snapshots: {0}")]
    Body(StoreError),
    /// A segment holds bytes that the journal knows nothing of.
    #[error("snapshots: {} has {extra} bytes that the journal does not know; they are cut off when nianjian opens the folder again", file.display())]
    Unknown { file: PathBuf, extra: u64 },
    /// So many keys of the index are not what the journal says.
    #[error("index: {0} keys differ from the journal; run `nianjian rebuild-index`")]
    Index(u64),
}

impl Damage {
    /// The command that mends it, as one would type it; empty where opening the folder does.
    pub fn mended_by(&self) -> &'static str {
        match self {
            Damage::Journal(error) | Damage::Body(error) => error.mended_by(),
            Damage::JournalShort(_) => "nianjian restore SRC",
            Damage::Unknown { .. } => "",
            Damage::Index(_) => "nianjian rebuild-index",
        }
    }

    /// The message in both languages.
    pub fn message(&self) -> Message {
        let zh = match self {
            Damage::Journal(error) => format!("日志：{}", error.message().zh),
            Damage::JournalShort(lost) => {
                format!("日志：末尾已知的 {lost} 条记录不见了；请用 nianjian restore 恢复含有这些记录的备份")
            }
            Damage::Body(error) => format!("快照：{}", error.message().zh),
            Damage::Unknown { file, extra } => {
                format!("快照：{} 有 {extra} 字节未见于日志；下次打开数据目录时会自动截去", file.display())
            }
            Damage::Index(keys) => {
                format!("索引：{keys} 个键与日志不符；请运行 nianjian rebuild-index")
            }
        };
        Message { zh, en: self.to_string() }
    }
}

/// What `verify` looked at and found.
#[derive(Debug, Clone)]
pub struct VerifyReport {
    /// Entries of the journal whose checksum and chain hold.
    pub entries: u64,
    /// Bodies kept.
    pub bodies: u64,
    /// Bodies read back; fewer than `bodies` where a sample was asked for.
    pub bodies_read: u64,
    pub damage: Vec<Damage>,
}

impl VerifyReport {
    /// Whether everything is as it was.
    pub fn sound(&self) -> bool {
        self.damage.is_empty()
    }
}

impl Store {
    /// Reads the store back: chain of the journal, bodies, index against a fresh projection. With a sample
    /// `(n, t)` only the n-th of t shares of the bodies is read; the shares 1 to t are all of them.
    ///
    /// # Errors
    /// Only where the disk cannot be read; damage is in the report.
    pub fn verify(&self, sample: Option<(u64, u64)>) -> Result<VerifyReport, StoreError> {
        let mut report = VerifyReport { entries: 0, bodies: 0, bodies_read: 0, damage: Vec::new() };
        if let IndexFound::Ahead(lost) = self.opened().index {
            report.damage.push(Damage::JournalShort(lost));
        }
        self.verify_journal(&mut report)?;
        self.verify_bodies(sample, &mut report)?;
        Ok(report)
    }

    /// Opens the folder and verifies it; damage that keeps it from opening is in the report too.
    ///
    /// # Errors
    /// As `open` where the folder is in use or the disk fails.
    pub fn verify_folder(dir: &Path, options: &Options, sample: Option<(u64, u64)>) -> Result<VerifyReport, StoreError> {
        match Store::open(dir, options) {
            Ok(store) => store.verify(sample),
            Err(error @ (StoreError::Corrupt { .. } | StoreError::NewerEvent { .. } | StoreError::HistoryRewritten { .. })) => {
                let damage = vec![Damage::Journal(error)];
                Ok(VerifyReport { entries: 0, bodies: 0, bodies_read: 0, damage })
            }
            Err(error) => Err(error),
        }
    }

    /// The journal as it lies on disk, then the index against it, while nobody writes.
    fn verify_journal(&self, report: &mut VerifyReport) -> Result<(), StoreError> {
        let writer = self.inner.writer()?;
        match scan(&self.inner.dir.join("journal"), writer.journal.position()) {
            Ok(scan) if scan.watched == Some(writer.journal.head()) => report.entries = scan.position,
            Ok(scan) => {
                let position = writer.journal.position();
                let lost = position.saturating_sub(scan.position);
                let rewritten = Damage::Journal(StoreError::HistoryRewritten { position });
                report.damage.push(if lost > 0 { Damage::JournalShort(lost) } else { rewritten });
                return Ok(());
            }
            Err(error @ StoreError::Corrupt { .. }) => {
                report.damage.push(Damage::Journal(error));
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        match self.inner.index.differences(&writer.journal) {
            Ok(0) => {}
            Ok(keys) => report.damage.push(Damage::Index(keys)),
            Err(error @ (StoreError::Corrupt { .. } | StoreError::NewerEvent { .. } | StoreError::Index { .. })) => {
                report.damage.push(Damage::Journal(error));
            }
            Err(error) => return Err(error),
        }
        let end = writer.snapshots.end();
        for (number, file) in folder::numbered(&self.inner.dir.join("snapshots"), 6, ".warc.zst")? {
            let size = file.metadata().map_err(|e| StoreError::io("look at", &file, e))?.len();
            if number == end.segment && size > end.offset && end.offset > 0 {
                report.damage.push(Damage::Unknown { file, extra: size - end.offset });
            }
        }
        Ok(())
    }

    fn verify_bodies(&self, sample: Option<(u64, u64)>, report: &mut VerifyReport) -> Result<(), StoreError> {
        let dir = self.inner.dir.join("snapshots");
        for place in self.places()? {
            report.bodies += 1;
            if !in_sample(&place, sample) {
                continue;
            }
            report.bodies_read += 1;
            match snapshots::read(&dir, &place) {
                Ok(_) => {}
                Err(error @ StoreError::Body { .. }) => report.damage.push(Damage::Body(error)),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether a body is in the share that was asked for; its hash decides, so that the share is the same each time.
fn in_sample(place: &SnapshotPlace, sample: Option<(u64, u64)>) -> bool {
    let Some((share, of)) = sample.filter(|(_, of)| *of > 0) else { return true };
    let number = place.sha256.get(..12).and_then(|digits| u64::from_str_radix(digits, 16).ok());
    number.is_none_or(|number| number % of == share % of)
}
