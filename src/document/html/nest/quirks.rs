//! Whether a page is one of the old kind, told by how it begins (HTML standard, 13.2.6.4.1).
//!
//! Only one of the old kind's habits matters here: a table does not end the paragraph it begins in.

/// Whether a page has the old habits; `None` where its document type is one that we do not know.
pub(super) fn of(page: &str) -> Option<bool> {
    let Some(declared) = document_type(page) else { return Some(true) };
    let declared = declared.trim().to_ascii_lowercase();
    let known = ["html 4.01 transitional//", "html 4.01 frameset//"].iter().any(|name| declared.contains(name));
    let is_new = declared == "html"
        || declared.contains("about:legacy-compat")
        || declared.contains("//dtd xhtml 1.")
        || declared.contains("//dtd html 4.01//")
        || known && declared.contains("http://www.w3.org/tr/");
    is_new.then_some(false)
}

/// What stands in the document type, which comments may precede.
fn document_type(page: &str) -> Option<&str> {
    const OPENS: &str = "<!doctype";
    let mut rest = page.trim_start_matches('\u{feff}').trim_start();
    loop {
        rest = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->")?.1.trim_start()
        } else if rest.starts_with("<?") {
            rest.split_once('>')?.1.trim_start()
        } else {
            break;
        }
    }
    let opens = rest.get(..OPENS.len()).is_some_and(|start| start.eq_ignore_ascii_case(OPENS));
    if opens { rest[OPENS.len()..].split_once('>').map(|(inside, _)| inside) } else { None }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn old_pages_are_told_by_their_beginning() {
        for (page, old) in [
            ("<p>1", Some(true)),
            ("", Some(true)),
            ("<!DOCTYPE html><p>", Some(false)),
            ("\u{feff} <!-- made by x --><?xml version='1.0'?><!doctype HTML >", Some(false)),
            (
                "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/x.dtd\">",
                Some(false),
            ),
            (
                "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\" \"http://www.w3.org/TR/html4/loose.dtd\">",
                Some(false),
            ),
            ("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">", None),
            ("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2//EN\">", None),
        ] {
            assert_eq!(of(page), old, "{page}");
        }
    }
}
