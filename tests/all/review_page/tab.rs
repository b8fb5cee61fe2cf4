//! A tab of a browser, and a reviewer who uses it.

use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::driver::Driver;
use super::process::{Process, news};

/// Keys without a letter, as WebDriver names them.
pub(super) mod keys {
    pub(in super::super) const ENTER: char = '\u{e007}';
    pub(in super::super) const ESCAPE: char = '\u{e00c}';
    pub(in super::super) const LEFT: char = '\u{e012}';
    pub(in super::super) const UP: char = '\u{e013}';
    pub(in super::super) const RIGHT: char = '\u{e014}';
    pub(in super::super) const DOWN: char = '\u{e015}';
    pub(in super::super) const TAB: char = '\u{e004}';
    pub(in super::super) const SHIFT: char = '\u{e008}';
    pub(in super::super) const CONTROL: char = '\u{e009}';
    pub(in super::super) const ALT: char = '\u{e00a}';
}

/// Which colours a reader wants, by Chromium's numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scheme {
    Dark = 0,
    Light = 1,
}

/// A tab.
pub(super) struct Tab {
    pub(super) client: Client,
}

impl Tab {
    /// A browser with one tab, in a wide and light window.
    pub(super) async fn open(driver: &Driver) -> Self {
        Self::open_as(driver, 1400, Scheme::Light).await
    }

    /// A browser with one tab, in a window of this width.
    pub(super) async fn open_as(driver: &Driver, width: u32, scheme: Scheme) -> Self {
        let profile = driver.folder.path().join(format!("profile-{width}-{scheme:?}"));
        let options = json!({
            "binary": driver.program,
            "args": [
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                format!("--blink-settings=preferredColorScheme={}", scheme as u8),
                format!("--user-data-dir={}", profile.display()),
            ],
            "mobileEmulation": {"deviceMetrics": {"width": width, "height": 900, "pixelRatio": 1, "touch": false, "mobile": false}},
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url())
            .await
            .expect("the browser runs");
        Self { client }
    }

    /// Opens a page of a review, and waits until a document stands.
    pub(super) async fn visit(&self, url: &str) {
        self.client.goto(url).await.expect("the page loads");
        self.ready().await;
    }

    /// Waits until a document stands.
    pub(super) async fn ready(&self) {
        self.until("document.querySelector('#text .block') !== null && document.getElementById('waiting').hidden && document.getElementById('progress-text').textContent !== ''", true).await;
    }

    /// The value of an expression.
    pub(super) async fn value(&self, expression: &str) -> Value {
        let script = format!("return {expression}");
        self.client.execute(&script, Vec::new()).await.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Waits until an expression has a value.
    #[track_caller]
    pub(super) fn until(&self, expression: &str, want: impl Into<Value>) -> impl Future<Output = ()> {
        let (want, place) = (want.into(), std::panic::Location::caller());
        async move {
            let began = Instant::now();
            loop {
                let found = self.value(expression).await;
                if found == want {
                    return;
                }
                if began.elapsed() > Duration::from_secs(20) {
                    let said =
                        self.value("['said', 'error', 'bar'].map((id) => document.getElementById(id).innerText)").await;
                    panic!("{place}: {expression}: expected {want}, found {found}; the page says {said}");
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// Presses keys one after the other, and waits for what they do.
    pub(super) async fn press(&self, keys: impl AsRef<str>) {
        let mut actions = KeyActions::new("keys".to_owned());
        for value in keys.as_ref().chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.expect("keys are pressed");
        self.settled().await;
    }

    /// Presses a key while others are held.
    pub(super) async fn hold(&self, held: &[char], key: char) {
        let mut actions = KeyActions::new("keys".to_owned());
        for &value in held {
            actions = actions.then(KeyAction::Down { value });
        }
        actions = actions.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        for &value in held.iter().rev() {
            actions = actions.then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.expect("keys are pressed");
        self.settled().await;
    }

    /// Waits until what was asked of the page is done.
    pub(super) async fn settled(&self) {
        let script = "const done = arguments[0]; setTimeout(() => review.act(() => {}).then(() => done(null)), 30)";
        self.client.execute_async(script, Vec::new()).await.expect("the page is there");
    }

    /// Clicks what a selector finds first, in the middle of the window if it must be scrolled to.
    pub(super) async fn click(&self, selector: &str) {
        let found = self.client.find(fantoccini::Locator::Css(selector)).await;
        found
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
            .click()
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
        self.settled().await;
    }

    /// Clicks the button with this text.
    pub(super) async fn click_button(&self, within: &str, text: &str) {
        let path = format!("//*[@id='{within}']//button[contains(normalize-space(.), \"{text}\")]");
        let found = self.client.find(fantoccini::Locator::XPath(&path)).await;
        found
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .click()
            .await
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        self.settled().await;
    }

    /// Writes into a field in place of what it has.
    pub(super) async fn write(&self, selector: &str, text: &str) {
        let field = self.client.find(fantoccini::Locator::Css(selector)).await.expect("the field is there");
        field.clear().await.expect("it can be cleared");
        field.send_keys(text).await.expect("it takes keys");
        self.settled().await;
    }

    /// Chooses an option, or sets a slider, as a user does.
    pub(super) async fn set(&self, id: &str, value: &str) {
        let script = "const field = document.getElementById(arguments[0]); field.value = arguments[1]; for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }));";
        self.client.execute(script, vec![json!(id), json!(value)]).await.expect("the field is there");
        self.settled().await;
    }

    /// Drags the mouse from a point to another.
    pub(super) async fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let go = |(x, y): (f64, f64)| PointerAction::MoveTo { duration: Some(Duration::from_millis(20)), x, y };
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let actions = MouseActions::new("mouse".to_owned())
            .then(go(from))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(go(middle))
            .then(go(to))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(actions).await.expect("the mouse moves");
        self.settled().await;
    }

    /// Clicks a point of the window.
    pub(super) async fn click_at(&self, (x, y): (f64, f64)) {
        let actions = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveTo { duration: Some(Duration::from_millis(20)), x, y })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(actions).await.expect("the mouse clicks");
        self.settled().await;
    }

    /// Selects what the text has at an occurrence, with the mouse.
    pub(super) async fn select(&self, surface: &str, nth: usize) {
        let [(left, top), (right, bottom)] = self.place(surface, nth).await;
        self.drag((left + 1.0, top), (right - 1.0, bottom)).await;
    }

    /// Where something in the text begins and ends: points in the middle of their lines.
    pub(super) async fn place(&self, surface: &str, nth: usize) -> [(f64, f64); 2] {
        let script = "const [surface, nth] = arguments; let at = -1; for (let n = 0; n <= nth; n++) at = review.doc().text.indexOf(surface, at + 1);
            const range = passage.range({ start: at, end: at + surface.length }); range.startContainer.parentElement.scrollIntoView({ block: 'center' });
            scrollBy(0, range.getClientRects()[0].top - innerHeight / 2);
            const rects = range.getClientRects(); const [first, last] = [rects[0], rects[rects.length - 1]];
            return [[first.left, (first.top + first.bottom) / 2], [last.right, (last.top + last.bottom) / 2]];";
        let look = || self.client.execute(script, vec![json!(surface), json!(nth)]);
        // Blocks out of sight have no true height: the first look brings it near, the second says where it is.
        look().await.expect("the text has it");
        let found = look().await.expect("the text has it");
        serde_json::from_value(found).expect("two points")
    }

    /// The mentions as the text shows them: words, label, and a mark for those that are accepted.
    pub(super) async fn mentions(&self) -> Vec<String> {
        let shown =
            "[...document.querySelectorAll('#text mark')].map((mark) => `${mark.textContent} ${mark.dataset.l}`)";
        serde_json::from_value(self.value(shown).await).expect("texts")
    }

    /// The mention that is chosen.
    pub(super) async fn chosen(&self) -> String {
        let shown = "[...document.querySelectorAll('#text .chosen')].map((mark) => `${mark.textContent} ${mark.dataset.l}`).join('; ')";
        self.value(shown).await.as_str().expect("a text").to_owned()
    }

    /// The text of an element, as it is seen.
    pub(super) async fn text(&self, id: &str) -> String {
        let shown =
            self.value(&format!("document.getElementById('{id}').innerText.replace(/\\s+/g, ' ').trim()")).await;
        shown.as_str().expect("a text").to_owned()
    }
}

/// A review of the articles, in a tab.
pub(super) async fn opened(driver: &Driver) -> (Process, Tab, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    news(folder.path());
    let process = Process::start(folder.path(), "news.jsonl", &[]);
    let tab = Tab::open(driver).await;
    tab.visit(&process.url).await;
    (process, tab, folder)
}
