//! `allonym top`: who is in the documents.

use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// Three linked documents, two of them with a date.
const LINKED: &str = concat!(
    r#"{"id":"a","text":"Ann Lee, Oslo, Oslo","date":"2024-05-31","mentions":[{"start":0,"end":7,"label":"PER","score":0.9,"entity":"x1"},"#,
    r#"{"start":9,"end":13,"label":"LOC","score":0.6,"entity":"x2"},{"start":15,"end":19,"label":"LOC","score":0.9,"entity":"x2"}],"#,
    r#""entities":[{"id":"x1","name":"Ann Lee","label":"PER"},{"id":"x2","name":"Oslo","label":"LOC","kb":{"wikidata":"Q585"}}]}"#,
    "\n",
    r#"{"id":"b","text":"Lee in OSLO","date":"2024-07-01T08:00:00Z","mentions":[{"start":0,"end":3,"label":"PER","entity":"x1"},"#,
    r#"{"start":7,"end":11,"label":"LOC","entity":"x2"}],"entities":[{"id":"x1","name":"Ann Lee","label":"PER"},{"id":"x2","name":"Oslo","label":"LOC"}]}"#,
    "\n",
    r#"{"id":"c","text":"A. Lee","date":"May","mentions":[{"start":0,"end":6,"label":"PER","entity":"x1"}],"entities":[{"id":"x1","name":"Ann Lee","label":"PER"}]}"#,
    "\n",
);

fn top(args: &[&str], input: &str) -> Output {
    let mut command = Command::cargo_bin("allonym").expect("the program is built");
    command.arg("top").args(args).write_stdin(input).output().expect("it runs")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("text")
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("text")
}

#[test]
fn entities_are_counted_as_they_are_linked() {
    let table = top(&["--to", "tsv"], LINKED);
    assert_eq!(table.status.code(), Some(0), "{}", err(&table));
    assert_eq!(
        out(&table),
        "rank\tid\tname\tlabel\tmentions\tdocuments\taliases\tkb\tmonths\n\
         1\tx1\tAnn Lee\tPER\t3\t3\tA. Lee (1); Ann Lee (1); Lee (1)\t\t2024-05 (1); 2024-07 (1)\n\
         2\tx2\tOslo\tLOC\t3\t2\tOslo (2); OSLO (1)\twikidata:Q585\t2024-05 (2); 2024-07 (1)\n"
    );
    assert!(
        err(&table).contains("1 document counted in no month: expected a date such as 2024-05-31, found \"May\""),
        "{}",
        err(&table)
    );
    assert!(err(&table).contains("3 documents counted, 6 mentions, 2 entities in "), "{}", err(&table));
    let csv = top(&["--to", "csv", "--limit", "1", "--labels", "loc,MISC", "--min-score", "0.7"], LINKED);
    assert!(
        out(&csv).ends_with("\n1,x2,Oslo,LOC,2,2,OSLO (1); Oslo (1),wikidata:Q585,2024-05 (1); 2024-07 (1)\n"),
        "{}",
        out(&csv)
    );
    assert!(err(&csv).contains("--min-score leaves out 1 mention"), "{}", err(&csv));
    let one = top(&["--to", "csv", "--limit", "1", "--sort", "documents"], LINKED);
    assert!(out(&one).contains("1,x1,Ann Lee,"), "{}", out(&one));
    assert!(err(&one).contains("note: 1 of 2 entities; --limit 0 shows all"), "{}", err(&one));
    let json: Value =
        serde_json::from_str(out(&top(&["--to", "json", "--limit", "1", "--quiet"], LINKED))).expect("JSON");
    assert_eq!((&json["documents"], &json["mentions"], &json["entities"]), (&3.into(), &6.into(), &2.into()));
    assert_eq!(json["top"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["top"][0]["months"], serde_json::json!({"2024-05": 1, "2024-07": 1}));
}

#[test]
fn a_table_has_bars_and_says_what_it_leaves_out() {
    let output = top(&["--limit", "1", "--sort", "documents", "--quiet"], LINKED);
    let lines: Vec<&str> = out(&output).lines().collect();
    assert!(lines[0].contains("by documents") && lines[0].contains("2024-05 to 2024-07"), "{lines:#?}");
    for part in ["Ann Lee", "PER", "████████████", "█·█", "A. Lee (1); Lee (1)"] {
        assert!(lines[1].contains(part), "{part}: {lines:#?}");
    }
    assert_eq!(lines[2..], ["", "6 mentions in 3 documents · 1 of 2 entities; --limit 0 shows all"]);
    assert_eq!(err(&output), "");
    let nothing = top(&["--labels", "NONE", "--quiet"], LINKED);
    assert_eq!(out(&nothing), "no entities\n\n6 mentions in 3 documents\n");
}

#[test]
fn a_page_is_whole_and_escaped() {
    let hostile = LINKED.replace("\"name\":\"Oslo\"", "\"name\":\"</title><script>\"");
    let output = top(&["--to", "html", "--title", "Who & <b>", "--quiet"], &hostile);
    let page = out(&output);
    assert!(
        page.contains("<title>Who &amp; &lt;b&gt;</title>") && page.contains("&lt;/title&gt;&lt;script&gt;"),
        "{page}"
    );
    assert!(!page.contains("<script") && page.contains("script-src 'none'") && page.ends_with("</html>\n"), "{page}");
    assert!(
        page.contains("<a href=\"https://www.wikidata.org/wiki/Q585\" rel=\"noreferrer\">wikidata:Q585</a>"),
        "{page}"
    );
    assert!(page.contains("aria-label=\"2024-05: 2, 2024-07: 1\""), "{page}");
    let refused = top(&["--title", "Who"], LINKED);
    assert_eq!((refused.status.code(), out(&refused)), (Some(2), ""));
    let name = top(&["-o", "who.xlsx"], LINKED);
    assert_eq!(name.status.code(), Some(2));
    assert!(
        err(&name).contains("expected an output whose name ends in .tsv, .csv, .json, .html or .txt"),
        "{}",
        err(&name)
    );
}

#[test]
fn what_is_not_linked_across_documents_is_linked_first() {
    let line = |id: &str, text: &str, entity: &str| {
        format!(
            "{{\"id\":\"{id}\",\"text\":\"{text}\",\"mentions\":[{{\"start\":0,\"end\":{},\"label\":\"PER\"{entity}}}]}}\n",
            text.chars().count()
        )
    };
    let unlinked = line("a", "Abbas Araghchi", "") + &line("b", "Abbas Araqchi", "");
    let within = line("a", "Abbas Araghchi", ",\"entity\":\"e1\"") + &line("b", "Ali Larijani", ",\"entity\":\"e1\"");
    let rows = |input: &str| -> Vec<(String, String)> {
        let output = top(&["--to", "tsv", "--quiet"], input);
        let cells = |row: &str| row.split('\t').map(str::to_owned).collect::<Vec<_>>();
        out(&output).lines().skip(1).map(cells).map(|cells| (cells[2].clone(), cells[4].clone())).collect()
    };
    let row = |name: &str, mentions: &str| (name.to_owned(), mentions.to_owned());
    assert_eq!(rows(&unlinked).len(), 1, "two spellings of one name");
    assert_eq!(rows(&within), [row("Abbas Araghchi", "1"), row("Ali Larijani", "1")], "e1 is another one in each");
}

#[cfg(feature = "embedded-model")]
#[test]
fn texts_are_tagged_first() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.txt"), "Maria Lopez of the World Bank met reporters in Islamabad.")
        .expect("written");
    std::fs::write(folder.path().join("b.txt"), "The World Bank was not available.").expect("written");
    let folder = folder.path().to_str().expect("a path of this test");
    let output = top(&[folder, "--to", "tsv"], "");
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        out(&output).lines().nth(1).is_some_and(|row| row.contains("\tWorld Bank\tORG\t2\t2\t")),
        "{}",
        out(&output)
    );
    assert!(err(&output).contains("note: no document has mentions: they are tagged first"), "{}", err(&output));
    let broken = top(&["--quiet"], "{\"id\":\n");
    assert_eq!((broken.status.code(), out(&broken)), (Some(1), "no entities\n\n0 mentions in 0 documents\n"));
}
