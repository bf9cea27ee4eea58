//! Every file that ships is loaded or looked through: standards, alerts, tools' settings, pages for people.

use nianjian::rules::Standard;
use regex::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Commands that pages may name although the program does not list them yet; empty before a release.
const COMING: [&str; 0] = [];
/// Files that pages link to and that are made from the program itself.
const MADE: [&str; 2] = ["docs/demo.png", "docs/rules.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files_in(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths
}

/// Every page for people, by its path.
fn pages() -> Vec<(String, String)> {
    let paths = ["", "docs", "deploy"].into_iter().flat_map(|folder| files_in(folder, "md"));
    paths
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            let text = text(&name);
            (name, text)
        })
        .collect()
}

#[test]
fn every_standard_has_the_figures_of_its_form() {
    for (id, figures) in [("v2019", 22 + 161 + 15), ("v2021", 10 + 175 + 15)] {
        let standard = Standard::parse(id, &text(&format!("rules/standards/{id}.toml"))).unwrap();
        let ids: BTreeSet<String> = standard.figure_ids().map(str::to_owned).collect();
        assert_eq!((standard.id.as_str(), standard.figure_ids().count(), ids.len()), (id, figures, figures));
    }
    // Two forms, and the subjects that they share.
    assert_eq!(files_in("rules/standards", "toml").len(), 3, "a new standard belongs into the list above");
}

#[test]
fn alerts_and_pages_name_metrics_that_exist() {
    let registered = text("src/metrics.rs");
    let name = Regex::new(r"\bnianjian_[a-z_]+").unwrap();
    let places = ["deploy/prometheus/nianjian.rules.yml", "deploy/prometheus/nianjian.rules.test.yml", "docs/contract.md"];
    let mut unknown = Vec::new();
    for place in places {
        let text = text(place);
        let strangers = name.find_iter(&text).filter(|found| !registered.contains(&format!("\"{}\"", found.as_str())));
        unknown.extend(strangers.map(|found| format!("{place}: src/metrics.rs has no `{}`", found.as_str())));
    }
    let contract = text("docs/contract.md");
    let missing = name.find_iter(&registered).filter(|found| !contract.contains(found.as_str()));
    unknown.extend(missing.map(|found| format!("docs/contract.md does not tell of `{}`", found.as_str())));
    assert!(unknown.is_empty(), "\n{}\n", unknown.join("\n"));
}

#[test]
fn alerts_fire_when_they_should() {
    let folder = root().join("deploy/prometheus");
    let tests = Command::new("promtool").args(["test", "rules", "nianjian.rules.test.yml"]).current_dir(&folder).output();
    match tests {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("skipped: promtool cannot be run ({error})"),
    }
}

#[test]
fn every_alert_has_a_test() {
    let alert = Regex::new(r"(?m)^\s+- alert: (\w+)").unwrap();
    let tests = text("deploy/prometheus/nianjian.rules.test.yml");
    for found in alert.captures_iter(&text("deploy/prometheus/nianjian.rules.yml")) {
        assert!(tests.contains(&format!("alertname: {}\n", &found[1])), "{} has no case in nianjian.rules.test.yml", &found[1]);
    }
}

#[test]
fn the_service_sets_keys_that_exist() {
    let unit = text("deploy/systemd/nianjian.service");
    let config = text("config.toml");
    for found in Regex::new(r"(?m)^Environment=NIANJIAN_([A-Z]+)_([A-Z_]+)=").unwrap().captures_iter(&unit) {
        let (table, key) = (found[1].to_lowercase(), found[2].to_lowercase());
        let here = config.split("\n[").find(|part| part.starts_with(&format!("{table}]"))).unwrap_or_default();
        let known = here.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} = ")));
        assert!(known, "deploy/systemd/nianjian.service sets {table}.{key}, which config.toml does not have");
    }
}

#[test]
fn settings_of_tools_speak_of_crates_that_are_there() {
    let deny: toml::Table = text("deny.toml").parse().unwrap();
    let lock = text("Cargo.lock");
    for exception in deny["licenses"]["exceptions"].as_array().unwrap() {
        let name = exception["crate"].as_str().unwrap();
        assert!(
            lock.contains(&format!("name = \"{name}\"\n")),
            "deny.toml: `{name}` is no longer in Cargo.lock; take its exception away"
        );
    }
    for ignored in deny["advisories"]["ignore"].as_array().unwrap() {
        let name = ignored["reason"].as_str().unwrap().split(' ').next().unwrap();
        assert!(
            lock.contains(&format!("name = \"{name}\"\n")),
            "deny.toml: `{name}` is no longer in Cargo.lock; take its row away"
        );
    }
    for banned in deny["bans"]["deny"].as_array().unwrap() {
        let name = banned["crate"].as_str().unwrap();
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "deny.toml bans `{name}`, and Cargo.lock has it");
    }
    let clippy: toml::Table = text("clippy.toml").parse().unwrap();
    assert!(
        clippy["disallowed-methods"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["reason"].as_str().is_some_and(|why| !why.is_empty()))
    );
}

/// The commands in the blocks of a page that a person can run as they stand.
fn runnable(page: &str) -> Vec<String> {
    let block = Regex::new(r"(?s)```sh\n(.*?)```").unwrap();
    block
        .captures_iter(page)
        .flat_map(|found| found[1].lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

#[test]
fn both_readmes_say_the_same() {
    let (english, chinese) = (text("README.md"), text("README.zh-CN.md"));
    assert_eq!(runnable(&english), runnable(&chinese), "the commands of both pages are the same");
    assert!(!runnable(&english).is_empty());
    let headings = |page: &str| page.lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(headings(&english), headings(&chinese), "the sections of both pages are the same");
}

/// The program, in the folder of the package, with nothing of the machine's settings.
fn nianjian(arguments: &[&str]) -> std::process::Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_nianjian"));
    program.args(arguments).current_dir(root()).env_clear();
    program.output().unwrap()
}

#[test]
fn pages_name_commands_that_exist() {
    let help = String::from_utf8(nianjian(&["--help"]).stdout).unwrap();
    let listed = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let listed: BTreeSet<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).chain(COMING).collect();
    let command = Regex::new(r"(?:[`\n]|-- |\$ )nianjian ([a-z-]+)").unwrap();
    for (name, text) in pages() {
        for found in command.captures_iter(&text) {
            assert!(listed.contains(&found[1]), "{name}: `nianjian {}` is no command of this version", &found[1]);
        }
    }
}

#[test]
fn the_readme_can_be_followed() {
    for line in runnable(&text("README.md")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["nianjian", arguments @ ..] => {
                let output = nianjian(arguments);
                assert!(output.status.success(), "{line}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
            }
            // The one runs this very test, which runs the other beside it.
            ["cargo", "run", "--release", "--", "demo"] | ["tests/run"] => {}
            _ => panic!("{line}: a test cannot run this; write it as a ```console block"),
        }
    }
}

#[test]
fn pages_link_to_what_is_there() {
    let link = Regex::new(r"\]\(([^)#:]+)(?:#[^)]*)?\)").unwrap();
    for (name, text) in pages() {
        let folder = Path::new(&name).parent().unwrap();
        for found in link.captures_iter(&text) {
            let path = folder.join(&found[1]);
            let made = MADE.iter().any(|made| Path::new(made) == path);
            assert!(made || root().join(&path).exists(), "{name}: there is no `{}`", path.display());
        }
    }
}

#[test]
fn the_changelog_tells_of_this_version() {
    let heading = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(text("CHANGELOG.md").contains(&heading), "CHANGELOG.md has no section {heading}");
}

/// Whoever reads English gets the sentence of a problem's code: each code of the program has one.
#[test]
fn every_problem_has_an_english_sentence() {
    let code = regex::Regex::new(r#"Problem::new\(\s*"([a-z0-9-]+)""#).unwrap();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut unknown = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.contains("test") && !name.contains("sample") && !name.ends_with("support.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let known = |code: &str| nianjian::words::PROBLEMS.iter().any(|(known, _)| *known == code);
                unknown.extend(code.captures_iter(&text).map(|found| found[1].to_owned()).filter(|code| !known(code)));
            }
        }
    }
    assert!(unknown.is_empty(), "give these a row in src/words/problems.rs: {unknown:?}");
}
