//! What is done to entities.

use super::driver::Driver;
use super::tab::keys::{ENTER, TAB};
use super::tab::{Tab, opened};

/// The entities as the panel lists them.
async fn listed(tab: &Tab) -> Vec<String> {
    let shown =
        "[...document.querySelectorAll('#entities button')].map((row) => row.innerText.replace(/\\s+/g, ' ').trim())";
    serde_json::from_value(tab.value(shown).await).expect("texts")
}

#[tokio::test]
async fn entities_are_merged_split_named_linked_and_kept_apart() {
    let Some(driver) = Driver::start() else { return };
    let (process, tab, folder) = opened(&driver).await;
    assert_eq!(
        listed(&tab).await,
        ["LOC Oslo 2", "ORG Acme Corp 1", "LOC Acme Corp 1", "PER Ann Lee 1", "PER Bob Ray 1", "PER Lee 1"]
    );

    // With a mouse: a mention is chosen, and its entity merged with another.
    tab.click("#text mark").await;
    assert_eq!(tab.text("entity").await.split(' ').take(2).collect::<Vec<_>>(), ["Ann", "Lee"]);
    tab.set("other-entity", "lee").await;
    tab.click("#merge").await;
    assert_eq!(listed(&tab).await[..2], ["PER Ann Lee 2", "LOC Oslo 2"]);
    assert_eq!(tab.value("document.querySelectorAll('#text mark.same').length").await, 2, "both are outlined");

    // Keys alone: to the entity, its name, its id in a knowledge base.
    tab.press("e").await;
    assert_eq!(tab.value("document.activeElement.id").await, "entity-name");
    tab.write("#entity-name", "Ann B. Lee").await;
    tab.press([ENTER].iter().collect::<String>()).await;
    assert!(listed(&tab).await.contains(&"PER Ann B. Lee 2".to_owned()), "{:?}", listed(&tab).await);
    tab.write("#kb-id", "Q794").await;
    tab.press([ENTER].iter().collect::<String>()).await;
    tab.until("document.querySelector('#entity a')?.textContent", "wikidata:Q794").await;
    assert_eq!(tab.value("document.querySelector('#entity a').href").await, "https://www.wikidata.org/wiki/Q794");

    // One is split off again; those that are ticked.
    tab.value("document.activeElement.blur()").await;
    let ticked = "[...document.querySelectorAll('#entity input[type=checkbox]')].map((box) => box.checked)";
    assert_eq!(tab.value(ticked).await, serde_json::json!([true, false]), "the chosen mention is ticked");
    tab.press("s").await;
    assert_eq!(tab.value("review.doc().entities.size").await, 6);
    tab.press("u").await;
    assert_eq!(tab.value("review.doc().entities.size").await, 5);

    // Never the same: said once, seen on both sides, and taken back.
    tab.click("#text mark:nth-of-type(3)").await;
    assert_eq!(tab.chosen().await, "Bob Ray PER");
    tab.press("v").await;
    assert_eq!(tab.value("document.activeElement.id").await, "other-entity");
    let other = tab.value("document.getElementById('other-entity').selectedOptions[0].textContent").await;
    assert_eq!(other, "Ann B. Lee (PER, 2)", "the likeliest comes first");
    tab.press([TAB, TAB, ENTER].iter().collect::<String>()).await;
    tab.until("document.getElementById('never-list')?.innerText.includes('Ann B. Lee')", true).await;
    let both = "[...review.doc().entities.values()].filter((entity) => entity.never.length > 0).length";
    assert_eq!(tab.value(both).await, 2);
    tab.click("#never-list button").await;
    assert_eq!(tab.value(both).await, 0);
    tab.value("document.activeElement.blur()").await;
    tab.press("u").await;
    assert_eq!(tab.value(both).await, 2);

    // All of it is there after the page is loaded anew, and in the files.
    tab.client.refresh().await.expect("the page loads");
    tab.ready().await;
    assert!(listed(&tab).await.contains(&"PER Ann B. Lee 2".to_owned()));
    assert_eq!(tab.value(both).await, 2);
    process.interrupt();
    let saved = std::fs::read_to_string(folder.path().join("review/documents.jsonl")).expect("it is written");
    let line = saved.lines().find(|line| line.contains("\"id\":\"a\"")).expect("the document is there");
    let document: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
    let ann = document["entities"].as_array().expect("a list").iter().find(|entity| entity["name"] == "Ann B. Lee");
    let ann = ann.expect("it has its name");
    assert_eq!((&ann["mentions"], &ann["kb"]["wikidata"]), (&2.into(), &"Q794".into()));
}
