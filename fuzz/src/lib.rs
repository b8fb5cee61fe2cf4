//! What is fuzzed: bytes from outside go through a part of the library, and what must hold of any bytes is asserted.
//!
//! `cargo fuzz run TARGET` finds new inputs. The tests of the library replay `fuzz/corpus` through the same functions, on any compiler.

use std::io::Write as _;
use std::sync::OnceLock;

use allonym::encode::{InputFormat, Tokenizer};
use allonym::eval::report::{Report, ReportOptions};
use allonym::eval::{Input, PairingOptions, pair};
use allonym::io::{
    Documents, Format, MentionTable, NameFormat, NameTable, ReadOptions, WriteOptions, Writer, jsonl as line,
};
use allonym::link::names::NameModel;
use allonym::model::{Native, Precision};
use allonym::text::{OffsetUnit, Offsets, segment};
use allonym::{Document, Label, LinkOptions, Linker, Mention, Pool, Span, Tagger};

fn read(data: &[u8], name: &str, format: Option<Format>) -> Vec<Document> {
    let options = ReadOptions::default().format(format).max_document(1 << 20);
    let documents: Vec<Document> =
        Documents::read(std::io::Cursor::new(data.to_vec()), name, &options).flatten().collect();
    documents.iter().for_each(check);
    documents
}

/// Every span slices the text.
fn check(document: &Document) {
    for mention in &document.mentions {
        assert!(mention.span.slice(&document.text).is_some(), "{:?} in {:?}", mention.span, document.id);
    }
}

/// The fields that a document carries, in any order: the writer has places of its own for some.
fn fields(document: &Document) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> =
        document.extra.iter().map(|(name, value)| (name.to_owned(), value.get().to_owned())).collect();
    fields.sort();
    fields
}

fn written(documents: &[Document], format: Format, options: WriteOptions) -> Vec<u8> {
    try_written(documents, format, options).expect("a vector takes everything")
}

fn try_written(documents: &[Document], format: Format, options: WriteOptions) -> Result<Vec<u8>, allonym::io::Error> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(format, &mut bytes, options).expect("a stream takes it");
    for document in documents {
        // What the format cannot hold is an error.
        let _ = writer.write(document);
    }
    writer.finish()?;
    Ok(bytes)
}

/// Parquet and Arrow: what can be read is the same when written and read again.
#[cfg(feature = "arrow")]
pub fn columns(data: &[u8]) {
    let name = if data.starts_with(b"PAR1") { "a.parquet" } else { "a.arrow" };
    let documents = read(data, name, None);
    for format in [Format::Parquet, Format::Arrow] {
        let bytes = match try_written(&documents, format, WriteOptions::default()) {
            Ok(bytes) => bytes,
            // The one thing that Arrow can hold and Parquet cannot.
            Err(error) => {
                assert!(
                    format == Format::Parquet && format!("{error:?}").contains("a struct without fields"),
                    "{error:?}"
                );
                continue;
            }
        };
        let again = read(&bytes, "a", None);
        assert_eq!(again.len(), documents.len(), "{format}");
        for (again, document) in again.iter().zip(&documents) {
            assert_eq!((&again.id, &again.text), (&document.id, &document.text), "{format}");
            let spans = |document: &Document| document.mentions.iter().map(|mention| mention.span).collect::<Vec<_>>();
            assert_eq!(spans(again), spans(document), "{format}");
        }
    }
}

/// JSONL: read, written and read again it is the same, in each unit of offsets.
pub fn jsonl(data: &[u8]) {
    let documents = read(data, "a.jsonl", Some(Format::Jsonl));
    for unit in OffsetUnit::ALL {
        let bytes = written(&documents, Format::Jsonl, WriteOptions::default().offsets(unit));
        let again = read(&bytes, "a.jsonl", Some(Format::Jsonl));
        assert_eq!(again.len(), documents.len(), "{unit}");
        for (again, document) in again.iter().zip(&documents) {
            let plain = |document: &Document| Document { extra: Default::default(), ..document.clone() };
            assert_eq!(plain(again), plain(document), "{unit}");
            assert_eq!(fields(again), fields(document), "{unit}");
        }
    }
    for document in &documents {
        if let Ok(text) = line::to_string(document) {
            assert_eq!(line::from_str(&text).expect("it is a document").mentions, document.mentions);
        }
    }
    for format in [Format::Conll, Format::Html, Format::Tsv] {
        written(&documents, format, WriteOptions::default());
    }
}

/// CoNLL: what is written can be read, with the same mentions.
pub fn conll(data: &[u8]) {
    let documents = read(data, "a.conll", Some(Format::Conll));
    let again = read(&written(&documents, Format::Jsonl, WriteOptions::default()), "a.jsonl", Some(Format::Jsonl));
    assert_eq!(again.len(), documents.len());
    written(&documents, Format::Conll, WriteOptions::default());
}

/// HTML: any bytes are a page or an error.
pub fn html(data: &[u8]) {
    read(data, "a.html", Some(Format::Html));
}

/// Any bytes are documents or errors, compressed or not, in whatever format they look like.
pub fn any_format(data: &[u8]) {
    read(data, "a", None);
}

/// brat: the bytes before the first NUL are the text, those behind it the annotations.
pub fn brat(data: &[u8]) {
    let cut = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (text, annotations) = (&data[..cut], &data[(cut + 1).min(data.len())..]);
    let folder = tempfile_folder();
    std::fs::write(folder.join("a.txt"), text).expect("a file");
    std::fs::write(folder.join("a.ann"), annotations).expect("a file");
    let options = ReadOptions::default();
    let documents: Vec<Document> =
        Documents::open([folder.join("a.txt")], &options).expect("it is there").flatten().collect();
    documents.iter().for_each(check);
}

/// A folder of this process for files that must be files.
fn tempfile_folder() -> std::path::PathBuf {
    let name = format!("allonym-fuzz-{}-{:?}", std::process::id(), std::thread::current().id());
    let folder = std::env::temp_dir().join(name.replace(['(', ')'], ""));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Tables of mentions: each row is a mention of the text, or an error.
pub fn mention_table(data: &[u8]) {
    let path = tempfile_folder().join("a.tsv");
    let mut file = std::fs::File::create(&path).expect("a file");
    file.write_all(b"doc\tstart\tend\tlabel\ttext\n").and_then(|()| file.write_all(data)).expect("it is written");
    let texts = [Document::new("a", "Zo\u{eb} met \u{1d54f} in Beirut."), Document::new("b", "")];
    if let Ok((table, _)) = MentionTable::open(&path) {
        for unit in OffsetUnit::ALL {
            table.documents(&texts, unit).0.iter().for_each(check);
        }
    }
}

/// Tables of names: rows or errors.
pub fn name_table(data: &[u8]) {
    for name in ["a.tsv", "a.csv", "a.jsonl"] {
        let read = NameTable::read(std::io::Cursor::new(data.to_vec()), NameFormat::from_name(name), name);
        drop(read.map(NameTable::identified));
    }
}

/// Text to mentions with the model inside: the same twice, and every span slices the text.
pub fn text_to_mentions(data: &[u8]) {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    let tagger = TAGGER.get_or_init(|| Tagger::embedded().expect("the model is inside").on(Pool::new(1)));
    let text = String::from_utf8_lossy(data);
    let once = tagger.tag_text(&text).expect("any text is tagged");
    let document = Document { mentions: once.clone(), ..Document::new("a", &*text) };
    check(&document);
    assert_eq!(once, tagger.tag_text(&text).expect("any text is tagged"));
}

/// Two names, one on each line: their likeness is symmetric, and a probability.
pub fn names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (one, other) = text.split_once('\n').unwrap_or((&text, ""));
    let model = NameModel::embedded();
    let (one, other) = (model.parse(one), model.parse(other));
    let (there, back) = (model.probability(&one, &other), model.probability(&other, &one));
    assert!((0.0..=1.0).contains(&there) && (there - back).abs() < 1e-9, "{there} {back}");
}

/// Names on lines, each with a letter for its label in front, an empty line between documents.
fn named(data: &[u8]) -> Vec<Document> {
    let text = String::from_utf8_lossy(data);
    let document = |(nth, part): (usize, &str)| {
        let mut document = Document::new(format!("d{nth}"), part);
        let mut at = 0;
        for line in part.split('\n') {
            let mut letters = line.chars();
            let label = letters.next().map(|label| match label {
                'P' => "PER",
                'O' => "ORG",
                'L' => "LOC",
                _ => "MISC",
            });
            if let Some(label) = label.filter(|_| !letters.as_str().is_empty()) {
                let start = at + line.len() - letters.as_str().len();
                document.mentions.push(Mention::new(Span::new(start, at + line.len()), Label::new(label)));
            }
            at += line.len() + 1;
        }
        document
    };
    text.split("\n\n").enumerate().map(document).collect()
}

/// Linking: every mention of a name gets an entity, and the order of documents changes nothing.
pub fn link(data: &[u8]) {
    let linker = Linker::new(LinkOptions::default().pool(Pool::new(1)));
    let mut documents = named(data);
    let mut turned: Vec<Document> = documents.iter().rev().cloned().collect();
    linker.link_documents(&mut documents).expect("every span slices the text");
    linker.link_documents(&mut turned).expect("every span slices the text");
    turned.reverse();
    for (one, other) in documents.iter().zip(&turned) {
        let ids =
            |document: &Document| document.mentions.iter().map(|mention| mention.entity.clone()).collect::<Vec<_>>();
        assert_eq!(ids(one), ids(other));
    }
    jsonl(&written(&documents, Format::Jsonl, WriteOptions::default()));
}

/// Evaluation: the bytes before the first NUL are the gold, those behind it a system; every form of the report is written.
pub fn eval(data: &[u8]) {
    let cut = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let gold = named(&data[..cut]);
    let mut system = named(&data[(cut + 1).min(data.len())..]);
    // The same texts; what does not fit them is left out.
    for (nth, document) in system.iter_mut().enumerate() {
        document.text = gold.get(nth).map(|gold| gold.text.clone()).unwrap_or_default();
        let text = &document.text;
        document.mentions.retain(|mention| mention.span.slice(text).is_some());
    }
    let options = PairingOptions::default().missing(allonym::eval::Missing::Count).pool(Pool::new(1));
    if let Ok(pairing) = pair(Input::new("gold", gold), vec![Input::new("system", system)], &options) {
        let report = Report::new(&pairing, &ReportOptions::default().samples(3).trials(3).pool(Pool::new(1)));
        let metrics = report.metrics.values().flatten();
        assert!(metrics.into_iter().all(|metric| metric.is_finite()));
        drop((report.text(str::to_owned), report.markdown(), report.html(&pairing.corpus)));
    }
}

/// Weights: the bytes are a safetensors file for a small model.
pub fn safetensors(data: &[u8]) {
    let config = br#"{"model_type":"bert","vocab_size":30,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":16,"max_position_embeddings":32,"type_vocab_size":2,"hidden_act":"gelu","layer_norm_eps":1e-12,"id2label":{"0":"O","1":"B-PER","2":"I-PER"}}"#;
    for precision in [Precision::F32, Precision::Int8] {
        drop(Native::from_bytes(config, data.to_vec(), precision));
    }
}

/// Tokenizers: the bytes are a tokenizer.json; what can be loaded splits a text.
pub fn tokenizer(data: &[u8]) {
    if let Ok(tokenizer) = Tokenizer::from_bytes(data, InputFormat::default()) {
        let text = "Zo\u{eb} met Bob in Beirut.";
        drop(tokenizer.pieces(text, &segment::words_of_text(text)));
    }
}

/// Configurations: the bytes are a config.json.
pub fn config(data: &[u8]) {
    drop(Native::from_bytes(data, Vec::new(), Precision::F32));
}

/// Words and sentences lie in order inside the text, and offsets convert there and back.
pub fn segments(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let offsets = OffsetUnit::ALL.map(|unit| Offsets::new(&text, unit));
    let mut end = 0;
    for word in segment::words_of_text(&text) {
        assert!(word.span.start() >= end && word.span.slice(&text).is_some_and(|word| !word.is_empty()));
        end = word.span.end();
        assert!(offsets.iter().all(|offsets| offsets.units(word.span).is_some()));
    }
    for sentence in segment::sentences(&text) {
        assert!(sentence.iter().all(|word| word.slice(&text).is_some()));
    }
}
