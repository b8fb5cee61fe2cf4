//! The language of a document, and the model that is chosen by it.
#![cfg(all(feature = "cli", feature = "embedded-model"))]

use allonym::Document;
use allonym::io::{Documents, ReadOptions};
use allonym::text::Language;

use crate::cli::{allonym, stdout};

fn documents(path: &str) -> Vec<Document> {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let documents = Documents::open(&[path], &ReadOptions::default()).expect("the gold is there");
    documents.map(|document| document.expect("the gold is read")).collect()
}

/// What the text shows, whatever the document says of its language.
fn told(mut document: Document) -> Option<String> {
    document.extra.remove("lang");
    Language::of(&document).map(|language| language.tag().to_owned())
}

#[test]
fn languages_are_told_by_their_texts() {
    for tag in ["ar", "fa", "hi", "ru", "tr", "ur", "zh"] {
        let all = documents(&format!("eval/languages/{tag}.jsonl"));
        let right = all.iter().filter(|document| told((*document).clone()).as_deref() == Some(tag)).count();
        assert_eq!(right, all.len(), "{tag}");
    }
    for gold in ["eval/gold", "eval/gold2"] {
        for document in documents(gold) {
            let (id, told) = (document.id.clone(), told(document));
            assert!(told.as_deref().is_none_or(|tag| tag == "en"), "{id}: {told:?}");
        }
    }
}

#[test]
fn short_texts_in_other_letters_are_not_taken_for_english() {
    for tag in ["ar", "fa", "hi", "ru", "ur", "zh"] {
        for mut document in documents(&format!("eval/languages/{tag}.jsonl")) {
            let line = document.text.lines().next().unwrap_or_default().to_owned();
            document.text = line;
            let told = told(document.clone());
            assert!(told.as_deref().is_some_and(|told| told != "en"), "{}: {told:?}", document.text);
        }
    }
}

#[test]
fn a_language_without_a_model_is_refused() {
    let tagged = allonym(&["tag", "--language", "xx", "--text", "Rain in Beirut"]);
    let message = String::from_utf8_lossy(&tagged.stderr).into_owned();
    assert_eq!(tagged.status.code(), Some(2), "{message}");
    assert!(message.contains("expected auto or a language that a model here is for (news-en-small: en"), "{message}");
    let tagged = allonym(&["tag", "--language", "en", "--text", "Rain in Beirut", "--to", "tsv"]);
    assert!(stdout(&tagged).contains("Beirut"), "{}", stdout(&tagged));
}
