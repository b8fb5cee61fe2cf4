//! The journal: every step, one a line.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
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
pub(super) struct Entry {
    /// The number of the line, from 1.
    pub(super) step: u64,
    /// When, in UTC (RFC 3339).
    pub(super) time: String,
    pub(super) key: Key,
    pub(super) noted: Noted,
}

/// What a line is about.
#[derive(Clone, Debug)]
pub(super) enum Noted {
    /// How a document was before its first step. With it the journal needs neither the input nor the model.
    Start(Start),
    /// A step, with places in code points.
    Step(Op<Place>),
}

/// How a document was before its first step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Start {
    /// Who made its mentions.
    pub(super) by: By,
    /// Whether its mentions have entities.
    pub(super) linking: Linking,
    pub(super) document: Box<Document>,
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
    pub(super) fn seconds(&self) -> Option<f64> {
        let time = humantime::parse_rfc3339(&self.time).ok()?;
        time.duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| since.as_secs_f64())
    }
}

/// A journal that is written to. Nobody else may write meanwhile.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    annotator: String,
    /// The bytes that are whole lines.
    len: u64,
    steps: u64,
}

/// What a journal had when it was opened.
#[derive(Debug, Default)]
pub(super) struct Replay {
    pub(super) entries: Vec<Entry>,
    /// A last line that was not whole: its number, and how it began.
    pub(super) torn: Option<(u64, String)>,
    /// The bytes of whole lines.
    len: u64,
}

impl Journal {
    /// Opens a journal, or begins one. A last line that is not whole is cut off: nobody was told that its step was made.
    pub(super) fn open(path: &Path, annotator: &str) -> Result<(Self, Replay), Error> {
        let fail = |source| Error::Journal { path: path.display().to_string(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(fail)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Busy { path: path.display().to_string(), annotator: annotator.to_owned() });
            }
            // Some file systems have no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(fail)?;
        let replay = parse(&bytes, path)?;
        if replay.torn.is_some() {
            file.set_len(replay.len).and_then(|()| file.sync_all()).map_err(fail)?;
        }
        let (len, steps) = (replay.len, replay.entries.len() as u64);
        Ok((Self { file, path: path.to_owned(), annotator: annotator.to_owned(), len, steps }, replay))
    }

    /// Reads the journal of another annotator, who may be writing to it.
    pub(super) fn read(path: &Path) -> Result<Replay, Error> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::Journal { path: path.display().to_string(), source })?;
        parse(&bytes, path)
    }

    /// Writes lines, and waits until they are on the disk.
    pub(super) fn write(&mut self, noted: Vec<(Key, Noted)>) -> io::Result<()> {
        let time = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
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
        let written = self
            .file
            .seek(SeekFrom::Start(self.len))
            .and_then(|_| self.file.write_all(&lines))
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.len += lines.len() as u64;
                self.steps += n;
                Ok(())
            }
            Err(error) => {
                // What was written in part is not a step. Where this fails too, the next opening cuts it off.
                let _ = self.file.set_len(self.len);
                Err(error)
            }
        }
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn parse(bytes: &[u8], path: &Path) -> Result<Replay, Error> {
    let mut replay = Replay::default();
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
                return Err(Error::Line { path: path.display().to_string(), line: number, expected, found });
            }
            // Of a line that ends, every byte was written, unless the system crashed before its blocks were.
            Err(error) if !is_last => {
                let (expected, found) = ("a step".to_owned(), error);
                return Err(Error::Line { path: path.display().to_string(), line: number, expected, found });
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

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(id: &str) -> (Key, Noted) {
        (Key { id: id.to_owned(), nth: 1 }, Noted::Step(Op::Accept { mention: 1 }))
    }

    #[test]
    fn a_torn_line_is_cut_off_and_a_broken_one_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.jsonl");
        let (mut journal, replay) = Journal::open(&path, "anna").expect("a new one");
        assert!(replay.entries.is_empty() && replay.torn.is_none());
        let mut start = Document::new("a", "Rain in Beirut");
        start.extra.insert("n".into(), 1.into());
        let key = Key { id: "a".into(), nth: 2 };
        let begun = Noted::Start(Start { document: Box::new(start.clone()), by: By::Model, linking: Linking::Off });
        journal.write(vec![(key.clone(), begun), noted("a")]).expect("written");
        assert!(matches!(Journal::open(&path, "anna"), Err(Error::Busy { .. })));
        drop(journal);
        let whole = std::fs::read(&path).expect("it is there");
        for cut in 1..40 {
            std::fs::write(&path, &whole[..whole.len() - cut]).expect("written");
            let (mut journal, replay) = Journal::open(&path, "anna").expect("it opens");
            assert_eq!((replay.entries.len(), replay.torn.as_ref().map(|torn| torn.0)), (1, Some(2)), "{cut}");
            assert!(matches!(&replay.entries[0].noted, Noted::Start(found) if *found.document == start));
            assert_eq!(replay.entries[0].key, key);
            journal.write(vec![noted("b")]).expect("written");
            drop(journal);
            let replay = Journal::read(&path).expect("it is whole again");
            assert_eq!((replay.entries.len(), replay.torn), (2, None));
            assert!(replay.entries[1].seconds().is_some_and(|seconds| seconds > 1e9));
        }
        let text = String::from_utf8(whole).expect("text");
        std::fs::write(&path, text.replacen("{\"step\":1", "{\"step\":", 1)).expect("written");
        let error = Journal::open(&path, "anna").expect_err("line 1 is broken").to_string();
        assert!(error.contains("journal.jsonl:1: expected a step, found"), "{error}");
        std::fs::write(&path, text.replacen("{\"step\":2", "{\"step\":3", 1)).expect("written");
        let error = Journal::open(&path, "anna").expect_err("a line is missing").to_string();
        assert!(error.contains("journal.jsonl:2: expected step 2, found step 3"), "{error}");
    }
}
