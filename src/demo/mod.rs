//! The demo: the main job, run once on a portal of our own served on loopback.

mod show;
pub mod site;

pub use show::{Shown, run};
