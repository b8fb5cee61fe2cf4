//! `link`: one entity for the spellings of a name, across documents.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::PathBuf;

use allonym::io::{NameFormat, NameTable};
use allonym::link::names::NameModel;
use allonym::link::{self, AliasTable, Constraints};
use allonym::{Document, LinkOptions, Linker};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::document::{Doc, Linked, utf8};
use crate::entities;
use crate::errors::{Class, Exception};
use crate::{process, waiting};

/// What linking found beside the entities of each document.
#[pyclass(frozen, module = "allonym._allonym")]
pub(crate) struct Links {
    links: link::Links,
}

#[pymethods]
impl Links {
    /// All entities: most mentions first.
    fn entities(&self, py: Python<'_>) -> PyResult<Py<PyTuple>> {
        let all: Vec<_> = self.links.entities().into_iter().cloned().collect();
        entities::of(py, &all)
    }

    /// Per id, why the entity is one, as an indented list.
    fn explanations(&self) -> HashMap<String, String> {
        self.links.explained().map(|(entity, explanation)| (entity.id.clone(), explanation.to_string())).collect()
    }

    /// Why the entity with an id is one, as an indented list; `None` if there is no such entity.
    fn explain(&self, id: &str) -> Option<String> {
        self.links.explain(id).map(|explanation| explanation.to_string())
    }
}

/// A table of names: a file, or lines of JSONL.
fn table(py: Python<'_>, given: &Bound<'_, PyAny>, what: &str) -> PyResult<NameTable> {
    let read = match given.cast::<PyString>() {
        Ok(lines) => {
            let lines = Cursor::new(utf8(lines)?.into_owned().into_bytes());
            NameTable::read(lines, NameFormat::Jsonl, what)
        }
        Err(_) => {
            let path: PathBuf = given.extract()?;
            py.detach(|| NameTable::open(&path))
        }
    };
    read.map_err(|error| error.raised(py))
}

/// Links documents. Tables are lines of JSONL as `str`, or paths.
#[pyfunction(name = "link")]
#[pyo3(signature = (docs, *, aliases, kb, never, same, threshold, threads, within))]
#[expect(clippy::too_many_arguments, reason = "the arguments of the function in Python")]
pub(crate) fn link_documents(
    py: Python<'_>,
    docs: Vec<Py<Doc>>,
    aliases: Option<&Bound<'_, PyAny>>,
    kb: Option<&Bound<'_, PyAny>>,
    never: Vec<(String, String)>,
    same: Vec<(String, String)>,
    threshold: Option<f64>,
    threads: usize,
    within: bool,
) -> PyResult<(Vec<Doc>, Option<Links>)> {
    let pool = process::pool(py, threads);
    let mut options = LinkOptions::default().pool(pool.clone());
    let aliases = aliases.map(|given| table(py, given, "aliases")).transpose()?;
    let kb = kb.map(|given| table(py, given, "kb")?.identified().map_err(|error| error.raised(py))).transpose()?;
    if let Some(table) = aliases.into_iter().chain(kb).reduce(NameTable::and) {
        let threshold = threshold.unwrap_or_else(|| NameModel::embedded().threshold());
        if !(0.0..=1.0).contains(&threshold) {
            return Err(Class::Input.with(py, format!("expected a threshold from 0 to 1, found {threshold}")));
        }
        options = options.aliases(AliasTable::with_threshold(table, threshold));
    } else if threshold.is_some() {
        return Err(Class::Input.with(py, "threshold: expected aliases or kb beside it, found neither"));
    }
    let constraints = Constraints::new(&same, &never).map_err(|error| error.raised(py))?;
    let linker = Linker::new(options.constraints(constraints));
    let mut documents: Vec<Document> = docs.iter().map(|doc| doc.get().document.clone()).collect();
    let work = move |stopped: &allonym::pipeline::Stop| {
        if !within {
            return linker.link_documents(&mut documents).map(|links| (documents, Some(links)));
        }
        for document in documents.iter_mut().take_while(|_| !stopped.is_set()) {
            linker.link_document(document)?;
        }
        Ok((documents, None))
    };
    let linked: Result<_, link::Error> = waiting::run(py, &pool, work)?;
    let (documents, links) = linked.map_err(|error| error.raised(py))?;
    let made = documents
        .into_iter()
        .zip(&docs)
        .map(|(document, doc)| Doc::new(document, Linked::Yes).with_context(doc.get().context(py)));
    Ok((made.collect(), links.map(|links| Links { links })))
}
