//! The documents as they stand, to be written.

use super::desk::Desk;
use crate::io::{EntitiesWritten, Error, Format, WriteOptions, Writer};
use crate::link::Constraints;
use crate::text::Document;

/// The names that were put together and apart.
pub(crate) const CONSTRAINTS: &str = "constraints.tsv";

/// What was written.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Saved {
    pub(crate) path: String,
    pub(crate) documents: u64,
    /// What could not be written, and what the format could not express.
    pub(crate) errors: Vec<String>,
}

/// The file, or for brat the folder, of documents in a format.
pub(crate) fn file_name(format: Format) -> String {
    match format {
        Format::Brat => "brat".to_owned(),
        Format::Jsonl | Format::Conll | Format::Html | Format::Tsv | Format::Csv | Format::Parquet | Format::Arrow => {
            format!("documents.{format}")
        }
        Format::LabelStudio => format!("documents.{format}.json"),
        _ => format!("documents.{format}.jsonl"),
    }
}

/// How documents are written.
pub(crate) fn options() -> WriteOptions {
    WriteOptions::default().entities(EntitiesWritten::WherePresent)
}

/// Writes documents. One that cannot be written costs itself.
pub(crate) fn save(path: String, mut writer: Writer<'_>, documents: &[Document]) -> Result<Saved, Error> {
    let mut errors = Vec::new();
    for document in documents {
        match writer.write(document) {
            Ok(()) => {}
            Err(error @ Error::Write { .. }) => return Err(error),
            Err(error) => errors.push(error.to_string()),
        }
    }
    let written = writer.finish()?;
    errors.extend(written.notices.iter().map(ToString::to_string));
    Ok(Saved { path, documents: written.documents, errors })
}

/// Pairs of names that a reviewer has put together or apart.
#[derive(Debug, Default, serde::Serialize)]
pub(crate) struct Pairs {
    pub(crate) same: Vec<(String, String)>,
    pub(crate) never: Vec<(String, String)>,
}

impl Pairs {
    /// Those of all documents, as linking takes them: each once, and without those that another one contradicts, which are told.
    pub(crate) fn of(desk: &Desk) -> (Self, Vec<String>) {
        let mut pairs = Self::default();
        let mut errors = Vec::new();
        for kept in &desk.kept {
            let decisions = &kept.state.decisions;
            let name = |id: &String| kept.state.entities.get(id).map(|entity| entity.name.clone());
            let never = decisions.never.iter().filter_map(|(a, b)| Some((name(a)?, name(b)?)));
            for pair in decisions.same.iter().cloned() {
                pairs.add(pair, |pairs| &mut pairs.same, &kept.key.to_string(), &mut errors);
            }
            for pair in never {
                pairs.add(pair, |pairs| &mut pairs.never, &kept.key.to_string(), &mut errors);
            }
        }
        (pairs, errors)
    }

    fn add(
        &mut self,
        pair: (String, String),
        list: impl Fn(&mut Self) -> &mut Vec<(String, String)>,
        place: &str,
        errors: &mut Vec<String>,
    ) {
        if list(self).contains(&pair) {
            return;
        }
        list(self).push(pair);
        if let Err(error) = Constraints::new(&self.same, &self.never) {
            list(self).pop();
            errors.push(format!("{place}: {error}"));
        }
    }

    /// The table that `allonym link --constraints` reads.
    pub(crate) fn table(&self) -> std::io::Result<Vec<u8>> {
        let mut rows = csv::WriterBuilder::new().delimiter(b'\t').from_writer(Vec::new());
        let all = [("same", &self.same), ("never", &self.never)];
        let all =
            all.into_iter().flat_map(|(what, list)| list.iter().map(move |(a, b)| [what, a.as_str(), b.as_str()]));
        for row in std::iter::once(["constraint", "name1", "name2"]).chain(all) {
            rows.write_record(row)?;
        }
        rows.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}
