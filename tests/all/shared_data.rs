//! The standard corpora, where they lie beside the project: they may not be part of it.
//!
//! Without them the tests say that they were skipped; with `ALLONYM_REQUIRE_SHARED` set they fail instead.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use allonym::io::{Documents, Format, ReadOptions, WriteOptions, Writer};
use allonym::pipeline::{Request, Tagger};
use allonym::text::Document;

pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("ALLONYM_REQUIRE_SHARED").is_none(), "{} is missing", path.display());
    // The macros' output is captured and lost when a test passes; this is not.
    writeln!(std::io::stderr(), "skipped: ../shared/data/{name} is not there").expect("stderr takes a line");
    None
}

fn read(path: &Path) -> Vec<Document> {
    let options = ReadOptions::default().format(Format::Conll);
    let documents = Documents::open(&[path.display().to_string()], &options).expect("the corpus opens");
    documents.collect::<Result<_, _>>().expect("the corpus is sound")
}

fn spans(document: &Document) -> BTreeSet<(usize, usize, String)> {
    document.mentions.iter().map(|m| (m.span.start(), m.span.end(), m.label.to_string())).collect()
}

/// Exact-match F1 in per cent of the embedded model on some documents.
fn f1(head: &str, gold: &[Document]) -> f64 {
    let tagger = Tagger::embedded().expect("the model inside loads");
    let mut found = gold.to_vec();
    let tagged = tagger.tag_all(&mut found, &Request::default().head(head)).expect("the model has the head");
    assert!(tagged.iter().all(Result::is_ok), "the model tags");
    let pairs = || gold.iter().zip(&found).map(|(gold, found)| (spans(gold), spans(found)));
    let correct: usize = pairs().map(|(gold, found)| gold.intersection(&found).count()).sum();
    let all: usize = pairs().map(|(gold, found)| gold.len() + found.len()).sum();
    200.0 * correct as f64 / all as f64
}

#[test]
fn dev_scores_stay_up() {
    for (name, head, at_least) in [("conll2003/dev.conll", "conll", 92.0), ("worldwide/dev.conll", "worldwide", 81.0)] {
        let Some(path) = shared(name) else { continue };
        let gold: Vec<Document> = read(&path).into_iter().step_by(4).collect();
        let f1 = f1(head, &gold);
        assert!(f1 >= at_least, "{name}: F1 {f1:.2} on every fourth document, expected at least {at_least}");
    }
}

#[test]
fn a_whole_corpus_survives_jsonl() {
    let Some(path) = shared("conll2003/dev.conll") else { return };
    let documents = read(&path);
    assert!(documents.len() > 200);
    let mut lines = Vec::new();
    let mut writer = Writer::new(Format::Jsonl, &mut lines, WriteOptions::default()).expect("a writer opens");
    for document in &documents {
        writer.write(document).expect("a document is written");
    }
    writer.finish().expect("the writer finishes");
    let back = Documents::read(std::io::Cursor::new(lines), "dev.jsonl", &ReadOptions::default());
    let back: Vec<Document> = back.collect::<Result<_, _>>().expect("what was written can be read");
    assert_eq!(back.len(), documents.len());
    for (was, is) in documents.iter().zip(&back) {
        assert_eq!((&was.id, &was.text, spans(was)), (&is.id, &is.text, spans(is)));
    }
}

#[test]
fn real_articles_are_read_and_tagged() {
    let Some(folder) = shared("articles") else { return };
    let documents =
        Documents::open(&[folder.display().to_string()], &ReadOptions::default()).expect("the folder opens");
    let mut documents: Vec<Document> = documents.collect::<Result<_, _>>().expect("the articles are sound");
    assert_eq!(documents.len(), 3);
    let tagger = Tagger::embedded().expect("the model inside loads");
    let tagged = tagger.tag_all(&mut documents, &Request::default()).expect("a request without demands");
    assert!(tagged.iter().all(Result::is_ok), "the model tags");
    for document in documents {
        let found: Vec<&str> = document.mentions.iter().map(|mention| &document.text[mention.span.range()]).collect();
        for want in ["Pakistan", "Iran"] {
            assert!(found.contains(&want), "{}: {want} is not in {found:?}", document.id);
        }
    }
}
