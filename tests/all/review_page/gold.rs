//! Beside gold, beside predictions, beside another annotator.

use super::driver::Driver;
use super::process::{Process, TEXT, document, news, write};
use super::tab::Tab;
use super::tab::keys::{ENTER, ESCAPE};

/// Gold for the article: without one mention, with another label, other words, and one more.
fn gold(folder: &std::path::Path) {
    let named = [
        ("Ann Lee", 0, "PER", 1.0, "ann"),
        ("Ann Lee", 1, "PER", 1.0, "ann"),
        ("Oslo", 0, "LOC", 1.0, "oslo"),
        ("Bob Ray of Acme Corp", 0, "PER", 1.0, "bob"),
        ("Acme Corp", 1, "ORG", 1.0, "acme"),
        ("Lee", 2, "PER", 1.0, "lee"),
    ];
    write(folder, "gold.jsonl", &[document("a", TEXT, &named)]);
}

#[tokio::test]
async fn disagreements_with_gold_are_shown_and_settled() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    news(folder.path());
    gold(folder.path());
    let process = Process::start(folder.path(), "news.jsonl", &["--gold", "gold.jsonl"]);
    let tab = Tab::open(&driver).await;
    tab.visit(&process.url).await;
    assert_eq!(tab.chosen().await, "Acme Corp LOC");
    assert!(tab.text("card").await.contains("gold: Acme Corp ORG"), "{}", tab.text("card").await);
    let ghosts =
        "[...document.querySelectorAll('#text .other')].map((node) => `${node.textContent} ${node.dataset.l}`)";
    assert_eq!(tab.value(ghosts).await, serde_json::json!(["Ann Lee gold: PER"]));
    tab.set("only", "").await;
    tab.click("#only").await;
    assert_eq!(
        tab.value("[...document.querySelectorAll('#list bdi')].map((id) => id.textContent)").await,
        serde_json::json!(["a"])
    );
    let before =
        tab.value("review.doc().beside.disagreements.filter((one) => one.settled === null).length").await.as_u64();

    tab.press("t").await;
    assert!(
        tab.mentions().await.contains(&"Acme Corp ORG ✓".to_owned()),
        "that of gold is taken: {:?}",
        tab.mentions().await
    );
    let after =
        tab.value("review.doc().beside.disagreements.filter((one) => one.settled === null).length").await.as_u64();
    assert_eq!(after.map(|n| n + 1), before);
    // What only gold has can be taken too.
    tab.click("#text .other").await;
    tab.press("t").await;
    assert_eq!(tab.mentions().await.iter().filter(|shown| *shown == "Ann Lee PER ✓").count(), 1);
    assert_eq!(tab.value(ghosts).await, serde_json::json!([]));
    // Mine is kept: it is not asked about again, until that is undone.
    tab.click("#text mark[data-m].differs").await;
    let kept = tab.chosen().await;
    tab.press([ENTER].iter().collect::<String>()).await;
    let left =
        tab.value("review.doc().beside.disagreements.filter((one) => one.settled === null).length").await.as_u64();
    assert_eq!(left.map(|n| n + 3), before, "{kept} is kept");

    tab.press("d").await;
    tab.until("document.getElementById('differences').hidden", false).await;
    let figures = tab.text("figures").await;
    assert!(figures.contains("Cohen's kappa, all words 0."), "{figures}");
    tab.click("#differences td a").await;
    tab.until("document.getElementById('reading').hidden", false).await;
    assert_eq!(tab.text("name").await, "a");
    assert_ne!(tab.chosen().await, "", "it opens at the place");
    tab.press("d").await;
    tab.until("document.getElementById('differences').hidden", false).await;
    tab.press([ESCAPE].iter().collect::<String>()).await;
    tab.until("document.getElementById('reading').hidden", false).await;
}

#[tokio::test]
async fn two_annotators_see_where_they_disagree() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    news(folder.path());
    let tab = Tab::open(&driver).await;
    let anna = Process::start(folder.path(), "news.jsonl", &["--as", "anna"]);
    tab.visit(&anna.url).await;
    assert!(tab.text("title").await.ends_with("anna"), "{}", tab.text("title").await);
    tab.press("2Ac").await;
    anna.interrupt();
    let ben = Process::start(folder.path(), "news.jsonl", &["--as", "ben"]);
    tab.visit(&ben.url).await;
    assert_eq!(tab.chosen().await, "Acme Corp LOC", "ben has not seen what anna did");
    tab.press("Ac").await;
    tab.set("beside", "anna").await;
    tab.press("d").await;
    tab.until("document.querySelectorAll('#differences tbody tr').length", 1).await;
    let row = tab.value("document.querySelector('#differences tbody tr').innerText.replace(/\\s+/g, ' ')").await;
    assert!(row.as_str().expect("text").contains("LOC ORG"), "{row}");
    let figures = tab.text("figures").await;
    assert!(figures.starts_with("Documents that both have worked on 1 Cohen's kappa, all words 0."), "{figures}");
}

#[tokio::test]
async fn an_evaluation_opens_its_errors_and_gold_can_be_wrong() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    news(folder.path());
    gold(folder.path());
    let process = Process::evaluation(folder.path(), "gold.jsonl", "news.jsonl");
    let tab = Tab::open(&driver).await;
    tab.visit(&process.url).await;
    tab.until("document.getElementById('name').textContent", "a").await;
    // Gold is what is edited, and the prediction is beside it.
    let at =
        "[...document.querySelectorAll('#text mark.differs')].findIndex((mark) => mark.textContent === 'Acme Corp')";
    assert_eq!(tab.value(&format!("{at} >= 0")).await, true);
    tab.value(
        "[...document.querySelectorAll('#text mark.differs')].find((mark) => mark.textContent === 'Acme Corp').click()",
    )
    .await;
    tab.settled().await;
    assert_eq!(tab.chosen().await.split(' ').take(3).collect::<Vec<_>>(), ["Acme", "Corp", "ORG"]);
    tab.click_button("card", "Gold is wrong").await;
    assert!(tab.mentions().await.contains(&"Acme Corp LOC ✓".to_owned()), "{:?}", tab.mentions().await);
    process.interrupt();
    let gold = std::fs::read_to_string(folder.path().join("gold.jsonl")).expect("the input is there");
    assert!(gold.contains("\"label\":\"ORG\""), "the input is never written");
}
