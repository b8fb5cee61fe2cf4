//! A review of its own for a test.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::listening::Listening;

/// A running `allonym review`, which is ended with the test.
pub(super) struct Process {
    process: Listening,
    /// The address that it printed, with its key.
    pub(super) url: String,
}

impl Process {
    /// Starts one that keeps its work in `review` in the folder, with further options.
    pub(super) fn start(folder: &Path, input: &str, options: &[&str]) -> Self {
        let arguments = ["review", input, "-o", "review", "--listen", "127.0.0.1:0", "--no-open"];
        Self::run(folder, arguments.iter().chain(options).copied())
    }

    /// Starts an evaluation that opens its errors.
    pub(super) fn evaluation(folder: &Path, gold: &str, predicted: &str) -> Self {
        Self::run(folder, ["eval", gold, predicted, "--review", "--no-open"])
    }

    fn run<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut process = Listening::start(folder, arguments);
        // What it says later must not fill the pipe.
        let rest = process.rest();
        std::thread::spawn(move || rest.lines().for_each(drop));
        Self { url: process.address.clone(), process }
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) {
        self.process.kill();
    }

    /// Ends it as Ctrl-C does, so that it writes its documents.
    pub(super) fn interrupt(mut self) {
        self.process.signal("INT");
        self.process.child.wait().expect("it can be waited for");
    }
}

/// A mention of a test: what the text has at that occurrence, from 0.
pub(super) type Named<'a> = (&'a str, usize, &'a str, f64, &'a str);

/// A document with mentions, each of them with its label, score and entity.
pub(super) fn document(id: &str, text: &str, named: &[Named<'_>]) -> Value {
    let mut mentions: Vec<Value> = Vec::new();
    let mut entities: Vec<Value> = Vec::new();
    for (surface, nth, label, score, entity) in named {
        let at = text.match_indices(surface).nth(*nth).unwrap_or_else(|| panic!("{surface} is in the text")).0;
        let (start, length) = (text[..at].chars().count(), surface.chars().count());
        mentions.push(json!({"start": start, "end": start + length, "text": surface, "label": label, "score": score, "entity": entity}));
        match entities.iter_mut().find(|known| known["id"] == *entity) {
            Some(known) => known["mentions"] = json!(known["mentions"].as_u64().expect("a count") + 1),
            None => entities.push(json!({"id": entity, "name": surface, "label": label, "mentions": 1})),
        }
    }
    mentions.sort_by_key(|mention| mention["start"].as_u64());
    json!({"id": id, "text": text, "offsets": "char", "mentions": mentions, "entities": entities})
}

/// Writes documents, one a line.
pub(super) fn write(folder: &Path, name: &str, documents: &[Value]) -> PathBuf {
    let path = folder.join(name);
    let lines: String = documents.iter().map(|document| format!("{document}\n")).collect();
    std::fs::write(&path, lines).expect("a file is written");
    path
}

/// The article of most tests. The second Ann Lee is not a mention yet, and the second Acme Corp has another label.
pub(super) const TEXT: &str = "Ann Lee left Oslo on Friday. Ann Lee met Bob Ray of Acme Corp in the old town.\n\nAcme Corp said no. Lee flew home from Oslo.\n";

/// The articles of most tests: `a` has the least certain mention, `b` has none.
pub(super) fn news(folder: &Path) -> PathBuf {
    let a = [
        ("Ann Lee", 0, "PER", 0.95, "ann"),
        ("Oslo", 0, "LOC", 0.62, "oslo"),
        ("Bob Ray", 0, "PER", 0.91, "bob"),
        ("Acme Corp", 0, "ORG", 0.81, "acme"),
        ("Acme Corp", 1, "LOC", 0.41, "acme place"),
        ("Lee", 2, "PER", 0.85, "lee"),
        ("Oslo", 1, "LOC", 0.97, "oslo"),
    ];
    let documents = [
        document("b", "Nobody is named here.\n", &[]),
        document(
            "c",
            "Rain in Beirut. Cara Poe stayed.\n",
            &[("Beirut", 0, "LOC", 0.7, "beirut"), ("Cara Poe", 0, "PER", 0.99, "cara")],
        ),
        document("a", TEXT, &a),
    ];
    write(folder, "news.jsonl", &documents)
}
