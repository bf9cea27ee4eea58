//! Automatic numbers: what Word prints before a paragraph and keeps nowhere in its text.
//!
//! A heading 「一、总体情况」 is often only 「总体情况」 with a number definition; the definitions are counted
//! through the document as Word counts them, and written in their own digits.

use super::super::digits::written;
use super::super::xml::Element;
use std::collections::{HashMap, HashSet};

/// Levels that a definition has.
const LEVELS: usize = 9;

#[derive(Debug, Clone, Default)]
struct Level {
    start: u32,
    /// `decimal`, `chineseCounting`, `bullet`, …
    format: String,
    /// `%1、`
    text: String,
    /// What stands between number and text: `tab` where nothing is said.
    gap: String,
    /// Whether numbers of other levels are written in plain digits.
    legal: bool,
    style: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Definition {
    levels: Vec<Option<Level>>,
    /// The style that has the levels of this definition, where they stand elsewhere.
    elsewhere: Option<String>,
}

#[derive(Debug, Default)]
struct Instance {
    definition: String,
    levels: Vec<Option<Level>>,
    starts: Vec<(usize, u32)>,
}

/// Every definition, and how far each was counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<String, Definition>,
    instances: HashMap<String, Instance>,
    counted: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<String>,
}

fn levels(element: Element<'_, '_>) -> Vec<Option<Level>> {
    let mut levels = vec![None; LEVELS];
    for level in element.children().filter(|child| child.name() == "lvl") {
        let value = |name: &str| level.child(name).and_then(|it| it.value()).map(|it| it.into_owned());
        // A format newer than Word 2007 stands in an alternative beside the old one.
        let alternative = || {
            let choice = level.child("AlternateContent")?.child("Choice")?.child("numFmt")?;
            choice.attribute("format").or_else(|| choice.value()).map(|it| it.into_owned())
        };
        let Some(slot) = level.number::<usize>("ilvl").and_then(|at| levels.get_mut(at)) else { continue };
        *slot = Some(Level {
            start: level.child("start").and_then(|start| start.number("val")).unwrap_or(1),
            format: value("numFmt").or_else(alternative).unwrap_or_else(|| "decimal".to_owned()),
            text: value("lvlText").unwrap_or_default(),
            gap: value("suff").unwrap_or_else(|| "tab".to_owned()),
            legal: level.child("isLgl").is_some(),
            style: value("pStyle"),
        });
    }
    levels
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(root: Element<'_, '_>) -> Numbering {
        let mut numbering = Numbering::default();
        let mut homes: HashMap<String, String> = HashMap::new();
        for element in root.children() {
            let value = |name: &str| element.child(name).and_then(|it| it.value()).map(|it| it.into_owned());
            match element.name() {
                "abstractNum" => {
                    let Some(id) = element.attribute("abstractNumId") else { continue };
                    if let Some(style) = value("styleLink") {
                        homes.insert(style, id.clone().into_owned());
                    }
                    let definition = Definition { levels: levels(element), elsewhere: value("numStyleLink") };
                    numbering.definitions.insert(id.into_owned(), definition);
                }
                "num" => {
                    let (Some(id), Some(definition)) = (element.attribute("numId"), value("abstractNumId")) else { continue };
                    let mut instance = Instance { definition, levels: vec![None; LEVELS], starts: Vec::new() };
                    for change in element.children().filter(|child| child.name() == "lvlOverride") {
                        let at = change.number::<usize>("ilvl").unwrap_or(0);
                        if let Some(start) = change.child("startOverride").and_then(|start| start.number("val")) {
                            instance.starts.push((at, start));
                        }
                        for (slot, level) in instance.levels.iter_mut().zip(levels(change)) {
                            *slot = level.or(slot.take());
                        }
                    }
                    numbering.instances.insert(id.into_owned(), instance);
                }
                _ => {}
            }
        }
        for instance in numbering.instances.values_mut() {
            let style = numbering.definitions.get(&instance.definition).and_then(|definition| definition.elsewhere.as_ref());
            if let Some(home) = style.and_then(|style| homes.get(style)) {
                instance.definition.clone_from(home);
            }
        }
        numbering
    }

    /// The level that belongs to a style.
    pub(super) fn level_of_style(&self, number: &str, style: &str) -> Option<usize> {
        let definition = self.definitions.get(&self.instances.get(number)?.definition)?;
        definition.levels.iter().position(|level| level.as_ref().is_some_and(|level| level.style.as_deref() == Some(style)))
    }

    /// Counts one paragraph on, and tells what is printed before it; empty for bullets and for no number.
    pub(super) fn next(&mut self, number: &str, at: usize) -> String {
        let Some(instance) = self.instances.get(number) else { return String::new() };
        let Some(definition) = self.definitions.get(&instance.definition) else { return String::new() };
        let level = |at: usize| -> Option<&Level> {
            let own = instance.levels.get(at).and_then(Option::as_ref);
            own.or_else(|| definition.levels.get(at).and_then(Option::as_ref))
        };
        let Some(own) = level(at) else { return String::new() };
        let counted = self.counted.entry(instance.definition.clone()).or_default();
        let starts = if self.begun.insert(number.to_owned()) { instance.starts.as_slice() } else { &[] };
        for (at, _) in starts {
            counted[*at..].fill(None);
        }
        let start_of = |at: usize| {
            let changed = instance.starts.iter().find(|(level, _)| *level == at).map(|(_, start)| *start);
            changed.unwrap_or_else(|| level(at).map_or(1, |level| level.start))
        };
        for (above, count) in counted.iter_mut().enumerate().take(at) {
            count.get_or_insert_with(|| start_of(above));
        }
        counted[at] = Some(counted[at].map_or_else(|| start_of(at), |count| count.saturating_add(1)));
        counted[at + 1..].fill(None);
        if matches!(own.format.as_str(), "bullet" | "none") {
            return String::new();
        }
        let mut text = String::new();
        let mut rest = own.text.as_str();
        while let Some(percent) = rest.find('%') {
            text.push_str(&rest[..percent]);
            let digit = rest[percent + 1..].chars().next().and_then(|c| c.to_digit(10)).filter(|digit| *digit > 0);
            let Some(digit) = digit else {
                text.push('%');
                rest = &rest[percent + 1..];
                continue;
            };
            let named = digit as usize - 1;
            let format = level(named).filter(|_| !(own.legal && named != at)).map_or("decimal", |level| level.format.as_str());
            text.push_str(&written(counted.get(named).copied().flatten().unwrap_or(1), format));
            rest = &rest[percent + 2..];
        }
        text.push_str(rest);
        // The width of a full stop in Chinese type is gap enough.
        let wide = text.ends_with(|c: char| !c.is_ascii() && !c.is_alphanumeric());
        if own.gap != "nothing" && !wide && !text.is_empty() {
            text.push(' ');
        }
        text
    }
}
