//! A review in memory.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::annotator::Annotator;
use super::ask;
use super::desk::Desk;
use super::engine::Engine;
use super::error::Error;
use super::journal::{Journal, Keep, Replay};
use super::labels::known;
use super::other::Other;
use super::problem::{Code, Problem};
use super::room::Room;
use super::save::{CONSTRAINTS, Pairs, Saved, file_name, options, save};
use super::side::Side;
use super::terms::Terms;
use crate::io::{Format, Writer};
use crate::text::{Document, Label, with_causes};

/// The journal's name, in messages and for whoever keeps it.
const JOURNAL: &str = "journal.jsonl";

/// A review without a server, threads or a disk, for a page that has all of it inside. Whoever holds it keeps the lines of its journal.
///
/// ```
/// use std::time::SystemTime;
///
/// use allonym::desk::{InMemory, Prepare, Terms};
/// use allonym::text::{Document, Label, Mention, Span};
///
/// let opened = |journal: &[u8]| {
///     let mut document = Document::new("a", "Rain in Beirut");
///     document.mentions.push(Mention::new(Span::new(8, 14), Label::new("ORG")));
///     let mut terms = Terms::default();
///     terms.prepare = Prepare::Nothing;
///     InMemory::open(terms, vec![document], None, journal, SystemTime::now)
/// };
/// let review = opened(b"")?;
/// let step = r#"{"version": 0, "op": {"do": "label", "mention": 1, "label": "LOC"}}"#;
/// review.ask("documents/0/ops", Some(step)).expect("the step fits");
/// assert!(review.ask("documents/0/ops", Some(step)).expect_err("the document has changed").contains("stale"));
/// let journal = review.take_journal();
///
/// let again = opened(&journal)?;
/// assert!(again.ask("documents/0", None).expect("it is there").contains(r#""label":"LOC""#));
/// # Ok::<(), allonym::desk::Error>(())
/// ```
#[derive(Debug)]
pub struct InMemory {
    terms: Terms,
    desk: Mutex<Desk>,
    lines: Lines,
    /// The bytes of the journal that were whole lines.
    read: usize,
    beside: Option<Side>,
    files: Mutex<Vec<File>>,
    notes: Vec<String>,
}

/// A file that the review would have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name: `documents.jsonl`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Lines of the journal that nobody has taken yet.
#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Keep for Lines {
    fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        locked(&self.0).extend_from_slice(lines);
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl InMemory {
    /// Opens a review of some documents, perhaps beside others, and makes the steps of a journal again. `clock` says when a step is made.
    ///
    /// # Errors
    /// When a line of the journal is broken or is no step of these documents, or the other side has other texts.
    pub fn open(
        terms: Terms,
        documents: Vec<Document>,
        other: Option<Other>,
        journal: &[u8],
        clock: fn() -> SystemTime,
    ) -> Result<Self, Error> {
        let replay = Replay::read(journal, JOURNAL)?;
        let (read, lines) = (replay.len as usize, Lines::default());
        let journal =
            Journal::new(Box::new(lines.clone()), JOURNAL.to_owned(), terms.annotator.as_str(), &replay, clock);
        let mut notes = Vec::new();
        let mut desk = Desk::open(&terms, documents, journal, replay, &mut notes)?;
        let beside = other.map(|other| other.beside(&desk, &terms.pool, &mut notes)).transpose()?;
        desk.labels = known(&desk, beside.as_ref(), &terms.labels);
        Ok(Self { terms, desk: Mutex::new(desk), lines, read, beside, files: Mutex::default(), notes })
    }

    /// The bytes of the journal that were whole lines. What followed, no step was made of: it has to be cut off before lines are added.
    pub fn journal_len(&self) -> usize {
        self.read
    }

    /// What was odd about the journal and the other side.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Adds the labels of the engine's model to those that can be given.
    pub fn name_labels(&self, engine: &Engine) {
        engine.name_labels(self);
    }

    /// Tags and links documents that wait: about so many bytes of text, and at least one. Returns whether there were any.
    pub fn prepare(&self, engine: &Engine, most_bytes: usize) -> bool {
        engine.prepare(self, most_bytes)
    }

    /// What the server of a review answers to a path below `/api/`, such as `documents/3?with=gold`, and to a body that is posted there.
    ///
    /// # Errors
    /// Problem details (RFC 9457) in JSON.
    pub fn ask(&self, path: &str, body: Option<&str>) -> Result<String, String> {
        ask::answer(self, path, body).map_err(|problem| problem.json())
    }

    /// The lines that the journal has got since this was called last. To be added to those before.
    pub fn take_journal(&self) -> Vec<u8> {
        std::mem::take(&mut *locked(&self.lines.0))
    }

    /// The files that answers have written since this was called last.
    pub fn take_files(&self) -> Vec<File> {
        std::mem::take(&mut *locked(&self.files))
    }

    /// The documents as they stand, as `documents.jsonl` has them, and the pairs of names, as `constraints.tsv` has them.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn files(&self) -> Result<Vec<File>, crate::io::Error> {
        self.written(Format::Jsonl).map(|(_, _, files)| files)
    }

    fn written(&self, format: Format) -> Result<(Saved, Pairs, Vec<File>), crate::io::Error> {
        let (documents, (pairs, contradictions)) = {
            let desk = self.desk();
            (desk.documents().collect::<Vec<_>>(), Pairs::of(&desk))
        };
        let of = |name: &str| self.terms.annotator.file(name);
        let name = of(&file_name(format));
        let mut bytes = Vec::new();
        let mut saved = save(name.clone(), Writer::new(format, &mut bytes, options())?, &documents)?;
        saved.errors.extend(contradictions);
        let table = pairs.table().map_err(|source| crate::io::Error::Write { path: of(CONSTRAINTS), source })?;
        Ok((saved, pairs, vec![File { name, bytes }, File { name: of(CONSTRAINTS), bytes: table }]))
    }
}

impl Room for InMemory {
    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A step is made whole or not at all, whatever panics.
        locked(&self.desk)
    }

    fn labels(&self) -> Vec<Label> {
        self.desk().labels.clone()
    }

    fn place(&self) -> String {
        String::new()
    }

    fn beside(&self) -> Option<&Side> {
        self.beside.as_ref()
    }

    fn others(&self) -> Vec<Annotator> {
        Vec::new()
    }

    fn other(&self, _: &str) -> Result<Option<Arc<Side>>, Problem> {
        Ok(None)
    }

    fn export(&self, format: Format) -> Result<(Saved, Pairs), Problem> {
        let failed = |error: crate::io::Error| Problem::new(Code::Failed, with_causes(&error));
        let (saved, pairs, files) = self.written(format).map_err(failed)?;
        locked(&self.files).extend(files);
        Ok((saved, pairs))
    }
}
