//! Does what is written say what was read?

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use allonym::io::{Compression, Documents, EntitiesWritten, Error, Format, ReadOptions, WriteOptions, Writer};
use allonym::text::{Alias, Document, Entity, Fields, Label, Mention, OffsetUnit, Span};
use proptest::prelude::*;

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/io").join(name)
}

fn read(bytes: impl Into<Vec<u8>>, name: &str) -> Vec<Document> {
    let documents = Documents::read(Cursor::new(bytes.into()), name, &ReadOptions::default());
    documents.map(|result| result.expect("a sound file")).collect()
}

fn read_case(name: &str) -> Vec<Document> {
    read(fs::read(case(name)).expect("the file exists"), name)
}

fn open(path: &Path) -> Vec<Document> {
    let input = path.to_str().expect("a path of this test").to_owned();
    let documents = Documents::open(&[input], &ReadOptions::default()).expect("it exists");
    documents.map(|result| result.expect("a sound file")).collect()
}

fn write_with(documents: &[Document], format: Format, options: WriteOptions) -> String {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(format, &mut bytes, options).expect("memory");
    for document in documents {
        writer.write(document).expect("the format can hold it");
    }
    writer.finish().expect("memory");
    String::from_utf8(bytes).expect("all formats are UTF-8")
}

fn write(documents: &[Document], format: Format) -> String {
    write_with(documents, format, WriteOptions::default())
}

fn marks(document: &Document) -> Vec<(&str, &str)> {
    let marks = document.mentions.iter().map(|mention| (&document.text[mention.span.range()], mention.label.as_str()));
    marks.collect()
}

fn document(text: &str, mentions: &[(usize, usize, &str)]) -> Document {
    let mut document = Document::new("d", text);
    document
        .mentions
        .extend(mentions.iter().map(|&(start, end, label)| Mention::new(Span::new(start, end), Label::new(label))));
    document
}

#[test]
fn jsonl_comes_back_byte_for_byte() {
    let original = fs::read_to_string(case("tagged.jsonl")).expect("the file exists");
    assert_eq!(write(&read_case("tagged.jsonl"), Format::Jsonl), original);
}

#[test]
fn every_unit_of_offsets_comes_back() {
    let documents = read_case("tagged.jsonl");
    let starts = [("byte", 5), ("char", 2), ("utf16", 3)];
    for (unit, (name, start)) in OffsetUnit::ALL.into_iter().zip(starts) {
        let written = write_with(&documents, Format::Jsonl, WriteOptions::default().offsets(unit));
        let second = written.lines().nth(1).expect("three lines");
        assert!(second.contains(&format!("\"offsets\":\"{name}\",\"mentions\":[{{\"start\":{start},")), "{second}");
        assert_eq!(read(written, "again.jsonl"), documents, "{name}");
    }
}

#[test]
fn scores_have_at_most_four_decimals() {
    let mut tagged = document("Oslo", &[(0, 4, "LOC")]);
    for (score, want) in [(0.987_654_3, "0.9877"), (1.0, "1.0"), (0.999_99, "1.0"), (0.1, "0.1"), (0.0, "0.0")] {
        tagged.mentions[0].score = Some(score);
        let line = write(std::slice::from_ref(&tagged), Format::Jsonl);
        assert!(line.contains(&format!("\"score\":{want}}}")), "{score}: {line}");
    }
}

#[test]
fn compressed_files_come_back() {
    let documents = read_case("tagged.jsonl");
    let folder = tempfile::tempdir().expect("a folder");
    for (name, magic) in [("a.jsonl", &b"{"[..]), ("a.jsonl.gz", b"\x1F\x8B"), ("a.jsonl.zst", b"\x28\xB5\x2F\xFD")] {
        let path = folder.path().join(name);
        let mut writer = Writer::create(Format::Jsonl, &path, WriteOptions::default()).expect("a new file");
        for document in &documents {
            writer.write(document).expect("the disk holds it");
        }
        let written = writer.finish().expect("the disk holds it");
        assert_eq!((written.documents, written.mentions), (3, 7));
        assert!(fs::read(&path).expect("just written").starts_with(magic), "{name}");
        assert_eq!(open(&path), documents, "{name}");
    }
}

#[test]
fn conll_keeps_its_lines_and_gains_a_column() {
    for name in ["iob1.conll", "crlf.conll", "ragged.conll", "tokens.conll", "treebank.conllu", "bioes.tsv"] {
        let original = fs::read_to_string(case(name)).expect("the file exists");
        let documents: Vec<Document> =
            Documents::read(Cursor::new(original.clone()), name, &ReadOptions::default()).flatten().collect();
        let written = write(&documents, Format::Conll);
        if name == "ragged.conll" {
            // Its second document cannot be read.
            assert_eq!(documents.len(), 2);
            continue;
        }
        let (mut got, mut want) = (written.split('\n'), original.split('\n'));
        loop {
            match (got.next(), want.next()) {
                (None, None) => break,
                (Some(got), Some(want)) => {
                    let (got, want) = (got.trim_end_matches('\r'), want.trim_end_matches('\r'));
                    let rest = got.strip_prefix(want).unwrap_or_else(|| panic!("{name}: {got:?} for {want:?}"));
                    let is_row = !(want.is_empty() || name == "treebank.conllu" && want.starts_with("# "));
                    let separator = if want.contains('\t') { '\t' } else { ' ' };
                    assert_eq!(rest.starts_with(separator), is_row, "{name}: {got:?}");
                }
                (got, want) => panic!("{name}: {got:?} for {want:?}"),
            }
        }
        assert_eq!(written.contains("\r\n"), name == "crlf.conll");
        assert_eq!(written.starts_with('\u{feff}'), name == "crlf.conll");
    }
}

#[test]
fn the_last_column_is_iob2() {
    let written = write(&read_case("iob1.conll"), Format::Conll);
    let rows: Vec<&str> = written.lines().take(11).collect();
    let want = [
        "-DOCSTART- -X- -X- O O",
        "",
        "Karin NNP I-NP I-PER B-PER",
        "Holt NNP I-NP I-PER I-PER",
        "met VBD I-VP O O",
        "Jonas NNP I-NP I-PER B-PER",
        "Dahl NNP I-NP I-PER I-PER",
        "Mia NNP B-NP B-PER B-PER",
        "Lund NNP I-NP I-PER I-PER",
        ". . O O O",
        "",
    ];
    assert_eq!(rows, want);
    let (first, again) = (read_case("iob1.conll"), read(written, "iob1.conll"));
    for (first, again) in first.iter().zip(&again) {
        assert_eq!((&first.text, &first.mentions), (&again.text, &again.mentions));
    }
}

#[test]
fn words_become_rows_where_the_input_had_none() {
    let written = write(&read_case("tagged.jsonl"), Format::Conll);
    assert!(written.starts_with("-DOCSTART-\tO\n\nKarin\tB-PER\nHolt\tI-PER\nof\tO\nNordbank\tB-ORG\n"), "{written}");
    let (first, again) = (read_case("tagged.jsonl"), read(written, "tagged.conll"));
    assert_eq!(first.len(), again.len());
    for (first, again) in first.iter().zip(&again) {
        // The texts are tokenised with single blanks, so they come back as they were.
        assert_eq!(first.text, again.text);
        assert_eq!(marks(first), marks(again));
    }
}

#[test]
fn what_tags_cannot_express_is_reported() {
    let tagged = document("Oslo-based Karin", &[(0, 4, "LOC"), (0, 10, "ORG"), (10, 11, "LOC"), (11, 14, "PER")]);
    let mut bytes = Vec::new();
    let mut writer = Writer::new(Format::Conll, &mut bytes, WriteOptions::default()).expect("memory");
    writer.write(&tagged).expect("all can be written or counted");
    let notices: Vec<String> = writer.finish().expect("memory").notices.iter().map(ToString::to_string).collect();
    let want = [
        "1: mentions cut a token and were widened to whole ones (first in document \"d\")",
        "1: mentions share a token with another one and were not written (first in document \"d\")",
        "1: mentions touch no token and were not written (first in document \"d\")",
    ];
    assert_eq!(notices, want);
    assert_eq!(
        String::from_utf8(bytes).expect("text"),
        "-DOCSTART-\tO\n\nOslo\tB-ORG\n-\tI-ORG\nbased\tI-ORG\nKarin\tB-PER\n\n"
    );
}

#[test]
fn brat_comes_back_under_any_id() {
    let mut documents = read_case("tagged.jsonl");
    let ids = ["a/b.txt", "..", "", "50% of %2F", "c:\\x?*", ".hidden", "بيروت", "T\n1"];
    let first = documents[1].clone();
    documents.extend(ids.iter().map(|id| Document { id: (*id).to_owned(), ..first.clone() }));
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = Writer::create(Format::Brat, folder.path(), WriteOptions::default()).expect("a folder");
    for document in &documents {
        writer.write(document).expect("the disk holds it");
    }
    let twice = writer.write(&documents[0]).expect_err("its files are there already");
    assert!(matches!(twice, Error::Unwritable { .. }), "{twice}");
    writer.finish().expect("nothing is left to write");
    let mut again = open(folder.path());
    let key = |document: &Document| document.id.clone();
    again.sort_by_key(key);
    documents.sort_by_key(key);
    assert_eq!(again.len(), documents.len());
    for (first, again) in documents.iter().zip(&again) {
        assert_eq!((&first.id, &first.text, marks(first)), (&again.id, &again.text, marks(again)));
    }
}

#[test]
fn other_lines_of_brat_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut documents = open(&case("brat/good.txt"));
    // On the way through JSONL nothing is lost.
    documents = read(write(&documents, Format::Jsonl), "good.jsonl");
    let write_brat = |documents: &[Document]| {
        let mut writer = Writer::create(Format::Brat, folder.path(), WriteOptions::default()).expect("a folder");
        writer.write(&documents[0]).expect("the disk holds it");
        let notices: Vec<String> = writer.finish().expect("memory").notices.iter().map(ToString::to_string).collect();
        (fs::read_to_string(folder.path().join("good.ann")).expect("just written"), notices)
    };
    let original = fs::read_to_string(case("brat/good.ann")).expect("the file exists");
    assert_eq!(write_brat(&documents), (original, vec![]));

    // Without the mention that they speak of, a relation and a normalisation make no sense.
    documents[0].mentions.remove(1);
    documents[0].mentions.push(Mention::new(Span::new(0, 5), Label::new("PER")));
    let (written, notices) = write_brat(&documents);
    let want = "T1\tPER 0 10\tKarin Holt\nT4\tLOC 37 45\tNew Oslo\nT2\tPER 0 5\tKarin\n\
                #1\tAnnotatorNotes T4\tnot on the map\nT9\tPER 0 5;11 13\tKarin of\n";
    assert_eq!(written, want);
    assert_eq!(
        notices,
        ["2: lines of .ann files speak of mentions that are gone and were not written (first in document \"good\")"]
    );
}

#[test]
fn a_line_end_inside_a_mention_is_a_blank_in_brat() {
    let folder = tempfile::tempdir().expect("a folder");
    let tagged = document("New\r\nOslo", &[(0, 9, "LOC")]);
    let mut writer = Writer::create(Format::Brat, folder.path(), WriteOptions::default()).expect("a folder");
    writer.write(&tagged).expect("the disk holds it");
    writer.finish().expect("nothing is left to write");
    assert_eq!(fs::read_to_string(folder.path().join("d.ann")).expect("just written"), "T1\tLOC 0 9\tNew  Oslo\n");
    assert_eq!(open(&folder.path().join("d.txt")), [tagged]);
}

#[test]
fn tables_quote_what_would_break_them() {
    let mut tagged = document("😀 New\tOslo \"x\"", &[(5, 13, "LOC"), (14, 17, "MISC")]);
    tagged.mentions[0].score = Some(0.25);
    let written = write(&[tagged], Format::Tsv);
    assert_eq!(
        written,
        "doc\tstart\tend\tlabel\ttext\tscore\tentity\tname\n\
         d\t2\t10\tLOC\t\"New\tOslo\"\t0.25\t\t\nd\t11\t14\tMISC\t\"\"\"x\"\"\"\t\t\t\n"
    );
}

/// The part of a page between the headings.
fn paragraph(page: &str) -> &str {
    let start = page.find("<p dir=\"auto\">").expect("a paragraph") + "<p dir=\"auto\">".len();
    &page[start..start + page[start..].find("</p>").expect("its end")]
}

/// What a reader sees of a paragraph, without the labels, which the style shows.
fn visible(paragraph: &str) -> String {
    let mut text = String::new();
    let mut rest = paragraph;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = &rest[start + rest[start..].find('>').expect("its end") + 1..];
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Oslo, twice, and Bonn; linked.
fn linked() -> Document {
    let mut linked = document("OSLO: Oslo and Bonn", &[(0, 4, "LOC"), (6, 10, "LOC"), (15, 19, "LOC")]);
    for (mention, id) in linked.mentions.iter_mut().zip(["e1", "e1", "e2"]) {
        mention.entity = Some(id.into());
    }
    let entity = |id: &str, name: &str, aliases: &[&str]| Entity {
        id: id.into(),
        name: name.into(),
        label: Label::new("LOC"),
        aliases: aliases.iter().map(|&name| Alias { name: name.into(), mentions: 1 }).collect(),
        documents: 1,
        kb: BTreeMap::new(),
        extra: Fields::new(),
    };
    linked.entities = vec![entity("e1", "Oslo", &["OSLO", "Oslo"]), entity("e2", "Bonn", &["Bonn"])];
    linked.entities[0].kb.insert("wikidata".into(), "Q585".into());
    linked.entities[1].extra.insert("candidates".into(), serde_json::json!(["Bonn", "Bönn"]));
    linked
}

#[test]
fn every_format_with_a_place_for_entities_has_them() {
    let mut linked = linked();
    linked.extra.insert("entities".into(), serde_json::json!("of the input"));
    linked.extra.insert("lang".into(), serde_json::json!("en"));
    let line = write(std::slice::from_ref(&linked), Format::Jsonl);
    assert!(
        line.ends_with(
            "\"entities\":[{\"id\":\"e1\",\"name\":\"Oslo\",\"label\":\"LOC\",\"aliases\":[\"OSLO\",\"Oslo\"],\
             \"kb\":{\"wikidata\":\"Q585\"},\"mentions\":2},{\"id\":\"e2\",\"name\":\"Bonn\",\"label\":\"LOC\",\
             \"aliases\":[\"Bonn\"],\"mentions\":1,\"candidates\":[\"Bonn\",\"Bönn\"]}],\
             \"_entities\":\"of the input\",\"lang\":\"en\"}\n"
        ),
        "{line}"
    );
    let again = read(line.clone(), "a.jsonl");
    assert_eq!(again[0].entities, linked.entities);
    assert_eq!(write(&again, Format::Jsonl), line, "entities that were read are carried through");
    let table = write(&[linked.clone()], Format::Tsv);
    let want = "doc\tstart\tend\tlabel\ttext\tscore\tentity\tname\n\
        d\t0\t4\tLOC\tOSLO\t\te1\tOslo\nd\t6\t10\tLOC\tOslo\t\te1\tOslo\nd\t15\t19\tLOC\tBonn\t\te2\tBonn\n";
    assert_eq!(table, want);
    assert_eq!(write(&again, Format::Tsv), want);
    let page = write(&again, Format::Html);
    assert!(page.contains("<mark class=\"l2\" title=\"LOC · Oslo\" data-i=\"0\" data-l=\"LOC\">OSLO</mark>"), "{page}");
    assert!(page.contains("<article id=\"d1\" data-m=\"0.0.2. 0.1.2. 1.0.2.\" data-n=\"1\">"), "{page}");
    let wikidata = "[\"wikidata:Q585\",\"https://www.wikidata.org/wiki/Q585\"]";
    assert!(page.contains(&format!("[\"Oslo\",2,[\"OSLO\",\"Oslo\"],[{wikidata}],null,null]")), "{page}");
    let row = "<td dir=\"auto\">Oslo</td><td><span class=\"label l2\">LOC</span></td><td class=\"number\">2</td>";
    assert!(page.contains(row), "without a script, a table has the entities: {page}");
    let never = document("Oslo", &[(0, 4, "LOC")]);
    assert!(!write(std::slice::from_ref(&never), Format::Jsonl).contains("entities"));
    let always = WriteOptions::default().entities(EntitiesWritten::Always);
    assert!(write_with(&[never], Format::Jsonl, always).ends_with("\"entities\":[]}\n"));
}

#[test]
fn entities_of_other_tools_come_back() {
    let line = |entities: &str| {
        format!(
            "{{\"id\":\"d\",\"text\":\"Oslo, OSLO\",\"offsets\":\"char\",\"mentions\":[\
             {{\"start\":0,\"end\":4,\"text\":\"Oslo\",\"label\":\"LOC\",\"entity\":\"x\"}},\
             {{\"start\":6,\"end\":10,\"text\":\"OSLO\",\"label\":\"LOC\",\"entity\":\"x\"}}],\
             \"entities\":{entities},\"lang\":\"en\"}}\n"
        )
    };
    // Entities in a form of their own: read, and written as they were.
    for (entities, names, kb) in [
        (r#"[{"id":"x"}]"#, &[][..], None),
        (r#"[{"id":"x","name":"Oslo","label":"LOC"}]"#, &[], None),
        (r#"[{"id":"x","aliases":["OSLO"],"mentions":1}]"#, &[("OSLO", 1)], None),
        (
            r#"[{"id":"x","aliases":["OSLO","Kristiania","Oslo","OSLO"],"mentions":2}]"#,
            &[("OSLO", 1), ("Kristiania", 0), ("Oslo", 1), ("OSLO", 0)],
            None,
        ),
        (r#"[{"id":"x","aliases":["Kristiania"],"mentions":0}]"#, &[("Kristiania", 0)], None),
        (r#"[{"id":"x","mentions":912},{"id":"y","mentions":"many"}]"#, &[], None),
        (r#"[{"id":"x","kb":"Q585"}]"#, &[], Some(("kb", "Q585"))),
        (
            r#"[{"id":"x","kb":{"wikidata":"Q585"},"mentions":7,"big":1E400,"half":"\ud83d"}]"#,
            &[],
            Some(("wikidata", "Q585")),
        ),
    ] {
        let again = read(line(entities), "a.jsonl");
        let first = &again[0].entities[0];
        let aliases: Vec<(&str, usize)> =
            first.aliases.iter().map(|alias| (alias.name.as_str(), alias.mentions)).collect();
        assert_eq!(aliases, names, "{entities}");
        assert_eq!(first.kb.iter().next().map(|(base, id)| (base.as_str(), id.as_str())), kb, "{entities}");
        assert_eq!(again[0].extra.raw("entities"), None, "{entities}");
        assert_eq!(write(&again, Format::Jsonl), line(entities));
    }
    // What says the same in another way is written in ours.
    for (entities, want) in [
        (
            r#"[ {"kb": {"geonames": 3143244, "wikidata": null}, "note": [1,  2], "id": "x"} ]"#,
            r#"[{"id":"x","kb":{"geonames":"3143244"},"note":[1,  2]}]"#,
        ),
        (
            r#"[{"id":"x","name":null,"label":null,"aliases":["Oslo","OSLO"],"kb":null}]"#,
            r#"[{"id":"x","aliases":["Oslo","OSLO"],"mentions":2}]"#,
        ),
    ] {
        assert_eq!(write(&read(line(entities), "a.jsonl"), Format::Jsonl), line(want));
    }
    // Anything else is a field like any other, which costs no document and makes room for entities of ours.
    for entities in [
        "[]",
        "null",
        "\"of the input\"",
        "{\"x\":{\"name\":\"Oslo\"}}",
        "[\"Oslo\", \"OSLO\"]",
        "[[0,4,\"LOC\"],[6,10,\"LOC\"]]",
        "[{\"id\":\"x\"},7]",
        "[{\"name\":\"no id\"}]",
        "[{\"id\":7}]",
        "[{\"id\":\"x\",\"id\":\"y\"}]",
        "[{\"id\":\"x\",\"name\":{\"en\":\"Oslo\"}}]",
        "[{\"id\":\"x\",\"name\":\"\\ud83d\"}]",
        "[{\"id\":\"x\",\"aliases\":[{\"name\":\"Oslo\"}]}]",
        "[{\"id\":\"x\",\"kb\":{\"wikidata\":[\"Q585\"]}}]",
    ] {
        let mut again = read(line(entities), "a.jsonl");
        assert_eq!((again[0].entities.len(), again[0].extra.raw("entities")), (0, Some(entities)));
        assert_eq!(write(&again, Format::Jsonl), line(entities));
        let always = || WriteOptions::default().entities(EntitiesWritten::Always);
        let moved = |own: &str| match entities {
            "[]" => line(own),
            other => line(&format!("{own},\"_entities\":{other}")),
        };
        assert_eq!(write_with(&again, Format::Jsonl, always()), moved("[]"));
        again[0].entities.push(Entity::new("x", "Oslo", Label::new("LOC")));
        assert_eq!(write(&again, Format::Jsonl), moved(r#"[{"id":"x","name":"Oslo","label":"LOC"}]"#));
    }
}

#[test]
fn knowledge_base_ids_in_brat_make_entities() {
    let documents = open(&case("brat/good.txt"));
    let of_mentions: Vec<_> = documents[0].mentions.iter().map(|mention| mention.entity.as_deref()).collect();
    assert_eq!(of_mentions, [None, Some("e1"), None]);
    let [entity] = &documents[0].entities[..] else { panic!("{:?}", documents[0].entities) };
    assert_eq!((entity.name.as_str(), entity.label.as_str(), entity.mentions()), ("Nordbank", "ORG", 1));
    assert_eq!(entity.kb, BTreeMap::from([("Wikidata".to_owned(), "Q1".to_owned())]));
    assert_eq!(read(write(&documents, Format::Jsonl), "good.jsonl"), documents);
}

#[test]
fn brat_has_each_knowledge_base_id_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let annotations = |documents: &[Document], name: &str| {
        let path = folder.path().join(name);
        let mut writer = Writer::create(Format::Brat, &path, WriteOptions::default()).expect("a folder");
        documents.iter().for_each(|document| writer.write(document).expect("brat can hold it"));
        let notices = writer.finish().expect("a folder").notices;
        (fs::read_to_string(path.join("d.ann")).expect("it was written"), path, notices)
    };
    let mut linked = linked();
    linked.entities[1].kb.insert("mine".into(), "two words".into());
    let (text, path, notices) = annotations(std::slice::from_ref(&linked), "once");
    assert_eq!(
        text,
        "T1\tLOC 0 4\tOSLO\nT2\tLOC 6 10\tOslo\nT3\tLOC 15 19\tBonn\n\
         N1\tReference T1 wikidata:Q585\tOslo\nN2\tReference T2 wikidata:Q585\tOslo\n"
    );
    assert_eq!(notices.len(), 1, "{notices:?}");
    let mut again = open(&path);
    assert_eq!(again[0].entities[0].kb, linked.entities[0].kb);
    assert_eq!(annotations(&again, "as it was").0, text);
    again[0].entities = linked.entities.clone();
    for (mention, before) in again[0].mentions.iter_mut().zip(&linked.mentions) {
        mention.entity.clone_from(&before.entity);
    }
    assert_eq!(annotations(&again, "twice").0, text);
}

#[test]
fn pages_are_safe_against_their_content() {
    let hostile = "<script>alert('&')</script> \"Oslo\" \0";
    let mut tagged = document(hostile, &[(0, 8, "\"><b onmouseover=x>")]);
    tagged.id = "</h2><script>".into();
    tagged.mentions[0].entity = Some("\" onclick=\"x".into());
    let options = WriteOptions::default().title("</title><script>");
    let page = write_with(&[tagged], Format::Html, options);
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (2, 2), "data and script: {page}");
    assert!(!page.contains("<b on"), "{page}");
    // In the data, quotes are those of JSON.
    let elements = page.split("<script type=\"application/json\"").next().expect("the elements");
    assert!(!elements.contains("\" onclick"), "{page}");
    assert!(!page.contains('\0'), "{page}");
    for word in [" src=", "url(", "@import", "import(", "fetch(", "<link", "<img", "'unsafe-"] {
        assert!(!page.contains(word), "nothing is loaded, no other script runs: {word}");
    }
    assert!(
        page.contains("default-src 'none'; style-src 'sha256-") && page.contains("; script-src 'sha256-"),
        "{page}"
    );
    assert_eq!(visible(paragraph(&page)), hostile.replace('\0', "␀"));
}

#[test]
fn nested_and_crossing_mentions_are_sound_elements() {
    let mut tagged = document("Bank of New Oslo City", &[(0, 16, "ORG"), (8, 16, "LOC"), (12, 21, "LOC")]);
    tagged.mentions[1].score = Some(0.573);
    let page = write(&[tagged], Format::Html);
    assert_eq!(
        paragraph(&page),
        "<mark class=\"l1\" title=\"ORG\" data-i=\"0\" data-l=\"ORG\">Bank of \
         <mark class=\"l2 unsure\" title=\"LOC 57.3 %\" data-i=\"1\" data-l=\"LOC\">New \
         <mark class=\"l2\" title=\"LOC\" data-i=\"2\">Oslo</mark></mark></mark>\
         <mark class=\"l2\" title=\"LOC\" data-i=\"2\" data-l=\"LOC\"> City</mark>"
    );
    let legend =
        "<footer>1 document <span class=\"label l1\">ORG 1</span> <span class=\"label l2\">LOC 2</span></footer>";
    assert!(page.contains(legend), "{page}");
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("white-space:pre-wrap"));
}

#[test]
fn a_format_without_mentions_or_without_folder_is_refused() {
    let text = Writer::new(Format::Text, Vec::new(), WriteOptions::default()).expect_err("refused");
    assert_eq!(text.to_string(), "<output>: expected a format that holds mentions for text");
    let brat = Writer::new(Format::Brat, Vec::new(), WriteOptions::default()).expect_err("refused");
    assert_eq!(brat.to_string(), "<output>: expected a folder for brat");
}

#[test]
fn a_document_that_cannot_be_written_leaves_no_trace() {
    let bad = document("Oslo", &[(2, 9, "LOC")]);
    let blank = document("Oslo", &[(0, 4, "A PLACE")]);
    let good = document("Oslo", &[(0, 4, "LOC")]);
    for format in [Format::Jsonl, Format::Conll, Format::Html, Format::Tsv] {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(format, &mut bytes, WriteOptions::default()).expect("memory");
        let refused = if format == Format::Conll { &blank } else { &bad };
        let error = writer.write(refused).expect_err("it cannot be said");
        assert!(error.to_string().starts_with("<output>: document \"d\": expected "), "{format}: {error}");
        writer.write(&good).expect("it can be said");
        assert_eq!(writer.finish().expect("memory").documents, 1);
        assert_eq!(String::from_utf8(bytes).expect("text"), write(std::slice::from_ref(&good), format), "{format}");
    }
}

/// Texts of blank-separated words on lines, each word of one to three characters that no format treats specially.
fn tokenised() -> impl Strategy<Value = Vec<Vec<(String, Option<&'static str>)>>> {
    let word = "[a-zéبЖ語😀]{1,3}";
    let tag = prop::option::weighted(0.4, prop::sample::select(vec!["PER", "ORG", "a-b"]));
    prop::collection::vec(prop::collection::vec((word, tag), 1..6), 0..4)
}

fn build(sentences: &[Vec<(String, Option<&'static str>)>]) -> (Document, Vec<Vec<Span>>) {
    let (mut document, mut words) = (Document::new("d", ""), Vec::new());
    for sentence in sentences {
        if !document.text.is_empty() {
            document.text.push('\n');
        }
        let mut spans: Vec<Span> = Vec::new();
        for (word, label) in sentence {
            if !spans.is_empty() {
                document.text.push(' ');
            }
            let start = document.text.len();
            document.text.push_str(word);
            let span = Span::new(start, document.text.len());
            spans.push(span);
            document.mentions.extend(label.map(|label| Mention::new(span, Label::new(label))));
        }
        words.push(spans);
    }
    (document, words)
}

proptest! {
    #[test]
    fn any_text_comes_back_from_jsonl(
        text in any::<String>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..5),
        unit in prop::sample::select(OffsetUnit::ALL.to_vec()),
        compression in prop::sample::select(vec![Compression::None, Compression::Gzip, Compression::Zstd]),
    ) {
        let mut document = Document::new("x", text.clone());
        let bounds: Vec<usize> = (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)).collect();
        for (a, b) in cuts {
            let (a, b) = (bounds[a.index(bounds.len())], bounds[b.index(bounds.len())]);
            if a != b {
                document.mentions.push(Mention::new(Span::new(a.min(b), a.max(b)), Label::new("L")));
            }
        }
        let mut bytes = Vec::new();
        let options = WriteOptions::default().offsets(unit);
        let mut writer = Writer::with_compression(Format::Jsonl, &mut bytes, compression, options).expect("memory");
        writer.write(&document).expect("memory");
        writer.finish().expect("memory");
        prop_assert_eq!(read(bytes, "x.jsonl"), vec![document]);
    }

    #[test]
    fn tokenised_text_comes_back_from_conll(sentences in tokenised()) {
        let (document, words) = build(&sentences);
        let options = WriteOptions::default().words(move |_| words.clone());
        let written = write_with(std::slice::from_ref(&document), Format::Conll, options);
        let again = read(written.clone(), "d.conll");
        prop_assert_eq!(&again[0].text, &document.text);
        prop_assert_eq!(&again[0].mentions, &document.mentions);
        prop_assert_eq!(again.len(), 1);
        // And once more, with the layout that was read.
        let more = write(&again, Format::Conll);
        let more = read(more, "d.conll");
        prop_assert_eq!(&more[0].mentions, &document.mentions);
    }

    #[test]
    fn a_page_shows_the_text_whatever_is_marked(
        text in "[a-z<>&é😀 ]{0,30}",
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6),
    ) {
        let bounds: Vec<usize> = (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)).collect();
        let mut tagged = Document::new("x", text.clone());
        for (a, b) in cuts {
            let (a, b) = (bounds[a.index(bounds.len())], bounds[b.index(bounds.len())]);
            tagged.mentions.push(Mention::new(Span::new(a.min(b), a.max(b)), Label::new("L")));
        }
        let page = write(std::slice::from_ref(&tagged), Format::Html);
        let paragraph = paragraph(&page);
        prop_assert_eq!(visible(paragraph), text);
        prop_assert_eq!(paragraph.matches("<mark").count(), paragraph.matches("</mark>").count());
        let shown = tagged.mentions.iter().filter(|mention| !mention.span.is_empty()).count();
        prop_assert_eq!(paragraph.matches(" data-l=\"L\"").count(), shown);
    }
}
