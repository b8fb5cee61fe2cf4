//! All documents of a review, and its journal.

use std::collections::{HashMap, VecDeque};
use std::time::SystemTime;

use super::annotator::Annotator;
use super::change::Change;
use super::edit::Linking;
use super::error::Error;
use super::journal::{Entry, Journal, Noted, Replay};
use super::kept::{Kept, Stage};
use super::key::{Key, Keys};
use super::op::Op;
use super::pace::Pace;
use super::place::{Labelled, Place};
use super::refusal::Refusal;
use super::state::{By, Status};
use super::terms::{Prepare, Terms};
use crate::io::jsonl;
use crate::text::{Document, Label, OffsetUnit, Offsets, Span};

/// All documents of a review, and its journal.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) annotator: Annotator,
    pub(crate) kept: Vec<Kept>,
    pub(crate) labels: Vec<Label>,
    pub(crate) pace: Pace,
    journal: Journal,
    /// Documents that are waiting, the next one first.
    waiting: VecDeque<usize>,
    /// Whether there is something that `documents.jsonl` has not.
    pub(crate) is_dirty: bool,
    /// What went wrong when it was last written.
    pub(crate) unsaved: Option<String>,
}

impl Desk {
    /// Lays documents out, and makes the steps of a journal again.
    pub(crate) fn open(
        terms: &Terms,
        documents: Vec<Document>,
        journal: Journal,
        replay: Replay,
        notes: &mut Vec<String>,
    ) -> Result<Self, Error> {
        let Terms { annotator, prepare, linking, .. } = terms;
        let (prepare, linking) = (*prepare, *linking);
        let mut keys = Keys::default();
        let kept: Vec<Kept> = documents
            .into_iter()
            .map(|document| {
                let key = keys.next(&document.id);
                let is_complete = Status::of(&document) == Status::Complete;
                let lacks_mentions = document.mentions.is_empty() && !is_complete;
                let lacks_entities =
                    linking == Linking::On && document.entities.is_empty() && !document.mentions.is_empty();
                match prepare {
                    Prepare::All if lacks_mentions || lacks_entities => Kept::waiting(key, document, linking),
                    // What is not linked now gets no entities by the way.
                    Prepare::Nothing if lacks_entities => Kept::new(key, document, By::Input, Linking::Off),
                    _ => Kept::new(key, document, By::Input, linking),
                }
            })
            .collect();
        let mut desk = Self {
            annotator: annotator.clone(),
            kept,
            labels: Vec::new(),
            pace: Pace::default(),
            journal,
            waiting: VecDeque::new(),
            is_dirty: true,
            unsaved: None,
        };
        if let Some((line, begin)) = replay.torn {
            let name = desk.journal.name();
            notes.push(format!(
                "{name}:{line}: the last line was not whole and was cut off, its step was not made: {begin}"
            ));
        }
        desk.replay(replay.entries, notes)?;
        desk.waiting = (0..desk.kept.len()).filter(|&index| desk.kept[index].stage == Stage::Waiting).collect();
        Ok(desk)
    }

    /// Makes the steps of the journal.
    fn replay(&mut self, entries: Vec<Entry>, notes: &mut Vec<String>) -> Result<(), Error> {
        let mut places: HashMap<Key, usize> =
            self.kept.iter().enumerate().map(|(index, kept)| (kept.key.clone(), index)).collect();
        let n_given = self.kept.len();
        for entry in entries {
            let seconds = entry.seconds();
            let (line, key) = (entry.step, entry.key.clone());
            let fail = |found: String| Error::Line {
                path: self.journal.name().to_owned(),
                line,
                expected: format!("a step of {key}"),
                found,
            };
            match entry.noted {
                Noted::Start(mut start) => match places.get(&key) {
                    Some(&index) => {
                        let kept = &mut self.kept[index];
                        let same = kept.base.text == start.document.text;
                        start.document.layout = kept.base.layout.take().filter(|_| same);
                        *kept = Kept::begun(key.clone(), start);
                        if !same {
                            let why =
                                format!("{key}: its text is not the one that was reviewed, which the review keeps");
                            notes.push(why);
                        }
                    }
                    None => {
                        places.insert(key.clone(), self.kept.len());
                        self.kept.push(Kept::begun(key, start));
                    }
                },
                Noted::Step(op) => {
                    let kept = match places.get(&key) {
                        Some(&index) if self.kept[index].is_begun => &mut self.kept[index],
                        _ => return Err(fail("none of its start before".to_owned())),
                    };
                    let offsets = Offsets::new(&kept.base.text, OffsetUnit::Char);
                    let op = op
                        .places(|place| place.span(&offsets))
                        .ok_or_else(|| fail("a place outside its text".to_owned()))?;
                    // Labels were checked when the step was made.
                    let labels: Vec<Label> = labels_of(&op).map(Label::new).collect();
                    kept.step(&op, &labels, |_| Ok(())).map_err(|refusal| fail(refusal.to_string()))?;
                    seconds.into_iter().for_each(|seconds| self.pace.step(seconds));
                }
            }
        }
        // Documents that nobody has touched and that the input has no more are nobody's loss.
        let mut index = 0;
        self.kept.retain(|kept| {
            index += 1;
            index <= n_given || kept.version > 0
        });
        let n = self.kept.len() - n_given.min(self.kept.len());
        if n > 0 {
            let first = &self.kept[n_given].key;
            notes.push(format!(
                "{n} documents of the journal are not in the input; the review keeps them: the first is {first}"
            ));
        }
        Ok(())
    }

    /// The next documents that wait; those that somebody looks at come first.
    pub(crate) fn next_waiting(&mut self, most_bytes: usize) -> Vec<(usize, Document)> {
        let mut taken = Vec::new();
        let mut bytes = 0;
        while let Some(&index) = self.waiting.front() {
            let document = &self.kept[index].base;
            if !taken.is_empty() && bytes + document.text.len() > most_bytes {
                break;
            }
            bytes += document.text.len();
            taken.push((index, document.clone()));
            self.waiting.pop_front();
        }
        taken
    }

    /// Somebody looks at a document.
    pub(crate) fn want(&mut self, index: usize) {
        if let Some(at) = self.waiting.iter().position(|&waiting| waiting == index)
            && at > 0
        {
            self.waiting.remove(at);
            self.waiting.push_front(index);
        }
    }

    pub(crate) fn n_waiting(&self) -> usize {
        self.kept.iter().filter(|kept| kept.stage == Stage::Waiting).count()
    }

    /// Documents have their mentions and entities, or cannot get them.
    pub(crate) fn fill(&mut self, done: Vec<(usize, Result<Document, String>, By)>) -> Result<(), Refusal> {
        let (mut places, mut starts) = (Vec::new(), Vec::new());
        for (index, result, by) in done {
            // As the journal has it, so that it is the same when it is read again.
            let again = result.and_then(|document| {
                let line = jsonl::to_string(&document).map_err(|error| error.to_string())?;
                let again = jsonl::from_str(&line).map_err(|error| error.to_string())?;
                Ok(Document { layout: document.layout, ..again })
            });
            let kept = &mut self.kept[index];
            match again {
                Ok(document) => {
                    kept.fill(document, by);
                    places.push(index);
                    starts.push((kept.key.clone(), Noted::Start(kept.start(by))));
                }
                Err(why) => kept.stage = Stage::Failed(why),
            }
        }
        self.is_dirty = true;
        self.journal.write(starts).map_err(|error| Refusal::Unwritten(error.to_string()))?;
        places.into_iter().for_each(|index| self.kept[index].is_begun = true);
        Ok(())
    }

    /// Makes a step in a document that is at this version.
    pub(crate) fn step(&mut self, index: usize, version: u64, op: &Op<Span>) -> Result<Change, Refusal> {
        let Self { kept, journal, labels, pace, is_dirty, .. } = self;
        let kept = &mut kept[index];
        if kept.version != version {
            return Err(Refusal::Stale { current: kept.version, found: version });
        }
        let change = kept.step(op, labels, |kept| {
            let offsets = Offsets::new(&kept.base.text, OffsetUnit::Char);
            let noted = op.places(|span| Place::of(*span, &offsets));
            let noted = noted.ok_or_else(|| Refusal::unfit("expected a place in the text, found one outside"))?;
            let start = || (kept.key.clone(), Noted::Start(kept.start(By::Input)));
            let mut lines: Vec<(Key, Noted)> = (!kept.is_begun).then(start).into_iter().collect();
            lines.push((kept.key.clone(), Noted::Step(noted)));
            journal.write(lines).map_err(|error| Refusal::Unwritten(error.to_string()))
        })?;
        let now = journal.now().duration_since(SystemTime::UNIX_EPOCH);
        now.into_iter().for_each(|now| pace.step(now.as_secs_f64()));
        *is_dirty = true;
        Ok(change)
    }

    /// The number of lines of the journal.
    pub(crate) fn steps(&self) -> u64 {
        self.journal.steps()
    }

    pub(crate) fn n_complete(&self) -> usize {
        self.kept.iter().filter(|kept| kept.state.decisions.status == Status::Complete).count()
    }

    /// All documents as they came.
    pub(crate) fn given(&self) -> Vec<Document> {
        self.kept.iter().map(|kept| kept.base.clone()).collect()
    }

    /// All documents as they stand, to be written.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Document> {
        self.kept.iter().map(|kept| kept.document(self.annotator.as_str()))
    }
}

/// The labels that a step names.
fn labels_of(op: &Op<Span>) -> impl Iterator<Item = &str> {
    let (one, many): (Option<&String>, &[_]) = match op {
        Op::Add { label, .. } | Op::Label { label, .. } => (Some(label), &[]),
        Op::Occurrences { label, .. } => (label.as_ref(), &[]),
        Op::Settle { other, .. } => (None, other),
        _ => (None, &[]),
    };
    one.into_iter().map(String::as_str).chain(many.iter().map(|it: &Labelled<Span>| it.label.as_str()))
}

/// The work of another annotator, as far as it is written down: the documents that have steps, as they stand.
#[cfg(feature = "review")]
pub(crate) fn work_of(other: &Annotator, replay: Replay) -> Vec<Document> {
    let mut works: Vec<Kept> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for entry in replay.entries {
        match entry.noted {
            Noted::Start(start) => {
                places.insert(entry.key.clone(), works.len());
                works.push(Kept::begun(entry.key, start));
            }
            Noted::Step(op) => {
                let Some(&place) = places.get(&entry.key) else { continue };
                let kept = &mut works[place];
                let offsets = Offsets::new(&kept.base.text, OffsetUnit::Char);
                let Some(op) = op.places(|place| place.span(&offsets)) else { continue };
                let labels: Vec<Label> = labels_of(&op).map(Label::new).collect();
                // What their own program refuses, it says there.
                let _ = kept.step(&op, &labels, |_| Ok(()));
            }
        }
    }
    works.into_iter().filter(|kept| kept.version > 0).map(|kept| kept.document(other.as_str())).collect()
}
