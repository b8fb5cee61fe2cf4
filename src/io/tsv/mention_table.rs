//! Reads tables of mentions.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::path::Path;

use crate::io::Error;
use crate::io::compress::open_file;
#[cfg(feature = "cli")]
use crate::io::encoding::{Decoded, as_utf8};
use crate::io::error::clip;
use crate::io::surface::Claim;
#[cfg(feature = "cli")]
use crate::io::{Notice, ReadOptions};
use crate::text::{Document, Label, Mention, OffsetUnit, Offsets};

/// Mentions without their texts: the rows of a TSV or CSV file whose header names the columns `doc`, `start`, `end`, `label`, and perhaps `text`,
/// `score` and `entity`, in any order. [`Writer`](crate::io::Writer) writes such tables.
///
/// [`MentionTable::documents`] puts them into texts from elsewhere.
///
/// ```
/// use allonym::io::MentionTable;
/// use allonym::text::{Document, OffsetUnit};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("found.tsv");
/// std::fs::write(&path, "doc\tstart\tend\tlabel\na\t8\t14\tLOC\n")?;
/// let (table, errors) = MentionTable::open(&path)?;
/// assert!(errors.is_empty());
/// let (documents, errors) = table.documents(&[Document::new("a", "Rain in Beirut")], OffsetUnit::Char);
/// assert!(errors.is_empty());
/// assert_eq!(documents[0].mentions[0].label.as_str(), "LOC");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MentionTable {
    path: String,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    line: u64,
    document: String,
    start: usize,
    end: usize,
    label: String,
    surface: Option<String>,
    score: Option<f32>,
    entity: Option<String>,
}

impl MentionTable {
    /// Whether a file holds such a table, by its first line: it has the columns `doc`, `start`, `end` and `label`, separated by tabs,
    /// commas or semicolons.
    pub fn is_one(path: &Path) -> bool {
        open_file(path).is_ok_and(Self::starts)
    }

    /// Whether a stream, compressed or not and in the encoding of the options, holds such a table.
    #[cfg(feature = "cli")]
    pub(crate) fn is_one_in(stream: impl Read + Send + 'static, options: &ReadOptions) -> bool {
        as_utf8(stream, options, "").is_ok_and(|decoded| Self::starts(decoded.reader))
    }

    fn starts(file: impl Read) -> bool {
        head(file).is_ok_and(|head| separator(&head).is_some())
    }

    /// Reads a table, compressed or not. Rows that cannot be read are left out, each with an error in the list.
    ///
    /// # Errors
    /// When the file cannot be read, or a column is missing.
    pub fn open(path: &Path) -> Result<(Self, Vec<Error>), Error> {
        let place = path.display().to_string();
        let file = open_file(path).map_err(|error| Error::read(&place, error))?;
        Self::parse(file, place)
    }

    /// Reads a table from a stream, compressed or not and in the encoding of the options, that errors call `place`.
    ///
    /// # Errors
    /// As for [`MentionTable::open`].
    #[cfg(feature = "cli")]
    pub(crate) fn read(
        stream: impl Read + Send + 'static,
        place: &str,
        options: &ReadOptions,
    ) -> Result<(Self, Vec<Error>, Option<Notice>), Error> {
        let Decoded { reader, notice, .. } = as_utf8(stream, options, place)?;
        Self::parse(reader, place.to_owned()).map(|(table, errors)| (table, errors, notice))
    }

    fn parse(mut file: impl Read, place: String) -> Result<(Self, Vec<Error>), Error> {
        let head = head(&mut file).map_err(|error| Error::read(&place, error))?;
        let separator = separator(&head).unwrap_or(b'\t');
        let whole = Cursor::new(head).chain(file);
        let mut table = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(whole);
        let fail = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            match error.into_kind() {
                csv::ErrorKind::Io(source) => Error::read(&place, source),
                kind => Error::malformed(&place, line, "rows of text in UTF-8", format!("{kind:?}")),
            }
        };
        let header = table.headers().map_err(fail)?.clone();
        let column = |name: &str| header.iter().position(|found| found.trim_start_matches('\u{feff}') == name);
        let mut needed = [0; NEEDED.len()];
        for (place_of, name) in needed.iter_mut().zip(NEEDED) {
            *place_of = column(name).ok_or_else(|| {
                let found = header.iter().collect::<Vec<_>>().join(", ");
                Error::malformed(&place, 1, format!("a column {name:?}"), format!("only {}", clip(&found)))
            })?;
        }
        let optional = ["text", "score", "entity"].map(column);
        let (mut rows, mut errors) = (Vec::new(), Vec::new());
        for record in table.records() {
            match record {
                Ok(record) => match row(&record, needed, optional, &place) {
                    Ok(row) => rows.push(row),
                    Err(error) => errors.push(error),
                },
                Err(error) => errors.push(fail(error)),
            }
        }
        Ok((Self { path: place, rows }, errors))
    }

    /// Copies of `texts` with the mentions of this table in place of their own. Offsets in the table count `unit`.
    ///
    /// A row whose document is not among `texts`, or whose offsets and text contradict it, is left out, with an error in the list.
    pub fn documents(&self, texts: &[Document], unit: OffsetUnit) -> (Vec<Document>, Vec<Error>) {
        let mut documents: Vec<Document> = texts
            .iter()
            .map(|document| Document { layout: document.layout.clone(), ..Document::new(&document.id, &document.text) })
            .collect();
        let by_id: HashMap<&str, usize> =
            texts.iter().enumerate().rev().map(|(i, text)| (text.id.as_str(), i)).collect();
        let mut rows: HashMap<usize, Vec<&Row>> = HashMap::new();
        let mut errors = Vec::new();
        for row in &self.rows {
            match by_id.get(row.document.as_str()) {
                Some(&index) => rows.entry(index).or_default().push(row),
                None => {
                    let expected = "the id of a document on the other side";
                    errors.push(Error::malformed(&self.path, row.line, expected, format!("{:?}", clip(&row.document))));
                }
            }
        }
        for (index, document) in documents.iter_mut().enumerate() {
            let Some(rows) = rows.get(&index) else { continue };
            let offsets = Offsets::new(&texts[index].text, unit);
            for row in rows {
                match self.mention(row, &offsets, &texts[index].text) {
                    Ok(mention) => document.mentions.push(mention),
                    Err(error) => errors.push(error),
                }
            }
        }
        (documents, errors)
    }

    fn mention(&self, row: &Row, offsets: &Offsets<'_>, text: &str) -> Result<Mention, Error> {
        let (range, surface) = ((row.start, row.end), row.surface.as_deref());
        let span = Claim { path: &self.path, line: row.line, range, surface }.span(text, offsets)?;
        Ok(Mention { score: row.score, entity: row.entity.clone(), ..Mention::new(span, Label::new(&row.label)) })
    }
}

/// The beginning of a file, which has its header.
fn head(file: impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(4096).read_to_end(&mut head)?;
    Ok(head)
}

/// What separates the columns of a table of mentions; `None` where the first line is not the header of one.
fn separator(head: &[u8]) -> Option<u8> {
    let text = String::from_utf8_lossy(head);
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let is_header = |separator: &u8| {
        let columns: Vec<&str> = first.split(char::from(*separator)).map(|name| name.trim_matches('"')).collect();
        NEEDED.iter().all(|name| columns.contains(name))
    };
    [b'\t', b',', b';'].into_iter().find(is_header)
}

/// The columns that a table must have.
const NEEDED: [&str; 4] = ["doc", "start", "end", "label"];

fn row(
    record: &csv::StringRecord,
    needed: [usize; NEEDED.len()],
    optional: [Option<usize>; 3],
    path: &str,
) -> Result<Row, Error> {
    let line = record.position().map_or(0, csv::Position::line);
    let wrong = |expected: String, found: &str| Error::malformed(path, line, expected, format!("{:?}", clip(found)));
    let cell = |index: usize| {
        let n = record.len();
        record.get(index).ok_or_else(|| Error::Columns { path: path.to_owned(), line, expected: index + 1, found: n })
    };
    let number = |index: usize, name: &str| {
        let cell = cell(index)?;
        cell.parse().map_err(|_| wrong(format!("a whole number from 0 as {name:?}"), cell))
    };
    let [document, start, end, label] = needed;
    let given = |index: Option<usize>| index.and_then(|index| record.get(index)).filter(|cell| !cell.is_empty());
    let [surface, score, entity] = optional.map(given);
    let score = match score {
        None => None,
        Some(cell) => {
            let score = cell.parse().ok().filter(|score| (0.0..=1.0).contains(score));
            Some(score.ok_or_else(|| wrong("a number from 0 to 1 as \"score\"".to_owned(), cell))?)
        }
    };
    let label = cell(label)?;
    if label.is_empty() {
        return Err(wrong("a label".to_owned(), label));
    }
    Ok(Row {
        line,
        document: cell(document)?.to_owned(),
        start: number(start, "start")?,
        end: number(end, "end")?,
        label: label.to_owned(),
        surface: surface.map(str::to_owned),
        score,
        entity: entity.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(content: &str) -> (MentionTable, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.tsv");
        std::fs::write(&path, content).expect("a file is written");
        assert!(MentionTable::is_one(&path));
        let (table, errors) = MentionTable::open(&path).expect("it opens");
        let errors =
            errors.iter().map(|error| error.to_string().replace(&path.display().to_string(), "a.tsv")).collect();
        (table, errors)
    }

    #[test]
    fn reads_what_it_writes_and_any_order_of_columns() {
        let (table, errors) = table(
            "label\tdoc\tend\tstart\tscore\nLOC\td\t4\t0\t0.5\nPER\td\t9\t5\t\nPER\td\tx\t5\t\nPER\td\t9\t5\t7\n",
        );
        assert_eq!(
            errors,
            [
                "a.tsv:4: expected a whole number from 0 as \"end\", found \"x\"",
                "a.tsv:5: expected a number from 0 to 1 as \"score\", found \"7\"",
            ]
        );
        let texts = [Document::new("c", "nothing"), Document::new("d", "Öman Lena")];
        let (documents, errors) = table.documents(&texts, OffsetUnit::Char);
        assert!(errors.is_empty());
        assert!(documents[0].mentions.is_empty());
        let got: Vec<_> = documents[1].mentions.iter().map(|m| (m.span.slice("Öman Lena"), m.score)).collect();
        assert_eq!(got, [(Some("Öman"), Some(0.5)), (Some("Lena"), None)]);
    }

    #[test]
    fn rows_that_fit_no_text_are_errors() {
        let (table, errors) =
            table("doc\tstart\tend\tlabel\ttext\nd\t6\t10\tPER\tLena\nx\t0\t1\tPER\ta\nd\t0\t99\tPER\t\n");
        assert!(errors.is_empty());
        let (documents, errors) = table.documents(&[Document::new("d", "Öman Lena")], OffsetUnit::Char);
        assert!(documents[0].mentions.is_empty());
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(errors.len(), 3);
        assert!(errors[0].contains("found \"x\""), "{}", errors[0]);
        assert!(errors[1].ends_with("as byte offsets they fit"), "{}", errors[1]);
        assert!(errors[2].contains("within 0..9 (char offsets)"), "{}", errors[2]);
    }
}
