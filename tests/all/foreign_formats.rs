//! Are the annotations of other tools read as they are meant, and written so that these read them? The files come from the tools
//! themselves where these can be installed (`tests/fixtures/formats/make.py`), else they follow what the tools document.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use allonym::io::{Documents, Encoding, FilesRead, Format, ReadOptions, WriteOptions, Writer};
use allonym::text::Document;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name)
}

fn marked(document: &Document) -> Vec<String> {
    let mentions = document.mentions.iter();
    mentions.map(|m| format!("{}/{}", m.span.slice(&document.text).expect("it is in the text"), m.label)).collect()
}

/// The marked mentions of each document or its error, and the notices.
fn read(documents: Documents) -> (Vec<Result<Vec<String>, String>>, Vec<String>) {
    let mut documents = documents;
    let results = documents.by_ref().map(|document| document.map(|d| marked(&d)).map_err(|error| error.to_string()));
    let results = results.collect();
    (results, documents.take_notices().iter().map(ToString::to_string).collect())
}

fn read_text(text: &str, name: &str) -> (Vec<Result<Vec<String>, String>>, Vec<String>) {
    read(Documents::read(Cursor::new(text.to_owned().into_bytes()), name, &ReadOptions::default()))
}

const FLAT: [&[&str]; 3] = [&["Clara Dunn/PER", "Oslo/LOC"], &["Omar Diaz/PER", "Bank of Chile/ORG"], &[]];
const NESTED: [&[&str]; 3] =
    [&["Clara Dunn/PER", "Oslo/LOC"], &["Omar Diaz/PER", "Bank of Chile/ORG", "Chile/LOC"], &[]];

fn wanted(want: [&[&str]; 3]) -> Vec<Result<Vec<String>, String>> {
    want.iter().map(|marks| Ok(marks.iter().map(|mark| (*mark).to_owned()).collect())).collect()
}

#[test]
fn files_of_other_tools_are_read_by_content_and_by_name() {
    let cases = [
        ("spacy_doc.jsonl", Format::Spacy, NESTED),
        ("spacy_train.json", Format::Spacy, FLAT),
        ("doccano.jsonl", Format::Doccano, NESTED),
        ("prodigy.jsonl", Format::Prodigy, NESTED),
        ("label_studio_json.json", Format::LabelStudio, NESTED),
        ("label_studio_json_min.json", Format::LabelStudio, NESTED),
        ("label_studio_csv.csv", Format::Csv, NESTED),
        ("hf.jsonl", Format::HuggingFace, NESTED),
    ];
    for (name, format, want) in cases {
        for format in [None, Some(format)] {
            let options = ReadOptions::default().format(format);
            let (got, notices) = read(Documents::open([fixture(name)], &options).expect("the file exists"));
            assert_eq!(got, wanted(want), "{name} {format:?}");
            let (from, others): (Vec<_>, Vec<_>) =
                notices.iter().partition(|notice| notice.contains("mentions read from the field"));
            assert_eq!(from.is_empty(), format.is_some_and(|format| format != Format::Csv), "{name}: {notices:?}");
            let rejected = others.iter().all(|notice| notice.ends_with("whose \"answer\" is reject or ignore"));
            assert!(rejected && others.len() == usize::from(name.starts_with("prodigy")), "{name}: {notices:?}");
        }
    }
}

#[test]
fn what_is_written_for_other_tools_is_read_again() {
    let documents: Vec<Document> = Documents::open([fixture("doccano.jsonl")], &ReadOptions::default())
        .expect("the file exists")
        .map(|document| document.expect("sound lines"))
        .collect();
    for format in [Format::Spacy, Format::Doccano, Format::Prodigy, Format::LabelStudio, Format::HuggingFace] {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(format, &mut bytes, WriteOptions::default()).expect("it goes into a stream");
        documents.iter().for_each(|document| writer.write(document).expect("it is written"));
        writer.finish().expect("memory");
        for format in [None, Some(format)] {
            let again = Documents::read(Cursor::new(bytes.clone()), "a.json", &ReadOptions::default().format(format));
            let again: Vec<Document> = again.map(|document| document.expect("it was just written")).collect();
            let got: Vec<_> = again.iter().map(|document| Ok(marked(document))).collect();
            assert_eq!(got, wanted(NESTED), "{format:?} {}", String::from_utf8_lossy(&bytes));
            assert_eq!(again.iter().map(|document| document.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
        }
    }
}

#[test]
fn annotations_in_an_unknown_form_are_named() {
    let line = r#"{"text": "Clara left Oslo.", "ner": [["Clara", "PER"]], "tags": ["a"], "marks": [{"begin_at": 0, "kind": 7}]}"#;
    let (got, notices) = read_text(line, "a.jsonl");
    assert_eq!(got, [Ok(vec![])]);
    assert_eq!(notices.len(), 2, "{notices:?}");
    for (notice, field) in notices.iter().zip(["marks", "ner"]) {
        assert!(notice.starts_with(&format!("a.jsonl: field \"{field}\" looks like annotations")), "{notice}");
    }
    let bad = r#"{"text": "Clara left.", "entities": [[0, 5, "PER"], [6, "LOC"]]}"#;
    let error = read_text(bad, "a.jsonl").0[0].clone().expect_err("one is no mention");
    assert!(error.starts_with("a.jsonl:1: expected a mention as [start, end, label]"), "{error}");
    let alone = r#"[{"entity_group": "PER", "score": 0.9, "word": "Clara", "start": 0, "end": 5}]"#;
    let error = read_text(alone, "a.json").0[0].clone().expect_err("the text is missing");
    assert!(error.ends_with("found a list of mentions without their text"), "{error}");
    let table = "doc,start,end,label\na,0,5,PER\n";
    let error = read_text(table, "a.csv").0[0].clone().expect_err("the text is missing");
    assert!(error.contains("only scored (eval)"), "{error}");
}

#[test]
fn json_over_many_lines_and_lists_inside_of_objects_are_documents() {
    let ids = |text: &str| -> Vec<String> {
        let documents = Documents::read(Cursor::new(text.to_owned().into_bytes()), "a.json", &ReadOptions::default());
        documents.map(|document| document.map_or_else(|error| error.to_string(), |document| document.id)).collect()
    };
    assert_eq!(ids("{\n \"id\": \"x\",\n \"text\": \"Oslo\"\n}\n"), ["x"]);
    assert_eq!(ids("{\"text\": \"a\"}\n{\"text\": \"b\"}\n"), ["a:1", "a:2"]);
    assert_eq!(ids("[{\"text\": \"a\"},\n{\"text\": \"b\"}]"), ["a:1", "a:2"]);
    assert_eq!(
        ids("{\"status\": \"ok\", \"articles\": [{\"id\": \"p\", \"text\": \"a\"}, {\"text\": 7}]}"),
        ["p", "a.json:1: expected a string as \"text\", found the number 7 in column 10",]
    );
    assert_eq!(
        ids("{\n \"text\": \"Oslo\",\n}\n"),
        ["a.json:3: expected JSON, found key must be a string in column 1"]
    );
    assert_eq!(ids("[]"), [""; 0]);
}

#[test]
fn tables_have_documents_and_mentions() {
    let (got, _) = read_text("id;text;url\n1;\"Oslo; Bonn\";x\n2;Rome;y\n", "a.csv");
    assert_eq!(got, [Ok(vec![]), Ok(vec![])]);
    let rows = "id,text,start,end,label\n1,Clara left Oslo,0,5,PER\n1,Clara left Oslo,11,15,LOC\n2,Rome,,,\n";
    let (got, _) = read_text(rows, "a.csv");
    let marks = |list: &[&str]| Ok(list.iter().map(|mark| (*mark).to_owned()).collect());
    assert_eq!(got, [marks(&["Clara/PER", "Oslo/LOC"]), marks(&[])]);
}

#[test]
fn tags_are_read_however_they_are_spelled() {
    let cases = [
        ("IO", "Clara PER\nDunn PER\nleft O\nOslo LOC\n", "Clara Dunn/PER; Oslo/LOC"),
        ("lower case", "Clara b-per\nDunn i-per\nleft o\n", "Clara Dunn/per"),
        ("an underscore", "Clara B_PER\nDunn I_PER\nleft O\n", "Clara Dunn/PER"),
        ("the label first", "Clara PER-B\nDunn PER-I\nleft O\n", "Clara Dunn/PER"),
        ("no type", "Clara B\nDunn I\nleft O\n", "Clara Dunn/_"),
        (
            "UNER",
            "# sent_id = 1\n# text = Clara Dunn left\n1\tClara\tB-PER\t-\t-\n2\tDunn\tI-PER\t-\t-\n3\tleft\tO\t-\t-\n",
            "Clara Dunn/PER",
        ),
        (
            "GermEval",
            "#\tnews [2009-10-17]\n1\tClara\tB-PER\tO\n2\tDunn\tI-PER\tB-LOC\n3\tleft\tO\tO\n",
            "Clara Dunn/PER",
        ),
        (
            "CoNLL-U",
            "1\tClara\t_\tX\t_\t_\t3\tx\t_\tNE=B-PER|SpaceAfter=No\n2\tDunn\t_\tX\t_\t_\t1\tx\t_\tNE=I-PER\n3\tleft\t_\tX\t_\t_\t0\tx\t_\t_\n",
            "Clara Dunn/PER",
        ),
        (
            "an id of a sentence",
            "# id 9f2c domain=news\nClara _ _ B-PER\nDunn _ _ I-PER\nleft _ _ O\n",
            "Clara Dunn/PER",
        ),
        ("a remark", "# a short remark\nClara B-PER\nDunn I-PER\nleft O\n", "Clara Dunn/PER"),
        ("a token that looks like one", "# O\nClara B-PER\nleft O\n", "Clara/PER"),
        ("a document's name", "-DOCSTART- (1 EU)\tO\n\nClara\tB-PER\nleft\tO\n", "Clara/PER"),
        ("tabs and blanks", "Clara\tX B-PER\nDunn X\tI-PER\nleft\tX O\n", "Clara Dunn/PER"),
        ("tabs at the end", "Clara\tB-PER\t\nDunn\tI-PER\t\nleft\tO\t\n", "Clara Dunn/PER"),
        ("empty lines", "\n\n\nClara B-PER\nDunn I-PER\n\n \n\nleft O\n\n", "Clara Dunn/PER"),
    ];
    for (case, rows, want) in cases {
        let name = if case == "CoNLL-U" { "a.conllu" } else { "a.conll" };
        let (got, notices) = read_text(rows, name);
        let want: Vec<String> = want.split("; ").map(str::to_owned).collect();
        assert_eq!(got, [Ok(want)], "{case}");
        assert!(!notices.iter().any(|notice| notice.contains("no column of tags")), "{case}: {notices:?}");
    }
    let (got, notices) = read_text("Clara NNP\nleft VBD\nOslo NNP\n", "a.conll");
    assert_eq!(got, [Ok(vec![])]);
    assert!(notices[0].contains("no column of tags, read without mentions: line 1 ends in \"NNP\""), "{notices:?}");
}

#[test]
fn folders_give_articles_and_name_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("a.txt", "Oslo fell."),
        ("a.ann", "T1\tLOC 0 4\tOslo\n"),
        ("annotation.conf", "[entities]"),
        ("README", "about"),
        ("b.csv", "x,y\n1,2\n"),
        ("c.csv", "id,text\n1,Rome fell.\n"),
        ("d.eml", "From: x"),
    ] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let (got, notices) = read(Documents::open([folder.path()], &ReadOptions::default()).expect("a folder"));
    assert_eq!(got, [Ok(vec!["Oslo/LOC".to_owned()]), Ok(vec![])]);
    assert_eq!(notices.len(), 1);
    let want =
        "4 files not read, as they are no articles: README, annotation.conf, b.csv, d.eml (--all-files reads them)";
    assert!(notices[0].ends_with(want), "{notices:?}");
    let all = ReadOptions::default().files(FilesRead::All);
    assert_eq!(Documents::open([folder.path()], &all).expect("a folder").count(), 6);
    let pattern = format!("{}/*.eml", folder.path().display());
    assert_eq!(Documents::open([pattern], &ReadOptions::default()).expect("it matches").count(), 1);
}

#[test]
fn fragments_that_touch_are_one_mention() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("a.txt", "Clara\n  Dunn met Omar.\n");
    write("a.ann", "T1\tPER 0 5;8 12\tClara Dunn\nT2\tPER 0 5;17 21\tClara Omar\n");
    let (got, notices) = read(Documents::open([folder.path()], &ReadOptions::default()).expect("a folder"));
    assert_eq!(got, [Ok(vec!["Clara\n  Dunn/PER".to_owned()])]);
    assert!(notices[0].ends_with("1 discontinuous mention kept but not read"), "{notices:?}");
    write("a.ann", "T1\tPER 0 5;8 12\tClara Dunno\n");
    let (got, _) = read(Documents::open([folder.path()], &ReadOptions::default()).expect("a folder"));
    let error = got[0].clone().expect_err("the text differs");
    assert!(error.contains("expected \"Clara Dunno\" at 0..12"), "{error}");
}

#[test]
fn encodings_are_declared_or_guessed_and_never_assumed() {
    let text = |bytes: &[u8], encoding: Encoding| {
        let options = ReadOptions::default().encoding(encoding);
        let mut documents = Documents::read(Cursor::new(bytes.to_vec()), "a.txt", &options);
        documents.next().expect("one document").map(|document| document.text).map_err(|error| error.to_string())
    };
    let latin = b"Ren\xE9e Dunn left Orl\xE9ans.\n";
    assert_eq!(text(latin, Encoding::Auto).as_deref(), Ok("Renée Dunn left Orléans.\n"));
    assert_eq!(text(latin, Encoding::Named("latin1".to_owned())).as_deref(), Ok("Renée Dunn left Orléans.\n"));
    let error = text(latin, Encoding::Utf8).expect_err("it is not UTF-8");
    assert!(error.ends_with("; it is likely to be windows-1252 (--encoding windows-1252)"), "{error}");
    assert_eq!(text(b"\xFF\xFEO\0s\0l\0o\0", Encoding::Utf8).as_deref(), Ok("Oslo"));
}

#[test]
fn a_page_says_who_wrote_it_and_when() {
    let html = "<!DOCTYPE html><html lang=\"en-GB\"><head><title>Ferry runs again - The Daily Post</title><meta name=author \
                content=\"Clara Dunn\"><meta property=\"article:published_time\" content=\"2024-05-01T08:00:00Z\"><link rel=canonical \
                href=\"https://post.example/ferry\"></head><body><article><h1>Ferry runs again</h1>";
    let paragraph = "<p>The ferry between the two towns sailed again on Monday, after a week in which it had stayed in port, the \
                     company said, and passengers were glad of it.</p>";
    let html = format!("{html}{}<dl><dt>Omar Diaz</dt><dd>Lima</dd></dl></article></body></html>", paragraph.repeat(4));
    let mut documents = Documents::read(Cursor::new(html.into_bytes()), "a.html", &ReadOptions::default());
    let document = documents.next().expect("one page").expect("it is read");
    assert!(document.text.starts_with("Ferry runs again\n\nThe ferry"), "{}", document.text);
    assert!(document.text.ends_with("Omar Diaz\nLima"), "{}", document.text);
    let field =
        |name: &str| document.extra.get(name).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    let fields = ["title", "byline", "date", "url", "lang"].map(field);
    assert_eq!(
        fields,
        ["Ferry runs again", "Clara Dunn", "2024-05-01T08:00:00Z", "https://post.example/ferry", "en-GB"]
    );
}
