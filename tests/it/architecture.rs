//! The guard of the house: who may use whom, where each outside library lives, where time is read, and
//! how long a file may be. The tables at the top say it; ARCHITECTURE.md says why.
//!
//! A failure says what to do. Where the house itself must change, change the table and ARCHITECTURE.md
//! in the same commit.

mod source;

use source::Source;
use std::path::PathBuf;

/// From the bottom to the top: a room uses what lies below its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Leaf,
    Core,
    Shell,
    Wiring,
}
use Layer::{Core, Leaf, Shell, Wiring};

/// Every room: its layer, and what it may use of its own layer.
const ROOMS: &[(&str, Layer, &[&str])] = &[
    ("model", Leaf, &[]),
    ("metrics", Leaf, &[]),
    ("text", Leaf, &["model"]),
    ("words", Leaf, &["model"]),
    ("rules", Core, &[]),
    ("document", Core, &[]),
    ("extract", Core, &["document", "rules"]),
    ("check", Core, &["rules"]),
    ("obligations", Core, &["rules"]),
    ("crawl", Core, &["document", "rules"]),
    ("schedule", Core, &[]),
    ("ledger", Core, &[]),
    ("digest", Core, &[]),
    ("score", Core, &["rules"]),
    ("fetch", Shell, &[]),
    ("convert", Shell, &[]),
    ("store", Shell, &[]),
    ("notify", Shell, &[]),
    ("roster", Wiring, &[]),
    ("config", Wiring, &["roster"]),
    ("pipeline", Wiring, &["config", "roster"]),
    ("daemon", Wiring, &["config", "pipeline", "roster"]),
    ("http", Wiring, &["config", "daemon", "pipeline", "roster"]),
    ("demo", Wiring, &["config", "daemon", "http", "pipeline", "roster"]),
    ("cli", Wiring, &["config", "daemon", "demo", "http", "pipeline", "roster"]),
    ("main", Wiring, &["cli"]),
    ("lib", Wiring, &[]),
];

/// Where an outside library may be named.
#[derive(Debug, Clone, Copy)]
enum Home {
    /// A place under `src/`: `document/sheet` is the file or the folder.
    At(&'static str),
    /// Any room of a layer.
    In(Layer),
}
use Home::{At, In};

const ANYWHERE: &[Home] = &[In(Leaf), In(Core), In(Shell), In(Wiring)];
const ACTING: &[Home] = &[In(Shell), In(Wiring)];

/// Every library of `[dependencies]`: where it lives, and why there.
const LIBRARIES: &[(&str, &[Home], &str)] = &[
    (
        "anyhow",
        &[At("main"), At("cli"), At("daemon"), At("demo")],
        "errors without a type are for the edge, where only a person reads them",
    ),
    (
        "askama",
        &[At("notify"), At("http"), At("cli")],
        "templates: the digest's page, the web page, the printed sheet of `check`",
    ),
    ("axum", &[At("http"), At("demo")], "serving: the API, and the fake portal of the demo"),
    ("calamine", &[At("roster")], "rosters; workbooks as reports are read by readers of our own"),
    (
        "base64",
        &[At("cli/evidence"), At("convert/browser")],
        "bytes inside a text: the kept body of an evidence pack, the bodies that a browser is handed",
    ),
    ("chardetng", &[At("text/decode")], "guessing an encoding is decoding"),
    ("chrono", ANYWHERE, "dates and instants; only `main` asks it for now"),
    ("chrono-tz", &[In(Core), In(Shell), In(Wiring)], "days end in the office's zone"),
    ("clap", &[At("cli")], "the command line"),
    ("clap_complete", &[At("cli")], "the command line"),
    ("clap_mangen", &[At("cli")], "the command line"),
    ("command-fds", &[At("convert/browser")], "a browser speaks over descriptors that std gives no child"),
    ("crc32c", &[At("store")], "telling a torn journal entry"),
    ("cron", &[At("schedule")], "its weekdays and fields have traps; one room knows them"),
    ("csv", &[At("roster"), At("cli"), At("notify")], "rosters in, lists out"),
    ("ego-tree", &[At("document/html"), At("crawl")], "the tree under scraper"),
    (
        "encoding_rs",
        &[At("text/decode"), At("document/pdf/encoding"), At("fetch/glance"), At("roster/cells")],
        "bytes become text: of documents, of PDF fonts, of the head of an answer, of csv files that office programs save",
    ),
    (
        "flate2",
        &[At("cli/export"), At("crawl/syndication")],
        "exported archives and maps of sites are gzip; what we keep ourselves is zstd",
    ),
    ("futures-util", ACTING, "streams of the acting shell"),
    ("html5ever", &[At("document/html")], "the table of character references, as the tree under scraper has it"),
    ("include_dir", &[At("rules"), At("demo")], "folders in the binary: rule files, the demo's site"),
    ("indicatif", &[At("cli")], "progress bars"),
    ("lettre", &[At("notify")], "mail"),
    ("lopdf", &[At("document/pdf")], "the objects of a PDF; what they look like on a page is ours"),
    (
        "memchr",
        &[At("document"), At("extract/rows"), At("store"), At("text/decode")],
        "finding bytes: tags of a page, tabs of a line, the end of a WARC head, the charset a page names",
    ),
    ("miette", &[At("cli")], "complaints shown with their place in the file"),
    (
        "office_oxide",
        &[At("document/compound"), At("document/doc")],
        "Word's and Excel's old binary formats; young, so two files know it",
    ),
    ("prometheus", &[At("metrics")], "one struct holds every metric"),
    ("quick-xml", &[At("document/xml")], "XML of office documents, as one small tree"),
    ("regex", ANYWHERE, "patterns, of rules and of text"),
    ("reqwest", &[At("fetch")], "the only door to the net is the polite one"),
    ("rlimit", &[At("convert")], "limits of the children that read and convert foreign documents"),
    ("robotxt", &[At("fetch")], "robots.txt is a matter of manners"),
    ("rust_decimal", ANYWHERE, "figures are exact"),
    ("rust_xlsxwriter", &[At("notify"), At("cli")], "workbooks of findings"),
    (
        "rustix",
        &[At("store"), At("convert/process"), At("convert/browser")],
        "how much of the disk is free, ending a group of processes, and whether we are root: std has none of them",
    ),
    ("rustls", &[At("fetch")], "the TLS provider is chosen where connections are made"),
    ("scraper", &[At("document/html"), At("crawl")], "the tree where the token stream is broken; selectors of profiles"),
    ("serde", ANYWHERE, "nouns are stored and shown as JSON"),
    ("serde_json", ANYWHERE, "JSON"),
    ("sha2", ANYWHERE, "names of bodies, fingerprints, the journal's chain"),
    ("sled", &[At("store")], "an index that can be thrown away; nobody else may rely on it"),
    ("subtle", &[At("http")], "comparing tokens in constant time"),
    ("terminal_size", &[At("cli")], "how wide the screen is that a table is drawn on"),
    ("thiserror", ACTING, "errors of rooms that can fail; the core cannot"),
    ("tokio", ACTING, "the core never awaits"),
    ("tokio-util", ACTING, "telling tasks to stop"),
    ("toml", &[At("rules"), At("config"), At("check"), At("demo")], "files people write: rules, configuration, cases, faults"),
    ("tower-http", &[At("http")], "limits and compression of the API"),
    ("tracing", ACTING, "the core does not log; it answers"),
    ("tracing-subscriber", &[At("main"), At("cli")], "where the log goes is decided once"),
    ("unicode-normalization", &[At("text"), In(Core)], "comparing text in its folded form"),
    ("url", ANYWHERE, "addresses are a type"),
    ("winnow", &[At("rules")], "the notation of identities"),
    ("zip", &[At("document/package")], "the one place that unpacks, with its limits"),
    ("zstd", &[At("store")], "kept bodies are compressed"),
];

/// Where a clock is read: everywhere else `now` comes in.
const CLOCKS: &[(&str, &str, &str)] = &[
    ("main", "Utc::now", "the one clock, handed to everybody"),
    ("main", "Instant::now", "a clock that starts at NIANJIAN_NOW counts on from there"),
    ("fetch", "Instant::now", "pacing and durations: time that passes, not the time of day"),
    ("demo/site", "Instant::now", "the fake portal logs when it was asked, so that politeness can be judged"),
];
const CLOCK_CALLS: [&str; 4] = ["Utc::now", "Local::now", "SystemTime::now", "Instant::now"];

/// What the pure rooms (leaves and core) never do.
const ACTS: &[(&str, &str)] = &[
    ("std::fs", "touches the disk"),
    ("File::open", "touches the disk"),
    ("std::process", "starts a process"),
    ("std::env", "reads the environment"),
    ("std::thread", "starts a thread or sleeps"),
    ("TcpStream", "touches the network"),
    ("async fn", "awaits"),
    (".await", "awaits"),
];

/// Files over `LONG` lines, each with its reason. Nothing goes over `TOO_LONG`.
const LONG_FILES: &[(&str, &str)] = &[
    ("src/document/html/token.rs", "one pass over the characters of a page"),
    ("src/rules/kind.rs", "the one list of kinds: a row of each for its name, its messages and its limits"),
    ("src/extract/tables.rs", "one walk: a grid is matched with a statutory table"),
    ("src/text/numerals/scan.rs", "one pass over the characters of a text"),
];
const LONG: usize = 400;
const TOO_LONG: usize = 600;

/// The folder of the package. Asked for at run time, so that the guard can be pointed at another tree.
fn package() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
}

fn sources() -> Vec<Source> {
    Source::all_below(&package().join("src"))
}

fn room(name: &str) -> Option<&'static (&'static str, Layer, &'static [&'static str])> {
    ROOMS.iter().find(|(room, _, _)| *room == name)
}

/// Fails with every complaint at once.
fn hold(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn layer_complaints(source: &Source) -> Vec<String> {
    let Some((name, layer, beside)) = room(source.room()) else {
        return vec![format!(
            "src/{}: no room is called `{}`. Move the file into a room, or give the new room a row in ROOMS and a line in ARCHITECTURE.md.",
            source.path,
            source.room()
        )];
    };
    let mut complaints = Vec::new();
    for (used, line) in source.root_names() {
        let Some((_, below, _)) = room(&used) else { continue };
        let allowed = used == *name || below < layer || beside.contains(&used.as_str());
        if !allowed {
            complaints.push(format!(
                "src/{}:{line}: `{name}` ({layer:?}) may not use `{used}` ({below:?}). Pass the value in, move the function to the room \
                 that owns it, or put it into `model`; a new edge needs a row in ROOMS and a sentence in ARCHITECTURE.md.",
                source.path
            ));
        }
    }
    complaints
}

#[test]
fn rooms_use_what_lies_below_them() {
    hold(sources().iter().flat_map(layer_complaints).collect());
}

fn library_complaints(source: &Source) -> Vec<String> {
    let layer = room(source.room()).map(|(_, layer, _)| *layer);
    let at_home = |home: &Home| match home {
        At(place) => source.lies_at(place),
        In(homes) => layer == Some(*homes),
    };
    LIBRARIES
        .iter()
        .filter(|(_, homes, _)| !homes.iter().any(at_home))
        .filter_map(|(library, homes, why)| {
            let line = source.uses_of(&library.replace('-', "_"))?;
            Some(format!(
                "src/{}:{line}: `{library}` lives in {homes:?} ({why}). Ask that room for what you need; a second home needs a changed row \
                 in LIBRARIES with its reason.",
                source.path
            ))
        })
        .collect()
}

#[test]
fn every_library_stays_at_home() {
    hold(sources().iter().flat_map(library_complaints).collect());
}

#[test]
fn every_library_has_a_home() {
    let text = std::fs::read_to_string(package().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    let listed: Vec<&str> = manifest["dependencies"].as_table().unwrap().keys().map(String::as_str).collect();
    let homeless = listed.iter().filter(|name| !LIBRARIES.iter().any(|(library, _, _)| library == *name));
    let gone = LIBRARIES.iter().filter(|(library, _, _)| !listed.contains(library));
    let homeless = homeless
        .map(|name| format!("Cargo.toml: `{name}` has no row in LIBRARIES: say where it lives and why, or do without it."));
    let gone = gone.map(|(library, _, _)| format!("LIBRARIES: `{library}` is no longer in Cargo.toml; take its row away."));
    hold(homeless.chain(gone).collect());
}

fn clock_complaints(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    for call in CLOCK_CALLS {
        let allowed = CLOCKS.iter().any(|(place, listed, _)| *listed == call && source.lies_at(place));
        if let Some(at) = source.code.find(call).filter(|_| !allowed) {
            complaints.push(format!(
                "src/{}:{}: `{call}` reads a clock. Take `now` as an argument (the daemon has the clock that `main` made); a duration for \
                 pacing or metrics needs a row in CLOCKS.",
                source.path,
                source.line(at)
            ));
        }
    }
    complaints
}

#[test]
fn only_main_reads_the_clock() {
    hold(sources().iter().flat_map(clock_complaints).collect());
}

fn purity_complaints(source: &Source) -> Vec<String> {
    if room(source.room()).is_none_or(|(_, layer, _)| *layer > Core) {
        return Vec::new();
    }
    let acts = ACTS.iter().filter_map(|(act, what)| source.code.find(act).map(|at| (act, what, at)));
    acts.map(|(act, what, at)| {
        format!(
            "src/{}:{}: `{act}` {what}, and `{}` is pure. Let the shell do it and pass the value in.",
            source.path,
            source.line(at),
            source.room()
        )
    })
    .collect()
}

#[test]
fn the_core_does_not_act() {
    hold(sources().iter().flat_map(purity_complaints).collect());
}

#[test]
fn files_fit_a_reader() {
    let mut complaints = Vec::new();
    for folder in ["src", "tests"] {
        for source in Source::all_below(&package().join(folder)) {
            let (path, lines) = (format!("{folder}/{}", source.path), source.text.lines().count());
            let reason = LONG_FILES.iter().find(|(listed, _)| *listed == path);
            if lines > TOO_LONG {
                complaints.push(format!("{path}: {lines} lines; over {TOO_LONG} no reason helps. Split it along its story."));
            } else if lines > LONG && reason.is_none() {
                complaints.push(format!("{path}: {lines} lines. Split it, or give a reason in LONG_FILES."));
            } else if lines <= LONG && reason.is_some() {
                complaints.push(format!("{path}: {lines} lines fit; take its row out of LONG_FILES."));
            }
        }
    }
    hold(complaints);
}

#[test]
fn nothing_is_unwrapped() {
    let complaint = |source: &Source| {
        source.code.find(".unwrap()").map(|at| {
            format!(
                "src/{}:{}: `.unwrap()`. Handle it, or `expect` with the reason why it cannot fail.",
                source.path,
                source.line(at)
            )
        })
    };
    hold(sources().iter().filter_map(complaint).collect());
}

#[test]
fn every_file_tells_its_story() {
    let mute = |source: &&Source| !source.text.starts_with("//! ");
    let complaint = |source: &Source| {
        format!("src/{}: begins without `//!`. Say in whole sentences what the file is for and why.", source.path)
    };
    hold(sources().iter().filter(mute).map(complaint).collect());
}

#[test]
fn the_guard_sees_what_it_guards() {
    let complaints = |path: &str, text: &str| {
        let source = Source::of(path, text);
        [layer_complaints(&source), library_complaints(&source), clock_complaints(&source), purity_complaints(&source)].concat()
    };
    let breaches = [
        ("store/x.rs", "use crate::fetch::Fetcher;"),
        ("store/x.rs", "use crate::{model::Run, notify::{self, Letter}};"),
        ("store/x.rs", "use super::super::fetch;"),
        ("ledger.rs", "use super::digest::compose;"),
        ("ledger/steps.rs", "fn f() -> crate::store::Store { todo() }"),
        ("text/mod.rs", "use crate::rules::Standard;"),
        ("pipeline/mod.rs", "use crate::cli;"),
        ("attic.rs", ""),
        ("notify/x.rs", "use reqwest::Client;"),
        ("check/x.rs", "#[derive(thiserror::Error)] struct E;"),
        ("document/mod.rs", "use calamine as sheets;"),
        ("daemon.rs", "let now = chrono::Utc::now();"),
        ("fetch/pace.rs", "let now = Utc::now();"),
        ("check/x.rs", "let text = std::fs::read(path);"),
        ("crawl/x.rs", "pub async fn step() {}"),
        ("check/x.rs", "const A: char = '\"'; use crate::store::Store; const B: char = '\"';"),
        ("check/x.rs", "#[cfg(test)] mod tests { fn f() {} } use crate::store::Store;"),
    ];
    for (path, text) in breaches {
        assert_eq!(complaints(path, text).len(), 1, "{path}: {text}: {:?}", complaints(path, text));
    }
    let lawful = [
        ("store/x.rs", "// use crate::fetch::Fetcher;\nconst A: &str = \"crate::fetch::x and reqwest::get\";"),
        ("store/x.rs", "const A: &str = r#\"use \"crate::fetch\" now\"#; /* crate::fetch::x */"),
        ("store/x.rs", "#[cfg(test)]\nmod tests { use crate::fetch::Fetcher; fn f() { let x = chrono::Utc::now(); } }"),
        ("store/x.rs", "#[cfg(test)] use crate::fetch::Fetcher;"),
        ("store/x.rs", "use super::keys; use crate::model::{Run, Time};"),
        ("roster/cells.rs", "use calamine::Reader;"),
        ("fetch/pace.rs", "fn f<'a>(x: &'a str) { let now = Instant::now(); }"),
        ("cli/x.rs", "use crate::{pipeline::Pipeline, store};"),
    ];
    for (path, text) in lawful {
        assert_eq!(complaints(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}
