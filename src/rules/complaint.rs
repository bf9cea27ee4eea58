//! A complaint about a file people write: where, what, and what to do.

use std::fmt;
use std::ops::Range;

/// One thing wrong with a rule file, a standard, a profile or the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Path as the reader knows it, e.g. `rules/checks/form/row-missing.toml`.
    pub path: String,
    /// 1-based line and column of the start of the offending text.
    pub line: usize,
    pub column: usize,
    /// Byte range in the file, where it is known.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Complaint {
    /// A complaint about a byte range of a file.
    pub fn at(path: &str, text: &str, span: Option<Range<usize>>, what: impl Into<String>) -> Complaint {
        let start = span.as_ref().map_or(0, |span| span.start.min(text.len()));
        let before = text.get(..start).unwrap_or("");
        Complaint {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
            span,
            what: what.into(),
            help: None,
        }
    }

    /// The same complaint with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Complaint {
        self.help = Some(help.into());
        self
    }

    /// A complaint made of a TOML error, which knows its span.
    pub fn of_toml(path: &str, text: &str, error: &toml::de::Error) -> Complaint {
        Complaint::at(path, text, error.span(), error.message().trim().to_owned())
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path, self.line, self.column, self.what)?;
        if let Some(help) = &self.help {
            write!(f, "\n  hint: {help}")?;
        }
        Ok(())
    }
}
