//! No length limit, and no trace of where windows fall.
#![cfg(feature = "embedded-model")]

use std::collections::BTreeSet;

use crate::articles::{TAGGER, all_articles};

/// Filler of `n` words without a name, in sentences.
fn filler(n: usize) -> String {
    let words = ["the", "rain", "fell", "all", "night", "and", "nobody", "came", "to", "see", "it"];
    let mut text = String::new();
    for i in 0..n {
        let word = words[i % words.len()];
        match i % words.len() {
            0 => text += &format!("{}{}", if i == 0 { "" } else { ". " }, "The"),
            _ => text += &format!(" {word}"),
        }
    }
    text + ".\n"
}

#[test]
fn a_document_is_tagged_to_its_end() {
    let mut text = filler(20_000);
    let at = text.len();
    text += "President Maria Lopez left Montevideo.";
    let mentions = TAGGER.tag_text(&text).expect("the model tags");
    let last: Vec<&str> = mentions
        .iter()
        .filter(|mention| mention.span.start() >= at)
        .map(|mention| &text[mention.span.range()])
        .collect();
    assert_eq!(last, ["Maria Lopez", "Montevideo"]);
}

/// The same text behind a prefix of 1 to 300 words gets the same mentions: at most 1 % change, although the windows fall elsewhere.
#[test]
fn mentions_do_not_depend_on_where_windows_fall() {
    let text = all_articles();
    let base: BTreeSet<_> = at(&text, 0);
    let (mut changed, mut compared) = (0, 0);
    for shift in [1, 2, 5, 13, 40, 77, 120, 160, 199, 240, 300] {
        let prefix = filler(shift);
        let shifted = at(&format!("{prefix}{text}"), prefix.len());
        changed += base.symmetric_difference(&shifted).count();
        compared += base.len();
    }
    assert!(compared > 1_000, "{compared}");
    assert!(changed * 100 <= compared, "{changed} of {compared} mentions changed");
}

/// The mentions from byte `from` on, with offsets from there.
fn at(text: &str, from: usize) -> BTreeSet<(usize, usize, String)> {
    let mentions = TAGGER.tag_text(text).expect("the model tags");
    let inside = mentions.iter().filter(|mention| mention.span.start() >= from);
    inside.map(|m| (m.span.start() - from, m.span.end() - from, m.label.to_string())).collect()
}

#[test]
fn odd_texts_are_tagged_whole() {
    for text in [
        String::new(),
        "\u{feff}".to_owned(),
        "\0".to_owned(),
        "\u{301}\u{302}".to_owned(),
        "🇮🇷🤝🇵🇰".to_owned(),
        "الرئيس في طهران".to_owned(),
        "東京で会談した。".repeat(50),
        "a".repeat(5_000_000),
        "x.".repeat(3_000),
        "-".repeat(100_000),
    ] {
        let mentions = TAGGER.tag_text(&text).expect("the model tags");
        for mention in mentions {
            assert!(mention.span.slice(&text).is_some());
        }
    }
    let text = "\u{feff}He met\r\n\r\nAngela Brandt\u{a0}in\tBerlin\0 🙂.";
    let found: Vec<&str> =
        TAGGER.tag_text(text).expect("the model tags").iter().map(|mention| &text[mention.span.range()]).collect();
    assert_eq!(found, ["Angela Brandt", "Berlin"]);
}
