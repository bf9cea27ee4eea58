//! Tables of good and bad configurations.

use super::*;
use proptest::prelude::*;

const PORTAL: &str =
    "[fetch]\ncontact = \"mailto:office@portal.example\"\n[[portal]]\nid = \"yunxi\"\nstart = [\"https://portal.example/nb/\"]\n";

/// Accepts six fields, as a stand-in for the room that knows cron.
fn six_fields(text: &str) -> Result<(), String> {
    if text.split_whitespace().count() == 6 { Ok(()) } else { Err("it has not six fields".to_owned()) }
}

fn with(text: &str, env: &[(&str, &str)], sets: &[&str]) -> Result<Config, Vec<String>> {
    let env: Vec<(String, String)> = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    parse("c.toml", text, Path::new("/etc/nianjian"), &env, &sets, &six_fields)
        .map_err(|complaints| complaints.iter().map(|complaint| complaint.to_string().replace("\n  hint: ", " | ")).collect())
}

fn complaints(text: &str) -> Vec<String> {
    with(text, &[], &[]).err().unwrap_or_default()
}

#[test]
fn the_shipped_file_is_the_defaults_and_names_every_key() {
    let text = include_str!("../../config.toml");
    let shipped = with(text, &[], &[]).unwrap();
    let mut defaults = with("", &[], &[]).unwrap();
    assert!(shipped.agencies_named && !defaults.agencies_named);
    defaults.agencies_named = true;
    assert_eq!(shipped, defaults);
    for key in build::KEYS {
        let name = key.rsplit('.').next().unwrap_or(key);
        assert!(text.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{name} ="))), "{key}");
    }
    let roster = crate::roster::from_csv(include_bytes!("../../agencies.csv"), None);
    assert_eq!((roster.0.agencies.len(), roster.1), (0, Vec::new()));
}

#[test]
fn the_examples_of_the_shipped_file_are_good() {
    let text = include_str!("../../config.toml");
    let example = |line: &str| {
        let bare = line.strip_prefix("# ")?;
        let code = bare.starts_with("[[")
            || bare.starts_with(['{', ']', ' '])
            || bare.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        code.then(|| bare.to_owned())
    };
    let active: Vec<String> = text.lines().map(|line| example(line).unwrap_or_else(|| line.to_owned())).collect();
    let active = active.join("\n").replace("{ file = \"secrets/", "{ env = \"NIANJIAN_");
    let env = [("NIANJIAN_OPERATOR_TOKEN", "o"), ("NIANJIAN_viewer", "v"), ("NIANJIAN_reviewer", "r"), ("NIANJIAN_mail", "m")];
    let config = with(&active, &env, &[]).unwrap();
    assert_eq!(config.portals[0].id, "example");
    assert_eq!(config.receivers[0].channels.len(), 3);
    assert_eq!(config.since, Some(2025));
    assert_eq!(config.rules.dir, Some(PathBuf::from("/etc/nianjian/rules")));
}

#[test]
fn defaults() {
    let config = Config::default();
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8620");
    assert_eq!(config.fetch.min_delay, Duration::from_secs(3));
    assert_eq!(config.fetch.max_body, 50_000_000);
    assert_eq!(config.fetch.allow_ports, [80..=80, 443..=443]);
    assert_eq!(config.store.bodies, Path::new("data/snapshots"));
    assert_eq!(config.service.timezone, chrono_tz::Asia::Shanghai);
    assert_eq!(with("[service]\ndata = \"/d\"", &[], &[]).unwrap().store.bodies, Path::new("/d/snapshots"));
}

#[test]
fn a_full_portal_and_receiver() {
    let text = format!(
        "{PORTAL}name = \"云溪市政府门户\"\nschedule = \"0 0 7 * * *\"\nmin_delay = \"5s\"\nhosts = [\"Files.portal.example\"]\n\
         [[receiver]]\nid = \"office\"\nscope = [\"yunxi\", \"a1\"]\nlang = \"en\"\nchannels = [{{ folder = \"out\" }}]\n"
    );
    let config = with(&text, &[], &[]).unwrap();
    let portal = &config.portals[0];
    assert_eq!((portal.name.as_str(), portal.profile.as_str()), ("云溪市政府门户", "auto"));
    assert_eq!(
        (portal.min_delay, portal.hosts.as_slice()),
        (Some(Duration::from_secs(5)), ["files.portal.example".to_owned()].as_slice())
    );
    let receiver = &config.receivers[0];
    assert!(receiver.lang.is_english() && receiver.scope.holds("a1", None) && receiver.scope.holds("x", Some("yunxi")));
    assert!(!receiver.scope.holds("x", Some("other")));
    assert_eq!(receiver.channels, [Channel::Folder(PathBuf::from("/etc/nianjian/out"))]);
}

#[test]
fn all_complaints_come_at_once_and_in_order() {
    let found = complaints(
        "agencis = \"a.csv\"\n[http]\nlistn = \"127.0.0.1:1\"\nlisten = 5\n[fetch]\nmin_delay = \"10ms\"\nconcurrency = 0\n\
         [[portal]]\nid = \"Yun Xi\"\nstart = [\"ftp://portal.example/\"]\nschedule = \"daily\"\n",
    );
    let beginnings = [
        "c.toml:1:1: unknown key `agencis` in the file's root | did you mean `agencies`?",
        "c.toml:3:1: unknown key `listn` in [http] | did you mean `listen`?",
        "c.toml:4:10: an address is expected here, in quotes",
        "c.toml:5:1: `fetch.contact` is required",
        "c.toml:6:13: `fetch.min_delay` is under one second",
        "c.toml:7:15: a whole number from 1 to 1024",
        "c.toml:9:6: `Yun Xi` is not an id",
        "c.toml:10:10: `ftp://portal.example/` is not an http(s) address",
        "c.toml:11:12: `daily` is not a schedule: it has not six fields",
    ];
    assert_eq!(found.len(), beginnings.len(), "{found:#?}");
    for (complaint, beginning) in found.iter().zip(beginnings) {
        assert!(complaint.starts_with(beginning), "{complaint}\n{beginning}");
    }
}

#[test]
fn single_complaints() {
    let portal_with = |line: &str| format!("{PORTAL}{line}\n");
    let receiver_with = |channels: &str| format!("[[receiver]]\nid = \"office\"\nchannels = [{channels}]\n");
    let table: Vec<(String, &str)> = vec![
        ("[http]\nlisten = \"0.0.0.0:8620\"".into(), "2:10: without tokens `http.listen` must be a loopback"),
        ("[metrics]\nlisten = \"[::]:9\"".into(), "2:10: without tokens `metrics.listen`"),
        ("[service]\ntimezone = \"Asia/Shangai\"".into(), "did you mean \"Asia/Shanghai\"?"),
        ("[service]\nlang = \"cn\"".into(), "`cn` is none of \"zh\", \"en\""),
        ("[service]\nagencies = \"a.csv\"".into(), "it stands before the first table"),
        ("service = 3".into(), "1:11: [service] is a table"),
        ("[store]\nindex = \"postgres://h/d\"".into(), "2:9: PostgreSQL is not in this version"),
        ("[store]\nbodies = \"s3://bucket\"".into(), "2:10: an object store is not in this version"),
        ("[store]\ndisk_reserve = \"2\"".into(), "is not a size"),
        ("[fetch]\ncontact = \"office\"".into(), "2:11: `office` is not a contact"),
        ("[fetch]\ntimeout = \"0s\"".into(), "must not be zero"),
        ("[fetch]\nallow_ports = [\"9-1\"]".into(), "2:16: the range `9-1` ends before it begins"),
        ("[fetch]\nallow_ports = []".into(), "with no port allowed"),
        ("[fetch]\nallow_ports = [0]".into(), "from 1 to 65535"),
        ("[fetch]\nallow_addresses = [\"10/8\"]".into(), "`10/8` is not a network"),
        ("[obligations]\nsince = 1999".into(), "from 2008 to 2100"),
        ("[http.tokens]\nviewer = \"\"".into(), "this secret is empty"),
        ("[http.tokens]\nviewer = \"a\"\noperator = \"a\"".into(), "two roles have the same token"),
        ("[http.tokens]\nviewer = { env = \"NO_SUCH\" }".into(), "NO_SUCH is not set"),
        ("[http.tokens]\nviewer = { file = \"none-such\" }".into(), "cannot be read"),
        ("[http.tokens]\nviewer = { env = \"A\", file = \"b\" }".into(), "a secret is a text"),
        ("a = 1\na = 2".into(), "2:1: duplicate key"),
        ("portal = \"x\"".into(), "`portal` is a list of tables | write [[portal]]"),
        ("[[portal]]\nid = \"a\"\nstart = [\"https://portal.example/\"]".into(), "1:1: `fetch.contact` is required"),
        (portal_with("min_delay = \"500ms\""), "6:13: `min_delay` is under one second"),
        (portal_with("[[portal]]\nid = \"yunxi\"\nstart = [\"https://portal.example/\"]"), "the id `yunxi` is used twice"),
        (portal_with("[[portal]]\nid = \"b\""), "portal `b` has no `start`"),
        (portal_with("[[portal]]\nstart = [\"https://portal.example/\"]"), "6:1: this [[portal]] has no `id`"),
        (portal_with("hosts = [\"https://x.example\"]"), "is not a host name"),
        (portal_with("shedule = \"\""), "unknown key `shedule` in [[portal]] yunxi | did you mean `schedule`?"),
        (receiver_with(""), "receiver `office` has no `channels`"),
        (receiver_with("{ wecom = { key = \"k\" } }"), "3:15: the channel `wecom` is not in this version"),
        (receiver_with("{ dingtalk = {} }"), "the channel `dingtalk` is not in this version"),
        (receiver_with("{ feishu = {} }"), "the channel `feishu` is not in this version"),
        (receiver_with("{ emial = {} }"), "did you mean `email`?"),
        (receiver_with("{ webhook = { url = \"nowhere?key=hush\" } }"), "the `url` of a webhook is an http(s) address"),
        (receiver_with("{ webhook = {} }"), "this webhook has no `url`"),
        (
            receiver_with("{ email = { to = [\"a@b\"], from = \"c@d\", server = \"h:25\", user = \"u\" } }"),
            "`user` and `password` go together",
        ),
        (receiver_with("{ email = { to = [\"a@b\"], from = \"c@d\" } }"), "this email channel has no `server`"),
        (receiver_with("{ email = { to = [], from = \"c@d\", server = \"h:25\" } }"), "nobody to write to"),
        (receiver_with("{ folder = \"x\" }, 3"), "a channel is a table of one key"),
    ];
    for (text, part) in table {
        let found = complaints(&text);
        assert_eq!(found.len(), 1, "{text}\n{found:#?}");
        assert!(found[0].contains(part), "{text}\n{}\n{part}", found[0]);
        assert!(!found[0].contains("hush"));
    }
}

#[test]
fn a_floor_under_a_second_is_for_named_networks() {
    let text = "[fetch]\nmin_delay = \"0s\"\nallow_addresses = [\"127.0.0.1\"]\nallow_ports = [80, \"8000-8999\"]";
    let fetch = with(text, &[], &[]).unwrap().fetch;
    assert_eq!((fetch.min_delay, fetch.allow_addresses), (Duration::ZERO, vec!["127.0.0.1/32".to_owned()]));
    assert_eq!(fetch.allow_ports, [80..=80, 8000..=8999]);
}

#[test]
fn variables_and_settings_override() {
    let config = with(
        "[http]\nlisten = \"127.0.0.1:1\"\n[fetch]\nmin_delay = \"9s\"",
        &[("NIANJIAN_HTTP_LISTEN", "127.0.0.1:2"), ("NIANJIAN_FETCH_ALLOW_PORTS", "81"), ("NIANJIAN_OBLIGATIONS_SINCE", "2020")],
        &[
            "http.listen=127.0.0.1:3",
            "fetch.allow_addresses=10.0.0.0/8, ::1",
            "http.tokens.viewer=12345",
            "service.lang = \"en\"",
        ],
    )
    .unwrap();
    assert_eq!(config.http.listen.port(), 3);
    assert_eq!(config.fetch.min_delay, Duration::from_secs(9));
    assert_eq!(config.fetch.allow_ports, [81..=81]);
    assert_eq!(config.fetch.allow_addresses, ["10.0.0.0/8", "::1/128"]);
    assert_eq!(config.http.tokens.viewer.as_ref().map(Secret::expose), Some("12345"));
    assert_eq!((config.since, config.service.lang), (Some(2020), Lang::En));
}

#[test]
fn complaints_about_overrides_name_them() {
    let found = with(
        "",
        &[("NIANJIAN_HTTP_LISTN", "x"), ("NIANJIAN_FETCH_TIMEOUT", "soon"), ("NIANJIAN_SERVICE_HOST", "10.0.0.1"), ("HOME", "/")],
        &["http.lisen=127.0.0.1:3", "nothing", "fetch.concurrency=many", "crawl.confirm_after=1"],
    )
    .unwrap_err();
    for part in [
        "NIANJIAN_FETCH_TIMEOUT:1:1: `soon` is not a duration",
        "--set:1:1: unknown key `lisen` in [http] | did you mean `listen`?",
        "--set:1:1: `nothing` has no `=`",
        "--set:1:19: a whole number",
        "--set:1:21: `1` is not a duration",
        "names no key of the configuration | did you mean NIANJIAN_HTTP_LISTEN?",
    ] {
        assert!(found.iter().any(|complaint| complaint.contains(part)), "{part}\n{found:#?}");
    }
    assert_eq!(found.len(), 6, "{found:#?}");
}

#[test]
fn every_key_may_be_named_by_a_variable() {
    for key in build::KEYS {
        let name = format!("NIANJIAN_{}", key.to_uppercase().replace('.', "_"));
        let found = with("", &[(&name, "x")], &[]).err().unwrap_or_default();
        assert!(found.iter().all(|complaint| !complaint.contains("unknown key") && !complaint.contains("no key")), "{found:?}");
    }
}

#[test]
fn secrets_come_from_files_and_variables_and_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("viewer"), "sesame-1\r\n").unwrap();
    let env = [("NIANJIAN_HUSH".to_owned(), "sesame-2".to_owned())];
    let text = "[http]\nlisten = \"0.0.0.0:8620\"\n[http.tokens]\nviewer = { file = \"viewer\" }\noperator = { env = \"NIANJIAN_HUSH\" }";
    std::fs::write(folder.path().join("c.toml"), text).unwrap();
    let config = load(&folder.path().join("c.toml"), &env, &[], &six_fields).unwrap();
    assert_eq!(config.http.tokens.viewer.as_ref().map(Secret::expose), Some("sesame-1"));
    assert_eq!(config.http.tokens.operator.as_ref().map(Secret::expose), Some("sesame-2"));
    assert!(!format!("{config:?}").contains("sesame"));
    assert!(load(&folder.path().join("none.toml"), &env, &[], &six_fields).unwrap_err()[0].what.contains("cannot be read"));
}

#[test]
fn a_changed_listener_needs_a_restart_and_a_changed_portal_does_not() {
    let old = with("", &[], &[]).unwrap();
    assert!(old.needs_restart(&with(PORTAL, &[], &[]).unwrap()).is_empty());
    let new = with("[http]\nlisten = \"127.0.0.1:1\"\n[service]\ndata = \"d\"", &[], &[]).unwrap();
    assert_eq!(old.needs_restart(&new), ["service.data", "http.listen", "store"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), value in any::<String>(), setting in any::<String>()) {
        let _ = with(&text, &[("NIANJIAN_HTTP_LISTEN", &value), ("NIANJIAN_FETCH_ALLOW_PORTS", &value)], &[&setting]);
        let _ = with(&text, &[], &[&format!("http.listen={setting}"), &format!("portal=[{setting}]")]);
    }
}
