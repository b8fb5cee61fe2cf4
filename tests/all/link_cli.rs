//! Tests of the command `allonym link`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Output, Stdio};

use assert_cmd::Command;
use serde_json::Value;

/// Two documents with two places and one person, one place in two spellings, and a third document without mentions.
const TAGGED: &str = concat!(
    "{\"id\":\"a\",\"text\":\"OSLO: Ann Lee left Oslo.\",\"lang\":\"en\",\"mentions\":[",
    "{\"start\":0,\"end\":4,\"label\":\"LOC\",\"by\":\"hand\"},{\"start\":6,\"end\":13,\"label\":\"PER\",\"score\":0.9},",
    "{\"start\":19,\"end\":23,\"label\":\"LOC\",\"entity\":\"old\"}],\"entities\":[{\"id\":\"old\"}]}\n",
    "{\"id\":\"b\",\"text\":\"Ann Lee is in Bonn.\",\"mentions\":[{\"start\":0,\"end\":7,\"label\":\"PER\"},{\"start\":14,\"end\":18,\"label\":\"LOC\"}]}\n",
    "{\"id\":\"c\",\"text\":\"Nothing here.\",\"mentions\":[]}\n",
);

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder can be made"));
        folder.write("tagged.jsonl", TAGGED);
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("a file can be written");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file can be read")
    }

    fn link(&self, args: &[&str]) -> Ran {
        self.link_with(args, "")
    }

    fn link_with(&self, args: &[&str], stdin: impl Into<Vec<u8>>) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
        Ran::new(
            &command.current_dir(self.0.path()).arg("link").args(args).write_stdin(stdin).output().expect("it runs"),
        )
    }
}

#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Self { code: output.status.code().expect("no signal"), out: text(&output.stdout), err: text(&output.stderr) }
    }

    fn documents(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }
}

fn entity_of(document: &Value, mention: usize) -> &str {
    document["mentions"][mention]["entity"].as_str().expect("it is linked")
}

#[test]
fn one_name_is_one_entity_in_all_documents() {
    let folder = Folder::new();
    let ran = folder.link(&["tagged.jsonl"]);
    let documents = ran.documents();
    assert_eq!(documents.len(), 3);
    assert_eq!(entity_of(&documents[0], 1), entity_of(&documents[1], 0));
    assert_ne!(entity_of(&documents[0], 2), entity_of(&documents[1], 1));
    let keys: Vec<&String> = documents[0].as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "text", "offsets", "mentions", "entities", "lang"]);
    assert_eq!(documents[0]["mentions"][0]["by"], "hand");
    assert_eq!(documents[2]["entities"], serde_json::json!([]), "a linked document says that it has none");
    let entity = documents[1]["entities"][0].as_object().expect("an object");
    let fields: Vec<&String> = entity.keys().take(4).collect();
    assert_eq!(fields, ["id", "name", "label", "aliases"]);
    assert_eq!((&entity["name"], &entity["mentions"]), (&Value::from("Ann Lee"), &Value::from(1)));
    assert!(ran.err.contains("3 documents linked, 5 mentions"), "{}", ran.err);
    assert!(ran.err.contains("entities of 1 document"), "{}", ran.err);
}

#[test]
fn linking_again_changes_nothing() {
    let folder = Folder::new();
    let once = folder.link(&["tagged.jsonl", "--quiet", "-o", "once.jsonl"]);
    assert_eq!((once.code, once.err.as_str()), (0, ""));
    let twice = folder.link(&["once.jsonl", "--quiet"]);
    assert_eq!(twice.out, folder.read("once.jsonl"));
    let stdin = folder.link_with(&["--quiet"], folder.read("once.jsonl"));
    assert_eq!(stdin.out, twice.out);
    let dash = folder.link_with(&["-", "--quiet", "--threads", "1"], folder.read("once.jsonl"));
    assert_eq!(dash.out, twice.out);
    let gz = folder.link(&["tagged.jsonl", "--quiet", "-o", "once.jsonl.gz"]);
    assert_eq!(gz.code, 0, "{}", gz.err);
    assert_eq!(folder.link(&["once.jsonl.gz", "--quiet"]).out, twice.out);
}

#[test]
fn the_order_of_documents_and_the_threads_do_not_matter() {
    let folder = Folder::new();
    let mut lines: Vec<&str> = TAGGED.lines().collect();
    let sorted = |ran: Ran| {
        assert_eq!(ran.code, 0, "{}", ran.err);
        let mut lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let want = sorted(folder.link(&["tagged.jsonl"]));
    for n in 0..3 {
        lines.rotate_left(1);
        folder.write("turned.jsonl", lines.join("\n"));
        for threads in ["1", "3"] {
            assert_eq!(sorted(folder.link(&["turned.jsonl", "--threads", threads])), want, "{n} {threads}");
        }
    }
}

#[test]
fn within_documents_the_ids_are_counted() {
    let folder = Folder::new();
    let documents = folder.link(&["tagged.jsonl", "--within"]).documents();
    assert_eq!(entity_of(&documents[1], 0), "e1");
    assert_eq!(entity_of(&documents[1], 1), "e2");
    let all = entity_of(&documents[0], 1);
    assert!(all == "e1" || all == "e2", "{all}");
}

#[test]
fn the_table_of_entities_has_all() {
    let folder = Folder::new();
    let ran = folder.link(&["tagged.jsonl", "--entities", "entities.tsv", "-o", "linked.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let table = folder.read("entities.tsv");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0], ["id", "name", "label", "documents", "mentions", "aliases", "kb", "merges", "context"]);
    let ann = rows.iter().find(|row| row[1] == "Ann Lee").expect("she is there");
    assert_eq!(ann[2..6], ["PER", "2", "2", "Ann Lee (2)"]);
    let linked: Value =
        serde_json::from_str(folder.read("linked.jsonl").lines().nth(1).expect("a line")).expect("JSON");
    assert_eq!(ann[0], entity_of(&linked, 0));
    let mentions: usize = rows[1..].iter().map(|row| row[4].parse::<usize>().expect("a count")).sum();
    assert_eq!(mentions, 5);

    let only = folder.link(&["tagged.jsonl", "--no-documents", "--entities", "-"]);
    assert_eq!((only.code, only.out), (0, table));
    let json = folder.link(&["tagged.jsonl", "--no-documents", "--entities", "entities.jsonl", "--quiet"]);
    assert_eq!((json.code, json.out.as_str(), json.err.as_str()), (0, "", ""));
    let json = folder.read("entities.jsonl");
    let found: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ann = found.iter().find(|entity| entity["name"] == "Ann Lee").expect("she is there");
    assert_eq!(ann["aliases"], serde_json::json!([{"name": "Ann Lee", "mentions": 2}]));
}

#[test]
fn other_formats_are_linked_and_shown() {
    let folder = Folder::new();
    folder.write(
        "a.conll",
        "-DOCSTART- O\n\nAnn B-PER\nLee I-PER\nis O\nin O\nBonn B-LOC\n\nAnn B-PER\nLee I-PER\nleft O\n",
    );
    let tsv = folder.link(&["a.conll", "--to", "tsv", "--quiet"]);
    assert_eq!(tsv.code, 0, "{}", tsv.err);
    let rows: Vec<Vec<&str>> = tsv.out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0], ["doc", "start", "end", "label", "text", "score", "entity", "name"]);
    assert_eq!((rows[1][6], rows[1][7]), (rows[3][6], "Ann Lee"));
    let html = folder.link(&["a.conll", "--to", "html", "--quiet"]);
    assert!(html.out.contains("title=\"PER · Ann Lee\" data-i=\"0\""), "{}", html.out);
    let row = "<td dir=\"auto\">Ann Lee</td><td><span class=\"label l0\">PER</span></td><td class=\"number\">2</td><td class=\"number\">1</td>";
    assert!(html.out.contains(row), "{}", html.out);
    let titled = folder.link(&["a.conll", "--to", "html", "--quiet", "--title", "News & <b>"]);
    assert!(titled.out.contains("<h1 dir=\"auto\">News &amp; &lt;b&gt;</h1>"), "{}", titled.out);
    let refused = folder.link(&["a.conll", "--quiet", "--title", "News"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("--title: expected html as the output format, found jsonl"), "{}", refused.err);
}

#[test]
fn unreadable_documents_are_reported_and_the_rest_is_linked() {
    let folder = Folder::new();
    let lines: Vec<&str> = TAGGED.lines().collect();
    let broken = format!(
        "{}\n{{\"id\":\n{}\n{{\"id\":\"x\",\"text\":\"a\",\"mentions\":[{{\"start\":0,\"end\":9,\"label\":\"PER\"}}]}}\n",
        lines[0], lines[1]
    );
    folder.write("broken.jsonl", broken);
    let ran = folder.link(&["broken.jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let errors: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 2, "each is named once: {errors:#?}");
    assert!(errors[0].contains("broken.jsonl:2") && errors[1].contains("broken.jsonl:4"), "{errors:#?}");
    assert_eq!(ran.out.lines().count(), 2);

    let stopped = folder.link(&["broken.jsonl", "--on-error", "stop"]);
    assert_eq!((stopped.code, stopped.out.as_str()), (2, ""));
    assert!(stopped.err.contains("broken.jsonl:2"), "{}", stopped.err);

    folder.write("latin1.jsonl", b"{\"id\":\"a\",\"text\":\"Z\xfcrich\"}\n");
    let ran = folder.link(&["latin1.jsonl", "tagged.jsonl"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("latin1.jsonl:1: expected UTF-8, found the bytes 0xFC"), "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 3);
}

#[test]
fn a_command_that_cannot_run_exits_with_2_and_says_why() {
    let folder = Folder::new();
    for (args, words) in [
        (vec!["no-such.jsonl"], "no-such.jsonl: expected a file or a folder"),
        (vec!["tagged.jsonl", "-o", "tagged.jsonl"], "tagged.jsonl, which is read too"),
        (vec!["tagged.jsonl", "--entities", "./tagged.jsonl"], "which is read too"),
        (vec!["tagged.jsonl", "-o", "no/such/folder.jsonl"], "no/such/folder.jsonl"),
        (vec!["tagged.jsonl", "--entities", "-"], "--no-documents"),
        (vec!["tagged.jsonl", "--no-documents"], "--entities"),
        (vec!["tagged.jsonl", "--to", "brat"], "a folder"),
        (vec!["tagged.jsonl", "--from", "tsv"], "found tsv"),
        (vec!["--explain", "Nobody At All", "tagged.jsonl"], "allonym link tagged.jsonl --explain \"Nobody At All\""),
        (vec!["tagged.jsonl", "--explain", "Ann", "Lee"], "two names without documents"),
        (vec!["tagged.jsonl", "--explain", "Nobody"], "found \"Nobody\""),
        (vec!["tagged.jsonl", "--explain"], "--explain"),
        (vec!["--pairs", "no-such.tsv"], "no-such.tsv"),
        (vec!["--pairs", "no-such.tsv", "--explain", "x"], "cannot be used with"),
        (vec!["tagged.jsonl", "--no-such"], "--no-such"),
    ] {
        let ran = folder.link(&args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }
    assert_eq!(folder.read("tagged.jsonl"), TAGGED, "the input is as it was");
}

/// Two spellings of one person, another person, and two places, each in a document of its own.
const SPELLINGS: &str = concat!(
    "{\"id\":\"1\",\"text\":\"Abbas Aragchi\",\"mentions\":[{\"start\":0,\"end\":13,\"label\":\"PER\"}]}\n",
    "{\"id\":\"2\",\"text\":\"Seyed Abbas Araqchi\",\"mentions\":[{\"start\":0,\"end\":19,\"label\":\"PER\"}]}\n",
    "{\"id\":\"3\",\"text\":\"Ali Larijani\",\"mentions\":[{\"start\":0,\"end\":12,\"label\":\"PER\"}]}\n",
    "{\"id\":\"4\",\"text\":\"Bonn\",\"mentions\":[{\"start\":0,\"end\":4,\"label\":\"LOC\"}]}\n",
    "{\"id\":\"5\",\"text\":\"Bad Godesberg\",\"mentions\":[{\"start\":0,\"end\":13,\"label\":\"LOC\"}]}\n",
);

#[test]
fn the_users_names_give_name_label_and_id() {
    let folder = Folder::new();
    folder.write("spellings.jsonl", SPELLINGS);
    folder.write("names.tsv", "canonical\talias\tlabel\tid\nAbbas Araghchi\tSeyed Abbas Araghchi\tPER\tme-1\n");
    let base = r#"{"id":"Q5","name":"Bundesstadt Bonn","aliases":["Bonn"],"label":"GPE"}"#;
    folder.write("base.jsonl", base);
    let ran = folder.link(&["spellings.jsonl", "--aliases", "names.tsv", "--kb", "base.jsonl"]);
    let documents = ran.documents();
    let entity = |nth: usize| &documents[nth]["entities"][0];
    assert_eq!(entity_of(&documents[0], 0), entity_of(&documents[1], 0));
    assert_eq!((&entity(0)["name"], &entity(0)["kb"]["user"]), (&Value::from("Abbas Araghchi"), &Value::from("me-1")));
    assert_eq!((&entity(3)["name"], &entity(3)["label"]), (&Value::from("Bundesstadt Bonn"), &Value::from("GPE")));
    assert_eq!(entity(3)["kb"]["wikidata"], "Q5");
    assert!(entity(2)["kb"].get("user").is_none());
}

#[test]
fn the_users_names_may_be_csv() {
    let folder = Folder::new();
    folder.write("spellings.jsonl", SPELLINGS);
    folder.write("names.csv", "id,canonical,label\r\nme-1,\"Araghchi, Abbas\",PER\r\n");
    let documents = folder.link(&["spellings.jsonl", "--aliases", "names.csv"]).documents();
    let entity = &documents[1]["entities"][0];
    assert_eq!((&entity["name"], &entity["kb"]["user"]), (&Value::from("Araghchi, Abbas"), &Value::from("me-1")));
}

#[test]
fn a_name_that_fits_several_rows_lists_them() {
    let folder = Folder::new();
    folder.write(
        "names.tsv",
        "canonical\talias\tlabel\tid\nBonn (city)\tBonn\tLOC\tB1\nBonn (canton)\tBonn\tLOC\tB2\nOslo\t\tLOC\tO\n",
    );
    let ran = folder.link(&["tagged.jsonl", "--aliases", "names.tsv"]);
    let bonn = &ran.documents()[1]["entities"][1];
    let row = |name: &str, id: &str| serde_json::json!({"name": name, "kb": {"user": id}, "probability": 0.5});
    assert_eq!(bonn["name"], "Bonn");
    assert_eq!(bonn["candidates"], serde_json::json!([row("Bonn (city)", "B1"), row("Bonn (canton)", "B2")]));
    assert!(bonn["kb"].get("user").is_none());
    let explained = folder.link(&["tagged.jsonl", "--aliases", "names.tsv", "--explain", "Bonn"]);
    assert!(explained.out.contains("perhaps Bonn (city) (user:B1): 0.5"), "{}", explained.out);
}

#[test]
fn a_label_that_the_document_contradicts_stays_and_is_explained() {
    let folder = Folder::new();
    folder.write(
        "film.jsonl",
        "{\"id\":\"1\",\"text\":\"Denzel Washington left. Washington laughed.\",\"mentions\":[\
         {\"start\":0,\"end\":17,\"label\":\"PER\"},{\"start\":24,\"end\":34,\"label\":\"LOC\"}]}\n",
    );
    let document = folder.link(&["film.jsonl"]).documents().remove(0);
    assert_eq!(entity_of(&document, 0), entity_of(&document, 1));
    assert_eq!(document["mentions"][1]["label"], "LOC");
    let explained = folder.link(&["film.jsonl", "--explain", "Denzel Washington"]);
    assert!(explained.out.contains("Washington [LOC] x1: labelled otherwise"), "{}", explained.out);
}

#[test]
fn a_threshold_of_one_wants_equal_names() {
    let folder = Folder::new();
    folder.write("spellings.jsonl", SPELLINGS);
    folder.write("names.tsv", "canonical\tlabel\tid\nAbbas Araghchi\tPER\tme-1\n");
    let ids = |threshold: &str| -> usize {
        let ran = folder.link(&["spellings.jsonl", "--aliases", "names.tsv", "--threshold", threshold]);
        ran.documents().iter().filter(|document| document["entities"][0]["kb"].get("user").is_some()).count()
    };
    assert_eq!(ids("1"), 0);
    assert_eq!(ids("0.6"), 2);
}

#[test]
fn the_user_forbids_and_forces_merges() {
    let folder = Folder::new();
    folder.write("spellings.jsonl", SPELLINGS);
    let entities = |args: &[&str]| -> Vec<String> {
        let ran = folder.link(&[&["spellings.jsonl"], args].concat());
        ran.documents().iter().map(|document| entity_of(document, 0).to_owned()).collect()
    };
    let plain = entities(&[]);
    assert_eq!(plain[0], plain[1]);
    assert_ne!(plain[3], plain[4]);
    let never = entities(&["--never", "Abbas Aragchi", "SEYED ABBAS ARAQCHI"]);
    assert_ne!(never[0], never[1]);
    let same = entities(&["--same", "Bonn", "Bad Godesberg", "--never", "Ali Larijani", "Bonn"]);
    assert_eq!(same[3], same[4]);
    assert_eq!(same[0], plain[0], "links are computed from the mentions each time");
}

#[test]
fn bad_files_of_the_user_are_refused_with_their_place() {
    let folder = Folder::new();
    folder.write("names.tsv", "canonical\tlabel\nAbbas Araghchi\tPER\textra\n");
    folder.write("header.tsv", "name\tother\nA\tB\n");
    folder.write("base.jsonl", "{\"id\":\"1\",\"name\":\"Oslo\"}\n{\"name\":\"Bonn\"}\n");
    folder.write("broken.jsonl", "{\"id\":\"1\",\"name\":\n");
    folder.write("latin1.tsv", b"canonical\nM\xFCller\n");
    for (args, words) in [
        (vec!["--aliases", "no-such.tsv"], "no-such.tsv"),
        (vec!["--aliases", "names.tsv"], "names.tsv:2:3: expected 2 columns, as in the header, found 3"),
        (vec!["--aliases", "header.tsv"], "header.tsv:1:1: expected a header of the columns canonical"),
        (vec!["--aliases", "latin1.tsv"], "latin1.tsv:2:1: expected text in UTF-8"),
        (vec!["--kb", "base.jsonl"], "base.jsonl:2:1: expected an id, found none for \"Bonn\""),
        (vec!["--kb", "broken.jsonl"], "broken.jsonl:1:"),
        (vec!["--threshold", "0.5"], "expected --aliases or --kb beside it"),
        (vec!["--aliases", "names.tsv", "--threshold", "2"], "a number from 0 to 1"),
        (vec!["--never", "Ann"], "2 values required"),
        (vec!["--never", "...", "Ann"], "expected two names with letters or digits"),
        (vec!["--never", "A", "B", "--same", "b", "a"], "shall never be the same, but are forced to be"),
    ] {
        let ran = folder.link(&[vec!["tagged.jsonl"], args.clone()].concat());
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }
}

#[test]
fn an_input_without_mentions_is_reported() {
    let folder = Folder::new();
    folder.write("plain.txt", "Ann Lee is in Bonn.");
    let ran = folder.link(&["plain.txt"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("there are no mentions"), "{}", ran.err);
}

#[test]
fn two_names_are_compared_and_an_entity_is_explained() {
    let folder = Folder::new();
    let ran = folder.link(&["--explain", "Abbas Aragchi", "Abbas Araghchi"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("verdict      one person"), "{}", ran.out);
    assert!(ran.out.contains("surname: same transliteration skeleton (aragchi, araghchi)"), "{}", ran.out);
    let ran = folder.link(&["--explain", "Khomeini", "Khamenei"]);
    assert!(ran.out.contains("verdict      two persons"), "{}", ran.out);

    let by_name = folder.link(&["tagged.jsonl", "--explain", "ann lee"]);
    assert_eq!(by_name.code, 0, "{}", by_name.err);
    assert!(by_name.out.contains("Ann Lee"), "{}", by_name.out);
    let id = by_name.out.lines().nth(1).and_then(|line| line.split_whitespace().next()).expect("an id");
    assert_eq!(folder.link(&["tagged.jsonl", &format!("--explain={id}")]).out, by_name.out);
    let stdin = folder.link_with(&["--explain", id], TAGGED);
    assert_eq!(stdin.out, by_name.out);
}

#[test]
fn pairs_get_a_probability() {
    let folder = Folder::new();
    let table = "id\tname2\tname1\tnote\r\n1\tAbbas Araghchi\tAbbas Aragchi\t\"as is\"\r\n2\tKhomeini\tKhamenei\t\r\n\r\n3\tAnn\t\tx\r\n4\ttoo few\r\n5\tAnn Lee\tAnn Lee\tlast";
    folder.write("pairs.tsv", table);
    let ran = folder.link(&["--pairs", "pairs.tsv"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let errors: Vec<&str> = ran.err.lines().collect();
    assert_eq!(
        errors,
        [
            "error: pairs.tsv:5: expected a name as \"name1\", found nothing",
            "error: pairs.tsv:6: expected 4 columns, found 2"
        ]
    );
    let rows: Vec<&str> = ran.out.split('\n').collect();
    assert_eq!(rows[0], "id\tname2\tname1\tnote\tprobability\r");
    assert!(rows[1].starts_with("1\tAbbas Araghchi\tAbbas Aragchi\t\"as is\"\t0.9"), "{}", rows[1]);
    assert_eq!(rows[3], "\r");
    assert!(rows[4].starts_with("5\tAnn Lee\tAnn Lee\tlast\t0.9"), "{}", rows[4]);
    assert_eq!(rows.len(), 6);
    for row in [1, 2, 4] {
        let cell = rows[row].trim_end().rsplit('\t').next().expect("a cell");
        assert!((0.0..=1.0).contains(&cell.parse::<f64>().expect("a number")), "{cell}");
    }
    let stdin = folder.link_with(&["--pairs", "-"], table);
    assert_eq!(stdin.out, ran.out);
    assert!(stdin.err.contains("<stdin>:5"), "{}", stdin.err);
    let file = folder.link(&["--pairs", "pairs.tsv", "-o", "scored.tsv", "--threads", "1"]);
    assert_eq!((file.code, folder.read("scored.tsv")), (1, ran.out));

    for (content, words) in [
        (&b""[..], "bad.tsv:1: expected a header"),
        (b"name1\tname3\nA\tB\n", "bad.tsv:1: expected a column \"name2\", found only"),
        (b"name1\tname2\tname1\n", "expected one column \"name1\", found 2"),
        (b"name1\tname2\tprobability\n", "expected no column \"probability\""),
        (b"name1\tname\xff\n", "bad.tsv:1: expected UTF-8"),
    ] {
        folder.write("bad.tsv", content);
        let ran = folder.link(&["--pairs", "bad.tsv"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    folder.write("bad.tsv", b"name1\tname2\nA\xff\tB\nAnn\tAnn\n");
    let ran = folder.link(&["--pairs", "bad.tsv"]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 2));
    assert!(ran.err.contains("bad.tsv:2: expected UTF-8, found the bytes 0xFF at byte 13"), "{}", ran.err);
}

#[test]
fn many_pairs_keep_their_order_whatever_the_threads() {
    let folder = Folder::new();
    let mut table = "n\tname1\tname2\n".to_owned();
    for n in 0..40_000 {
        table += &format!("{n}\tAnn {} Lee\tAnn {} Lee\n", letters(n), letters(n / 2));
    }
    folder.write("pairs.tsv", &table);
    let one = folder.link(&["--pairs", "pairs.tsv", "--threads", "1"]);
    assert_eq!(one.code, 0, "{}", one.err);
    let stripped: String =
        one.out.lines().map(|line| format!("{}\n", line.rsplit_once('\t').expect("cells").0)).collect();
    assert!(stripped == table, "every row comes out as it came in");
    assert!(folder.link(&["--pairs", "pairs.tsv", "--threads", "3"]).out == one.out);
}

fn letters(n: usize) -> String {
    n.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new();
    folder.write("many.jsonl", TAGGED.repeat(3000));
    let pairs: String = "name1\tname2\n".to_owned() + &"Ann Lee\tA. Lee\n".repeat(50_000);
    folder.write("pairs.tsv", pairs);
    for args in [vec!["many.jsonl"], vec!["--pairs", "pairs.tsv"], vec!["many.jsonl", "--to", "html"]] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_allonym"))
            .current_dir(folder.0.path())
            .arg("link")
            .args(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::with_capacity(64, child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let ran = Ran::new(&child.wait_with_output().expect("the program ends"));
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("error"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_pipe_can_be_read_twice() {
    if !Path::new("/dev/fd").exists() {
        return;
    }
    let folder = Folder::new();
    let binary = env!("CARGO_BIN_EXE_allonym");
    let script = format!("'{binary}' link --from jsonl --quiet <(cat tagged.jsonl)");
    let bash = std::process::Command::new("bash").current_dir(folder.0.path()).args(["-c", &script]).output();
    let Ok(output) = bash else { return };
    let ran = Ran::new(&output);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out, folder.link(&["tagged.jsonl", "--quiet"]).out);
}

#[test]
fn the_help_has_examples() {
    let ran = Folder::new().link(&["--help"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("Examples:") && ran.out.contains("--explain"), "{}", ran.out);
}

#[cfg(feature = "embedded-model")]
mod tag {
    use super::*;

    fn tag(args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
        let text = "ISLAMABAD: Maria Lopez arrived in Islamabad. Maria Lopez left.";
        let output = command.args(["tag", "--quiet", "--from", "text"]).args(args).write_stdin(text).output();
        Ran::new(&output.expect("it runs"))
    }

    #[test]
    fn links_within_each_document_by_default() {
        let document = tag(&[]).documents().remove(0);
        let ids: Vec<&str> = (0..4).map(|at| entity_of(&document, at)).collect();
        assert_eq!((ids[0], ids[1]), ("e1", "e2"));
        assert_eq!(ids[1], ids[3]);
        assert_eq!(document["entities"][0]["id"], "e1");

        let plain = tag(&["--no-link"]).documents().remove(0);
        assert_eq!(plain.get("entities"), None);
        assert!(plain["mentions"].as_array().expect("mentions").iter().all(|mention| mention.get("entity").is_none()));
    }

    #[test]
    fn convert_never_links() {
        let folder = Folder::new();
        let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
        let output = command.args(["convert", &folder.path("tagged.jsonl"), "--quiet"]).output().expect("it runs");
        let documents = Ran::new(&output).documents();
        assert_eq!(documents[0]["entities"], serde_json::json!([{"id": "old"}]));
        assert_eq!(documents[1].get("entities"), None);
        assert_eq!(documents[0]["mentions"][0].get("entity"), None);
    }
}
