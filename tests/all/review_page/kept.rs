//! What was done is kept: over a reload, beside another tab, after `kill -9`.

use super::driver::Driver;
use super::process::{Process, news};
use super::tab::{Tab, opened};

#[tokio::test]
async fn a_reload_in_the_middle_changes_nothing() {
    let Some(driver) = Driver::start() else { return };
    let (_process, tab, _folder) = opened(&driver).await;
    tab.press("n").await;
    assert_eq!(tab.text("name").await, "c");
    tab.press("2").await;
    let (kept, chosen) = (tab.mentions().await, tab.chosen().await);
    tab.until("location.hash", "#/1/8").await;
    tab.client.refresh().await.expect("the page loads");
    tab.ready().await;
    assert_eq!((tab.text("name").await, tab.mentions().await), ("c".to_owned(), kept));
    assert_eq!(tab.chosen().await, chosen, "at the same place");
    tab.press("u").await;
    assert_eq!(tab.mentions().await, ["Beirut LOC", "Cara Poe PER"], "steps before the reload are undone too");
    tab.press("p").await;
    tab.client.back().await.expect("there is a page before");
    tab.until("document.getElementById('name').textContent", "c").await;
}

#[tokio::test]
async fn of_two_tabs_none_overwrites_the_other() {
    let Some(driver) = Driver::start() else { return };
    let (process, tab, _folder) = opened(&driver).await;
    let first = tab.client.window().await.expect("a tab");
    let second = tab.client.new_window(true).await.expect("another tab").handle;
    tab.client.switch_to_window(second.clone()).await.expect("it is there");
    tab.visit(&process.url).await;
    tab.press("2").await;
    assert_eq!(tab.chosen().await, "Acme Corp ORG ✓");
    tab.client.switch_to_window(first).await.expect("it is there");
    assert_eq!(tab.chosen().await, "Acme Corp LOC", "it shows what was there");
    tab.press("x").await;
    let said = tab.text("error").await;
    assert!(said.contains("changed elsewhere") && said.contains("not taken"), "{said}");
    assert!(tab.mentions().await.contains(&"Acme Corp ORG ✓".to_owned()), "what the other tab did is shown");
    tab.press("jx").await;
    assert_eq!(tab.text("error").await, "", "and the work goes on");
    assert_eq!(tab.mentions().await.len(), 6);
}

#[tokio::test]
async fn kill_while_typing_loses_nothing_that_was_shown() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    news(folder.path());
    let mut process = Process::start(folder.path(), "news.jsonl", &[]);
    let tab = Tab::open(&driver).await;
    // Its place in the list changes with what is done to it.
    let at = |process: &Process| format!("{}#/2", process.url);
    tab.visit(&at(&process)).await;
    for round in 0..3 {
        // Steps without a pause, as fast as the page takes them, while the server is killed.
        let typing = "window.shown = null; window.ended = false; (async () => { for (let n = 0; n < 500; n++) { document.body.dispatchEvent(new KeyboardEvent('keydown', { key: String(1 + n % 3), bubbles: true })); await review.act(() => {}); if (document.getElementById('error').textContent !== '') break; window.shown = [...document.querySelectorAll('#text mark')].map((mark) => `${mark.textContent} ${mark.dataset.l}`); } window.ended = true; })();";
        tab.client.execute(typing, Vec::new()).await.expect("the page types");
        tab.until("window.shown !== null", true).await;
        tokio::time::sleep(std::time::Duration::from_millis(100 + 70 * round)).await;
        process.kill();
        tab.until("window.ended === true", true).await;
        let said = tab.text("error").await;
        assert!(said.contains("does not answer") && said.contains("kept"), "{said}");
        let shown: Vec<String> = serde_json::from_value(tab.value("window.shown").await).expect("steps were shown");
        process = Process::start(folder.path(), "news.jsonl", &[]);
        tab.visit(&at(&process)).await;
        let mut found = tab.mentions().await;
        if found != shown {
            // A step may have been written and not been answered any more: it is the one after those that were shown.
            tab.press("u").await;
            found = tab.mentions().await;
        }
        assert_eq!(found, shown, "round {round}");
    }
    // A line that was torn is cut off, and said.
    process.kill();
    let journal = std::fs::read_dir(folder.path().join("review"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path());
    let journal = journal.into_iter().find(|path| path.to_string_lossy().contains("journal")).expect("a journal");
    let mut bytes = std::fs::read(&journal).expect("it is there");
    let n_steps = bytes.iter().filter(|&&byte| byte == b'\n').count();
    assert!(n_steps > 3, "{n_steps} steps");
    bytes.extend_from_slice(b"{\"step\":99999,\"time\":\"20");
    std::fs::write(&journal, bytes).expect("it is written");
    let process = Process::start(folder.path(), "news.jsonl", &[]);
    tab.visit(&at(&process)).await;
    tab.press("x").await;
    assert_eq!(tab.text("error").await, "");
    let lines = std::fs::read_to_string(&journal).expect("it is there").lines().count();
    assert_eq!(lines, n_steps + 1, "the torn line is gone, and the new one is whole");
}
