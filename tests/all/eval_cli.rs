//! `allonym eval` as a user runs it.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

const GOLD: &str = r#"{"id":"a","text":"Ann Lee met Omar in Bonn.","mentions":[{"start":0,"end":7,"label":"PER"},{"start":12,"end":16,"label":"PER"},{"start":20,"end":24,"label":"LOC"}]}
{"id":"b","text":"Rain 😀 in Oman.","mentions":[{"start":10,"end":14,"label":"LOC"}]}
"#;
const PREDICTED: &str = r#"{"id":"b","text":"Rain 😀 in Oman.","mentions":[{"start":10,"end":14,"label":"GPE","score":0.75}]}
{"id":"a","text":"Ann Lee met Omar in Bonn.","mentions":[{"start":0,"end":7,"label":"PERSON","score":0.875},{"start":12,"end":16,"label":"GPE","score":0.25}]}
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        folder.write("gold.jsonl", GOLD);
        folder.write("predicted.jsonl", PREDICTED);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).expect("a file is written");
    }

    /// Runs `allonym eval` in the folder and returns exit code, stdout and stderr.
    fn eval(&self, args: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_allonym"))
            .current_dir(self.0.path())
            .arg("eval")
            .args(args)
            .output()
            .expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
        (output.status.code().expect("it ends"), text(output.stdout), text(output.stderr))
    }

    fn json(&self, args: &[&str]) -> Value {
        let (code, out, err) = self.eval(&[args, &["--report", "json"]].concat());
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&out).expect("the report is JSON")
    }
}

fn counts(report: &Value, system: usize) -> [u64; 3] {
    let micro = &report["systems"][system]["scores"]["micro"];
    ["correct", "predicted", "gold"].map(|key| micro[key].as_u64().expect("a count"))
}

const MAP: [&str; 2] = ["--map", "PERSON=PER,GPE=LOC"];

#[test]
fn labels_are_renamed_and_the_report_is_stamped() {
    let folder = Folder::new();
    let report = folder.json(&["gold.jsonl", "predicted.jsonl", "--map", "PERSON=PER,GPE=LOC"]);
    assert_eq!(counts(&report, 0), [2, 3, 4]);
    assert_eq!(report["metrics"]["f1"], report["systems"][0]["scores"]["micro"]["f1"]);
    assert_eq!(report["systems"][0]["error_counts"]["wrong_type"], 1);
    assert_eq!(report["systems"][0]["error_counts"]["missed"], 1);
    let stamp = &report["stamp"];
    assert_eq!(stamp["map"][0], serde_json::json!({"from": "PERSON", "to": "PER", "mentions": 1}));
    assert_eq!(stamp["inputs"][0]["role"], "gold");
    assert_eq!(stamp["inputs"][0]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(stamp["unit"], "document");
    let command = stamp["command"].as_str().expect("a command");
    assert!(command.ends_with("eval gold.jsonl predicted.jsonl --map PERSON=PER,GPE=LOC --report json"), "{command}");
}

#[test]
fn the_text_fits_80_columns_and_has_no_colours() {
    let folder = Folder::new();
    let (code, out, err) = folder.eval(&["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1]]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    assert!(!out.contains('\u{1b}'));
    for part in ["4 gold mentions in 2 documents", "Errors", "Calibration", "How this report was made"] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    let (_, markdown, _) = folder.eval(&["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1], "--report", "md"]);
    let start = "# 4 gold mentions in 2 documents\n\nF1 is 57.14; most common error: PER called LOC, once.\n\n| system";
    assert!(markdown.starts_with(start), "{markdown}");
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = Folder::new();
    let all: Vec<_> = ["1", "2", "5"]
        .map(|n| {
            let (_, out, _) = folder.eval(&["gold.jsonl", "predicted.jsonl", "--report", "json", "--threads", n]);
            out.replace(&format!("--threads {n}"), "")
        })
        .into();
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
}

#[test]
fn missing_documents_are_an_error_or_counted() {
    let folder = Folder::new();
    let first = GOLD.lines().next().expect("a line");
    folder.write("part.jsonl", first);
    let (code, _, err) = folder.eval(&["gold.jsonl", "part.jsonl"]);
    assert_eq!(code, 2);
    assert_eq!(
        err,
        "error: expected document \"b\" in part.jsonl too, found it only in gold.jsonl (and 0 more such documents)\n"
    );
    let report = folder.json(&["gold.jsonl", "part.jsonl", "--allow-missing"]);
    assert_eq!(counts(&report, 0), [3, 3, 4]);
    assert_eq!(report["systems"][0]["tally"]["missing_documents"], 1);
    let report = folder.json(&["part.jsonl", "gold.jsonl", "--allow-missing"]);
    assert_eq!(counts(&report, 0), [3, 3, 3]);
    assert_eq!(report["systems"][0]["tally"]["extra_mentions"], 1);
}

#[test]
fn different_texts_are_an_error() {
    let folder = Folder::new();
    folder.write("other.jsonl", &PREDICTED.replace("Omar in Bonn", "Omar at Bonn"));
    let (code, out, err) = folder.eval(&["gold.jsonl", "other.jsonl"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("document \"a\"") && err.contains("at character 17"), "{err}");
}

#[test]
fn broken_input_is_reported_and_not_scored() {
    let folder = Folder::new();
    folder.write("broken.jsonl", &format!("{PREDICTED}{{\"id\": \n"));
    let (code, out, err) = folder.eval(&["gold.jsonl", "broken.jsonl"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("error: broken.jsonl:3: expected a JSON object, found"), "{err}");
    assert!(
        err.ends_with("error: 1 error in the inputs: fix them, or pass --allow-missing to score what could be read\n"),
        "{err}"
    );
    let (code, out, _) = folder.eval(&["gold.jsonl", "broken.jsonl", "--allow-missing"]);
    assert_eq!(code, 1);
    assert!(out.contains("4 gold mentions"));
    let (code, _, err) = folder.eval(&["gold.jsonl", "nowhere.jsonl"]);
    assert_eq!((code, err.as_str()), (2, "error: nowhere.jsonl: expected a file or a folder, found nothing\n"));
    let (code, _, err) = folder.eval(&["gold.jsonl"]);
    assert_eq!(code, 2);
    assert!(err.contains("PRED"), "{err}");
}

#[test]
fn tables_take_their_texts_from_the_other_side() {
    let folder = Folder::new();
    folder.write("table.tsv", "doc\tstart\tend\tlabel\ttext\nb\t10\t14\tLOC\tOman\na\t0\t7\tPER\tAnn Lee\n");
    assert_eq!(counts(&folder.json(&["gold.jsonl", "table.tsv"]), 0), [2, 2, 4]);
    assert_eq!(counts(&folder.json(&["table.tsv", "gold.jsonl"]), 0), [2, 4, 2]);
    folder.write("bytes.tsv", "doc\tstart\tend\tlabel\ttext\nb\t13\t17\tLOC\tOman\n");
    let (code, _, err) = folder.eval(&["gold.jsonl", "bytes.tsv"]);
    assert_eq!(code, 2);
    assert!(err.contains("as byte offsets they fit"), "{err}");
    assert_eq!(counts(&folder.json(&["gold.jsonl", "bytes.tsv", "--offsets", "byte"]), 0), [1, 1, 4]);
    let (code, _, err) = folder.eval(&["table.tsv", "table.tsv"]);
    assert_eq!(code, 2);
    assert!(err.contains("only tables of mentions"), "{err}");
}

#[test]
fn both_repairs_are_shown_where_they_differ() {
    let folder = Folder::new();
    folder.write("gold.conll", "Ann B-PER\nLee I-PER\nmet O\nOmar B-PER\n\n");
    folder.write("predicted.conll", "Ann B-PER\nLee I-LOC\nmet O\nOmar I-PER\n\n");
    let args = ["gold.conll", "predicted.conll", "--scheme", "iob2"];
    let report = folder.json(&args);
    assert_eq!(counts(&report, 0), [1, 3, 2]);
    let repairs = &report["systems"][0]["repairs"];
    assert_eq!((&repairs["repairs"], &repairs["discard"]["predicted"]), (&2.into(), &1.into()));
    assert_eq!(report["stamp"]["inputs"][1]["schemes"][0]["scheme"], "IOB2 (declared)");
    let discard = folder.json(&[&args[..], &["--repair", "discard"]].concat());
    assert_eq!(counts(&discard, 0), [0, 1, 2]);
    assert_eq!(&discard["systems"][0]["repairs"]["begin"], &repairs["begin"]);
    let (code, _, err) = folder.eval(&[&args[..], &["--repair", "error"]].concat());
    assert_eq!(code, 2);
    assert!(
        err.starts_with("error: predicted.conll:2: expected a tag that IOB2 allows after B-PER, found I-LOC\n"),
        "{err}"
    );
    let (_, out, _) = folder.eval(&args);
    assert!(out.contains("2 tags break their scheme"), "{out}");
}

#[test]
fn tokens_can_be_paired_by_position() {
    let folder = Folder::new();
    folder.write("gold.conll", "Ann B-PER\n&gt; O\nBonn B-LOC\n\n");
    folder.write("predicted.conll", "Ann B-PER\nget O\nBonn B-LOC\n\n");
    let (code, _, err) = folder.eval(&["gold.conll", "predicted.conll"]);
    assert_eq!(code, 2);
    assert!(err.contains("found a difference at character 4"), "{err}");
    let report = folder.json(&["gold.conll", "predicted.conll", "--by-token"]);
    assert_eq!(counts(&report, 0), [2, 2, 2]);
    assert_eq!(report["systems"][0]["tally"]["differing_tokens"], 1);
}

#[test]
fn gold_and_prediction_may_be_columns_of_one_file() {
    let folder = Folder::new();
    folder.write("both.txt", "Ann NNP B-PER B-PER\nmet VB O O\nOmar NNP B-PER O\n\n");
    let args =
        ["both.txt", "both.txt", "--from", "conll", "--gold-columns", "token,_,ner,_", "--columns", "token,_,_,ner"];
    let report = folder.json(&args);
    assert_eq!(counts(&report, 0), [1, 1, 2]);
    assert_eq!(report["stamp"]["unit"], "sentence");
}

#[test]
fn two_systems_are_compared() {
    let folder = Folder::new();
    let (code, out, _) = folder.eval(&["gold.jsonl", "gold.jsonl", "predicted.jsonl", MAP[0], MAP[1]]);
    assert_eq!(code, 0);
    assert!(out.contains("Is the difference significant?"), "{out}");
    assert!(out.contains("Fewer than 30 units"), "{out}");
    let report = folder.json(&["gold.jsonl", "gold.jsonl", "predicted.jsonl", MAP[0], MAP[1]]);
    let difference = &report["differences"][0];
    assert_eq!((&difference["only_a"], &difference["only_b"]), (&2.into(), &0.into()));
    let p = difference["difference"]["p_value"].as_f64().expect("a p-value");
    assert!(p > 0.4, "two documents prove nothing: {p}");
}

#[test]
fn systems_are_columns_under_short_names() {
    let folder = Folder::new();
    let args = ["gold.jsonl", "./gold.jsonl", "predicted.jsonl", MAP[0], MAP[1]];
    let (_, out, _) = folder.eval(&args);
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    for row in [
        &["gold", "predicted"][..],
        &["F1", "100.00", "57.14"],
        &["LOC", "100.00", "50.00"],
        &["PER", "precision", "100.00", "100.00"],
        &["recall", "100.00", "50.00"],
        &["wrong", "type", "0", "1", "right", "span,", "wrong", "label"],
    ] {
        assert!(rows.iter().any(|found| found == row), "{row:?} is not in {out}");
    }
    let text = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("2 documents are too few to be sure"), "{out}");
    let (_, markdown, _) = folder.eval(&[&args[..], &["--report", "md"]].concat());
    assert!(markdown.contains("|---|---:|---:|\n| precision"), "{markdown}");
    let named = [&args[..], &["--name", "A=first try", "--name", "predicted.jsonl=second"]].concat();
    let report = folder.json(&named);
    assert_eq!((&report["systems"][0]["name"], &report["systems"][1]["name"]), (&"first try".into(), &"second".into()));
    assert_eq!(report["systems"][0]["tally"]["name"], "./gold.jsonl");
    assert_eq!(report["differences"][0]["b"], "second");
    assert!(report["summary"].as_str().expect("a sentence").contains("first try and second"), "{}", report["summary"]);
    for wrong in ["C=x", "A", "other.jsonl=x"] {
        let (code, _, err) = folder.eval(&[&args[..], &["--name", wrong]].concat());
        assert_eq!(code, 2, "{wrong}");
        assert!(err.contains("A or ./gold.jsonl, B or predicted.jsonl"), "{err}");
    }
}

#[test]
fn in_brief_it_is_five_lines() {
    let folder = Folder::new();
    let (code, out, err) = folder.eval(&["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1], "--brief"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0].join(" "), "F1 is 57.14; most common error: PER called LOC, once.");
    assert_eq!(rows[1..], [&["predicted"][..], &["precision", "66.67"], &["recall", "50.00"], &["F1", "57.14"]]);
    let systems = ["predicted.jsonl"; 9];
    let (_, out, err) = folder.eval(&[&["gold.jsonl"], &systems[..], &["--brief"]].concat());
    assert_eq!(out.lines().count(), 5, "{out}");
    assert!(err.contains("note: predicted: 3 mentions have labels that the gold lacks (GPE, PERSON)"), "{err}");
    let (_, _, err) = folder.eval(&["gold.jsonl", "predicted.jsonl", "--brief", "--quiet"]);
    assert_eq!(err, "");
    assert_eq!(folder.eval(&["gold.jsonl", "predicted.jsonl", "--brief", "--report", "md"]).0, 2);
}

#[test]
fn the_name_of_the_output_says_which_report_it_is() {
    let folder = Folder::new();
    let output = tempfile::tempdir().expect("a folder");
    for (name, begin) in [("a.html", "<!doctype html>"), ("a.json", "{"), ("a.md", "#"), ("a.txt", "4 gold")] {
        let path = output.path().join(name);
        let (code, _, err) = folder.eval(&["gold.jsonl", "predicted.jsonl", "-o", &path.display().to_string()]);
        assert_eq!(code, 0, "{err}");
        let report = std::fs::read_to_string(&path).expect("a report");
        assert!(report.to_lowercase().starts_with(begin), "{name}: {}", &report[..report.len().min(60)]);
    }
}

#[test]
fn labels_that_the_gold_lacks_are_named_with_their_cost() {
    let folder = Folder::new();
    let more = GOLD.replace(
        "Rain 😀 in Oman.\",\"mentions\":[",
        "Rain 😀 in Oman.\",\"mentions\":[{\"start\":0,\"end\":4,\"label\":\"MISC\"},",
    );
    folder.write("more.jsonl", &more);
    let (_, out, _) = folder.eval(&["gold.jsonl", "more.jsonl"]);
    let text = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let want = "more: 1 mention has a label that the gold lacks (MISC); F1 is 100.00 without, 11.11 higher. --labels LOC,PER leaves \
                them out, --map FROM=TO renames them.";
    assert!(text.contains(want), "{text}");
    let unknown = &folder.json(&["gold.jsonl", "more.jsonl"])["systems"][0]["unknown_labels"];
    assert_eq!((&unknown["labels"], &unknown["mentions"]), (&serde_json::json!(["MISC"]), &1.into()));
    let (_, out, _) = folder.eval(&["gold.jsonl", "more.jsonl", "--labels", "LOC,PER"]);
    assert!(!out.contains("that the gold lacks ("), "{out}");
    let none = folder.json(&["gold.jsonl", "gold.jsonl"]);
    assert_eq!(none["systems"][0]["unknown_labels"], Value::Null);
}

#[test]
fn plain_text_is_no_prediction() {
    let folder = Folder::new();
    folder.write("a.txt", "Ann Lee met Omar in Bonn.");
    folder.write("page.html", "<html><body><p>Ann Lee met Omar in Bonn.</p></body></html>");
    fs::create_dir(folder.path("texts")).expect("a folder");
    folder.write("texts/a.txt", "Ann Lee met Omar in Bonn.");
    for path in ["a.txt", "texts", "page.html"] {
        let (code, out, err) = folder.eval(&["gold.jsonl", path]);
        assert_eq!((code, out.as_str()), (2, ""), "{path}: {err}");
        assert!(err.contains(&format!("`allonym tag {path} -o predictions.jsonl` makes predictions")), "{err}");
    }
    let (code, _, err) = folder.eval(&["a.txt", "gold.jsonl"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: a.txt: expected documents with mentions, found plain text"), "{err}");
    let bare = GOLD.lines().map(|line| line.split(",\"mentions\"").next().expect("a part").to_owned() + "}\n");
    folder.write("bare.jsonl", &bare.collect::<String>());
    let (code, out, _) = folder.eval(&["gold.jsonl", "bare.jsonl"]);
    assert_eq!(code, 0);
    assert!(out.contains("bare has no mentions at all: `allonym tag` makes predictions"), "{out}");
}

#[test]
fn inputs_may_have_other_encodings() {
    let folder = Folder::new();
    let text =
        "{\"id\":\"a\",\"text\":\"Renée left Orléans.\",\"mentions\":[{\"start\":0,\"end\":5,\"label\":\"PER\"}]}\n";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("it is Latin-1")).collect();
    fs::write(folder.path("latin.jsonl"), latin).expect("a file is written");
    folder.write("utf8.jsonl", text);
    let table = "doc\tstart\tend\tlabel\ttext\na\t0\t5\tPER\tRenée\n";
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path("utf16.tsv"), utf16).expect("a file is written");
    let (code, _, err) = folder.eval(&["utf8.jsonl", "latin.jsonl"]);
    assert_eq!(code, 2);
    assert!(err.contains("(--encoding windows-1252)"), "{err}");
    for args in [
        &["latin.jsonl", "latin.jsonl", "--encoding", "windows-1252"][..],
        &["utf8.jsonl", "latin.jsonl", "--encoding", "auto"],
        &["utf8.jsonl", "utf16.tsv"],
        &["latin.jsonl", "utf16.tsv", "--encoding", "latin1"],
    ] {
        assert_eq!(counts(&folder.json(args), 0), [1, 1, 1], "{args:?}");
    }
    let (_, _, err) = folder.eval(&["utf8.jsonl", "latin.jsonl", "--encoding", "auto"]);
    assert!(err.contains("windows-1252"), "{err}");
    let (code, _, err) = folder.eval(&["utf8.jsonl", "utf8.jsonl", "--encoding", "latin-9000"]);
    assert_eq!(code, 2);
    assert!(err.contains("expected the name of an encoding"), "{err}");
}

#[test]
fn scores_below_a_floor_fail() {
    let folder = Folder::new();
    let gate = |floor: &str| folder.eval(&["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1], "--fail-under", floor]);
    assert_eq!(gate("f1=0.5").0, 0);
    let (code, out, err) = gate("f1.PER=90%");
    assert_eq!((code, err.as_str()), (1, "error: f1.PER is 0.6667, expected at least 0.9000\n"));
    assert!(out.contains("4 gold mentions"));
    assert_eq!(gate("fscore=0.5").0, 2);
    assert_eq!(gate("f1=95").0, 2);
    let report = folder.json(&["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1]]);
    folder.write("baseline.json", &report.to_string());
    let args = ["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1], "--baseline", "baseline.json"];
    assert_eq!(folder.eval(&args).0, 0);
    folder.write("baseline.json", r#"{"metrics": {"f1": 0.99}}"#);
    assert_eq!(folder.eval(&args).0, 1);
}

#[test]
fn empty_sides_are_undefined() {
    let folder = Folder::new();
    let empty = r#"{"id":"a","text":"Rain.","mentions":[]}"#;
    folder.write("empty.jsonl", empty);
    folder.write("one.jsonl", &empty.replace("[]", r#"[{"start":0,"end":4,"label":"LOC"}]"#));
    folder.write("nothing.jsonl", "");
    for (gold, predicted, want) in [
        ("empty.jsonl", "empty.jsonl", [Value::Null, Value::Null, Value::Null]),
        ("empty.jsonl", "one.jsonl", [0.0.into(), Value::Null, 0.0.into()]),
        ("one.jsonl", "empty.jsonl", [Value::Null, 0.0.into(), 0.0.into()]),
        ("nothing.jsonl", "nothing.jsonl", [Value::Null, Value::Null, Value::Null]),
    ] {
        let report = folder.json(&[gold, predicted]);
        let got = ["precision", "recall", "f1"].map(|name| report["metrics"][name].clone());
        assert_eq!(got, want, "{gold} {predicted}");
        for form in ["text", "md", "html"] {
            let (code, out, err) = folder.eval(&[gold, predicted, "--report", form]);
            assert_eq!(code, 0, "{gold} {predicted} {form}: {err}");
            assert!(out.contains("n/a"), "{gold} {predicted} {form}");
        }
    }
}

#[test]
fn duplicates_count_once_and_overlaps_are_reported() {
    let folder = Folder::new();
    let mentions =
        r#"[{"start":0,"end":4,"label":"LOC"},{"start":0,"end":4,"label":"LOC"},{"start":0,"end":5,"label":"LOC"}]"#;
    folder.write("a.jsonl", &format!(r#"{{"id":"a","text":"Rain.","mentions":{mentions}}}"#));
    let report = folder.json(&["a.jsonl", "a.jsonl"]);
    assert_eq!(counts(&report, 0), [2, 2, 2]);
    assert_eq!((&report["gold"]["duplicates"], &report["gold"]["overlapping"]), (&1.into(), &2.into()));
    let (_, out, _) = folder.eval(&["a.jsonl", "a.jsonl"]);
    assert!(out.contains("1 repeated mention, counted once."), "{out}");
}

#[test]
fn seen_names_and_suspicious_labels() {
    let folder = Folder::new();
    folder.write("train.jsonl", r#"{"id":"t","text":"Omar saw Bonn.","mentions":[{"start":0,"end":4,"label":"LOC"}]}"#);
    let args = ["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1], "--train", "train.jsonl", "--suspects", "doubts.tsv"];
    let report = folder.json(&args);
    let buckets = report["systems"][0]["buckets"].as_array().expect("a list");
    let seen = buckets.iter().find(|bucketing| bucketing["by"] == "seen").expect("training is given");
    assert_eq!(
        seen["buckets"][1],
        serde_json::json!({"name": "other_label", "recalled": 0, "gold": 1, "correct": 0, "predicted": 0, "recall": 0.0, "precision": null})
    );
    let doubts = fs::read_to_string(folder.path("doubts.tsv")).expect("it was written");
    let rows: Vec<&str> = doubts.lines().collect();
    assert!(rows[0].starts_with("rank\tsuspicion\treason\tdoc"), "{doubts}");
    assert!(rows[1].contains("contradicted\ta\t12\t16\tOmar\tOmar PER\tOmar LOC"), "{doubts}");
    folder.json(&["gold.jsonl", "predicted.jsonl", MAP[0], MAP[1], "--suspects", "doubts.jsonl"]);
    let lines = fs::read_to_string(folder.path("doubts.jsonl")).expect("it was written");
    let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("a line is JSON");
    assert_eq!((&first["rank"], &first["suspicion"], &first["gold"]), (&1.into(), &0.25.into(), &"Omar PER".into()));
}

#[test]
fn annotators_are_compared() {
    let folder = Folder::new();
    folder.write("second.jsonl", &GOLD.replace("\"end\":7", "\"end\":3"));
    let (code, out, err) = folder.eval(&["--agreement", "gold.jsonl", "second.jsonl"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("span and label  75.00"), "{out}");
    assert!(out.contains("Krippendorff"), "{out}");
    let report = folder.json(&["--agreement", "gold.jsonl", "second.jsonl"]);
    assert_eq!(report["agreement"]["strict"], serde_json::json!({"correct": 3, "predicted": 4, "gold": 4}));
}

#[test]
fn entities_and_links_are_scored() {
    let folder = Folder::new();
    let document = |entities: [&str; 3], kb: &str| {
        let mention = |start: usize, end: usize, entity: &str| serde_json::json!({"start": start, "end": end, "label": "PER", "entity": entity});
        serde_json::json!({
            "id": "a", "text": "Ann Lee saw Lee and Lee.",
            "mentions": [mention(0, 7, entities[0]), mention(12, 15, entities[1]), mention(20, 23, entities[2])],
            "entities": [{"id": "x", "kb": {"wikidata": kb}}],
        })
        .to_string()
    };
    folder.write("gold-e.jsonl", &document(["x", "x", "y"], "Q1"));
    folder.write("system-e.jsonl", &document(["x", "y", "y"], "Q1"));
    let report = folder.json(&["gold-e.jsonl", "system-e.jsonl"]);
    let within = &report["systems"][0]["clusters"]["predicted"]["within_documents"]["all"];
    assert_eq!(within["muc"], serde_json::json!({"correct": 0, "predicted": 1, "gold": 1}));
    assert_eq!(within["wrong_merges"]["wrong_clusters"], 1);
    let linking = &report["systems"][0]["linking"];
    assert_eq!(linking["micro"], serde_json::json!({"correct": 1, "predicted": 1, "gold": 2}));
    let (_, out, _) = folder.eval(&["gold-e.jsonl", "system-e.jsonl"]);
    assert!(out.contains("Entities") && out.contains("Links to the knowledge base"), "{out}");
}

#[test]
fn the_page_is_one_file() {
    let folder = Folder::new();
    let (code, _, err) = folder.eval(&[
        "gold.jsonl",
        "predicted.jsonl",
        "gold.jsonl",
        MAP[0],
        MAP[1],
        "--report",
        "html",
        "-o",
        "page.html",
    ]);
    assert_eq!(code, 0, "{err}");
    let page = fs::read_to_string(folder.path("page.html")).expect("it was written");
    assert!(page.starts_with("<!DOCTYPE html>") || page.starts_with("<!doctype html>"));
    assert!(page.trim_end().ends_with("</html>"));
    for outside in ["http://", "https://", "src=", "@import"] {
        let found = page.replace("http://www.w3.org/", "");
        assert!(!found.contains(outside), "{outside} is in the page");
    }
}

#[cfg(feature = "embedded-model")]
#[test]
fn a_model_can_be_scored() {
    let folder = Folder::new();
    let report = folder.json(&["gold.jsonl", "--model", "news-en-small", "--labels", "PER,LOC"]);
    assert_eq!(report["systems"][0]["name"], "news-en-small");
    assert!(report["metrics"]["recall"].as_f64().expect("a recall") > 0.7, "{}", report["metrics"]);
    assert_eq!(report["stamp"]["inputs"][1]["role"], "model");
}

#[test]
fn the_gold_is_sound() {
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/gold");
    let folder = Folder::new();
    let path = gold.display().to_string();
    let report = folder.json(&[&path, &path, "--samples", "0"]);
    assert_eq!(report["metrics"]["f1"], 1.0);
    assert!(report["gold"]["documents"].as_u64() >= Some(40));
    for clean in ["duplicates", "overlapping", "without_text", "left_out"] {
        assert_eq!(report["gold"][clean], 0, "{clean}");
    }
    let labels: Vec<&str> = report["systems"][0]["scores"]["labels"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|l| l["label"].as_str())
        .collect();
    assert_eq!(labels, ["LOC", "ORG", "PER"]);
}
