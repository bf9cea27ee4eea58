//! Every shipped rule has its cases and they hold; diagnoses never name a wrong cell.

use super::*;
use crate::rules::{builtin, load};

fn shipped() -> RuleSet {
    load(&builtin(), None)
        .unwrap_or_else(|complaints| panic!("{}", complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

#[test]
fn every_case_of_every_shipped_rule_holds() {
    let failures: Vec<String> = run_cases(&shipped(), None)
        .into_iter()
        .filter_map(|result| Some(format!("{} · {}: {}", result.rule, result.case, result.failure?)))
        .collect();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

/// Outcomes of the balance rules for one case, as (place, suspect, expected, message).
fn told(rules: &RuleSet, case: &str) -> Vec<(String, String, String, String)> {
    let case = toml::from_str(&format!("name = \"a test\"\nexpect = {{ outcome = \"clean\" }}\n{case}")).expect("a case");
    let read = cases::read_of(rules, &case);
    let context = Context::lone(Time::default());
    let outcomes = run(&read, &context, rules);
    let findings = outcomes.into_iter().filter(|it| it.rule.starts_with("balance/")).flat_map(|it| match it.verdict {
        Verdict::Findings(found) => found.violations,
        _ => Vec::new(),
    });
    let tell = |it: crate::model::Violation| {
        (it.place, it.figures.first().cloned().unwrap_or_default(), it.expected.unwrap_or_default(), it.message.zh)
    };
    findings.map(tell).collect()
}

/// The rows of the form of 2021, leaves of the results between the second and the last but one.
const ROWS: [&str; 25] = [
    "received",
    "carried_in",
    "results.granted",
    "results.partial",
    "results.refused.state_secret",
    "results.refused.prohibited_by_law",
    "results.refused.security_stability",
    "results.refused.third_party",
    "results.refused.internal_affairs",
    "results.refused.process_info",
    "results.refused.enforcement_file",
    "results.refused.registry_query",
    "results.unavailable.not_held",
    "results.unavailable.needs_creation",
    "results.unavailable.still_unclear",
    "results.not_processed.petition",
    "results.not_processed.repeat",
    "results.not_processed.publication",
    "results.not_processed.excessive",
    "results.not_processed.reconfirm",
    "results.other.uncorrected",
    "results.other.fee_unpaid",
    "results.other.misc",
    "results.total",
    "carried_forward",
];
const COLUMNS: [&str; 7] = ["natural_person", "enterprise", "research", "public_welfare", "legal_service", "other_org", "total"];

/// A table that balances: leaves as given, the rest computed.
fn balanced(leaves: &[[i64; 6]; 21], carried: &[(i64, i64); 6]) -> [[i64; 7]; 25] {
    let mut table = [[0; 7]; 25];
    for column in 0..6 {
        let sum: i64 = leaves.iter().map(|row| row[column]).sum();
        let (mut carried_in, forward) = carried[column];
        carried_in = carried_in.min(sum + forward);
        (0..21).for_each(|leaf| table[leaf + 2][column] = leaves[leaf][column]);
        table[23][column] = sum;
        table[24][column] = forward;
        table[1][column] = carried_in;
        table[0][column] = sum + forward - carried_in;
    }
    table.iter_mut().for_each(|row| row[6] = row[..6].iter().sum());
    table
}

fn case_of(table: &[[i64; 7]; 25], blanks: &[(usize, usize)]) -> String {
    let word = |row: usize, column: usize| match blanks.contains(&(row, column)) {
        true => "_".to_owned(),
        false => table[row][column].to_string(),
    };
    let row =
        |at: usize| format!("\"{}\" = \"{}\"", ROWS[at], (0..7).map(|column| word(at, column)).collect::<Vec<_>>().join(" "));
    format!("applications = {{ {} }}", (0..25).map(row).collect::<Vec<_>>().join(", "))
}

fn sample() -> [[i64; 7]; 25] {
    let mut leaves = [[0; 6]; 21];
    leaves[0] = [7, 2, 0, 0, 1, 0];
    leaves[1] = [3, 0, 1, 0, 0, 0];
    leaves[5] = [2, 1, 0, 0, 0, 0];
    leaves[20] = [1, 0, 0, 0, 0, 1];
    balanced(&leaves, &[(2, 1), (0, 1), (0, 0), (0, 0), (0, 0), (1, 0)])
}

#[test]
fn a_wrong_cell_in_every_position_is_told_once_and_by_name() {
    let rules = shipped();
    assert!(told(&rules, &case_of(&sample(), &[])).is_empty());
    for row in 0..25 {
        for column in 0..7 {
            let mut table = sample();
            table[row][column] += 3;
            let found = told(&rules, &case_of(&table, &[]));
            let id = format!("applications.{}.{}", ROWS[row], COLUMNS[column]);
            assert_eq!(found.len(), 1, "{id}: {found:?}");
            assert_eq!((found[0].1.as_str(), &found[0].2), (id.as_str(), &sample()[row][column].to_string()), "{found:?}");
            let place = match ROWS[row] {
                "received" | "carried_in" | "results.total" | "carried_forward" => format!("flow/{}", COLUMNS[column]),
                _ => format!("results/{}", COLUMNS[column]),
            };
            assert_eq!(found[0].0, place);
        }
    }
}

#[test]
fn two_independent_faults_are_two_findings() {
    let rules = shipped();
    let mut table = sample();
    table[2][0] += 2;
    table[3][1] += 5;
    let found = told(&rules, &case_of(&table, &[]));
    let suspects: Vec<_> = found.iter().map(|it| (it.0.as_str(), it.1.as_str(), it.2.as_str())).collect();
    let first = ("results/natural_person", "applications.results.granted.natural_person", "7");
    assert_eq!(suspects, [first, ("results/enterprise", "applications.results.partial.enterprise", "0")]);
    // In one column: the second is told under the next identity it breaks.
    let mut table = sample();
    table[2][0] += 2;
    table[3][0] += 5;
    let places: Vec<_> = told(&rules, &case_of(&table, &[])).into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["applicants/results.partial", "results/natural_person"]);
    // In two tables, each decided alone.
    let mut table = sample();
    table[2][0] += 2;
    let both = format!("{}\nreview_litigation = {{ review = \"1 0 0 0 2\" }}", case_of(&table, &[]));
    let places: Vec<_> = told(&rules, &both).into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["results/natural_person", "review/review"]);
    // Three faults, each crossing a row and a column of its own.
    let mut table = sample();
    table[2][0] += 2;
    table[3][1] += 5;
    table[7][4] += 9;
    assert_eq!(told(&rules, &case_of(&table, &[])).len(), 3);
}

#[test]
fn faults_with_rivals_are_told_by_their_identities() {
    // Two faults of the same size may as well lie in the two other corners.
    let mut table = sample();
    table[2][0] += 2;
    table[3][1] += 2;
    let found = told(&shipped(), &case_of(&table, &[]));
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.iter().all(|it| it.3.contains("相差 2")), "{found:?}");
}

#[test]
fn a_blank_that_hides_a_number_accuses_nobody() {
    let mut blanks = Vec::new();
    let table = sample();
    for (row, cells) in table.iter().enumerate() {
        blanks.extend((0..6).filter(|column| cells[*column] == 0 && row != 23).map(|column| (row, column)));
    }
    let rules = shipped();
    assert!(told(&rules, &case_of(&table, &blanks)).is_empty());
    blanks.push((2, 1));
    assert_eq!(told(&rules, &case_of(&table, &blanks)), []);
}

#[test]
fn a_fingerprint_depends_on_each_part_and_on_where_it_ends() {
    let print = fingerprint("yunxi", 2023, "balance/applications-flow", "flow/total");
    assert_eq!(print.len(), 24);
    assert_eq!(print, fingerprint("yunxi", 2023, "balance/applications-flow", "flow/total"));
    assert_ne!(print, fingerprint("yunxi", 2024, "balance/applications-flow", "flow/total"));
    assert_ne!(fingerprint("a", 1, "bc", "d"), fingerprint("a", 1, "b", "cd"));
}

mod random {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn one_edit_of_a_balanced_table_is_never_blamed_on_another_cell(
            cells in prop::collection::vec(prop_oneof![5 => Just(0_i64), 2 => 1_i64..9], 126),
            carried in prop::collection::vec((0_i64..4, 0_i64..4), 6),
            at in (0_usize..25, 0_usize..7),
            to in prop_oneof![4 => (0_i64..20).prop_map(Some), 1 => Just(None)],
            blank_one_in in prop_oneof![Just(0_usize), Just(1), Just(2)],
            total_blanks in prop::collection::vec(0_usize..25, 0..4),
        ) {
            static RULES: std::sync::OnceLock<RuleSet> = std::sync::OnceLock::new();
            let rules = RULES.get_or_init(shipped);
            let mut leaves = [[0; 6]; 21];
            cells.iter().enumerate().for_each(|(at, value)| leaves[at / 6][at % 6] = *value);
            let carried: [(i64, i64); 6] = carried.try_into().expect("six were made");
            let truth = balanced(&leaves, &carried);
            let mut table = truth;
            let mut blanks: Vec<(usize, usize)> = Vec::new();
            if blank_one_in > 0 {
                let zeros = (0..25).flat_map(|row| (0..6).map(move |column| (row, column)));
                let zeros = zeros.filter(|(row, column)| truth[*row][*column] == 0 && *row != 23);
                blanks.extend(zeros.enumerate().filter(|(n, _)| n % blank_one_in == 0).map(|(_, place)| place));
                blanks.extend(total_blanks.into_iter().map(|row| (row, 6)));
            }
            blanks.retain(|place| *place != at);
            match to {
                Some(value) => table[at.0][at.1] = value,
                None => blanks.push(at),
            }
            let found = told(rules, &case_of(&table, &blanks));
            let id = format!("applications.{}.{}", ROWS[at.0], COLUMNS[at.1]);
            for (place, suspect, expected, message) in &found {
                if message.contains("仅将") {
                    prop_assert_eq!((suspect, expected), (&id, &truth[at.0][at.1].to_string()), "{}", message);
                } else {
                    prop_assert!(!place.starts_with("shifted/"), "{}", message);
                }
            }
            if blanks.is_empty() && table != truth {
                prop_assert_eq!(found.len(), 1);
            }
            if table == truth {
                // A blank where a number belongs is unknown, never wrong.
                prop_assert!(found.is_empty(), "{:?}", found);
            }
        }
    }
}
