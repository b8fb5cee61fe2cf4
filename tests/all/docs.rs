//! README.md and docs/ are true: their commands run and print what the pages show, their figures have a source.
//!
//! Every `sh` block runs, in order, in a folder of its page's own that holds everything in this one; a `text` or `json` block is the
//! output of the `sh` block before it. `…` on a line by itself stands for one line or more, elsewhere for the rest of a cell; runs of
//! blanks and tabs are equal. HTML comments on the line before a block say what is different about it:
//!
//! - `<!-- not run: REASON -->`: it needs the network, files of the reader's or much time;
//! - `<!-- feature: NAME -->`: it needs a feature that is not on by default, and runs where this build has it;
//! - `<!-- file: NAME -->`: it is a file that later blocks read;
//! - `<!-- example: FILE -->`: it is part of this file.
#![cfg(all(unix, feature = "embedded-model"))]

mod figures;
mod markdown;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use markdown::{Page, root};
use rayon::prelude::*;

/// What was done with the blocks of a page.
#[derive(Default)]
struct Outcome {
    n_run: usize,
    n_compared: usize,
    not_run: Vec<String>,
    wrong: Vec<String>,
}

/// The pages of what this program can do.
fn pages() -> Vec<Page> {
    let mut pages = Page::manual();
    pages.retain(|page| cfg!(feature = "server") || page.name != "docs/serve.md");
    pages.retain(|page| cfg!(feature = "review") || page.name != "docs/review.md");
    pages.retain(|page| cfg!(feature = "train") || page.name != "docs/train.md");
    pages
}

#[test]
fn every_block_does_what_it_shows() {
    // In a build with columns, the pages with blocks for it have a test of their own.
    let Some((n_run, n_compared)) = check(|page| !(cfg!(feature = "arrow") && needs_columns(page))) else { return };
    assert!(n_run >= 25 && n_compared >= 15, "the blocks are found: {n_run} run, {n_compared} compared");
}

#[cfg(feature = "arrow")]
#[test]
fn blocks_with_columns_do_what_they_show() {
    let Some((n_run, _)) = check(needs_columns) else { return };
    assert!(n_run >= 3, "the blocks are found: {n_run} run");
}

fn needs_columns(page: &Page) -> bool {
    page.blocks().iter().any(|block| block.comment == Some("feature: arrow"))
}

/// How many blocks of some pages were run, and how many outputs compared; nothing where this processor shows other scores.
///
/// Fails where a block does not do what its page shows.
fn check(wanted: impl Fn(&Page) -> bool) -> Option<(usize, usize)> {
    if !scores_are_those_of_int8() {
        say("skipped: this processor multiplies in f32, and the pages show the scores of int8");
        return None;
    }
    let mut pages = pages();
    pages.retain(wanted);
    let outcomes: Vec<Outcome> = pages.par_iter().map(run).collect();
    let n = |count: fn(&Outcome) -> usize| outcomes.iter().map(count).sum::<usize>();
    let (n_run, n_compared, n_not_run) = (n(|o| o.n_run), n(|o| o.n_compared), n(|o| o.not_run.len()));
    say(&format!("docs: {n_run} blocks run, {n_compared} outputs compared, {n_not_run} blocks not run:"));
    for line in outcomes.iter().flat_map(|outcome| &outcome.not_run) {
        say(&format!("docs: not run: {line}"));
    }
    let wrong: Vec<&str> = outcomes.iter().flat_map(|outcome| &outcome.wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Some((n_run, n_compared))
}

/// Runs the blocks of a page, and compares what they print with what the page shows.
fn run(page: &Page) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for entry in root().read_dir().expect("the project can be listed") {
        let name = entry.expect("the project can be listed").file_name();
        if name != "target" {
            std::os::unix::fs::symlink(root().join(&name), folder.path().join(&name)).expect("a link can be made");
        }
    }
    let mut outcome = Outcome::default();
    // What the last `sh` block printed; `Some(None)` where it was not run.
    let mut printed: Option<Option<String>> = None;
    for block in page.blocks() {
        let place = format!("{}:{}", page.name, block.line);
        if let Some(name) = block.comment.and_then(|comment| comment.strip_prefix("file: ")) {
            std::fs::write(folder.path().join(name), format!("{}\n", block.text)).expect("a file can be written");
            continue;
        }
        match block.language {
            "sh" => {
                if let Some(reason) = block.comment.and_then(|comment| comment.strip_prefix("not run: ")) {
                    outcome.not_run.push(format!("{place}: {reason}"));
                    printed = Some(None);
                    continue;
                }
                if let Some(feature) = block.comment.and_then(|comment| comment.strip_prefix("feature: "))
                    && !has_feature(feature)
                {
                    outcome.not_run.push(format!("{place}: this build lacks the feature {feature}"));
                    printed = Some(None);
                    continue;
                }
                outcome.n_run += 1;
                let (stdout, failure) = shell(&block.text, folder.path());
                outcome.wrong.extend(failure.map(|failure| format!("{place}: {failure}")));
                printed = Some(Some(stdout));
            }
            "text" | "json" => match printed.take() {
                None => outcome.wrong.push(format!("{place}: expected an sh block before the output")),
                Some(None) => {}
                Some(Some(got)) => {
                    outcome.n_compared += 1;
                    let (want, got) = match block.language {
                        "json" => (no_blanks(&block.text), no_blanks(&got)),
                        _ => (one_blank(&block.text), one_blank(&got)),
                    };
                    let lines = |text: &str| text.trim_end().lines().map(str::to_owned).collect::<Vec<_>>();
                    let (want, got) = (lines(&want), lines(&got));
                    if !fit(&want, &got) {
                        let missing =
                            want.iter().filter(|line| *line != "…" && !got.iter().any(|got| line_fits(line, got)));
                        let missing: Vec<&str> = missing.map(String::as_str).collect();
                        let (want, missing, got) = (want.join("\n"), missing.join("\n"), got.join("\n"));
                        outcome.wrong.push(format!(
                            "{place}: expected the output\n{want}\n\nof which no line is\n{missing}\n\nfound\n{got}"
                        ));
                    }
                }
            },
            _ => {}
        }
    }
    outcome
}

/// Whether this build has a feature that a page names.
fn has_feature(name: &str) -> bool {
    match name {
        "arrow" => cfg!(feature = "arrow"),
        _ => panic!("expected the name of a feature, found {name}"),
    }
}

/// What a script prints, and how it failed where it did. `cargo run --release --` is the program that the tests are built with.
fn shell(script: &str, folder: &Path) -> (String, Option<String>) {
    let program = Path::new(env!("CARGO_BIN_EXE_allonym"));
    let programs = program.parent().expect("the program is in a folder").display();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
    // `head` reads on to the end: with `pipefail`, the writer that it leaves behind would sometimes fail by SIGPIPE.
    let script = format!("head() {{ command head \"$@\"; cat > /dev/null; }}\n{script}")
        .replace("cargo run --release -- ", "allonym ");
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(folder).env("PATH", path).env("LC_ALL", "C.UTF-8");
    bash.stdin(Stdio::null());
    let output = bash.output().expect("bash runs");
    let failure = (!output.status.success()).then(|| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        format!("expected success, found {}\n{stderr}", output.status)
    });
    (String::from_utf8(output.stdout).expect("the output is UTF-8"), failure)
}

/// Whether lines fit those that a page shows, in which `…` stands for what was cut.
fn fit(want: &[String], got: &[String]) -> bool {
    match want.split_first() {
        None => got.is_empty(),
        Some((line, rest)) if line.trim() == "…" => (1..=got.len()).any(|n| fit(rest, &got[n..])),
        Some((line, rest)) => {
            got.split_first().is_some_and(|(first, after)| line_fits(line, first) && fit(rest, after))
        }
    }
}

fn line_fits(want: &str, got: &str) -> bool {
    let mut parts = want.split('…');
    let Some(mut rest) = parts.next().and_then(|first| got.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn one_blank(text: &str) -> String {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(words).collect::<Vec<_>>().join("\n")
}

fn no_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn outputs_fit_only_when_nothing_but_the_cuts_differs() {
    for (want, got, fits) in [
        ("a b\nc", "a b\nc", true),
        ("a b\nc", "a b\nd", false),
        ("a b", "a b\nc", false),
        ("a b\nc", "a b", false),
        ("a\n…", "a\nb\nc", true),
        ("a\n…\nc", "a\nb\nb\nc", true),
        ("a\n…", "a", false),
        ("a\n…\nc", "a\nb\nb\nd", false),
        ("a …", "a b c", true),
        ("a … d", "a b c", false),
        ("a … c", "a b c", true),
        ("x … c", "a b c", false),
        ("… b …", "a b c", true),
    ] {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(fit(&lines(want), &lines(got)), fits, "{want:?} {got:?}");
    }
}

/// `cargo test --doc` runs the Rust blocks of the pages that src/lib.rs includes; those with `<!-- example: FILE -->` are lines of FILE.
#[test]
fn rust_is_compiled() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs can be read");
    let with_rust = |page: &&Page| page.blocks().iter().any(|block| block.language.starts_with("rust"));
    let pages = Page::manual();
    let names: Vec<&str> = pages.iter().filter(with_rust).map(|page| page.name.as_str()).collect();
    assert!(names.contains(&"README.md"), "{names:?}");
    for name in names {
        assert!(lib.contains(&format!("include_str!(\"../{name}\")")), "src/lib.rs does not include {name}");
    }
    let mut n_shown = 0;
    for page in &pages {
        for block in page.blocks() {
            let Some(path) = block.comment.and_then(|comment| comment.strip_prefix("example: ")) else { continue };
            let example = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(example.contains(&block.text), "{}:{}: {path} has other lines", page.name, block.line);
            n_shown += 1;
        }
    }
    assert!(n_shown > 3, "the examples are found: {n_shown}");
}

/// Links, and paths in `code`.
#[test]
fn links_lead_somewhere() {
    let mut n_links = 0;
    for page in Page::all() {
        let folder = root().join(&page.name).parent().expect("a page is in a folder").to_owned();
        for (at, line) in page.text.lines().enumerate() {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
                let path = target.split('#').next().unwrap_or_default();
                if target.contains("://") || path.is_empty() {
                    continue;
                }
                n_links += 1;
                assert!(folder.join(path).exists(), "{}:{}: {path} is not there", page.name, at + 1);
            }
            // The odd parts are code.
            let code = line.split('`').skip(1).step_by(2);
            let is_path =
                |code: &&str| ["src/", "tests/", "models/", "eval/"].iter().any(|folder| code.starts_with(folder));
            for path in code.filter(is_path) {
                n_links += 1;
                let place = root().join(path);
                assert!(place.exists() || folder.join(path).exists(), "{}:{}: {path} is not there", page.name, at + 1);
            }
        }
    }
    assert!(n_links > 30, "the links are found: {n_links}");
}

/// Options in `code` are options of the program.
#[test]
fn options_exist() {
    let mut known = BTreeSet::new();
    let archive =
        ["search", "show", "merge", "split", "undo", "export", "relink"].map(|action| format!("archive {action}"));
    let commands = ["", "tag", "link", "top", "eval", "redact", "convert", "models"].map(str::to_owned);
    let of_features =
        [("serve", cfg!(feature = "server")), ("review", cfg!(feature = "review")), ("train", cfg!(feature = "train"))];
    let of_features: Vec<String> =
        of_features.iter().filter(|(_, is_there)| *is_there).map(|(command, _)| (*command).to_owned()).collect();
    for command in commands.iter().chain(&archive).chain(&of_features) {
        let arguments = command.split(' ').chain(["--help"]).filter(|argument| !argument.is_empty());
        let output = Command::new(env!("CARGO_BIN_EXE_allonym")).args(arguments).output().expect("the program runs");
        known.extend(options(&String::from_utf8_lossy(&output.stdout)));
    }
    let mut n_options = 0;
    for page in pages() {
        for (at, line) in page.text.lines().enumerate() {
            // The odd parts are code; commands of other programs have options of their own.
            let code = line.split('`').skip(1).step_by(2).filter(|code| code.starts_with("--"));
            let command = line.split("allonym ").skip(1).filter(|_| line.starts_with("allonym "));
            for option in code.chain(command).flat_map(options) {
                n_options += 1;
                assert!(known.contains(&option), "{}:{}: {option} is no option", page.name, at + 1);
            }
        }
    }
    assert!(n_options > 50, "the options are found: {n_options}");
}

fn options(text: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let words = text.split(|c: char| !is_name(c)).filter(|word| word.len() > 2 && word.starts_with("--"));
    words.map(|word| word.trim_end_matches('-').to_owned()).collect()
}

/// Whether the program multiplies in int8 here: its kernels all give the same scores, f32 differs in the third digit.
fn scores_are_those_of_int8() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2");
    #[cfg(target_arch = "aarch64")]
    return std::arch::is_aarch64_feature_detected!("dotprod");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    false
}

/// Prints a line that cargo does not hold back.
fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("stderr takes a line");
}
