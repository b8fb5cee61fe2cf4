//! How well the article of a web page is found: texts of `eval/gold` in pages as sites build them, by the words that come out.
//!
//! A line of `tests/fixtures/pages/*.html` with `{p}` comes once for each paragraph; one that ends with `{3}` after every third.
#![cfg(all(feature = "cli", feature = "html"))]
#![expect(clippy::print_stdout, reason = "the figures are for people")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::cli::{allonym, stdout};

/// The page of an article.
fn page(template: &str, title: &str, paragraphs: &[&str]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let (mut page, mut between) = (String::new(), None);
    let lines: Vec<&str> = template.lines().collect();
    let at = lines.iter().position(|line| line.contains("{p}")).expect("a line for paragraphs");
    let mut rest = at + 1;
    if let Some((line, every)) = lines[rest].strip_suffix('}').and_then(|line| line.rsplit_once('{')) {
        between = Some((line, every.parse::<usize>().expect("a number")));
        rest += 1;
    }
    let put = |page: &mut String, line: &str| {
        *page += &line.replace("{title}", &escaped(title));
        page.push('\n');
    };
    lines[..at].iter().for_each(|line| put(&mut page, line));
    for (nth, paragraph) in paragraphs.iter().enumerate() {
        put(&mut page, &lines[at].replace("{p}", &escaped(paragraph)));
        if let Some((line, _)) = between.filter(|(_, every)| (nth + 1) % every == 0) {
            put(&mut page, line);
        }
    }
    lines[rest..].iter().for_each(|line| put(&mut page, line));
    page
}

fn words(text: &str) -> HashMap<&str, usize> {
    let mut words = HashMap::new();
    text.split_whitespace().for_each(|word| *words.entry(word).or_default() += 1);
    words
}

#[test]
fn the_words_of_an_article_come_out_of_its_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut articles = Vec::new();
    for entry in fs::read_dir(root.join("eval/gold")).expect("the gold is there") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            for line in fs::read_to_string(path).expect("UTF-8").lines() {
                let document: serde_json::Value = serde_json::from_str(line).expect("JSON");
                articles.push(document["text"].as_str().expect("a text").to_owned());
            }
        }
    }
    assert!(articles.len() > 40);
    let mut kinds: Vec<_> = fs::read_dir(root.join("tests/fixtures/pages"))
        .expect("pages")
        .map(|entry| entry.expect("a file").path())
        .collect();
    kinds.sort();
    let mut lowest = Vec::new();
    let (mut found, mut wanted, mut right) = (0, 0, 0);
    for kind in kinds {
        let template = fs::read_to_string(&kind).expect("UTF-8");
        let name = kind.file_stem().expect("a name").to_string_lossy().into_owned();
        let of_kind = folder.path().join(&name);
        fs::create_dir(&of_kind).expect("a folder");
        for (nth, article) in articles.iter().enumerate() {
            let mut paragraphs = article.split('\n').map(str::trim).filter(|paragraph| !paragraph.is_empty());
            let title = paragraphs.next().expect("a title");
            let page = page(&template, title, &paragraphs.collect::<Vec<_>>());
            fs::write(of_kind.join(format!("{nth:03}.html")), page).expect("a file");
        }
        let output = allonym(&["convert", &of_kind.display().to_string(), "--quiet"]);
        let texts: Vec<String> = stdout(&output)
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON")["text"]
                    .as_str()
                    .expect("a text")
                    .to_owned()
            })
            .collect();
        assert_eq!(texts.len(), articles.len());
        let (mut of_kind_found, mut of_kind_wanted, mut of_kind_right) = (0, 0, 0);
        for (text, article) in texts.iter().zip(&articles) {
            let (text, article) = (words(text), words(article));
            of_kind_found += text.values().sum::<usize>();
            of_kind_wanted += article.values().sum::<usize>();
            of_kind_right += text.iter().map(|(word, n)| n.min(article.get(word).unwrap_or(&0))).sum::<usize>();
        }
        let of = |n: usize| of_kind_right as f64 / n as f64;
        lowest.push(format!("{name}: precision {:.3}, recall {:.3}", of(of_kind_found), of(of_kind_wanted)));
        found += of_kind_found;
        wanted += of_kind_wanted;
        right += of_kind_right;
    }
    let (precision, recall) = (right as f64 / found as f64, right as f64 / wanted as f64);
    println!("{}\nprecision {precision:.3}, recall {recall:.3}", lowest.join("\n"));
    assert!(
        precision >= 0.895 && recall >= 0.988,
        "precision {precision:.3}, recall {recall:.3}\n{}",
        lowest.join("\n")
    );
}
