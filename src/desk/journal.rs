//! The journal: every step, one a line.

use std::fmt;
use std::io;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::edit::Linking;
use super::error::Error;
use super::key::Key;
use super::op::Op;
use super::place::Place;
use super::state::By;
use crate::text::Document;

/// A line of the journal.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The number of the line, from 1.
    pub(crate) step: u64,
    /// When, in UTC (RFC 3339).
    pub(crate) time: String,
    pub(crate) key: Key,
    pub(crate) noted: Noted,
}

/// What a line is about.
#[derive(Clone, Debug)]
pub(crate) enum Noted {
    /// How a document was before its first step. With it the journal needs neither the input nor the model.
    Start(Start),
    /// A step, with places in code points.
    Step(Op<Place>),
}

/// How a document was before its first step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    /// Who made its mentions.
    pub(crate) by: By,
    /// Whether its mentions have entities.
    pub(crate) linking: Linking,
    pub(crate) document: Box<Document>,
}

/// A line as it is written: it has either `op` or `start`.
#[derive(Serialize, Deserialize)]
struct Line {
    step: u64,
    time: String,
    annotator: String,
    #[serde(flatten)]
    key: Key,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<Op<Place>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<Start>,
}

impl Line {
    fn entry(self) -> Result<Entry, String> {
        let Self { step, time, key, op, start, .. } = self;
        let noted = match (op, start) {
            (Some(op), None) => Noted::Step(op),
            (None, Some(start)) => Noted::Start(start),
            (Some(_), Some(_)) => return Err("both op and start".to_owned()),
            (None, None) => return Err("neither op nor start".to_owned()),
        };
        Ok(Entry { step, time, key, noted })
    }
}

impl Entry {
    /// When it was, in seconds since 1970.
    pub(crate) fn seconds(&self) -> Option<f64> {
        let time = humantime::parse_rfc3339(&self.time).ok()?;
        time.duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| since.as_secs_f64())
    }
}

/// Where the lines of a journal are kept: a file, or the memory of a page.
pub(crate) trait Keep: fmt::Debug + Send + Sync {
    /// Adds whole lines, all or none, and returns when they are safe.
    fn add(&mut self, lines: &[u8]) -> io::Result<()>;
}

/// A journal that is written to.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: Box<dyn Keep>,
    /// What messages call it.
    name: String,
    annotator: String,
    clock: fn() -> SystemTime,
    steps: u64,
}

/// What a journal had when it was opened.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    pub(crate) entries: Vec<Entry>,
    /// A last line that was not whole: its number, and how it began.
    pub(crate) torn: Option<(u64, String)>,
    /// The bytes of whole lines.
    pub(crate) len: u64,
}

impl Journal {
    /// A journal that goes on after what was read of it. A last line that was not whole is not there any more.
    pub(crate) fn new(
        kept: Box<dyn Keep>,
        name: String,
        annotator: &str,
        replay: &Replay,
        clock: fn() -> SystemTime,
    ) -> Self {
        Self { kept, name, annotator: annotator.to_owned(), clock, steps: replay.entries.len() as u64 }
    }

    /// Writes lines, and waits until they are safe.
    pub(crate) fn write(&mut self, noted: Vec<(Key, Noted)>) -> io::Result<()> {
        let time = humantime::format_rfc3339_millis(self.now()).to_string();
        let mut lines = Vec::new();
        let n = noted.len() as u64;
        for (nth, (key, noted)) in noted.into_iter().enumerate() {
            let step = self.steps + nth as u64 + 1;
            let (op, start) = match noted {
                Noted::Step(op) => (Some(op), None),
                Noted::Start(start) => (None, Some(start)),
            };
            let line = Line { step, time: time.clone(), annotator: self.annotator.clone(), key, op, start };
            serde_json::to_writer(&mut lines, &line)?;
            lines.push(b'\n');
        }
        self.kept.add(&lines)?;
        self.steps += n;
        Ok(())
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }
}

impl Replay {
    /// Reads the lines of a journal, which messages call `name`.
    pub(crate) fn read(bytes: &[u8], name: &str) -> Result<Self, Error> {
        let mut replay = Self::default();
        let mut rest = bytes;
        while !rest.is_empty() {
            let number = replay.entries.len() as u64 + 1;
            let (line, is_whole) = match rest.iter().position(|&byte| byte == b'\n') {
                Some(end) => (&rest[..end], true),
                None => (rest, false),
            };
            let is_last = !is_whole || line.len() + 1 == rest.len();
            let read = serde_json::from_slice::<Line>(line).map_err(|error| error.to_string()).and_then(Line::entry);
            match read {
                Ok(entry) if is_whole && entry.step == number => replay.entries.push(entry),
                Ok(entry) if is_whole => {
                    let found = format!("step {}", entry.step);
                    let expected = format!("step {number}");
                    return Err(Error::Line { path: name.to_owned(), line: number, expected, found });
                }
                // Of a line that ends, every byte was written, unless the system crashed before its blocks were.
                Err(error) if !is_last => {
                    let (expected, found) = ("a step".to_owned(), error);
                    return Err(Error::Line { path: name.to_owned(), line: number, expected, found });
                }
                Ok(_) | Err(_) => {
                    let begin: String = String::from_utf8_lossy(line).chars().take(60).collect();
                    replay.torn = Some((number, begin));
                    break;
                }
            }
            let len = line.len() + 1;
            replay.len += len as u64;
            rest = &rest[len..];
        }
        Ok(replay)
    }
}
