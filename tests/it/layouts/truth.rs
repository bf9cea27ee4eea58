//! A report as its agency meant it: every figure of the form with how it is printed and what that says.

use super::random::Random;
use nianjian::rules::{FigureKind, Standard, TableForm};
use std::collections::BTreeMap;

/// One cell: as printed, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) printed: String,
    pub(super) state: &'static str,
    pub(super) value: Option<String>,
    pub(super) unit: Option<String>,
}

/// The truth about one report.
#[derive(Debug, Clone)]
pub(super) struct Truth {
    pub(super) standard: String,
    pub(super) year: i32,
    pub(super) agency: String,
    pub(super) kind: &'static str,
    /// The lines that the title is printed on.
    pub(super) title: Vec<String>,
    /// As printed, and the date it is; the year that follows the report's.
    pub(super) signed: (String, String),
    pub(super) published: String,
    pub(super) number: Option<String>,
    pub(super) cells: BTreeMap<String, Cell>,
}

const AGENCIES: [(&str, &str); 16] = [
    ("云溪市人民政府", "government"),
    ("柳河县人民政府", "government"),
    ("云溪市人民政府办公室", "office"),
    ("柳河县教育局", "department"),
    ("云溪市发展和改革委员会", "department"),
    ("柳河县卫生健康局", "department"),
    ("云溪市白鹭区统计局", "department"),
    ("云溪市公安局白鹭分局", "department"),
    ("柳河县青石镇人民政府", "township"),
    ("云溪市白鹭区双林乡人民政府", "township"),
    ("柳河县青石镇", "township"),
    ("云溪市白鹭区翠屏街道办事处", "sub-district"),
    ("国家税务总局云溪市税务局", "vertical"),
    ("云溪海关", "vertical"),
    ("云溪市气象局", "vertical"),
    ("云溪市城市管理综合行政执法局", "department"),
];

/// A random truth after one of the standards.
pub(super) fn truth(standard: &Standard, random: &mut Random) -> Truth {
    let year = if standard.id == "v2019" { 2019 + random.below(2) as i32 } else { 2021 + random.below(5) as i32 };
    let (agency, kind) = random.pick(&AGENCIES);
    let (month, day) = (1 + random.below(3) as u32, 1 + random.below(28) as u32);
    let mut cells = BTreeMap::new();
    let style = Style::random(random);
    for table in &standard.tables {
        let numbers = if table.id == "applications" { applications(table, random) } else { free(table, random) };
        for ((id, _, column), number) in table.cells().zip(numbers) {
            cells.insert(id.to_owned(), style.cell(column.kind, &table.id, number, random));
        }
    }
    Truth {
        standard: standard.id.clone(),
        year,
        agency: agency.to_owned(),
        kind,
        title: title(agency, year, random),
        signed: (date(year + 1, month, day, random), format!("{}-{month:02}-{day:02}", year + 1)),
        published: format!("{}-{month:02}-{:02}", year + 1, day.min(27) + 1),
        number: random.chance(30).then(|| {
            let brackets = random.pick(&[("〔", "〕"), ("[", "]"), ("【", "】"), ("（", "）"), ("﹝", "﹞")]);
            format!("云政办{}{}{}{}号", brackets.0, year + 1, brackets.1, 1 + random.below(90))
        }),
        cells,
    }
}

/// The truth of a report whose figures are given, as printed; all others are 0.
pub(super) fn of_figures(standard: &Standard, agency: &str, year: i32, figures: &BTreeMap<String, String>) -> Truth {
    let cell = |id: &str| {
        let printed = figures.get(id).cloned().unwrap_or_else(|| "0".to_owned());
        (id.to_owned(), Cell { value: Some(printed.clone()), printed, state: "number", unit: None })
    };
    Truth {
        standard: standard.id.clone(),
        year,
        agency: agency.to_owned(),
        kind: "",
        title: vec![format!("{agency}{year}年政府信息公开工作年度报告")],
        signed: (format!("{}年1月15日", year + 1), format!("{}-01-15", year + 1)),
        published: format!("{}-01-20", year + 1),
        number: None,
        cells: standard.figure_ids().map(cell).collect(),
    }
}

fn title(agency: &str, year: i32, random: &mut Random) -> Vec<String> {
    let chinese: String =
        year.to_string().bytes().map(|digit| "〇一二三四五六七八九".chars().nth(usize::from(digit - b'0')).unwrap()).collect();
    let wide: String = year.to_string().chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
    let told = random
        .pick(&[year.to_string(), year.to_string(), year.to_string(), chinese, wide].each_ref().map(String::as_str))
        .to_owned();
    match random.below(9) {
        0 => vec![format!("{told}年{agency}政府信息公开工作年度报告")],
        1 => vec![format!("{agency}{told}年度政府信息公开工作年度报告")],
        2 => vec![format!("{agency}{told}年政府信息公开年度报告")],
        3 => vec![agency.to_owned(), format!("{told}年政府信息公开工作年度报告")],
        4 => vec![format!("{agency}{told}年"), "政府信息公开工作年度报告".to_owned()],
        5 => vec![format!("{agency}关于{told}年度政府信息公开工作的报告")],
        6 => vec![format!("{agency}政府信息公开工作年度报告（{told}年度）")],
        _ => vec![format!("{agency}{told}年政府信息公开工作年度报告")],
    }
}

fn date(year: i32, month: u32, day: u32, random: &mut Random) -> String {
    let digit = |n: u32| "〇一二三四五六七八九".chars().nth(n as usize).unwrap().to_string();
    let small = |n: u32| match (n / 10, n % 10) {
        (0, ones) => digit(ones),
        (tens, ones) => {
            let tens = if tens == 1 { String::new() } else { digit(tens) };
            format!("{tens}十{}", if ones == 0 { String::new() } else { digit(ones) })
        }
    };
    match random.below(6) {
        0 => format!(
            "{}年{}月{}日",
            year.to_string().bytes().map(|b| digit(u32::from(b - b'0'))).collect::<String>(),
            small(month),
            small(day)
        ),
        1 => format!("{year}.{month}.{day}"),
        2 => format!("{year} 年 {month} 月 {day} 日"),
        3 => format!("{year}年{month:02}月{day:02}日"),
        4 => format!("{year}-{month:02}-{day:02}"),
        _ => format!("{year}年{month}月{day}日"),
    }
}

/// Figures of section three that add up by row, by column and by the form's own identity.
fn applications(table: &TableForm, random: &mut Random) -> Vec<u64> {
    let rows: Vec<&str> = table.blocks[0].rows.iter().map(|row| row.id.as_str()).collect();
    let leaves: Vec<usize> =
        (0..rows.len()).filter(|at| rows[*at].starts_with("results.") && rows[*at] != "results.total").collect();
    let busy = random.below(4);
    let mut grid = vec![[0u64; 7]; rows.len()];
    let at = |id: &str| rows.iter().position(|row| *row == id).unwrap();
    for (column, width) in [1, 3, 9, 19, 33, 51].into_iter().enumerate() {
        let many = [0, 3, 40, 1900][busy] / width + 1;
        let (received, carried) = (random.below(many) as u64, random.below(many / 8 + 1) as u64);
        let forward = (random.below(many / 8 + 1) as u64).min(received + carried);
        let mut left = received + carried - forward;
        grid[at("received")][column] = received;
        grid[at("carried_in")][column] = carried;
        grid[at("results.total")][column] = left;
        grid[at("carried_forward")][column] = forward;
        while left > 0 {
            let part = (1 + random.below(left as usize) as u64).min(left);
            grid[leaves[random.below(leaves.len())]][column] += part;
            left -= part;
        }
    }
    for row in &mut grid {
        row[6] = row[..6].iter().sum();
    }
    // Some agencies cannot add up; what they printed is to be read all the same.
    if random.chance(15) {
        let (row, column) = (random.below(rows.len()), random.below(7));
        grid[row][column] += 1 + random.below(9) as u64;
    }
    grid.into_iter().flatten().collect()
}

/// Figures of the other tables: anything, with sums where the form has them.
fn free(table: &TableForm, random: &mut Random) -> Vec<u64> {
    let mut numbers: Vec<u64> = table.cells().map(|_| if random.chance(50) { 0 } else { random.below(1500) as u64 }).collect();
    if table.id == "review_litigation" {
        for group in numbers.chunks_mut(5) {
            for number in &mut group[..4] {
                *number = if random.chance(60) { 0 } else { random.below(12) as u64 };
            }
            group[4] = group[..4].iter().sum();
        }
    }
    numbers
}

/// How one agency prints its figures.
struct Style {
    /// What stands for nothing: a zero, or something else.
    nothing: (&'static str, &'static str),
    /// Every so many cells out of a hundred are printed unusually.
    odd: usize,
    unit: &'static str,
}

impl Style {
    fn random(random: &mut Random) -> Style {
        let others = [
            ("", "blank"),
            ("&nbsp;", "blank"),
            ("/", "dash"),
            ("—", "dash"),
            ("-", "dash"),
            ("无", "not_applicable"),
            ("不适用", "not_applicable"),
        ];
        Style {
            nothing: if random.chance(75) { ("0", "number") } else { random.pick(&others) },
            odd: if random.chance(30) { 6 } else { 0 },
            unit: random.pick(&["件", "条", "项"]),
        }
    }

    fn cell(&self, kind: FigureKind, table: &str, number: u64, random: &mut Random) -> Cell {
        let plain = |printed: String, value: String, unit: Option<&str>| Cell {
            printed,
            state: "number",
            value: Some(value),
            unit: unit.map(str::to_owned),
        };
        let word = |printed: &str, state| Cell { printed: printed.to_owned(), state, value: None, unit: None };
        match kind {
            FigureKind::Money if number > 0 => {
                let value = format!("{}.{}", number * 37, 1 + random.below(9));
                return match random.below(4) {
                    0 => plain(format!("{value}万元"), value, Some("万元")),
                    1 => plain(format!("{}元", number * 100), (number * 100).to_string(), Some("元")),
                    _ => plain(value.clone(), value, None),
                };
            }
            FigureKind::Delta if number > 0 => {
                let number = number % 40 + 1;
                return match random.below(6) {
                    0 => plain(format!("增{number}"), number.to_string(), None),
                    1 => plain(format!("减{number}"), format!("-{number}"), None),
                    2 => plain(format!("+{number}"), number.to_string(), None),
                    3 => plain(format!("-{number}"), format!("-{number}"), None),
                    _ => plain(number.to_string(), number.to_string(), None),
                };
            }
            _ if number == 0 && self.nothing.0 != "0" && !random.chance(10) => return word(self.nothing.0, self.nothing.1),
            _ => {}
        }
        let digits = number.to_string();
        if !random.chance(self.odd) {
            return plain(digits.clone(), digits, None);
        }
        let wide: String = digits.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
        match random.below(7) {
            0 => plain(format!("{digits}{}", self.unit), digits, Some(self.unit)),
            1 => plain(wide, digits, None),
            2 if number >= 1000 => plain(format!("{},{:03}", number / 1000, number % 1000), digits, None),
            3 if number > 0 && table == "proactive" => plain(format!("{digits}（其中修订1件）"), digits, None),
            4 => plain(format!("&nbsp;{digits}&nbsp;"), digits, None),
            5 if table != "applications" => word("见附件", "text"),
            _ => word("", "blank"),
        }
    }
}
