//! From the inputs to the output.
//!
//! The work in between is a [`Stream`] of the library; this file deals with inputs, messages, the output and how it all ends.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::files::Files;
use super::groups::{Input, OnError};
use super::interrupt;
use super::language::Languages;
use super::outcome::{Ended, Outcome};
use super::output::{Sink, is_closed};
use super::progress::Progress;
use super::report::{InputsRead, Run};
use super::resume::{Done, Fate, is_as_before};
use super::terminal::chain;
use crate::io::{self, Documents, Inputs, Notice, Shard};
use crate::pipeline::{Failed, HasDocument, Stream, Taker};
use crate::pool::Pool;
use crate::text::Document;

/// Which pass over the inputs this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The first; says what to do about errors.
    First(OnError),
    /// A second one: errors and notices have been shown already. So many documents must come again, if the number is known.
    Again(Option<usize>),
}

impl Reading {
    fn is_again(self) -> bool {
        matches!(self, Self::Again(_))
    }
}

/// What is wrong when the inputs have other documents the second time.
pub(crate) const CHANGED: &str = "expected the same documents when the inputs were read again, found others: nothing was written to the output; run it \
                                  again when nothing writes to the inputs";

/// The inputs of a command; standard input if none is named.
pub(crate) fn inputs(input: &Input) -> Result<Vec<String>> {
    let mut inputs = input.inputs.clone();
    if inputs.is_empty() {
        if std::io::stdin().is_terminal() {
            bail!("expected an INPUT: a file, a folder, a pattern, or text on the standard input (see --help)");
        }
        inputs.push("-".to_owned());
    }
    Ok(inputs)
}

/// Opens the inputs of a command, and lists their files, for the report on the run too if there is one.
pub(crate) fn open(input: &Input, run: Option<&mut Run>) -> Result<(Documents, Files)> {
    let inputs = inputs(input)?;
    let documents = Documents::open(&inputs, &input.options()).context("cannot open the input")?;
    let found = documents.files();
    if let Some(run) = run {
        run.inputs = read(&inputs, &found, documents.progress().total);
    }
    Ok((documents, files(&inputs, found)))
}

/// Opens inputs that are read more than once, and lists their files.
pub(crate) fn open_twice(input: &Input, run: Option<&mut Run>) -> Result<(Inputs, Files)> {
    let names = inputs(input)?;
    let inputs = Inputs::open(&names, &input.options()).context("cannot open the input")?;
    let found = inputs.files();
    if let Some(run) = run {
        run.inputs = read(&names, &found, inputs.documents().progress().total);
    }
    Ok((inputs, files(&names, found)))
}

fn read(given: &[String], found: &[PathBuf], bytes: Option<u64>) -> InputsRead {
    InputsRead { given: given.to_vec(), files: found.len() as u64, bytes }
}

fn files(inputs: &[String], found: Vec<PathBuf>) -> Files {
    let mut files = Files::default();
    files.reads_inputs(found.iter().map(PathBuf::as_path));
    if inputs.iter().any(|input| input == "-") {
        files.reads_stdin();
    }
    files
}

/// A document, or what came in its place, with what to report at that point.
pub(crate) struct Item {
    /// The index of the document among those that go through the stream.
    pub(crate) nth: usize,
    content: Content,
    taker: Option<Taker>,
    notices: Vec<Notice>,
    n_skipped: u64,
    bytes_read: u64,
}

enum Content {
    Document(Document),
    /// One that an earlier run wrote as this line: what comes out is compared.
    Check(Document, String),
    Unread(io::Error),
    /// The run cannot continue: the output to be resumed belongs to another input.
    Fatal(anyhow::Error),
    /// The inputs have ended.
    End,
}

impl HasDocument for Item {
    fn document(&self) -> Option<&Document> {
        match &self.content {
            Content::Document(document) | Content::Check(document, _) => Some(document),
            _ => None,
        }
    }

    fn document_mut(&mut self) -> Option<&mut Document> {
        match &mut self.content {
            Content::Document(document) | Content::Check(document, _) => Some(document),
            _ => None,
        }
    }

    fn taker(&self) -> Option<Taker> {
        self.taker
    }
}

/// The items of some inputs.
pub(crate) struct Items {
    documents: Documents,
    done: Done,
    n_taken: usize,
    has_ended: bool,
    languages: Option<Languages>,
    /// Which model takes the document at hand, where its language was looked at.
    taker: Option<Taker>,
    shard: Option<Shard>,
}

impl Items {
    /// The documents that are not `done` yet; starts the progress bar.
    pub(crate) fn new(documents: Documents, done: Done, progress: &Progress) -> Self {
        progress.start(documents.progress().total);
        Self { documents, done, n_taken: 0, has_ended: false, languages: None, taker: None, shard: None }
    }

    /// The same, with a look at the language of each document.
    pub(crate) fn languages(self, languages: Option<Languages>) -> Self {
        Self { languages, ..self }
    }

    /// The same of one part of the documents only; an error is in the part of its message.
    pub(crate) fn shard(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// The next document of the part.
    fn read(&mut self) -> Option<Result<Document, io::Error>> {
        let Some(shard) = self.shard else { return self.documents.next() };
        self.documents.find(|result| match result {
            Ok(document) => shard.has(&document.id),
            Err(error) => shard.has(&error.to_string()),
        })
    }

    /// Whether a document is in a language that is read.
    fn keeps(&mut self, document: &Document) -> bool {
        let Some(languages) = &mut self.languages else { return true };
        self.taker = languages.take(document);
        self.taker.is_some()
    }

    /// Whether a document is left out because of its language.
    fn skips(&mut self, document: &Document) -> bool {
        self.languages.as_mut().is_some_and(|languages| languages.skip(document))
    }
}

impl Iterator for Items {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.has_ended {
            return None;
        }
        let mut n_skipped = 0;
        let content = loop {
            if let Some(document) = self.done.waiting() {
                if !self.keeps(&document) {
                    continue;
                }
                break Content::Document(document);
            }
            match self.read() {
                Some(Ok(document)) => match self.done.sort(document) {
                    Ok(Fate::Done) => n_skipped += 1,
                    Ok(Fate::Check(document, line)) => {
                        n_skipped += 1;
                        break Content::Check(*document, line);
                    }
                    Ok(Fate::New(document)) if !self.keeps(&document) => {}
                    Ok(Fate::New(document)) => break Content::Document(*document),
                    // The run before left it out as well.
                    Ok(Fate::Missing(document)) if self.skips(&document) => {}
                    Ok(Fate::Missing(document)) => {
                        if let Err(error) = self.done.wait(*document) {
                            break Content::Fatal(error);
                        }
                    }
                    Err(error) => break Content::Fatal(error),
                },
                Some(Err(error)) => break Content::Unread(error),
                None => break self.done.finish().map_or_else(Content::Fatal, |()| Content::End),
            }
        };
        self.has_ended = matches!(content, Content::Fatal(_) | Content::End);
        let nth = self.n_taken;
        self.n_taken += usize::from(matches!(content, Content::Document(_)));
        let (mut notices, bytes_read) = (self.documents.take_notices(), self.documents.progress().read);
        if self.has_ended {
            notices.extend(self.languages.as_mut().map(Languages::notices).unwrap_or_default());
        }
        Some(Item { nth, content, taker: self.taker.take(), notices, n_skipped, bytes_read })
    }
}

/// A stream of the items as they are.
pub(crate) fn unchanged(items: impl Iterator<Item = Item> + Send + 'static, pool: &Pool) -> Stream<Item> {
    Stream::new(pool, items, |items: &mut [Item]| items.iter().map(|_| Ok(0)).collect())
}

/// Passes all documents of a stream to `take`, in order. One that could not be read or processed is reported, and not passed on.
pub(crate) fn collect<E: Error + Send + Sync + 'static>(
    stream: Stream<Item, E>,
    on_error: OnError,
    progress: &mut Progress,
    take: impl FnMut(Document) -> Result<()>,
) -> Result<Outcome> {
    gather(stream, Reading::First(on_error), progress, &mut BTreeSet::new(), take)
}

/// Passes the documents of a stream to `take`, in order. Notices that are in `noted` were shown before.
pub(crate) fn gather<E: Error + Send + Sync + 'static>(
    mut stream: Stream<Item, E>,
    reading: Reading,
    progress: &mut Progress,
    noted: &mut BTreeSet<String>,
    mut take: impl FnMut(Document) -> Result<()>,
) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut n = 0;
    interrupt::watch(stream.stopper());
    while let Some(result) = stream.next() {
        let (item, failure) = match result {
            Ok(item) => (item, None),
            Err(Failed { item, error }) => (item, Some(("model", anyhow::Error::from(error)))),
        };
        for notice in &item.notices {
            if noted.insert(notice.to_string()) {
                progress.notice(notice);
            }
        }
        let failure = match (item.content, failure) {
            (Content::Document(document), None) => {
                n += 1;
                take(document)?;
                None
            }
            (Content::Document(_), failure) => failure,
            (Content::Unread(_), _) if reading.is_again() => None,
            (Content::Unread(error), _) => Some((error.kind(), error.into())),
            (Content::Fatal(error), _) => return Err(error),
            (Content::Check(..) | Content::End, _) => None,
        };
        match failure {
            Some((_, error)) if reading == Reading::First(OnError::Stop) => return Err(error),
            Some((kind, error)) => {
                outcome = Outcome::SomeFailed;
                progress.failed(kind, &chain(&*error));
            }
            None => {}
        }
        if stream.buffered() == 0 {
            progress.seen(n, item.bytes_read);
        }
    }
    if let Some(signal) = interrupt::caught() {
        progress.note("interrupted while the inputs were read: nothing was written");
        return Ok(Outcome::Interrupted(signal));
    }
    Ok(outcome)
}

/// Ends an output that a signal cut short.
fn interrupted(signal: u8, sink: Sink, progress: &mut Progress) -> Result<Ended> {
    match sink.leave() {
        Err(error) if is_closed(&error) => {}
        left => left?.iter().for_each(|where_it_is| progress.note(where_it_is)),
    }
    Ok(Ended::Interrupted(signal))
}

/// Writes the documents of a stream.
pub(crate) fn write<E: Error + Send + Sync + 'static>(
    mut stream: Stream<Item, E>,
    reading: Reading,
    mut sink: Sink,
    progress: &mut Progress,
) -> Result<Ended> {
    let mut outcome = Outcome::Done;
    let mut is_stopped = false;
    interrupt::watch(stream.stopper());
    while let Some(result) = stream.next() {
        if let Some(signal) = interrupt::caught() {
            return interrupted(signal, sink, progress);
        }
        let (item, failure) = match result {
            Ok(item) => (item, None),
            // In the second pass every document of the first must be there.
            Err(Failed { error, .. }) if reading.is_again() => return Err(error.into()),
            Err(Failed { item, error }) => (item, Some(("model", chain(&error)))),
        };
        if !reading.is_again() {
            item.notices.iter().for_each(|notice| progress.notice(notice));
        }
        progress.skipped(item.n_skipped);
        let failure = match (item.content, failure) {
            (Content::Check(document, line), None) if !is_as_before(&line, &document) => bail!(
                "--resume: document {:?}: expected the mentions that the output has, found others: it was begun with other options or \
                 another model",
                document.id
            ),
            (Content::Check(..), _) => None,
            (Content::Document(_), Some(failure)) => Some(failure),
            (Content::Document(document), None) => match sink.write(&document) {
                Ok(()) => {
                    progress.wrote(&document);
                    None
                }
                Err(error @ io::Error::Write { .. }) if is_closed(&error) => return Ok(Ended::Closed(outcome)),
                Err(error @ io::Error::Write { .. }) => return Err(error.into()),
                Err(error) => {
                    outcome = Outcome::SomeFailed;
                    progress.failed(error.kind(), &format!("document {:?}: {}", document.id, chain(&error)));
                    None
                }
            },
            (Content::Unread(_), _) if reading.is_again() => None,
            (Content::Unread(error), _) => Some((error.kind(), chain(&error))),
            (Content::Fatal(error), _) => return Err(error),
            (Content::End, _) => None,
        };
        if let Some((kind, failure)) = failure {
            outcome = Outcome::SomeFailed;
            progress.failed(kind, &failure);
            if reading == Reading::First(OnError::Stop) {
                is_stopped = true;
                break;
            }
        }
        // Finished documents must not wait for input that is still to come.
        if stream.buffered() == 0 {
            match sink.flush() {
                Err(error) if is_closed(&error) => return Ok(Ended::Closed(outcome)),
                flushed => flushed?,
            }
            progress.show(stream.n_words(), item.bytes_read);
        }
    }
    if let Some(signal) = interrupt::caught() {
        return interrupted(signal, sink, progress);
    }
    if is_stopped {
        sink.leave()?.iter().for_each(|where_it_is| progress.note(where_it_is));
        return Ok(Ended::Stopped);
    }
    if let Reading::Again(Some(n)) = reading
        && n != sink.n_written()
    {
        bail!("{CHANGED} ({} documents instead of {n})", sink.n_written());
    }
    if outcome == Outcome::SomeFailed && sink.would_lose() {
        progress.note("no document came out: the output that was there stays as it was");
        return Ok(Ended::Whole(outcome));
    }
    match sink.finish() {
        Err(error) if is_closed(&error) => return Ok(Ended::Closed(outcome)),
        notices => notices?.iter().for_each(|notice| progress.notice(notice)),
    }
    Ok(Ended::Whole(outcome))
}
