//! The whole loop: tag, correct some documents in the browser, train, tag the others, score.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::driver::Driver;
use super::process::{Process, write};
use super::tab::Tab;
use super::tab::keys::ESCAPE;
use crate::review::opened::{allonym, lines};

/// A mention: where it begins and ends, in characters, and its label.
type Found = (u64, u64, String);

/// Forty articles of our gold.
fn gold(folder: &Path) -> Vec<Value> {
    let gold = concat!(env!("CARGO_MANIFEST_DIR"), "/eval/gold");
    allonym(folder, &["convert", gold, "--to", "jsonl", "--quiet", "-o", "all.jsonl"]);
    let mut documents = lines(&folder.join("all.jsonl"));
    documents.truncate(40);
    documents
}

fn found(document: &Value) -> BTreeSet<Found> {
    let one = |mention: &Value| {
        let number = |name: &str| mention[name].as_u64().expect("a number");
        (number("start"), number("end"), mention["label"].as_str().expect("a label").to_owned())
    };
    document["mentions"].as_array().expect("a list").iter().map(one).collect()
}

/// What the text has at a mention, and how often it was there before.
fn surface(document: &Value, (start, end, _): &Found) -> (String, usize) {
    let text: Vec<char> = document["text"].as_str().expect("a text").chars().collect();
    let (start, end) = (*start as usize, *end as usize);
    let surface: String = text[start..end].iter().collect();
    let nth = (0..start).filter(|&at| text[at..].starts_with(&text[start..end])).count();
    (surface, nth)
}

/// Makes a document of the page into its gold, as a reviewer does: removes what is wrong, adds what is missing, and says that it is done.
async fn correct(tab: &Tab, tagged: &Value, gold: &Value) {
    let (before, after) = (found(tagged), found(gold));
    for wrong in before.difference(&after) {
        let (surface, nth) = surface(tagged, wrong);
        let n_before = tab.mentions().await.len();
        let [(left, top), _] = tab.place(&surface, nth).await;
        tab.click_at((left + 2.0, top)).await;
        tab.press("x").await;
        assert_eq!(tab.mentions().await.len(), n_before - 1, "{surface} is removed");
        tab.press([ESCAPE, ESCAPE].iter().collect::<String>()).await;
    }
    for missing in after.difference(&before) {
        let (surface, nth) = surface(gold, missing);
        let n_before = tab.mentions().await.len();
        tab.select(&surface, nth).await;
        tab.click_button("bar", &missing.2).await;
        assert_eq!(tab.mentions().await.len(), n_before + 1, "{surface} is added");
        tab.press([ESCAPE, ESCAPE].iter().collect::<String>()).await;
    }
    tab.press("c").await;
}

/// Our gold has three labels, and the model four: ten articles show it that nationalities and events are no names here.
#[tokio::test]
async fn ten_corrected_articles_make_the_others_better() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let gold = gold(folder.path());
    let texts: Vec<Value> =
        gold.iter().map(|document| json!({"id": document["id"], "text": document["text"]})).collect();
    write(folder.path(), "texts.jsonl", &texts);
    allonym(folder.path(), &["tag", "texts.jsonl", "--no-link", "--quiet", "-o", "tagged.jsonl"]);
    let tagged = lines(&folder.path().join("tagged.jsonl"));

    let process = Process::start(folder.path(), "tagged.jsonl", &["--order", "input", "--no-link"]);
    let tab = Tab::open(&driver).await;
    tab.visit(&process.url).await;
    let is_taught = |nth: usize| nth.is_multiple_of(4);
    for nth in (0..gold.len()).filter(|&nth| is_taught(nth)) {
        let id = gold[nth]["id"].as_str().expect("an id");
        tab.value(&format!("void (location.hash = '#/{nth}')")).await;
        tab.until("document.getElementById('name').innerText.trim()", id).await;
        tab.settled().await;
        correct(&tab, &tagged[nth], &gold[nth]).await;
    }
    process.interrupt();
    let reviewed = lines(&folder.path().join("review/documents.jsonl"));
    let complete: Vec<usize> = (0..gold.len()).filter(|&nth| reviewed[nth]["status"] == "complete").collect();
    assert_eq!(complete, (0..gold.len()).filter(|&nth| is_taught(nth)).collect::<Vec<_>>());
    for &nth in &complete {
        assert_eq!(found(&reviewed[nth]), found(&gold[nth]), "what the reviewer saw to is what is written");
    }

    allonym(folder.path(), &["train", "review/documents.jsonl", "--freeze", "all", "--quiet", "-o", "mine"]);
    let others = |documents: &[Value]| -> Vec<Value> {
        documents.iter().enumerate().filter(|(nth, _)| !is_taught(*nth)).map(|(_, document)| document.clone()).collect()
    };
    write(folder.path(), "gold.jsonl", &others(&gold));
    write(folder.path(), "before.jsonl", &others(&tagged));
    write(folder.path(), "others.jsonl", &others(&texts));
    allonym(folder.path(), &["tag", "others.jsonl", "--model", "mine", "--no-link", "--quiet", "-o", "after.jsonl"]);
    let scores = ["eval", "gold.jsonl", "after.jsonl", "before.jsonl", "--quiet", "-o", "scores.json"];
    allonym(folder.path(), &scores);
    let scores = fs::read_to_string(folder.path().join("scores.json")).expect("it is written");
    let scores: Value = serde_json::from_str(&scores).expect("JSON");
    let difference = &scores["differences"][0]["difference"];
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("expected a number: {scores:#}"));
    assert_eq!(number(&difference["units"]), 30.0);
    assert!(number(&difference["p_value"]) < 0.05 && number(&difference["interval"]["low"]) > 0.0, "{difference:#}");
}
