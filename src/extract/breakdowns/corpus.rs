//! Real reports, where a folder of them is at hand: `NIANJIAN_CORPUS` names it.

use super::breakdowns;
use crate::extract::Prose;
use crate::extract::claims::tests::{claims, section};
use crate::model::Section;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The paragraphs of a page or a text, without care: enough to try sentences on.
fn paragraphs(text: &str, lines_are_paragraphs: bool) -> Vec<String> {
    let mut plain = String::new();
    let mut in_tag = false;
    let mut tag = String::new();
    for c in text.chars() {
        match c {
            '<' => (in_tag, tag) = (true, String::new()),
            '>' if in_tag => {
                in_tag = false;
                if ["/p", "br", "/div", "/td", "/tr", "/li"].iter().any(|end| tag.starts_with(end)) {
                    plain.push('\n');
                }
            }
            c if in_tag => tag.push(c),
            c => plain.push(c),
        }
    }
    let plain = plain.replace("&nbsp;", " ").replace("&ldquo;", "“").replace("&rdquo;", "”");
    if lines_are_paragraphs {
        return plain.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    }
    let mut joined: Vec<String> = Vec::new();
    for line in plain.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match joined.last_mut().filter(|last| !last.ends_with('。')) {
            Some(last) => last.push_str(line),
            None => joined.push(line.to_owned()),
        }
    }
    joined
}

#[test]
fn real_reports_are_read_as_people_read_them() {
    let Some(folder) = std::env::var_os("NIANJIAN_CORPUS").map(PathBuf::from) else {
        println!("skipped: NIANJIAN_CORPUS names no folder of real reports");
        return;
    };
    // File, whether its lines are paragraphs, year, breakdowns that do not add up.
    for (name, by_line, year, mismatches) in [
        ("shengxin-2020.txt", true, 2020, vec!["82≠78!"]),
        ("suqian-2023.html", true, 2023, vec![]),
        ("suqian-2024.html", true, 2024, vec![]),
        ("shanghai-office-2019.html", true, 2019, vec![]),
        ("shanghai-kewei-2024.pdftext.md", false, 2024, vec!["2139≠2160"]),
        ("huaian-2024.txt", true, 2024, vec![]),
        ("hongze-2023.txt", true, 2023, vec![]),
        ("hongze-2024.txt", true, 2024, vec![]),
    ] {
        let places = [
            folder.join(name),
            folder.join("seed").join(name),
            folder.join("corpus").join(name),
            folder.join("../seed").join(name),
        ];
        let Some(text) = places.iter().find_map(|path| std::fs::read(path).ok()) else {
            println!("skipped: {name} is not there");
            continue;
        };
        let text = String::from_utf8_lossy(&text);
        let body: Vec<Section> = vec![Section { paragraphs: paragraphs(&text, by_line), ..section("overview", &[]) }];
        let mut shown = String::new();
        let mut wrong = Vec::new();
        for found in breakdowns(&Prose::new(&body, &[])) {
            let sum: rust_decimal::Decimal = found.parts.iter().map(|(_, value)| value).sum();
            let _ = writeln!(shown, "  {} {:?} closed={} loose={}", found.whole, found.parts, found.closed, found.loose);
            if !found.loose && sum != found.whole {
                wrong.push(format!("{}≠{sum}{}", found.whole, if found.closed { "!" } else { "" }));
            }
        }
        for claim in claims(&body, "", Some(year)) {
            let _ = writeln!(shown, "  {} {} {:?} {:?}", claim.subject, claim.value, claim.precision, claim.year);
        }
        println!("{name}\n{shown}");
        assert_eq!(wrong, mismatches, "{name}\n{shown}");
    }
}
