//! A signal ends a run after the line in hand.
#![cfg(all(unix, feature = "embedded-model"))]

use crate::cli::stdout;
use crate::outputs::{shell, stderr};

/// Documents that come one after the other, and then none for long; the run gets a signal.
fn interrupted(signal: &str, options: &str) -> (tempfile::TempDir, std::process::Output) {
    let folder = tempfile::tempdir().expect("a folder");
    let program = env!("CARGO_BIN_EXE_allonym");
    let line = format!(
        "mkfifo in; {program} tag --from jsonl - {options} < in > seen & PID=$!; exec 3> in; \
         printf '{{\"id\":\"a\",\"text\":\"Maria Lopez left Oslo.\"}}\\n' >&3; \
         for i in $(seq 900); do test -s seen -o -s .out.jsonl.part && break; sleep 0.1; done; \
         kill -{signal} $PID; wait $PID; CODE=$?; cat seen; rm seen; exit $CODE"
    );
    let run = shell(folder.path(), &line);
    (folder, run)
}

#[test]
fn what_is_done_is_written_and_counted() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let (_folder, run) = interrupted(signal, "");
        assert_eq!(run.status.code(), Some(code), "{}", stderr(&run));
        assert_eq!(stdout(&run).lines().count(), 1, "{}", stderr(&run));
        assert!(stderr(&run).contains("1 document tagged"), "{}", stderr(&run));
    }
}

#[test]
fn an_output_is_left_beside_its_place_and_can_be_gone_on_with() {
    let (folder, run) = interrupted("TERM", "-o out.jsonl");
    assert_eq!(run.status.code(), Some(143), "{}", stderr(&run));
    assert!(stderr(&run).contains(".out.jsonl.part; --resume goes on"), "{}", stderr(&run));
    assert!(!folder.path().join("out.jsonl").exists());
    let again = "printf '{\"id\":\"a\",\"text\":\"Maria Lopez left Oslo.\"}\\n{\"id\":\"b\",\"text\":\"Bonn\"}\\n' | \
                 allonym tag --from jsonl - -o out.jsonl --resume && wc -l < out.jsonl && ls -A";
    let run = shell(folder.path(), again);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert_eq!(stdout(&run), "2\nin\nout.jsonl\n", "{}", stderr(&run));
    assert!(stderr(&run).contains("done before"), "{}", stderr(&run));
}

#[test]
fn a_report_says_that_it_was_interrupted() {
    let (folder, run) = interrupted("TERM", "-o out.jsonl --report run.json");
    assert_eq!(run.status.code(), Some(143), "{}", stderr(&run));
    let report = std::fs::read_to_string(folder.path().join("run.json")).expect("there is a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!((&report["state"], &report["exit_code"]), (&"interrupted".into(), &143.into()));
    assert_eq!(report["counts"]["documents"], 1);
}

#[test]
fn events_are_lines_of_json() {
    let (_folder, run) = interrupted("INT", "--log-format json");
    let events: Vec<serde_json::Value> = stderr(&run)
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let last = events.last().expect("an event");
    assert_eq!((&last["event"], &last["documents"]), (&"interrupted".into(), &1.into()), "{}", stderr(&run));
    let line = "printf '{\\n{\"text\":\"Maria Lopez left Oslo.\"}\\n' | allonym tag --from jsonl --log-format json -";
    let run = shell(std::path::Path::new("/"), line);
    let events: Vec<serde_json::Value> =
        stderr(&run).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(kinds, ["error", "end"], "{}", stderr(&run));
    assert_eq!((&events[1]["failed"], &events[1]["mentions"]), (&1.into(), &2.into()));
}
