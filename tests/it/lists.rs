//! The lists of the command line: filters, faces, exit codes, and that the daemon tells the same.

use crate::support::{Daemon, Office, Ran, mini_site, python, run_with};
use serde_json::{Value, json};
use std::process::Command;

const RECEIVER: &str = "[[receiver]]\nid = \"office\"\nschedule = \"0 0 8 * * *\"\nchannels = [{ folder = \"digests\" }]\n";

/// When people ask: some hours after the visits of the tests, whose clock goes on from its own start.
const NOW: &str = "2026-02-10T12:00:00+08:00";

/// Runs a command in an office.
fn ran(office: &Office, arguments: &[&str]) -> Ran {
    run_with(office.path(), arguments, &[("NIANJIAN_NOW", NOW)])
}

/// The rows that a list prints as JSON.
fn rows(office: &Office, arguments: &[&str]) -> Vec<Value> {
    let ran = ran(office, &[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    let rows: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", ran.out));
    rows.as_array().unwrap().clone()
}

fn missing(office: &Office) -> Value {
    rows(office, &["findings", "--rule", "publication/missing"]).remove(0)
}

#[test]
fn lists_are_narrowed_and_say_the_same_in_every_face() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let all = rows(&office, &["findings"]);
    assert!(all.len() > 1);
    for (arguments, wanted) in [
        (&["--severity", "error"][..], json!({"severity": "error"})),
        (&["--rule", "publication"], json!({"rule": "publication/missing"})),
        (&["--agency", "云溪市民政局"], json!({"agency": "mzj"})),
        (&["--year", "2025", "--state", "standing"], json!({"year": 2025, "state": "open"})),
    ] {
        let found = rows(&office, &[&["findings"], arguments].concat());
        let fits = |row: &Value| wanted.as_object().unwrap().iter().all(|(key, value)| &row[key] == value);
        assert!(!found.is_empty() && found.iter().all(fits), "{arguments:?}: {found:?}");
        assert_eq!(found.len(), all.iter().filter(|row| fits(row)).count(), "{arguments:?}");
    }
    assert_eq!(rows(&office, &["findings", "--portal", "elsewhere"]).len(), 0);
    assert_eq!(rows(&office, &["reports"]).len(), 2);
    assert_eq!(rows(&office, &["reports", "--agency", "jyj"])[0]["agency_name"], "云溪市教育局");
    let broken = rows(&office, &["reports", "--severity", "error"]);
    assert!(broken.len() < 2 || broken.iter().all(|report| report["findings"] != 0));
    let state = |agency: &Value| agency["years"][0]["state"].as_str().unwrap().to_owned();
    let states: Vec<String> = rows(&office, &["status"]).iter().map(state).collect();
    assert_eq!(states, ["published", "published", "missing"]);
    assert_eq!(rows(&office, &["status", "--state", "missing"])[0]["id"], "mzj");
    assert_eq!(rows(&office, &["runs"])[0]["state"], "complete");

    let table = ran(&office, &["findings"]).out;
    assert_eq!(table.lines().count(), all.len() + 1, "{table}");
    assert!(table.starts_with("问题编号"), "{table}");
    let english = ran(&office, &["findings", "--lang", "en"]).out;
    assert!(english.starts_with("Finding id") && english.contains("missing"), "{english}");
    let csv = ran(&office, &["findings", "--format", "csv"]).out;
    assert!(csv.starts_with('\u{feff}') && csv.contains("\r\n"), "{csv}");
    let status = ran(&office, &["status"]).out;
    for words in ["2025 年度：3 家单位，已发布 2 · 逾期未发布 1", "云溪市民政局", "mini", "下次巡查"] {
        assert!(status.contains(words), "{words}: {status}");
    }
}

#[test]
fn a_portal_proposes_the_agencies_that_the_roster_lacks() {
    let office = Office::watching(mini_site(), "");
    std::fs::write(office.path().join("agencies.csv"), "id,name,kind,portal\njyj,云溪市教育局,department,mini\n").unwrap();
    let found = ran(&office, &["agencies", "discover", "mini"]);
    let wanted = "mini-001,云溪市自然资源局,,department,,,mini,,";
    assert_eq!((found.code, found.out.lines().skip(1).collect::<Vec<_>>()), (0, vec![wanted]), "{}", found.err);
    assert_eq!(ran(&office, &["agencies", "discover", "nowhere"]).code, 64);
    let before = std::fs::read_to_string(office.path().join("agencies.csv")).unwrap();
    assert!(!before.contains("自然资源局"), "it only proposes");
}

#[test]
fn one_agency_over_the_years() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let history = rows(&office, &["history", "云溪市教育局"]).remove(0);
    assert_eq!((&history["id"], &history["years"][0]["state"]), (&json!("jyj"), &json!("published")), "{history}");
    assert_eq!(history["reports"].as_array().unwrap().len(), 1);
    assert_eq!(history["findings"], Value::Array(rows(&office, &["findings", "--agency", "jyj"])));
    let other_year = rows(&office, &["history", "jyj", "--year", "2019"]).remove(0);
    assert_eq!((&other_year["years"], &other_year["reports"]), (&json!([]), &json!([])));
    assert!(ran(&office, &["history", "mzj"]).out.contains("逾期未发布"));
    // An agency that the roster lost is known by its reports.
    let roster = std::fs::read_to_string(office.path().join("agencies.csv")).unwrap();
    std::fs::write(office.path().join("agencies.csv"), roster.replace("jyj,", "lost,")).unwrap();
    let lost = rows(&office, &["history", "云溪市教育局"]).remove(0);
    assert_eq!((&lost["id"], &lost["reports"]), (&json!("lost"), &json!([])), "a report stays with the id it was kept under");
    assert_eq!(rows(&office, &["history", "jyj"])[0]["name"], "云溪市教育局");
    let nobody = ran(&office, &["history", "无此机关"]);
    assert_eq!(nobody.code, 64, "{}", nobody.err);
}

#[test]
fn words_that_mean_nothing_are_wrong_usage() {
    let office = Office::watching(mini_site(), RECEIVER);
    for arguments in [
        &["findings", "--severity", "fatal"][..],
        &["findings", "--state", "gone"],
        &["reports", "--year", "last"],
        &["status", "--format", "pdf"],
        &["digest", "--since", "yesterday"],
        &["digest", "--receiver", "nobody"],
        &["finding", "confirm", "nosuch", "--by", "张三", "--note", "核实"],
        &["finding", "confirm", "nosuch", "--note", "核实"],
        &["finding", "eat", "nosuch", "--by", "张三", "--note", "核实"],
        &["finding", "reply", "nosuch", "--by", "张三", "--note", "核实", "--due", "2026-05-01"],
    ] {
        let ran = ran(&office, arguments);
        assert_eq!(ran.code, 64, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(!ran.err.is_empty() && ran.out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_daemon_tells_what_the_store_tells() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let fingerprint = missing(&office)["fingerprint"].as_str().unwrap().to_owned();
    let lists: [&[&str]; 6] =
        [&["findings"], &["findings", "--severity", "error"], &["reports"], &["status"], &["history", "云溪市民政局"], &["runs"]];
    let before: Vec<Vec<Value>> = lists.iter().map(|list| rows(&office, list)).collect();
    let daemon = Daemon::start(office.path(), &[("NIANJIAN_NOW", NOW)]);
    let api = format!("http://{}", daemon.address);
    let through = |arguments: &[&str]| run_with(office.path(), arguments, &[("NIANJIAN_NOW", NOW), ("NIANJIAN_API", &api)]);
    for (list, before) in lists.iter().zip(&before) {
        let told = through(&[list, &["--format", "json"][..]].concat());
        assert_eq!(told.code, 0, "{list:?}: {}", told.err);
        assert_eq!(&serde_json::from_str::<Vec<Value>>(&told.out).unwrap(), before, "{list:?}");
    }
    assert_eq!(daemon.json("/api/v1/findings")["items"], Value::Array(before[0].clone()));
    assert!(through(&["status"]).out.contains("下次巡查"));

    let step = |step: &str, more: &[&str]| {
        through(&[&["finding", step, &fingerprint, "--by", "张三", "--note", "电话核实"], more].concat())
    };
    assert_eq!(step("notify", &["--due", "2026-05-01"]).code, 0);
    assert_eq!(step("confirm", &[]).code, 2, "a finding that is notified is confirmed already");
    let finding = daemon.json(&format!("/api/v1/findings/{fingerprint}"));
    assert_eq!(
        (&finding["state"], &finding["due"], &finding["steps"][0]["by"]),
        (&json!("notified"), &json!("2026-05-01"), &json!("张三"))
    );

    let alone = ran(&office, &["findings"]);
    assert_eq!(alone.code, 2, "nobody answers at the address of the configuration");
    for arguments in [&["digest"][..], &["backup", "copy"], &["export", "figures"], &["export", "warc", "--out", "x.warc.gz"]] {
        let busy = through(arguments);
        assert_eq!(busy.code, 2, "{arguments:?}: {}", busy.err);
        assert!(busy.err.contains("正被运行中的 nianjian"), "{arguments:?}: {}", busy.err);
    }
    assert!(alone.err.contains("nianjian serve"), "{}", alone.err);
}

#[test]
fn steps_are_taken_in_turn() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let id = missing(&office)["fingerprint"].as_str().unwrap().to_owned();
    let step = |step: &str| ran(&office, &["finding", step, &id, "--by", "李四", "--note", "见来函"]);
    for (word, code, state) in [
        ("reply", 2, "open"),
        ("confirm", 0, "confirmed"),
        ("notify", 0, "notified"),
        ("reply", 0, "replied"),
        ("reopen", 0, "reopened"),
    ] {
        let ran = step(word);
        assert_eq!(ran.code, code, "{word}: {}", ran.err);
        assert_eq!(missing(&office)["state"], state, "{word}");
    }
    let events: Vec<String> = rows(&office, &["export", "ledger", "--rule", "publication/missing"])
        .iter()
        .map(|row| row["event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(events, ["opened", "confirm", "notify", "reply", "reopen"]);
    let pack = ran(&office, &["export", "evidence", &id]);
    assert_eq!(pack.code, 0, "{}", pack.err);
    for words in [&id, "云溪市民政局", "SHA-256", "李四", "见来函", "data:application/octet-stream;base64,"] {
        assert!(pack.out.contains(words), "{words}");
    }
    assert_eq!(ran(&office, &["export", "evidence", "nosuch"]).code, 64);
    let ledger = ran(&office, &["export", "ledger", "--rule", "publication/missing"]).out;
    assert!(ledger.contains("交办") && ledger.contains("李四"), "{ledger}");
}

#[test]
fn a_digest_is_shown_and_only_sent_when_asked() {
    let office = Office::watching(mini_site(), RECEIVER);
    office.crawl(&[], &[]);
    let shown = ran(&office, &["digest"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("云溪市民政局"), "{}", shown.out);
    assert!(!office.path().join("digests").exists(), "showing sends nothing");
    let opened = |since: &str| rows(&office, &["digest", "--since", since])[0]["changes"].as_u64().unwrap();
    assert!(opened("2020-01-01") > 0);
    assert_eq!(opened("2030-01-01"), 0);
    let sent = ran(&office, &["digest", "--send"]);
    assert_eq!(sent.code, 0, "{}", sent.err);
    assert_eq!(std::fs::read_dir(office.path().join("digests")).unwrap().count(), 1);
    assert_eq!(office.store().digests().unwrap().len(), 1);
    assert!(office.store().outbox().unwrap().is_empty());
    assert_eq!(rows(&office, &["digest"])[0]["changes"], 0, "what was told is not told again");

    std::fs::write(office.path().join("blocked"), "a file where the folder should be").unwrap();
    office.change("folder = \"digests\"", "folder = \"blocked\"");
    let stuck = ran(&office, &["digest", "--send"]);
    assert_eq!(stuck.code, 2, "{}", stuck.err);
}

#[test]
fn a_digest_needs_nobody_to_be_shown() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    assert!(ran(&office, &["digest"]).out.contains("云溪市民政局"));
    assert_eq!(ran(&office, &["digest", "--send"]).code, 64);
}

#[test]
fn a_backup_is_the_store_again() {
    let office = Office::watching(mini_site(), "");
    assert_eq!(ran(&office, &["backup", "early"]).code, 2, "there is nothing yet");
    office.crawl(&[], &[]);
    let before = rows(&office, &["findings"]);
    assert_eq!(ran(&office, &["backup", "copy"]).code, 0);
    assert_eq!(ran(&office, &["backup", "copy"]).code, 2, "a backup is never overwritten");
    assert_eq!(ran(&office, &["restore", "copy"]).code, 2, "nor is a store");
    std::fs::rename(office.path().join("data"), office.path().join("lost")).unwrap();
    assert_eq!(ran(&office, &["restore", "nowhere"]).code, 2);
    let restored = ran(&office, &["restore", "copy"]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert_eq!(ran(&office, &["verify"]).code, 0);
    assert_eq!(rows(&office, &["findings"]), before);
}

#[test]
fn figures_are_exported_one_a_row() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let reports = rows(&office, &["reports"]);
    let wanted: u64 = reports.iter().map(|report| report["figures"].as_u64().unwrap()).sum();
    let figures = rows(&office, &["export", "figures"]);
    assert_eq!(figures.len(), 2 * (10 + 175 + 15));
    assert!(wanted > 0 && figures.iter().filter(|figure| figure["state"] != "absent").count() as u64 <= wanted.max(400));
    assert!(figures.iter().all(|figure| figure["value"].is_number() == (figure["state"] == "number")));
    let csv = ran(&office, &["export", "figures", "--agency", "jyj"]).out;
    assert_eq!(csv.lines().count(), 1 + 200);
}

#[test]
fn scores_are_exported_one_a_report() {
    let office = Office::watching(mini_site(), "[rules]\noverlay = \"overlay.toml\"");
    std::fs::write(office.path().join("overlay.toml"), "").unwrap();
    office.crawl(&[], &[]);
    let none = ran(&office, &["export", "scores"]);
    assert!(none.code == 64 && none.err.contains("[score]"), "{}", none.err);
    std::fs::write(office.path().join("overlay.toml"), "[score.points]\nerror = 5\nwarn = 2\ninfo = 1\n").unwrap();
    let (reports, findings) = (rows(&office, &["reports"]), rows(&office, &["findings"]));
    let scores = rows(&office, &["export", "scores"]);
    assert_eq!(scores.len(), reports.len());
    for row in &scores {
        let against = findings.iter().filter(|finding| finding["agency"] == row["agency"] && finding["year"] == row["year"]);
        let lost: u64 = against
            .map(|it| [("error", 5), ("warn", 2)].iter().find(|(word, _)| it["severity"] == *word).map_or(1, |it| it.1))
            .sum();
        assert_eq!((&row["score"]["lost"], &row["score"]["score"]), (&json!(lost), &json!(100 - lost)), "{row}");
    }
    let csv = ran(&office, &["export", "scores", "--agency", "jyj"]).out;
    assert_eq!(csv.lines().count(), 2, "{csv}");
}

/// Opens what the office opens: workbooks, csv files and archives.
const READER: &str = r#"
import csv, gzip, json, sys, openpyxl
sheet = openpyxl.load_workbook(sys.argv[1]).active
rows = [[cell for cell in row] for row in sheet.iter_rows(values_only=True)]
table = list(csv.reader(open(sys.argv[2], encoding="utf-8-sig", newline="")))
warc = gzip.open(sys.argv[3]).read()
same = [["" if cell is None else str(cell) for cell in row] for row in rows] == table
print(json.dumps({"sheet": sheet.title, "rows": len(rows), "same": same, "records": warc.count(b"WARC/1.1\r\n"), "info": warc[:64].decode()}))
"#;

#[test]
fn files_open_where_they_are_meant_to() {
    let Some(python) = python() else { return };
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    for (format, file) in [("xlsx", "findings.xlsx"), ("csv", "findings.csv")] {
        let ran = ran(&office, &["findings", "--format", format, "--out", file]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    }
    assert_eq!(ran(&office, &["export", "warc", "--out", "kept.warc.gz"]).code, 0);
    let output = Command::new(&python)
        .args(["-c", READER, "findings.xlsx", "findings.csv", "kept.warc.gz"])
        .current_dir(office.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let opened: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&opened["sheet"], &opened["same"]), (&json!("问题台账"), &json!(true)), "{opened}");
    assert_eq!(opened["rows"], rows(&office, &["findings"]).len() + 1);
    assert_eq!(opened["records"], office.store().places().unwrap().len() + 1);
    assert!(opened["info"].as_str().unwrap().contains("WARC-Type: warcinfo"), "{opened}");
}
