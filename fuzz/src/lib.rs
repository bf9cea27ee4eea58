//! What is fuzzed: one function a target, each taking any bytes. `fuzz_targets/` calls them under libFuzzer, and
//! `tests/it/fuzz.rs` includes this file and replays through them what fuzzing found.
//!
//! Bytes of a package (docx, xlsx, odf, ofd) stand for its parts, divided by zeros: a mutation of what is packed
//! would only ever break its checksum.

use nianjian::check::Context;
use nianjian::convert::{Converter, Converters};
use nianjian::crawl::{Limits, ListPage, Walk};
use nianjian::document::{Origin, read};
use nianjian::extract::Hints;
use nianjian::model::{Portal, Time};
use nianjian::pipeline::{Judge, rule_set};
use nianjian::rules::Profile;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use zip::write::SimpleFileOptions;

/// What is done with the bytes.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("claims", claims),
    ("config", config),
    ("decode", decode),
    ("doc", document),
    ("docx", docx),
    ("flat", document),
    ("html", html),
    ("list", list),
    ("mht", document),
    ("numerals", numerals),
    ("odf", odf),
    ("ofd", ofd),
    ("pdf", document),
    ("roster", roster),
    ("rtf", document),
    ("rules", rules),
    ("text", text),
    ("xls", document),
    ("xlsx", xlsx),
    ("zip", document),
];

/// The parts of each kind of package, in the order in which an input gives them.
pub const PACKAGES: &[(&str, &[&str])] = &[
    ("docx", &["word/document.xml", "word/styles.xml", "word/numbering.xml", "[Content_Types].xml"]),
    ("odf", &["content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"]),
    (
        "ofd",
        &[
            "OFD.xml",
            "Doc_0/Document.xml",
            "Doc_0/PublicRes.xml",
            "Doc_0/Pages/Page_0/Content.xml",
            "Doc_0/Tpls/Tpl_0/Content.xml",
        ],
    ),
    ("xlsx", &["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"]),
];

/// Targets, folders of fixtures, and endings of the files among them that the target begins with.
const SEEDS: &[(&str, &[&str], &[&str])] = &[
    ("claims", &["pages/reports"], &["txt"]),
    ("config", &[".."], &["toml"]),
    ("decode", &["pages/reports", "pages/nasty"], &["html", "txt"]),
    ("doc", &["pages/reports"], &["doc"]),
    ("docx", &["pages/reports"], &["docx"]),
    ("html", &["pages/reports", "pages/nasty"], &["html"]),
    ("list", &["pages/nasty", "sites/demo"], &["html"]),
    ("mht", &["pages/reports"], &["mht"]),
    ("numerals", &["labelled/narrative"], &["toml"]),
    ("odf", &["pages/reports"], &["odt", "ods"]),
    ("roster", &[".."], &["csv"]),
    ("rtf", &["pages/reports"], &["rtf"]),
    ("rules", &["../rules/checks/form", "../rules/checks/narrative", "../rules/profiles"], &["toml"]),
    ("text", &["pages/reports"], &["txt"]),
    ("xls", &["pages/reports"], &["xls"]),
    ("xlsx", &["pages/reports"], &["xlsx"]),
    ("zip", &["pages/reports", "pages/nasty"], &["zip", "docx", "odt"]),
];

/// What a target begins with, by name: fixtures below `tests`, and what was found before.
pub fn seeds(tests: &Path, target: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = below(&tests.join("fuzz").join(target));
    for (_, folders, endings) in SEEDS.iter().filter(|(known, _, _)| *known == target) {
        let fixtures = folders.iter().flat_map(|folder| below(&tests.join(folder)));
        files.extend(fixtures.filter(|path| endings.iter().any(|ending| path.extension().is_some_and(|it| it == *ending))));
    }
    let seed = |path: PathBuf| {
        let bytes = std::fs::read(&path).expect("a fixture can be read");
        let is_package = PACKAGES.iter().any(|(kind, _)| *kind == target) && bytes.starts_with(b"PK");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, if is_package { parts(target, &bytes) } else { bytes })
    };
    files.into_iter().map(seed).collect()
}

/// The files of a folder, in order; none where there is no such folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
    let none = Converters { programs: Vec::new(), ..Converters::default() };
    Judge::new(rule_set(None, None).expect("the shipped rules are sound"), Converter::new(None, &none, ""))
});

static PROFILES: LazyLock<Arc<Vec<Profile>>> = LazyLock::new(|| {
    let files = nianjian::rules::builtin();
    let profiles = files.iter().filter(|(path, _)| path.starts_with("profiles/"));
    Arc::new(profiles.map(|(path, text)| Profile::parse(path, text).expect("shipped")).collect())
});

/// Bytes of any format, told by themselves → a report.
pub fn document(bytes: &[u8]) {
    JUDGE.extract(&read(bytes, Origin::default()), &Hints::default());
}

/// Bytes under a name → a report, judged.
fn judged(bytes: &[u8], name: &str) {
    let read = JUDGE.extract(&read(bytes, Origin { name: Some(name), content_type: None }), &Hints::default());
    JUDGE.check(&read, &Context::lone(Time::default()));
}

pub fn html(bytes: &[u8]) {
    judged(bytes, "a.html");
}

pub fn text(bytes: &[u8]) {
    judged(bytes, "a.txt");
}

/// A text as the first section of a report: its claims, breakdowns and percentages.
pub fn claims(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let page = format!(
        "云溪市2024年政府信息公开工作年度报告\n一、总体情况\n{text}\n二、主动公开政府信息情况\n六、其他需要报告的事项\n{text}"
    );
    judged(page.as_bytes(), "a.txt");
}

pub fn numerals(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    nianjian::text::numerals::numerals(&text);
    nianjian::text::numerals::chinese(&text);
    nianjian::text::read_cell(&text);
}

/// The first byte chooses what the header says.
pub fn decode(bytes: &[u8]) {
    const DECLARED: [Option<&str>; 4] =
        [None, Some("text/html; charset=gb2312"), Some("text/html;charset=utf-8"), Some("text/plain; charset=big5")];
    let Some((first, rest)) = bytes.split_first() else { return };
    nianjian::text::decode(rest, DECLARED[usize::from(first % 4)]);
}

/// The package of a kind that holds these parts.
pub fn package(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let names = PACKAGES.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, names)| names);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut parts = bytes.split(|byte| *byte == 0);
    for name in names {
        writer.start_file(*name, stored).expect("memory takes any name");
        writer.write_all(parts.next().unwrap_or_default()).expect("memory takes any bytes");
    }
    writer.finish().expect("memory takes a list").into_inner()
}

/// The parts of a package as its target takes them.
fn parts(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a fixture is whole");
    let names = PACKAGES.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, names)| names);
    let mut joined = Vec::new();
    for name in names {
        if let Ok(mut part) = archive.by_name(name) {
            part.read_to_end(&mut joined).expect("a fixture is whole");
        }
        joined.push(0);
    }
    joined
}

pub fn docx(bytes: &[u8]) {
    document(&package("docx", bytes));
}

pub fn odf(bytes: &[u8]) {
    document(&package("odf", bytes));
}

pub fn ofd(bytes: &[u8]) {
    document(&package("ofd", bytes));
}

pub fn xlsx(bytes: &[u8]) {
    document(&package("xlsx", bytes));
}

/// Any text in place of a rule file, an overlay, a profile: complaints or a rule set.
pub fn rules(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut files = nianjian::rules::builtin();
    files.retain(|(path, _)| !path.starts_with("checks/"));
    files.push(("checks/form/fuzzed.toml".to_owned(), text.to_owned()));
    drop(nianjian::rules::load(&files, Some(("overlay.toml", text))));
    drop(Profile::parse("profiles/fuzzed.toml", text));
}

/// Any text as the configuration.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    drop(nianjian::config::parse("fuzzed.toml", text, std::path::Path::new(""), &[], &[], &|schedule| {
        nianjian::schedule::Timetable::parse(schedule, chrono_tz::Asia::Shanghai).map(drop)
    }));
}

/// Any bytes as the list of agencies.
pub fn roster(bytes: &[u8]) {
    nianjian::roster::read(bytes, None);
}

/// Any page as a list page: the walk ends, whatever it says.
pub fn list(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let start = url::Url::parse("https://portal.invalid/nb/").expect("a literal");
    let portal = Portal {
        id: "p".into(),
        name: String::new(),
        start: vec![start.clone()],
        profile: "auto".into(),
        schedule: String::new(),
        min_delay: None,
        hosts: vec![],
        browser: false,
    };
    let mut walk = Walk::start(&portal, start, &PROFILES, Limits { pages: 8, levels: 2, entries: 500 });
    let mut todo = walk.pending();
    while let Some(asked) = todo.pop() {
        todo.extend(walk.step(&ListPage { asked: &asked, url: &asked.url, body: &text, charset: "UTF-8" }).next);
    }
    walk.finish();
}
