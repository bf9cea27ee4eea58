//! Rust source as the guard sees it: comments, texts and test code blanked out, byte for byte, so that
//! every place keeps its line. No parser: what the guard asks for is told by words and brackets.

use regex::Regex;
use std::collections::BTreeSet;
use std::path::Path;

/// One file under `src/` or `tests/`.
pub struct Source {
    /// Path below the folder that was walked, with `/`.
    pub path: String,
    /// The file as it is.
    pub text: String,
    /// The same without comments, texts and test code; empty where the whole file is test code.
    pub code: String,
    /// Files that this one takes in for tests only (`#[cfg(test)] mod tests;`).
    test_files: BTreeSet<String>,
}

impl Source {
    /// A file, read from its text.
    pub fn of(path: &str, text: &str) -> Source {
        let mut code = blanked(text);
        let test_files = cut_tests(path, text, &mut code);
        Source { path: path.to_owned(), text: text.to_owned(), code, test_files }
    }

    /// Every `.rs` file below a folder, in the order of paths; files that are for tests only have no code.
    pub fn all_below(root: &Path) -> Vec<Source> {
        let mut sources = Vec::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let below = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    sources.push(Source::of(&below, &std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        let tests: BTreeSet<String> = sources.iter().flat_map(|source| source.test_files.clone()).collect();
        for source in &mut sources {
            let below_a_test = |test: &String| source.path.starts_with(&format!("{}/", module_folder(test)));
            if tests.contains(&source.path) || tests.iter().any(below_a_test) {
                source.code.clear();
            }
        }
        sources
    }

    /// The room it belongs to: the first part of its path.
    pub fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Whether the file is this place or lies in it: `document/sheet` is `document/sheet.rs` and `document/sheet/…`.
    pub fn lies_at(&self, place: &str) -> bool {
        self.path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
    }

    /// How many modules it lies under the root of the crate.
    fn depth(&self) -> usize {
        let module = self.path.strip_suffix("/mod.rs").unwrap_or(&self.path);
        if ["lib.rs", "main.rs"].contains(&module) { 0 } else { module.split('/').count() }
    }

    /// The line of a place in `code`.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// What the code names at the root of the crate, each with its line: `crate::x`, `nianjian::x`,
    /// a group `crate::{x, y::z}`, or as many `super::` as lead there.
    pub fn root_names(&self) -> Vec<(String, usize)> {
        let starts = Regex::new(r"\b(crate|nianjian|super(?:\s*::\s*super)*)\s*::\s*").unwrap();
        let mut names = Vec::new();
        for found in starts.captures_iter(&self.code) {
            let (whole, head) = (found.get(0).unwrap(), &found[1]);
            if self.code[..whole.start()].ends_with("::") {
                continue;
            }
            let at_root = head != "super" && !head.starts_with("super") || head.matches("super").count() == self.depth();
            if at_root {
                let line = self.line(whole.start());
                names.extend(first_words(&self.code[whole.end()..]).into_iter().map(|name| (name, line)));
            }
        }
        names
    }

    /// Where the code names an outside library, by line.
    pub fn uses_of(&self, library: &str) -> Option<usize> {
        if !self.code.contains(library) {
            return None;
        }
        let named = Regex::new(&format!(r"(?:^|[^\w:.])({library})\s*(?:::|;|\s+as\b)")).unwrap();
        named
            .captures_iter(&self.code)
            .map(|found| found.get(1).unwrap().start())
            .find(|at| {
                let rest = self.code[at + library.len()..].trim_start();
                rest.starts_with("::") || self.code[..*at].trim_end().ends_with("use")
            })
            .map(|at| self.line(at))
    }
}

/// The folder of the modules below a file: `digest` for `digest.rs`, `fetch` for `fetch/mod.rs`.
fn module_folder(path: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    match stem {
        "lib" | "main" => String::new(),
        _ => stem.strip_suffix("/mod").unwrap_or(stem).to_owned(),
    }
}

/// The first word of each path in `a::b` or `{a::b, c, d::{e, f}}`.
fn first_words(code: &str) -> Vec<String> {
    let word = |text: &str| -> String { text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = code.strip_prefix('{') else { return vec![word(code)] };
    let mut words = Vec::new();
    let (mut depth, mut begins) = (0, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if begins && !c.is_whitespace() => {
                words.push(word(&group[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    words
}

/// Blanks what a pattern takes, but for the ends of lines.
fn blank(code: &mut String, from: usize, to: usize) {
    let blanks: String = code[from..to].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    code.replace_range(from..to, &blanks);
}

/// The text with comments and texts blanked out.
fn blanked(text: &str) -> String {
    let tokens = Regex::new(concat!(
        r"(?s)//[^\n]*",
        r###"|b?r##"[\s\S]*?"##|b?r#"[\s\S]*?"#|b?r"[^"]*""###,
        r#"|b?"(?:\\.|[^"\\])*""#,
        r"|b?'(?:\\(?:u\{[0-9a-fA-F_]+\}|x[0-9a-fA-F]{2}|.)|[^'\\\n])'",
        r"|/\*.*?\*/",
        r"|[A-Za-z_]\w*",
    ))
    .unwrap();
    let mut code = text.to_owned();
    for token in tokens.find_iter(text) {
        let starts = token.as_str().trim_start_matches(['b', 'r', '#']);
        if starts.starts_with(['"', '\'']) || token.as_str().starts_with("//") || token.as_str().starts_with("/*") {
            blank(&mut code, token.start(), token.end());
        }
    }
    code
}

/// Blanks every item under `#[cfg(test)]`, and tells the files that such items take in.
fn cut_tests(path: &str, text: &str, code: &mut String) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    if code.trim_start().starts_with("#![cfg(test)]") {
        blank(code, 0, text.len());
        return files;
    }
    let module = Regex::new(r#"(?:#\[path\s*=\s*"([^"]+)"\]\s*)?(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;\s*$"#).unwrap();
    while let Some(start) = code.find("#[cfg(test)]") {
        let body = start + "#[cfg(test)]".len();
        let end = body + end_of_item(&code[body..]);
        if let Some(taken) = module.captures(&text[start..end]) {
            let folder = match taken.get(1) {
                // `#[path]` starts from the folder of the file, other modules from the module's own.
                Some(_) => path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()),
                None => module_folder(path),
            };
            let below = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            match taken.get(1) {
                Some(file) => files.extend([below(file.as_str())]),
                None => files.extend([below(&format!("{}.rs", &taken[2])), below(&format!("{}/mod.rs", &taken[2]))]),
            }
        }
        blank(code, start, end);
    }
    files
}

/// Where an item ends: at its `;`, or at the bracket that closes its first `{`.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0i32;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 && c == '}' {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}
