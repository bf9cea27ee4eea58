//! Identities as an official would write them: `received + carried_in = results.total`.
//!
//! A name is a row (or a column) of the form, or a group of them; nothing else exists in the
//! language, so that nobody has to learn it. Every term keeps its span for complaints.

use std::ops::Range;
use winnow::ascii::space0;
use winnow::combinator::{alt, cut_err, delimited, repeat};
use winnow::stream::LocatingSlice;
use winnow::token::take_while;
use winnow::{ModalResult, Parser};

/// A signed name in a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub negative: bool,
    /// A row, a column or a group of the form, without the table's id; in relations a figure's whole id, where `*`
    /// stands for each word they are repeated over, `last.` for last year's report, and a number for itself.
    pub name: String,
    /// Byte range in the formula's text.
    pub span: Range<usize>,
}

/// A sum of terms.
pub type Sum = Vec<Term>;

/// How two sums must stand to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Relation {
    #[default]
    Equal,
    AtMost,
    AtLeast,
    Above,
}

impl Relation {
    /// The sign that says the opposite, for messages.
    pub fn broken(self) -> &'static str {
        match self {
            Relation::Equal => "≠",
            Relation::AtMost => ">",
            Relation::AtLeast => "<",
            Relation::Above => "≤",
        }
    }
}

/// Two sums and how they must stand to each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formula {
    pub left: Sum,
    pub relation: Relation,
    pub right: Sum,
}

impl Formula {
    /// Every term of both sides.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.left.iter().chain(&self.right)
    }
}

/// Where a formula stopped making sense, as a byte offset in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable(pub usize);

type Input<'a> = LocatingSlice<&'a str>;

fn name<'a>(input: &mut Input<'a>) -> ModalResult<(String, Range<usize>)> {
    take_while(1.., |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.' || c == '*')
        .with_span()
        .map(|(name, span): (&str, Range<usize>)| (name.to_owned(), span))
        .parse_next(input)
}

fn sum(input: &mut Input<'_>) -> ModalResult<Sum> {
    let first = delimited(space0, name, space0).parse_next(input)?;
    let rest: Vec<(char, (String, Range<usize>))> =
        repeat(0.., (alt(('+', '-')), cut_err(delimited(space0, name, space0)))).parse_next(input)?;
    let first = Term { negative: false, name: first.0, span: first.1 };
    let rest = rest.into_iter().map(|(sign, (name, span))| Term { negative: sign == '-', name, span });
    Ok(std::iter::once(first).chain(rest).collect())
}

fn formula(input: &mut Input<'_>) -> ModalResult<Formula> {
    let relation = alt((
        "=".value(Relation::Equal),
        "<=".value(Relation::AtMost),
        ">=".value(Relation::AtLeast),
        ">".value(Relation::Above),
    ));
    (sum, relation, sum).map(|(left, relation, right)| Formula { left, relation, right }).parse_next(input)
}

/// Reads `a + b = c - d`, and the same with `<=`, `>=` and `>`.
///
/// # Errors
/// The offset at which the text is not a formula.
pub fn parse_formula(text: &str) -> Result<Formula, Unreadable> {
    formula.parse(LocatingSlice::new(text)).map_err(|error| Unreadable(error.offset()))
}

/// Reads `a + b - c`.
///
/// # Errors
/// The offset at which the text is not a sum.
pub fn parse_sum(text: &str) -> Result<Sum, Unreadable> {
    sum.parse(LocatingSlice::new(text)).map_err(|error| Unreadable(error.offset()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_keeps_names_signs_and_spans() {
        let formula = parse_formula("received + carried_in = results.total - other").expect("it is one");
        let names: Vec<_> = formula.terms().map(|term| (term.name.as_str(), term.negative, term.span.clone())).collect();
        assert_eq!(
            names,
            [("received", false, 0..8), ("carried_in", false, 11..21), ("results.total", false, 24..37), ("other", true, 40..45)]
        );
    }

    #[test]
    fn sums_may_be_compared() {
        for (text, relation) in [
            ("a <= b", Relation::AtMost),
            ("a>=b - c", Relation::AtLeast),
            ("a.*.b > 0", Relation::Above),
            ("a=b", Relation::Equal),
        ] {
            assert_eq!(parse_formula(text).expect("it is one").relation, relation, "{text}");
        }
        assert!(parse_formula("a < b").is_err());
    }

    #[test]
    fn what_is_no_formula_says_where() {
        assert_eq!(parse_formula("received + = x"), Err(Unreadable(11)));
        assert!(parse_formula("received").is_err());
        assert!(parse_sum("a + b * c").is_err());
        assert!(parse_sum("").is_err());
    }
}
