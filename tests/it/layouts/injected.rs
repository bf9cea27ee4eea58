//! Whole reports that nobody wrote (`drawn`): clean, no rule may say that anything is an error; with one fault put in, the
//! rule about that fault says so once, and no other rule says anything.
//!
//! `NIANJIAN_FAULTS` sets how many reports there are, `NIANJIAN_FAULTS_FROM` the first seed. `tests/run` prints how
//! often each fault was told, and how often the diagnosis of one wrong cell named the right one.

use super::drawn::{Drawn, OUTCOMES, drawn};
use super::number;
use super::random::Random;
use super::whole::{Ground, Labelled, Layout, Said, percent};
use nianjian::model::{Severity, Violation};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A fault as put in: the report with it, and what must be said: a rule, and how often.
struct Faulty {
    report: Labelled,
    rule: &'static str,
    times: usize,
    /// The only cell that is wrong, and what it should say.
    cell: Option<(String, u64)>,
}

impl Faulty {
    fn new(report: Labelled, rule: &'static str) -> Option<Faulty> {
        Some(Faulty { report, rule, times: 1, cell: None })
    }
}

type Fault = fn(Drawn, Drawn, &mut Random) -> Option<Faulty>;

const FAULTS: [(&str, Fault); 26] = [
    ("one cell of an outcome", |mut now, last, random| {
        let (row, column) = (random.pick(&OUTCOMES), random.below(6));
        let right = one_cell(&mut now, row, column, random);
        of_cell(now, &last, "balance/applications-results", row, column, right)
    }),
    ("one cell of what was received", |mut now, last, random| {
        let column = random.below(6);
        let right = one_cell(&mut now, "received", column, random);
        of_cell(now, &last, "balance/applications-flow", "received", column, right)
    }),
    ("one total of a row", |mut now, last, random| {
        let row = random.pick(&OUTCOMES);
        let right = one_cell(&mut now, row, 6, random);
        of_cell(now, &last, "balance/applications-results", row, 6, right)
    }),
    ("the grand total of the outcomes", |mut now, last, random| {
        let right = one_cell(&mut now, "results.total", 6, random);
        of_cell(now, &last, "balance/applications-flow", "results.total", 6, right)
    }),
    ("two cells", |mut now, last, random| {
        let (first, second) = (random.below(4), 5 + random.below(4));
        one_cell(&mut now, OUTCOMES[first], 0, random);
        one_cell(&mut now, OUTCOMES[second], 1, random);
        Some(Faulty { times: 2, ..Faulty::new(now.labelled(Some(&last)), "balance/applications-results")? })
    }),
    ("a case too many", |mut now, last, random| {
        let group = random.pick(&["review", "litigation_direct", "litigation_after_review"]);
        now.cases.get_mut(group)?[0] += 1 + random.below(3) as u64;
        Faulty::new(now.labelled(Some(&last)), "balance/review-outcomes")
    }),
    ("carried over, otherwise than last year", |now, mut last, _| {
        for (row, more) in [("carried_forward", 2), ("received", 2)] {
            let cells = last.grid.get_mut(row)?;
            (cells[0], cells[6]) = (cells[0] + more, cells[6] + more);
        }
        Faulty::new(now.labelled(Some(&last)), "history/carry-over")
    }),
    ("in force, otherwise than last year", |now, mut last, _| {
        *last.figures.get_mut("proactive.a20_1.normative_docs.in_force")? += 1;
        Faulty::new(now.labelled(Some(&last)), "history/in-force")
    }),
    ("more repealed than there were", |mut now, mut last, _| {
        without_words(&mut now, "overview", 1)?;
        *last.figures.get_mut("proactive.a20_1.normative_docs.in_force")? = 1;
        now.figures.insert("proactive.a20_1.normative_docs.repealed".to_owned(), 30);
        now.figures.insert("proactive.a20_1.normative_docs.in_force".to_owned(), 0);
        Faulty::new(now.labelled(Some(&last)), "disclosure/repealed-above-stock")
    }),
    ("fewer in force than issued", |mut now, last, _| {
        without_words(&mut now, "overview", 1)?;
        now.figures.insert("proactive.a20_1.normative_docs.issued".to_owned(), 9);
        now.figures.insert("proactive.a20_1.normative_docs.repealed".to_owned(), 0);
        now.figures.insert("proactive.a20_1.normative_docs.in_force".to_owned(), 4);
        Faulty::new(now.labelled(Some(&last)), "disclosure/in-force-below-issued")
    }),
    ("zeros left blank", |now, last, _| {
        let mut report = now.labelled(Some(&last));
        let blank =
            |words: &String| words.split(' ').map(|word| if word == "0" { "_" } else { word }).collect::<Vec<_>>().join(" ");
        let all = report.says.applications.values().all(|words| !words.split(' ').any(|word| word == "0"));
        report.says.applications = report.says.applications.iter().map(|(row, words)| (row.clone(), blank(words))).collect();
        if all { None } else { Faulty::new(report, "form/cell-blank") }
    }),
    ("one cell blank that is no zero", |now, last, random| {
        let (row, column) = (random.pick(&OUTCOMES), random.below(2));
        if now.grid[row][column] == 0 {
            return None;
        }
        let mut report = now.labelled(Some(&last));
        let words = report.says.applications.get_mut(row)?;
        *words =
            words.split(' ').enumerate().map(|(at, word)| if at == column { "_" } else { word }).collect::<Vec<_>>().join(" ");
        Faulty::new(report, "form/cell-blank")
    }),
    ("a row left out", |now, last, _| {
        let report = Labelled { layout: Layout::WithoutRow, ..now.labelled(Some(&last)) };
        Faulty::new(report, "form/row-missing")
    }),
    ("a row too many", |now, last, _| {
        Faulty::new(Labelled { layout: Layout::WithRow, ..now.labelled(Some(&last)) }, "form/row-unknown")
    }),
    ("a section left out", |mut now, last, random| {
        let gone = random.pick(&["problems", "other", "applications", "review_litigation"]);
        now.says.sections = SECTIONS.iter().filter(|id| **id != gone).map(|id| (*id).to_owned()).collect();
        now.says.preamble = Some(vec!["所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。".to_owned()]);
        Faulty::new(now.labelled(Some(&last)), "form/section-missing")
    }),
    ("a table left out", |mut now, last, random| {
        now.says.without_table = vec![random.pick(&["applications", "review_litigation"]).to_owned()];
        Faulty::new(now.labelled(Some(&last)), "form/table-missing")
    }),
    ("the statistics of another year", |mut now, last, _| {
        now.says.preamble = Some(vec!["本报告所列数据的统计期限自{last}年1月1日起至{last}年12月31日止。".to_owned()]);
        Faulty::new(now.labelled(Some(&last)), "content/period")
    }),
    ("last year's sentence left in", |mut now, last, random| {
        let left = random.pick(&["{self}{last}年度共公开信息96条。", "{last}年，{self}扎实推进政府信息公开各项工作。"]);
        now.says.text.get_mut("overview")?[0] = left.to_owned();
        Faulty::new(now.labelled(Some(&last)), "identity/wrong-year")
    }),
    ("another agency's text", |mut now, last, _| {
        let other = if now.says.oneself == "我镇" { "我局" } else { "我镇" };
        now.says.text.get_mut("overview")?[0] = format!("{{year}}年，{other}认真落实条例，公开工作稳步推进。");
        Faulty::new(now.labelled(Some(&last)), "identity/wrong-agency")
    }),
    ("a place of the form not filled in", |mut now, last, _| {
        now.says.text.get_mut("overview")?[0] = "{year}年，XX局认真落实条例，公开工作稳步推进。".to_owned();
        Faulty::new(now.labelled(Some(&last)), "identity/template-left")
    }),
    ("a sibling's text", |now, last, _| {
        let agency = if now.says.oneself == "我镇" { "柳河县白鹿镇人民政府" } else { "柳河县民政局" };
        let sibling = Said { agency: agency.to_owned(), ..now.said() };
        let problems = long_problems();
        let with = |said: Said| {
            let text = said.text.iter().map(|(section, text)| (section.clone(), text.clone()));
            let text = text.chain([("problems".to_owned(), vec![problems.clone()])]).collect();
            Said { text, ..said }
        };
        let mut report = now.labelled(Some(&last));
        (report.says, report.siblings) = (with(report.says), vec![with(sibling)]);
        // Two sections, each with its own evidence.
        Some(Faulty { times: 2, ..Faulty::new(report, "identity/copied")? })
    }),
    ("last year's problems word for word", |mut now, mut last, _| {
        for report in [&mut now, &mut last] {
            report.says.text.insert("problems".to_owned(), vec![long_problems()]);
        }
        Faulty::new(now.labelled(Some(&last)), "history/same-text")
    }),
    ("a mobile number", |mut now, last, random| {
        let left = random.pick(&["申请人联系电话13912345678。", "可与申请人联系（手机：159 0276 5133）。"]);
        now.says.text.get_mut("overview")?.push(left.to_owned());
        Faulty::new(now.labelled(Some(&last)), "privacy/mobile")
    }),
    ("an identity number", |mut now, last, _| {
        now.says.text.get_mut("other")?.push("申请人身份证号11010519491231002X。".to_owned());
        Faulty::new(now.labelled(Some(&last)), "privacy/id-number")
    }),
    ("more received in the text", |mut now, last, random| {
        let more = now.grid["received"][6] + now.grid["carried_in"][6] + 1 + random.below(20) as u64;
        let told = random.pick(&[
            "全年收到政府信息公开申请#件。",
            "本年度共受理依申请公开#件，均依法办理。",
            "新收政府信息公开申请#件，全部登记在册。",
        ]);
        now.says.text.get_mut("overview")?[2] = format!("（二）依申请公开。{}", told.replace('#', &more.to_string()));
        Faulty::new(now.labelled(Some(&last)), "narrative/received")
    }),
    ("parts above their whole", |mut now, last, random| {
        let (a, b) = (10 + random.below(90), 10 + random.below(90));
        let told = format!("（一）主动公开。全年公开信息{}条，其中动态类{a}条、公告类{b}条。", a + b - 1 - random.below(9));
        now.says.text.get_mut("overview")?[1] = told;
        Faulty::new(now.labelled(Some(&last)), "narrative/breakdown")
    }),
];

const SECTIONS: [&str; 6] = ["overview", "proactive", "applications", "review_litigation", "problems", "other"];

/// A cell made wrong; gives what it should say.
fn one_cell(report: &mut Drawn, row: &str, column: usize, random: &mut Random) -> u64 {
    let cell = &mut report.grid.get_mut(row).expect("a row of the form")[column];
    let right = *cell;
    let by = 1 + random.below(8) as u64;
    *cell = if right > by && random.chance(50) { right - by } else { right + by };
    right
}

fn of_cell(now: Drawn, last: &Drawn, rule: &'static str, row: &str, column: usize, right: u64) -> Option<Faulty> {
    let name = ["natural_person", "enterprise", "research", "public_welfare", "legal_service", "other_org", "total"][column];
    let cell = Some((format!("applications.{row}.{name}"), right));
    Some(Faulty { cell, ..Faulty::new(now.labelled(Some(last)), rule)? })
}

/// Takes out what a paragraph says, and leaves its heading.
fn without_words(report: &mut Drawn, section: &str, paragraph: usize) -> Option<()> {
    let text = report.says.text.get_mut(section)?.get_mut(paragraph)?;
    *text = "（一）主动公开。按照目录及时公开各类信息，方便群众查阅。".to_owned();
    Some(())
}

fn long_problems() -> String {
    "存在的主要问题：公开内容与群众需求还有差距，惠民补贴、项目建设、征地补偿等信息公开的深度不够；解读多以文字为主，缺少图表和短视频，\
     群众看不懂、不愿看；个别科室报送不及时，栏目更新忽快忽慢。改进情况：细化公开目录，压实科室责任，按季度通报更新情况；邀请服务对象参加\
     解读稿的试读，用身边的例子讲清政策；对发现的错漏当日更正，每月由专人复核一次，年底汇总公布，并把复核结果作为评先评优的依据。"
        .replace(' ', "")
}

/// The rule of a finding, and whether it says that something is an error.
fn shown(found: &[(String, Violation)]) -> String {
    found
        .iter()
        .map(|(rule, it)| format!("{rule} ({}): {}", it.severity.word(), it.message.zh))
        .collect::<Vec<_>>()
        .join("\n      ")
}

#[test]
fn whole_reports_by_chance_are_clean_and_each_fault_is_told_once() {
    let ground = Ground::new();
    let base = [Said { standard: "v2021".to_owned(), ..Said::default() }];
    let from = number("NIANJIAN_FAULTS_FROM", 1);
    let (mut wrong, mut tally) = (String::new(), BTreeMap::<&str, [usize; 3]>::new());
    let [mut clean, mut accused, mut cells, mut named, mut false_cells] = [0usize; 5];
    for seed in from..from + number("NIANJIAN_FAULTS", 3) * FAULTS.len() as u64 {
        let mut random = Random::new(seed ^ 0x5eed);
        let (now, last) = drawn(&mut random);
        let found = now.labelled(Some(&last)).violations(&base, seed, &ground);
        clean += 1;
        if found.iter().any(|(_, it)| it.severity != Severity::Info) {
            accused += 1;
            let _ = writeln!(wrong, "seed {seed}, clean:\n      {}", shown(&found));
        }
        let (name, fault) = FAULTS[(seed % FAULTS.len() as u64) as usize];
        let Some(faulty) = fault(now, last, &mut random) else { continue };
        let found = faulty.report.violations(&base, seed, &ground);
        let of_rule: Vec<&Violation> = found.iter().filter(|(rule, _)| rule == faulty.rule).map(|(_, it)| it).collect();
        let others = found.iter().filter(|(rule, it)| rule != faulty.rule && it.severity != Severity::Info).count();
        let right = of_rule.len() == faulty.times && others == 0;
        let row = tally.entry(name).or_default();
        *row = [row[0] + 1, row[1] + usize::from(right), row[2] + usize::from(of_rule.is_empty())];
        if !right {
            let _ = writeln!(
                wrong,
                "seed {seed}, {name}: {} times {} in {:?}\n      {}",
                faulty.times,
                faulty.rule,
                faulty.report.says,
                shown(&found)
            );
        }
        if let (Some((cell, value)), [told]) = (&faulty.cell, of_rule.as_slice()) {
            let certain = told.expected.as_deref() == Some(value.to_string().as_str()) && told.figures.first() == Some(cell);
            cells += 1;
            named += usize::from(certain);
            // A finding that proposes a mended value is sure of its cell.
            false_cells += usize::from(!certain && told.message.zh.contains('→'));
        }
    }
    for (name, [all, right, missed]) in &tally {
        println!("{name:<44} {all:>4} put in, {right:>4} told once, {missed:>3} missed");
    }
    println!(
        "{clean} clean reports, {accused} accused; of {cells} single cells {named} named ({:.1} %), {false_cells} named wrongly",
        percent(named, cells)
    );
    assert!(wrong.is_empty(), "{} wrong:\n{wrong}", wrong.lines().filter(|line| line.starts_with("seed")).count());
    assert!(false_cells == 0 && percent(named, cells) >= 95.0, "the diagnosis names the right cell");
}
