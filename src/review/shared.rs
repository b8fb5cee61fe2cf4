//! What the page and the work behind it share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::error::Error;
use super::options::Options;
use super::{file, folder};
use crate::desk::{Annotator, Desk, Engine, Pairs, Problem, Room, Saved, Side, SideKind, Stage, Terms, work_of};
use crate::io::Format;
use crate::server::Stopper;
use crate::text::{Label, with_causes};

/// So often what has changed is written to `documents.jsonl`. The journal has every step at once.
const EVERY: Duration = Duration::from_secs(5);
/// About so many bytes of text are tagged at a time, so that a document that somebody looks at need not wait for long.
const BYTES: usize = 1 << 15;
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

impl Shared {
    pub(super) fn new(options: Options, desk: Desk, beside: Option<Side>) -> Self {
        let labelled = (Mutex::new(false), Condvar::new());
        Self { options, desk: Mutex::new(desk), labelled, beside, others: Mutex::default() }
    }

    pub(super) fn set_labelled(&self) {
        let (known, told) = &self.labelled;
        *known.lock().unwrap_or_else(PoisonError::into_inner) = true;
        told.notify_all();
    }

    /// Tags and links the documents that wait.
    pub(super) fn prepare(&self, engine: &Engine, stopper: &Stopper) {
        engine.name_labels(self);
        self.set_labelled();
        // The first one comes alone: somebody waits for it.
        let mut most = 0;
        while !stopper.is_stopped() && engine.prepare(self, most) {
            most = BYTES;
        }
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
                let saved = self.write(Format::Jsonl);
                self.desk().unsaved = saved.err().map(|error| with_causes(&error));
            }
        }
    }

    /// Writes the documents in a format, beside the journal.
    fn write(&self, format: Format) -> Result<(Saved, Pairs), Error> {
        let (documents, (pairs, contradictions)) = {
            let mut desk = self.desk();
            if format == Format::Jsonl {
                desk.is_dirty = false;
            }
            (desk.documents().collect::<Vec<_>>(), Pairs::of(&desk))
        };
        let Options { folder, terms, .. } = &self.options;
        let saved = folder::write(folder, &terms.annotator, format, &documents, &pairs).map(|mut saved| {
            saved.errors.extend(contradictions);
            (saved, pairs)
        });
        if saved.is_err() {
            self.desk().is_dirty = true;
        }
        saved
    }

    /// Writes all for the last time.
    pub(super) fn ended(&self) -> Result<Ended, Error> {
        let (saved, _) = self.write(Format::Jsonl)?;
        let desk = self.desk();
        let failed = desk.kept.iter().filter_map(|kept| match &kept.stage {
            Stage::Failed(why) => Some(format!("{}: {why}", kept.key)),
            _ => None,
        });
        let errors = failed.chain(saved.errors).collect();
        Ok(Ended { path: saved.path.into(), documents: desk.kept.len(), complete: desk.n_complete(), errors })
    }
}

impl Room for Shared {
    fn terms(&self) -> &Terms {
        &self.options.terms
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A step is made whole or not at all, whatever panics.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn labels(&self) -> Vec<Label> {
        let (known, told) = &self.labelled;
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        drop(told.wait_while(known, |known| !*known));
        self.desk().labels.clone()
    }

    fn place(&self) -> String {
        self.options.folder.display().to_string()
    }

    fn beside(&self) -> Option<&Side> {
        self.beside.as_ref()
    }

    fn others(&self) -> Vec<Annotator> {
        let Options { folder, terms, .. } = &self.options;
        let mut others = folder::annotators(folder);
        others.retain(|other| *other != terms.annotator);
        others
    }

    fn other(&self, name: &str) -> Result<Option<Arc<Side>>, Problem> {
        let Some(other) = Room::others(self).into_iter().find(|other| other.as_str() == name) else { return Ok(None) };
        let Options { folder, terms, .. } = &self.options;
        let journal = folder::journal(folder, &other);
        let len = journal.metadata().map_or(0, |metadata| metadata.len());
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, side)) = others.get(&other).filter(|(read, _)| *read == len) {
            return Ok(Some(Arc::clone(side)));
        }
        let mine = self.desk().given();
        let works = work_of(&other, file::read(&journal)?);
        let (side, _) = Side::pair(name, SideKind::Annotator, &mine, works, &terms.pool).map_err(Error::from)?;
        let side = Arc::new(side);
        others.insert(other, (len, Arc::clone(&side)));
        Ok(Some(side))
    }

    fn export(&self, format: Format) -> Result<(Saved, Pairs), Problem> {
        Ok(self.write(format)?)
    }
}
