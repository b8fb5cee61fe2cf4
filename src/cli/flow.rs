//! How do documents get from the inputs to the output?
//!
//! A thread of its own reads ahead, one chunk at most; the chunk is worked on as a whole and written in order. Memory is bounded by
//! three chunks, whatever the corpus.

use std::io::{ErrorKind, IsTerminal};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result, bail};

use super::args::{Input, OnError};
use super::output::Sink;
use super::progress::Progress;
use super::resume::Done;
use super::{Outcome, chain};
use crate::io::{self, Documents, Notice};
use crate::text::Document;

/// A chunk is full when its texts hold so many bytes for each thread, or when it has so many documents.
const CHUNK_BYTES: usize = 1 << 16;
const CHUNK_DOCUMENTS: usize = 1024;

/// What the reading thread hands over.
#[derive(Default)]
struct Chunk {
    documents: Vec<Result<Document, io::Error>>,
    notices: Vec<Notice>,
    bytes_read: u64,
}

/// Opens the inputs of a command.
pub(crate) fn open(input: &Input) -> Result<Documents> {
    let mut inputs = input.inputs.clone();
    if inputs.is_empty() {
        if std::io::stdin().is_terminal() {
            bail!("expected an INPUT: a file, a folder, a pattern, or text on the standard input (see --help)");
        }
        inputs.push("-".to_owned());
    }
    Documents::open(&inputs, &input.options()).context("cannot open the input")
}

/// Reads all documents, lets `work` change them chunk by chunk, and writes them. `work` returns how many words it saw.
pub(crate) fn run(
    documents: Documents,
    on_error: OnError,
    mut sink: Sink,
    mut done: Done,
    mut progress: Progress,
    mut work: impl FnMut(&mut [Document]) -> Result<usize>,
) -> Result<Outcome> {
    let (send, receive) = sync_channel::<Chunk>(1);
    let total = documents.progress().total;
    progress.start(total);
    let chunk_bytes = CHUNK_BYTES * rayon::current_num_threads();
    let reader = thread::spawn(move || read(documents, chunk_bytes, &send));
    let mut outcome = Outcome::Done;
    let mut end = End::OfInput;
    'chunks: for chunk in receive {
        chunk.notices.iter().for_each(|notice| progress.note(&notice.to_string()));
        let mut ready = Vec::with_capacity(chunk.documents.len());
        for document in chunk.documents {
            match document {
                Ok(document) if done.has(&document)? => progress.skipped(),
                Ok(document) => ready.push(document),
                Err(error) => {
                    outcome = Outcome::SomeFailed;
                    progress.failed(&format!("error: {}", chain(&error)));
                    if on_error == OnError::Stop {
                        end = End::OnError;
                        break;
                    }
                }
            }
        }
        let words = work(&mut ready)?;
        for document in &ready {
            match sink.write(document) {
                Ok(()) => {}
                Err(error @ io::Error::Write { .. }) if is_closed(&error) => {
                    end = End::Closed;
                    break 'chunks;
                }
                Err(error @ io::Error::Write { .. }) => return Err(error.into()),
                Err(error) => {
                    outcome = Outcome::SomeFailed;
                    progress.failed(&format!("error: document {:?}: {}", document.id, chain(&error)));
                }
            }
        }
        match sink.flush() {
            Err(error) if is_closed(&error) => end = End::Closed,
            other => other?,
        }
        progress.advance(&ready, words, chunk.bytes_read);
        if end != End::OfInput {
            break;
        }
    }
    match end {
        // Nobody listens any more.
        End::Closed => return Ok(outcome),
        // The reading thread may wait for input that nobody needs; it ends with the program.
        End::OnError => {}
        End::OfInput => {
            reader.join().expect("the reading thread does not panic");
            done.finish()?;
        }
    }
    match sink.finish() {
        Err(error) if is_closed(&error) => {}
        notices => notices?.iter().for_each(|notice| progress.note(&notice.to_string())),
    }
    progress.finish();
    Ok(outcome)
}

/// Why no more chunks are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    OfInput,
    OnError,
    Closed,
}

/// Whether the reader of our output has gone, which is no error.
fn is_closed(error: &io::Error) -> bool {
    error.io_kind() == Some(ErrorKind::BrokenPipe)
}

/// Fills chunk after chunk until the inputs end or nobody takes them any more.
fn read(mut documents: Documents, chunk_bytes: usize, send: &SyncSender<Chunk>) {
    loop {
        let mut chunk = Chunk::default();
        let mut bytes = 0;
        let mut ended = false;
        while bytes < chunk_bytes && chunk.documents.len() < CHUNK_DOCUMENTS {
            let Some(document) = documents.next() else {
                ended = true;
                break;
            };
            bytes += document.as_ref().map_or(0, |document| document.text.len());
            chunk.documents.push(document);
        }
        chunk.notices = documents.take_notices();
        chunk.bytes_read = documents.progress().read;
        if send.send(chunk).is_err() || ended {
            return;
        }
    }
}
