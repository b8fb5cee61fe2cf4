//! The documents that an interrupted run has finished.
//!
//! Every line of the output is compared with the inputs before the first one is added: a file of another run, or of another program,
//! stays as it is to the last byte.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::io::{self, jsonl, open_locked, part_of};
use crate::text::{Document, OffsetUnit};

/// Documents that failed in the run before, and wait until all of its lines are known.
const MOST_WAITING: usize = 10_000;
/// Documents that are tagged again and compared, where nothing tells how the output was begun: the first few, and then one in so many.
const FIRST: u64 = 8;
const ONE_IN: u64 = 64;
/// What the lines of ours begin with.
const BEGINNING: &[u8] = b"{\"id\":";

/// The documents already in the output, in the order of the output.
pub(crate) struct Done(Option<Found>);

struct Found {
    path: PathBuf,
    lines: std::io::Take<BufReader<File>>,
    line: u64,
    next: Option<Line>,
    /// Documents of the input that are not in the output as far as it was read.
    waiting: VecDeque<Document>,
    unit: OffsetUnit,
    trust: Trust,
    /// The beginning of a last line that is not whole.
    torn: Vec<u8>,
}

/// What is known about the run that began the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It had the same options.
    Same,
    /// Nothing is known.
    Unknown,
}

/// A line of the output.
struct Line {
    text: String,
    id: String,
    /// The text of its document, if the line has it.
    content: Option<String>,
}

#[derive(Deserialize)]
struct Record<'l> {
    #[serde(borrow)]
    id: &'l RawValue,
    text: Option<String>,
    offsets: Option<String>,
    mentions: Option<Vec<IgnoredAny>>,
}

/// What a document of the input is to the output.
pub(crate) enum Fate {
    /// It is to be tagged and written.
    New(Box<Document>),
    /// It is there.
    Done,
    /// It is there, as this line; tagged again it must give the same.
    Check(Box<Document>, String),
    /// It is not where the output goes on: it may be further down, as [`Done::wait`] finds out, or it was left out.
    Missing(Box<Document>),
}

/// The end of the output of an earlier run: a line that is not whole is cut off, once it is sure that the file is ours.
pub(crate) struct Tail {
    file: File,
    whole: u64,
    path: PathBuf,
}

impl Tail {
    pub(crate) fn cut(self) -> Result<(), io::Error> {
        let mut file = self.file;
        let cut = file.set_len(self.whole).and_then(|()| file.seek(SeekFrom::End(0)).map(|_| ()));
        cut.and_then(|()| file.flush())
            .map_err(|source| io::Error::Write { path: self.path.display().to_string(), source })
    }
}

/// Opens the output of an earlier run, or a new one, so that no other run can write it.
pub(crate) fn open(path: &Path) -> Result<File> {
    let part = part_of(path);
    let name = || format!("--resume: {}", path.display());
    // A run without --resume leaves its output there when it is killed.
    if part.is_file() {
        drop(open_locked(&part).with_context(name)?);
        if !path.exists() {
            std::fs::rename(&part, path).with_context(name)?;
        }
    }
    if path.exists() && !path.is_file() {
        bail!("{}: expected a file, found something else", name());
    }
    open_locked(path).with_context(name)
}

impl Done {
    /// Whether there is nothing in the output.
    pub(crate) fn is_nothing(&self) -> bool {
        self.0.as_ref().is_none_or(|found| found.next.is_none() && found.torn.is_empty())
    }

    /// Nothing is done yet.
    pub(crate) fn nothing() -> Self {
        Self(None)
    }

    /// Reads an open output of an earlier run. Nothing is changed.
    pub(crate) fn read(file: &File, path: &Path, unit: OffsetUnit, trust: Trust) -> Result<(Self, Tail)> {
        let name = || format!("--resume: {}", path.display());
        let mut reading = File::open(path).with_context(name)?;
        let (whole, torn) = whole_lines(&reading).with_context(name)?;
        // Blocks that were never written are NUL after a crash.
        let begun = torn.iter().position(|byte| *byte == 0).map_or(&torn[..], |end| &torn[..end]);
        let n = begun.len().min(BEGINNING.len());
        let is_lost = begun.is_empty() && whole == 0 && trust == Trust::Unknown;
        if !torn.is_empty() && (begun[..n] != BEGINNING[..n] || is_lost) {
            bail!("{}: expected lines that allonym tag wrote, found another file", name());
        }
        let torn = begun.to_vec();
        reading.seek(SeekFrom::Start(0)).with_context(name)?;
        let lines = BufReader::new(reading).take(whole);
        let waiting = VecDeque::new();
        let mut found = Found { path: path.to_owned(), lines, line: 0, next: None, waiting, unit, trust, torn };
        found.advance()?;
        let tail = Tail { file: file.try_clone().with_context(name)?, whole, path: path.to_owned() };
        Ok((Self(Some(found)), tail))
    }

    /// What is to be done with the next document of the input.
    pub(crate) fn sort(&mut self, document: Document) -> Result<Fate> {
        let Some(found) = &mut self.0 else { return Ok(Fate::New(Box::new(document))) };
        match found.next.take() {
            None => {
                found.check_torn(&document)?;
                Ok(Fate::New(Box::new(document)))
            }
            Some(line) if line.id == document.id => {
                found.check(&line, &document)?;
                let line = found.passed(line)?;
                Ok(line.map_or(Fate::Done, |line| Fate::Check(Box::new(document), line)))
            }
            Some(line) => {
                found.next = Some(line);
                Ok(Fate::Missing(Box::new(document)))
            }
        }
    }

    /// Keeps a document that is missing in the output until all that is there is known.
    ///
    /// # Errors
    /// When so many are missing that the output must be another input's.
    pub(crate) fn wait(&mut self, document: Document) -> Result<()> {
        let Some(found) = &mut self.0 else { return Ok(()) };
        found.waiting.push_back(document);
        if found.waiting.len() > MOST_WAITING { Err(found.of_another(None)) } else { Ok(()) }
    }

    /// A document that failed in the run before, once all that is done is known.
    pub(crate) fn waiting(&mut self) -> Option<Document> {
        self.0.as_mut().filter(|found| found.next.is_none())?.waiting.pop_front()
    }

    /// Checks, at the end of the input, that nothing is left of the output.
    pub(crate) fn finish(&self) -> Result<()> {
        match &self.0 {
            Some(found) if found.next.is_some() => Err(found.of_another(Some("as the input has ended"))),
            _ => Ok(()),
        }
    }
}

impl Found {
    fn place(&self) -> String {
        format!("--resume: {}:{}", self.path.display(), self.line)
    }

    fn of_another(&self, ended: Option<&str>) -> anyhow::Error {
        let id = self.next.as_ref().map_or("", |line| &line.id);
        let place = self.place();
        match (ended, self.waiting.front()) {
            (Some(why), None) => anyhow::anyhow!(
                "{place}: expected no more documents, {why}, found {id:?}: the output is of another input"
            ),
            (_, Some(first)) => anyhow::anyhow!(
                "{place}: expected document {:?} as in the input, found {id:?}: the output is of another input",
                first.id
            ),
            (None, None) => anyhow::anyhow!("{place}: expected the documents of the input, found {id:?}"),
        }
    }

    /// Whether a line is of this document, as it is now.
    fn check(&self, line: &Line, document: &Document) -> Result<()> {
        if line.content.as_ref().is_some_and(|content| *content != document.text) {
            bail!(
                "{}: expected the text of document {:?} as it is in the input, found another: one of them was changed since",
                self.place(),
                document.id
            );
        }
        Ok(())
    }

    /// Goes on to the next line; returns the text of this one if its document is to be tagged again.
    fn passed(&mut self, line: Line) -> Result<Option<String>> {
        let nth = self.line;
        self.advance()?;
        // A document that failed before, and was mended, was written after those that follow it in the input.
        while let Some(next) = self.next.take() {
            let Some(at) = self.waiting.iter().position(|document| document.id == next.id) else {
                self.next = Some(next);
                break;
            };
            self.check(&next, &self.waiting[at])?;
            self.waiting.remove(at);
            self.advance()?;
        }
        let again = self.trust == Trust::Unknown && (nth <= FIRST || nth.is_multiple_of(ONE_IN));
        Ok((again && line.content.is_some()).then_some(line.text))
    }

    /// Of an output without one whole line only the beginning of the first one tells whose it is.
    fn check_torn(&mut self, document: &Document) -> Result<()> {
        let torn = std::mem::take(&mut self.torn);
        if self.line > 1 || self.trust == Trust::Same {
            return Ok(());
        }
        let line = jsonl::to_string(document).unwrap_or_default();
        let known = line.find("\"offsets\":").unwrap_or(line.len()).min(torn.len());
        if line.as_bytes()[..known] != torn[..known] {
            bail!("{}: expected the beginning of document {:?}, found another file", self.place(), document.id);
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<()> {
        let mut text = String::new();
        let n = self.lines.read_line(&mut text).with_context(|| self.place())?;
        self.line += 1;
        if n == 0 {
            return Ok(());
        }
        let record: Record<'_> =
            serde_json::from_str(&text).with_context(|| format!("{}: expected a tagged document", self.place()))?;
        if record.text.is_some() && record.mentions.is_none() {
            bail!("{}: expected a tagged document, found one without mentions", self.place());
        }
        if let Some(offsets) = record.offsets.filter(|offsets| offsets != self.unit.as_str()) {
            bail!("{}: expected --offsets {offsets} as the run began, found {}", self.place(), self.unit);
        }
        let id = match record.id.get() {
            raw if raw.starts_with('"') => serde_json::from_str(raw).with_context(|| self.place())?,
            raw => raw.to_owned(),
        };
        let content = record.text;
        self.next = Some(Line { text, id, content });
        Ok(())
    }
}

/// Whether a document that was tagged again is as it was. Scores may differ a little: another processor rounds otherwise.
pub(crate) fn is_as_before(line: &str, document: &Document) -> bool {
    let Ok(now) = jsonl::to_string(document) else { return false };
    // Other fields may hold numbers that only a string can.
    let parse = |line: &str| serde_json::from_str::<Tagged>(line).ok();
    match (parse(line), parse(&now)) {
        (Some(before), Some(now)) => is_like(&before.mentions, &now.mentions),
        _ => false,
    }
}

#[derive(Deserialize)]
struct Tagged {
    mentions: serde_json::Value,
}

fn is_like(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value;
    const ROUNDING: f64 = 0.05;
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let (Value::Array(a), Value::Array(b)) = (a, b) else { return false };
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| {
            let same = ["text", "label", "entity"].iter().all(|name| a.get(name) == b.get(name));
            let close = match (number(a.get("score")), number(b.get("score"))) {
                (Some(a), Some(b)) => (a - b).abs() <= ROUNDING,
                (a, b) => a == b,
            };
            same && close
        })
}

/// The length of the file up to and including its last line end, and the first bytes behind it.
fn whole_lines(file: &File) -> std::io::Result<(u64, Vec<u8>)> {
    const SEEN: usize = 4096;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let (mut at, mut whole) = (0, 0);
    let mut torn = Vec::new();
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok((whole, torn));
        }
        let mut rest = bytes;
        if let Some(last) = bytes.iter().rposition(|&byte| byte == b'\n') {
            whole = at + last as u64 + 1;
            torn.clear();
            rest = &bytes[last + 1..];
        }
        torn.extend_from_slice(&rest[..rest.len().min(SEEN - torn.len())]);
        let n = bytes.len();
        at += n as u64;
        reader.consume(n);
    }
}
