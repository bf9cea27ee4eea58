//! An invented office with its findings, for the tests of digests and of their faces.

use super::{DigestInput, compose};
use crate::model::*;
use chrono::{TimeZone, Utc};
use std::time::Duration;

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

pub(crate) fn at(month: u32, day: u32, hour: u32) -> Time {
    Utc.with_ymd_and_hms(2026, month, day, hour, 30, 0).unwrap()
}

pub(crate) fn date(month: u32, day: u32) -> Date {
    Date::from_ymd_opt(2026, month, day).unwrap()
}

/// A finding that is open; its fingerprint is made of agency, rule and place.
pub(crate) fn finding(agency: &str, rule: &str, place: &str, severity: Severity, zh: &str, en: &str) -> Finding {
    Finding {
        fingerprint: format!("{agency}:{rule}:{place}"),
        rule: rule.to_owned(),
        state: FindingState::Open,
        agency: agency.to_owned(),
        agency_name: agency.to_owned(),
        year: 2025,
        report: None,
        snapshot: Some("9f2b".repeat(16)),
        violation: Violation {
            place: place.to_owned(),
            severity,
            message: Message { zh: zh.to_owned(), en: en.to_owned() },
            figures: Vec::new(),
            expected: None,
            actual: None,
            evidence: Vec::new(),
        },
        basis: Message::default(),
        advice: Message {
            zh: "核对原始台账后更正。".to_owned(), en: "Correct it after looking into the records.".to_owned()
        },
        rules: "r1".to_owned(),
        opened: at(4, 1, 1),
        changed: at(4, 1, 1),
        resolved: None,
        due: None,
    }
}

/// A sum that does not come out, with expected value, place and basis.
pub(crate) fn imbalance(agency: &str, column: u32) -> Finding {
    let mut finding = finding(
        agency,
        "balance/flow",
        &format!("flow/column{column}"),
        Severity::Error,
        "本年新收 4 件加上年结转 1 件，与办理结果总计 4 件加结转下年度 0 件不相等",
        "4 received and 1 carried in are not 4 results and 0 carried forward",
    );
    finding.violation.figures = vec!["applications.results.total.natural_person".to_owned()];
    finding.violation.expected = Some("5".to_owned());
    finding.violation.actual = Some("4".to_owned());
    let at = Place { table: Some(2), row: Some(24), column: Some(column), quote: Some("4".to_owned()), ..Place::default() };
    finding.violation.evidence = vec![Evidence { quote: "4".to_owned(), at }];
    finding.basis = Message {
        zh: "政府信息公开工作年度报告格式（2021）表三".to_owned(),
        en: "statutory form of 2021, table three".to_owned(),
    };
    finding
}

pub(crate) fn change(kind: ChangeKind, finding: Finding) -> LedgerChange {
    let state = match kind {
        ChangeKind::Resolved => FindingState::Resolved,
        ChangeKind::Waived => FindingState::Waived,
        ChangeKind::Reopened => FindingState::Reopened,
        _ => finding.state,
    };
    LedgerChange { kind, finding: Finding { state, ..finding } }
}

pub(crate) fn coverage(states: &[(&str, u64)]) -> Coverage {
    Coverage {
        year: 2025,
        agencies: states.iter().map(|(_, n)| n).sum(),
        states: states.iter().map(|(state, n)| ((*state).to_owned(), *n)).collect(),
    }
}

/// An input with nothing in it that is news.
pub(crate) fn quiet<'a>(last: Option<&'a Digest>) -> DigestInput<'a> {
    DigestInput {
        receiver: "office",
        title: "云溪市",
        now: at(4, 2, 0),
        timezone: chrono_tz::Asia::Shanghai,
        coverage: coverage(&[("published", 10)]),
        next_due: None,
        missing: Vec::new(),
        late: Vec::new(),
        new_reports: Vec::new(),
        changes: Vec::new(),
        findings: &[],
        attention: Vec::new(),
        journal: 7,
        journal_root: String::new(),
        last,
        alive_after: DAY * 7,
        demanded: false,
    }
}

pub(crate) fn new_report(agency: &str, title: &str, url: &str) -> NewReport {
    NewReport {
        agency_name: agency.to_owned(),
        year: 2025,
        title: title.to_owned(),
        url: url.to_owned(),
        published: Some(date(3, 30)),
        first_seen: at(4, 1, 2),
        standard: "v2021".to_owned(),
    }
}

/// The findings of a full day.
pub(crate) fn standing() -> Vec<Finding> {
    let mut notified = finding(
        "云溪市交通运输局",
        "narrative/received",
        "applications/received/1",
        Severity::Warn,
        "文字称收到申请 82 件，表三为 78 件",
        "the text says 82 applications, table three says 78",
    );
    notified.state = FindingState::Notified;
    notified.due = Some(date(3, 28));
    let mut soon =
        finding("青石镇人民政府", "form/section-missing", "problems", Severity::Warn, "缺少第五部分", "section five is missing");
    soon.state = FindingState::Notified;
    soon.due = Some(date(4, 10));
    let mut all = vec![notified, soon, imbalance("柳河县财政局", 3)];
    all.extend((4..8).map(|column| imbalance("柳河县财政局", column)));
    all.push(finding(
        "云溪市教育局",
        "content/no-figures",
        "overview",
        Severity::Info,
        "总体情况没有数据",
        "no figure in section one",
    ));
    all
}

/// A digest in which every section has something to say.
pub(crate) fn full(findings: &[Finding]) -> Digest {
    let last = Digest {
        composed: at(3, 30, 0),
        coverage: coverage(&[("published", 103), ("late", 1), ("missing", 2), ("due", 6)]),
        ..compose(quiet(None)).unwrap()
    };
    let mut changes: Vec<LedgerChange> = findings.iter().skip(2).map(|f| change(ChangeKind::Opened, f.clone())).collect();
    let missing =
        finding("云溪市水务局", "publication/missing", "2025", Severity::Error, "已过截止日期，未见年报", "past due, not seen");
    changes.push(change(ChangeKind::Opened, missing));
    let edited = finding(
        "白鹭区人民政府",
        "publication/figure-edited",
        "a",
        Severity::Warn,
        "发布后改动了 2 处数据",
        "2 figures changed after publication",
    );
    changes.push(change(ChangeKind::Opened, edited));
    let mended =
        finding("云溪市民政局", "balance/total", "row3", Severity::Error, "总计与各列之和不相等", "the total is not the sum");
    changes.push(change(ChangeKind::Resolved, mended));
    let report = |agency: &str, n: u32| {
        new_report(
            agency,
            &format!("{agency}2025年政府信息公开工作年度报告"),
            &format!("https://www.yunxi.example/xxgknb/{n}.html"),
        )
    };
    compose(DigestInput {
        title: "云溪市政务公开办",
        coverage: coverage(&[("published", 104), ("late", 2), ("missing", 3), ("due", 1), ("blocked", 1), ("unknown", 1)]),
        next_due: Some((date(4, 15), 1)),
        missing: ["云溪市水务局", "柳河县林业局", "青石镇人民政府"].map(str::to_owned).to_vec(),
        late: ["云溪市审计局", "柳河县民政局"].map(str::to_owned).to_vec(),
        new_reports: vec![report("柳河县财政局", 101), report("云溪市教育局", 102), report("白鹭区人民政府办公室", 103)],
        changes,
        findings,
        attention: vec![Attention {
            subject: "柳河县人民政府门户".to_owned(),
            problem: Problem::new("captcha", "栏目页要求输入验证码，自 3 月 31 日起无法查看；请人工打开确认。"),
        }],
        journal: 18_204,
        journal_root: "3c1f9a".repeat(10) + "77aa",
        ..quiet(Some(&last))
    })
    .unwrap()
}
