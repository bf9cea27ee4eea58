//! Whole reports of `tests/labelled/reports`, each in several layouts: read and judged the way every report is, and how
//! often each rule says what it should. `tests/run` prints the table.

use super::random::Random;
use super::recipe::{Head, Order, Recipe, recipe};
use super::story::{Words, story};
use super::truth::of_figures;
use super::written;
use crate::support::forms;
use nianjian::check::{self, Context, Member, Members};
use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use nianjian::model::{AgencyKind, Level, ReadReport, Report, Severity, Time, Verdict, Violation};
use nianjian::rules::{CasePublication, RuleSet, builtin, load};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    base: Vec<Said>,
    #[serde(rename = "report", default)]
    reports: Vec<Labelled>,
}

/// A report, or what one says instead of what its base says. `{year}`, `{last}`, `{agency}` and `{self}` stand for what
/// they say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Said {
    pub(super) standard: String,
    pub(super) agency: String,
    /// What it calls itself: 我局.
    pub(super) oneself: String,
    pub(super) year: i32,
    /// Rows of seven words.
    pub(super) applications: BTreeMap<String, String>,
    /// Groups of five words.
    pub(super) review_litigation: BTreeMap<String, String>,
    pub(super) figures: BTreeMap<String, String>,
    pub(super) title: String,
    pub(super) preamble: Option<Vec<String>>,
    /// By section, its paragraphs.
    pub(super) text: BTreeMap<String, Vec<String>>,
    /// Sections in their order, where it is not the form's.
    pub(super) sections: Vec<String>,
    pub(super) without_table: Vec<String>,
    pub(super) signed: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labelled {
    pub(super) name: String,
    /// The rules that find something, and no others.
    pub(super) expect: BTreeSet<String>,
    #[serde(default)]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) level: Option<String>,
    #[serde(default)]
    pub(super) layout: Layout,
    #[serde(default)]
    pub(super) says: Said,
    /// Last year's report: what differs from the base there.
    #[serde(default)]
    pub(super) previous: Option<Said>,
    #[serde(default)]
    pub(super) siblings: Vec<Said>,
    #[serde(default)]
    pub(super) members: Vec<Said>,
    /// When and where it was seen, as in the cases of rules.
    #[serde(default)]
    pub(super) publication: Option<CasePublication>,
    /// The whole page, where it holds no report that can be read.
    #[serde(default)]
    pub(super) page: Option<String>,
    /// An office's overlay.
    #[serde(default)]
    pub(super) overlay: Option<String>,
}

/// What is wrong with the tables as printed.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Layout {
    #[default]
    Sound,
    WithoutRow,
    WithoutColumn,
    WithRow,
    Subtotal,
}

/// So many layouts of each report.
const LAYOUTS: u64 = 5;
const COLUMNS: [&str; 7] = ["natural_person", "enterprise", "research", "public_welfare", "legal_service", "other_org", "total"];
const OUTCOMES: [&str; 5] = ["upheld", "corrected", "other", "pending", "total"];

impl Said {
    /// This over a base: what is said here goes before.
    fn over(&self, base: &Said) -> Said {
        let word = |own: &str, base: &str| if own.is_empty() { base.to_owned() } else { own.to_owned() };
        let list = |own: &[String], base: &[String]| if own.is_empty() { base.to_vec() } else { own.to_vec() };
        let both = |own: &BTreeMap<String, String>, base: &BTreeMap<String, String>| {
            base.iter().chain(own).map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        Said {
            standard: word(&self.standard, &base.standard),
            agency: word(&self.agency, &base.agency),
            oneself: word(&self.oneself, &base.oneself),
            year: if self.year == 0 { base.year } else { self.year },
            applications: both(&self.applications, &base.applications),
            review_litigation: both(&self.review_litigation, &base.review_litigation),
            figures: both(&self.figures, &base.figures),
            title: word(&self.title, &base.title),
            preamble: self.preamble.clone().or_else(|| base.preamble.clone()),
            text: base.text.iter().chain(&self.text).map(|(key, value)| (key.clone(), value.clone())).collect(),
            sections: list(&self.sections, &base.sections),
            without_table: list(&self.without_table, &base.without_table),
            signed: word(&self.signed, &base.signed),
        }
    }

    /// Every figure that is given, by id.
    fn readings(&self) -> BTreeMap<String, String> {
        let of = |table: &'static str, rows: &BTreeMap<String, String>, columns: &'static [&'static str]| {
            let cells = |(row, words): (&String, &String)| {
                let of_row = words.split_whitespace().zip(columns);
                of_row.map(|(word, column)| (format!("{table}.{row}.{column}"), printed(word))).collect::<Vec<_>>()
            };
            rows.iter().flat_map(cells).collect::<Vec<_>>()
        };
        let tables = of("applications", &self.applications, &COLUMNS).into_iter().chain(of(
            "review_litigation",
            &self.review_litigation,
            &OUTCOMES,
        ));
        tables.chain(self.figures.iter().map(|(id, word)| (id.clone(), printed(word)))).collect()
    }

    fn words(&self) -> Words {
        let fill = |text: &String| {
            let years = text.replace("{year}", &self.year.to_string()).replace("{last}", &(self.year - 1).to_string());
            years.replace("{agency}", &self.agency).replace("{self}", &self.oneself)
        };
        let all = |texts: &Vec<String>| texts.iter().map(fill).collect::<Vec<_>>();
        Words {
            preamble: self.preamble.as_ref().map(all).unwrap_or_default(),
            paragraphs: self.text.iter().map(|(section, texts)| (section.clone(), all(texts))).collect(),
            sections: self.sections.clone(),
            without_table: self.without_table.clone(),
        }
    }

    /// The report in a layout, as it is read back.
    fn read(&self, layout: Layout, seed: u64, ground: &Ground) -> ReadReport {
        let standard = ground.rules.standard(&self.standard).unwrap();
        let mut random = Random::new(seed);
        let recipe = kind_recipe(layout, &mut random);
        let mut truth = of_figures(standard, &self.agency, self.year, &self.readings());
        if !self.title.is_empty() {
            truth.title = vec![self.title.replace("{year}", &self.year.to_string())];
        }
        if !self.signed.is_empty() {
            truth.signed.0.clone_from(&self.signed);
        }
        let story = story(standard, &truth, &recipe, Some(&self.words()), &mut random);
        let bytes = written(&truth, &recipe, &story, &mut random);
        let name = if recipe.writer.is_text() { "a.txt" } else { "a.html" };
        report(&read(&bytes, Origin { name: Some(name), content_type: None }), &Hints::default(), &ground.forms)
    }
}

/// `_` is a blank.
fn printed(word: &str) -> String {
    if word == "_" { String::new() } else { word.to_owned() }
}

/// A layout in which a person can read all there is.
fn kind_recipe(layout: Layout, random: &mut Random) -> Recipe {
    loop {
        let mut recipe = recipe(random);
        let kind = recipe.order == Order::Form && recipe.head != Head::None && recipe.without_row.is_none();
        if !kind || recipe.is_hard() || recipe.joined || recipe.transposed || recipe.writer.is_drawn() {
            continue;
        }
        match layout {
            Layout::Sound => {}
            Layout::WithoutRow => recipe.without_row = Some(9),
            Layout::WithRow => recipe.with_row = true,
            Layout::WithoutColumn => recipe.order = Order::Without,
            Layout::Subtotal => recipe.order = Order::Subtotal,
        }
        return recipe;
    }
}

pub(super) struct Ground {
    rules: RuleSet,
    pub(super) forms: Forms,
}

impl Ground {
    pub(super) fn new() -> Ground {
        Ground { forms: forms(), rules: load(&builtin(), None).unwrap() }
    }
}

impl Labelled {
    /// What the rules find in one layout: rule and severity.
    fn found(&self, base: &[Said], seed: u64, ground: &Ground) -> BTreeMap<String, Severity> {
        self.violations(base, seed, ground).into_iter().map(|(rule, it)| (rule, it.severity)).collect()
    }

    /// Every finding in one layout, with its rule.
    pub(super) fn violations(&self, base: &[Said], seed: u64, ground: &Ground) -> Vec<(String, Violation)> {
        let of = |said: &Said| base.iter().find(|base| base.standard == said.standard).unwrap_or(&base[0]);
        let says = self.says.over(of(&self.says));
        let read = match &self.page {
            Some(page) => {
                let origin = Origin { name: Some("a.html"), content_type: None };
                report(&read(page.as_bytes(), origin), &Hints::default(), &ground.forms)
            }
            None => says.read(self.layout, seed, ground),
        };
        let overlaid = self.overlay.as_ref().map(|overlay| load(&builtin(), Some(("overlay.toml", overlay))).unwrap());
        let other = |said: &Said, year: i32| {
            let mut said = said.over(of(said));
            said.year = if said.year == 0 { year } else { said.year };
            said.read(Layout::Sound, seed + 1, ground).report
        };
        let previous = self.previous.as_ref().and_then(|previous| {
            let own = Said { agency: says.agency.clone(), oneself: says.oneself.clone(), year: says.year - 1, ..Said::default() };
            other(&previous.over(&own), says.year - 1)
        });
        let siblings: Vec<Report> = self.siblings.iter().filter_map(|sibling| other(sibling, says.year)).collect();
        let siblings: Vec<&Report> = siblings.iter().collect();
        let below: Vec<Report> = self.members.iter().filter_map(|member| other(member, says.year)).collect();
        let kind_of = |report: &Report| report.agency_kind.unwrap_or(AgencyKind::Department);
        let member = |report| Member { name: Report::clone(report).agency, kind: kind_of(report), report };
        let members = Members { complete: true, reports: below.iter().map(member).collect() };
        let context = Context {
            agency_kind: self.kind.as_deref().and_then(AgencyKind::parse),
            level: self.level.as_deref().and_then(Level::parse),
            previous: previous.as_ref(),
            siblings: (!siblings.is_empty()).then_some(siblings.as_slice()),
            members: (!below.is_empty()).then_some(&members),
            publication: self.publication.as_ref().and_then(CasePublication::publication),
            has_portal: self.publication.is_some(),
            ..Context::lone("2024-06-30T04:00:00Z".parse::<Time>().unwrap())
        };
        let rules = overlaid.as_ref().unwrap_or(&ground.rules);
        let seen = self.publication.as_ref().is_none_or(|publication| publication.seen);
        let outcomes = if seen { check::run(&read, &context, rules) } else { check::run_publication(&context, rules) };
        let mut found = Vec::new();
        for outcome in outcomes {
            if let Verdict::Findings(findings) = outcome.verdict {
                found.extend(findings.violations.into_iter().map(|finding| (outcome.rule.clone(), finding)));
            }
        }
        found
    }
}

/// Right, false and missed.
type Score = [usize; 3];

pub(super) fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn row(name: &str, [right, wrong, missed]: Score) -> String {
    let (precision, recall) = (percent(right, right + wrong), percent(right, right + missed));
    format!("{name:<36} {right:>5} {wrong:>5} {missed:>6} {precision:>9.1} {recall:>6.1}")
}

#[test]
fn whole_reports_are_judged_as_they_are_labelled() {
    let ground = Ground::new();
    let (mut base, mut reports) = (Vec::new(), Vec::new());
    let mut paths: Vec<_> =
        std::fs::read_dir(crate::support::tests("labelled/reports")).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let file: File = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        base.extend(file.base);
        reports.extend(file.reports);
    }
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let (mut differing, mut pages) = (String::new(), 0);
    for (nth, labelled) in reports.iter().enumerate() {
        for layout in 0..LAYOUTS {
            pages += 1;
            let found = labelled.found(&base, 1 + nth as u64 * LAYOUTS + layout, &ground);
            for rule in labelled.expect.iter().chain(found.keys().filter(|rule| !labelled.expect.contains(*rule))) {
                let at = match (labelled.expect.contains(rule), found.contains_key(rule)) {
                    (true, true) => 0,
                    (false, _) => 1,
                    (true, false) => 2,
                };
                scores.entry(rule.clone()).or_default()[at] += 1;
            }
            if !found.keys().eq(&labelled.expect) {
                let _ = writeln!(differing, "{} in layout {layout}: {:?} instead of {:?}", labelled.name, found, labelled.expect);
            }
            let errors = found.values().filter(|severity| **severity == Severity::Error).count();
            assert!(!labelled.expect.is_empty() || errors == 0, "an error in a clean report: {}, {found:?}", labelled.name);
        }
    }
    println!("{pages} reports in {LAYOUTS} layouts\n{:<36} right false missed precision recall", "rule");
    let mut families: BTreeMap<&str, Score> = BTreeMap::new();
    for (rule, score) in &scores {
        println!("{}", row(rule, *score));
        let family = families.entry(rule.split('/').next().unwrap_or_default()).or_default();
        family.iter_mut().zip(score).for_each(|(sum, own)| *sum += own);
    }
    for (family, score) in &families {
        println!("{}", row(family, *score));
    }
    assert!(pages >= 300, "only {pages} reports");
    for (family, [right, wrong, missed]) in families {
        let (precision, recall) = (percent(right, right + wrong), percent(right, right + missed));
        assert!(precision >= 98.0 && recall >= 97.0, "{family}: {precision:.1} % right, {recall:.1} % found\n{differing}");
    }
}
