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
        .args(["tag", &input, "-o", &killed.display().to_string(), "--quiet", "--threads", "1"])
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
