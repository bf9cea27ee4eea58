//! A folder drop: every digest in a folder of its own, for networks that nothing leaves.
//!
//! Whoever watches the folder sees a digest whole or not at all: the files are written into a hidden folder
//! beside it, synced, and the folder is renamed into place.

use super::{Letter, SendError};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes the letter; a digest that lies there already is left as it is.
pub(super) async fn send(folder: &Path, letter: &Letter) -> Result<(), SendError> {
    let (folder, letter) = (folder.to_owned(), letter.clone());
    let shown = folder.display().to_string();
    let written = tokio::task::spawn_blocking(move || write(&folder, &letter));
    let failed = |why| SendError::Folder { path: shown, why };
    written.await.unwrap_or_else(|why| Err(io::Error::other(why))).map_err(failed)
}

fn write(folder: &Path, letter: &Letter) -> io::Result<()> {
    let name = format!("{}-{}", letter.date(), letter.digest.id);
    let place = folder.join(&name);
    if place.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let draft = fresh_draft(folder, &name)?;
    // A byte order mark, so that Notepad of any age takes the text for UTF-8.
    let text = format!("\u{feff}{}", letter.text.replace('\n', "\r\n"));
    for (file, bytes) in [("digest.txt", text.as_bytes()), ("digest.html", letter.html.as_bytes()), ("digest.xlsx", &letter.xlsx)]
    {
        let mut file = File::create_new(draft.join(file))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    sync_folder(&draft)?;
    match fs::rename(&draft, &place) {
        // Another sender was faster with the same digest: then ours is not needed.
        Err(_) if place.is_dir() => fs::remove_dir_all(&draft)?,
        renamed => renamed?,
    }
    sync_folder(folder)
}

/// An empty hidden folder to write into; what a crash left there is thrown away.
fn fresh_draft(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let draft = folder.join(format!(".{name}.part"));
    match fs::remove_dir_all(&draft) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
        _ => fs::create_dir(&draft)?,
    }
    Ok(draft)
}

/// Makes the names in a folder durable. Only unix lets a folder be opened as a file.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
