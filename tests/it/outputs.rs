//! What `check` writes for other programs and for paper: SARIF against its schema, the sheet against hostile text,
//! and that no output lets an unread document look clean.

use crate::support::{Ran, run, tests};
use serde_json::Value;
use std::path::Path;

fn page(below: &str) -> String {
    tests(below).to_string_lossy().into_owned()
}

const FAULTY: &str = "pages/reports/qingshi-2020.html";
const PICTURES: &str = "pages/reports/bailu-2023-pictures.html";
const NO_REPORT: &str = "pages/nasty/news.html";

fn check(arguments: &[&str]) -> Ran {
    run(Path::new("/"), &[&["check"], arguments].concat())
}

fn sarif(arguments: &[&str]) -> Value {
    let ran = check(&[&["--format", "sarif"], arguments].concat());
    let document: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(tests("sarif-subset.schema.json")).unwrap()).unwrap();
    let mut complaints = Vec::new();
    hold(&document, &schema, &schema, "$", &mut complaints);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    document
}

/// Holds a value against a schema: as much of JSON Schema as the subset uses.
fn hold(value: &Value, schema: &Value, root: &Value, at: &str, complaints: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/definitions/");
        return hold(value, &root["definitions"][name], root, at, complaints);
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.as_i64().is_some_and(|number| number >= schema["minimum"].as_i64().unwrap_or(i64::MIN)),
        _ => true,
    };
    let listed = schema["enum"].as_array().is_none_or(|allowed| allowed.contains(value));
    if !fits || !listed {
        complaints.push(format!("{at}: {value} is not {schema}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            complaints.push(format!("{at}: `{name}` is missing"));
        }
    }
    for (name, part) in value.as_object().into_iter().flatten() {
        match &schema["properties"][name] {
            Value::Null if schema["additionalProperties"] == false => complaints.push(format!("{at}: `{name}` is not known")),
            Value::Null => {}
            known => hold(part, known, root, &format!("{at}.{name}"), complaints),
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        hold(item, &schema["items"], root, &format!("{at}[{index}]"), complaints);
    }
}

#[test]
fn sarif_holds_its_schema_and_tells_what_was_not_read() {
    let document = sarif(&[&page(FAULTY), &page(PICTURES), &page(NO_REPORT), "nowhere.html"]);
    let run = &document["runs"][0];
    let result = &run["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"narrative/breakdown".into(), &"error".into()));
    let index = result["ruleIndex"].as_u64().unwrap() as usize;
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], result["ruleId"]);
    assert!(rule["help"]["text"].as_str().unwrap().contains("条例"), "{rule}");
    let location = &result["locations"][0]["physicalLocation"];
    assert!(location["region"]["startLine"].as_u64().unwrap() > 1, "{location}");
    let json = check(&["--format", "json", &page(FAULTY)]).out;
    assert!(json.contains(result["partialFingerprints"]["nianjian/v1"].as_str().unwrap()));
    // Unread is not clean: the invocation failed, and each document that was not read says so.
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let told = |index: u64, code: &str, level: &str| {
        let of = |note: &&Value| note["locations"][0]["physicalLocation"]["artifactLocation"]["index"] == index;
        notes.iter().filter(of).any(|note| note["descriptor"]["id"] == code && note["level"] == level)
    };
    assert!(told(0, "not-decided", "note"), "what was not decided is told: {notes:#?}");
    assert!(told(2, "not-checked", "note") && told(3, "not-checked", "error") && told(3, "cannot-open", "error"));
    assert_eq!(run["artifacts"].as_array().unwrap().len(), 4);
    let clean = sarif(&["--lang", "en", &page("pages/reports/bailu-2023-spans.html")]);
    let run = &clean["runs"][0];
    assert_eq!((&run["invocations"][0]["executionSuccessful"], &run["tool"]["driver"]["language"]), (&true.into(), &"en".into()));
    assert_eq!(run["results"].as_array().unwrap().len(), 0);
}

#[test]
fn accepted_findings_are_suppressed_in_sarif() {
    let dir = tempfile::TempDir::new().unwrap();
    let fingerprint = {
        let json: Value = serde_json::from_str(&check(&["--format", "json", &page(FAULTY)]).out).unwrap();
        json[0]["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in ["standards", "checks", "profiles"] {
        std::os::unix::fs::symlink(rules.join(entry), dir.path().join(entry)).unwrap();
    }
    let waiver = format!("[[waiver]]\nfingerprint = \"{fingerprint}\"\nreason = \"口径不同\"\nby = \"某人\"\n");
    std::fs::write(dir.path().join("waivers.toml"), waiver).unwrap();
    let document = sarif(&["--rules", dir.path().to_str().unwrap(), &page(FAULTY)]);
    let suppression = &document["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!((&suppression["status"], &suppression["justification"]), (&"accepted".into(), &"口径不同".into()));
}

#[test]
fn the_sheet_can_be_verified_by_hand_and_loads_nothing() {
    let ran = check(&["--format", "html", &page(FAULTY)]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for words in [
        "年报核对单",
        "柳河县青石镇人民政府 2020 年度",
        "18 + 11 + 14 + 9 + 8 = 60",
        "怎么办",
        "已核对 ",
        "其余没有核对",
        "表 2",
        "@page",
    ] {
        assert!(ran.out.contains(words), "the sheet says {words}");
    }
    assert!(!ran.out.contains("<script") && !ran.out.contains("src=") && !ran.out.contains("url("));
    assert!(check(&["--lang", "en", "--format", "html", &page(FAULTY)]).out.contains("What to do"));
    // The cells of a finding bear its number.
    let cells = check(&["--format", "html", &page("sites/demo/zwgk/zfxxgknb/202601/t20260126_100025.html")]).out;
    assert!(cells.contains(r#"class="marked mark-bad">11 <span class="no">1</span>"#));
}

#[test]
fn hostile_text_is_shown_and_never_run() {
    let dir = tempfile::TempDir::new().unwrap();
    let text = std::fs::read_to_string(tests(FAULTY)).unwrap();
    let hostile = "柳河县青石镇&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x&gt;\u{1b}[2J人民政府";
    let path = dir.path().join("<b>\".html");
    std::fs::write(&path, text.replace("青石镇", hostile).replace("（18条）", "（18条\u{1b}[2J\u{202e}&lt;b&gt;）")).unwrap();
    let path = path.to_str().unwrap();
    let sheet = check(&["--format", "html", path]).out;
    assert!(!sheet.contains("<script") && !sheet.contains("<img") && !sheet.contains("<b>\""), "{sheet}");
    let told = check(&[path]).out;
    assert!(!told.contains('\u{1b}') && !told.contains('\u{202e}'), "{told}");
}

#[test]
fn no_output_lets_an_unread_document_look_clean() {
    for (face, words) in
        [("text", "没有核对"), ("html", "没有核对"), ("sarif", "没有核对"), ("json", "没有读出来"), ("jsonl", "没有读出来")]
    {
        let ran = check(&["--format", face, &page("sites/demo/zwgk/zfxxgknb/202601/t20260129_100034.html")]);
        assert_eq!(ran.code, 2, "{face}");
        assert!(ran.out.contains(words), "{face}: {}", ran.out);
    }
    let links = check(&[&page("sites/demo/zwgk/zfxxgknb/202601/t20260112_100035.html")]).out;
    assert!(links.contains("本页只有附件链接"), "{links}");
}

#[test]
fn an_office_scores_what_was_found_and_nothing_else() {
    let dir = tempfile::TempDir::new().unwrap();
    let overlay = dir.path().join("overlay.toml");
    let overlay = overlay.to_str().unwrap();
    std::fs::write(overlay, "[score.points]\nnarrative = 2.5\nwarn = 1\n").unwrap();
    let score = |input: &str| {
        let out = check(&["--format", "json", "--overlay", overlay, &page(input)]).out;
        serde_json::from_str::<Value>(&out).unwrap()[0]["score"].clone()
    };
    let faulty = score(FAULTY);
    assert_eq!((faulty["score"].to_string(), &faulty["whole"]), ("97.5".to_owned(), &false.into()), "{faulty}");
    assert_eq!(faulty["losses"][0]["rule"], "narrative/breakdown");
    assert!(faulty["not_scored"].to_string().contains("history/carry-over"));
    assert_eq!(score("sites/demo/zwgk/zfxxgknb/202601/t20260129_100034.html")["score"], Value::Null, "unread has no score");
    assert_eq!(score(NO_REPORT), Value::Null);
    let text = check(&["--overlay", overlay, &page(FAULTY)]).out;
    assert!(text.contains("得分：97.5 / 100 分（扣 2.5 分）") && text.contains("−2.5 narrative/breakdown"), "{text}");
    std::fs::write(overlay, "[score.points]\nnarative = 1\n").unwrap();
    let refused = check(&["--overlay", overlay, &page(FAULTY)]);
    assert!(refused.code == 64 && refused.err.contains("narative") && refused.err.contains("narrative"), "{}", refused.err);
}
