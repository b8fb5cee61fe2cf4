//! The list of documents: its order, its filters, and how far the work is.

use serde_json::json;

use super::driver::Driver;
use super::process::{Process, document, write};
use super::tab::{Tab, opened};

/// The ids that the list has.
async fn listed(tab: &Tab) -> Vec<String> {
    let shown = "[...document.querySelectorAll('#list bdi')].map((id) => id.textContent)";
    serde_json::from_value(tab.value(shown).await).expect("texts")
}

#[tokio::test]
async fn the_least_certain_come_first_and_filters_say_which() {
    let Some(driver) = Driver::start() else { return };
    let (_process, tab, _folder) = opened(&driver).await;
    assert_eq!(listed(&tab).await, ["a", "c", "b"]);
    assert_eq!(tab.text("where").await, "document 1 of 3");
    tab.press("n").await;
    assert_eq!((tab.text("name").await, tab.chosen().await), ("c".to_owned(), "Beirut LOC".to_owned()));
    tab.press("n").await;
    assert_eq!((tab.text("name").await, tab.text("state").await), ("b".to_owned(), "open, no mentions".to_owned()));
    tab.press("n").await;
    assert_eq!(tab.text("said").await, "That was the last document of the list.");
    tab.press("pp").await;
    assert_eq!(tab.text("name").await, "a");

    tab.set("order", "name").await;
    assert_eq!(listed(&tab).await, ["a", "b", "c"]);
    tab.set("order", "input").await;
    assert_eq!(listed(&tab).await, ["b", "c", "a"]);
    tab.set("label", "ORG").await;
    assert_eq!(listed(&tab).await, ["a"]);
    assert_eq!(tab.value("document.querySelectorAll('#text mark:not(.dim)').length").await, 1);
    tab.press("jj").await;
    assert_eq!(tab.chosen().await, "Acme Corp ORG", "the keys go to what is looked at only");
    tab.set("label", "").await;
    tab.set("below", "75").await;
    assert_eq!(listed(&tab).await, ["c", "a"]);
    tab.set("order", "score").await;
    assert_eq!(listed(&tab).await, ["a", "c"]);
    assert_eq!(
        tab.value("[...document.querySelectorAll('#text mark:not(.dim)')].map((mark) => mark.textContent)").await,
        json!(["Oslo", "Acme Corp"])
    );
    tab.set("below", "100").await;
    tab.write("#q", "b").await;
    tab.until("document.querySelectorAll('#list li').length", 1).await;
    assert_eq!(listed(&tab).await, ["b"]);
    tab.write("#q", " ").await;
    tab.until("document.querySelectorAll('#list li').length", 3).await;

    // Complete: progress counts it, the status filters it, and N goes past it.
    tab.value("document.activeElement.blur()").await;
    assert_eq!(tab.text("name").await, "a");
    tab.press("c").await;
    assert_eq!(tab.text("state").await, "✓ complete");
    tab.until("document.getElementById('progress-text').textContent.startsWith('1 of 3 complete')", true).await;
    tab.press("n").await;
    tab.press("C").await;
    assert_eq!(tab.text("name").await, "b", "complete, and to the next that is open");
    tab.until("document.getElementById('progress-text').textContent.startsWith('2 of 3 complete')", true).await;
    let said = tab.text("progress-text").await;
    assert!(said.contains(" a document") && said.contains(" left"), "{said}");
    tab.set("status", "open").await;
    assert_eq!(listed(&tab).await, ["b"]);
    tab.set("status", "complete").await;
    assert_eq!(listed(&tab).await, ["a", "c"]);
    tab.press("p").await;
    tab.press("c").await;
    assert!(tab.text("state").await.starts_with("open"), "complete can be taken back");
}

#[tokio::test]
async fn a_thousand_documents_are_no_burden() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let documents: Vec<_> = (0..1000)
        .map(|nth| {
            let score = f64::from((nth * 617) % 1000) / 1000.0;
            document(&format!("news-{nth}"), "Rain in Oslo.", &[("Oslo", 0, "LOC", score, "oslo")])
        })
        .collect();
    write(folder.path(), "news.jsonl", &documents);
    let process = Process::start(folder.path(), "news.jsonl", &[]);
    let tab = Tab::open(&driver).await;
    tab.visit(&process.url).await;
    assert_eq!(tab.text("where").await, "document 1 of 1,000");
    assert_eq!(tab.text("name").await, "news-0", "its score is 0");
    // What the page takes from a key to the next document, without the driver's part; a quiet machine takes a twentieth of that.
    let script = "const done = arguments[0]; (async () => { const taken = []; for (let n = 0; n < 20; n++) { const began = performance.now();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true })); await review.act(() => {}); taken.push(performance.now() - began); }
        done(taken.sort((a, b) => a - b)[10]); })()";
    let taken =
        tab.client.execute_async(script, Vec::new()).await.expect("the page turns").as_f64().expect("milliseconds");
    assert!(taken < 1500.0, "a document takes {taken} ms");
    assert_eq!(tab.text("where").await, "document 21 of 1,000");
    // The list shows what it is asked for.
    assert_eq!(tab.value("document.querySelectorAll('#list li').length").await, 200);
    tab.click("#more").await;
    assert_eq!(tab.value("document.querySelectorAll('#list li').length").await, 400);
    tab.set("below", "5").await;
    assert_eq!(tab.text("listed-n").await, "50 of 1,000");
}

#[tokio::test]
async fn files_are_written_in_the_format_that_is_chosen() {
    let Some(driver) = Driver::start() else { return };
    let (_process, tab, folder) = opened(&driver).await;
    tab.press("2").await;
    tab.set("format", "conll").await;
    tab.click_button("export", "Write files").await;
    let said = tab.text("exported").await;
    let path = said.strip_prefix("3 documents in ").unwrap_or_else(|| panic!("{said}"));
    let path = folder.path().join(path.split(' ').next().expect("a path"));
    let written = if path.is_dir() { std::fs::read_dir(&path).expect("a folder").count() } else { 1 };
    assert!(path.exists() && written > 0, "{}", path.display());
}

#[tokio::test]
async fn documents_are_tagged_while_the_first_is_there_already() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("texts")).expect("a folder");
    for nth in 0..20 {
        let text = "Abbas Araghchi, Iran's foreign minister, met IAEA chief Rafael Grossi in Cairo.\n".repeat(5);
        std::fs::write(folder.path().join(format!("texts/{nth:02}.txt")), text).expect("a text");
    }
    let process = Process::start(folder.path(), "texts", &[]);
    let tab = Tab::open(&driver).await;
    tab.client.goto(&process.url).await.expect("the page loads");
    tab.until("document.getElementById('text')?.textContent.includes('Abbas Araghchi')", true).await;
    tab.until("document.querySelectorAll('#text mark').length >= 20", true).await;
    tab.settled().await;
    assert_ne!(tab.chosen().await, "", "the work can begin");
    tab.until("document.getElementById('progress-text').textContent.includes('to be tagged')", false).await;
    tab.until("[...document.querySelectorAll('#list small')].every((small) => small.textContent.endsWith('%'))", true)
        .await;
}
