//! A whole report as a run of pieces: title, headings, sentences, tables, signature.

use super::grid::{Grid, Role, cell};
use super::random::Random;
use super::recipe::{Numbers, Recipe};
use super::tables::Maker;
use super::truth::Truth;
use nianjian::rules::Standard;
use std::collections::{BTreeMap, BTreeSet};

/// A piece of a report in order.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Title(String),
    /// The line a portal prints below the title: when, by whom.
    Shown(String),
    Heading(String),
    Paragraph(String),
    Table(Grid),
    Signature(String),
}

/// A report in pieces, and which of its figures are not printed.
pub(super) struct Story {
    pub(super) pieces: Vec<Piece>,
    pub(super) absent: BTreeSet<String>,
}

/// What a report says, where that is given: paragraphs, with the sections it has in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) preamble: Vec<String>,
    /// By section; above its table where it has one.
    pub(super) paragraphs: BTreeMap<String, Vec<String>>,
    /// All of the form's where none are named.
    pub(super) sections: Vec<String>,
    /// Sections whose tables are not printed.
    pub(super) without_table: Vec<String>,
}

/// Words of the five parts of section one, each with a line that a careless reader takes for a heading or a row.
const PARTS: [(&str, &str); 5] = [
    ("主动公开", "全年通过门户网站公开信息126条，其中工作动态98条、政策文件28条。"),
    ("依申请公开", "严格按照条例规定办理申请，做到件件有答复。"),
    ("政府信息管理", "落实三审三校，健全发布审核机制，共清理文件3份。"),
    ("政府信息公开平台建设", "优化网站栏目设置，新媒体账号2个，累计发布310条。"),
    ("监督保障", "召开专题会议2次，开展业务培训1场，全年未发生责任追究情形。"),
];

/// Tells the story of a truth.
pub(super) fn story(standard: &Standard, truth: &Truth, recipe: &Recipe, words: Option<&Words>, random: &mut Random) -> Story {
    let mut maker = Maker { standard, truth, recipe, random, absent: BTreeSet::new() };
    let tables = [maker.proactive(), maker.applications(), maker.review()];
    let absent = maker.absent;
    let mut pieces: Vec<Piece> = truth.title.iter().cloned().map(Piece::Title).collect();
    if random.chance(60) {
        let date = random.pick(&["发布时间：", "发布日期：", "时间："]);
        pieces.push(Piece::Shown(format!("{date}{} 来源：{} 浏览次数：128", truth.published, truth.agency)));
    }
    if let Some(number) = &truth.number {
        pieces.push(Piece::Shown(number.clone()));
    }
    let usual = format!(
        "本报告依据《中华人民共和国政府信息公开条例》编制，所列数据的统计期限自{0}年1月1日起至{0}年12月31日止。",
        truth.year
    );
    pieces.extend(words.map_or(vec![usual], |words| words.preamble.clone()).into_iter().map(Piece::Paragraph));
    let told = words.map_or(&[] as &[String], |words| &words.sections);
    let position = |id: &str| standard.sections.iter().position(|section| section.id == id);
    let order: Vec<usize> = match told {
        [] => (0..standard.sections.len()).collect(),
        told => told.iter().filter_map(|id| position(id)).collect(),
    };
    let mut stacked = Grid::default();
    for (printed_at, at) in order.into_iter().enumerate() {
        let section = &standard.sections[at];
        let heading = match recipe.heading {
            0 => section.heading.clone(),
            nth => section.variants.get(nth - 1).unwrap_or(&section.heading).clone(),
        };
        pieces.push(Piece::Heading(numbered(recipe.numbers, printed_at + 1, &heading)));
        if let Some(words) = words {
            pieces.extend(words.paragraphs.get(&section.id).into_iter().flatten().cloned().map(Piece::Paragraph));
            if let Some(grids) =
                at.checked_sub(1).and_then(|at| tables.get(at)).filter(|_| !words.without_table.contains(&section.id))
            {
                pieces.extend(grids.iter().cloned().map(Piece::Table));
            }
            continue;
        }
        match section.id.as_str() {
            "overview" => pieces.extend(overview(truth, recipe, random)),
            "problems" => {
                pieces.push(Piece::Paragraph("存在的问题：一是公开内容不够细致；二是业务能力有待提高。".to_owned()));
                pieces.push(Piece::Paragraph("改进措施：下一步将加强培训，明确专人负责，及时更新栏目。".to_owned()));
            }
            "other" => pieces.push(Piece::Paragraph(format!("{}年未收取信息处理费，无其他需要报告的事项。", truth.year))),
            _ => {
                if random.chance(30) {
                    pieces.push(Piece::Paragraph("具体情况见下表。".to_owned()));
                }
                let grids = &tables[at - 1];
                if recipe.joined {
                    stacked.0.extend(grids.iter().flat_map(|grid| grid.0.clone()));
                } else {
                    pieces.extend(grids.iter().cloned().map(Piece::Table));
                }
            }
        }
        // Three tables that ran into one stand where the last of them belongs.
        if section.id == "review_litigation" && recipe.joined {
            pieces.push(Piece::Table(std::mem::take(&mut stacked)));
        }
    }
    let name = truth.agency.clone();
    if random.chance(60) {
        pieces.extend([Piece::Signature(name), Piece::Signature(truth.signed.0.clone())]);
    } else {
        pieces.push(Piece::Signature(format!("{name}　{}", truth.signed.0)));
    }
    if recipe.headings_in_tables {
        pieces = with_headings_in_tables(pieces);
    }
    Story { pieces, absent }
}

fn overview(truth: &Truth, recipe: &Recipe, random: &mut Random) -> Vec<Piece> {
    let mut pieces =
        vec![Piece::Paragraph(format!("{}年，{}认真贯彻落实条例，深入推进政府信息公开工作。", truth.year, truth.agency))];
    let style = match recipe.numbers {
        Numbers::Bracketed | Numbers::Arabic | Numbers::None => Numbers::ArabicBracket,
        _ if random.chance(70) => Numbers::Bracketed,
        _ => Numbers::Arabic,
    };
    let apart = random.chance(50);
    for (at, (part, words)) in PARTS.iter().enumerate() {
        let head = numbered(style, at + 1, part);
        match apart {
            true => pieces.extend([Piece::Paragraph(format!("{head}情况")), Piece::Paragraph((*words).to_owned())]),
            false => pieces.push(Piece::Paragraph(format!("{head}。{words}"))),
        }
    }
    pieces
}

/// A heading with its number.
fn numbered(style: Numbers, number: usize, words: &str) -> String {
    let nth = |digits: &str| digits.chars().nth(number - 1).unwrap();
    match style {
        Numbers::Chinese => format!("{}、{words}", nth("一二三四五六")),
        Numbers::Dotted => format!("{}.{words}", nth("一二三四五六")),
        Numbers::Bracketed => format!("（{}）{words}", nth("一二三四五六")),
        Numbers::Part => format!("第{}部分 {words}", nth("一二三四五六")),
        Numbers::Arabic => format!("{number}.{words}"),
        Numbers::ArabicBracket => format!("（{number}）{words}"),
        Numbers::Roman => format!("{}. {words}", ["I", "II", "III", "IV", "V", "VI"][number - 1]),
        Numbers::Formal => format!("{}、{words}", nth("壹贰叁肆伍陆")),
        Numbers::Circled => format!("{}{words}", nth("①②③④⑤⑥")),
        Numbers::None => words.to_owned(),
    }
}

/// Each heading of a section with a table becomes the first row of that table.
fn with_headings_in_tables(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut told: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (piece, told.last()) {
            (Piece::Table(mut grid), Some(Piece::Heading(heading))) => {
                let width = grid.cover().iter().map(Vec::len).max().unwrap_or(1);
                grid.0.insert(0, vec![cell(heading.as_str(), 1, width, Role::Header)]);
                told.pop();
                told.push(Piece::Table(grid));
            }
            (piece, _) => told.push(piece),
        }
    }
    told
}
