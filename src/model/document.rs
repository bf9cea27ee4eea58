//! A document without its format: blocks of text and grids of cells, each with a locator.

use serde::{Deserialize, Serialize};

/// Where something stands in a document, down to what a person can be shown. Counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Ordinal of the table; tables that only lay out the page are not counted.
    pub table: Option<u32>,
    pub row: Option<u32>,
    pub column: Option<u32>,
    pub page: Option<u32>,
    /// The text that stands there (or the sentence, for narrative), as printed.
    pub quote: Option<String>,
    /// The printed label of its row, where something points a person to it: a figure alone cannot be searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where on the page, for formats that have pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
}

/// A rectangle on a page in points (1/72 inch) from the page's upper left corner, as shown to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bounds {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

/// Where a cell or a line stands in a format that has pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Counted from 1.
    pub page: u32,
    pub bounds: Bounds,
}

/// Something *we* could not do. Never held against an agency.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Kebab-case noun from a closed list per room, e.g. `scanned-pages`, `charset-disagrees`.
    pub code: String,
    /// One sentence for a person, without body text or personal data.
    pub message: String,
}

impl Problem {
    /// A problem with its code and its sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Problem {
        Problem { code: code.to_owned(), message: message.into() }
    }
}

/// The format a document was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Media {
    Html,
    Text,
    Docx,
    Doc,
    Xlsx,
    Xls,
    Pdf,
    Ofd,
    Odt,
    Ods,
    Rtf,
    /// A page saved with what belongs to it in one file.
    Mht,
    /// An office document as one XML file.
    FlatXml,
    Zip,
    /// Archives that are told, and not opened.
    Rar,
    SevenZip,
    Image,
    Unknown,
}

impl Media {
    /// The media type named in JSON.
    pub fn mime(self) -> &'static str {
        match self {
            Media::Html => "text/html",
            Media::Text => "text/plain",
            Media::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Media::Doc => "application/msword",
            Media::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Media::Xls => "application/vnd.ms-excel",
            Media::Pdf => "application/pdf",
            Media::Ofd => "application/ofd",
            Media::Odt => "application/vnd.oasis.opendocument.text",
            Media::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Media::Rtf => "application/rtf",
            Media::Mht => "multipart/related",
            Media::FlatXml => "application/xml",
            Media::Rar => "application/vnd.rar",
            Media::SevenZip => "application/x-7z-compressed",
            Media::Zip => "application/zip",
            Media::Image => "image/*",
            Media::Unknown => "application/octet-stream",
        }
    }
}

/// One cell of a grid, with its origin and its spans as laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub text: String,
    /// Row and column of the cell's upper left corner, counted from 0.
    pub row: u32,
    pub column: u32,
    pub rowspan: u32,
    pub colspan: u32,
    /// Boxed, since cells of most formats have none.
    pub spot: Option<Box<Spot>>,
}

/// A table after span expansion: `rows[r]` lists the cells that *begin* in row r, left to right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Ordinal among the tables that are not mere layout, counted from 1.
    pub ordinal: u32,
    pub rows: Vec<Vec<Cell>>,
    /// Page the table begins on, where the format has pages.
    pub page: Option<u32>,
    /// False where something inside the table could not be placed: rules over it are inconclusive.
    pub complete: bool,
}

/// One paragraph, heading or line.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextBlock {
    pub text: String,
    pub page: Option<u32>,
    /// True where the source marks it as a heading or sets it bold and alone.
    pub emphasis: bool,
    /// True where all of it is a link: chrome of the page, never a heading of a report.
    pub linked: bool,
    /// Where its words stand, in the order of its text: of a printed line that may be a part of a table without lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<Box<[PrintedWord]>>,
}

/// Where a word of a line stands: letters without a gap between them. Lengths are tenths of points, or of columns and
/// lines of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedWord {
    pub left: u32,
    pub right: u32,
    /// How far down the page its middle lies.
    pub y: u32,
    /// The size of its type.
    pub size: u32,
    /// How many letters of the text are its own, white space not counted.
    pub letters: u32,
}

/// A piece of a document, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    Text(TextBlock),
    Table(Grid),
    /// A picture large enough to hold text: it may be a table.
    Picture,
}

/// A link found in the document, with the text that carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub href: String,
    pub text: String,
}

/// A document in reading order, free of its format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub media: Media,
    /// `<title>` or the title in the properties.
    pub title: Option<String>,
    /// Named values: HTML meta tags, document properties.
    pub meta: Vec<(String, String)>,
    pub blocks: Vec<Block>,
    pub links: Vec<Link>,
    /// Text that the format hides from its readers (hidden runs, rows, columns, sheets): no part of the
    /// report, but published with it, and so of matter to rules about personal data.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Pictures large enough to hold text.
    pub images: u32,
    /// Bytes of script source, to recognise a page that is only a script shell.
    pub script_bytes: u64,
    pub problems: Vec<Problem>,
}

impl Document {
    /// An empty document of a format.
    pub fn new(media: Media) -> Document {
        Document {
            media,
            title: None,
            meta: Vec::new(),
            blocks: Vec::new(),
            links: Vec::new(),
            hidden: Vec::new(),
            images: 0,
            script_bytes: 0,
            problems: Vec::new(),
        }
    }

    /// The tables, in reading order.
    pub fn grids(&self) -> impl Iterator<Item = &Grid> {
        self.blocks.iter().filter_map(|block| if let Block::Table(grid) = block { Some(grid) } else { None })
    }

    /// The lines of its text, in reading order; links left out.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let text = self.blocks.iter().filter_map(|block| match block {
            Block::Text(text) if !text.linked => Some(text.text.as_str()),
            _ => None,
        });
        text.flat_map(|text| text.split('\n'))
    }

    /// The value of a meta tag, by name without regard to case, if it is not empty.
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.meta
            .iter()
            .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty())
            .map(|(_, value)| value.trim())
    }
}
