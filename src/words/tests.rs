//! Every phrase is whole in both languages, and looked up as it is written.

use super::*;
use std::collections::HashSet;

/// Every word of every closed list, wherever it stands.
fn listed() -> impl Iterator<Item = &'static (&'static str, &'static str, Word)> {
    LISTED.iter().chain(LISTED_OF_PROBE)
}

#[test]
fn the_locale_picks_the_language() {
    let cases = [
        (None, Lang::Zh),
        (Some(""), Lang::Zh),
        (Some("C"), Lang::Zh),
        (Some("C.UTF-8"), Lang::Zh),
        (Some("POSIX"), Lang::Zh),
        (Some("zh_CN.UTF-8"), Lang::Zh),
        (Some("fr_FR"), Lang::Zh),
        (Some("enochian"), Lang::Zh),
        (Some("en"), Lang::En),
        (Some("en_GB.UTF-8"), Lang::En),
        (Some("EN-us"), Lang::En),
    ];
    for (locale, lang) in cases {
        assert_eq!(Lang::from_locale(locale), lang, "{locale:?}");
    }
}

#[test]
fn every_word_is_there_in_both_languages_and_has_the_same_gaps() {
    for (name, word) in PHRASES
        .iter()
        .chain(PHRASES_OF_SHEET)
        .chain(PHRASES_OF_MANNERS)
        .copied()
        .chain(listed().map(|(_, key, word)| (*key, *word)))
    {
        assert!(!word.zh.trim().is_empty() && !word.en.trim().is_empty(), "{name}");
        assert_eq!(word.zh.matches("{}").count(), word.en.matches("{}").count(), "{name}");
    }
}

#[test]
fn no_key_stands_twice_and_none_is_blank() {
    let mut seen = HashSet::new();
    for (list, key, _) in listed() {
        assert!(!key.is_empty() && seen.insert((list, key)), "{list}/{key}");
    }
}

#[test]
fn unknown_keys_are_shown_as_they_stand_and_gaps_are_filled_in_order() {
    assert_eq!(severity("error", Lang::Zh), "错误");
    assert_eq!(agency_state("eaten", Lang::En), "eaten");
    assert_eq!(LEAD_COVERAGE.with(Lang::Zh, &["2025", "12", "9"]), "2025 年度年报：12 家单位中 9 家已发布");
    assert_eq!(LEAD_MISSING.with(Lang::En, &[]), "missing: ");
}
