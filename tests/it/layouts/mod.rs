//! Random reports through random layouts: the reader finds the same figures, or says that it could not.
//!
//! A few hundred run with the suite. `NIANJIAN_LAYOUTS` sets how many, `NIANJIAN_LAYOUTS_FROM` the first
//! seed, and `NIANJIAN_LAYOUTS_KEEP` a folder for the pages that failed.

mod drawn;
mod grid;
mod html;
mod injected;
mod judge;
mod labels;
mod plain;
mod random;
mod recipe;
mod story;
mod tables;
mod truth;
mod whole;

use crate::support::forms;
use judge::{Judged, judge};
use nianjian::document::{Origin, read};
use nianjian::extract::{Hints, report};
use random::Random;
use recipe::Recipe;
use std::collections::BTreeMap;
use story::Story;
use truth::Truth;

/// One random page.
struct Page {
    truth: Truth,
    recipe: Recipe,
    story: Story,
    bytes: Vec<u8>,
}

impl Page {
    /// Whether a figure's table was drawn with elements that are no table, and holds hardly a number: then nothing
    /// shows that it is a table at all.
    fn is_blank_drawing(&self, id: &str) -> bool {
        let table = id.split('.').next().unwrap_or_default();
        let numbers = self.truth.cells.iter().filter(|(id, cell)| id.starts_with(table) && cell.state == "number");
        self.recipe.writer.is_drawn() && numbers.count() < 4
    }
}

fn page(seed: u64, standards: &[nianjian::rules::Standard]) -> Page {
    let mut random = Random::new(seed);
    let standard = &standards[random.below(standards.len())];
    let truth = truth::truth(standard, &mut random);
    let recipe = recipe::recipe(&mut random);
    let story = story::story(standard, &truth, &recipe, None, &mut random);
    let bytes = written(&truth, &recipe, &story, &mut random);
    Page { truth, recipe, story, bytes }
}

/// A story in the format of its recipe.
fn written(truth: &Truth, recipe: &Recipe, story: &Story, random: &mut Random) -> Vec<u8> {
    let text = if recipe.writer.is_text() {
        plain::text(&story.pieces, recipe.writer)
    } else {
        html::Html { recipe, truth, random }.page(&story.pieces)
    };
    if recipe.gbk { encoding_rs::GB18030.encode(&text).0.into_owned() } else { text.into_bytes() }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_reports_are_read_exactly_in_every_layout() {
    let forms = forms();
    let from = number("NIANJIAN_LAYOUTS_FROM", 1);
    let keep = std::env::var_os("NIANJIAN_LAYOUTS_KEEP").map(std::path::PathBuf::from);
    let mut tally: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut sum = Judged::default();
    for seed in from..from + number("NIANJIAN_LAYOUTS", 300) {
        let page = page(seed, forms.standards());
        let name = if page.recipe.writer.is_text() { "a.txt" } else { "a.html" };
        let read = report(&read(&page.bytes, Origin { name: Some(name), content_type: None }), &Hints::default(), &forms);
        let judged = judge(&page, &read);
        let row =
            tally.entry(format!("{:?}{}", page.recipe.writer, if page.recipe.is_hard() { " hard" } else { "" })).or_default();
        *row = (row.0 + 1, row.1 + usize::from(!judged.wrong.is_empty()), row.2 + judged.unread);
        if !judged.wrong.is_empty() {
            if let Some(folder) = &keep {
                std::fs::write(folder.join(format!("{seed}.{name}")), &page.bytes).unwrap();
            }
            wrong.push(format!(
                "seed {seed}: {}\n    {}",
                page.recipe,
                judged.wrong.iter().take(6).cloned().collect::<Vec<_>>().join("\n    ")
            ));
        }
        sum.add(judged);
    }
    println!(
        "{} figures, {} exact, {} said to be unread; by writer (pages, failed, unread figures): {tally:?}",
        sum.figures, sum.exact, sum.unread
    );
    assert!(wrong.is_empty(), "{} pages wrong:\n{}", wrong.len(), wrong.iter().take(60).cloned().collect::<Vec<_>>().join("\n"));
}
