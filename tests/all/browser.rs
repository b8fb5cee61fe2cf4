//! Pages in a real browser. Without Chromium the tests print `skipped:` and pass; `.ci/run` wants it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use allonym::io::{Format, WriteOptions, Writer};
use allonym::text::{Document, Entity, Label, Mention, Span};
use serde_json::Value;

/// A browser without a window.
struct Chromium {
    program: PathBuf,
    folder: tempfile::TempDir,
}

/// What a page became.
struct Shown {
    /// The elements, as HTML.
    dom: String,
    /// What the browser complained about.
    console: Vec<String>,
}

impl Chromium {
    fn find() -> Option<Self> {
        let program = program(&CHROMIUM);
        let Some(program) = program else {
            // Not by a macro, whose output cargo holds back.
            writeln!(std::io::stderr(), "skipped: no chromium").expect("stderr takes a line");
            return None;
        };
        Some(Self { program, folder: tempfile::tempdir().expect("a folder") })
    }

    /// Opens a page in a window of this width, with the time of its timers running fast.
    fn open(&self, page: &str, width: u32) -> Shown {
        let path = self.folder.path().join("page.html");
        std::fs::write(&path, page).expect("a file is written");
        let profile = self.folder.path().join("profile");
        let output: Output = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--virtual-time-budget=5000",
                "--dump-dom",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--window-size={width},800"))
            .arg(url(&path))
            .output()
            .expect("the browser runs");
        let lines = String::from_utf8_lossy(&output.stderr).into_owned();
        let console = lines.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect();
        Shown { dom: String::from_utf8_lossy(&output.stdout).into_owned(), console }
    }

    /// What a script says that acts like a reader. It is the only thing that the policy of the page would not let run, so it goes without.
    fn act(&self, page: &str, script: &str) -> Value {
        let (before, rest) = page.split_once("<meta http-equiv=\"Content-Security-Policy\"").expect("a policy");
        let rest = rest.split_once(">\n").expect("its end").1;
        let page = format!("{before}{rest}").replace(
            "</body>",
            &format!(
                "<script>const id = (name) => document.getElementById(name);\n\
                 const key = (key, target = document.body) => target.dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true }}));\n\
                 const wait = (ms) => new Promise((done) => setTimeout(done, ms));\n\
                 const said = {{}};\n(async () => {{\nawait wait(300);\n{script}\n}})().catch((error) => {{ said.error = String(error); }})\
                 .finally(() => {{ const out = document.createElement('pre'); out.id = 'said'; out.textContent = JSON.stringify(said); document.body.append(out); }});\
                 </script>\n</body>"
            ),
        );
        let shown = self.open(&page, 1200);
        let said = shown.dom.split_once("<pre id=\"said\">").and_then(|(_, rest)| rest.split_once("</pre>"));
        let said = said.unwrap_or_else(|| panic!("the script ends: {:?}", shown.console)).0;
        let said = said.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&");
        serde_json::from_str(&said).expect("it is JSON")
    }
}

/// What Chromium is called.
pub(crate) const CHROMIUM: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// The first of these programs that there is.
pub(crate) fn program(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}

fn url(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Documents about Oslo and Ann Lee, linked across documents.
fn page(n: usize) -> String {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(Format::Html, &mut bytes, WriteOptions::default()).expect("memory");
    for nth in 0..n {
        let text = format!("OSLO - Ann Lee left Oslo.\nNumber {nth} & <b>שלום</b> \u{202e}abc");
        let mut document = Document::new(format!("news-{nth}"), text);
        for (start, end, label, entity, score) in [
            (0, 4, "LOC", "oslo", 0.5),
            (7, 14, "PER", if nth % 2 == 0 { "ann" } else { "lee" }, 0.9),
            (20, 24, "LOC", "oslo", 0.99),
        ] {
            let mention = Mention::new(Span::new(start, end), Label::new(label));
            document.mentions.push(Mention { score: Some(score), entity: Some(entity.to_owned()), ..mention });
        }
        let mut oslo = Entity::new("oslo", "Oslo", Label::new("LOC"));
        oslo.kb.insert("wikidata".to_owned(), "Q585".to_owned());
        oslo.kb.insert("geonames".to_owned(), "3143244".to_owned());
        let people =
            [Entity::new("ann", "Ann Lee", Label::new("PER")), Entity::new("lee", "Ann Lee", Label::new("PER"))];
        document.entities = vec![oslo, people[nth % 2].clone()];
        writer.write(&document).expect("a page holds it");
    }
    writer.finish().expect("memory");
    String::from_utf8(bytes).expect("a page is text")
}

#[test]
fn the_script_runs_under_the_policy_and_lays_out_what_is_in_view() {
    let Some(chromium) = Chromium::find() else { return };
    let page = page(300);
    for width in [1200, 500] {
        let Shown { dom, console } = chromium.open(&page, width);
        assert_eq!(console, Vec::<String>::new(), "{width}");
        assert!(dom.contains(">300 documents · 900 mentions · 3 entities</p>"), "{width}: {dom}");
        assert_eq!(dom.matches("<article").count(), 300);
        let (elements, waiting) = (outside_of_noscript(&dom), dom.matches("<noscript><p").count());
        assert!(waiting > 200, "{width}: {waiting} texts wait until they are in view");
        let marks = elements.matches("<mark").count();
        assert_eq!(marks, 3 * (300 - waiting), "{width}: the mentions of all other texts are elements");
    }
    // The same script with one more statement is another script.
    let other = page.replace("openHash();\n})();", "openHash();\n;})();");
    assert_ne!(other, page);
    let Shown { dom, console } = chromium.open(&other, 1200);
    assert!(console.iter().any(|line| line.contains("Content Security Policy")), "{console:?}");
    assert!(!dom.contains("300 documents · "), "it did not run");
}

/// A page as it is to browsers that run scripts, and as `--dump-dom` shows it: there, `noscript` has text and no elements.
fn outside_of_noscript(dom: &str) -> String {
    let parts = dom.split("<noscript>").enumerate();
    let outside =
        parts.map(|(nth, part)| if nth == 0 { part } else { part.split_once("</noscript>").expect("its end").1 });
    outside.collect()
}

#[test]
fn a_reader_finds_filters_and_follows_entities() {
    let Some(chromium) = Chromium::find() else { return };
    let said = chromium.act(
        &page(300),
        r##"
        const rows = () => [...document.querySelectorAll("#entities button")].map((row) => row.innerText.replace(/\s+/g, " ").trim());
        const shown = () => [...document.querySelectorAll("article")].filter((doc) => !doc.hidden).length;
        const lit = () => document.querySelectorAll("mark.lit").length;
        said.rows = rows();
        said.text = document.querySelector("#d1 p").textContent;
        said.generated = getComputedStyle(document.querySelector("#d1 mark"), "::after").content;
        said.unsure = document.querySelectorAll("#d1 mark.unsure").length;
        document.querySelector("#d1 mark").dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        said.hovered = document.querySelectorAll("#d1 mark.lit").length;
        document.querySelector("#d1 mark").dispatchEvent(new MouseEvent("mouseout", { bubbles: true }));
        said.left = lit();
        document.querySelectorAll("#d1 mark")[1].click();
        said.card = id("card").innerText.replace(/\s+/g, " ");
        id("card").querySelector("input").click();
        said.only = shown();
        key("n"); key("n");
        said.focused = document.activeElement.closest("article").id;
        key("Escape");
        said.closed = [id("card").hidden, shown(), lit()];
        document.querySelectorAll("#entities button")[0].click();
        said.links = [...id("card").querySelectorAll("a")].map((a) => [a.textContent, a.href]);
        key("Escape");
        id("query").value = "number 299";
        id("query").dispatchEvent(new Event("input"));
        await wait(300);
        said.found = [...document.querySelectorAll("article")].filter((doc) => !doc.hidden).map((doc) => doc.id);
        id("query").value = "ANN";
        id("query").dispatchEvent(new Event("input"));
        await wait(300);
        said.names = [rows().length, shown()];
        id("query").value = "";
        id("query").dispatchEvent(new Event("input"));
        await wait(300);
        id("min-score").value = "60";
        id("min-score").dispatchEvent(new Event("input"));
        said.sure = [id("status").textContent, document.querySelectorAll("#d1 mark.off").length];
        id("labels").querySelectorAll("input")[1].click();
        said.labels = [rows(), document.querySelectorAll("#d1 mark.off").length];
        key("/");
        said.search = document.activeElement.id;
        id("contents").open = true;
        await wait(300);
        said.contents = [id("contents").querySelectorAll("li").length, id("contents").querySelector("button").textContent];
        location.hash = "#d250";
        await wait(300);
        said.opened = document.querySelectorAll("#d250 mark").length;
        dispatchEvent(new Event("beforeprint"));
        said.printed = document.querySelectorAll("article noscript").length;
        "##,
    );
    assert_eq!(said["error"], Value::Null);
    assert_eq!(
        said["rows"],
        serde_json::json!(["LOC Oslo 600 in 300", "PER Ann Lee 150 in 150", "PER Ann Lee 150 in 150"])
    );
    assert_eq!(said["text"], "OSLO - Ann Lee left Oslo.\nNumber 0 & <b>שלום</b> \\u{202e}abc");
    assert_eq!((&said["generated"], &said["unsure"]), (&"\"LOC\"".into(), &1.into()));
    assert_eq!(
        (&said["hovered"], &said["left"]),
        (&2.into(), &0.into()),
        "all mentions of the entity are lit, while it is pointed at"
    );
    let card = said["card"].as_str().expect("text");
    assert!(card.starts_with("Ann Lee PER 150 mentions in 150 documents Ann Lee 150×"), "{card}");
    assert_eq!(said["only"], 150);
    assert_eq!(said["focused"], "d5", "from the mention that was clicked, in the first document, two further");
    assert_eq!(said["closed"], serde_json::json!([true, 300, 0]));
    assert_eq!(said["links"], serde_json::json!([["wikidata:Q585", "https://www.wikidata.org/wiki/Q585"]]));
    assert_eq!(said["found"], serde_json::json!(["d300"]));
    assert_eq!(said["names"], serde_json::json!([2, 300]));
    assert_eq!(said["sure"], serde_json::json!(["300 documents · 600 mentions · 3 entities", 1]));
    assert_eq!(said["labels"], serde_json::json!([["PER Ann Lee 150 in 150", "PER Ann Lee 150 in 150"], 2]));
    assert_eq!(said["search"], "query");
    assert_eq!(said["contents"], serde_json::json!([200, "show 100 more (100 left)"]));
    assert_eq!((&said["opened"], &said["printed"]), (&3.into(), &0.into()));
}
