//! What does an annotation file say about its text?

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::normalisation::{Normalisation, set_entities};
use super::write::file_name;
use super::{ID, LINES, one_line};
use crate::io::documents::{Input, Reader, open_file};
use crate::io::error::clip;
use crate::io::lines::Lines;
use crate::io::plain::read_text;
use crate::io::source::{existing, with_suffix};
use crate::io::{Error, Notice};
use crate::text::{Document, Label, Mention, OffsetUnit, Offsets};

/// Reads one document from two files.
pub(crate) struct BratReader(Option<(Input, PathBuf)>);

impl BratReader {
    /// `path` is the text file or the annotation file, and `input` is open on it.
    pub(crate) fn new(input: Input, path: &Path) -> Self {
        Self(Some((input, path.to_owned())))
    }
}

impl Reader for BratReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let (input, path) = self.0.take()?;
        Some(read(input, &path, notices))
    }
}

fn read(mut input: Input, path: &Path, notices: &mut Vec<Notice>) -> Result<Document, Error> {
    let stem = input.id.strip_suffix(".txt").or_else(|| input.id.strip_suffix(".ann")).unwrap_or(&input.id);
    let id = document_id(stem);
    let (text, annotations) = match with_suffix(path, ".ann") {
        Some(stem) => {
            let text_path = stem.with_added_extension("txt");
            let Some(found) = existing(&text_path) else {
                return Err(Error::Missing { path: text_path.display().to_string() });
            };
            let place = found.display().to_string();
            let reader = open_file(&found).map_err(|source| Error::read(&place, source))?;
            let annotations = Some((input.place, Lines::new(input.reader)));
            (read_text(&mut Input { place, id: String::new(), reader })?, annotations)
        }
        None => {
            let beside = with_suffix(path, ".txt").unwrap_or_else(|| path.to_owned()).with_added_extension("ann");
            let annotations = match existing(&beside) {
                Some(found) => {
                    let place = found.display().to_string();
                    let reader = open_file(&found).map_err(|source| Error::read(&place, source))?;
                    Some((place, Lines::new(reader)))
                }
                None => None,
            };
            (read_text(&mut input)?, annotations)
        }
    };
    let mut document = Document::new(id, text);
    if let Some((place, lines)) = annotations {
        annotate(&mut document, &place, lines, notices)?;
    }
    Ok(document)
}

/// The id that [`file_name`] made a file name of; any other file name is an id as it stands.
fn document_id(stem: &str) -> String {
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| (folder, name));
    let decoded =
        if name == "%" { Some(String::new()) } else { percent_decode_str(name).decode_utf8().ok().map(Into::into) };
    let name = decoded.filter(|id| file_name(id) == name).unwrap_or_else(|| name.to_owned());
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

fn annotate(document: &mut Document, place: &str, mut lines: Lines, notices: &mut Vec<Notice>) -> Result<(), Error> {
    let offsets = Offsets::new(&document.text, OffsetUnit::Char);
    let mut others: Vec<String> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let mut discontinuous = 0;
    while let Some(line) = lines.next().map_err(|source| Error::read(place, source))? {
        let number = line.number;
        let row = line.text(place)?;
        if row.trim().is_empty() {
            continue;
        }
        if !row.starts_with('T') {
            if !row.starts_with(['R', 'E', 'A', 'M', 'N', '#', '*']) {
                let expected = "an annotation that begins with one of T R E A M N # *";
                return Err(Error::malformed(place, number, expected, format!("{:?}", clip(row))));
            }
            others.push(row.to_owned());
            continue;
        }
        let expected = "an id, a tab, a label and two offsets, a tab and a text";
        let wrong = || Error::malformed(place, number, expected, format!("{:?}", clip(row)));
        let mut columns = row.splitn(3, '\t');
        let (Some(id), Some(place_column), Some(surface)) = (columns.next(), columns.next(), columns.next()) else {
            return Err(wrong());
        };
        let (label, range) = place_column.split_once(' ').ok_or_else(wrong)?;
        if range.contains(';') {
            discontinuous += 1;
            others.push(row.to_owned());
            continue;
        }
        let numbers = range.split_once(' ').and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
        let (start, end): (usize, usize) = numbers.ok_or_else(wrong)?;
        if label.is_empty() {
            return Err(wrong());
        }
        let span = offsets.span(start, end).filter(|span| !span.is_empty());
        let found = span.and_then(|span| span.slice(&document.text));
        match span {
            Some(span) if found.is_some_and(|found| one_line(found) == surface) => {
                document.mentions.push(Mention::new(span, Label::new(label)));
                ids.push(id.to_owned());
            }
            None if start >= end || end > offsets.len() => {
                let expected = format!("offsets within 0..{} that mark a character", offsets.len());
                return Err(Error::malformed(place, number, expected, format!("{start}..{end}")));
            }
            _ => {
                return Err(Error::MentionText {
                    path: place.to_owned(),
                    line: number,
                    expected: clip(surface),
                    start,
                    end,
                    unit: OffsetUnit::Char,
                    found: found.map(|found| clip(&one_line(found))),
                    fits: [OffsetUnit::Byte, OffsetUnit::Utf16].into_iter().find(|&unit| {
                        let span = Offsets::new(&document.text, unit).span(start, end);
                        let found = span.and_then(|span| span.slice(&document.text));
                        found.is_some_and(|found| one_line(found) == surface)
                    }),
                });
            }
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
