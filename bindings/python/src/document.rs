//! `Doc`: a document in Python.

use allonym::Document;
use allonym::io::{EntitiesWritten, Format, WriteOptions, Writer, jsonl};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::errors::{Class, Exception};
use crate::files::page;
use crate::{entities, layout, mentions};

/// Whether a document was linked, so that a lack of entities means that it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Linked {
    Yes,
    No,
}

impl From<bool> for Linked {
    fn from(linked: bool) -> Self {
        if linked { Self::Yes } else { Self::No }
    }
}

impl From<Linked> for EntitiesWritten {
    fn from(linked: Linked) -> Self {
        match linked {
            Linked::Yes => Self::Always,
            Linked::No => Self::WherePresent,
        }
    }
}

/// A text with its mentions and entities; see `_allonym.pyi`.
#[pyclass(frozen, module = "allonym", weakref)]
pub(crate) struct Doc {
    pub(crate) document: Document,
    pub(crate) linked: Linked,
    context: Option<Py<PyAny>>,
    text: PyOnceLock<Py<PyString>>,
    mentions: PyOnceLock<Py<PyTuple>>,
    entities: PyOnceLock<Py<PyTuple>>,
}

impl Doc {
    pub(crate) fn new(mut document: Document, linked: Linked) -> Self {
        // As files have them: a document is equal to what is read of it.
        for score in document.mentions.iter_mut().filter_map(|mention| mention.score.as_mut()) {
            *score = mentions::rounded(*score) as f32;
        }
        let (text, mentions, entities) = (PyOnceLock::new(), PyOnceLock::new(), PyOnceLock::new());
        Self { document, linked, context: None, text, mentions, entities }
    }

    /// The document with an object of the caller's.
    pub(crate) fn with_context(self, context: Option<Py<PyAny>>) -> Self {
        Self { context, ..self }
    }

    /// The document with the string that it was made of, which need not be made again.
    pub(crate) fn with_text(self, py: Python<'_>, text: Py<PyString>) -> Self {
        // It has none yet.
        let _ = self.text.set(py, text);
        self
    }

    /// The document of a line of JSONL.
    pub(crate) fn parse(py: Python<'_>, json: &str) -> PyResult<Self> {
        let mut document = jsonl::from_str(json).map_err(|error| without_place(py, &error))?;
        // A list without entities is read as a field of another kind. What it says is in `linked`.
        if document.extra.raw("entities") == Some("[]") {
            document.extra.remove("entities");
        }
        // The field is only written where a document was linked.
        let linked = !document.entities.is_empty() || json.contains("\"entities\":[]");
        Ok(Self::new(document, linked.into()))
    }

    /// The document as a line of JSONL, without the line end.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        let options = WriteOptions::default().entities(self.linked.into());
        let bytes = write_all(Format::Jsonl, options, [&self.document]).map_err(|error| error.raised(py))?;
        let mut json = String::from_utf8(bytes).expect("JSON is UTF-8");
        json.truncate(json.trim_end().len());
        Ok(json)
    }
}

/// The bytes of some documents in one format.
pub(crate) fn write_all<'d>(
    format: Format,
    options: WriteOptions,
    documents: impl IntoIterator<Item = &'d Document>,
) -> Result<Vec<u8>, allonym::io::Error> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(format, &mut bytes, options)?;
    documents.into_iter().try_for_each(|document| writer.write(document))?;
    writer.finish()?;
    Ok(bytes)
}

/// An error about a string, which has no lines.
fn without_place(py: Python<'_>, error: &allonym::io::Error) -> PyErr {
    let message = error.to_string();
    Class::Input.with(py, message.strip_prefix("<string>:1: ").unwrap_or(&message))
}

/// A string of Python as UTF-8. Half of a surrogate pair has no UTF-8.
pub(crate) fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<std::borrow::Cow<'a, str>> {
    let py = text.py();
    text.to_cow().map_err(|_| {
        let halves = text.to_string_lossy();
        let at = halves.chars().position(|c| c == char::REPLACEMENT_CHARACTER).unwrap_or_default();
        Class::Input
            .with(py, format!("expected text of Unicode characters, found half of a surrogate pair at or after {at}"))
    })
}

#[pymethods]
impl Doc {
    #[new]
    #[pyo3(signature = (text, mentions = None, *, id = None, entities = None, fields = None, context = None))]
    fn make(
        text: &Bound<'_, PyString>,
        mentions: Option<&Bound<'_, PyAny>>,
        id: Option<&Bound<'_, PyAny>>,
        entities: Option<&Bound<'_, PyAny>>,
        fields: Option<&Bound<'_, PyAny>>,
        context: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let py = text.py();
        utf8(text)?;
        if mentions.is_none() && entities.is_none() && fields.is_none() && id.is_none() {
            let document = Document::new("", utf8(text)?);
            return Ok(Self::new(document, Linked::No).with_context(context).with_text(py, text.clone().unbind()));
        }
        let json = py
            .import("allonym._json")?
            .getattr("document")?
            .call1((text, mentions, id, entities, fields))?
            .cast_into::<PyString>()?;
        let doc = Self::parse(py, &utf8(&json)?)?;
        Ok(Self { linked: entities.is_some().into(), ..doc }.with_context(context).with_text(py, text.clone().unbind()))
    }

    /// The document of a line of JSONL.
    #[staticmethod]
    fn from_jsonl(line: &Bound<'_, PyString>) -> PyResult<Self> {
        Self::parse(line.py(), &utf8(line)?)
    }

    /// The document of a dict in the form of a line of JSONL.
    #[staticmethod]
    fn from_dict(document: &Bound<'_, PyAny>) -> PyResult<Self> {
        let json =
            document.py().import("allonym._json")?.getattr("dumps")?.call1((document,))?.cast_into::<PyString>()?;
        Self::from_jsonl(&json)
    }

    /// What pickle calls.
    #[staticmethod]
    fn _restore(
        line: &Bound<'_, PyString>,
        linked: bool,
        context: Option<Py<PyAny>>,
        layout: Option<layout::Pickled>,
    ) -> PyResult<Self> {
        let mut doc = Self::from_jsonl(line)?;
        doc.document.layout = layout.map(layout::restored);
        Ok(Self { linked: linked.into(), ..doc }.with_context(context))
    }

    #[getter]
    fn text(&self, py: Python<'_>) -> Py<PyString> {
        self.text.get_or_init(py, || PyString::new(py, &self.document.text).unbind()).clone_ref(py)
    }

    #[getter]
    fn id(&self) -> &str {
        &self.document.id
    }

    #[getter]
    fn mentions(&self, py: Python<'_>) -> PyResult<Py<PyTuple>> {
        let made = self.mentions.get_or_try_init(py, || mentions::of(py, &self.document))?;
        Ok(made.clone_ref(py))
    }

    #[getter]
    fn entities(&self, py: Python<'_>) -> PyResult<Py<PyTuple>> {
        let made = self.entities.get_or_try_init(py, || entities::of(py, &self.document.entities))?;
        Ok(made.clone_ref(py))
    }

    #[getter]
    fn linked(&self) -> bool {
        self.linked == Linked::Yes
    }

    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        entities::fields(py, &self.document.extra, "id")
    }

    #[getter]
    pub(crate) fn context(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.context.as_ref().map(|context| context.clone_ref(py))
    }

    fn to_jsonl(&self, py: Python<'_>) -> PyResult<String> {
        self.json(py)
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.getattr("loads")?.call1((self.json(py)?,))
    }

    #[pyo3(signature = (*, title = None))]
    fn to_html(slf: &Bound<'_, Self>, title: Option<String>) -> PyResult<String> {
        page(&PyTuple::new(slf.py(), [slf])?.try_iter()?, title)
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let n_lines = slf.get().document.text.lines().map(|line| 1 + line.len() / 100).sum::<usize>();
        slf.py().import("allonym._html")?.getattr("framed")?.call1((Self::to_html(slf, None)?, n_lines))
    }

    fn __repr__(&self) -> String {
        const MOST: usize = 60;
        let mut text: String = self.document.text.chars().take(MOST).collect();
        if text.len() < self.document.text.len() {
            text.push('…');
        }
        let (mentions, entities) = (self.document.mentions.len(), self.document.entities.len());
        let id = if self.document.id.is_empty() { String::new() } else { format!("id={:?}, ", self.document.id) };
        let plural = |n: usize, one: &str, more: &str| format!("{n} {}", if n == 1 { one } else { more });
        format!(
            "<Doc {id}{text:?}, {}, {}>",
            plural(mentions, "mention", "mentions"),
            plural(entities, "entity", "entities")
        )
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.document == other.get().document)
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (&self.document.id, &self.document.text).hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, doc) = (slf.py(), slf.get());
        let restore = slf.get_type().getattr("_restore")?;
        // Lines of CoNLL are no part of JSONL.
        let layout = doc.document.layout.as_ref().map(layout::pickled);
        let state = (doc.json(py)?, doc.linked == Linked::Yes, doc.context(py), layout);
        Ok((restore, state.into_pyobject(py)?))
    }
}
