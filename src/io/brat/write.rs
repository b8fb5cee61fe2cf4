//! Writes a document as a text file and an annotation file.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::io;
use std::path::PathBuf;

use serde_json::Value;

use super::file_name::file_name;
use super::standoff::{ID, LINES, one_line};
use crate::io::Notice;
use crate::io::sink::{DocumentWriter, WriteError};
use crate::io::staged::write_whole;
use crate::io::surface::marked;
use crate::text::{Document, Entity, OffsetUnit, Offsets};

/// Writes two files for each document, all into one folder.
pub(crate) struct BratWriter {
    folder: PathBuf,
    names: HashSet<String>,
    /// Lines about mentions that are gone.
    stale: Lost,
    /// Knowledge-base ids that no line can hold.
    spaced: Lost,
}

/// What could not be written, and in which document first.
#[derive(Default)]
struct Lost {
    count: u64,
    first: Option<String>,
}

impl Lost {
    fn add(&mut self, count: usize, document: &Document) {
        self.count += count as u64;
        self.first.get_or_insert_with(|| document.id.clone());
    }

    fn notice(self, what: &'static str) -> Option<Notice> {
        Some(Notice::Lossy { what, count: self.count, first: self.first? })
    }
}

impl BratWriter {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, names: HashSet::new(), stale: Lost::default(), spaced: Lost::default() }
    }

    fn annotations(&mut self, document: &Document) -> Result<String, WriteError> {
        let offsets = Offsets::new(&document.text, OffsetUnit::Char);
        let kept: Vec<Option<String>> =
            document.mentions.iter().map(|mention| kept_id(mention.extra.get(ID))).collect();
        let mut others = other_lines(document);
        let mut taken: HashSet<String> = others.iter().map(|line| own_id(line).to_owned()).collect();
        // A line about a mention that is gone would make the file unreadable.
        let before = others.len();
        let known: HashSet<String> = kept.iter().flatten().chain(&taken).cloned().collect();
        others.retain(|line| references(line).all(|id| known.contains(id)));
        if others.len() < before {
            self.stale.add(before - others.len(), document);
        }
        let mut next = 1;
        let mut text = String::new();
        let mut written = Vec::with_capacity(document.mentions.len());
        // Ids that are kept come first, so that no new one takes theirs.
        let mut ids: Vec<Option<String>> =
            kept.into_iter().map(|id| id.filter(|id| taken.insert(id.clone()))).collect();
        for (mention, id) in document.mentions.iter().zip(&mut ids) {
            let id = id.take().unwrap_or_else(|| {
                while !taken.insert(format!("T{next}")) {
                    next += 1;
                }
                format!("T{next}")
            });
            let label = mention.label.as_str();
            if label.is_empty() || label.contains(char::is_whitespace) || label.contains(';') {
                return Err(WriteError::unwritable("labels without blanks", format!("{label:?}")));
            }
            let (start, end, surface) = marked(mention.span, &document.text, &offsets)?;
            writeln!(text, "{id}\t{label} {start} {end}\t{}", one_line(surface)).expect("a string takes everything");
            written.push(id);
        }
        let said: HashSet<&str> = others.iter().filter_map(|line| line.split('\t').nth(1)).collect();
        let mut next = 1;
        for (reference, name) in self.references(document, &written) {
            if said.contains(reference.as_str()) {
                continue;
            }
            while !taken.insert(format!("N{next}")) {
                next += 1;
            }
            writeln!(text, "N{next}\t{reference}\t{name}").expect("a string takes everything");
        }
        for line in others {
            text.push_str(&line);
            text.push('\n');
        }
        Ok(text)
    }

    /// The normalisations: they tie mentions to the knowledge-base ids of their entities. Each comes with the name of the entity.
    fn references(&mut self, document: &Document, ids: &[String]) -> Vec<(String, String)> {
        let by_id: HashMap<&str, &Entity> =
            document.entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
        let mut lines = Vec::new();
        for (mention, id) in document.mentions.iter().zip(ids) {
            let Some(entity) = mention.entity.as_deref().and_then(|entity| by_id.get(entity)) else { continue };
            for (base, key) in &entity.kb {
                if [base, key].into_iter().any(|part| part.is_empty() || part.contains(char::is_whitespace)) {
                    self.spaced.add(1, document);
                } else {
                    lines.push((format!("Reference {id} {base}:{key}"), one_line(&entity.name)));
                }
            }
        }
        lines
    }
}

impl DocumentWriter for BratWriter {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let name = file_name(&document.id);
        if self.names.contains(&name) {
            return Err(WriteError::unwritable("an id of its own", "one that another document has".to_owned()));
        }
        let annotations = self.annotations(document)?;
        let put = |end: &str, content: &str| {
            write_whole(&self.folder.join(format!("{name}.{end}")), content.as_bytes()).map_err(|error| {
                match error.kind() {
                    io::ErrorKind::InvalidFilename => {
                        WriteError::unwritable("an id short enough for a file name", format!("{} bytes", name.len()))
                    }
                    _ => WriteError::Io(error),
                }
            })
        };
        // A text without annotations would be read as a document without mentions: they come first.
        put("ann", &annotations)?;
        put("txt", &document.text)?;
        self.names.insert(name);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<Notice>> {
        let stale = self.stale.notice("lines of .ann files speak of mentions that are gone and were not written");
        let spaced = self.spaced.notice("knowledge-base ids with blanks were not written to .ann files");
        Ok(stale.into_iter().chain(spaced).collect())
    }
}

/// The lines of the annotation file that the document was read from, without its mentions.
fn other_lines(document: &Document) -> Vec<String> {
    match document.extra.get(LINES) {
        Some(Value::Array(lines)) => lines.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn own_id(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}

fn kept_id(value: Option<Value>) -> Option<String> {
    let Some(Value::String(id)) = value else { return None };
    let digits = id.strip_prefix('T')?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

/// The ids of mentions that a line refers to (`Arg1:T3`, `Negation E1 T2`, `AnnotatorNotes T1`).
fn references(line: &str) -> impl Iterator<Item = &str> {
    let content = line.split('\t').nth(1).filter(|_| !line.starts_with('T')).unwrap_or_default();
    content.split([' ', ':']).filter(|word| {
        let digits = word.strip_prefix('T').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
