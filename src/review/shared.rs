//! What the page and the work behind it share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::annotator::Annotator;
use super::desk::{Desk, work_of};
use super::error::Error;
use super::kept::Stage;
use super::options::Options;
use super::save::{CONSTRAINTS, Pairs, Saved, place, save};
use super::side::{Side, SideKind};
use super::state::By;
use crate::io::Format;
use crate::link::Linker;
use crate::pipeline::Pipeline;
use crate::server::Stopper;
use crate::text::{Document, Label, with_causes};

/// So often what has changed is written to `documents.jsonl`. The journal has every step at once.
const EVERY: Duration = Duration::from_secs(5);
/// About so many bytes of text are tagged at a time, so that a document that somebody looks at need not wait for long.
const BYTES: usize = 1 << 15;
/// The first labels, in this order: their keys are the first numbers.
const USUAL: [&str; 4] = ["PER", "ORG", "LOC", "MISC"];

/// Tags and links the documents that need it.
#[derive(Clone, Debug)]
pub struct Engine {
    pipeline: Option<Pipeline>,
    linker: Option<Linker>,
}

impl Engine {
    /// An engine; without a pipeline nothing can be tagged, and without a linker nothing linked.
    pub fn new(pipeline: Option<Pipeline>, linker: Option<Linker>) -> Self {
        Self { pipeline, linker }
    }
}

/// How a review ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Where the documents are.
    pub path: PathBuf,
    /// The number of documents.
    pub documents: usize,
    /// How many of them are complete.
    pub complete: usize,
    /// What could not be written.
    pub errors: Vec<String>,
}

/// What the page and the work behind it share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    desk: Mutex<Desk>,
    /// The labels are known, which may need the model.
    labelled: (Mutex<bool>, Condvar),
    beside: Option<Side>,
    /// The work of other annotators, with the length of their journals when it was read.
    others: Mutex<BTreeMap<Annotator, (u64, Arc<Side>)>>,
}

/// The side to compare with, while somebody does.
pub(super) enum Beside<'s> {
    Fixed(&'s Side),
    Other(Arc<Side>),
}

impl std::ops::Deref for Beside<'_> {
    type Target = Side;

    fn deref(&self) -> &Side {
        match self {
            Self::Fixed(side) => side,
            Self::Other(side) => side,
        }
    }
}

impl Shared {
    pub(super) fn new(options: Options, desk: Desk, beside: Option<Side>) -> Self {
        let labelled = (Mutex::new(false), Condvar::new());
        Self { options, desk: Mutex::new(desk), labelled, beside, others: Mutex::default() }
    }

    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        // A step is made whole or not at all, whatever panics.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The labels, once they are known.
    pub(super) fn labels(&self) -> Vec<Label> {
        let (known, told) = &self.labelled;
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        drop(told.wait_while(known, |known| !*known));
        self.desk().labels.clone()
    }

    pub(super) fn set_labelled(&self) {
        let (known, told) = &self.labelled;
        *known.lock().unwrap_or_else(PoisonError::into_inner) = true;
        told.notify_all();
    }

    /// The sides that documents can be compared with: the one that was given, and the other annotators.
    pub(super) fn sides(&self) -> Vec<(String, SideKind)> {
        let others = Annotator::in_folder(&self.options.folder);
        let others = others.into_iter().filter(|other| *other != self.options.annotator);
        let others = others.map(|other| (other.to_string(), SideKind::Annotator));
        self.beside.iter().map(|side| (side.name.clone(), side.kind)).chain(others).collect()
    }

    /// The side of this name; `None` where there is none.
    pub(super) fn side(&self, name: &str) -> Result<Option<Beside<'_>>, Error> {
        if let Some(side) = self.beside.as_ref().filter(|side| side.name == name) {
            return Ok(Some(Beside::Fixed(side)));
        }
        let folder = &self.options.folder;
        let other = Annotator::in_folder(folder).into_iter().find(|other| other.as_str() == name);
        let Some(other) = other.filter(|other| *other != self.options.annotator) else { return Ok(None) };
        let len = other.journal(folder).metadata().map_or(0, |metadata| metadata.len());
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, side)) = others.get(&other).filter(|(read, _)| *read == len) {
            return Ok(Some(Beside::Other(Arc::clone(side))));
        }
        let mine: Vec<Document> = self.desk().kept.iter().map(|kept| kept.base.clone()).collect();
        let works = work_of(&other, folder)?;
        let (side, _) = Side::pair(name, SideKind::Annotator, &mine, works, &self.options.pool)?;
        let side = Arc::new(side);
        others.insert(other, (len, Arc::clone(&side)));
        Ok(Some(Beside::Other(side)))
    }

    /// Tags and links the documents that wait.
    pub(super) fn prepare(&self, engine: &Engine, stopper: &Stopper) {
        if let Some(pipeline) = &engine.pipeline
            && let Ok(known) = pipeline.tagger().labels(&self.options.request)
        {
            let mut desk = self.desk();
            desk.labels = ordered(&desk, known.into_iter().chain(desk.labels.clone()));
        }
        self.set_labelled();
        // The first one comes alone: somebody waits for it.
        let mut most = 0;
        while !stopper.is_stopped() {
            let mut taken = self.desk().next_waiting(most);
            if taken.is_empty() {
                break;
            }
            most = BYTES;
            let done = self.prepared(engine, &mut taken);
            // What the journal does not take yet, it takes with the first step.
            if let Err(refusal) = self.desk().fill(done) {
                self.desk().unsaved = Some(refusal.to_string());
            }
        }
    }

    fn prepared(&self, engine: &Engine, taken: &mut [(usize, Document)]) -> Vec<(usize, Result<Document, String>, By)> {
        let (mut places, mut documents) = (Vec::new(), Vec::new());
        let mut done = Vec::new();
        for (index, document) in taken {
            let document = std::mem::take(document);
            if document.mentions.is_empty() {
                places.push(*index);
                documents.push(document);
            } else {
                let linked = match &engine.linker {
                    Some(linker) => link(linker, document),
                    None => Ok(document),
                };
                done.push((*index, linked, By::Input));
            }
        }
        let failed = |why: String| done_with(&places, |_| Err(why.clone()));
        let tagged = match &engine.pipeline {
            _ if places.is_empty() => Vec::new(),
            None => failed("there is no model to tag it with".to_owned()),
            Some(pipeline) => match pipeline.process_all(&mut documents, &self.options.request) {
                Err(error) => failed(with_causes(&error)),
                Ok(outcomes) => {
                    let mut results = documents.into_iter().zip(outcomes);
                    done_with(&places, |_| {
                        let (document, outcome) = results.next().expect("one outcome for each document");
                        outcome.map(|_| document).map_err(|error| with_causes(&error))
                    })
                }
            },
        };
        done.extend(tagged);
        done
    }

    /// Writes the documents every few seconds in which something has changed.
    pub(super) fn save_while(&self, stopper: &Stopper) {
        let step = Duration::from_millis(100);
        let mut waited = Duration::ZERO;
        while !stopper.is_stopped() {
            std::thread::sleep(step);
            waited += step;
            if waited < EVERY {
                continue;
            }
            waited = Duration::ZERO;
            if self.desk().is_dirty {
                let saved = self.export(Format::Jsonl);
                self.desk().unsaved = saved.err().map(|error| with_causes(&error));
            }
        }
    }

    /// Writes the documents in a format, beside the journal.
    pub(super) fn export(&self, format: Format) -> Result<(Saved, Pairs), Error> {
        let (documents, (pairs, contradictions)) = {
            let mut desk = self.desk();
            if format == Format::Jsonl {
                desk.is_dirty = false;
            }
            (desk.documents().collect::<Vec<_>>(), Pairs::of(&desk))
        };
        let Options { annotator, folder, .. } = &self.options;
        let saved = save(&place(annotator, folder, format), format, &documents).and_then(|mut saved| {
            saved.errors.extend(contradictions);
            pairs.save(&annotator.file(folder, CONSTRAINTS))?;
            Ok((saved, pairs))
        });
        if saved.is_err() {
            self.desk().is_dirty = true;
        }
        saved
    }

    /// Writes all for the last time.
    pub(super) fn ended(&self) -> Result<Ended, Error> {
        let (saved, _) = self.export(Format::Jsonl)?;
        let desk = self.desk();
        let failed = desk.kept.iter().filter_map(|kept| match &kept.stage {
            Stage::Failed(why) => Some(format!("{}: {why}", kept.key)),
            _ => None,
        });
        let errors = failed.chain(saved.errors).collect();
        Ok(Ended { path: saved.path.into(), documents: desk.kept.len(), complete: desk.n_complete(), errors })
    }

    /// What the page is about.
    pub(super) fn mode(&self) -> &'static str {
        let is_gold = self.beside.as_ref().is_some_and(|side| side.kind == SideKind::Predicted);
        if is_gold { "gold" } else { "review" }
    }
}

/// Documents of these places with what became of each, which the model has tagged.
fn done_with(
    places: &[usize],
    mut one: impl FnMut(usize) -> Result<Document, String>,
) -> Vec<(usize, Result<Document, String>, By)> {
    places.iter().map(|&index| (index, one(index), By::Model)).collect()
}

fn link(linker: &Linker, mut document: Document) -> Result<Document, String> {
    linker.link_document(&mut document).map_err(|error| with_causes(&error))?;
    Ok(document)
}

/// The labels of the documents and some more, the usual ones first.
pub(super) fn ordered(desk: &Desk, more: impl IntoIterator<Item = Label>) -> Vec<Label> {
    let own = desk.kept.iter().flat_map(|kept| kept.state.mentions.values().map(|it| it.mention.label.clone()));
    let mut labels: Vec<Label> = own.chain(more).collect();
    // Documents that name some of the usual kinds may yet lack the others.
    if labels.is_empty() || labels.iter().any(|label| USUAL.contains(&label.as_str())) {
        labels.extend(USUAL.map(Label::new));
    }
    let place = |label: &Label| USUAL.iter().position(|usual| *usual == label.as_str()).unwrap_or(USUAL.len());
    labels.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    labels.dedup();
    labels
}
