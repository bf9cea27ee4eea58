//! The roster: the office's list of agencies, from csv or xlsx, with an account of every row refused.
//!
//! These files are written by hand and saved by spreadsheet programs: with a byte order mark, in
//! GBK, with Chinese headings, with a date where `03-31` was typed. All that is taken. What cannot be
//! taken is refused row by row, with the row's number, the reason and what to do; the other rows
//! still count.

mod cells;
mod fields;
#[cfg(test)]
mod tests;

use crate::model::{Agency, Message, Roster};
use crate::text::nearest::nearest;
use cells::Row;
use std::collections::BTreeMap;

/// The columns of the file, in the order they are written.
pub const COLUMNS: [&str; 9] = ["id", "name", "aliases", "kind", "level", "parent", "portal", "column", "due"];
/// Chinese headings that are taken for them, in the same order.
const HEADINGS: [&[&str]; 9] = [
    &["编号", "标识", "机关编号"],
    &["名称", "机关名称", "单位名称"],
    &["别名", "曾用名"],
    &["类型", "类别", "机关类型"],
    &["级别", "层级"],
    &["上级", "上级编号"],
    &["门户", "门户编号"],
    &["栏目", "栏目地址", "网址"],
    &["期限", "截止日期", "公布期限"],
];
/// Characters of one cell beyond which it is no roster's.
const CELL_LIMIT: usize = 1000;

/// What is to be said about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowAccount {
    /// The row as a spreadsheet counts it, the heading being row 1.
    pub row: usize,
    /// True where the row was not taken; else it was, and this is a remark.
    pub refused: bool,
    /// What is wrong with it.
    pub why: Message,
    /// What to do about it.
    pub advice: Message,
}

/// Reads a roster in either format, told by its first bytes.
///
/// `portals` are the ids of the configuration; `None` leaves the portals unchecked.
pub fn read(bytes: &[u8], portals: Option<&[String]>) -> (Roster, Vec<RowAccount>) {
    if bytes.starts_with(b"PK") { from_xlsx(bytes, portals) } else { from_csv(bytes, portals) }
}

/// Reads a csv file in UTF-8, UTF-16 or GB18030, separated by commas, semicolons or tabs.
pub fn from_csv(bytes: &[u8], portals: Option<&[String]>) -> (Roster, Vec<RowAccount>) {
    assemble(&cells::of_csv(bytes), portals)
}

/// Reads the first sheet of an xlsx workbook that has anything in it.
pub fn from_xlsx(bytes: &[u8], portals: Option<&[String]>) -> (Roster, Vec<RowAccount>) {
    match cells::of_xlsx(bytes) {
        Ok(rows) => assemble(&rows, portals),
        Err(why) => {
            let account = RowAccount {
                row: 0,
                refused: true,
                why: say(format!("工作簿无法打开：{why}"), format!("the workbook cannot be opened: {why}")),
                advice: say("请用表格软件另存为 xlsx 或 csv", "save it again as xlsx or csv"),
            };
            (Roster::default(), vec![account])
        }
    }
}

/// Writes a roster as csv, with a byte order mark so that spreadsheet programs take it for UTF-8.
/// A cell that such a program would run as a formula is led by an apostrophe, which reading takes off.
pub fn to_csv(roster: &Roster) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let due = |agency: &Agency| agency.due.map_or(String::new(), |(month, day)| format!("{month:02}-{day:02}"));
    let rows = roster.agencies.iter().map(|agency| {
        [
            agency.id.clone(),
            agency.name.clone(),
            agency.aliases.join(";"),
            agency.kind.word().to_owned(),
            agency.level.map_or(String::new(), |level| level.word().to_owned()),
            agency.parent.clone().unwrap_or_default(),
            agency.portal.clone().unwrap_or_default(),
            agency.column.clone().unwrap_or_default(),
            due(agency),
        ]
    });
    let heading = COLUMNS.map(str::to_owned);
    for row in std::iter::once(heading).chain(rows) {
        writer.write_record(row.map(|cell| cells::harmless(&cell).into_owned())).expect("writing to memory cannot fail");
    }
    let bytes = writer.into_inner().expect("writing to memory cannot fail");
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

fn say(zh: impl Into<String>, en: impl Into<String>) -> Message {
    Message { zh: zh.into(), en: en.into() }
}

/// Reasons against one row, each with its advice.
#[derive(Default)]
struct Faults(Vec<(Message, Message)>);

impl Faults {
    fn add(&mut self, why: Message, advice: Message) {
        self.0.push((why, advice));
    }

    fn account(self, row: usize, refused: bool) -> RowAccount {
        let (whys, advices): (Vec<Message>, Vec<Message>) = self.0.into_iter().unzip();
        let joined = |messages: &[Message]| Message {
            zh: messages.iter().map(|message| message.zh.as_str()).collect::<Vec<_>>().join("；"),
            en: messages.iter().map(|message| message.en.as_str()).collect::<Vec<_>>().join("; "),
        };
        RowAccount { row, refused, why: joined(&whys), advice: joined(&advices) }
    }
}

/// Which cell of a row belongs to which column of ours.
struct Heading([Option<usize>; 9]);

impl Heading {
    fn cell<'r>(&self, row: &'r Row, column: usize) -> &'r str {
        self.0[column].and_then(|index| row.cells.get(index)).map_or("", String::as_str)
    }
}

/// Finds the columns in the heading, or says why the file cannot be read at all.
fn heading(row: &Row, accounts: &mut Vec<RowAccount>) -> Option<Heading> {
    let mut found = [None; 9];
    let mut faults = Faults::default();
    for (index, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let word = cell.to_lowercase();
        let column = (0..9).find(|at| COLUMNS[*at] == word || HEADINGS[*at].contains(&word.as_str()));
        match column {
            Some(column) if found[column].is_none() => found[column] = Some(index),
            Some(_) => faults.add(
                say(format!("列「{cell}」出现两次，只取第一列"), format!("the column `{cell}` stands twice; the first is taken")),
                say("删去多余的一列", "take the other away"),
            ),
            None => {
                let meant = nearest(&word, COLUMNS).map_or(COLUMNS.join("、"), str::to_owned);
                faults.add(
                    say(format!("不认识的列「{}」，未读取", short(cell)), format!("unknown column `{}`, not read", short(cell))),
                    say(format!("可用的列：{meant}"), format!("columns that are read: {meant}")),
                );
            }
        }
    }
    let missing: Vec<&str> = [0, 1, 3].into_iter().filter(|at| found[*at].is_none()).map(|at| COLUMNS[at]).collect();
    if !missing.is_empty() {
        let list = missing.join("、");
        faults.add(
            say(format!("首行缺少必需的列：{list}"), format!("the heading lacks columns that must be there: {list}")),
            say(format!("首行应为：{}", COLUMNS.join(",")), format!("the first row should be: {}", COLUMNS.join(","))),
        );
    }
    if !faults.0.is_empty() {
        accounts.push(faults.account(row.number, !missing.is_empty()));
    }
    missing.is_empty().then_some(Heading(found))
}

/// Rows to agencies: the heading first, then one agency a row.
fn assemble(rows: &[Row], portals: Option<&[String]>) -> (Roster, Vec<RowAccount>) {
    let mut accounts = Vec::new();
    let mut roster = Roster::default();
    let mut rows = rows.iter().filter(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    let Some(heading) = rows.next().and_then(|row| heading(row, &mut accounts)) else { return (roster, accounts) };
    let mut taken = Taken::default();
    let mut numbers = Vec::new();
    for row in rows {
        let mut faults = Faults::default();
        let agency = fields::agency(row, &heading, portals, &mut faults);
        if let Some(agency) = &agency {
            taken.check(agency, &mut faults);
        }
        match agency {
            Some(agency) if faults.0.is_empty() => {
                taken.note(&agency, row.number);
                numbers.push(row.number);
                roster.agencies.push(agency);
            }
            _ => accounts.push(faults.account(row.number, true)),
        }
    }
    for (agency, row) in roster.agencies.iter().zip(numbers) {
        if let Some(parent) = agency.parent.as_deref()
            && roster.by_id(parent).is_none()
        {
            let mut remark = Faults::default();
            remark.add(
                say(format!("上级「{parent}」不在名录中"), format!("the parent `{parent}` is not in the roster")),
                say("补上该机关，或更正上级编号", "add that agency, or correct the id"),
            );
            accounts.push(remark.account(row, false));
        }
    }
    accounts.sort_by_key(|account| account.row);
    (roster, accounts)
}

/// Ids and names that are taken, with the row that took them.
#[derive(Default)]
struct Taken {
    ids: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
}

impl Taken {
    fn check(&self, agency: &Agency, faults: &mut Faults) {
        if let Some(row) = self.ids.get(&agency.id) {
            faults.add(
                say(format!("编号「{}」与第 {row} 行重复", agency.id), format!("the id `{}` is that of row {row}", agency.id)),
                say("每个机关用自己的编号", "give each agency an id of its own"),
            );
        }
        for name in std::iter::once(&agency.name).chain(&agency.aliases) {
            if let Some(row) = self.names.get(&folded(name)) {
                faults.add(
                    say(
                        format!("名称或别名「{name}」与第 {row} 行重复"),
                        format!("the name or alias `{name}` is that of row {row}"),
                    ),
                    say("名称和别名必须能区分机关", "names and aliases must tell agencies apart"),
                );
            }
        }
    }

    fn note(&mut self, agency: &Agency, row: usize) {
        self.ids.insert(agency.id.clone(), row);
        for name in std::iter::once(&agency.name).chain(&agency.aliases) {
            self.names.insert(folded(name), row);
        }
    }
}

/// A name without spaces and with narrow brackets, so that two spellings of one name are one.
fn folded(name: &str) -> String {
    let narrow = |letter| match letter {
        '（' => '(',
        '）' => ')',
        other => other,
    };
    name.chars().filter(|letter| !letter.is_whitespace()).map(narrow).flat_map(char::to_lowercase).collect()
}

/// A cell as a message may repeat it.
fn short(cell: &str) -> String {
    let clean: String = cell.chars().filter(|letter| !letter.is_control()).collect();
    if clean.chars().count() > 40 { format!("{}…", clean.chars().take(40).collect::<String>()) } else { clean }
}
