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

/// Ids with the texts of their mentions, of JSONL.
fn found(jsonl: &str) -> Vec<(String, Vec<String>)> {
    let document = |line: &str| {
        let document: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |mention: &serde_json::Value| mention["text"].as_str().unwrap_or_default().to_owned();
        let mentions = document["mentions"].as_array().into_iter().flatten().map(text).collect();
        (document["id"].as_str().unwrap_or_default().to_owned(), mentions)
    };
    jsonl.lines().map(document).collect()
}

#[test]
fn each_document_goes_to_the_model_for_its_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts = [
        (
            "en",
            "Foreign Minister Maria Lopez of Uruguay told reporters in Geneva that the talks between the two sides went well.",
        ),
        ("fa", "عباس عراقچی وزیر امور خارجه ایران روز دوشنبه برای دیدار با همتای عمانی خود وارد مسقط شد."),
        ("ar", "وصل وزير الخارجية الإيراني عباس عراقجي إلى مسقط يوم الاثنين لإجراء محادثات مع نظيره العماني."),
        (
            "de",
            "Die Außenministerin Annalena Baerbock reiste am Montag nach Oslo und traf dort Vertreter der norwegischen Regierung. Am Abend sprach sie mit Journalisten über die Lage im Norden und kehrte danach nach Berlin zurück.",
        ),
    ];
    let path = folder.path().join("in.jsonl");
    let lines = texts.map(|(id, text)| serde_json::json!({ "id": id, "text": text }).to_string() + "\n");
    std::fs::write(&path, lines.concat()).expect("a file");
    let path = path.display().to_string();
    let auto = allonym(&["tag", &path, "--language", "auto"]);
    let said = String::from_utf8_lossy(&auto.stderr).into_owned();
    assert_eq!(auto.status.code(), Some(0), "{said}");
    assert!(said.contains("3 documents tagged with news-multi"), "{said}");
    let (auto, alone) = (found(stdout(&auto)), allonym(&["tag", &path, "--quiet"]));
    let multi = allonym(&["tag", &path, "--model", "news-multi", "--quiet"]);
    assert_eq!(auto[0], found(stdout(&alone))[0], "English is the built-in model's");
    assert_eq!(auto[1..], found(stdout(&multi))[1..], "the others are those of news-multi");
    for (nth, name) in [(1, "عباس عراقچی"), (2, "عباس عراقجي"), (3, "Annalena Baerbock")] {
        assert!(auto[nth].1.iter().any(|found| found == name), "{:?}", auto[nth]);
    }
    let person =
        allonym(&["tag", &path, "--language", "auto", "--labels", "PER", "--head", "conll", "--quiet", "--to", "tsv"]);
    assert!(stdout(&person).lines().skip(1).all(|row| row.contains("\tPER\t")), "{}", stdout(&person));
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
