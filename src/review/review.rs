//! A review, from its documents to its end.

use std::path::Path;
use std::sync::Arc;

use super::error::Error;
use super::options::Options;
use super::serve::Door;
use super::shared::{Ended, Shared};
use super::suspects::Suspects;
use super::{file, folder};
use crate::desk::{Desk, Engine, Other, Room, Stage, known};
use crate::server::Stopper;
use crate::text::Document;

/// What [`Review::run`] needs of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Documents are tagged.
    Tagger,
    /// Documents are linked, but none is tagged.
    Linker,
    /// Nothing.
    Nothing,
}

/// Documents that somebody corrects in a browser.
#[derive(Debug)]
pub struct Review {
    shared: Arc<Shared>,
    notes: Vec<String>,
}

impl Review {
    /// Opens a review of some documents: makes the steps of its journal again, if there is one.
    ///
    /// # Errors
    /// When the folder cannot be made, the journal cannot be read or written or is in use, or the other side has other texts.
    pub fn open(options: Options, documents: Vec<Document>, other: Option<Other>) -> Result<Self, Error> {
        let Options { folder, terms, .. } = &options;
        std::fs::create_dir_all(folder)
            .map_err(|source| Error::Folder { path: folder.display().to_string(), source })?;
        let mut notes = Vec::new();
        let (journal, replay) = file::open(&folder::journal(folder, &terms.annotator), terms.annotator.as_str())?;
        let mut desk = Desk::open(terms, documents, journal, replay, &mut notes)?;
        let beside = other.map(|other| other.beside(&desk, &terms.pool, &mut notes)).transpose()?;
        desk.labels = known(&desk, beside.as_ref(), &terms.labels);
        Ok(Self { shared: Arc::new(Shared::new(options, desk, beside)), notes })
    }

    /// What was odd about the journal and the other side.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What an engine has to do.
    pub fn needs(&self) -> Needs {
        let desk = self.shared.desk();
        let mut waiting = desk.kept.iter().filter(|kept| kept.stage == Stage::Waiting).peekable();
        match (waiting.peek().is_some(), waiting.any(|kept| kept.base.mentions.is_empty())) {
            (false, _) => Needs::Nothing,
            (true, true) => Needs::Tagger,
            (true, false) => Needs::Linker,
        }
    }

    /// Makes the decisions of a table of suspects, and returns their number.
    ///
    /// # Errors
    /// When the table cannot be read, or a row is about something that the documents do not have. Rows before it are decided then.
    pub fn decide(&self, path: &Path) -> Result<usize, Error> {
        Suspects::open(path)?.decide(&mut self.shared.desk())
    }

    /// Writes the documents as they stand, without serving a page.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn save(&self) -> Result<Ended, Error> {
        self.shared.ended()
    }

    /// Serves the page until the stopper is used. `load` makes the engine, behind the page; `ready` is told the address of the page and
    /// what ends the review.
    ///
    /// # Errors
    /// When the address cannot be had, `load` fails, or the documents cannot be written at the end.
    pub fn run<E: From<Error> + Send>(
        self,
        load: impl FnOnce(Needs) -> Result<Engine, E> + Send,
        ready: impl FnOnce(&str, Stopper),
    ) -> Result<Ended, E> {
        let needs = self.needs();
        let Self { shared, .. } = self;
        let door = Door::open(Arc::clone(&shared))?;
        let stopper = door.stopper();
        ready(&door.url(), stopper.clone());
        let served = std::thread::scope(|scope| {
            let preparing = scope.spawn(|| {
                let loaded = load(needs).map(|engine| shared.prepare(&engine, &stopper));
                shared.set_labelled();
                if loaded.is_err() {
                    stopper.stop();
                }
                loaded
            });
            let saving = scope.spawn(|| shared.save_while(&stopper));
            let served = door.serve().map_err(E::from);
            stopper.stop();
            let loaded = preparing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            saving.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            loaded.and(served)
        });
        let ended = shared.ended().map_err(E::from);
        served.and(ended)
    }
}
