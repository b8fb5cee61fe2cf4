//! `ArrowTable`: a tagged table that other libraries read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::rows::{OnError, Rows, Shape, added};
use crate::engine::Engine;
use crate::errors::{self, Class};
use crate::process::OfProcess;

/// The bytes of batches that are tagged together, for each thread, so that all threads have work.
const TOGETHER: usize = 4 << 16;

/// Batches of one schema; see `_allonym.pyi`.
#[pyclass(frozen, module = "allonym._allonym")]
pub(crate) struct ArrowTable {
    schema: SchemaRef,
    batches: Mutex<Batches>,
}

enum Batches {
    /// All of them.
    Ready(Arc<Vec<RecordBatch>>),
    /// They are tagged when somebody reads them, once.
    Lazy(Option<OfProcess<Tagging>>),
}

type Source = Box<dyn RecordBatchReader + Send>;

/// Batches that are tagged as they are read.
struct Tagging {
    source: Option<Source>,
    rows: Rows,
    together: usize,
    done: VecDeque<RecordBatch>,
}

impl Tagging {
    /// Tags some batches. The source is asked on this thread: it may be Python, and whoever asks us may hold its lock.
    fn step(&mut self, py: Python<'_>) -> PyResult<()> {
        let mut together = Vec::new();
        let mut n_bytes = 0;
        while let Some(source) = &mut self.source
            && n_bytes < self.together
        {
            py.check_signals()?;
            match py.detach(|| source.next()) {
                Some(batch) => {
                    let batch =
                        batch.map_err(|error| Class::Input.with(py, format!("cannot read the table: {error}")))?;
                    n_bytes += batch.get_array_memory_size();
                    together.push(batch);
                }
                None => self.source = None,
            }
        }
        let done = self.rows.tag(py, together)?;
        for message in done.skipped {
            py.import("allonym._errors")?.getattr("skipped")?.call1((message,))?;
        }
        self.done.extend(done.batches);
        Ok(())
    }

    fn next(&mut self, py: Python<'_>) -> PyResult<Option<RecordBatch>> {
        while self.done.is_empty() && self.source.is_some() {
            self.step(py)?;
        }
        Ok(self.done.pop_front())
    }
}

/// The batches for a reader that knows no Python.
struct Reading {
    schema: SchemaRef,
    tagging: OfProcess<Tagging>,
    has_failed: bool,
}

impl Iterator for Reading {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed {
            return None;
        }
        let next = Python::attach(|py| match self.tagging.get_mut() {
            Some(tagging) => tagging.next(py),
            None => Err(errors::forked(py, "a table")),
        });
        self.has_failed = next.is_err();
        next.map_err(|error| ArrowError::ExternalError(Box::new(error))).transpose()
    }
}

impl RecordBatchReader for Reading {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// A table of another library.
fn source(data: &Bound<'_, PyAny>) -> PyResult<Source> {
    if data.hasattr("__arrow_c_stream__")? {
        return Ok(Box::new(RecordBatchStreamReader::from_pyarrow_bound(data)?));
    }
    if data.hasattr("__arrow_c_array__")? {
        let batch = RecordBatch::from_pyarrow_bound(data)?;
        let schema = batch.schema();
        return Ok(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    }
    let found = data.get_type().fully_qualified_name()?;
    let message = format!(
        "expected a table with __arrow_c_stream__ or __arrow_c_array__ (of pyarrow, polars, pandas 2.2 or DuckDB), found {found}"
    );
    Err(Class::Input.with(data.py(), message))
}

impl ArrowTable {
    pub(crate) fn tagged(
        engine: &Engine,
        data: &Bound<'_, PyAny>,
        columns: (String, Option<String>),
        explode: bool,
        on_error: &str,
        lazy: bool,
    ) -> PyResult<Self> {
        let py = data.py();
        let shape = if explode { Shape::Mentions } else { Shape::Documents };
        let on_error = OnError::of(py, on_error)?;
        let source = source(data)?;
        let rows = Rows::new(engine, py, &source.schema(), columns, (shape, on_error))?;
        let schema = Arc::clone(&rows.schema);
        let together = TOGETHER * engine.n_threads(py);
        let mut tagging = Tagging { source: Some(source), rows, together, done: VecDeque::new() };
        let batches = if lazy {
            Batches::Lazy(Some(OfProcess::new(tagging)))
        } else {
            while tagging.source.is_some() {
                tagging.step(py)?;
            }
            Batches::Ready(Arc::new(tagging.done.into()))
        };
        Ok(Self { schema, batches: Mutex::new(batches) })
    }

    fn reader(&self, py: Python<'_>) -> PyResult<Source> {
        let schema = Arc::clone(&self.schema);
        match &mut *self.batches.lock().unwrap_or_else(PoisonError::into_inner) {
            Batches::Ready(batches) => {
                let batches: Vec<_> = batches.iter().cloned().map(Ok).collect();
                Ok(Box::new(RecordBatchIterator::new(batches, schema)))
            }
            Batches::Lazy(tagging) => {
                let tagging = tagging.take().ok_or_else(|| {
                    Class::Input.with(
                        py,
                        "expected a table that was not read yet, as lazy=True gives it once, found one that was",
                    )
                })?;
                Ok(Box::new(Reading { schema, tagging, has_failed: false }))
            }
        }
    }
}

#[pymethods]
impl ArrowTable {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A producer need not follow a request.
        let _ = requested_schema;
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(self.reader(py)?), c"arrow_array_stream")
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref());
        let schema = schema.map_err(|error| Class::Input.with(py, error.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The number of rows; `None` of a table that is read once.
    #[getter]
    fn num_rows(&self) -> Option<usize> {
        match &*self.batches.lock().unwrap_or_else(PoisonError::into_inner) {
            Batches::Ready(batches) => Some(batches.iter().map(RecordBatch::num_rows).sum()),
            Batches::Lazy(_) => None,
        }
    }
}

/// An empty table with the columns that tagging adds.
#[pyfunction(name = "arrow_schema")]
#[pyo3(signature = (*, explode, error))]
pub(crate) fn added_columns(explode: bool, error: bool) -> ArrowTable {
    let shape = if explode { Shape::Mentions } else { Shape::Documents };
    let on_error = if error { OnError::Return } else { OnError::Raise };
    let schema = Arc::new(Schema::new(added(shape, on_error)));
    ArrowTable { schema, batches: Mutex::new(Batches::Ready(Arc::default())) }
}
