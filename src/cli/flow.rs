//! From the inputs to the output.
//!
//! The work in between is a [`Stream`] of the library; this file deals with inputs, messages, the output and how it all ends.

use std::error::Error;
use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::groups::{Input, OnError, Output};
use super::language::Languages;
use super::outcome::{Ended, Outcome};
use super::output::{Sink, is_closed};
use super::progress::Progress;
use super::resume::Done;
use super::terminal::chain;
use crate::io::{self, Documents, Notice};
use crate::pipeline::{Failed, HasDocument, Stream};
use crate::pool::Pool;
use crate::text::Document;

/// Which pass over the inputs this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The first; says what to do about errors.
    First(OnError),
    /// A second one: errors and notices have been shown already.
    Again,
}

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

/// Opens the inputs of a command that writes to `output`.
pub(crate) fn open(input: &Input, output: &Output) -> Result<Documents> {
    let documents = Documents::open(&inputs(input)?, &input.options()).context("cannot open the input")?;
    match &output.output {
        // With --resume an output is read before it is written, but never as an input.
        Some(path) if documents.will_read(path) => bail!("{}", is_input(path)),
        _ => Ok(documents),
    }
}

/// The error of an output that would destroy an input.
pub(crate) fn is_input(path: &Path) -> String {
    format!("expected an output that is not an input, found {}, which is read too", path.display())
}

/// A document, or what came in its place, with what to report at that point.
pub(crate) struct Item {
    /// The index of the document among those that go through the stream.
    pub(crate) nth: usize,
    content: Content,
    notices: Vec<Notice>,
    n_skipped: u64,
    bytes_read: u64,
}

enum Content {
    Document(Document),
    Unread(io::Error),
    /// The run cannot continue: the output to be resumed belongs to another input.
    Fatal(anyhow::Error),
    /// The inputs have ended.
    End,
}

impl HasDocument for Item {
    fn document(&self) -> Option<&Document> {
        match &self.content {
            Content::Document(document) => Some(document),
            _ => None,
        }
    }

    fn document_mut(&mut self) -> Option<&mut Document> {
        match &mut self.content {
            Content::Document(document) => Some(document),
            _ => None,
        }
    }
}

/// The items of some inputs.
pub(crate) struct Items {
    documents: Documents,
    done: Done,
    n_taken: usize,
    has_ended: bool,
    languages: Option<Languages>,
}

impl Items {
    /// The documents that are not `done` yet; starts the progress bar.
    pub(crate) fn new(documents: Documents, done: Done, progress: &Progress) -> Self {
        progress.start(documents.progress().total);
        Self { documents, done, n_taken: 0, has_ended: false, languages: None }
    }

    /// The same, with a look at the language of each document.
    pub(crate) fn languages(self, languages: Option<Languages>) -> Self {
        Self { languages, ..self }
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
            match self.documents.next() {
                Some(Ok(document)) => match self.done.has(&document) {
                    Ok(true) => n_skipped += 1,
                    Ok(false) if self.languages.as_mut().is_some_and(|languages| !languages.keep(&document)) => {}
                    Ok(false) => break Content::Document(document),
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
            notices.extend(self.languages.as_mut().and_then(Languages::notice));
        }
        Some(Item { nth, content, notices, n_skipped, bytes_read })
    }
}

/// A stream of the items as they are.
pub(crate) fn unchanged(items: Items, pool: &Pool) -> Stream<Item> {
    Stream::new(pool, items, |items: &mut [Item]| items.iter().map(|_| Ok(0)).collect())
}

/// Reads all documents and passes them to `take`, in order.
pub(crate) fn collect(
    items: Items,
    pool: &Pool,
    on_error: OnError,
    progress: &mut Progress,
    mut take: impl FnMut(Document),
) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut n = 0;
    let mut stream = unchanged(items, pool);
    while let Some(item) = stream.next() {
        let (Ok(item) | Err(Failed { item, .. })) = item;
        item.notices.iter().for_each(|notice| progress.note(&notice.to_string()));
        match item.content {
            Content::Document(document) => {
                n += 1;
                take(document);
            }
            Content::Unread(error) if on_error == OnError::Stop => return Err(error.into()),
            Content::Unread(error) => {
                outcome = Outcome::SomeFailed;
                progress.failed(&format!("error: {}", chain(&error)));
            }
            Content::Fatal(error) => return Err(error),
            Content::End => {}
        }
        if stream.buffered() == 0 {
            progress.seen(n, item.bytes_read);
        }
    }
    Ok(outcome)
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
    while let Some(result) = stream.next() {
        let (item, failure) = match result {
            Ok(item) => (item, None),
            // In the second pass every document of the first must be there.
            Err(Failed { error, .. }) if reading == Reading::Again => return Err(error.into()),
            Err(Failed { item, error }) => (item, Some(chain(&error))),
        };
        if reading != Reading::Again {
            item.notices.iter().for_each(|notice| progress.note(&notice.to_string()));
        }
        progress.skipped(item.n_skipped);
        let failure = match (item.content, failure) {
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
                    progress.failed(&format!("error: document {:?}: {}", document.id, chain(&error)));
                    None
                }
            },
            (Content::Unread(_), _) if reading == Reading::Again => None,
            (Content::Unread(error), _) => Some(chain(&error)),
            (Content::Fatal(error), _) => return Err(error),
            (Content::End, _) => None,
        };
        if let Some(failure) = failure {
            outcome = Outcome::SomeFailed;
            progress.failed(&format!("error: {failure}"));
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
    match sink.finish() {
        Err(error) if is_closed(&error) => return Ok(Ended::Closed(outcome)),
        notices => notices?.iter().for_each(|notice| progress.note(&notice.to_string())),
    }
    Ok(if is_stopped { Ended::Stopped } else { Ended::Whole(outcome) })
}
