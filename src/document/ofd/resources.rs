//! What objects refer to by number: fonts, drawing parameters, pictures, composed units.

use super::parts::Parts;
use crate::document::lattice::{Paint, Space, ink, is_bold_name};
use crate::document::xml::{Element, Tree};
use std::collections::HashMap;

/// How often one set of drawing parameters may be based on another.
const MAX_BASES: usize = 8;
/// So many bytes tell whether a picture can be seen through.
const HEAD: u64 = 4 * 1024;

/// A file of resources, as it stands in the package.
pub(super) struct File {
    /// Where it lies, which its own places are relative to.
    pub(super) at: String,
    pub(super) text: String,
}

/// The resources of a document.
#[derive(Default)]
pub(super) struct Resources<'t> {
    fonts: HashMap<String, bool>,
    drawing: HashMap<String, Element<'t, 't>>,
    units: HashMap<String, Element<'t, 't>>,
    /// Whether nothing can be seen below a picture.
    pictures: HashMap<String, bool>,
}

impl<'t> Resources<'t> {
    /// Takes in the trees of resource files, each with the file it was read from.
    pub(super) fn of(files: impl Iterator<Item = (&'t File, &'t Tree<'t>)>, parts: &mut Parts<'_, '_>) -> Resources<'t> {
        let mut all = Resources::default();
        for (file, tree) in files {
            let Some(root) = tree.root() else { continue };
            let base = root.attribute("BaseLoc").unwrap_or_default().into_owned();
            for element in root.children().flat_map(Element::children) {
                let Some(id) = element.attribute("ID").map(|id| id.trim().to_owned()) else { continue };
                match element.name() {
                    "Font" => drop(all.fonts.insert(id, is_bold(element))),
                    "DrawParam" => drop(all.drawing.insert(id, element)),
                    "CompositeGraphicUnit" => drop(all.units.insert(id, element)),
                    "MultiMedia" => {
                        let place = element.child("MediaFile").map(Element::text).unwrap_or_default();
                        let place = place.trim();
                        let stands_alone = base.is_empty() || place.starts_with('/');
                        let place = if stands_alone { place.to_owned() } else { format!("{base}/{place}") };
                        let head = parts.head(&file.at, &place, HEAD);
                        all.pictures.insert(id, head.is_some_and(|head| is_opaque(&head)));
                    }
                    _ => {}
                }
            }
        }
        all
    }

    pub(super) fn is_bold(&self, font: &str) -> bool {
        self.fonts.get(font.trim()).copied().unwrap_or(false)
    }

    /// The content of a composed unit.
    pub(super) fn unit(&self, id: &str) -> Option<Element<'t, 't>> {
        self.units.get(id.trim())?.child("Content")
    }

    pub(super) fn is_opaque(&self, picture: &str) -> bool {
        self.pictures.get(picture.trim()).copied().unwrap_or(false)
    }

    /// What a set of drawing parameters, or one that it is based on, says.
    pub(super) fn drawing<T>(&self, id: Option<&str>, says: impl Fn(Element<'t, 't>) -> Option<T>) -> Option<T> {
        let mut id = id?.trim().to_owned();
        for _ in 0..MAX_BASES {
            let found = *self.drawing.get(&id)?;
            if let Some(said) = says(found) {
                return Some(said);
            }
            id = found.attribute("Relative")?.trim().to_owned();
        }
        None
    }
}

fn is_bold(font: Element<'_, '_>) -> bool {
    let named = |name: &str| font.attribute(name).is_some_and(|name| is_bold_name(&name));
    font.attribute("Bold").is_some_and(|bold| bold == "true") || named("FontName") || named("FamilyName")
}

/// Whether a picture hides what lies below it, by its first bytes; in doubt it does not.
fn is_opaque(head: &[u8]) -> bool {
    match head {
        [0xff, 0xd8, 0xff, ..] | [b'B', b'M', ..] | [0x97, b'J', b'B', b'2', ..] => true,
        [0x89, b'P', b'N', b'G', ..] => {
            // Grey and colour without an alpha channel, a palette without transparent entries.
            matches!(head.get(25), Some(0 | 2 | 3)) && memchr::memmem::find(head, b"tRNS").is_none()
        }
        _ => false,
    }
}

/// The ink of a colour.
pub(super) fn ink_of(color: Element<'_, '_>) -> Paint {
    let alpha = color.number::<f64>("Alpha").unwrap_or(255.0);
    if alpha < 5.0 {
        return Paint::Nothing;
    }
    let paint = match color.attribute("Value") {
        Some(value) => {
            let parts: Vec<f64> = value.split_whitespace().filter_map(part).map(|part| part / 255.0).collect();
            ink(Space::Device, &parts)
        }
        // A pattern, a gradient, an entry of a palette; else black.
        None if color.children().next().is_some() || color.attribute("Index").is_some() => Paint::Thin,
        None => Paint::Dark,
    };
    if alpha < 250.0 && paint == Paint::White { Paint::Thin } else { paint }
}

/// A part of a colour: 0 to 255, or `#FF`.
fn part(text: &str) -> Option<f64> {
    match text.strip_prefix('#') {
        Some(hex) => u8::from_str_radix(hex, 16).ok().map(f64::from),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_and_pictures_are_told() {
        for (color, paint) in [
            ("<c Value='0 0 0'/>", Paint::Dark),
            ("<c Value='255 255 255'/>", Paint::White),
            ("<c Value='#FF #FF #FF'/>", Paint::White),
            ("<c Value='0 0 0 0'/>", Paint::White),
            ("<c Value='255 255 255' Alpha='0'/>", Paint::Nothing),
            ("<c/>", Paint::Dark),
            ("<c><Pattern/></c>", Paint::Thin),
        ] {
            assert_eq!(ink_of(Tree::parse(color).root().unwrap()), paint, "{color}");
        }
        let png = |kind: u8| [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08".as_slice(), &[kind, 0, 0, 0]].concat();
        assert!(is_opaque(b"\xff\xd8\xff\xe0") && is_opaque(&png(2)) && !is_opaque(&png(6)));
        assert!(!is_opaque(&[png(3), b"....tRNS".to_vec()].concat()) && !is_opaque(b""));
    }
}
