//! What one page does to its report: how tables are laid out, how labels and headings are printed, and
//! in which format all of it is written.

use super::labels::{MANNERS, Manner};
use super::random::Random;

/// What was done to the spans of the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spans {
    Sound,
    /// Covered places are cells of their own, blank.
    Filled,
    /// Covered places say again what covers them.
    Repeated,
    /// Covered places are simply gone.
    Ragged,
    /// The spans of a label over rows are one too large, one too small, 0, or not there.
    TooLarge,
    TooSmall,
    Zero,
    Missing,
}

/// Which columns the table of section three has, in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Form,
    Subtotal,
    Remark,
    TotalFirst,
    Shuffled,
    /// One applicant's column is not there.
    Without,
}

/// In how many rows the header of section three's table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    Three,
    Two,
    One,
    /// The note on the identity has a row of its own above.
    Four,
    /// No header at all.
    None,
}

/// How the blocks of section two's table stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    One,
    Apart,
    Uncaptioned,
    CaptionLeft,
    /// Header and rows have other widths, as where each was drawn by hand.
    Uneven,
}

/// How section four's table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Review {
    Form,
    /// One row for each kind of case.
    Rows,
    /// 行政复议 and 行政诉讼 in a table each.
    Apart,
    /// Labels down, one column of figures.
    Down,
}

/// Where a page break cut section three's table in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Break {
    /// The row of figures before which it was cut.
    pub(super) before: usize,
    pub(super) header_again: bool,
    pub(super) groups_again: bool,
}

/// The format a page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    Plain,
    Word,
    Wps,
    Editor,
    /// Cells and rows without their end tags.
    Unclosed,
    /// `display: table` on elements that are no table.
    StyledDivs,
    /// `display: flex` rows.
    FlexDivs,
    /// `display: grid` with the number of its columns.
    GridDivs,
    /// Classes whose style stands in a style sheet of the page.
    ClassDivs,
    /// One cell a line, led by a tab, rows apart by a blank line.
    CellLines,
    Tabs,
    Pipes,
    Commas,
    /// Columns of spaces.
    Columns,
    /// Every cell on a line of its own, nothing else.
    Lines,
}

impl Writer {
    pub(super) fn is_text(self) -> bool {
        matches!(self, Writer::CellLines | Writer::Tabs | Writer::Pipes | Writer::Commas | Writer::Columns | Writer::Lines)
    }
}

impl Writer {
    /// Whether its tables are elements that are no table, and whose style does not say so.
    pub(super) fn is_drawn(self) -> bool {
        matches!(self, Writer::FlexDivs | Writer::ClassDivs | Writer::GridDivs)
    }
}

/// How the headings of sections are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    Chinese,
    Dotted,
    Bracketed,
    Part,
    Arabic,
    ArabicBracket,
    Roman,
    Formal,
    Circled,
    None,
}

/// Everything that is done to one report.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    pub(super) manner: Manner,
    pub(super) spans: Spans,
    pub(super) order: Order,
    pub(super) head: Head,
    pub(super) blocks: Blocks,
    pub(super) review: Review,
    pub(super) broken: Option<Break>,
    /// The three tables run into one.
    pub(super) joined: bool,
    /// Applicants stand down, rows across.
    pub(super) transposed: bool,
    /// Index of a row of section three's table that is left out.
    pub(super) without_row: Option<usize>,
    /// A row behind those of that table that the form does not have.
    pub(super) with_row: bool,
    pub(super) writer: Writer,
    pub(super) numbers: Numbers,
    /// 0: the form's heading, else that variant.
    pub(super) heading: usize,
    /// Headings stand in rows of the tables below them.
    pub(super) headings_in_tables: bool,
    /// A layout table around everything, so many deep.
    pub(super) nested: usize,
    /// The frame of the page: navigation, hidden text, what else the portal lists.
    pub(super) chrome: bool,
    /// Digits of one number in several elements; characters that nobody sees inside numbers.
    pub(super) torn_numbers: bool,
    pub(super) gbk: bool,
}

/// What differs from the kindest page.
impl std::fmt::Display for Recipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let usual = ["AsPrinted", "Sound", "Form", "Three", "One", "None", "false", "Chinese", "0"];
        let told = format!("{self:?}");
        let fields = told.trim_start_matches("Recipe { ").trim_end_matches(" }").split(", ");
        let odd = fields.filter(|field| !usual.iter().any(|word| field.ends_with(&format!(": {word}"))));
        write!(f, "{}", odd.collect::<Vec<_>>().join(", "))
    }
}

/// A random recipe: mostly kind, with a few unkind turns.
pub(super) fn recipe(random: &mut Random) -> Recipe {
    use Writer::{
        CellLines, ClassDivs, Columns, Commas, Editor, FlexDivs, GridDivs, Lines, Pipes, Plain, StyledDivs, Tabs, Unclosed, Word,
        Wps,
    };
    let mut recipe = Recipe {
        manner: if random.chance(50) { Manner::AsPrinted } else { random.pick(&MANNERS) },
        spans: Spans::Sound,
        order: Order::Form,
        head: Head::Three,
        blocks: Blocks::One,
        review: Review::Form,
        broken: None,
        joined: false,
        transposed: false,
        without_row: None,
        with_row: false,
        writer: random.pick(&[
            Plain, Plain, Word, Word, Wps, Editor, Unclosed, StyledDivs, FlexDivs, ClassDivs, GridDivs, CellLines, Tabs, Pipes,
            Commas, Columns, Lines,
        ]),
        numbers: Numbers::Chinese,
        heading: if random.chance(60) { 0 } else { random.below(6) },
        headings_in_tables: false,
        nested: 0,
        chrome: random.chance(60),
        torn_numbers: random.chance(25),
        gbk: random.chance(10),
    };
    for _ in 0..random.below(4) {
        turn(&mut recipe, random);
    }
    recipe.settle();
    recipe
}

/// One unkind turn.
fn turn(recipe: &mut Recipe, random: &mut Random) {
    use Spans::{Filled, Missing, Ragged, Repeated, TooLarge, TooSmall, Zero};
    match random.below(12) {
        0 | 1 => recipe.spans = random.pick(&[Filled, Repeated, Ragged, TooLarge, TooSmall, Zero, Missing]),
        2 => recipe.order = random.pick(&[Order::Subtotal, Order::Remark, Order::TotalFirst, Order::Shuffled, Order::Without]),
        3 => recipe.head = random.pick(&[Head::Two, Head::One, Head::Four, Head::None]),
        4 => recipe.blocks = random.pick(&[Blocks::Apart, Blocks::Uncaptioned, Blocks::CaptionLeft, Blocks::Uneven]),
        5 => recipe.review = random.pick(&[Review::Rows, Review::Apart, Review::Down]),
        6 => {
            let (header_again, groups_again) = (random.chance(60), random.chance(50));
            recipe.broken = Some(Break { before: 1 + random.below(21), header_again, groups_again });
        }
        7 => recipe.joined = true,
        8 => recipe.transposed = true,
        9 => recipe.without_row = Some(random.below(23)),
        10 => {
            use Numbers::{Arabic, Bracketed, Circled, Dotted, Formal, None, Part, Roman};
            recipe.numbers = random.pick(&[Dotted, Bracketed, Part, Arabic, Roman, Formal, Circled, None]);
        }
        _ if random.chance(50) => recipe.nested = 1 + random.below(3),
        _ => recipe.headings_in_tables = true,
    }
}

impl Recipe {
    /// Takes back what cannot be had together, because nobody could read it or nobody would make it.
    fn settle(&mut self) {
        if self.transposed {
            (self.broken, self.joined) = (None, false);
            self.head = Head::Three;
        }
        if self.head == Head::None {
            self.order = Order::Form;
        }
        if self.writer.is_text() {
            // Text has no spans; what it makes of them is its own affair.
            self.spans = if matches!(self.spans, Spans::Repeated | Spans::Ragged) { self.spans } else { Spans::Filled };
            (self.nested, self.headings_in_tables) = (0, false);
        }
        if self.spans == Spans::Repeated && self.blocks == Blocks::Uneven {
            self.blocks = Blocks::One;
        }
        if matches!(self.writer, Writer::StyledDivs | Writer::FlexDivs | Writer::ClassDivs | Writer::GridDivs) {
            self.spans = if self.spans == Spans::Repeated { Spans::Repeated } else { Spans::Filled };
            self.headings_in_tables = false;
        }
        if self.spans == Spans::Ragged && self.order != Order::Form {
            self.order = Order::Form;
        }
    }

    /// Whether so much is lost that only what is certain must be read.
    pub(super) fn is_hard(&self) -> bool {
        matches!(self.writer, Writer::Columns | Writer::Lines)
            || self.blocks == Blocks::Uneven && self.spans == Spans::Filled
            || self.head == Head::None
            // Spans that are wrong in a table that was turned leave little that a person could read.
            || self.transposed && matches!(self.spans, Spans::TooLarge | Spans::TooSmall | Spans::Zero | Spans::Missing)
            || self.spans == Spans::Ragged && (self.transposed || self.manner != Manner::AsPrinted || self.broken.is_some())
    }
}
