//! Imports flow one way: text -> pieces -> scores -> mentions, and only the pipeline and the command line know them all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Who may import whom, inside of `src/`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("pool", &[]),
    ("text", &[]),
    ("label", &["text"]),
    ("io", &["text", "label"]),
    ("encode", &["text"]),
    ("model", &["encode", "label"]),
    ("decode", &["text", "label", "encode"]),
    ("eval", &["pool", "text", "label", "io"]),
    ("link", &["pool", "text", "io"]),
    ("pipeline", &["pool", "text", "label", "encode", "model", "decode", "link"]),
    ("cli", &["pool", "text", "label", "io", "encode", "model", "decode", "eval", "link", "pipeline"]),
];

#[test]
fn imports_flow_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for path in files(&src) {
        let relative = path.strip_prefix(&src).expect("it was found below src");
        let first = relative.iter().next().expect("a file has a name").to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let allowed = allowed.get(module).unwrap_or_else(|| panic!("src/{first} is not in the table of {}", file!()));
        let text = std::fs::read_to_string(&path).expect("a source file can be read");
        for imported in imports(&code(&text)) {
            seen += 1;
            if imported != module && !allowed.contains(&imported.as_str()) {
                wrong.push(format!("{} imports {imported}", relative.display()));
            }
        }
    }
    assert!(seen > 50, "the test sees the imports: {seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Only the command line prints.
#[test]
fn only_the_command_line_prints() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in files(&src).into_iter().filter(|path| !path.starts_with(src.join("cli"))) {
        let text = std::fs::read_to_string(&path).expect("a source file can be read");
        for word in ["println!", "eprintln!", "print!(", "stdout()", "stderr()", "dbg!"] {
            assert!(!code(&text).contains(word), "{} has {word}", path.display());
        }
    }
}

/// The text without comments (examples in them are no imports) and without its unit tests.
fn code(text: &str) -> String {
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]" || !text.contains("mod tests"));
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules behind `crate::`, those in braces too.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            None => found.push(name(part)),
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if c.is_whitespace() => {}
                        _ if start => {
                            found.push(name(&list[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

fn name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a source folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_reader_of_imports_reads() {
    let code = "use crate::text::{Span, Label};\nuse crate::{io, model::{self, Head}, label};\ncrate::cli::run()";
    assert_eq!(imports(code), ["text", "io", "model", "label", "cli"]);
}
