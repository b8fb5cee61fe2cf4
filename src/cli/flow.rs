//! How do documents get from the inputs to the output?
//!
//! A thread of its own reads ahead, one chunk at most. Two chunks are worked on at a time, so that threads that one has no more work for
//! go on with the other; meanwhile the chunk before them is written. Memory is bounded by five chunks, whatever the corpus.

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};

use super::args::{Input, OnError, Output};
use super::output::{Sink, is_closed};
use super::progress::Progress;
use super::resume::Done;
use super::{Outcome, chain};
use crate::io::{self, Documents, Notice};
use crate::text::Document;

/// A chunk is full when its texts hold so many bytes for each thread, or when it has so many documents.
const CHUNK_BYTES: usize = 1 << 16;
const CHUNK_DOCUMENTS: usize = 1024;

/// How many chunks are worked on at a time.
const IN_WORK: usize = 2;

/// What the reading thread hands over.
#[derive(Default)]
struct Chunk {
    documents: Vec<Result<Document, io::Error>>,
    notices: Vec<Notice>,
    bytes_read: u64,
}

/// How the documents of a run are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// For the first time.
    First(OnError),
    /// Once more: what cannot be read, and what is to be known, was told before.
    Again,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All documents were read.
    Whole(Outcome),
    /// It stopped at a document that failed, as was asked for.
    Stopped,
    /// The reader of the output has gone, which is no error.
    Closed(Outcome),
}

impl Ended {
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::Whole(outcome) | Self::Closed(outcome) => outcome,
            Self::Stopped => Outcome::SomeFailed,
        }
    }
}

/// The inputs of a command; the standard input where none is named.
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

/// What is wrong with an output that would destroy the input.
pub(crate) fn is_input(path: &Path) -> String {
    format!("expected an output that is no input, found {}, which is read too", path.display())
}

/// Reads all documents and hands them to `take` in their order; returns whether all could be read.
pub(crate) fn collect(
    documents: Documents,
    on_error: OnError,
    progress: &mut Progress,
    mut take: impl FnMut(Document),
) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut n = 0;
    progress.start(documents.progress().total);
    for chunk in chunks(documents) {
        chunk.notices.iter().for_each(|notice| progress.note(&notice.to_string()));
        for document in chunk.documents {
            match document {
                Ok(document) => {
                    n += 1;
                    take(document);
                }
                Err(error) if on_error == OnError::Stop => return Err(error.into()),
                Err(error) => {
                    outcome = Outcome::SomeFailed;
                    progress.failed(&format!("error: {}", chain(&error)));
                }
            }
        }
        progress.seen(n, chunk.bytes_read);
    }
    Ok(outcome)
}

/// Reads all documents, lets `work` change them chunk by chunk, and writes them.
///
/// `work` gets the number of the first document of the chunk, counted from 0 over those that it is given, and returns how many words it
/// saw. It runs in the thread pool, on two chunks at a time.
pub(crate) fn run(
    documents: Documents,
    reading: Reading,
    sink: Sink,
    done: Done,
    progress: &mut Progress,
    work: impl Fn(usize, &mut [Document]) -> Result<usize> + Sync,
) -> Result<Ended> {
    progress.start(documents.progress().total);
    let mut run = Run { reading, sink, done, progress, outcome: Outcome::Done, end: End::OfInput, n_taken: 0 };
    rayon::in_place_scope(|scope| {
        let mut chunks = chunks(documents);
        let mut in_work: VecDeque<Receiver<Worked>> = VecDeque::with_capacity(IN_WORK);
        let work = &work;
        loop {
            while run.end == End::OfInput && in_work.len() < IN_WORK {
                // What is done is not to wait for input that is still to come.
                let next = if in_work.is_empty() { chunks.next() } else { chunks.ready() };
                let Some(chunk) = next else { break };
                let first = run.n_taken;
                let (mut documents, bytes_read) = (run.take(chunk.documents, &chunk.notices)?, chunk.bytes_read);
                let (send, receive) = sync_channel(1);
                scope.spawn(move |_| {
                    let words = work(first, &mut documents);
                    // Nobody takes it where another chunk has failed before.
                    let _ = send.send(Worked { documents, words, bytes_read });
                });
                in_work.push_back(receive);
            }
            let Some(oldest) = in_work.pop_front() else { break };
            // Only a worker that broke off sends nothing; the scope then passes on why.
            let Ok(worked) = oldest.recv() else { break };
            run.write(worked)?;
            if run.end == End::Closed {
                break;
            }
        }
        anyhow::Ok(())
    })?;
    run.finish()
}

/// A chunk that was worked on.
struct Worked {
    documents: Vec<Document>,
    words: Result<usize>,
    bytes_read: u64,
}

/// A run on its way.
struct Run<'a> {
    reading: Reading,
    sink: Sink,
    done: Done,
    progress: &'a mut Progress,
    outcome: Outcome,
    end: End,
    n_taken: usize,
}

impl Run<'_> {
    /// The documents of a chunk that are there to be worked on.
    fn take(&mut self, documents: Vec<Result<Document, io::Error>>, notices: &[Notice]) -> Result<Vec<Document>> {
        if self.reading != Reading::Again {
            notices.iter().for_each(|notice| self.progress.note(&notice.to_string()));
        }
        let mut ready = Vec::with_capacity(documents.len());
        for document in documents {
            match document {
                Ok(document) if self.done.has(&document)? => self.progress.skipped(),
                Ok(document) => ready.push(document),
                Err(_) if self.reading == Reading::Again => {}
                Err(error) => {
                    self.outcome = Outcome::SomeFailed;
                    self.progress.failed(&format!("error: {}", chain(&error)));
                    if self.reading == Reading::First(OnError::Stop) {
                        self.end = End::OnError;
                        break;
                    }
                }
            }
        }
        self.n_taken += ready.len();
        Ok(ready)
    }

    fn write(&mut self, Worked { documents, words, bytes_read }: Worked) -> Result<()> {
        let words = words?;
        for document in &documents {
            match self.sink.write(document) {
                Ok(()) => {}
                Err(error @ io::Error::Write { .. }) if is_closed(&error) => {
                    self.end = End::Closed;
                    return Ok(());
                }
                Err(error @ io::Error::Write { .. }) => return Err(error.into()),
                Err(error) => {
                    self.outcome = Outcome::SomeFailed;
                    self.progress.failed(&format!("error: document {:?}: {}", document.id, chain(&error)));
                }
            }
        }
        match self.sink.flush() {
            Err(error) if is_closed(&error) => self.end = End::Closed,
            other => other?,
        }
        self.progress.advance(&documents, words, bytes_read);
        Ok(())
    }

    fn finish(self) -> Result<Ended> {
        match self.end {
            // Nobody listens any more.
            End::Closed => return Ok(Ended::Closed(self.outcome)),
            End::OnError => {}
            End::OfInput => self.done.finish()?,
        }
        match self.sink.finish() {
            Err(error) if is_closed(&error) => return Ok(Ended::Closed(self.outcome)),
            notices => notices?.iter().for_each(|notice| self.progress.note(&notice.to_string())),
        }
        Ok(if self.end == End::OnError { Ended::Stopped } else { Ended::Whole(self.outcome) })
    }
}

/// Why no more chunks are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    OfInput,
    OnError,
    Closed,
}

/// Reads the documents in a thread of its own. Where nobody takes them any more it may wait for input that nobody needs; it ends
/// with the program.
fn chunks(documents: Documents) -> Chunks {
    let (send, receive) = sync_channel::<Chunk>(1);
    let chunk_bytes = CHUNK_BYTES * rayon::current_num_threads();
    let reader = thread::spawn(move || read(documents, chunk_bytes, &send));
    Chunks { receive, reader: Some(reader) }
}

struct Chunks {
    receive: Receiver<Chunk>,
    reader: Option<JoinHandle<()>>,
}

impl Chunks {
    /// The next chunk, where it has been read already.
    fn ready(&self) -> Option<Chunk> {
        self.receive.try_recv().ok()
    }
}

impl Iterator for Chunks {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        self.receive.recv().ok().or_else(|| {
            // A reader that broke off must not look like the end of the input.
            self.reader.take()?.join().expect("the reading thread does not panic");
            None
        })
    }
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
