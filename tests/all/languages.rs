//! The language of a document, and the model that is chosen by it.
#![cfg(all(feature = "cli", feature = "embedded-model"))]

use std::process::{Command, Output};

use allonym::Document;
use allonym::io::{Documents, ReadOptions};
use allonym::text::Language;

use crate::cli::{allonym, stdout};

fn documents(path: &str) -> Vec<Document> {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let documents = Documents::open(&[path], &ReadOptions::default()).expect("the gold is there");
    documents.map(|document| document.expect("the gold is read")).collect()
}

/// What the text shows, whatever the document says of its language.
fn told(mut document: Document) -> Option<String> {
    document.extra.remove("lang");
    Language::of(&document).map(|language| language.tag().to_owned())
}

#[test]
fn languages_are_told_by_their_texts() {
    for tag in ["ar", "fa", "hi", "ru", "tr", "ur", "zh"] {
        let all = documents(&format!("eval/languages/{tag}.jsonl"));
        let right = all.iter().filter(|document| told((*document).clone()).as_deref() == Some(tag)).count();
        assert_eq!(right, all.len(), "{tag}");
    }
    for gold in ["eval/gold", "eval/gold2"] {
        for document in documents(gold) {
            let (id, told) = (document.id.clone(), told(document));
            assert!(told.as_deref().is_none_or(|tag| tag == "en"), "{id}: {told:?}");
        }
    }
}

#[test]
fn short_texts_in_other_letters_are_not_taken_for_english() {
    for tag in ["ar", "fa", "hi", "ru", "ur", "zh"] {
        for mut document in documents(&format!("eval/languages/{tag}.jsonl")) {
            let line = document.text.lines().next().unwrap_or_default().to_owned();
            document.text = line;
            let told = told(document.clone());
            assert!(told.as_deref().is_some_and(|told| told != "en"), "{}: {told:?}", document.text);
        }
    }
}

/// Ids with the texts of their mentions, of JSONL.
fn found(jsonl: &str) -> Vec<(String, Vec<String>)> {
    let document = |line: &str| {
        let document: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |mention: &serde_json::Value| mention["text"].as_str().unwrap_or_default().to_owned();
        let mentions = document["mentions"].as_array().into_iter().flatten().map(text).collect();
        (document["id"].as_str().unwrap_or_default().to_owned(), mentions)
    };
    jsonl.lines().map(document).collect()
}

const ENGLISH: &str =
    "Foreign Minister Maria Lopez of Uruguay told reporters in Geneva that the talks between the two sides went well.";
const PERSIAN: &str = "عباس عراقچی وزیر امور خارجه ایران روز دوشنبه برای دیدار با همتای عمانی خود وارد مسقط شد.";
const ARABIC: &str = "وصل وزير الخارجية الإيراني عباس عراقجي إلى مسقط يوم الاثنين لإجراء محادثات مع نظيره العماني.";
const GERMAN: &str = "Die Außenministerin Annalena Baerbock reiste am Montag nach Oslo und traf dort Vertreter der norwegischen Regierung. \
                      Am Abend sprach sie mit Journalisten über die Lage im Norden und kehrte danach nach Berlin zurück.";

/// A folder with texts in four languages, and the path of their file.
fn texts() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("in.jsonl");
    let texts = [("en", ENGLISH), ("fa", PERSIAN), ("ar", ARABIC), ("de", GERMAN)];
    let lines = texts.map(|(id, text)| serde_json::json!({ "id": id, "text": text }).to_string() + "\n");
    std::fs::write(&path, lines.concat()).expect("a file");
    let path = path.display().to_string();
    (folder, path)
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn each_document_goes_to_the_model_for_its_language() {
    let (_folder, path) = texts();
    let auto = allonym(&["tag", &path, "--language", "auto"]);
    let said = stderr(&auto);
    assert_eq!(auto.status.code(), Some(0), "{said}");
    assert!(said.contains("3 documents tagged with news-multi"), "{said}");
    let (auto, alone) = (found(stdout(&auto)), allonym(&["tag", &path, "--quiet"]));
    let multi = allonym(&["tag", &path, "--model", "news-multi", "--quiet"]);
    assert_eq!(auto[0], found(stdout(&alone))[0], "English is the built-in model's");
    assert_eq!(auto[1..], found(stdout(&multi))[1..], "the others are those of news-multi");
    for (nth, name) in [(1, "عباس عراقچی"), (2, "عباس عراقجي"), (3, "Annalena Baerbock")] {
        assert!(auto[nth].1.iter().any(|found| found == name), "{:?}", auto[nth]);
    }
    let person =
        allonym(&["tag", &path, "--language", "auto", "--labels", "PER", "--head", "conll", "--quiet", "--to", "tsv"]);
    assert!(stdout(&person).lines().skip(1).all(|row| row.contains("\tPER\t")), "{}", stdout(&person));
}

#[test]
fn a_report_names_both_models() {
    let (folder, path) = texts();
    let report = folder.path().join("run.json");
    let place = report.display().to_string();
    let tagged = allonym(&["tag", &path, "--language", "auto", "--head", "clean", "--report", &place]);
    assert_eq!(tagged.status.code(), Some(0), "{}", stderr(&tagged));
    let report = std::fs::read_to_string(&report).expect("there is a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    assert_eq!((&report["model"]["name"], &report["model"]["head"]), (&"news-en-small".into(), &"clean".into()));
    let name = report["other_model"]["name"].as_str().expect("a name");
    assert!(name.ends_with("news-multi"), "{name}");
    assert_eq!(report["other_model"]["head"], "news", "it has no head clean");
}

#[test]
fn an_evaluation_tags_each_document_with_the_model_for_its_language() {
    let (folder, path) = texts();
    let tagged = folder.path().join("tagged.jsonl").display().to_string();
    let run = allonym(&["tag", &path, "--language", "auto", "-o", &tagged, "--quiet"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    // What was tagged so is its own gold.
    let auto = allonym(&["eval", &tagged, "--language", "auto", "--fail-under", "f1=1", "--brief"]);
    let said = stderr(&auto);
    assert_eq!(auto.status.code(), Some(0), "{said}");
    assert!(said.contains("3 documents tagged with news-multi"), "{said}");
    assert!(stdout(&auto).contains("news-en-small+news-multi"), "{}", stdout(&auto));
    let fa = allonym(&["eval", &tagged, "--language", "fa", "--brief", "--quiet"]);
    assert!(stdout(&fa).contains(" news-multi"), "{}", stdout(&fa));
    for options in [&["--language", "xx"][..], &["--language", "fa", "--model", "news-multi"], &["--head", "news"]] {
        let wrong = allonym(&[&["eval", &tagged], options].concat());
        assert_eq!(wrong.status.code(), Some(2), "{options:?}: {}", stderr(&wrong));
    }
}

#[test]
fn a_model_that_a_language_chooses_is_not_written_into() {
    let (folder, path) = texts();
    let models = folder.path().join("models");
    let model = models.join("news-multi");
    std::fs::create_dir_all(&model).expect("a folder");
    let known = format!("{}/models/news-multi", env!("CARGO_MANIFEST_DIR"));
    for file in std::fs::read_dir(known).expect("a model").flatten() {
        std::fs::copy(file.path(), model.join(file.file_name())).expect("a copy");
    }
    let config = model.join("config.json");
    let before = std::fs::read(&config).expect("a file");
    let into = config.display().to_string();
    for (command, options) in [
        ("tag", ["--language", "auto"]),
        ("tag", ["--language", "fa"]),
        ("tag", ["--model", "news-multi"]),
        ("top", ["--language", "auto"]),
        ("redact", ["--language", "auto"]),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_allonym"));
        program.env("ALLONYM_MODELS", &models).arg(command).arg(&path).args(options).args(["-o", &into]);
        match command {
            "top" => program.args(["--to", "tsv"]),
            "redact" => program.arg("--table").arg(folder.path().join("who.jsonl")),
            _ => &mut program,
        };
        let run = program.output().expect("the program runs");
        assert_eq!(run.status.code(), Some(2), "{command} {options:?}: {}", stderr(&run));
        let want = format!("a part of {}", options[0]);
        assert!(stderr(&run).contains(&want), "{command} {options:?}: {}", stderr(&run));
        assert_eq!(std::fs::read(&config).expect("a file"), before, "{command} {options:?}");
    }
}

#[test]
fn texts_are_counted_by_the_models_for_their_languages() {
    let (_folder, path) = texts();
    let top = allonym(&["top", &path, "--language", "auto", "--to", "json", "--limit", "0"]);
    let said = stderr(&top);
    assert_eq!(top.status.code(), Some(0), "{said}");
    assert!(said.contains("3 documents tagged with news-multi"), "{said}");
    for name in ["Annalena Baerbock", "Maria Lopez"] {
        assert!(stdout(&top).contains(name), "{name}: {}", stdout(&top));
    }
    let skipped = allonym(&["top", &path, "--on-language", "skip", "--to", "json", "--limit", "0"]);
    assert!(stderr(&skipped).contains("3 documents not tagged"), "{}", stderr(&skipped));
    assert!(!stdout(&skipped).contains("Baerbock"), "{}", stdout(&skipped));
}

#[cfg(feature = "redact")]
#[test]
fn names_are_replaced_by_the_models_for_their_languages() {
    let (folder, path) = texts();
    let table = folder.path().join("who.jsonl").display().to_string();
    let redacted = allonym(&["redact", &path, "--language", "auto", "--table", &table, "--to", "jsonl"]);
    let said = stderr(&redacted);
    assert_eq!(redacted.status.code(), Some(0), "{said}");
    assert!(said.contains("3 documents tagged with news-multi"), "{said}");
    for name in ["Annalena Baerbock", "Maria Lopez", "عباس عراقچی"] {
        assert!(!stdout(&redacted).contains(name), "{name}: {}", stdout(&redacted));
    }
    let undone = allonym(&["redact", "--undo", &path, "--table", &table, "--language", "auto"]);
    assert_eq!(undone.status.code(), Some(2), "{}", stderr(&undone));
}

#[cfg(all(unix, feature = "review"))]
#[test]
fn a_review_has_each_document_from_the_model_for_its_language() {
    let (folder, path) = texts();
    let options = ["review", &path, "--language", "auto", "--no-open", "-o", "work"];
    let opened = crate::review::opened::Opened::run(folder.path(), &options);
    for (nth, name) in ["Maria Lopez", "عباس عراقچی", "عباس عراقجي", "Annalena Baerbock"].into_iter().enumerate()
    {
        let document = opened.document(nth);
        let mentions = document["mentions"].as_array().expect("a list");
        let units: Vec<u16> = document["text"].as_str().expect("a text").encode_utf16().collect();
        let surface = |mention: &serde_json::Value| {
            let place = |name: &str| mention[name].as_u64().expect("a number") as usize;
            String::from_utf16_lossy(&units[place("start")..place("end")])
        };
        assert!(mentions.iter().any(|mention| surface(mention) == name), "{name}: {document}");
    }
    drop(opened);
    let skipped = ["review", &path, "--on-language", "skip", "--no-open", "-o", "other"];
    let opened = crate::review::opened::Opened::run(folder.path(), &skipped);
    assert_eq!(opened.get("/api/documents")["documents"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_language_without_a_model_is_refused() {
    let lines: [&[&str]; 5] = [
        &["tag", "--text", "Rain in Beirut"],
        &["top", "eval/articles"],
        &["redact", "eval/articles", "--recall"],
        &["review", "eval/articles", "--no-page"],
        &["serve", "--listen", "127.0.0.1:0"],
    ];
    for line in lines {
        let refused = allonym(&[line, &["--language", "xx"]].concat());
        let message = stderr(&refused);
        assert_eq!(refused.status.code(), Some(2), "{line:?}: {message}");
        let want = "--language: expected auto or a language that a model here is for (news-en-small: en";
        assert!(message.contains(want), "{line:?}: {message}");
    }
    let refused = allonym(&["tag", "--text", "Rain", "--language", "en", "--model", "news-en-small"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    let tagged = allonym(&["tag", "--language", "en", "--text", "Rain in Beirut", "--to", "tsv"]);
    assert!(stdout(&tagged).contains("Beirut"), "{}", stdout(&tagged));
}
