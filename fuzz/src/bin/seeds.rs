//! Writes `corpus/<target>/`: what the targets begin with.

use nianjian_fuzz::{TARGETS, seeds};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (target, _) in TARGETS {
        let corpus = here.join("corpus").join(target);
        std::fs::create_dir_all(&corpus)?;
        for (name, bytes) in seeds(&here.join("../tests"), target) {
            std::fs::write(corpus.join(name), bytes)?;
        }
    }
    Ok(())
}
