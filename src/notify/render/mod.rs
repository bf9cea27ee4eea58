//! One digest, three faces: text, HTML, a workbook.
//!
//! [`view::View`] decides what is said and in which order; the faces only decide how it looks, so that mail,
//! terminal, folder and demo never tell different stories.

pub mod align;
pub mod html;
pub mod text;
pub mod view;
pub mod xlsx;
