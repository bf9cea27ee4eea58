//! The daemon from outside: schedule, mail, metrics, re-crawl, stop, and a second start.

use crate::support::{Daemon, MailServer, NOW, Office, mini_site, python, run, run_with};
use nianjian::demo::site::{Fault, When};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn receiver(port: u16) -> String {
    format!(
        "[[receiver]]\nid = \"office\"\nschedule = \"* * * * * *\"\nchannels = [{{ email = {{ to = [\"office@test.invalid\"], \
         from = \"nianjian@test.invalid\", server = \"127.0.0.1:{port}\", tls = \"none\" }} }}, {{ folder = \"digests\" }}]\n"
    )
}

/// Reads a mail as a mail program would, and its workbook as a spreadsheet would.
const READER: &str = r#"
import email, email.policy, io, json, sys, openpyxl
mail = email.message_from_bytes(open(sys.argv[1], "rb").read(), policy=email.policy.default)
text = mail.get_body(("plain",)).get_content()
html = mail.get_body(("html",)).get_content()
book = next(part for part in mail.iter_attachments())
sheets = openpyxl.load_workbook(io.BytesIO(book.get_payload(decode=True)))
rows = {sheet.title: sheet.max_row for sheet in sheets}
print(json.dumps({"subject": mail["subject"], "to": mail["to"], "id": mail["message-id"], "text": text, "html": len(html),
                  "file": book.get_filename(), "sheets": rows}))
"#;

#[test]
fn a_digest_reaches_a_real_mail_server() {
    let Some(python) = python() else { return };
    let mails = tempfile::TempDir::new().unwrap();
    let server = MailServer::start(&python, mails.path());
    let office = Office::watching(mini_site(), &receiver(server.port));
    let daemon = Daemon::start(office.path(), &[("NIANJIAN_NOW", NOW)]);
    let file = server.mail();
    let output = Command::new(&python).args(["-c", READER]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mail: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(mail["subject"].as_str().unwrap().contains("云溪市"), "{mail}");
    let digest = &daemon.json("/api/v1/digests")["items"][0];
    assert!(mail["id"].as_str().unwrap().contains(digest["id"].as_str().unwrap()), "the mail carries the digest's id: {mail}");
    assert!(mail["text"].as_str().unwrap().contains("云溪市民政局"), "the missing agency is named");
    assert!(mail["file"].as_str().unwrap().ends_with(".xlsx"));
    assert_eq!(mail["sheets"].as_object().unwrap().len(), 3, "{mail}");
    assert!(mail["html"].as_u64().unwrap() > 5_000);
}

#[test]
fn the_daemon_visits_answers_and_stops() {
    let office = Office::watching(
        mini_site(),
        "[[receiver]]\nid = \"office\"\nschedule = \"* * * * * *\"\nchannels = [{ folder = \"digests\" }]\n",
    );
    let variables = [("NIANJIAN_NOW", NOW)];
    let daemon = Daemon::start(office.path(), &variables);
    assert_eq!(daemon.get("/healthz").0, 200);
    let api = format!("http://{}", daemon.address);
    let recrawl = |target: &str| run_with(office.path(), &["recrawl", target, "--wait"], &[("NIANJIAN_API", &api)]);
    let ran = recrawl("mini");
    assert_eq!(ran.code, 1, "a finding of severity error stands: {}{}", ran.out, ran.err);
    assert_eq!(daemon.get("/readyz").0, 200);
    assert_eq!(recrawl("云溪市教育局").code, 1, "an agency by its name");
    assert_eq!(recrawl(&office.site.url("/nb/b.html")).code, 1, "an address");
    assert_eq!(recrawl("nobody").code, 64, "an unknown target is wrong usage");

    let reports = daemon.json("/api/v1/reports")["items"].as_array().unwrap().len();
    assert_eq!(reports, 2);
    let findings = daemon.json("/api/v1/findings");
    assert!(findings["items"].as_array().unwrap().iter().any(|finding| finding["rule"] == "publication/missing"), "{findings}");
    let agencies = daemon.json("/api/v1/agencies");
    let state = |id: &str| {
        let agency = agencies["items"].as_array().unwrap().iter().find(|agency| agency["id"] == id).unwrap();
        agency["years"][0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!((state("jyj"), state("mzj")), ("published".into(), "missing".into()));
    lint_metrics(&daemon.get("/metrics").1);
    assert!(daemon.memory() < 50 * 1024, "{} KB while idle", daemon.memory());

    let busy = run(office.path(), &["crawl"]);
    assert_eq!(busy.code, 2, "the store belongs to the daemon: {}", busy.err);
    assert!(busy.err.contains("nianjian") && busy.err.contains("data"), "it names the daemon: {}", busy.err);

    let (code, took) = daemon.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(7), "{took:?}");
    let again = Daemon::start(office.path(), &variables);
    assert_eq!(again.json("/api/v1/reports")["items"].as_array().unwrap().len(), reports, "a second start finds everything");
    assert_eq!(again.json("/api/v1/findings")["items"], findings["items"]);
}

/// The contract's metrics are there, and promtool has nothing to say.
fn lint_metrics(text: &str) {
    for name in [
        "nianjian_build_info",
        "nianjian_fetches_total",
        "nianjian_fetch_duration_seconds",
        "nianjian_runs_total",
        "nianjian_portal_last_success_timestamp_seconds",
        "nianjian_portal_blocked",
        "nianjian_reports_total",
        "nianjian_agencies",
        "nianjian_findings_open",
        "nianjian_findings_opened_total",
        "nianjian_outbox_pending",
        "nianjian_snapshots",
        "nianjian_store_bytes",
        "nianjian_journal_entries",
        "nianjian_next_run_timestamp_seconds",
        "nianjian_rules_reload_success",
        "nianjian_disk_reserve_reached",
    ] {
        assert!(text.contains(&format!("# TYPE {name} ")), "{name} is missing from:\n{text}");
    }
    let Ok(mut child) = Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn()
    else {
        println!("skipped: promtool is not installed");
        return;
    };
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_full_disk_is_a_failed_run_and_a_metric() {
    let office = Office::watching(mini_site(), "");
    office.change("disk_reserve = \"1MB\"", "disk_reserve = \"900TB\"");
    let daemon = Daemon::start(office.path(), &[("NIANJIAN_NOW", NOW)]);
    daemon.says("disk_reserve");
    let run = &daemon.json("/api/v1/runs")["items"][0];
    assert_eq!(run["state"], "failed", "{run}");
    assert!(daemon.get("/metrics").1.contains("nianjian_disk_reserve_reached 1"));
    assert_eq!(daemon.json("/api/v1/findings")["items"].as_array().unwrap().len(), 0);
    assert_eq!(daemon.json("/api/v1/runs")["items"].as_array().unwrap().len(), 1, "a failed visit is not made again at once");
}

#[test]
fn a_stop_in_the_middle_of_a_visit_loses_nothing() {
    let slow = Fault::Slow { bytes: 2_000, delay_ms: 40 };
    let office = Office::watching(mini_site().with_fault("/nb/b.html", When::always(), slow), "");
    office.change("timeout = \"2s\"", "timeout = \"20s\"");
    let variables = [("NIANJIAN_NOW", NOW)];
    let daemon = Daemon::start(office.path(), &variables);
    let (code, took) = daemon.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(9), "{took:?}");
    office.site.clear_faults();
    let daemon = Daemon::start(office.path(), &variables);
    let api = format!("http://{}", daemon.address);
    assert_eq!(run_with(office.path(), &["recrawl", "mini", "--wait"], &[("NIANJIAN_API", &api)]).code, 1);
    assert_eq!(daemon.json("/api/v1/reports")["items"].as_array().unwrap().len(), 2);
}

#[test]
fn the_shipped_configuration_starts_and_says_what_to_do() {
    let dir = tempfile::TempDir::new().unwrap();
    for file in ["config.toml", "agencies.csv"] {
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(file), dir.path().join(file)).unwrap();
    }
    assert_eq!(run(dir.path(), &["config", "check"]).code, 0);
    let daemon = Daemon::start(dir.path(), &[("NIANJIAN_HTTP_LISTEN", "127.0.0.1:0")]);
    daemon.says("[[portal]]");
    assert_eq!(daemon.get("/readyz").0, 200);
    assert_eq!(daemon.get("/").0, 200);
    assert_eq!(daemon.stop().0, Some(0));
}

#[test]
fn a_reload_is_taken_whole_or_not_at_all() {
    let office = Office::watching(mini_site(), "");
    let daemon = Daemon::start(office.path(), &[("NIANJIAN_NOW", NOW)]);
    office.change("schedule = \"0 30 6 * * *\"", "schedule = \"0 30 6 * * 1\"");
    daemon.signal("HUP");
    daemon.says("config.toml:");
    assert!(daemon.get("/metrics").1.contains("nianjian_rules_reload_success 0"));
    assert_eq!(daemon.json("/api/v1/portals")["items"].as_array().unwrap().len(), 1, "the old configuration stays");
}

#[test]
fn wrong_configurations_are_refused_with_line_and_advice() {
    for (from, to, words) in [
        ("title =", "titel =", "titel"),
        ("schedule = \"0 30 6 * * *\"", "schedule = \"0 30 6 * * 1\"", "Mon"),
        ("min_delay = \"20ms\"", "min_delay = \"soon\"", "min_delay"),
        ("agencies.csv", "nowhere.csv", "nowhere.csv"),
    ] {
        let office = Office::watching(mini_site(), "");
        office.change(from, to);
        let ran = run(office.path(), &["serve"]);
        assert_eq!(ran.code, 64, "{to}: {}", ran.err);
        assert!(ran.err.contains(words) || ran.err.contains(to), "{to}: {}", ran.err);
    }
    let office = Office::watching(mini_site(), "");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    office.change("listen = \"127.0.0.1:0\"", &format!("listen = \"{}\"", taken.local_addr().unwrap()));
    let ran = run(office.path(), &["serve"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("http.listen"), "{}", ran.err);
    let office = Office::watching(mini_site(), "");
    office.change("data = \"data\"", "data = \"/proc/nianjian\"");
    let ran = run(office.path(), &["crawl"]);
    assert_eq!(ran.code, 2, "a folder that cannot be written: {}", ran.err);
    assert!(ran.err.contains("/proc/nianjian"), "{}", ran.err);
}
