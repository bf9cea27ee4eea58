//! The roster: the office's list of agencies, from csv or xlsx, with an account of every row refused.
//!
//! These files are written by hand and saved by spreadsheet programs: with a byte order mark, in
//! GBK, with Chinese headings, with a date where `03-31` was typed. All that is taken. What cannot be
//! taken is refused row by row, with the row's number, the reason and what to do; the other rows
//! still count.

mod cells;
#[cfg(test)]
mod tests;

use crate::model::{Agency, AgencyKind, Level, Message, Roster};
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
        let agency = agency(row, &heading, portals, &mut faults);
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

/// One row to one agency; what is wrong goes into `faults`, and `None` is for want of id, name or kind.
fn agency(row: &Row, heading: &Heading, portals: Option<&[String]>, faults: &mut Faults) -> Option<Agency> {
    if row.cells.iter().any(|cell| cell.contains('\u{fffd}') || cell.chars().count() > CELL_LIMIT) {
        faults.add(
            say("本行有乱码或过长的内容", "this row holds broken characters or a cell that is too long"),
            say("请另存为 UTF-8 编码的 csv，或 xlsx", "save the file as csv in UTF-8, or as xlsx"),
        );
        return None;
    }
    let cell = |column| heading.cell(row, column);
    let optional = |column| Some(cell(column)).filter(|text| !text.is_empty()).map(str::to_owned);
    let id = id(cell(0), faults);
    let name = cell(1);
    if name.is_empty() {
        faults.add(say("没有名称", "there is no name"), say("填写机关全称", "write the agency's full name"));
    }
    let kind = kind(cell(3), faults);
    let level = level(cell(4), faults);
    let parent = optional(5);
    if parent.is_some() && parent.as_deref() == id {
        faults.add(say("上级是它自己", "it is its own parent"), say("更正或清空上级", "correct or clear the parent"));
    }
    let portal = optional(6);
    if let (Some(portal), Some(known)) = (&portal, portals) {
        check_portal(portal, known, faults);
    }
    let column = optional(7);
    if let Some(column) = &column {
        check_column(column, faults);
    }
    let due = optional(8).and_then(|text| due(&text, faults));
    let aliases = cell(2).split([';', '；']).map(str::trim).filter(|alias| !alias.is_empty() && *alias != name);
    let aliases = aliases.map(str::to_owned).collect();
    let (id, kind) = (id?.to_owned(), kind?);
    (!name.is_empty()).then(|| Agency { id, name: name.to_owned(), aliases, kind, level, parent, portal, column, due })
}

/// An id goes into fingerprints, addresses of the API and file names.
fn id<'c>(cell: &'c str, faults: &mut Faults) -> Option<&'c str> {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "/\\?#%,;\"'<>{}".contains(letter);
    if cell.is_empty() {
        faults.add(say("没有编号", "there is no id"), say("填写一个不再变动的编号", "write an id that will not change"));
        return None;
    }
    if cell.contains(odd) || cell.chars().count() > 64 || cell.starts_with('.') {
        faults.add(
            say(
                format!("编号「{}」含有不能使用的字符，或过长", short(cell)),
                format!("the id `{}` has a character that cannot be used, or is too long", short(cell)),
            ),
            say("用字母、数字、连字符或汉字，不超过 64 个字符", "use letters, digits, hyphens, at most 64 characters"),
        );
        return None;
    }
    Some(cell)
}

fn kind(cell: &str, faults: &mut Faults) -> Option<AgencyKind> {
    let word = cell.to_lowercase().replace(['_', ' '], "-");
    let chinese = match word.as_str() {
        "政府" | "本级政府" | "人民政府" => Some(AgencyKind::Government),
        "办公室" | "办公厅" | "政府办" | "政府办公室" => Some(AgencyKind::Office),
        "部门" | "委办局" | "政府部门" => Some(AgencyKind::Department),
        "乡镇" | "乡" | "镇" | "乡镇政府" => Some(AgencyKind::Township),
        "街道" | "街道办" | "街道办事处" => Some(AgencyKind::SubDistrict),
        "垂管" | "垂直管理" | "垂管部门" => Some(AgencyKind::Vertical),
        _ => None,
    };
    let found = AgencyKind::parse(&word).or(chinese);
    if found.is_none() {
        let words = AgencyKind::ALL.map(AgencyKind::word);
        let (zh, en) = match nearest(&word, words) {
            Some(meant) => (format!("是否为 {meant}？"), format!("did you mean {meant}?")),
            None => {
                let list = words.join("、");
                (format!("可用：{list}，或政府、办公室、部门、乡镇、街道、垂管"), format!("one of {}", words.join(", ")))
            }
        };
        faults.add(say(format!("不认识的类型「{}」", short(cell)), format!("unknown kind `{}`", short(cell))), say(zh, en));
    }
    found
}

fn level(cell: &str, faults: &mut Faults) -> Option<Level> {
    let word = cell.to_lowercase();
    let found = match word.as_str() {
        "" => return None,
        "省" | "省级" => Some(Level::Province),
        "市" | "市级" | "地市" => Some(Level::City),
        "县" | "县级" | "区" | "区级" | "区县" | "县区" => Some(Level::County),
        "乡" | "镇" | "乡级" | "乡镇" | "乡镇级" => Some(Level::Township),
        _ => Level::ALL.into_iter().find(|level| level.word() == word),
    };
    if found.is_none() {
        let words = Level::ALL.map(Level::word);
        let (zh, en) = match nearest(&word, words) {
            Some(meant) => (format!("是否为 {meant}？"), format!("did you mean {meant}?")),
            None => (format!("可用：{}，或省、市、县、乡镇", words.join("、")), format!("one of {}", words.join(", "))),
        };
        faults.add(say(format!("不认识的级别「{}」", short(cell)), format!("unknown level `{}`", short(cell))), say(zh, en));
    }
    found
}

fn check_portal(portal: &str, known: &[String], faults: &mut Faults) {
    if known.iter().any(|id| id == portal) {
        return;
    }
    let (zh, en) = match nearest(portal, known.iter().map(String::as_str)) {
        Some(meant) => (format!("是否为 {meant}？"), format!("did you mean {meant}?")),
        None => (
            "先在配置中写明该门户，或留空".to_owned(),
            "name the portal in the configuration first, or leave it empty".to_owned(),
        ),
    };
    let portal = short(portal);
    faults.add(say(format!("配置中没有门户「{portal}」"), format!("the configuration has no portal `{portal}`")), say(zh, en));
}

/// A column is an http(s) address, in which `{year}` may stand for the report year.
fn check_column(column: &str, faults: &mut Faults) {
    let filled = column.replace("{year}", "2024");
    let good = !filled.contains(['{', '}', ' '])
        && url::Url::parse(&filled).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.host_str().is_some()
                && url.username().is_empty()
                && url.password().is_none()
        });
    if !good {
        let shown = short(column);
        faults.add(
            say(format!("栏目「{shown}」不是网址"), format!("the column `{shown}` is not an http(s) address")),
            say(
                "填写列表页或年报页的网址，年份可写作 {year}",
                "write the address of the list or the report; {year} stands for the year",
            ),
        );
    }
}

/// `MM-DD`; also what spreadsheet programs make of it: `3/31`, `2026/3/31`, `3月31日`.
fn due(text: &str, faults: &mut Faults) -> Option<(u32, u32)> {
    let parts: Vec<&str> = text.trim_end_matches('日').split(['-', '/', '年', '月']).map(str::trim).collect();
    let found = match parts.as_slice() {
        [month, day] | [_, month, day] => month.parse().ok().zip(day.parse().ok()),
        _ => None,
    };
    // A leap year, so that 29 February may be written; other years end it a day earlier.
    let found = found.filter(|(month, day)| chrono::NaiveDate::from_ymd_opt(2024, *month, *day).is_some());
    if found.is_none() {
        let shown = short(text);
        faults.add(
            say(format!("期限「{shown}」不是月日"), format!("the due date `{shown}` is not a month and a day")),
            say("写作 MM-DD，如 03-31；留空则为法定期限", "write MM-DD, as in 03-31, or leave it empty for the statutory date"),
        );
    }
    found
}
