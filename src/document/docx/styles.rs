//! Styles of a Word document, as far as they say what is hidden, bold, numbered or a heading.

use super::super::xml::Element;
use std::collections::HashMap;

/// The longest chain of styles that are based on one another.
const LONGEST_CHAIN: usize = 20;

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    vanish: Option<bool>,
    bold: Option<bool>,
    heading: bool,
    contents: bool,
    /// Number definition and level.
    number: Option<(Option<String>, Option<usize>)>,
}

/// Every style by its id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
}

/// A property that is on where it stands, unless it says that it is off.
pub(super) fn switch(properties: Option<Element<'_, '_>>, name: &str) -> Option<bool> {
    let property = properties?.child(name)?;
    Some(!property.value().is_some_and(|value| matches!(value.as_ref(), "0" | "false" | "off" | "none")))
}

/// The number definition and the level a paragraph's properties name.
pub(super) fn number_of(properties: Option<Element<'_, '_>>) -> Option<(Option<String>, Option<usize>)> {
    let number = properties?.child("numPr")?;
    let id = number.child("numId").and_then(|id| id.value()).map(|id| id.into_owned());
    Some((id, number.child("ilvl").and_then(|level| level.number("val"))))
}

impl Styles {
    /// Reads `styles.xml`.
    pub(super) fn read(root: Element<'_, '_>) -> Styles {
        let mut styles = HashMap::new();
        for element in root.children().filter(|element| element.name() == "style") {
            let Some(id) = element.attribute("styleId") else { continue };
            let (paragraph, run) = (element.child("pPr"), element.child("rPr"));
            let name = element.child("name").and_then(|name| name.value()).unwrap_or_default().to_ascii_lowercase();
            let level = paragraph.and_then(|it| it.child("outlineLvl")).and_then(|level| level.number::<u8>("val"));
            let style = Style {
                based_on: element.child("basedOn").and_then(|base| base.value()).map(|base| base.into_owned()),
                vanish: switch(run, "vanish"),
                bold: switch(run, "b"),
                heading: level.is_some_and(|level| level < 9) || name.starts_with("heading") || name.starts_with("标题"),
                contents: name.starts_with("toc ") || name.starts_with("目录"),
                number: number_of(paragraph),
            };
            styles.insert(id.into_owned(), style);
        }
        Styles { styles }
    }

    /// The style and those it is based on, nearest first.
    fn chain<'s>(&'s self, id: Option<&str>) -> impl Iterator<Item = (&'s str, &'s Style)> {
        let mut next = id.and_then(|id| self.styles.get_key_value(id));
        let mut left = LONGEST_CHAIN;
        std::iter::from_fn(move || {
            let (id, style) = next?;
            left = left.checked_sub(1)?;
            next = style.based_on.as_deref().and_then(|base| self.styles.get_key_value(base));
            Some((id.as_str(), style))
        })
    }

    pub(super) fn vanish(&self, id: Option<&str>) -> bool {
        self.chain(id).find_map(|(_, style)| style.vanish).unwrap_or(false)
    }

    pub(super) fn bold(&self, id: Option<&str>) -> bool {
        self.chain(id).find_map(|(_, style)| style.bold).unwrap_or(false)
    }

    pub(super) fn heading(&self, id: Option<&str>) -> bool {
        self.chain(id).any(|(_, style)| style.heading)
    }

    /// Whether it is a style of a table of contents.
    pub(super) fn contents(&self, id: Option<&str>) -> bool {
        self.chain(id).any(|(_, style)| style.contents)
    }

    /// The number definition and level of a style, with the id of the style that names it.
    pub(super) fn number<'s>(&'s self, id: Option<&str>) -> Option<(&'s str, &'s str, Option<usize>)> {
        self.chain(id).find_map(|(id, style)| {
            let (number, level) = style.number.as_ref()?;
            Some((id, number.as_deref()?, *level))
        })
    }
}
