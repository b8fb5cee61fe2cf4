//! What is done to mentions, with keys and with a mouse.

use super::driver::Driver;
use super::tab::keys::{ALT, CONTROL, DOWN, ENTER, ESCAPE, LEFT, RIGHT, SHIFT, UP};
use super::tab::opened;

const TAGGED: [&str; 7] =
    ["Ann Lee PER", "Oslo LOC", "Bob Ray PER", "Acme Corp ORG", "Acme Corp LOC", "Lee PER", "Oslo LOC"];

#[tokio::test]
async fn keys_alone_do_everything_to_mentions() {
    let Some(driver) = Driver::start() else { return };
    let (_process, tab, _folder) = opened(&driver).await;
    assert_eq!(tab.text("name").await, "a", "the document with the least certain mention comes first");
    assert_eq!(tab.mentions().await, TAGGED);
    assert_eq!(tab.chosen().await, "Acme Corp LOC", "and the least certain mention is chosen");

    tab.press("2").await;
    assert_eq!(tab.chosen().await, "Acme Corp ORG ✓", "a number gives a label");
    tab.press("j").await;
    assert_eq!(tab.chosen().await, "Lee PER");
    tab.press("kk").await;
    assert_eq!(tab.chosen().await, "Acme Corp ORG");
    tab.press([ENTER].iter().collect::<String>()).await;
    assert_eq!(tab.chosen().await, "Oslo LOC", "after one is accepted, the least certain that is left");
    assert_eq!(tab.mentions().await[3], "Acme Corp ORG ✓");

    tab.hold(&[SHIFT], RIGHT).await;
    assert_eq!(tab.chosen().await, "Oslo on LOC ✓");
    tab.hold(&[SHIFT], UP).await;
    assert_eq!(tab.chosen().await, "left Oslo on LOC ✓");
    tab.hold(&[SHIFT], LEFT).await;
    tab.hold(&[SHIFT], DOWN).await;
    assert_eq!(tab.chosen().await, "Oslo LOC ✓");
    tab.hold(&[SHIFT, ALT], LEFT).await;
    assert_eq!(tab.chosen().await, "Osl LOC ✓", "with Alt, between letters");
    tab.press("u").await;
    assert_eq!(tab.chosen().await, "Oslo LOC ✓");

    tab.press("x").await;
    assert_eq!(tab.mentions().await[1], "Bob Ray PER", "it is removed");
    assert_eq!(tab.chosen().await, "Bob Ray PER", "and the next is chosen");
    let kept = tab.mentions().await;
    // Everything is undone, without limit, and done again.
    for _ in 0..12 {
        tab.press("u").await;
    }
    assert_eq!(tab.mentions().await, TAGGED);
    assert_eq!(tab.value("document.getElementById('undo').disabled").await, true);
    tab.hold(&[CONTROL, SHIFT], 'z').await;
    assert_eq!(tab.mentions().await[4], "Acme Corp ORG ✓");
    for _ in 0..12 {
        tab.press("U").await;
    }
    assert_eq!(tab.mentions().await, kept);
    tab.hold(&[CONTROL], 'z').await;
    assert_eq!(tab.mentions().await[1], "Oslo LOC ✓");

    // A new mention: the next word after what is chosen, moved on, and made longer.
    tab.press([ESCAPE, ESCAPE].iter().collect::<String>()).await;
    tab.value("passage.select(null)").await;
    tab.press("j").await;
    tab.press("a").await;
    assert!(tab.text("bar").await.contains("is PER 1 ORG 2 LOC 3"), "{}", tab.text("bar").await);
    let selected = tab.value("getSelection().toString()").await;
    tab.press([RIGHT].iter().collect::<String>()).await;
    assert_ne!(tab.value("getSelection().toString()").await, selected);
    tab.press([LEFT].iter().collect::<String>()).await;
    assert_eq!(tab.value("getSelection().toString()").await, selected);
    tab.hold(&[SHIFT], RIGHT).await;
    let longer = tab.value("getSelection().toString()").await;
    assert!(longer.as_str().expect("text").starts_with(&format!("{} ", selected.as_str().expect("text"))), "{longer}");
    tab.press([ESCAPE].iter().collect::<String>()).await;
    assert_eq!(tab.text("bar").await, "", "no answer, no mention");

    tab.press("A").await;
    assert_eq!(tab.text("state").await, "open, all accepted");
    assert!(tab.mentions().await.iter().all(|shown| shown.ends_with('✓')));
}

#[tokio::test]
async fn a_mouse_does_everything_to_mentions() {
    let Some(driver) = Driver::start() else { return };
    let (_process, tab, _folder) = opened(&driver).await;
    // Parts of words become whole words.
    let [(left, top), (right, bottom)] = tab.place("old town", 0).await;
    tab.drag((left + 8.0, top), (right - 12.0, bottom)).await;
    assert!(tab.text("bar").await.starts_with("“old town” is"), "{}", tab.text("bar").await);
    tab.click_button("bar", "LOC").await;
    assert_eq!(tab.chosen().await, "old town LOC ✓");

    tab.click("#text mark").await;
    assert_eq!(tab.chosen().await, "Ann Lee PER");
    tab.click_button("card", "ORG").await;
    assert_eq!(tab.chosen().await, "Ann Lee ORG ✓");
    tab.click("#undo").await;
    assert_eq!(tab.chosen().await, "Ann Lee PER");
    tab.click("#redo").await;
    tab.click("#undo").await;
    tab.click_button("card", "Accept").await;
    assert_eq!(tab.mentions().await[0], "Ann Lee PER ✓");

    // The ends of the chosen mention are dragged: the end of the first Oslo to the end of `Friday`.
    tab.click("#text mark:nth-of-type(2)").await;
    assert_eq!(tab.chosen().await, "Oslo LOC");
    let centre = |edge: &str| {
        format!(
            "(() => {{ const box = document.querySelector('.handle[data-edge={edge}]').getBoundingClientRect(); return [(box.left + box.right) / 2, (box.top + box.bottom) / 2]; }})()"
        )
    };
    let handle: [f64; 2] = serde_json::from_value(tab.value(&centre("end")).await).expect("a point");
    let [_, (right, y)] = tab.place("Friday", 0).await;
    tab.drag((handle[0], handle[1]), (right - 3.0, y + 8.0)).await;
    assert_eq!(tab.chosen().await, "Oslo on Friday LOC ✓");
    let handle: [f64; 2] = serde_json::from_value(tab.value(&centre("start")).await).expect("a point");
    let [(left, y), _] = tab.place("Friday", 0).await;
    tab.drag((handle[0], handle[1]), (left + 3.0, y - 8.0)).await;
    assert_eq!(tab.chosen().await, "Friday LOC ✓");
    tab.click_button("card", "Remove").await;
    assert!(!tab.mentions().await.iter().any(|shown| shown.contains("Friday")));

    tab.click("#complete").await;
    assert_eq!(tab.text("state").await, "✓ complete");
    tab.click("#next").await;
    assert_ne!(tab.text("name").await, "a");
    tab.click("#previous").await;
    assert_eq!((tab.text("name").await, tab.text("state").await), ("a".to_owned(), "✓ complete".to_owned()));
}

#[tokio::test]
async fn other_occurrences_of_a_name_are_offered_at_once() {
    let Some(driver) = Driver::start() else { return };
    let (_process, tab, _folder) = opened(&driver).await;
    // A new label: the other Acme Corp has another one.
    tab.press("2").await;
    assert_eq!(tab.text("bar").await, "", "there is no other that differs");
    tab.press("u").await;
    tab.click("#text mark:nth-of-type(4)").await;
    assert_eq!(tab.chosen().await, "Acme Corp ORG");
    tab.press("4").await;
    assert!(tab.text("bar").await.starts_with("“Acme Corp” is there once more."), "{}", tab.text("bar").await);
    tab.press("o").await;
    let acme = tab.mentions().await.into_iter().filter(|shown| shown.starts_with("Acme")).collect::<Vec<_>>();
    assert_eq!(acme, ["Acme Corp MISC ✓", "Acme Corp MISC ✓"]);
    tab.press("u").await;
    let acme = tab.mentions().await.into_iter().filter(|shown| shown.starts_with("Acme")).collect::<Vec<_>>();
    assert_eq!(acme, ["Acme Corp MISC ✓", "Acme Corp LOC"], "what was offered is one step");

    // A name that is not a mention elsewhere.
    tab.click("#text mark").await;
    assert_eq!(tab.chosen().await, "Ann Lee PER");
    tab.press("2").await;
    assert!(tab.text("bar").await.contains("Label it ORG too"), "{}", tab.text("bar").await);
    tab.click_button("bar", "Label it ORG too").await;
    let ann = tab.mentions().await.into_iter().filter(|shown| shown.starts_with("Ann")).collect::<Vec<_>>();
    assert_eq!(ann, ["Ann Lee ORG ✓", "Ann Lee ORG ✓"]);

    // What is not ticked stays as it is.
    tab.press("x").await;
    assert!(tab.text("bar").await.contains("Remove"), "{}", tab.text("bar").await);
    tab.click("#bar input").await;
    tab.press("o").await;
    assert_eq!(tab.mentions().await.iter().filter(|shown| shown.starts_with("Ann")).count(), 1);
}

#[tokio::test]
async fn what_is_in_the_way_is_asked_about() {
    let Some(driver) = Driver::start() else { return };
    let (_process, tab, _folder) = opened(&driver).await;
    tab.select("Bob Ray of Acme Corp", 0).await;
    tab.press("2").await;
    let asked = tab.text("bar").await;
    assert!(asked.starts_with("It overlaps “Bob Ray” PER, “Acme Corp” ORG."), "{asked}");
    tab.press([ESCAPE].iter().collect::<String>()).await;
    assert_eq!(tab.mentions().await, TAGGED, "no answer, no step");
    tab.select("Bob Ray of Acme Corp", 0).await;
    tab.press("2").await;
    tab.press("b").await;
    assert_eq!(tab.mentions().await.len(), 8, "both are kept");
    assert_eq!(tab.value("document.querySelectorAll('#text mark mark').length").await, 2);
    tab.press("u").await;
    tab.select("Bob Ray of Acme Corp", 0).await;
    tab.press("2").await;
    tab.press("r").await;
    assert_eq!(tab.chosen().await, "Bob Ray of Acme Corp ORG ✓");
    assert_eq!(tab.mentions().await.len(), 6, "what was there is replaced");
}
