//! ZIP packages: the parts of office documents, and archives that hold documents.
//!
//! The one place that unpacks. What unpacks to more than a report can hold is refused before it costs
//! memory: each part has a limit, and so has the package as a whole. Parts are asked for by name, without
//! regard to case, as office programs do; what nobody asks for (pictures, fonts) is never unpacked.

use crate::model::{Document, Media, Problem};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// The most bytes that one part may unpack to.
const MAX_PART: u64 = 48 * 1024 * 1024;
/// The most bytes that all parts asked for may unpack to.
const MAX_PACKAGE: u64 = 96 * 1024 * 1024;
/// The most entries a package may list.
const MAX_ENTRIES: usize = 20_000;

/// Why a package, or a part of it, cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Cut off, or not what it says it is.
    Damaged,
    /// Locked with a password.
    Encrypted,
    /// Unpacks to more than a document can hold.
    TooLarge,
}

impl Fault {
    /// The problem that tells it, with what to do.
    pub(super) fn problem(self) -> Problem {
        match self {
            Fault::Damaged => Problem::new("document-damaged", "文件已损坏或不完整，无法读取；请重新下载，或向发布单位索取原件"),
            Fault::Encrypted => Problem::new("document-encrypted", "文件设有打开密码，无法读取；请向发布单位索取没有密码的文件"),
            Fault::TooLarge => Problem::new("document-too-large", "文件解压后过大，不像一份年度报告，未读取；请人工查看原件"),
        }
    }

    /// A document of which nothing could be read.
    pub(super) fn document(self, media: Media) -> Document {
        let mut document = Document::new(media);
        document.problems.push(self.problem());
        document
    }
}

impl From<ZipError> for Fault {
    fn from(error: ZipError) -> Fault {
        match error {
            ZipError::InvalidPassword => Fault::Encrypted,
            ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => Fault::Encrypted,
            ZipError::DecompressedSizeLimitExceeded { .. } => Fault::TooLarge,
            _ => Fault::Damaged,
        }
    }
}

/// An opened package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Names as people see them, with `/`, by index.
    names: Vec<String>,
    /// How much may still be unpacked.
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens a package; nothing is unpacked yet.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Package<'a>, Fault> {
        // Office programs wrap a locked document in a compound file.
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(Fault::Encrypted);
        }
        let archive = ZipArchive::new(Cursor::new(bytes))?;
        if archive.len() > MAX_ENTRIES {
            return Err(Fault::TooLarge);
        }
        let names = archive.file_names_raw().map(name_of).collect();
        Ok(Package { archive, names, left: MAX_PACKAGE })
    }

    /// The names of its parts, in the order in which they are listed.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// A part by its name, `None` where there is none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let name = name.trim_start_matches('/');
        match self.names.iter().rposition(|known| known.eq_ignore_ascii_case(name)) {
            Some(at) => self.unpack(at).map(Some),
            None => Ok(None),
        }
    }

    /// The first bytes of a part: enough to tell what it is.
    pub(super) fn head(&mut self, name: &str, most: u64) -> Option<Vec<u8>> {
        let name = name.trim_start_matches('/');
        let at = self.names.iter().rposition(|known| known.eq_ignore_ascii_case(name))?;
        let most = most.min(self.left);
        self.left -= most;
        let mut bytes = Vec::new();
        self.archive.by_index(at).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The part at a place of the list.
    pub(super) fn unpack(&mut self, at: usize) -> Result<Vec<u8>, Fault> {
        let entry = self.archive.by_index(at)?;
        let most = self.left.min(MAX_PART);
        if entry.size() > most {
            return Err(Fault::TooLarge);
        }
        let mut bytes = Vec::new();
        entry.take(most + 1).read_to_end(&mut bytes).map_err(|_| Fault::Damaged)?;
        if bytes.len() as u64 > most {
            return Err(Fault::TooLarge);
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }
}

/// A name as people see it. Archives packed in China name their files in GBK without saying so.
fn name_of(raw: &[u8]) -> String {
    crate::text::legacy(raw).replace('\\', "/").trim_start_matches('/').to_owned()
}
