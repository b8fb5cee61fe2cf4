//! Do the readers give every document, and a good reason for each one that they cannot give?

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use allonym::io::{Documents, Error, Format, ReadOptions};
use allonym::text::{Document, Line};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/io").join(name)
}

fn input(path: &Path) -> String {
    path.to_str().expect("a path of this repository").to_owned()
}

/// What comes out of one case: ids and texts, or the error without the folder.
fn read(name: &str, options: &ReadOptions) -> (Vec<Result<Document, String>>, Vec<String>) {
    let path = case(name);
    let folder = format!("{}/", input(path.parent().expect("a folder")));
    let mut documents = Documents::open(&[input(&path)], options).expect("the file exists");
    let results =
        documents.by_ref().map(|result| result.map_err(|error| error.to_string().replace(&folder, ""))).collect();
    let notices = documents.take_notices().iter().map(|notice| notice.to_string().replace(&folder, "")).collect();
    (results, notices)
}

fn read_all(name: &str) -> Vec<Document> {
    let results = read(name, &ReadOptions::default()).0;
    results.into_iter().map(|result| result.expect("a sound file")).collect()
}

fn only(name: &str) -> Document {
    let mut documents = read_all(name);
    assert_eq!(documents.len(), 1, "{name}");
    documents.remove(0)
}

fn errors(name: &str) -> Vec<String> {
    read(name, &ReadOptions::default()).0.into_iter().filter_map(Result::err).collect()
}

/// The mentions as `text/LABEL`.
fn marked(document: &Document) -> Vec<String> {
    let texts = document.mentions.iter().map(|mention| {
        format!("{}/{}", mention.span.slice(&document.text).expect("the reader checks spans"), mention.label)
    });
    texts.collect()
}

#[test]
fn text_that_is_not_utf8_names_the_place() {
    assert_eq!(
        errors("latin1.txt"),
        ["latin1.txt:2: expected UTF-8, found the bytes 0xE9 at byte 25 of the file; \
                                       it is likely to be windows-1252 (--encoding windows-1252)"]
    );
    assert!(only("utf16.txt").text.starts_with("Karin Holt flew to Oslo"), "a byte order mark is obeyed");
    let error = errors("undeclared.html");
    assert!(error[0].starts_with("undeclared.html:1: expected UTF-8, found the bytes 0xE9 at byte 27 of the file"));
}

#[test]
fn plain_text_is_never_edited() {
    let document = only("marks.txt");
    let bytes = fs::read(case("marks.txt")).expect("the file exists");
    assert_eq!(document.text.as_bytes(), bytes);
    assert!(document.text.starts_with("\u{feff}\u{301}"));
    assert!(document.text.contains("\r\n\0NUL"));
    assert_eq!(document.id, "marks.txt");
}

#[test]
fn an_empty_file_is_an_empty_text_and_no_rows() {
    assert_eq!(only("empty.txt").text, "");
    for format in [Format::Jsonl, Format::Conll] {
        let options = ReadOptions::default().format(format);
        assert_eq!(read("empty.txt", &options).0.len(), 0, "{format}");
        let blank = Documents::read(Cursor::new("\n\n  \n"), "blank", &options);
        assert_eq!(blank.count(), 0, "{format} of blank lines");
    }
}

/// The first document of a stream that has brought these bytes and stays open; `None` where it does not come out within `patience`.
fn first_of_open_stream(bytes: &[u8], name: &'static str, options: &ReadOptions, patience: Duration) -> Option<String> {
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    let (send, receive) = mpsc::channel();
    let options = options.clone();
    let reading = thread::spawn(move || {
        for document in Documents::read(reader, name, &options) {
            // Nobody listens after the first one.
            let _ = send.send(document.map_or_else(|error| error.to_string(), |document| document.id));
        }
    });
    writer.write_all(bytes).expect("the pipe holds it");
    let first = receive.recv_timeout(patience).ok();
    drop(writer);
    reading.join().expect("the stream is read to its end");
    first
}

#[test]
fn a_document_comes_out_as_soon_as_it_has_arrived() {
    let line = b"{\"id\": \"a\", \"text\": \"Oslo\"}\n";
    let rows = b"-DOCSTART- O\n\nOslo B-LOC\n\n-DOCSTART- O\n";
    let bare = b"Oslo B-LOC\nis O\nold O\n\n-DOCSTART- O\n";
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.flush().expect("memory");
        encoder.get_ref().clone()
    };
    let default = ReadOptions::default;
    for (case, bytes, name, options, want) in [
        ("JSONL, by its content", line.to_vec(), "stdin", default(), "a"),
        ("JSONL behind blank lines", [b"\n\n", &line[..]].concat(), "stdin", default(), "a"),
        ("JSONL, by its name", line.to_vec(), "a.jsonl", default(), "a"),
        ("JSONL, as asked for", line.to_vec(), "stdin", default().format(Format::Jsonl), "a"),
        ("JSONL and half of the next line", [&line[..], b"{\"id\":"].concat(), "stdin", default(), "a"),
        ("JSONL in gzip", gzip(line), "stdin", default(), "a"),
        ("CoNLL, by its first line", rows.to_vec(), "stdin", default(), "stdin-1"),
        ("CoNLL, by its name", bare.to_vec(), "a.conll", default(), "a-1"),
        ("CoNLL, as asked for", bare.to_vec(), "stdin", default().format(Format::Conll), "stdin-1"),
    ] {
        let first = first_of_open_stream(&bytes, name, &options, Duration::from_secs(30));
        assert_eq!(first.as_deref(), Some(want), "{case}");
    }
    // These need the end of the stream, by their nature or to be recognised.
    for (case, bytes, options) in [
        ("text", &b"Oslo"[..], default()),
        ("text, as asked for", b"Oslo", default().format(Format::Text)),
        ("the last document of CoNLL", b"-DOCSTART- O\n\nOslo B-LOC\n\n", default()),
        ("CoNLL without a sign", bare, default()),
    ] {
        assert_eq!(first_of_open_stream(bytes, "stdin", &options, Duration::from_millis(50)), None, "{case}");
    }
}

#[test]
fn a_bad_line_of_jsonl_is_an_error_and_the_others_come_out() {
    let (results, _) = read("broken.jsonl", &ReadOptions::default());
    let good: Vec<&str> = results.iter().flatten().map(|document| document.id.as_str()).collect();
    assert_eq!(good, ["first", "last"]);
    let bad: Vec<&str> = results.iter().filter_map(|result| result.as_ref().err()).map(String::as_str).collect();
    let want = [
        "broken.jsonl:2: expected a JSON object, found EOF while parsing a string in column 36",
        "broken.jsonl:4: expected a field \"text\", found only \"id\", \"title\", \"body\"",
        "broken.jsonl:5: expected a string as \"text\", found an escape that is half of a surrogate pair in column 41",
        "broken.jsonl:6: expected a string as \"text\", found the number 12 in column 26",
        "broken.jsonl:7: expected a JSON object, found a list",
        "broken.jsonl:8: expected a string or a number as \"id\", found the list [\"x\"] in column 8",
        "broken.jsonl:9: expected every field once, found \"text\" twice",
        "broken.jsonl:10: expected a mention of whole characters within 0..4 (char offsets), found 2..9",
        "broken.jsonl:11: expected a mention of whole characters within 0..4 (char offsets), found 3..1",
        "broken.jsonl:12: expected \"Oslo\" at 6..10 (char offsets), found no whole characters; as byte offsets they fit",
        "broken.jsonl:13: expected \"Oslo\" at 3..7 (char offsets), found no whole characters; as utf16 offsets they fit",
        "broken.jsonl:14: expected \"Oslo\" at 5..9 (char offsets), found \"rain\"",
        "broken.jsonl:15: expected byte, char or utf16 as \"offsets\", found the string \"glyph\" in column 43",
        "broken.jsonl:16: expected a whole number from 0 as \"start\" of a mention, found the number -1 in column 59",
        "broken.jsonl:17: expected a mention with \"label\", found the object {\"start\": 0, \"end\": 4} in column 51",
        "broken.jsonl:18: expected a number from 0 to 1 as \"score\", found the number 1.5 in column 96",
        "broken.jsonl:19: expected a list as \"mentions\", found the object {} in column 44",
        "broken.jsonl:20: expected UTF-8, found the bytes 0xE9 at byte 1205 of the file; it is likely to be windows-1252 \
         (--encoding windows-1252)",
    ];
    assert_eq!(bad, want);
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_json() {
    let lines = "\u{feff}{\"text\": \"\u{feff}Oslo\"}\r\n\n{\"text\": \"Bergen\", \"id\": null}";
    let documents: Vec<Document> = Documents::read(Cursor::new(lines), "a/news.jsonl", &ReadOptions::default())
        .map(|result| result.expect("sound"))
        .collect();
    let got: Vec<_> = documents.iter().map(|document| (document.id.as_str(), document.text.as_str())).collect();
    assert_eq!(got, [("news:1", "\u{feff}Oslo"), ("news:3", "Bergen")]);
}

#[test]
fn other_fields_can_hold_text_and_id() {
    let options = ReadOptions::default().text_field("body").id_field("url");
    let line = r#"{"id": 7, "text": "teaser", "url": "x/1", "body": "Oslo"}"#;
    let mut documents = Documents::read(Cursor::new(line), "news.jsonl", &options);
    let document = documents.next().expect("one line").expect("a sound line");
    assert_eq!((document.id.as_str(), document.text.as_str()), ("x/1", "Oslo"));
    let extra: Vec<_> = document.extra.iter().map(|(name, value)| (name, value.get())).collect();
    assert_eq!(extra, [("_id", "7"), ("_text", "\"teaser\"")]);
    assert!(documents.next().is_none());
    let notices: Vec<String> = documents.take_notices().iter().map(ToString::to_string).collect();
    assert_eq!(
        notices,
        [
            "news.jsonl: field \"id\" kept as \"_id\" in 1 document",
            "news.jsonl: field \"text\" kept as \"_text\" in 1 document"
        ]
    );
}

#[test]
fn a_long_line_without_blanks_is_a_text_like_any_other() {
    let text = "ab😀é".repeat(650_000);
    assert!(text.len() > 5_000_000);
    let options = ReadOptions::default();
    let plain = Documents::read(Cursor::new(text.clone()), "long.txt", &options).next().expect("one").expect("sound");
    assert!(plain.text == text);
    let line = format!("{{\"text\": \"{text}\"}}");
    let json = Documents::read(Cursor::new(line), "long", &options).next().expect("one").expect("sound");
    assert!(json.text == text, "its format is told by its first bytes");
}

#[test]
fn a_ragged_row_costs_its_document_only() {
    let (results, notices) = read("ragged.conll", &ReadOptions::default());
    let got: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().map(|document| (document.id.as_str(), marked(document))).map_err(String::as_str))
        .collect();
    let marks = |marks: &[&str]| marks.iter().map(|mark| (*mark).to_owned()).collect::<Vec<_>>();
    let want = [
        Ok(("ragged-1", marks(&["Karin Holt/PER", "Oslo/LOC"]))),
        Err("ragged.conll:12: expected 3 columns, found 2"),
        Ok(("ragged-3", marks(&["Voss/LOC", "Oslo/LOC"]))),
    ];
    assert_eq!(got, want);
    assert_eq!(
        notices,
        ["ragged.conll: IOB1 (4 I- tags at the start of a mention, 1 B- tag, only between mentions of one label)"]
    );
    assert_eq!(errors("badtag.conll"), ["badtag.conll:9: expected a tag such as B-PER or O, found \"B-\""]);
}

#[test]
fn conll_text_is_the_tokens_and_the_scheme_is_found() {
    let documents = read_all("iob1.conll");
    assert_eq!(documents[0].text, "Karin Holt met Jonas Dahl Mia Lund .\n# Oslo");
    assert_eq!(marked(&documents[0]), ["Karin Holt/PER", "Jonas Dahl/PER", "Mia Lund/PER", "Oslo/LOC"]);
    assert_eq!(documents[1].id, "iob1-2");
    assert_eq!(marked(&documents[1]), ["Nordbank/ORG", "Bergen/LOC"]);

    let (results, notices) = read("bioes.tsv", &ReadOptions::default());
    let document = results[0].as_ref().expect("a sound file");
    assert_eq!(document.text, "Karin Ann Holt left Oslo\nNew York");
    assert_eq!(marked(document), ["Karin Ann Holt/PER", "Oslo/LOC", "New York/LOC"]);
    assert_eq!(notices, ["bioes.tsv: BIOES (3 tags with E- or S-)"]);
}

#[test]
fn conll_from_a_stream_is_read_like_a_file() {
    for name in ["iob1.conll", "crlf.conll", "ragged.conll", "treebank.conllu"] {
        let bytes = fs::read(case(name)).expect("the file exists");
        let streamed = Documents::read(Cursor::new(bytes), name, &ReadOptions::default());
        let streamed: Vec<_> = streamed.map(|result| result.map_err(|error| error.to_string())).collect();
        assert_eq!(streamed, read(name, &ReadOptions::default()).0, "{name}");
    }
}

#[test]
fn a_token_may_hold_blanks_where_only_a_tag_follows() {
    let rows = "-DOCSTART- O\n\nAfter O\n4 hours O\nin O\nNew York B-LOC\n. O\n\n-DOCSTART- O\n\nOslo B-LOC slept O\n. O\n. O\n. O\n";
    let mut documents = Documents::read(Cursor::new(rows), "a.conll", &ReadOptions::default());
    let document = documents.next().expect("two documents").expect("sound rows");
    assert_eq!(
        (document.text.as_str(), marked(&document)),
        ("After 4 hours in New York .", vec!["New York/LOC".to_owned()])
    );
    let error = documents.next().expect("two documents").expect_err("two rows in one");
    assert_eq!(error.to_string(), "a.conll:11: expected 2 columns, found 4");
    let notices: Vec<String> = documents.take_notices().iter().map(ToString::to_string).collect();
    assert_eq!(notices[1], "a.conll: 2 rows with blanks inside the token");
}

#[test]
fn columns_can_be_in_any_order() {
    let columns = Some("ner,_,token".parse().expect("sound columns"));
    let options = ReadOptions::default().columns(columns);
    let (results, _) = read("swapped.conll", &options);
    let document = results[0].as_ref().expect("a sound file");
    assert_eq!((document.text.as_str(), marked(document)), ("Karin Holt left", vec!["Karin Holt/PER".to_owned()]));

    // Without columns there are no tags, as the last column holds none.
    assert_eq!(only("swapped.conll").mentions, []);
    assert_eq!(only("tokens.conll").text, "Karin Holt left\nOslo");

    let columns = Some("token,ner".parse().expect("sound columns"));
    let options = ReadOptions::default().columns(columns);
    let (results, notices) = read("io.conll", &options);
    assert_eq!(marked(results[0].as_ref().expect("a sound file")), ["Karin Holt/PER", "Oslo/LOC"]);
    assert_eq!(notices, ["io.conll: IO (3 tags without prefix)"]);
    assert_eq!(read("tokens.conll", &options).0, [Err("tokens.conll:1: expected 2 columns, found 1".to_owned())]);
}

#[test]
fn conllu_comments_are_lines_and_newdoc_begins_a_document() {
    let documents = read_all("treebank.conllu");
    let got: Vec<_> = documents.iter().map(|document| (document.id.as_str(), document.text.as_str())).collect();
    assert_eq!(got, [("treebank-1", "Karin left"), ("treebank-2", "#")]);
    let layout = documents[0].layout.as_ref().expect("it came in rows");
    assert_eq!(layout.lines[0], Line::Other { row: "# newdoc id = a".into() });
}

#[test]
fn tags_that_break_the_scheme_are_counted() {
    let rows = "Karin B-PER\nHolt I-PER\nleft O\nVoss B-LOC\nOslo I-PER\n";
    let mut documents = Documents::read(Cursor::new(rows), "a.conll", &ReadOptions::default());
    let document = documents.next().expect("one document").expect("a sound file");
    assert_eq!(marked(&document), ["Karin Holt/PER", "Voss/LOC", "Oslo/PER"]);
    let notices: Vec<String> = documents.take_notices().iter().map(ToString::to_string).collect();
    assert_eq!(
        notices,
        ["a.conll: IOB2 (2 B- tags at the start of a mention; against it: 1 I- tag there too); \
          1 tag against the scheme, read as conlleval reads them"]
    );
}

#[test]
fn brat_offsets_are_characters_and_checked() {
    let (results, notices) = read("brat/good.txt", &ReadOptions::default());
    let document = results[0].as_ref().expect("a sound pair");
    assert_eq!(document.id, "good");
    assert_eq!(marked(document), ["Karin Holt/PER", "Nordbank/ORG", "New Oslo/LOC"]);
    assert_eq!(document.extra.get("brat").expect("other lines are kept").as_array().map(Vec::len), Some(4));
    assert_eq!(notices, ["good.ann: 1 discontinuous mention kept but not read"]);
    assert_eq!(
        errors("brat/outside.txt"),
        ["outside.ann:2: expected offsets within 0..6 that mark a character, found 3..40"]
    );
    assert_eq!(
        errors("brat/differs.txt"),
        ["differs.ann:1: expected \"Oslo\" at 3..7 (char offsets), found \"slo.\"; as utf16 offsets they fit"]
    );
    assert_eq!(
        errors("brat/broken.ann"),
        ["broken.ann:1: expected an id, a tab, a label and two offsets, a tab and a text, found \"T1 LOC 0 4 Oslo\""]
    );
    assert_eq!(only("brat/alone.txt").mentions, []);
}

#[test]
fn a_folder_is_read_in_the_order_of_its_paths() {
    let (results, _) = read("brat", &ReadOptions::default());
    let got: Vec<_> = results.iter().map(|result| result.as_ref().ok().map(|document| document.id.as_str())).collect();
    // alone, broken, differs, good, orphan (no text file), outside
    assert_eq!(got, [Some("alone.txt"), None, None, Some("good"), None, None]);
}

#[test]
fn hidden_and_binary_files_are_counted_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    };
    write("b.txt", b"NUL \0 is a character");
    write("a/deep.txt", b"Oslo");
    write("a/.hidden/x.txt", b"x");
    write(".x.txt", b"x");
    write("c.png", b"\x89PNG\0\0");
    write("d.dat", b"Orl\xe9ans");
    let root = input(folder.path());
    let mut documents = Documents::open(std::slice::from_ref(&root), &ReadOptions::default()).expect("a folder");
    let ids: Vec<_> = documents.by_ref().map(|result| result.map(|document| document.id).ok()).collect();
    assert_eq!(ids, [Some("a/deep.txt".to_owned()), Some("b.txt".to_owned()), None]);
    let notices: Vec<String> =
        documents.take_notices().iter().map(|notice| notice.to_string().replace(&root, "")).collect();
    assert_eq!(notices, [": 2 hidden files not read", "/c.png: not read, as it is not text"]);
    let progress = documents.progress();
    assert_eq!(Some(progress.read), progress.total);

    let glob = |pattern: &str| {
        let documents = Documents::open(&[format!("{root}/{pattern}")], &ReadOptions::default());
        documents.map(|documents| documents.flatten().map(|document| document.id).collect::<Vec<_>>())
    };
    assert_eq!(glob("*.txt").expect("it matches"), ["b.txt"]);
    assert_eq!(glob("**/*.txt").expect("it matches"), ["a/deep.txt", "b.txt"]);
    assert!(matches!(glob("*.nothing"), Err(Error::NoMatch { .. })));
    assert!(matches!(glob("{a"), Err(Error::Pattern { .. })));
    assert!(matches!(glob("none.txt"), Err(Error::Missing { .. })));
}

#[test]
fn a_page_gives_its_article() {
    let text = only("page.html").text;
    assert!(text.starts_with("Ferry to Bergen runs again"), "{text}");
    assert!(text.contains("between Stavanger & Bergen sailed"), "{text}");
    for hidden in ["Mallory", "color:red", "Cookie", "Sport\n"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    assert_eq!(text.matches("Ferry to Bergen runs again").count(), 1);
    assert_eq!(only("declared.html").text, "Mayor of Orléans: “no”.");
}

#[test]
fn damage_in_a_compressed_file_ends_it_with_an_error() {
    let mut encoder =
        flate2::read::GzEncoder::new(Cursor::new("{\"text\": \"Oslo\"}\n".repeat(50_000)), flate2::Compression::fast());
    let mut bytes = Vec::new();
    encoder.read_to_end(&mut bytes).expect("memory");
    bytes.truncate(bytes.len() / 2);
    let results: Vec<_> = Documents::read(Cursor::new(bytes), "cut.jsonl.gz", &ReadOptions::default()).collect();
    let (last, before) = results.split_last().expect("some documents");
    assert!(before.iter().filter(|result| result.is_ok()).count() > 10_000);
    assert!(matches!(last, Err(Error::Read { .. })), "{last:?}");
}

#[test]
fn tables_are_only_written() {
    let options = ReadOptions::default().format(Format::Tsv);
    let error = Documents::open(&[input(&case("bioes.tsv"))], &options).expect_err("it cannot be read");
    assert!(
        error.to_string().contains("expected documents with texts") && error.to_string().ends_with("found tsv"),
        "{error}"
    );
    let own = Documents::read(Cursor::new("doc\tstart\tend\tlabel\ttext\tscore\n"), "x.tsv", &ReadOptions::default());
    assert!(matches!(own.collect::<Vec<_>>()[..], [Err(Error::Unreadable { .. })]));
}
