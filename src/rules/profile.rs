//! Profiles: how one CMS family lays out its lists, and how its lists go on to the next page.
//!
//! A profile is data (`rules/profiles/*.toml`). It says by what it is recognised, which links of a
//! page are entries, and which ways of paging it knows. What it leaves open the crawl room finds by
//! itself: dated rows, titles that read like reports, links named 下一页. Selectors are checked by
//! the crawl room, which is the home of the selector library.

use super::{Complaint, Feed, Pattern};
use serde::Deserialize;

/// One CMS family as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The word used in `[[portal]] profile` and shown by `probe`.
    pub name: String,
    /// What the family is called in messages.
    pub label: String,
    /// Sum of weights from which on it is recognised.
    #[serde(default = "default_threshold")]
    pub threshold: u32,
    /// By what it is recognised; empty for the profile that is used where no other is.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Why lists of this family cannot be read yet; then a column without reports proves nothing.
    #[serde(default)]
    pub unsupported: Option<String>,
    #[serde(default)]
    pub list: ListForm,
    /// Interfaces that lists come from, in the order they are tried.
    #[serde(default)]
    pub feed: Vec<Feed>,
    /// Ways of paging, in the order they are tried.
    #[serde(default)]
    pub paging: Vec<Paging>,
}

/// One sign by which a family is recognised: exactly one of the three is given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// A regular expression over the address of the page.
    #[serde(default)]
    pub url: Option<Pattern>,
    /// A regular expression over the addresses that the page links to.
    #[serde(default)]
    pub link: Option<Pattern>,
    /// Words in the source of the page, compared without regard to case.
    #[serde(default)]
    pub marker: Option<String>,
    pub weight: u32,
}

/// How entries stand on a list page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListForm {
    /// CSS selectors of the links that are entries, the surest first; without a hit, dated rows count.
    #[serde(default)]
    pub entries: Vec<String>,
    /// CSS selectors of places whose links are never entries.
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// One way in which lists go on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Paging {
    /// A link named 下一页, or with `rel=next`.
    NextLink,
    /// Links whose text is the number of a page.
    NumberLinks,
    /// TRS: `createPageHTML(total, current, "index", "html")`, or variables such as `countPage = 2`.
    CreatePageHtml,
    /// Addresses after a pattern, tried where the page states that it has several pages, and taken
    /// only if page two brings new links of the same path prefix. `{n}` is the number of the page
    /// counted from 1, `{n0}` from 0, `{stem}` and `{ext}` are the parts of the first page's file name.
    Numbered { templates: Vec<String> },
}

fn default_threshold() -> u32 {
    3
}

impl Profile {
    /// Reads one file of `rules/profiles`.
    ///
    /// # Errors
    /// The first thing wrong with it, with line and column.
    pub fn parse(path: &str, text: &str) -> Result<Profile, Complaint> {
        let profile: Profile = toml::from_str(text).map_err(|error| Complaint::of_toml(path, text, &error))?;
        let at = |word: &str| text.find(word).map(|start| start..start + word.len());
        if !profile.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') || profile.name.is_empty() {
            return Err(Complaint::at(path, text, at(&profile.name), "a profile's name is one word of letters, digits and `-`"));
        }
        for evidence in &profile.evidence {
            let given = [evidence.url.is_some(), evidence.link.is_some(), evidence.marker.is_some()];
            if given.into_iter().filter(|given| *given).count() != 1 {
                return Err(Complaint::at(
                    path,
                    text,
                    at("[[evidence]]"),
                    "each evidence gives exactly one of `url`, `link`, `marker`",
                )
                .help("split it into several [[evidence]] tables"));
            }
            let wrong = [&evidence.url, &evidence.link].into_iter().flatten().find_map(|it| Some((it.text.span(), it.error()?)));
            if let Some((span, error)) = wrong {
                return Err(Complaint::at(path, text, Some(span), format!("not a regular expression: {error}")));
            }
        }
        if let Some(complaint) = profile.feed.iter().find_map(|feed| feed.complaint(path, text)) {
            return Err(complaint);
        }
        for paging in &profile.paging {
            if let Paging::Numbered { templates } = paging
                && let Some(bad) = templates.iter().find(|template| !template.contains("{n}") && !template.contains("{n0}"))
            {
                return Err(Complaint::at(path, text, at(bad), format!("the template `{bad}` has no `{{n}}` and no `{{n0}}`")));
            }
        }
        Ok(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_say_where() {
        for (text, line, word) in [
            ("name = \"a b\"\nlabel = \"x\"", 1, "one word"),
            ("name = \"a\"\nlabel = \"x\"\n[[evidence]]\nurl = '('\nweight = 1", 4, "regular expression"),
            ("name = \"a\"\nlabel = \"x\"\n[[evidence]]\nweight = 1", 3, "exactly one"),
            ("name = \"a\"\nlabel = \"x\"\n[[paging]]\nkind = \"numbered\"\ntemplates = [\"page.html\"]", 5, "{n}"),
            ("name = \"a\"\nlabel = \"x\"\ncolour = 1", 3, "colour"),
            ("name = \"a\"\nlabel = \"x\"\n[[feed]]\nask = [\"/a?c={c}\"]\n[feed.answer]", 4, "{c}"),
            ("name = \"a\"\nlabel = \"x\"\n[[feed]]\nask = [\"/a\"]\n[feed.take]\nc = ['zz']\n[feed.answer]", 6, "no group"),
            ("name = \"a\"\nlabel = \"x\"\n[[feed]]\nask = [\"/a\"]\n[feed.answer]\nitems = [\"a\"]", 5, "link"),
        ] {
            let complaint = Profile::parse("p.toml", text).expect_err(text);
            assert_eq!(complaint.line, line, "{complaint}");
            assert!(complaint.what.contains(word), "{complaint}");
        }
    }
}
