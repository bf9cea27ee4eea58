//! The demo: the main job, run once on a portal of our own served on loopback.

pub mod site;
