//! The two ways of reading a page are held against each other: whatever the stream of tokens reads without
//! noticing that it needs the tree, the tree must read alike.
//!
//! `NIANJIAN_BENCH_PAGES` may name a folder of further pages.

use super::{Streamed, read_stream, read_tree};
use crate::text::decode;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// Whether the stream read a page to its end; where it did, the tree must have read the same.
fn streamed_like_the_tree(page: &str, name: &str) -> bool {
    let Streamed::Whole(streamed, cut) = read_stream(page) else { return false };
    // A page that ends inside a tag or a table is told to be cut, which the tree cannot know.
    if cut || streamed.problems.iter().any(|problem| problem.code == "truncated") {
        return false;
    }
    let tree = read_tree(page);
    for (streamed, tree) in streamed.blocks.iter().zip(&tree.blocks) {
        assert_eq!(streamed, tree, "{name}: {page:.3000}");
    }
    assert_eq!(*streamed, tree, "{name}: {page:.3000}");
    true
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ["html", "htm", "shtml"].iter().any(|known| ending == *known)) {
            found.push(path);
        }
    }
    found.sort();
}

/// The share of pages that need the tree, in percent.
fn share_of_trees(folder: &Path) -> f64 {
    let mut found = Vec::new();
    pages(folder, &mut found);
    assert!(!found.is_empty(), "{}", folder.display());
    let needs_tree = |path: &&PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        !streamed_like_the_tree(&decode(&bytes, None).text, &path.display().to_string())
    };
    let trees: Vec<&PathBuf> = found.iter().filter(needs_tree).collect();
    eprintln!("{}: {} of {} pages need the tree {:?}", folder.display(), trees.len(), found.len(), trees);
    trees.len() as f64 * 100.0 / found.len() as f64
}

#[test]
fn pages_are_read_alike_from_tokens_and_from_the_tree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    assert!(share_of_trees(&root.join("sites")) < 2.0);
    share_of_trees(&root.join("pages"));
    match std::env::var_os("NIANJIAN_BENCH_PAGES") {
        Some(folder) => assert!(share_of_trees(Path::new(&folder)) < 2.0),
        None => eprintln!("NIANJIAN_BENCH_PAGES names no folder of further pages: skipped"),
    }
}

#[test]
fn what_pages_do_to_markup_is_read_as_browsers_do() {
    for (page, streamed) in [
        ("<p>a<p>b<div>c</p>d</div>", true),
        ("<table><tr><td>1<td>2<tr><td>3<td>4</table>", true),
        ("<table><td>1</td><td>2</td></tr><tr><td>3</table>x", true),
        ("<table><tr><td><b>1</td><td>2</td></tr></table>", true),
        ("<table>x<tr><td>1</td><td>2</td></tr></table>", false),
        ("<table>&nbsp;<tr><td>1</td><td>2</td></tr></table>", true),
        ("<p><b>1</p><p>2</p>", false),
        ("<p><font>1</p><p>2</font></p>", true),
        ("<font><p>1</font>2</p>", true),
        ("<b><span>1</b>2</span>", true),
        ("<a href=x>1<a href=y>2</a>", false),
        ("<ul><li>1<li>2<ul><li>3</ul><li>4</ul>", true),
        ("</p>1</div>2</td>3</tr>4", true),
        ("<td>1</td><tr>2", true),
        ("<form><div></form>1</div>2", true),
        ("<table><form><tr><td>1</td><td>2</td></tr></form></table>", true),
        ("<table><tr><td>1<table><tr><td>2<td>3</table>4<td>5</table>", true),
        ("<select><option>1<option>2</select>3", true),
        ("<svg><path d='m'/><text>1</text></svg>2", true),
        ("a<body>b", true),
        ("<table><tr><td>1</td><td>2</td></tr>", false),
        ("<div hidden><span>1</span></div>2<p style='DISPLAY:none'>3</p>", true),
        ("<TABLE><TR><TD COLSPAN='2>3'>1<TD>2</TABLE>", true),
        ("<div style='display:table'><div style='display:table-row;'><div style='display:table-cell'>1</div></div></div>", true),
        ("<!--[if gte mso 9]><td>1</td><![endif]-->2<![if !mso]>3<![endif]>", true),
        ("<p>1<![CDATA[2]]>3", true),
        ("<br></br>1</br>2", true),
        ("<h1>1<h2>2</h1>3", true),
        ("<a href=x><div hidden><table><tr>", true),
        ("<p style='display:none'><table></table>1</table>", true),
        ("<h3><p><table></table><span style='display:none'><h3>1</h3></h3>", true),
        ("<!DOCTYPE html><p style='display:none'><table></table>1</table>", true),
        ("<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 3.2//EN'><p>1<table><tr><td>2</td></tr></table>", false),
        ("<p><font><li>1<span style='display:none'></font>2</li>", false),
        ("1\u{0}2", false),
        ("1\r3", false),
    ] {
        assert_eq!(streamed_like_the_tree(page, "a page"), streamed, "{page}");
    }
}

/// Pieces that pages of tables are made of, whole and damaged.
const PIECES: [&str; 84] = [
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<th>",
    "</th>",
    "<tbody>",
    "</tbody>",
    "<thead>",
    "</tfoot>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "<td>1",
    "<td>2</td>",
    "<tr><td>3</td></tr>",
    "</table>",
    "<td rowspan=2>",
    "<td colspan=\"3\">",
    "<td rowspan=0 colspan=x>",
    "<TD ROWSPAN='9'>",
    "<td colspan=99999999999>",
    "<td title=\"a>b\">",
    "<caption>",
    "</caption>",
    "<colgroup>",
    "<col>",
    "<p>",
    "</p>",
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<div>",
    "</div>",
    "<span>",
    "</span>",
    "<font>",
    "</font>",
    "<b>",
    "</b>",
    "<strong>",
    "</strong>",
    "<a href=x>",
    "</a>",
    "<h2>",
    "</h2>",
    "<ul>",
    "<li>",
    "</li>",
    "</ul>",
    "<br>",
    "<br/>",
    "<img src=x>",
    "<hr>",
    "<o:p></o:p>",
    "<div hidden>",
    "<span style=\"display:none\">",
    "<p style='DISPLAY: none'>",
    "<i>",
    "</i>",
    "<!-- c -->",
    "<!--[if x]><td><![endif]-->",
    "<![CDATA[x]]>",
    "<script>'<td>'</script>",
    "<style>td{}</style>",
    "<center>",
    "</center>",
    "</body>",
    "<body>",
    "</html>",
    "<form>",
    "</form>",
    "<u>",
    "</u>",
    "<nav>",
    "</nav>",
    "<dl><dt>",
    "<dd>",
    "</dl>",
    "<title>t</title>",
];
const TEXTS: [&str; 14] = [
    "一",
    "12",
    " ",
    "\n",
    "&nbsp;",
    "&nbsp",
    "&lt;",
    "&ensp;3",
    "&#19968;",
    "&unknown",
    "< 5",
    "公开 情况",
    "\u{3000}",
    "&amp;nbsp;",
];

fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => prop::sample::select(&PIECES[..]), 1 => prop::sample::select(&TEXTS[..])];
    let begins = prop::sample::select(&["", "", "<!DOCTYPE html>"][..]);
    (begins, prop::collection::vec(piece, 0..40)).prop_map(|(begins, pieces)| format!("{begins}{}", pieces.concat()))
}

/// Nests markup well, so that a page is not broken at its first slip.
fn sound() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![4 => prop::sample::select(&TEXTS[..]).prop_map(str::to_owned), 1 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned)];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let around = prop::sample::select(
            &[
                "p", "div", "span", "font", "b", "td", "tr", "table", "table", "h3", "li", "ul", "a", "i", "tbody", "center",
                "o:p",
            ][..],
        );
        (around, prop::collection::vec(inner, 0..6), any::<bool>()).prop_map(|(name, inside, closed)| {
            let end = if closed || !["p", "td", "tr", "li"].contains(&name) { format!("</{name}>") } else { String::new() };
            let inside: String = match name {
                "table" => inside.iter().map(|cell| format!("<tr><td>{cell}</td><td rowspan=2>{cell}</td></tr>")).collect(),
                _ => inside.concat(),
            };
            format!("<{name}>{inside}{end}")
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_markup_is_read_alike(page in markup()) { streamed_like_the_tree(&page, "random markup"); }

    #[test]
    fn sound_markup_is_read_alike(page in sound()) { streamed_like_the_tree(&page, "sound markup"); }
}
