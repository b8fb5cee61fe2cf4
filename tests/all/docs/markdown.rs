//! The pages that users read, and the blocks on them.

use std::path::{Path, PathBuf};

/// The folder of the project.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Markdown file.
pub(super) struct Page {
    /// Its path, from the root of the project.
    pub(super) name: String,
    pub(super) text: String,
}

/// A fenced block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// The line of its opening fence, from 1.
    pub(super) line: usize,
    pub(super) language: &'a str,
    pub(super) text: String,
    /// The HTML comment on the line before it.
    pub(super) comment: Option<&'a str>,
}

impl Page {
    pub(super) fn open(path: &Path) -> Self {
        let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name, text }
    }

    /// README.md and docs/.
    pub(super) fn manual() -> Vec<Self> {
        let mut paths = vec![root().join("README.md")];
        paths.extend(markdown_in(&root().join("docs")));
        paths.iter().map(|path| Self::open(path)).collect()
    }

    /// The manual, and what else is written for readers.
    pub(super) fn all() -> Vec<Self> {
        let mut paths: Vec<PathBuf> =
            ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(|name| root().join(name)).into();
        for folder in [
            "eval",
            "models/kb",
            "models/link",
            "models/news-en-base",
            "models/news-en-small",
            "models/news-multi",
            "models/train",
        ] {
            paths.extend(markdown_in(&root().join(folder)));
        }
        let others = paths.iter().map(|path| Self::open(path));
        Self::manual().into_iter().chain(others).collect()
    }

    /// The fenced blocks, in order.
    pub(super) fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut before = "";
        let mut lines = self.text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let body: Vec<&str> =
                    lines.by_ref().map(|(_, line)| line).take_while(|line| !line.starts_with("```")).collect();
                let comment = before.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).map(str::trim);
                blocks.push(Block { line: at + 1, language, text: body.join("\n"), comment });
            }
            before = line;
        }
        blocks
    }

    /// The lines outside of fenced blocks with their numbers, without code, comments and the targets of links.
    pub(super) fn prose(&self) -> Vec<(usize, String)> {
        let mut is_code = false;
        let mut prose = Vec::new();
        for (at, line) in self.text.lines().enumerate() {
            if line.starts_with("```") {
                is_code = !is_code;
            } else if !is_code {
                let line = [("<!--", "-->"), ("`", "`"), ("](", ")")].iter().fold(line.to_owned(), without);
                prose.push((at + 1, line));
            }
        }
        prose
    }
}

/// A line without what stands between the two marks, wherever they occur.
fn without(line: String, &(open, close): &(&str, &str)) -> String {
    let mut rest = line.as_str();
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once(open) {
        let Some((_, after)) = after.split_once(close) else { break };
        kept.push_str(before);
        kept.push(' ');
        rest = after;
    }
    kept + rest
}

fn markdown_in(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a folder can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    paths
}
