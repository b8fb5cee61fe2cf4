//! Texts that try to be more than texts, and texts from right to left.

use super::driver::Driver;
use super::process::{Process, document, write};
use super::tab::Tab;
use super::tab::keys::{LEFT, SHIFT};

#[tokio::test]
async fn nothing_that_a_document_says_runs_or_misleads() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let bad = "<img src=x onerror=window.injected=1>";
    let text = format!(
        "<script>window.injected = 1</script> {bad} met \u{202e}\u{1f600} Ann Lee</p></article> in Oslo\0. Ann Lee & \"Bob\" left.\n"
    );
    let mut made = document(
        "</title><script>window.injected = 1</script>",
        &text,
        &[
            (bad, 0, "PER", 0.4, "bad"),
            ("Ann Lee", 0, "PER", 0.5, "ann"),
            ("Oslo", 0, "<b onclick=x>L</b>", 0.9, "oslo"),
        ],
    );
    made["entities"][0]["name"] = "<svg onload=window.injected=1>".into();
    made["entities"][1]["kb"] = serde_json::json!({"javascript": "javascript:window.injected=1", "wikidata": "Q1\" onclick=\"window.injected=1"});
    write(folder.path(), "bad.jsonl", &[made]);
    let process = Process::start(folder.path(), "bad.jsonl", &[]);
    let tab = Tab::open(&driver).await;
    tab.visit(&process.url).await;
    let n_elements = "document.querySelectorAll('#text script, #text img, #text b, main svg, aside svg, #name script, aside b, #entity a[href^=javascript]').length";
    assert_eq!(tab.value(n_elements).await, 0);
    assert_eq!(tab.text("name").await, "</title><script>window.injected = 1</script>");
    assert_eq!(tab.mentions().await[0], format!("{bad} PER"));
    // What cannot be seen is shown, and places after it are right.
    assert!(tab.value("document.getElementById('text').textContent.includes('\\\\u{202e}')").await == true);
    tab.select("Bob", 0).await;
    tab.press("1").await;
    assert_eq!(tab.chosen().await, "Bob PER ✓");
    tab.select("Ann Lee", 1).await;
    tab.press("1").await;
    assert_eq!(tab.chosen().await, "Ann Lee PER ✓");
    tab.click("#text mark").await;
    tab.click("#text mark:nth-of-type(2)").await;
    tab.press("e").await;
    assert_eq!(tab.value(n_elements).await, 0);
    assert_eq!(tab.value("window.injected === undefined").await, true);
    assert_eq!(
        tab.value(
            "performance.getEntriesByType('resource').every((one) => new URL(one.name).origin === location.origin)"
        )
        .await,
        true,
        "no external request"
    );
    process.interrupt();
    let saved = std::fs::read_to_string(folder.path().join("review/documents.jsonl")).expect("it is written");
    let saved: serde_json::Value = serde_json::from_str(saved.lines().next().expect("a line")).expect("it is JSON");
    assert_eq!(saved["text"], text);
    let places: Vec<_> = saved["mentions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|mention| {
            let [start, end] = ["start", "end"].map(|edge| mention[edge].as_u64().expect("a place") as usize);
            text.chars().skip(start).take(end - start).collect::<String>()
        })
        .collect();
    assert_eq!(places, [bad, "Ann Lee", "Oslo", "Ann Lee", "Bob"]);
}

#[tokio::test]
async fn the_page_is_for_those_who_have_its_key() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.jsonl", &[document("a", "Rain in Oslo.", &[("Oslo", 0, "LOC", 0.9, "oslo")])]);
    let process = Process::start(folder.path(), "a.jsonl", &[]);
    let tab = Tab::open(&driver).await;
    let without = process.url.split_once("?key=").expect("a key").0.to_owned();
    tab.client.goto(&without).await.expect("it answers");
    assert_eq!(tab.value("document.getElementById('text') === null").await, true);
    let status = "fetch('/api/documents').then((answer) => arguments[0](answer.status))";
    let status = tab.client.execute_async(status, Vec::new()).await.expect("it answers");
    assert_eq!(status, 401);
}

#[tokio::test]
async fn text_from_right_to_left_is_worked_on_from_right_to_left() {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let text = "وصل عباس عراقجي إلى القاهرة يوم الثلاثاء.\n";
    write(folder.path(), "a.jsonl", &[document("a", text, &[("عباس", 0, "PER", 0.5, "abbas")])]);
    let process = Process::start(folder.path(), "a.jsonl", &[]);
    let tab = Tab::open(&driver).await;
    tab.visit(&process.url).await;
    assert_eq!(tab.value("getComputedStyle(document.querySelector('.block')).direction").await, "rtl");
    tab.hold(&[SHIFT], LEFT).await;
    assert_eq!(tab.chosen().await, "عباس عراقجي PER ✓", "left is onwards");
    let [(left, y), (right, _)] = tab.place("القاهرة", 0).await;
    tab.drag((right - 2.0, y), (left + 2.0, y)).await;
    tab.press("3").await;
    assert_eq!(tab.chosen().await, "القاهرة LOC ✓");
}
