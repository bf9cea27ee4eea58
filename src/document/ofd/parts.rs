//! The parts of a package, asked for by places that are relative to other parts.

use crate::document::package::{Fault, Package};
use crate::document::xml::text_of;

/// The most bytes of XML that are read for one document, repeated parts counted each time.
const MAX_XML: usize = 96 * 1024 * 1024;

/// The parts of a package and what may still be read of them.
pub(super) struct Parts<'p, 'a> {
    package: &'p mut Package<'a>,
    left: usize,
}

impl<'p, 'a> Parts<'p, 'a> {
    pub(super) fn new(package: &'p mut Package<'a>) -> Parts<'p, 'a> {
        Parts { package, left: MAX_XML }
    }

    /// Takes the cost of reading so many bytes; false where too much was read already.
    pub(super) fn spend(&mut self, bytes: usize) -> bool {
        let enough = self.left >= bytes;
        self.left = self.left.saturating_sub(bytes);
        enough
    }

    /// The XML that another part (`from`) names, and where it lies; `None` where there is no such part.
    pub(super) fn xml(&mut self, from: &str, place: &str) -> Result<Option<(String, String)>, Fault> {
        let at = resolved(from, place);
        match self.package.part(&at)? {
            Some(bytes) if self.spend(bytes.len()) => Ok(Some((at, text_of(&bytes).into_owned()))),
            Some(_) => Err(Fault::TooLarge),
            None => Ok(None),
        }
    }

    /// The first bytes of what another part names.
    pub(super) fn head(&mut self, from: &str, place: &str, most: u64) -> Option<Vec<u8>> {
        self.package.head(&resolved(from, place), most)
    }
}

/// A place in the package: from its root where it begins with a stroke, else from the folder of the part that names it.
pub(super) fn resolved(from: &str, place: &str) -> String {
    let place = place.trim().replace('\\', "/");
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if place.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in start.split('/').chain(place.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn places_are_relative_to_who_names_them() {
        for (from, place, at) in [
            ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Document.xml"),
            ("Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
            ("Doc_0/Document.xml", "/Doc_0/PublicRes.xml", "Doc_0/PublicRes.xml"),
            ("Doc_0/Pages/Page_0/Content.xml", "../../Res\\x.xml", "Doc_0/Res/x.xml"),
            ("OFD.xml", "../../x", "x"),
        ] {
            assert_eq!(resolved(from, place), at);
        }
    }
}
