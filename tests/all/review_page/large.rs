//! A document of 5 MB.

use std::time::Instant;

use super::driver::Driver;
use super::process::{Process, document, write};
use super::tab::Tab;
use super::tab::keys::ENTER;

#[tokio::test]
async fn a_document_of_5_mb_can_be_worked_on() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let paragraph = "Ann Lee left Oslo on Friday, and nobody at the World Bank said why she had gone or when she would come back to it. ";
    let mut text = String::new();
    let mut nth = 0;
    while text.len() < 5_000_000 {
        text += paragraph;
        nth += 1;
        if nth % 4 == 0 {
            text += "\n\n";
        }
    }
    let mut made = document("large", &text, &[]);
    let mut mentions = Vec::new();
    for (at, _) in text.match_indices("Ann Lee") {
        let score = 0.5 + (at % 997) as f64 / 2000.0;
        mentions
            .push(serde_json::json!({"start": at, "end": at + 7, "text": "Ann Lee", "label": "PER", "score": score}));
        mentions
            .push(serde_json::json!({"start": at + 13, "end": at + 17, "text": "Oslo", "label": "LOC", "score": 0.99}));
    }
    let n_mentions = mentions.len();
    assert!(n_mentions > 80_000);
    made["mentions"] = mentions.into();
    write(folder.path(), "large.jsonl", &[made]);
    let process = Process::start(folder.path(), "large.jsonl", &[]);
    let tab = Tab::open(&driver).await;
    let began = Instant::now();
    tab.visit(&process.url).await;
    let opened = began.elapsed();
    assert!(opened.as_secs() < 30, "it opens after {opened:?}");
    assert_eq!(tab.value("review.doc().mentions.length").await, n_mentions);
    // Only what is near the window has elements.
    let marks = tab.value("document.querySelectorAll('#text mark').length").await.as_u64().expect("a number");
    assert!((1..5_000).contains(&marks), "{marks} marks");
    let mut taken = Vec::new();
    let enter = ENTER.to_string();
    for key in ["2", "j", "k", "x", "u", "j", enter.as_str(), "j"] {
        let began = Instant::now();
        tab.press(key).await;
        taken.push(began.elapsed());
        assert_eq!(tab.text("error").await, "");
    }
    // A quiet machine takes a tenth of that.
    taken.sort();
    assert!(taken[taken.len() / 2].as_secs() < 4, "steps take {taken:?}");
    // Its end is as near as its beginning.
    tab.value("scrollTo(0, document.documentElement.scrollHeight)").await;
    tab.until("[...document.querySelectorAll('#text .block')].at(-1).querySelector('mark') !== null", true).await;
    assert_eq!(tab.value("document.getElementById('text').textContent === review.doc().text").await, true);
}
