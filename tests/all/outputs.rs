//! No output destroys what is read, and each is whole or absent.
#![cfg(feature = "embedded-model")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::cli::stdout;

const GOLD: &str = "{\"id\":\"a\",\"text\":\"Maria Lopez left Oslo.\",\"offsets\":\"char\",\"mentions\":[{\"start\":0,\"end\":11,\"label\":\"PER\"}]}\n";

/// Runs a command line of a shell in a folder; `allonym` is the program.
#[cfg(unix)]
pub(crate) fn shell(folder: &Path, line: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_allonym");
    let line = format!("allonym() {{ {program} \"$@\"; }}\n{line}");
    Command::new("bash").arg("-c").arg(line).current_dir(folder).stdin(Stdio::null()).output().expect("bash runs")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn work() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    put("gold.jsonl", GOLD);
    put("pred.jsonl", GOLD);
    put("base.json", "{\"metrics\":{\"f1\":0.5}}");
    put("al.tsv", "canonical\talias\nMaria Lopez\tM. Lopez\n");
    put("kb.tsv", "canonical\talias\tlabel\tid\nMaria Lopez\tM. Lopez\tPER\tq1\n");
    put("names.csv", "name,label\nOslo,LOC\n");
    put("pairs.tsv", "name1\tname2\nAnn Lee\tA. Lee\n");
    put("x.txt", "Maria Lopez left Oslo.");
    fs::create_dir(folder.path().join("bd")).expect("a folder");
    put("bd/a.txt", "Maria Lopez left Oslo.");
    put("bd/a.ann", "T1\tPER 0 11\tMaria Lopez\n#1\tAnnotatorNotes T1\tby hand\n");
    fs::create_dir(folder.path().join("model")).expect("a folder");
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert");
    for file in fs::read_dir(model).expect("a model").flatten() {
        fs::copy(file.path(), folder.path().join("model").join(file.file_name())).expect("a copy");
    }
    fs::hard_link(folder.path().join("gold.jsonl"), folder.path().join("hard.jsonl")).expect("a link");
    folder
}

/// All files below a folder, with their content.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => files.push((path.display().to_string(), fs::read(&path).expect("a file"))),
            }
        }
    }
    files.sort();
    files
}

#[cfg(unix)]
#[test]
fn an_output_never_destroys_what_is_read() {
    for line in [
        "allonym eval gold.jsonl pred.jsonl -o gold.jsonl",
        "allonym eval gold.jsonl pred.jsonl -o pred.jsonl",
        "allonym eval gold.jsonl pred.jsonl --suspects gold.jsonl",
        "allonym eval gold.jsonl pred.jsonl --suspects ./bd/../gold.jsonl",
        "allonym eval gold.jsonl pred.jsonl --baseline base.json -o base.json",
        "allonym eval gold.jsonl pred.jsonl --train hard.jsonl -o gold.jsonl",
        "allonym eval gold.jsonl pred.jsonl -o out.txt --suspects out.txt",
        "allonym eval gold.jsonl --model model -o model/config.json",
        "allonym eval bd gold.jsonl -o bd/a.ann",
        "allonym link gold.jsonl -o al.tsv --aliases al.tsv",
        "allonym link --names names.csv -o names.csv",
        "allonym link --names names.csv -o out.csv --entities names.csv",
        "allonym link gold.jsonl --entities al.tsv --aliases al.tsv --no-documents",
        "allonym link gold.jsonl --within -o kb.tsv --kb kb.tsv",
        "allonym link gold.jsonl -o y.jsonl --entities y.jsonl",
        "allonym link gold.jsonl -o hard.jsonl",
        "allonym link --pairs pairs.tsv -o pairs.tsv",
        "allonym top gold.jsonl --to tsv -o gold.jsonl",
        "allonym top gold.jsonl -o al.tsv --aliases al.tsv",
        "allonym link gold.jsonl --archive gold.jsonl",
        "allonym link gold.jsonl --archive new.db -o new.db",
        "allonym tag x.txt -o al.tsv --aliases al.tsv",
        "allonym tag x.txt -o kb.tsv --kb kb.tsv",
        "allonym tag x.txt --model model -o model/config.json",
        "allonym tag x.txt --model model -o model/new.jsonl",
        "allonym tag gold.jsonl -o hard.jsonl",
        "allonym tag gold.jsonl -o hard.jsonl --resume",
        "allonym tag - -o x.txt < x.txt",
        "allonym tag -o x.txt --to html < x.txt",
        "allonym tag gold.jsonl >> gold.jsonl",
        "allonym tag bd --to brat -o bd",
        "allonym tag bd --to brat -o bd --overwrite",
        "allonym tag bd/a.txt --to brat -o bd --overwrite",
        "allonym tag gold.jsonl --to brat -o bd",
        "allonym convert bd --to brat -o bd",
        "allonym convert gold.jsonl -o gold.jsonl",
        "allonym convert bd -o bd/a.txt --to jsonl",
        "allonym convert gold.jsonl -o out.jsonl --report gold.jsonl",
        "allonym convert gold.jsonl -o out.jsonl --report out.jsonl",
        "allonym convert bd --report bd/a.ann",
        "allonym tag gold.jsonl --report hard.jsonl",
        "allonym tag x.txt --model model --report model/config.json",
        "allonym link gold.jsonl --aliases al.tsv --report al.tsv",
        "allonym link gold.jsonl --within --report gold.jsonl",
        "allonym link gold.jsonl --archive new.db --report new.db",
    ] {
        let folder = work();
        let before = content(folder.path());
        let run = shell(folder.path(), line);
        assert_eq!(run.status.code(), Some(2), "{line}: {}", stderr(&run));
        assert!(stderr(&run).contains("expected a"), "{line}: {}", stderr(&run));
        assert_eq!(stdout(&run), "", "{line}");
        assert!(content(folder.path()) == before, "{line} changed something");
    }
}

#[cfg(unix)]
#[test]
fn other_outputs_are_written() {
    for line in [
        "allonym eval gold.jsonl pred.jsonl -o out.txt --suspects out.tsv",
        "allonym tag gold.jsonl -o pred.jsonl",
        "allonym tag x.txt -o bd/x.jsonl",
        "allonym tag - -o out.jsonl < x.txt",
        "allonym tag x.txt > out.jsonl",
        "allonym tag x.txt gold.jsonl -o /dev/null --aliases al.tsv",
        "allonym tag gold.jsonl --to brat -o bd --overwrite && grep -q 'PER 0 11' bd/a.ann",
        "allonym tag gold.jsonl --to brat -o new && allonym eval gold.jsonl new",
        "allonym link gold.jsonl -o out.jsonl --entities out.tsv",
        "allonym tag gold.jsonl -o out.jsonl --report run.json",
    ] {
        let folder = work();
        let run = shell(folder.path(), line);
        assert_eq!(run.status.code(), Some(0), "{line}: {}", stderr(&run));
        let left =
            content(folder.path()).into_iter().find(|(name, _)| name.ends_with(".part") || name.ends_with(".begun"));
        assert_eq!(left, None, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn what_was_there_stays_until_the_output_is_whole() {
    for (line, code) in [
        // The disk is full, or the file may not be so large.
        (
            "ulimit -f 1; trap '' XFSZ; yes '{\"text\":\"Maria Lopez left Oslo.\"}' | head -400 | allonym tag - -o old --to FORMAT",
            2,
        ),
        // Every document fails.
        ("yes '{' | head -3 | allonym tag --from jsonl - -o old --to FORMAT", 1),
        // It stops at the first that fails.
        ("printf '{\"text\":\"Oslo\"}\\n{\\n' | allonym tag --from jsonl - --on-error stop -o old --to FORMAT", 1),
    ] {
        for format in ["jsonl", "tsv", "conll", "html"] {
            let line = line.replace("FORMAT", format);
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join("old"), "precious").expect("a file");
            let run = shell(folder.path(), &line);
            assert_eq!(run.status.code(), Some(code), "{line}: {}", stderr(&run));
            assert_eq!(fs::read_to_string(folder.path().join("old")).expect("it is there"), "precious", "{line}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_half_of_an_output() {
    for format in ["jsonl", "tsv", "brat"] {
        let folder = tempfile::tempdir().expect("a folder");
        let line = format!(
            "(yes '{{\"text\":\"Maria Lopez left Oslo.\"}}' | head -50; sleep 60) 2>/dev/null | {} tag - -o out --to {format} & \
             PID=$!; for i in $(seq 100); do ls -A | grep -q . && break; sleep 0.1; done; sleep 1; kill -9 $PID; wait $PID",
            env!("CARGO_BIN_EXE_allonym")
        );
        shell(folder.path(), &line);
        if format != "brat" {
            assert!(!folder.path().join("out").exists(), "{format}");
            continue;
        }
        for entry in fs::read_dir(folder.path().join("out")).expect("a folder").flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|end| end == "txt") {
                assert!(path.with_extension("ann").is_file(), "a text without annotations: {}", path.display());
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_document_that_cannot_be_written_costs_itself_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines: Vec<String> = [3, 250, 300, 4000, 4]
        .iter()
        .map(|n| format!("{{\"id\":\"{}\",\"text\":\"Oslo\"}}\n", "a".repeat(*n)))
        .collect();
    fs::write(folder.path().join("in.jsonl"), lines.concat()).expect("a file");
    let run = shell(folder.path(), "allonym tag in.jsonl --to brat -o out");
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    assert_eq!(stderr(&run).matches("short enough for a file name").count(), 2, "{}", stderr(&run));
    assert_eq!(fs::read_dir(folder.path().join("out")).expect("a folder").count(), 6);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_entered_costs_itself_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = "mkdir -p d/sub; echo Oslo > d/a.txt; echo Bonn > d/z.txt; ln -s nowhere d/dangling.txt; ln -s .. d/sub/loop; \
                mkfifo d/pipe.txt; mkdir d/a.ann; mkfifo d/z.ann; (allonym tag d/z.txt 2>&1 | grep -q 'd/z.ann: not read') || exit 9; allonym tag d";
    let run = shell(folder.path(), line);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    assert_eq!(stdout(&run).lines().count(), 2, "{}", stdout(&run));
    for word in [
        "d/dangling.txt: cannot be read",
        "a link that leads back to",
        "d/pipe.txt: not read, as it is no file",
        "d/a.ann: not read, as it is no file",
    ] {
        assert_eq!(stderr(&run).matches(word).count(), 1, "{word}: {}", stderr(&run));
    }
}
