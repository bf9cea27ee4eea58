//! Real reports kept outside the repository, where a machine has them: `NIANJIAN_CORPUS` names a
//! folder with `truth/*.json`, each naming its inputs and every figure. Skipped, and saying so, elsewhere.

use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use nianjian::rules::Standard;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn forms() -> Forms {
    let texts = [include_str!("../../rules/standards/v2019.toml"), include_str!("../../rules/standards/v2021.toml")];
    Forms::new(&texts.map(|text| Standard::parse("standard", text).unwrap()))
}

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
        let Some(input) = truth["inputs"][0].as_str().filter(|input| !input.ends_with(".pdf")) else { continue };
        let bytes = std::fs::read(corpus.join(input)).unwrap();
        let document = read(&bytes, Origin { name: Some(input), content_type: None });
        let read = report(&document, &Hints::default(), &forms());
        let Some(report) = read.report else {
            wrong.push(format!("{}: {:?} {:?}", path.display(), read.outcome, read.problems));
            continue;
        };
        println!(
            "{}: {} {} {:?} {:?} {:?} {:?}",
            input, report.title, report.agency, report.year, report.signed, report.published, report.document_number
        );
        for section in &report.sections {
            println!("   {} {:?} {:?}", section.id, section.number, section.heading);
        }
        for table in &report.tables {
            println!(
                "   {} {:?} complete {} missing {:?} {:?} unknown {:?} {:?}",
                table.id,
                table.form,
                table.complete,
                table.missing_rows,
                table.missing_columns,
                table.unknown_rows,
                table.unknown_columns
            );
        }
        for (id, expected) in truth["figures"].as_object().unwrap() {
            let figure = report.figure(id);
            let state = figure.map_or("absent", |figure| figure.reading.word());
            let value = figure.and_then(|figure| figure.reading.number()).map(|number| number.normalize().to_string());
            let wanted = expected.get("value").map(|value| value.to_string());
            if state != expected["state"].as_str().unwrap() || value != wanted {
                wrong.push(format!(
                    "{}: {id}: read {state} {value:?}, truth {expected}",
                    path.file_name().unwrap().to_string_lossy()
                ));
            }
        }
        if report.standard != truth["standard"].as_str().unwrap() {
            wrong.push(format!("{}: standard {}", path.display(), report.standard));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}
