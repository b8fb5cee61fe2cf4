//! `Pipe`: many documents, tagged in order and in bounded memory.
//!
//! The caller's iterator is only asked on the caller's thread. What it gave goes through a channel into a `Stream` of the library, and
//! what Python must have back with each result waits here, in the same order.

use std::collections::VecDeque;
use std::io::Cursor;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, TryLockError};
use std::task::Poll;
use std::time::Duration;

use allonym::io::{Documents, Format, ReadOptions};
use allonym::pipeline::{Failed, Stream};
use allonym::{Document, pipeline};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyString, PyTuple};

use crate::document::{Doc, Linked, utf8};
use crate::engine::Engine;
use crate::errors::{self, Class, Exception};
use crate::process::OfProcess;
use crate::waiting::PATIENCE;

/// The bytes of text that are read ahead for each thread: those of the four chunks that a `Stream` has in hand.
const AHEAD: usize = 4 << 16;

/// An iterator over pairs of a result and the caller's context; a result is a `Doc`, or the exception that stands for one.
#[pyclass(frozen, module = "allonym._allonym")]
pub(crate) struct Pipe {
    state: Mutex<State>,
}

struct State {
    /// The caller's items, until they end.
    items: Option<Py<PyIterator>>,
    /// What the caller's iterator raised: it comes after the results of all before it.
    raised: Option<PyErr>,
    threaded: OfProcess<Threaded>,
    waiting: VecDeque<Waiting>,
    n_bytes: usize,
    n_read: usize,
    most_bytes: usize,
    batch_size: usize,
    options: ReadOptions,
    linked: Linked,
}

struct Threaded {
    /// Closed when the items end.
    send: Option<Sender<Document>>,
    stream: Stream<Document>,
}

/// What Python gets back with a result.
struct Waiting {
    index: usize,
    context: Option<Py<PyAny>>,
    content: Content,
}

enum Content {
    /// The document is in the stream.
    Sent { text: Option<Py<PyString>>, n_bytes: usize },
    /// There is none.
    Unread(PyErr),
}

impl Pipe {
    pub(crate) fn new(
        engine: &Engine,
        items: &Bound<'_, PyAny>,
        [text, id]: [String; 2],
        batch_size: usize,
    ) -> PyResult<Self> {
        let py = items.py();
        let items = items.try_iter()?.unbind();
        let (send, receive) = channel();
        let stream = engine.pipeline(py)?.stream(receive, engine.request()).map_err(|error| error.raised(py))?;
        let state = State {
            items: Some(items),
            raised: None,
            threaded: OfProcess::new(Threaded { send: Some(send), stream }),
            waiting: VecDeque::new(),
            n_bytes: 0,
            n_read: 0,
            most_bytes: AHEAD * engine.n_threads(py),
            batch_size,
            options: ReadOptions::default().format(Format::Jsonl).text_field(text).id_field(id),
            linked: engine.linked(),
        };
        Ok(Self { state: Mutex::new(state) })
    }
}

#[pymethods]
impl Pipe {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<(Py<PyAny>, Option<Py<PyAny>>)>> {
        match self.state.try_lock() {
            Ok(mut state) => state.next(py),
            Err(TryLockError::Poisoned(state)) => state.into_inner().next(py),
            Err(TryLockError::WouldBlock) => Err(PyValueError::new_err("pipe already executing")),
        }
    }
}

impl State {
    fn next(&mut self, py: Python<'_>) -> PyResult<Option<(Py<PyAny>, Option<Py<PyAny>>)>> {
        loop {
            if self.waiting.front().is_some_and(|first| matches!(first.content, Content::Unread(_))) {
                let first = self.waiting.pop_front().expect("it was seen");
                return Ok(Some(first.unread(py)));
            }
            let has_room =
                self.items.is_some() && self.n_bytes < self.most_bytes && self.waiting.len() < self.batch_size;
            if self.waiting.is_empty() && !has_room {
                return self.raised.take().map_or(Ok(None), Err);
            }
            // A result that is there is better than one item more, which may be long in coming.
            let patience = if has_room { Duration::ZERO } else { PATIENCE };
            if !self.waiting.is_empty()
                && let Poll::Ready(result) = self.poll(py, patience)?
            {
                let first = self.waiting.pop_front().expect("it waits for a result");
                return Ok(Some(self.result(py, first, result)?));
            }
            match has_room {
                true => self.read(py)?,
                false => py.check_signals()?,
            }
        }
    }

    fn threaded(&mut self, py: Python<'_>) -> PyResult<&mut Threaded> {
        self.threaded.get_mut().ok_or_else(|| errors::forked(py, "an iterator"))
    }

    fn poll(
        &mut self,
        py: Python<'_>,
        patience: Duration,
    ) -> PyResult<Poll<Result<Document, Failed<Document, pipeline::Error>>>> {
        let stream = &mut self.threaded(py)?.stream;
        let polled =
            if patience.is_zero() { stream.poll_for(patience) } else { py.detach(|| stream.poll_for(patience)) };
        Ok(polled.map(|result| result.expect("there is a result for each document")))
    }

    /// Reads one item.
    fn read(&mut self, py: Python<'_>) -> PyResult<()> {
        let items = self.items.as_ref().expect("there are items").clone_ref(py).into_bound(py);
        let item = match (&items).into_iter().next() {
            Some(Ok(item)) => item,
            ended => {
                self.raised = ended.and_then(Result::err);
                self.items = None;
                self.threaded(py)?.send = None;
                return Ok(());
            }
        };
        let index = self.n_read;
        self.n_read += 1;
        let (item, context) = context_of(item)?;
        let content = match self.document(&item, index) {
            Ok((document, text)) => {
                let n_bytes = document.text.len();
                self.n_bytes += n_bytes;
                let send = self.threaded(py)?.send.as_ref().expect("the items have not ended");
                send.send(document).expect("the stream reads until it is dropped");
                Content::Sent { text, n_bytes }
            }
            Err(error) if errors::is_of_input(py, &error) => {
                Content::Unread(errors::of_document(py, index, id_of(&item, &self.options).as_deref(), &error))
            }
            Err(error) => return Err(error),
        };
        self.waiting.push_back(Waiting { index, context, content });
        Ok(())
    }

    /// The document of an item, and the string of its text if there is one.
    fn document(&self, item: &Bound<'_, PyAny>, index: usize) -> PyResult<(Document, Option<Py<PyString>>)> {
        let py = item.py();
        if let Ok(text) = item.cast::<PyString>() {
            return Ok((Document::new(index.to_string(), utf8(text)?), Some(text.clone().unbind())));
        }
        if let Ok(doc) = item.cast::<Doc>() {
            let Document { id, text, layout, extra, .. } = &doc.get().document;
            let (id, text, layout, extra) = (id.clone(), text.clone(), layout.clone(), extra.clone());
            return Ok((Document { layout, extra, ..Document::new(id, text) }, None));
        }
        if item.cast::<PyDict>().is_ok() {
            return Ok((self.row(item, index)?, None));
        }
        let found = item.get_type().name()?;
        let message =
            format!("expected a text: a str, a dict with {:?}, or a Doc, found {found}", self.options.text_field);
        Err(Class::Input.with(py, message))
    }

    /// The document of a dict, read as a line of JSONL is.
    fn row(&self, item: &Bound<'_, PyAny>, index: usize) -> PyResult<Document> {
        let py = item.py();
        let json = py.import("allonym._json")?.getattr("dumps")?.call1((item,))?.cast_into::<PyString>()?;
        let json = utf8(&json)?.into_owned().into_bytes();
        let mut read = Documents::read(Cursor::new(json), "", &self.options);
        let read = read.next().ok_or_else(|| Class::Input.with(py, "expected a document, found an empty one"))?;
        let mut document = read.map_err(|error| {
            let message = error.to_string();
            Class::Input.with(py, message.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit() || c == ' '))
        })?;
        document.mentions.clear();
        document.entities.clear();
        if item.get_item(&self.options.id_field).is_err() {
            document.id = index.to_string();
        }
        Ok(document)
    }

    fn result(
        &mut self,
        py: Python<'_>,
        waited: Waiting,
        result: Result<Document, Failed<Document, pipeline::Error>>,
    ) -> PyResult<(Py<PyAny>, Option<Py<PyAny>>)> {
        let Waiting { index, context, content } = waited;
        let Content::Sent { text, n_bytes } = content else { unreachable!("it was sent") };
        self.n_bytes -= n_bytes;
        let document = match result {
            Ok(document) => document,
            Err(Failed { item, error }) => {
                let error = errors::of_document(py, index, Some(&item.id), &error.raised(py));
                return Ok((error.into_value(py).into_any(), context));
            }
        };
        let doc = Doc::new(document, self.linked).with_context(context.as_ref().map(|context| context.clone_ref(py)));
        let doc = if let Some(text) = text { doc.with_text(py, text) } else { doc };
        Ok((Py::new(py, doc)?.into_any(), context))
    }
}

impl Waiting {
    fn unread(self, py: Python<'_>) -> (Py<PyAny>, Option<Py<PyAny>>) {
        let Content::Unread(error) = self.content else { unreachable!("it was not read") };
        (error.into_value(py).into_any(), self.context)
    }
}

/// An item without the context that it may have beside it.
fn context_of(item: Bound<'_, PyAny>) -> PyResult<(Bound<'_, PyAny>, Option<Py<PyAny>>)> {
    if let Ok(doc) = item.cast::<Doc>() {
        let context = doc.get().context(item.py());
        return Ok((item, context));
    }
    match item.cast::<PyTuple>() {
        Ok(pair) if pair.len() == 2 => Ok((pair.get_item(0)?, Some(pair.get_item(1)?.unbind()))),
        _ => Ok((item, None)),
    }
}

/// The id of an item that cannot be read, if it has one.
fn id_of(item: &Bound<'_, PyAny>, options: &ReadOptions) -> Option<String> {
    let id = item.cast::<PyDict>().ok()?.get_item(&options.id_field).ok()??;
    Some(id.str().ok()?.to_string())
}
