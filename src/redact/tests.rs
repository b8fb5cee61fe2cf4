//! Whatever the mentions are, the texts come back.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{FieldsKept, Occurrences, RedactOptions, Redactor, Style, Table};
use crate::link::Linker;
use crate::text::{Document, Label, Mention, Span};

const WORDS: [&str; 16] = [
    "Maria",
    "Lopez",
    "lopez",
    "Ann",
    "Lee",
    "Person",
    "1",
    "2",
    "said",
    "Oslo",
    "\u{f6}",
    "\u{1f600}",
    "\r\n",
    "'s",
    "-",
    ".",
];

/// A text of some words, with mentions at some of its characters, overlapping or not.
fn document(id: usize, words: &[usize], marks: &[(usize, usize, bool)]) -> Document {
    let text: Vec<&str> = words.iter().map(|&word| WORDS[word]).collect();
    let mut document = Document::new(id.to_string(), text.join(if id.is_multiple_of(2) { " " } else { "" }));
    let places: Vec<usize> = document.text.char_indices().map(|(at, _)| at).chain([document.text.len()]).collect();
    for &(start, length, is_person) in marks {
        let start = start % places.len();
        let end = (start + length).min(places.len() - 1);
        if start < end {
            let label = Label::new(if is_person { "PER" } else { "LOC" });
            document.mentions.push(Mention::new(Span::new(places[start], places[end]), label));
        }
    }
    document.mentions.sort_by_key(|mention| mention.span);
    document.extra.insert("title".to_owned(), format!("{} Lopez", WORDS[words.len() % WORDS.len()]).into());
    document.extra.insert("url".to_owned(), "a:lopez".into());
    document
}

/// One for all cases, so that not each starts threads of its own.
static LINKER: LazyLock<Linker> = LazyLock::new(Linker::default);

/// Redacts some documents, and goes on with a table.
fn redact(table: Table, options: &RedactOptions, documents: &[Document]) -> (Vec<Document>, Table) {
    let mut redactor = Redactor::new(table, options.clone());
    let joined: Vec<Document> = documents.iter().map(|document| redactor.join(document.clone())).collect();
    joined.iter().for_each(|document| redactor.add(document).expect("the spans slice the text"));
    let mut redaction = redactor.link(&LINKER);
    let redacted = joined.into_iter().enumerate();
    let redacted = redacted.map(|(nth, document)| redaction.redact(nth, document).expect("it was added"));
    (redacted.collect(), redaction.into_table())
}

fn written(table: &Table) -> Table {
    let mut bytes = Vec::new();
    table.write(&mut bytes).expect("a vector takes it");
    Table::read(bytes.as_slice(), "table").expect("it was just written")
}

proptest! {
    #[test]
    fn what_was_redacted_comes_back(
        drawn in prop::collection::vec(
            (prop::collection::vec(0..WORDS.len(), 0..12), prop::collection::vec((0_usize..30, 1_usize..9, any::<bool>()), 0..5)),
            1..5,
        ),
        all in any::<bool>(),
        names in any::<bool>(),
    ) {
        let documents: Vec<Document> = drawn.iter().enumerate().map(|(id, (words, marks))| document(id, words, marks)).collect();
        let occurrences = if all { Occurrences::All } else { Occurrences::Mentions };
        let options = RedactOptions::default().occurrences(occurrences);
        let style = if names { Style::Names } else { Style::Numbers };
        let (redacted, table) = redact(Table::new(style, 3), &options, &documents);
        let table = written(&table);
        for (before, after) in documents.iter().zip(&redacted) {
            prop_assert!(after.mentions.iter().all(|mention| mention.span.slice(&after.text) == mention.entity.as_deref()));
            prop_assert_eq!(after.extra.get("url"), None);
            let back = table.undo(after.clone()).expect("nobody has edited it");
            prop_assert_eq!(&back.text, &before.text);
            prop_assert_eq!(back.extra.get("title"), before.extra.get("title"));
            prop_assert_eq!(back.extra.get("url"), before.extra.get("url"));
        }
        // The same again gives the same, and adds nothing.
        let (again, table_again) = redact(table.clone(), &options, &documents);
        let overlap = |document: &Document| document.mentions.windows(2).any(|pair| pair[0].span.overlaps(pair[1].span));
        if documents.iter().any(overlap) {
            return Ok(());
        }
        prop_assert_eq!(&again, &redacted);
        prop_assert_eq!(table_again.entries(), table.entries());
        prop_assert_eq!(table_again.records().len(), table.records().len());
    }
}

#[test]
fn other_documents_and_broken_ones_are_refused() {
    let options = RedactOptions::default().fields(FieldsKept::All);
    let one = document(0, &[0, 1], &[(0, 5, true)]);
    let mut redactor = Redactor::new(Table::default(), options);
    redactor.add(&one).expect("the spans slice the text");
    let mut broken = Document::new("b", "\u{f6}");
    broken.mentions.push(Mention::new(Span::new(0, 1), Label::new("PER")));
    redactor.add(&broken).expect_err("the span cuts a character");
    let mut redaction = redactor.link(&LINKER);
    let error = redaction.redact(0, Document::new("0", "other")).expect_err("it has no mentions").to_string();
    assert_eq!(error, "document 0: expected the 1 mentions that were added, found 0");
    assert!(redaction.redact(1, Document::new("1", "other")).is_err());
    assert!(redaction.redact(0, one).is_ok());
}
