//! Names that dangle: the nearest one that exists, for the hint.

/// How many single-letter changes turn one word into another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// A hint that names the nearest of the known names.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match known.into_iter().min_by_key(|name| distance(word, name)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "no such name exists".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_nearest_name_is_offered() {
        assert_eq!(super::hint("recieved", ["carried_in", "received"]), "did you mean `received`?");
    }
}
