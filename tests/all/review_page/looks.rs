//! How it looks and what it says to those who do not see it: narrow, zoomed, dark; contrast, names, roles.

use serde_json::{Value, json};

use super::driver::Driver;
use super::process::{Process, news};
use super::tab::{Scheme, Tab};

/// Words that stand out too little from their ground, by WCAG 2 AA, with the contrast that they have.
const FAINT: &str = r"(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgb = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
    const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
    const ground = (node) => { for (let up = node; up; up = up.parentElement) { const c = rgb(getComputedStyle(up).backgroundColor); if (c[3] === 255) return c; } return rgb('Canvas'); };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let n = 0;
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        if (walker.currentNode.data.trim() === '' || !node.checkVisibility() || node.closest('script, style, option, :disabled')) continue;
        n++;
        const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) faint.push(`${walker.currentNode.data.trim()} ${contrast.toFixed(2)}`);
    }
    return [n > 40, faint];
})()";

/// Controls without a name, ids that are there twice, and fields whose name is not said.
const NAMELESS: &str = r"(() => {
    const named = (node) => (node.getAttribute('aria-label') || node.innerText || node.title || node.labels?.length || '').toString().trim() !== '';
    const controls = [...document.querySelectorAll('button, a, input, select, summary, [role=button], progress, dialog, section, aside')].filter((node) => node.checkVisibility());
    const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
    return [controls.length > 20, controls.filter((node) => !named(node) && !node.labels?.length).map((node) => node.outerHTML.slice(0, 80)), ids.filter((id, nth) => ids.indexOf(id) !== nth)];
})()";

async fn looks(width: u32, scheme: Scheme) {
    let Some(driver) = Driver::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    news(folder.path());
    let process = Process::start(folder.path(), "news.jsonl", &["--gold", "news.jsonl"]);
    let tab = Tab::open_as(&driver, width, scheme).await;
    tab.visit(&process.url).await;
    assert_eq!(tab.value("innerWidth").await, width);
    assert_eq!(tab.value("matchMedia('(prefers-color-scheme: dark)').matches").await, matches!(scheme, Scheme::Dark));
    for fold in ["#documents details", "#entities-fold"] {
        tab.value(&format!("document.querySelector('{fold}').open = true")).await;
    }
    tab.press("2kj").await;
    let fits = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(tab.value(fits).await, true, "nothing is wider than the window");
    let said: Value = tab.value(FAINT).await;
    assert_eq!(said, json!([true, []]));
    assert_eq!(tab.value(NAMELESS).await, json!([true, [], []]));
    // What is chosen is in the window, and nothing covers it.
    let seen = "(() => { const box = document.querySelector('#text .chosen').getBoundingClientRect(); const on = document.elementFromPoint(box.left + 4, (box.top + box.bottom) / 2); return on?.closest('.chosen') !== null; })()";
    assert_eq!(tab.value(seen).await, true);
    tab.press("?").await;
    assert_eq!(tab.value("document.getElementById('help').open").await, true);
    assert_eq!(tab.value(FAINT).await, json!([true, []]));
    tab.click("#help-close").await;
    tab.press("d").await;
    tab.until("document.getElementById('differences').hidden", false).await;
    assert_eq!(tab.value(fits).await, true);
    assert_eq!(tab.value(FAINT).await[1], json!([]));
}

#[tokio::test]
async fn wide_and_light() {
    looks(1400, Scheme::Light).await;
}

#[tokio::test]
async fn wide_and_dark() {
    looks(1400, Scheme::Dark).await;
}

#[tokio::test]
async fn on_420_pixels_in_the_dark() {
    looks(420, Scheme::Dark).await;
}

/// A window of 1,400 pixels at 200 % has 700.
#[tokio::test]
async fn at_twice_the_size() {
    looks(700, Scheme::Light).await;
}
