//! Files of documents, in every format of the program.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use allonym::Document;
use allonym::io::{self, Documents, Format, ReadOptions, WriteOptions, Writer};
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use crate::document::{Doc, Linked, write_all};
use crate::errors::{Class, Exception};

/// An iterator over the documents of files: `Doc`s, and exceptions in place of those that cannot be read.
#[pyclass(frozen, module = "allonym._allonym")]
pub(crate) struct Reader {
    documents: Mutex<Documents>,
}

fn format_of(py: Python<'_>, name: Option<&str>) -> PyResult<Option<Format>> {
    let parse = |name: &str| name.parse::<Format>().map_err(|error| Class::Input.with(py, error.to_string()));
    name.map(parse).transpose()
}

#[pymethods]
impl Reader {
    #[new]
    #[pyo3(signature = (paths, *, format, text, id))]
    fn open(py: Python<'_>, paths: Vec<PathBuf>, format: Option<&str>, text: String, id: String) -> PyResult<Self> {
        let options = ReadOptions::default().format(format_of(py, format)?).text_field(text).id_field(id);
        let documents = py.detach(|| Documents::open(paths, &options)).map_err(|error| error.raised(py))?;
        Ok(Self { documents: Mutex::new(documents) })
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        py.check_signals()?;
        let next = py.detach(|| self.documents.lock().unwrap_or_else(PoisonError::into_inner).next());
        Ok(match next {
            None => None,
            Some(Ok(document)) => {
                let linked = Linked::from(!document.entities.is_empty());
                Some(Py::new(py, Doc::new(document, linked))?.into_any())
            }
            Some(Err(error)) => Some(error.raised(py).into_value(py).into_any()),
        })
    }

    /// What users should know although it is not an error, since the last call.
    fn notices(&self) -> Vec<String> {
        let notices = self.documents.lock().unwrap_or_else(PoisonError::into_inner).take_notices();
        notices.iter().map(ToString::to_string).collect()
    }
}

/// Writes documents into a file, and returns their number and what the format could not express.
#[pyfunction]
#[pyo3(signature = (docs, path, *, format, title, fields))]
pub(crate) fn write(
    docs: &Bound<'_, PyIterator>,
    path: PathBuf,
    format: Option<&str>,
    title: Option<String>,
    fields: Vec<String>,
) -> PyResult<(u64, Vec<String>)> {
    /// Documents that are written while the lock is released.
    const TOGETHER: usize = 256;
    let py = docs.py();
    let name = path.display().to_string();
    let Some(format) = format_of(py, format)?.or_else(|| format_of_output(&name)) else {
        let message =
            format!("{name}: expected a name that tells the format, such as a.jsonl, or format=, found neither");
        return Err(Class::Input.with(py, message));
    };
    let mut writer: Option<Writer<'static>> = None;
    let mut items = docs.clone();
    loop {
        let mut batch: Vec<Document> = Vec::with_capacity(TOGETHER);
        let mut linked = Linked::No;
        for item in items.by_ref().take(TOGETHER) {
            let item = item?;
            let Ok(doc) = item.cast::<Doc>() else {
                let message = format!("expected a Doc, found {}", item.get_type().name()?);
                return Err(Class::Input.with(py, message));
            };
            if doc.get().linked == Linked::Yes {
                linked = Linked::Yes;
            }
            batch.push(doc.get().document.clone());
        }
        py.check_signals()?;
        let has_ended = batch.len() < TOGETHER;
        let mut options = WriteOptions::default().fields(fields.clone()).entities(linked.into());
        if let Some(title) = &title {
            options = options.title(title);
        }
        let write = |writer: Option<Writer<'static>>| -> Result<Writer<'static>, io::Error> {
            let mut writer = match writer {
                Some(writer) => writer,
                None => Writer::create(format, &path, options)?,
            };
            batch.iter().try_for_each(|document| writer.write(document))?;
            Ok(writer)
        };
        let taken = writer.take();
        let written = py.detach(move || write(taken)).map_err(|error| error.raised(py))?;
        if has_ended {
            let written = py.detach(|| written.finish()).map_err(|error| error.raised(py))?;
            return Ok((written.documents, written.notices.iter().map(ToString::to_string).collect()));
        }
        writer = Some(written);
    }
}

/// The page that shows documents.
#[pyfunction]
#[pyo3(signature = (docs, *, title))]
pub(crate) fn page(docs: &Bound<'_, PyIterator>, title: Option<String>) -> PyResult<String> {
    let py = docs.py();
    let docs = docs.try_iter()?.map(|doc| Ok(doc?.cast_into::<Doc>()?.unbind())).collect::<PyResult<Vec<_>>>()?;
    let options = WriteOptions::default();
    let options = if let Some(title) = title { options.title(title) } else { options };
    let documents = docs.iter().map(|doc| &doc.get().document);
    let bytes = write_all(Format::Html, options, documents).map_err(|error| error.raised(py))?;
    Ok(String::from_utf8(bytes).expect("pages are UTF-8"))
}

/// The format that the name of an output stands for; a table with tabs is one here, while as input it needs to be asked for.
fn format_of_output(name: &str) -> Option<Format> {
    let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name);
    Format::from_name(name).or_else(|| plain.ends_with(".tsv").then_some(Format::Tsv))
}

/// The names of all formats.
#[pyfunction]
pub(crate) fn formats() -> Vec<&'static str> {
    Format::ALL.iter().map(|format| format.as_str()).collect()
}
