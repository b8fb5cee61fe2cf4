//! Reads a text file and its annotation file as one document.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::file_name::document_id;
use super::normalisation::{Normalisation, set_entities};
use super::pairs::{existing, with_suffix};
use super::standoff::{ID, LINES, one_line};
use crate::io::compress::open_file;
use crate::io::error::clip;
use crate::io::lines::Lines;
use crate::io::plain::read_text;
use crate::io::reader::{DocumentReader, Input};
use crate::io::{Error, Notice};
use crate::text::{Document, Label, Mention, OffsetUnit, Offsets, Span};

/// Reads one document from two files.
pub(crate) struct BratReader(Option<(Input, PathBuf)>);

impl BratReader {
    /// `path` is the text file or the annotation file, and `input` is open on it.
    pub(crate) fn new(input: Input, path: &Path) -> Self {
        Self(Some((input, path.to_owned())))
    }
}

impl DocumentReader for BratReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let (input, path) = self.0.take()?;
        Some(read(input, &path, notices))
    }
}

fn read(mut input: Input, path: &Path, notices: &mut Vec<Notice>) -> Result<Document, Error> {
    let stem = input.id.strip_suffix(".txt").or_else(|| input.id.strip_suffix(".ann")).unwrap_or(&input.id);
    let id = document_id(stem);
    let open = |path: &Path| {
        let place = path.display().to_string();
        let reader = open_file(path).map_err(|source| Error::read(&place, source))?;
        Ok((place, reader))
    };
    let (text, annotations) = match with_suffix(path, ".ann") {
        Some(stem) => {
            let text_path = stem.with_added_extension("txt");
            let found = existing(&text_path).ok_or_else(|| Error::Missing { path: text_path.display().to_string() })?;
            let (place, reader) = open(&found)?;
            let text = read_text(&mut Input { place, id: String::new(), reader })?;
            (text, Some((input.place, input.reader)))
        }
        None => {
            let stem = with_suffix(path, ".txt").unwrap_or_else(|| path.to_owned());
            let annotations = existing(&stem.with_added_extension("ann")).map(|found| open(&found)).transpose()?;
            (read_text(&mut input)?, annotations)
        }
    };
    let mut document = Document::new(id, text);
    if let Some((place, reader)) = annotations {
        annotate(&mut document, &place, Lines::new(reader), notices)?;
    }
    Ok(document)
}

fn annotate(document: &mut Document, place: &str, mut lines: Lines, notices: &mut Vec<Notice>) -> Result<(), Error> {
    let offsets = Offsets::new(&document.text, OffsetUnit::Char);
    let mut others: Vec<String> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let mut discontinuous = 0;
    while let Some(line) = lines.next().map_err(|source| Error::read(place, source))? {
        let row = Row { text: line.text(place)?, place, number: line.number };
        if row.text.trim().is_empty() {
            continue;
        }
        match row.text_bound()? {
            None => others.push(row.text.to_owned()),
            Some(text_bound) => match row.mention(&text_bound, &document.text, &offsets)? {
                Some(mention) => {
                    document.mentions.push(mention);
                    ids.push(text_bound.id.to_owned());
                }
                None => {
                    discontinuous += 1;
                    others.push(row.text.to_owned());
                }
            },
        }
    }
    if discontinuous > 0 {
        notices.push(Notice::Discontinuous { path: place.to_owned(), count: discontinuous });
    }
    if !others.is_empty() {
        let normalisations: Vec<Normalisation<'_>> =
            others.iter().filter_map(|line| Normalisation::parse(line)).collect();
        set_entities(document, &ids, &normalisations);
        for (mention, id) in document.mentions.iter_mut().zip(ids) {
            mention.extra.insert(ID.to_owned(), id.into());
        }
        document.extra.insert(LINES.to_owned(), Value::from(others));
    }
    Ok(())
}

/// A line of an annotation file.
struct Row<'l> {
    text: &'l str,
    place: &'l str,
    number: u64,
}

/// A text-bound annotation, taken apart: `T1`, `PER`, `0 10`, `Karin Holt`.
struct TextBound<'l> {
    id: &'l str,
    label: &'l str,
    /// The offsets; of several pieces with `;` between them.
    pieces: &'l str,
    surface: &'l str,
}

impl<'l> Row<'l> {
    fn malformed(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::malformed(self.place, self.number, expected, found)
    }

    /// `None` where the line is an annotation of another kind.
    fn text_bound(&self) -> Result<Option<TextBound<'l>>, Error> {
        let found = || format!("{:?}", clip(self.text));
        if !self.text.starts_with('T') {
            let is_known = self.text.starts_with(['R', 'E', 'A', 'M', 'N', '#', '*']);
            let expected = "an annotation that begins with one of T R E A M N # *";
            return if is_known { Ok(None) } else { Err(self.malformed(expected, found())) };
        }
        let mut columns = self.text.splitn(3, '\t');
        let text_bound = (|| {
            let (id, place, surface) = (columns.next()?, columns.next()?, columns.next()?);
            let (label, pieces) = place.split_once(' ').filter(|(label, _)| !label.is_empty())?;
            Some(TextBound { id, label, pieces, surface })
        })();
        let wrong = || self.malformed(EXPECTED, found());
        text_bound.ok_or_else(wrong).map(Some)
    }

    /// The mention; `None` where its pieces have other text between them, so that it is not one stretch of text.
    fn mention(&self, text_bound: &TextBound<'_>, text: &str, offsets: &Offsets<'_>) -> Result<Option<Mention>, Error> {
        let TextBound { label, pieces, surface, .. } = *text_bound;
        let mut whole: Option<(usize, Span, String)> = None;
        for piece in pieces.split(';') {
            let numbers = piece.split_once(' ').and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
            let range: (usize, usize) =
                numbers.ok_or_else(|| self.malformed(EXPECTED, format!("{:?}", clip(self.text))))?;
            if pieces.len() == piece.len() {
                return self
                    .piece(range, surface, text, offsets)
                    .map(|span| Some(Mention::new(span, Label::new(label))));
            }
            let span = offsets.span(range.0, range.1).filter(|span| !span.is_empty());
            let found = span.and_then(|span| span.slice(text));
            let (Some(span), Some(found)) = (span, found) else {
                // Its error says what is wrong.
                return self.piece(range, surface, text, offsets).map(|_| None);
            };
            whole = Some(match whole {
                None => (range.0, span, one_line(found)),
                Some((start, before, surface)) => {
                    let between = text.get(before.end()..span.start());
                    if between.is_none_or(|between| !between.chars().all(char::is_whitespace)) {
                        return Ok(None);
                    }
                    (start, Span::new(before.start(), span.end()), format!("{surface} {}", one_line(found)))
                }
            });
        }
        let Some((start, span, found)) = whole else { return Ok(None) };
        if found != surface {
            let end = start + offsets.units(span).map_or(0, |(start, end)| end - start);
            return self.piece((start, end), surface, text, offsets).map(|_| None);
        }
        Ok(Some(Mention::new(span, Label::new(label))))
    }

    /// The span of a mention in one piece, whose text must be `surface`.
    fn piece(
        &self,
        (start, end): (usize, usize),
        surface: &str,
        text: &str,
        offsets: &Offsets<'_>,
    ) -> Result<Span, Error> {
        let span = offsets.span(start, end).filter(|span| !span.is_empty());
        let found = span.and_then(|span| span.slice(text));
        match span {
            Some(span) if found.is_some_and(|found| one_line(found) == surface) => Ok(span),
            None if start >= end || end > offsets.len() => {
                let expected = format!("offsets within 0..{} that mark a character", offsets.len());
                Err(self.malformed(expected, format!("{start}..{end}")))
            }
            _ => Err(Error::MentionText {
                path: self.place.to_owned(),
                line: self.number,
                expected: clip(surface),
                start,
                end,
                unit: OffsetUnit::Char,
                found: found.map(|found| clip(&one_line(found))),
                fits: [OffsetUnit::Byte, OffsetUnit::Utf16].into_iter().find(|&unit| {
                    let span = Offsets::new(text, unit).span(start, end);
                    let found = span.and_then(|span| span.slice(text));
                    found.is_some_and(|found| one_line(found) == surface)
                }),
            }),
        }
    }
}

/// The columns of a text-bound annotation.
const EXPECTED: &str = "an id, a tab, a label and two offsets, a tab and a text";
