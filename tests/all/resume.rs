//! An interrupted run goes on without repeating or losing a document.
#![cfg(feature = "embedded-model")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::allonym;

fn corpus(folder: &Path, n: usize) -> String {
    let mut lines = String::new();
    for i in 0..n {
        let text =
            format!("Report {i}. Maria Lopez met Peter Okello in Oslo. {}", "The rain fell all night. ".repeat(30));
        writeln!(lines, "{}", serde_json::json!({"id": format!("doc-{i}"), "text": text, "rank": i}))
            .expect("strings grow");
    }
    let path = folder.join("corpus.jsonl");
    std::fs::write(&path, lines).expect("a file can be written");
    path.display().to_string()
}

#[test]
fn a_cut_output_is_completed() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = corpus(folder.path(), 12);
    let output = folder.path().join("out.jsonl");
    let path = output.display().to_string();
    assert!(allonym(&["tag", &input, "-o", &path, "--quiet"]).status.success());
    let whole = std::fs::read(&output).expect("the output");
    let lines: Vec<usize> =
        whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    assert_eq!(lines.len(), 12);
    for cut in [0, 17, lines[0] - 1, lines[0], lines[4] + 100, lines[10] + 1, whole.len()] {
        std::fs::write(&output, &whole[..cut]).expect("the output is cut");
        let again = allonym(&["tag", &input, "-o", &path, "--quiet", "--resume"]);
        assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
        assert!(std::fs::read(&output).expect("the output") == whole, "cut at {cut}");
    }
}

#[test]
fn the_output_of_another_input_is_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = corpus(folder.path(), 2);
    let output = folder.path().join("out.jsonl");
    let path = output.display().to_string();
    for (content, word) in [
        ("{\"id\":\"other\",\"text\":\"\",\"mentions\":[]}\n", "other"),
        ("not json\n", "expected a tagged document"),
        ("{\"id\":\"doc-0\"}\n{\"id\":\"doc-1\"}\n{\"id\":\"doc-2\"}\n", "doc-2"),
    ] {
        std::fs::write(&output, content).expect("a file can be written");
        let run = allonym(&["tag", &input, "-o", &path, "--resume"]);
        let message = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(2), "{message}");
        assert!(message.contains(word), "{message}");
        assert_eq!(std::fs::read_to_string(&output).expect("the output"), content, "the output is left as it was");
    }
}

#[test]
fn a_killed_run_is_completed() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = corpus(folder.path(), 160);
    let straight = folder.path().join("straight.jsonl");
    let killed = folder.path().join("killed.jsonl");
    assert!(allonym(&["tag", &input, "-o", &straight.display().to_string(), "--quiet"]).status.success());
    let mut child = Command::new(env!("CARGO_BIN_EXE_allonym"))
        .args(["tag", &input, "-o", &killed.display().to_string(), "--quiet", "--threads", "1", "--resume"])
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let deadline = Instant::now() + Duration::from_secs(120);
    while std::fs::metadata(&killed).map_or(0, |file| file.len()) == 0 {
        assert!(Instant::now() < deadline, "the program writes something");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let want = std::fs::read(&straight).expect("the output");
    let partial = std::fs::read(&killed).expect("the output");
    assert!(
        !partial.is_empty() && partial.len() < want.len(),
        "killed in the middle: {} of {}",
        partial.len(),
        want.len()
    );
    // Killed inside of a write: the last line has no end.
    std::fs::write(&killed, &partial[..partial.len() - 9]).expect("the output is cut");
    let again = allonym(&["tag", &input, "-o", &killed.display().to_string(), "--quiet", "--resume"]);
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
    assert!(std::fs::read(&killed).expect("the output") == want);
}

/// A run with `--resume` over an output; its code and messages.
fn resume(input: &str, output: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = output.display().to_string();
    let args = [&["tag", input, "-o", &output, "--resume"], more].concat();
    let run = allonym(&args);
    (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
}

#[test]
fn other_options_models_and_texts_are_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = corpus(folder.path(), 6);
    let output = folder.path().join("out.jsonl");
    assert_eq!(resume(&input, &output, &[]).0, Some(0));
    let whole = std::fs::read_to_string(&output).expect("the output");
    let half: String = whole.split_inclusive('\n').take(3).collect();
    let edited = folder.path().join("edited.jsonl");
    let changed = std::fs::read_to_string(&input).expect("the input").replace("Report 1.", "Report one.");
    std::fs::write(&edited, changed).expect("a file can be written");
    let edited = edited.display().to_string();
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/bert");
    let begun = folder.path().join(".out.jsonl.begun");
    for is_known in [false, true] {
        for (input, more) in [
            (&input, &["--offsets", "byte"][..]),
            (&input, &["--labels", "LOC"]),
            (&input, &["--model", model]),
            (&input, &["--no-link"]),
            (&input, &["--min-score", "PER=1"]),
            (&edited, &[]),
        ] {
            let _ = std::fs::remove_file(&begun);
            let _ = std::fs::remove_file(&output);
            if is_known {
                // The note of a run that did not end.
                let empty = folder.path().join("empty.jsonl");
                std::fs::write(&empty, "{\n").expect("a file can be written");
                resume(&empty.display().to_string(), &output, &["--on-error", "stop"]);
                assert!(begun.is_file(), "it did not end");
            }
            std::fs::write(&output, &half).expect("the output is cut");
            let (code, message) = resume(input, &output, more);
            assert_eq!(code, Some(2), "{more:?}, {is_known}: {message}");
            assert!(message.contains("--resume: "), "{message}");
            assert_eq!(std::fs::read_to_string(&output).expect("the output"), half, "{more:?}: it is left as it was");
        }
    }
    let _ = std::fs::remove_file(&begun);
    assert_eq!(resume(&input, &output, &["--threads", "1"]).0, Some(0));
    assert_eq!(std::fs::read_to_string(&output).expect("the output"), whole);
    assert!(!begun.exists(), "an output that is whole needs no note");
}

#[test]
fn a_file_of_others_is_left_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = corpus(folder.path(), 2);
    let output = folder.path().join("out.jsonl");
    let lines = std::fs::read_to_string(&input).expect("the input");
    for content in [
        "precious",
        "precious\n",
        "{\"id\":\"precious",
        "{\"id\":\"doc-0\",\"text\":\"precious",
        "\0\0\0\0",
        "[1]\n[2",
        &lines,
        &lines[..lines.len() - 9],
    ] {
        std::fs::write(&output, content).expect("a file can be written");
        let (code, message) = resume(&input, &output, &[]);
        assert_eq!(code, Some(2), "{content:?}: {message}");
        assert_eq!(std::fs::read_to_string(&output).expect("the output"), content, "the output is left as it was");
    }
}

#[test]
fn a_tail_that_was_never_written_is_cut() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = corpus(folder.path(), 4);
    let output = folder.path().join("out.jsonl");
    assert_eq!(resume(&input, &output, &[]).0, Some(0));
    let whole = std::fs::read(&output).expect("the output");
    for cut in [whole.len() / 2, whole.len() - 1] {
        let mut torn = whole[..cut].to_vec();
        torn.extend([0; 300]);
        std::fs::write(&output, torn).expect("the output is torn");
        let (code, message) = resume(&input, &output, &[]);
        assert_eq!(code, Some(0), "{message}");
        assert!(std::fs::read(&output).expect("the output") == whole);
    }
}

#[test]
fn documents_that_were_mended_come_last() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = folder.path().join("in.jsonl");
    let output = folder.path().join("out.jsonl");
    let line = |id: &str| format!("{{\"id\":\"{id}\",\"text\":\"Maria Lopez left Oslo.\"}}\n");
    let ids = || {
        let lines = std::fs::read_to_string(&output).expect("the output");
        let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["id"].clone();
        lines.lines().map(|line| id(line).as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let name = input.display().to_string();
    std::fs::write(&input, line("a") + "{\n" + &line("c")).expect("a file can be written");
    assert_eq!(resume(&name, &output, &[]).0, Some(1));
    assert_eq!(ids(), ["a", "c"]);
    std::fs::write(&input, line("a") + &line("b") + &line("c") + &line("d")).expect("a file can be written");
    for _ in 0..2 {
        let (code, message) = resume(&name, &output, &[]);
        assert_eq!(code, Some(0), "{message}");
        assert_eq!(ids(), ["a", "c", "b", "d"]);
    }
}

#[test]
fn ids_of_any_form_are_found_again() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = folder.path().join("in.jsonl");
    let output = folder.path().join("out.jsonl");
    let ids = ["1e5", "1.10", "-0", "12345678901234567890123", "1E400", "7", "\"7\"", "\"\\u0000\""];
    let lines: String = ids.iter().map(|id| format!("{{\"id\":{id},\"text\":\"Maria Lopez left Oslo.\"}}\n")).collect();
    std::fs::write(&input, lines).expect("a file can be written");
    let name = input.display().to_string();
    assert_eq!(resume(&name, &output, &[]).0, Some(0));
    let whole = std::fs::read_to_string(&output).expect("the output");
    assert_eq!(whole.lines().count(), ids.len());
    for n in 0..=ids.len() {
        let cut: String = whole.split_inclusive('\n').take(n).collect();
        std::fs::write(&output, cut).expect("the output is cut");
        let (code, message) = resume(&name, &output, &[]);
        assert_eq!(code, Some(0), "{message}");
        assert_eq!(std::fs::read_to_string(&output).expect("the output"), whole);
    }
}

#[cfg(unix)]
#[test]
fn one_output_has_one_writer() {
    use std::io::Write;
    for more in [&[][..], &["--resume"]] {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let input = corpus(folder.path(), 2);
        let output = folder.path().join("out.jsonl");
        let path = output.display().to_string();
        let mut first = Command::new(env!("CARGO_BIN_EXE_allonym"))
            .args([&["tag", "--from", "jsonl", "-", "-o", &path], more].concat())
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let place = if more.is_empty() { folder.path().join(".out.jsonl.part") } else { output.clone() };
        let deadline = Instant::now() + Duration::from_secs(120);
        while !place.exists() {
            assert!(Instant::now() < deadline, "the program opens its output");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(200));
        for second in [&[][..], &["--resume"]] {
            let run = allonym(&[&["tag", &input, "-o", &path], second].concat());
            let message = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(2), "{more:?}, then {second:?}: {message}");
            assert!(message.contains("another allonym is writing it"), "{message}");
        }
        let mut stdin = first.stdin.take().expect("a pipe");
        stdin.write_all(b"{\"id\":\"a\",\"text\":\"Oslo\"}\n").expect("it is read");
        drop(stdin);
        assert!(first.wait().expect("it ends").success());
        assert_eq!(std::fs::read_to_string(&output).expect("the output").lines().count(), 1);
    }
}

#[test]
fn a_killed_run_without_resume_is_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = corpus(folder.path(), 4);
    let output = folder.path().join("out.jsonl");
    assert_eq!(resume(&input, &output, &[]).0, Some(0));
    let whole = std::fs::read(&output).expect("the output");
    // What a run leaves when it is killed.
    std::fs::write(folder.path().join(".out.jsonl.part"), &whole[..whole.len() / 2]).expect("a file can be written");
    std::fs::remove_file(&output).expect("it goes");
    assert_eq!(resume(&input, &output, &[]).0, Some(0));
    assert!(std::fs::read(&output).expect("the output") == whole);
    assert!(!folder.path().join(".out.jsonl.part").exists());
}

#[test]
fn documents_that_were_left_out_are_left_out_again() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = folder.path().join("in.jsonl");
    let output = folder.path().join("out.jsonl");
    let german = "Die Ministerin reiste am Montag nach Oslo, wo sie mit ihren Kollegen über die Lage im Norden sprach. \
                  Am Abend kehrte sie nach Berlin zurück und sagte, die Gespräche seien gut verlaufen.";
    let line = |id: usize, text: &str| serde_json::json!({"id": id, "text": text}).to_string() + "\n";
    let mut lines: String = (0..10_050).map(|id| line(id, german)).collect();
    lines += &line(10_050, "Maria Lopez left Oslo.");
    std::fs::write(&input, &lines).expect("a file can be written");
    let name = input.display().to_string();
    let more = ["--on-language", "skip"];
    assert_eq!(resume(&name, &output, &more).0, Some(0));
    let whole = std::fs::read_to_string(&output).expect("the output");
    assert_eq!(whole.lines().count(), 1);
    std::fs::write(&input, lines + &line(10_051, "Peter Okello left Bonn.")).expect("a file can be written");
    let (code, message) = resume(&name, &output, &more);
    assert_eq!(code, Some(0), "{message}");
    assert!(message.contains("10,050 documents not tagged"), "{message}");
    let grown = std::fs::read_to_string(&output).expect("the output");
    assert!(grown.starts_with(&whole) && grown.lines().count() == 2, "{grown}");
}
