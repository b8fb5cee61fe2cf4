//! Writes the documents as they stand.

use std::path::{Path, PathBuf};

use super::annotator::Annotator;
use super::desk::Desk;
use super::error::Error;
use crate::io::{EntitiesWritten, Format, WriteOptions, Writer};
use crate::link::Constraints;
use crate::text::Document;

/// The names that were put together and apart.
pub(super) const CONSTRAINTS: &str = "constraints.tsv";

/// What was written.
#[derive(Debug, serde::Serialize)]
pub(super) struct Saved {
    pub(super) path: String,
    pub(super) documents: u64,
    /// What could not be written, and what the format could not express.
    pub(super) errors: Vec<String>,
}

/// Where documents are written in a format.
pub(super) fn place(annotator: &Annotator, folder: &Path, format: Format) -> PathBuf {
    let name = match format {
        Format::Brat => "brat".to_owned(),
        Format::Jsonl | Format::Conll | Format::Html | Format::Tsv | Format::Csv | Format::Parquet | Format::Arrow => {
            format!("documents.{format}")
        }
        Format::LabelStudio => format!("documents.{format}.json"),
        _ => format!("documents.{format}.jsonl"),
    };
    annotator.file(folder, &name)
}

/// Writes documents. One that cannot be written costs itself.
pub(super) fn save(path: &Path, format: Format, documents: &[Document]) -> Result<Saved, Error> {
    let options = WriteOptions::default().entities(EntitiesWritten::WherePresent);
    let mut writer = Writer::create(format, path, options)?;
    let mut errors = Vec::new();
    for document in documents {
        match writer.write(document) {
            Ok(()) => {}
            Err(error @ crate::io::Error::Write { .. }) => return Err(error.into()),
            Err(error) => errors.push(error.to_string()),
        }
    }
    let written = writer.finish()?;
    errors.extend(written.notices.iter().map(ToString::to_string));
    Ok(Saved { path: path.display().to_string(), documents: written.documents, errors })
}

/// Pairs of names that a reviewer has put together or apart.
#[derive(Debug, Default, serde::Serialize)]
pub(super) struct Pairs {
    pub(super) same: Vec<(String, String)>,
    pub(super) never: Vec<(String, String)>,
}

impl Pairs {
    /// Those of all documents, as linking takes them: each once, and without those that another one contradicts, which are told.
    pub(super) fn of(desk: &Desk) -> (Self, Vec<String>) {
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

    /// Writes them as `allonym link --constraints` reads them.
    pub(super) fn save(&self, path: &Path) -> Result<(), Error> {
        let fail = |source: std::io::Error| Error::Journal { path: path.display().to_string(), source };
        let mut rows = csv::WriterBuilder::new().delimiter(b'\t').from_writer(Vec::new());
        let all = [("same", &self.same), ("never", &self.never)];
        let all =
            all.into_iter().flat_map(|(what, list)| list.iter().map(move |(a, b)| [what, a.as_str(), b.as_str()]));
        for row in std::iter::once(["constraint", "name1", "name2"]).chain(all) {
            rows.write_record(row).map_err(|error| fail(error.into()))?;
        }
        let bytes = rows.into_inner().map_err(|error| fail(error.into_error()))?;
        crate::io::write_whole(path, &bytes).map_err(fail)
    }
}
