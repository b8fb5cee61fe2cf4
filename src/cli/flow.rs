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
    let mut closed = false;
    'chunks: for chunk in receive {
        for notice in &chunk.notices {
            progress.note(&notice.to_string());
        }
        let mut ready = Vec::with_capacity(chunk.documents.len());
        let mut stop = false;
        for document in chunk.documents {
            match document {
                Ok(document) if done.has(&document)? => progress.skipped(),
                Ok(document) => ready.push(document),
                Err(error) => {
                    outcome = Outcome::SomeFailed;
                    progress.failed(&format!("error: {}", chain(&error)));
                    if on_error == OnError::Stop {
                        stop = true;
                        break;
                    }
                }
            }
        }
        let words = work(&mut ready)?;
        for document in &ready {
            match sink.write(document) {
                Ok(()) => {}
                Err(error) if error.io_kind() == Some(ErrorKind::BrokenPipe) => {
                    closed = true;
                    break 'chunks;
                }
                Err(error @ io::Error::Write { .. }) => return Err(error.into()),
                Err(error) => {
                    outcome = Outcome::SomeFailed;
                    progress.failed(&format!("error: document {:?}: {}", document.id, chain(&error)));
                }
            }
        }
        if let Err(error) = sink.flush() {
            if error.io_kind() != Some(ErrorKind::BrokenPipe) {
                return Err(error.into());
            }
            closed = true;
            break;
        }
        progress.advance(&ready, words, chunk.bytes_read);
        if stop {
            break;
        }
    }
    if !closed {
        // The reading thread ends with the channel, but it may still wait for input that nobody needs when we stopped early.
        if outcome == Outcome::Done {
            reader.join().expect("the reading thread does not panic");
            done.finish()?;
        }
        match sink.finish() {
            Ok(notices) => notices.iter().for_each(|notice| progress.note(&notice.to_string())),
            Err(error) if error.io_kind() == Some(ErrorKind::BrokenPipe) => {}
            Err(error) => return Err(error.into()),
        }
        progress.finish();
    }
    Ok(outcome)
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
