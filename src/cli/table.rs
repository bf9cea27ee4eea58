//! One list, four faces: a table for the terminal, JSON for programs, csv and xlsx for the office.
//!
//! A list is its rows and a table of columns. JSON shows the rows as they are; the other faces show the
//! columns. What comes from foreign pages can neither steer a terminal nor become a formula.

use super::{Ended, Output, Shell};
use crate::model::{Message, Time};
use crate::notify::render::align::{columns as width_of, fit, pad};
use crate::notify::render::xlsx;
use crate::words::{Lang, Word};
use chrono_tz::Tz;
use serde_json::Value;
use std::io::IsTerminal;
use std::path::PathBuf;

/// The face of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Table,
    Json,
    Csv,
    Xlsx,
}

/// Where a list goes, and with which face.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct FormatArguments {
    /// 输出格式 / output format
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// 写入文件，不写到标准输出 / writes to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

/// How a value is shown to people.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shows {
    /// As it stands; the items of an array one after another.
    Text,
    /// An instant, in the office's zone.
    Time,
    /// A word of a closed list, by the catalogue.
    In(for<'a> fn(&'a str, Lang) -> &'a str),
}

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    head: Word,
    /// Where the value lies in the row, as a JSON pointer.
    at: &'static str,
    shows: Shows,
    /// How wide the column may be on a terminal; nothing where it is only for files.
    most: Option<usize>,
}

impl Column {
    /// A column of any width on a terminal, and in files.
    pub(super) const fn new(head: Word, at: &'static str, shows: Shows) -> Column {
        Column { head, at, shows, most: Some(usize::MAX) }
    }

    /// The same, cut to a width on a terminal.
    pub(super) const fn cut(self, most: usize) -> Column {
        Column { most: Some(most), ..self }
    }

    /// The same, but in files only.
    pub(super) const fn filed(self) -> Column {
        Column { most: None, ..self }
    }

    fn cell(&self, row: &Value, lang: Lang, zone: Tz) -> String {
        let value = row.pointer(self.at).unwrap_or(&Value::Null);
        let text = match (self.shows, value) {
            (Shows::Time, Value::String(text)) => match text.parse::<Time>() {
                Ok(at) => at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
                Err(_) => text.clone(),
            },
            (Shows::In(word), Value::String(key)) => word(key, lang).to_owned(),
            _ => plain(value),
        };
        text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
    }
}

/// Marks that turn the direction of what follows, so that a name can look like another.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A value as text: what is not there is empty, of objects what they say.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(object) => {
            ["quote", "message"].iter().find_map(|key| object.get(*key)).map_or_else(|| value.to_string(), plain)
        }
        other => other.to_string(),
    }
}

/// A list to be shown.
pub(super) struct Listed<'a> {
    /// Name of the sheet.
    pub(super) name: Word,
    pub(super) columns: &'a [Column],
    pub(super) rows: &'a [Value],
    pub(super) zone: Tz,
}

impl Listed<'_> {
    /// Shows the list.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn show(&self, arguments: &FormatArguments, shell: &Shell) -> anyhow::Result<Ended> {
        let bytes = match arguments.format {
            Format::Json => json(self.rows)?,
            Format::Csv => self.csv(shell.lang)?,
            Format::Xlsx => self.xlsx(shell.lang)?,
            Format::Table => {
                if self.rows.is_empty() {
                    shell.complain(shell.say("没有符合条件的记录", "nothing matches"));
                }
                self.table(shell, arguments.out.is_none()).into_bytes()
            }
        };
        deliver(&bytes, arguments, shell)
    }

    /// The list as a table with aligned columns; the last column is never cut.
    pub(super) fn table(&self, shell: &Shell, coloured: bool) -> String {
        let shown: Vec<(&Column, usize)> =
            self.columns.iter().filter_map(|column| column.most.map(|most| (column, most))).collect();
        let paint = |code: &str, text: &str| if coloured { shell.paint(code, text) } else { text.to_owned() };
        let cut = |(column, most): &(&Column, usize), row: &Value| fit(&column.cell(row, shell.lang, self.zone), *most);
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| shown.iter().map(|column| cut(column, row)).collect()).collect();
        let heads: Vec<&str> = shown.iter().map(|(column, _)| column.head.text(shell.lang)).collect();
        let widest = |at: usize| rows.iter().map(|row| width_of(&row[at])).chain([width_of(heads[at])]).max().unwrap_or(0);
        let widths: Vec<usize> = (0..heads.len()).map(widest).collect();
        let line = |cells: Vec<String>| format!("{}\n", cells.join("  ").trim_end());
        if rows.is_empty() {
            return String::new();
        }
        let mut text = line(heads.iter().zip(&widths).map(|(head, width)| paint("2", &pad(head, *width))).collect());
        for (row, cells) in self.rows.iter().zip(&rows) {
            let padded = cells.iter().zip(&widths).zip(&shown);
            let painted = padded.map(|((cell, width), (column, _))| paint(column.tone(row), &pad(cell, *width)));
            text.push_str(&line(painted.collect()));
        }
        text
    }

    /// Every row with every column as text, under the heads.
    fn cells(&self, lang: Lang) -> (Vec<&'static str>, impl Iterator<Item = Vec<String>>) {
        let heads = self.columns.iter().map(|column| column.head.text(lang)).collect();
        (heads, self.rows.iter().map(move |row| self.columns.iter().map(|column| column.cell(row, lang, self.zone)).collect()))
    }

    /// csv as Excel opens it: UTF-8 with its mark, lines ended as on Windows, no cell a formula.
    fn csv(&self, lang: Lang) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
        let (heads, rows) = self.cells(lang);
        writer.write_record(heads)?;
        for row in rows {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        Ok(writer.into_inner()?)
    }

    fn xlsx(&self, lang: Lang) -> anyhow::Result<Vec<u8>> {
        let (heads, rows) = self.cells(lang);
        Ok(xlsx::list(self.name.text(lang), &heads, rows)?)
    }
}

impl Column {
    /// The terminal's code for a word that should catch the eye.
    fn tone(&self, row: &Value) -> &'static str {
        let key = row.pointer(self.at).and_then(Value::as_str).filter(|_| matches!(self.shows, Shows::In(_)));
        match key {
            Some("error" | "missing" | "withdrawn" | "overdue" | "failed") => "31",
            Some("warn" | "late" | "blocked" | "partial" | "unknown" | "moved") => "33",
            Some("published" | "complete" | "resolved") => "32",
            _ => "0",
        }
    }
}

/// Objects as a JSON array, ended by a line feed.
pub(super) fn json(rows: &[Value]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(rows)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A cell that a spreadsheet would take for a formula, made text by an apostrophe. A plain number such as -4 is none.
fn harmless(cell: &str) -> String {
    let risky = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let number = cell.parse::<rust_decimal::Decimal>().is_ok();
    if risky && !number { format!("'{cell}") } else { cell.to_owned() }
}

/// Bytes into the file that was named, else to standard output; a workbook never onto a terminal.
///
/// # Errors
/// Where they cannot be written.
pub(super) fn deliver(bytes: &[u8], arguments: &FormatArguments, shell: &Shell) -> anyhow::Result<Ended> {
    match &arguments.out {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            shell.complain(&format!("{}{}", shell.say("已写入 ", "written: "), path.display()));
        }
        None if arguments.format == Format::Xlsx => {
            refuse_terminal()?;
            Output::write(bytes)?;
        }
        None => Output::write(bytes)?,
    }
    Ok(Ended::Done)
}

/// Whether bytes that are no text may go to standard output.
///
/// # Errors
/// [`super::rows::Misused`] where that is a terminal.
pub(super) fn refuse_terminal() -> Result<(), super::rows::Misused> {
    let message = Message {
        zh: "这种格式不能显示在终端上：请用 --out 指定文件，或重定向".to_owned(),
        en: "this format cannot be shown on a terminal: name a file with --out, or redirect".to_owned(),
    };
    if std::io::stdout().is_terminal() { Err(super::rows::Misused(message)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;
    use serde_json::json;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (given, kept) in
            [("=1+1", "'=1+1"), (" @x", "' @x"), ("＝1", "'＝1"), ("-", "'-"), ("-4", "-4"), ("+3.5", "+3.5"), ("4", "4")]
        {
            assert_eq!(harmless(given), kept);
        }
    }

    #[test]
    fn cells_show_values_as_people_read_them() {
        let row =
            json!({"at": "2026-04-01T22:30:00Z", "state": "open", "n": 4, "none": null, "evidence": [{"quote": "甲\u{1b}[2J"}]});
        for (at, shows, expected) in [
            ("/at", Shows::Time, "2026-04-02 06:30"),
            ("/state", Shows::In(words::finding_state), "待核"),
            ("/n", Shows::Text, "4"),
            ("/none", Shows::Text, ""),
            ("/nowhere", Shows::Text, ""),
            ("/evidence", Shows::Text, "甲 [2J"),
        ] {
            let column = Column::new(words::COL_STATE, at, shows);
            assert_eq!(column.cell(&row, Lang::Zh, Tz::Asia__Shanghai), expected, "{at}");
        }
    }
}
