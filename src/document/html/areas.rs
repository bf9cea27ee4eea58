//! Grids that a style draws: how many columns it tells, where in them an element says that it stands, and where
//! elements that do not say so come to stand, as CSS Grid Layout places them.

use std::collections::HashSet;

/// The most columns and rows of a drawn grid.
const MOST_COLUMNS: usize = 64;
const MOST_ROWS: usize = 2_000;
/// The longest list of tracks that is read, in bytes.
const LONGEST_LIST: usize = 2_000;

/// Where an element stands in the grid of its parent, as far as its style says so: lines counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    row: Option<usize>,
    column: Option<usize>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// False where it is named, counted from the grid's end, or out of its order.
    understood: bool,
}

impl Default for Area {
    fn default() -> Area {
        Area { row: None, column: None, rows: 1, columns: 1, understood: true }
    }
}

/// How many columns a style draws; 1 where it draws a grid without telling, 0 where it draws none.
pub(super) fn columns(style: &str) -> usize {
    let told = |property: &str| style.split(property).nth(1).map(|value| value.split(';').next().unwrap_or(""));
    let by_rows = told("grid-auto-flow:").is_none_or(|flow| !flow.contains("column") && !flow.contains("dense"));
    match told("grid-template-columns:").filter(|list| list.len() <= LONGEST_LIST && by_rows).map(tracks) {
        Some(columns) if (1..=MOST_COLUMNS).contains(&columns) => columns,
        _ => usize::from(style.contains("display:grid") || style.contains("display:inline-grid")),
    }
}

/// How many tracks a list without white space names: each is a word, a function, or ends with a unit. 0 where it is
/// not understood.
fn tracks(list: &str) -> usize {
    const WORDS: [&str; 3] = ["auto", "min-content", "max-content"];
    const UNITS: [&str; 9] = ["fr", "px", "%", "rem", "em", "pt", "vw", "cm", "mm"];
    let mut count: usize = 0;
    let mut rest = list;
    while !rest.is_empty() {
        let (after, tracks) = if let Some(word) = WORDS.iter().find(|word| rest.starts_with(**word)) {
            (&rest[word.len()..], Some(1))
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let Some((inside, after)) = function(rest) else { return 0 };
            let repeated = || {
                // No repetition may stand in another.
                let (times, list) = inside.split_once(',').filter(|_| !inside.contains("repeat("))?;
                Some(times.parse::<usize>().ok()?.min(1_000).saturating_mul(self::tracks(list)))
            };
            (after, if rest.starts_with("repeat(") { repeated() } else { Some(1) })
        } else {
            let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            // Two numbers may have grown into one where the blank between them went: 0 1fr.
            let number = &rest[..rest.len() - behind.len()];
            let grown = number.len() > 1 && number.starts_with('0') && !number.starts_with("0.");
            let unit = UNITS.iter().find_map(|unit| behind.strip_prefix(unit)).filter(|_| !number.is_empty() && !grown);
            (unit.unwrap_or(""), unit.map(|_| 1))
        };
        let Some(tracks) = tracks.filter(|tracks| *tracks > 0) else { return 0 };
        count = count.saturating_add(tracks);
        rest = after;
    }
    count
}

/// What stands in the brackets of a function, and behind them.
fn function(text: &str) -> Option<(&str, &str)> {
    let open = text.find('(')?;
    let mut depth = 0;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return Some((&text[open + 1..at], &text[at + 1..]));
        }
    }
    None
}

/// Where a style places its element.
pub(super) fn area(style: &str) -> Area {
    let mut ends: [&str; 4] = ["auto"; 4];
    if style.split(';').any(|part| part.starts_with("order:")) {
        return Area { understood: false, ..Area::default() };
    }
    if !style.contains("grid-") {
        return Area::default();
    }
    for (property, value) in style.split(';').filter_map(|part| part.split_once(':')) {
        let value = value.strip_suffix("!important").unwrap_or(value);
        let mut lines = value.split('/');
        let mut set = |places: &[usize]| {
            for place in places {
                ends[*place] = lines.next().unwrap_or("auto");
            }
        };
        // Row start, column start, row end, column end: the order of grid-area.
        match property {
            "grid-row" => set(&[0, 2]),
            "grid-column" => set(&[1, 3]),
            "grid-area" => set(&[0, 1, 2, 3]),
            "grid-row-start" => set(&[0]),
            "grid-column-start" => set(&[1]),
            "grid-row-end" => set(&[2]),
            "grid-column-end" => set(&[3]),
            _ => {}
        }
    }
    match (axis(ends[0], ends[2], MOST_ROWS), axis(ends[1], ends[3], MOST_COLUMNS)) {
        (Some((row, rows)), Some((column, columns))) => Area { row, column, rows, columns, understood: true },
        _ => Area { understood: false, ..Area::default() },
    }
}

/// The first line of an area, where it is told, and how many tracks it covers.
fn axis(start: &str, end: &str, most: usize) -> Option<(Option<usize>, usize)> {
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| (1..=most + 1).contains(number));
    let span = |text: &str| text.strip_prefix("span").and_then(number);
    let (first, last) = (number(start), number(end));
    match (start, end) {
        ("auto", "auto") => Some((None, 1)),
        (_, "auto") => first.map(|first| (Some(first), 1)).or_else(|| span(start).map(|span| (None, span))),
        ("auto", _) => match last {
            Some(last) => (last > 1).then(|| (Some(last - 1), 1)),
            None => span(end).map(|span| (None, span)),
        },
        _ => match (first, last) {
            (Some(first), Some(last)) => (last > first).then(|| (Some(first), last - first)),
            (Some(first), None) => span(end).map(|span| (Some(first), span)),
            (None, Some(last)) => span(start).and_then(|span| (last > span).then(|| (Some(last - span), span))),
            (None, None) => None,
        },
    }
}

/// Row and column of each area, from 0: all of them told, or none, which then come one after another. `None` where
/// some are told and others not, two lie over one another, or one is not understood.
pub(super) fn places(areas: &[Area], columns: usize) -> Option<Vec<(usize, usize)>> {
    let told = areas.iter().filter(|area| area.row.is_some() && area.column.is_some()).count();
    let free = areas.iter().filter(|area| area.row.is_none() && area.column.is_none()).count();
    if areas.iter().any(|area| !area.understood) || told.max(free) < areas.len() {
        return None;
    }
    let mut taken: HashSet<(usize, usize)> = HashSet::new();
    let cells = |area: &Area, (row, column): (usize, usize)| {
        let (rows, columns) = (area.rows, area.columns);
        (row..row + rows).flat_map(move |row| (column..column + columns).map(move |column| (row, column)))
    };
    let mut places = Vec::with_capacity(areas.len());
    let mut next = (0, 0);
    for area in areas {
        let place = match (area.row, area.column) {
            (Some(row), Some(column)) => (row - 1, column - 1),
            _ => {
                if area.columns > columns {
                    return None;
                }
                while next.1 + area.columns > columns || cells(area, next).any(|cell| taken.contains(&cell)) {
                    next = if next.1 + area.columns >= columns { (next.0 + 1, 0) } else { (next.0, next.1 + 1) };
                }
                next
            }
        };
        for cell in cells(area, place) {
            if place.0 + area.rows > MOST_ROWS || !taken.insert(cell) {
                return None;
            }
        }
        places.push(place);
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::{area, columns, places};

    #[test]
    fn columns_are_counted() {
        for (style, wanted) in [
            ("display:grid;grid-template-columns:repeat(10,1fr)", 10),
            ("grid-template-columns:8%autorepeat(7,minmax(10px,1fr))", 9),
            ("grid-template-columns:100px1fr2fr;gap:0", 3),
            ("grid-template-columns:minmax(10px,1fr)auto20%", 3),
            ("grid-template-columns:repeat(auto-fill,90px)", 0),
            ("display:grid", 1),
            ("display:block", 0),
        ] {
            assert_eq!(columns(style), wanted, "{style}");
        }
    }

    #[test]
    fn places_are_those_of_a_browser() {
        let laid = |styles: &[&str], columns| places(&styles.iter().map(|style| area(style)).collect::<Vec<_>>(), columns);
        let told = [
            "grid-row:1/span2;grid-column:1",
            "grid-area:1/2/2/5",
            "grid-row-start:2;grid-column-start:2",
            "grid-row:3;grid-column:1/5",
        ];
        assert_eq!(laid(&told, 1), Some(vec![(0, 0), (0, 1), (1, 1), (2, 0)]));
        let free = ["grid-row:span2", "grid-column:span3", "", "", "", ""];
        assert_eq!(laid(&free, 4), Some(vec![(0, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 0)]));
        for refused in
            [["grid-row:1;grid-column:1", ""], ["grid-area:head", ""], ["grid-column:1/-1", ""], ["grid-column:span9", ""]]
        {
            assert_eq!(laid(&refused, 4), None, "{refused:?}");
        }
        assert_eq!(laid(&["grid-row:1;grid-column:1/4", "grid-row:1;grid-column:3"], 4), None);
    }

    #[test]
    fn lists_that_are_not_understood_tell_no_columns() {
        let told = |list: &str| columns(&format!("display:grid;grid-template-columns:{list}"));
        assert_eq!((told("repeat(2,1fr2fr)"), told("minmax(0,1fr)0.5fr")), (4, 2));
        for list in ["a中(x中", "01fr1fr", "[from]1fr", "repeat(1,repeat(1,1fr))", "1fr1"] {
            assert_eq!(told(list), 1, "{list}");
        }
        assert_eq!(told(&"repeat(1,".repeat(100_000)), 1);
        for (flow, wanted) in [("column", 1), ("rowdense", 1), ("row", 2)] {
            assert_eq!(columns(&format!("display:grid;grid-auto-flow:{flow};grid-template-columns:1fr1fr")), wanted, "{flow}");
        }
        assert!(!area("order:2").understood && area("border:0").understood);
    }

    proptest::proptest! {
        #[test]
        fn any_style_is_read(style in "(grid-(row|column|area|template-columns):[0-9a-z/(),%中-]{0,24};){0,4}") {
            let _ = places(&[area(&style), area(&style)], columns(&style));
        }
    }
}
