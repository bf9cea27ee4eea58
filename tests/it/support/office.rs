//! An office for tests: a folder with a configuration, a roster and a portal of our own on loopback.

use nianjian::demo::site::{Running, Site};
use nianjian::model::{Finding, Look, ReportEntry, Run};
use nianjian::store::{Options, Store, StoreError};
use std::path::Path;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The day of the tests: departments are overdue.
pub(crate) const NOW: &str = "2026-02-10T09:00:00+08:00";

/// A folder, a portal that is up, and a configuration that names it.
pub(crate) struct Office {
    pub(crate) dir: TempDir,
    pub(crate) site: Running,
    /// The portal is served by it as long as the office is there.
    _runtime: Runtime,
}

/// A portal of three agencies: one clean, one faulty, one that has not published.
pub(crate) fn mini_site() -> Site {
    let site = Site::default().with_page("/robots.txt", "User-agent: *\nAllow: /\n");
    mini_pages().into_iter().fold(site, |site, (path, body)| site.with_page(path, body))
}

/// Its pages: the list, a clean report, a faulty one.
pub(crate) fn mini_pages() -> [(&'static str, Vec<u8>); 3] {
    let page = |name: &str| std::fs::read(super::tests(&format!("sites/demo/zwgk/zfxxgknb/{name}"))).unwrap();
    let list = r#"<html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body><div class="list"><ul>
<li><a href="./a.html">2025年云溪市教育局政府信息公开工作年度报告</a><span>2026-01-16</span></li>
<li><a href="./b.html">云溪市自然资源局2025年度政府信息公开工作年度报告</a><span>2026-01-21</span></li>
<li><a href="./c.html">2025年度政府信息公开工作年度报告解读</a><span>2026-01-22</span></li>
</ul></div></body></html>"#;
    [
        ("/nb/index.html", list.into()),
        ("/nb/a.html", page("202601/t20260116_100023.html")),
        ("/nb/b.html", page(&report_of("云溪市自然资源局"))),
    ]
}

/// The page of an agency's report in the demonstration's portal.
fn report_of(agency: &str) -> String {
    let truth = std::fs::read_to_string(super::tests("sites/demo/truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
    let reports = truth["reports"].as_array().expect("the truth lists reports");
    let report =
        reports.iter().find(|report| report["agency_name"] == agency && report["year"] == 2025).expect("the agency has a report");
    report["page"].as_str().unwrap().rsplit_once("zfxxgknb/").unwrap().1.to_owned()
}

const ROSTER: &str = "id,name,aliases,kind,level,parent,portal,column,due
jyj,云溪市教育局,,department,city,,mini,,
zrzy,云溪市自然资源局,,department,city,,mini,,
mzj,云溪市民政局,,department,city,,mini,,
";

impl Office {
    /// An office that watches a portal; `more` is put at the end of its configuration.
    pub(crate) fn watching(site: Site, more: &str) -> Office {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let site = runtime.block_on(site.serve()).unwrap();
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("agencies.csv"), ROSTER).unwrap();
        let config = format!(
            r#"agencies = "agencies.csv"
[service]
title = "云溪市"
data = "data"
[http]
listen = "127.0.0.1:0"
[fetch]
contact = "mailto:test@nianjian.invalid"
min_delay = "20ms"
timeout = "2s"
max_body = "2MB"
allow_addresses = ["127.0.0.0/8"]
allow_ports = ["1-65535"]
[store]
disk_reserve = "1MB"
[[portal]]
id = "mini"
name = "示例门户"
start = ["{}"]
schedule = "0 30 6 * * *"
{more}
"#,
            site.url("/nb/index.html")
        );
        std::fs::write(dir.path().join("config.toml"), config).unwrap();
        Office { dir, site, _runtime: runtime }
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The configuration, changed as text.
    pub(crate) fn change(&self, from: &str, to: &str) {
        let path = self.path().join("config.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "the configuration has {from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    /// One pass of `crawl` at the day of the tests.
    pub(crate) fn crawl(&self, more: &[&str], variables: &[(&str, &str)]) -> super::Ran {
        let arguments: Vec<&str> = ["crawl"].into_iter().chain(more.iter().copied()).collect();
        let variables: Vec<(&str, &str)> = [("NIANJIAN_NOW", NOW)].into_iter().chain(variables.iter().copied()).collect();
        super::run_with(self.path(), &arguments, &variables)
    }

    /// The store, opened by the test itself while no program has it.
    pub(crate) fn store(&self) -> Store {
        // A program that another test is just starting holds copies of this process's files for a moment,
        // the lock of a store among them.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        loop {
            match Store::open(&self.path().join("data"), &Options::default()) {
                Err(StoreError::InUse { .. }) if std::time::Instant::now() < deadline => std::thread::yield_now(),
                opened => return opened.unwrap(),
            }
        }
    }

    /// Findings, reports and looks that stand after what was done.
    pub(crate) fn standing(&self) -> (Vec<Finding>, Vec<ReportEntry>, Vec<Look>) {
        let store = self.store();
        (store.findings().unwrap(), store.reports().unwrap(), store.looks("mini").unwrap())
    }

    /// The newest run.
    pub(crate) fn last_run(&self) -> Run {
        self.store().runs(1).unwrap().remove(0)
    }
}
