//! The fields of one row: each is checked, and each fault is told with what to do.

use super::cells::Row;
use super::{CELL_LIMIT, Faults, Heading, say, short};
use crate::model::{Agency, AgencyKind, Level};
use crate::text::nearest::nearest;

/// One row to one agency; what is wrong goes into `faults`, and `None` is for want of id, name or kind.
pub(super) fn agency(row: &Row, heading: &Heading, portals: Option<&[String]>, faults: &mut Faults) -> Option<Agency> {
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
