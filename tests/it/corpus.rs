//! Real reports kept outside the repository, where a machine has them: `NIANJIAN_CORPUS` names a
//! folder with `truth/*.json`, each naming its inputs and every figure. Skipped, and saying so, elsewhere.

use crate::pages::differences;
use crate::support::{forms, read_page};
use nianjian::model::ReadOutcome;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn truths(corpus: &Path) -> Vec<(PathBuf, Value)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(corpus.join("truth")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.clone(), serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()))
        .collect()
}

#[test]
fn every_figure_of_the_real_reports_is_exact() {
    let Some(corpus) = std::env::var_os("NIANJIAN_CORPUS").map(PathBuf::from) else {
        println!("skipped: NIANJIAN_CORPUS is not set");
        return;
    };
    let mut wrong = Vec::new();
    for (path, truth) in truths(&corpus) {
        let Some(input) = truth["inputs"][0].as_str() else { continue };
        let read = read_page(&corpus.join(input), &forms());
        let Some(report) = read.report else {
            wrong.push(format!("{}: {:?} {:?}", path.display(), read.outcome, read.problems));
            continue;
        };
        wrong.extend(differences(&report, &truth).into_iter().map(|line| format!("{input}: {line}")));
        if report.standard != truth["standard"].as_str().unwrap() {
            wrong.push(format!("{}: standard {}", path.display(), report.standard));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// One synthetic report in many formats: figure for figure what its HTML says.
#[test]
fn every_format_says_what_the_html_says() {
    let Some(corpus) = std::env::var_os("NIANJIAN_CORPUS").map(PathBuf::from) else {
        println!("skipped: NIANJIAN_CORPUS is not set");
        return;
    };
    let forms = forms();
    let figures = |name: &str| {
        let report = read_page(&corpus.join("formats").join(name), &forms).report?;
        let figures: Vec<_> = report.figures.iter().map(|figure| (figure.id.clone(), figure.reading.clone())).collect();
        Some((report.title, report.agency, report.year, figures))
    };
    let wanted = figures("report.html");
    assert!(wanted.as_ref().is_some_and(|(_, _, _, figures)| figures.len() == 200));
    for name in ["report.pdf", "report-chromium.pdf", "report-stsong.pdf"] {
        assert_eq!(figures(name), wanted, "{name}");
    }
    let scan = read_page(&corpus.join("formats/report-scan.pdf"), &forms);
    assert_eq!((scan.outcome, scan.image_only), (ReadOutcome::Unreadable, true));
    assert!(scan.problems.iter().any(|problem| problem.code == "scanned-pages"));
}
