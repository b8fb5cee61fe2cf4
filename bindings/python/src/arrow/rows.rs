//! Tags the rows of batches.

use std::sync::Arc;

use allonym::io::arrow::{NotText, Texts};
use allonym::pipeline::Stop;
use allonym::{Document, Pipeline, Request};
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int16Type, Int32Type, Int64Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, BinaryArray, LargeBinaryArray, RecordBatch, RecordBatchOptions, UInt64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use pyo3::prelude::*;

use super::columns::{self, Row};
use crate::document::Linked;
use crate::engine::Engine;
use crate::errors::{self, Class};
use crate::waiting;

/// What a table has a row for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Documents,
    Mentions,
}

/// What becomes of a row that cannot be tagged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnError {
    Raise,
    Skip,
    /// It comes out with the error in a column.
    Return,
}

impl OnError {
    pub(super) fn of(py: Python<'_>, name: &str) -> PyResult<Self> {
        match name {
            "raise" => Ok(Self::Raise),
            "skip" => Ok(Self::Skip),
            "return" => Ok(Self::Return),
            _ => Err(Class::Input.with(py, format!("expected on_error to be raise, skip or return, found {name:?}"))),
        }
    }
}

/// Tags batches of one schema.
#[derive(Clone)]
pub(super) struct Rows {
    pipeline: Pipeline,
    request: Request,
    linked: Linked,
    /// Names and places of the columns of texts and ids.
    text: (String, usize),
    id: Option<usize>,
    shape: Shape,
    on_error: OnError,
    pub(super) schema: SchemaRef,
    /// The number of rows before the batch in hand.
    n_before: usize,
}

/// A row that cannot be tagged.
pub(super) struct Failure {
    row: usize,
    id: Option<String>,
    message: String,
}

/// Batches that are tagged together, and how many of their rows were skipped.
pub(super) struct Done {
    pub(super) batches: Vec<RecordBatch>,
    pub(super) skipped: Vec<String>,
}

/// The fields that are added to those of a table.
pub(super) fn added(shape: Shape, on_error: OnError) -> Vec<Field> {
    let mut fields = if shape == Shape::Mentions { columns::exploded() } else { columns::nested() };
    if on_error == OnError::Return {
        fields.push(columns::error());
    }
    fields
}

impl Rows {
    pub(super) fn new(
        engine: &Engine,
        py: Python<'_>,
        schema: &Schema,
        (text, id): (String, Option<String>),
        (shape, on_error): (Shape, OnError),
    ) -> PyResult<Self> {
        let input = |message: String| Class::Input.with(py, message);
        let place = |name: &str| {
            let names = || schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ");
            schema.index_of(name).map_err(|_| input(format!("expected a column {name:?}, found {}", names())))
        };
        let added = added(shape, on_error);
        if let Some(field) = added.iter().find(|field| schema.index_of(field.name()).is_ok()) {
            let name = field.name();
            return Err(input(format!(
                "expected no column {name:?}, which tagging adds, found one: rename or drop it first"
            )));
        }
        let fields: Vec<Arc<Field>> = schema.fields().iter().cloned().chain(added.into_iter().map(Arc::new)).collect();
        Ok(Self {
            request: engine.request().clone(),
            linked: engine.linked(),
            id: id.as_deref().map(place).transpose()?,
            text: (text.clone(), place(&text)?),
            shape,
            on_error,
            schema: Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())),
            n_before: 0,
            pipeline: engine.pipeline(py)?,
        })
    }

    /// Tags batches, which are best so many that all threads have work.
    pub(super) fn tag(&mut self, py: Python<'_>, batches: Vec<RecordBatch>) -> PyResult<Done> {
        for batch in &batches {
            let column = batch.column(self.text.1);
            if column.data_type() != &DataType::Null
                && let Err(error) = texts(column)
            {
                return Err(Class::Input.with(py, format!("column {:?}: {error}", self.text.0)));
            }
        }
        let (rows, pool) = (self.clone(), self.pipeline.tagger().pool().clone());
        self.n_before += batches.iter().map(RecordBatch::num_rows).sum::<usize>();
        waiting::run(py, &pool, move |stop| rows.work(&batches, stop))?.map_err(|failure| failure.raised(py))
    }

    fn work(&self, batches: &[RecordBatch], stop: &Stop) -> Result<Done, Failure> {
        let mut tagged = self.tag_rows(batches, stop).into_iter();
        let mut done = Done { batches: Vec::with_capacity(batches.len()), skipped: Vec::new() };
        let mut n_before = self.n_before;
        for batch in batches {
            let rows: Vec<Row> = tagged.by_ref().take(batch.num_rows()).collect();
            let ids = self.id.map(|place| batch.column(place));
            let failure = |row: usize, message: &str| Failure {
                row: n_before + row,
                id: ids.and_then(|ids| id(ids, row)),
                message: message.to_owned(),
            };
            let mut failed = rows.iter().enumerate().filter_map(|(row, made)| Some(failure(row, made.error()?)));
            match self.on_error {
                OnError::Raise => failed.next().map_or(Ok(()), Err)?,
                OnError::Skip => done.skipped.extend(failed.map(|failure| failure.to_string())),
                OnError::Return => {}
            }
            done.batches.push(self.batch(batch, rows).map_err(|error| failure(0, &errors::chain(&error)))?);
            n_before += batch.num_rows();
        }
        Ok(done)
    }

    /// Tags the texts of all batches together.
    fn tag_rows(&self, batches: &[RecordBatch], stop: &Stop) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let mut places = Vec::new();
        let mut documents = Vec::new();
        for batch in batches {
            // The other columns that may come are those of nulls.
            let texts = texts(batch.column(self.text.1)).ok();
            for row in 0..batch.num_rows() {
                rows.push(match texts.as_ref().and_then(|texts| texts.get(row)) {
                    None => Row::Null,
                    Some(Ok(text)) => {
                        places.push(rows.len());
                        documents.push(Document::new("", text));
                        Row::Null
                    }
                    Some(Err(error)) => Row::Failed(format!("expected text in UTF-8, found other bytes: {error}")),
                });
            }
        }
        let request = self.request.clone().stop(stop.clone());
        let outcomes = self.pipeline.process_all(&mut documents, &request).expect("the request was checked");
        for ((place, document), outcome) in places.into_iter().zip(documents).zip(outcomes) {
            rows[place] = match outcome {
                Ok(_) => Row::Tagged(document),
                Err(error) => Row::Failed(errors::chain(&error)),
            };
        }
        rows
    }

    /// A batch with the columns of its rows.
    fn batch(&self, batch: &RecordBatch, mut rows: Vec<Row>) -> Result<RecordBatch, allonym::io::Error> {
        let mut kept: Vec<u64> = (0..rows.len() as u64).collect();
        if self.on_error == OnError::Skip && rows.iter().any(|row| row.error().is_some()) {
            kept.retain(|&row| rows[row as usize].error().is_none());
            rows.retain(|row| row.error().is_none());
        }
        let times = |row: &Row| if self.shape == Shape::Mentions { row.n_exploded() } else { 1 };
        let sources: Vec<u64> =
            kept.iter().zip(&rows).flat_map(|(&source, row)| std::iter::repeat_n(source, times(row))).collect();
        let mut errors = StringBuilder::new();
        rows.iter().for_each(|row| (0..times(row)).for_each(|_| errors.append_option(row.error())));
        let added = match self.shape {
            Shape::Documents => columns::nested_columns(rows, self.linked)?,
            Shape::Mentions => columns::exploded_columns(rows)?,
        };
        let is_whole = self.shape == Shape::Documents && sources.len() == batch.num_rows();
        let n_rows = sources.len();
        let sources = UInt64Array::from(sources);
        let carried = batch.columns().iter().map(|column| match is_whole {
            true => Arc::clone(column),
            false => take(column, &sources, None).expect("rows of the batch"),
        });
        let mut all: Vec<ArrayRef> = carried.chain(added).collect();
        if self.on_error == OnError::Return {
            all.push(Arc::new(errors.finish()));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
        let made = RecordBatch::try_new_with_options(Arc::clone(&self.schema), all, &options);
        Ok(made.expect("the columns are those of the schema"))
    }
}

/// The texts of a column. Nobody has checked that they are UTF-8: they are read as bytes, and each is looked at.
fn texts(column: &ArrayRef) -> Result<Texts, NotText> {
    let bytes: ArrayRef = match column.data_type() {
        DataType::Utf8 => Arc::new(BinaryArray::from(column.as_string::<i32>().clone())),
        DataType::LargeUtf8 => Arc::new(LargeBinaryArray::from(column.as_string::<i64>().clone())),
        DataType::Utf8View => Arc::new(column.as_string_view().clone().to_binary_view()),
        _ => Arc::clone(column),
    };
    Texts::new(&bytes)
}

/// The id of a row, if it is a text or a number.
fn id(ids: &ArrayRef, row: usize) -> Option<String> {
    macro_rules! number {
        ($type:ty) => {
            ids.as_primitive_opt::<$type>().filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row).to_string())
        };
    }
    match ids.data_type() {
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        _ => texts(ids).ok()?.get(row)?.ok().map(str::to_owned),
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.id {
            Some(id) => write!(f, "row {} (id {id:?}): {}", self.row, self.message),
            None => write!(f, "row {}: {}", self.row, self.message),
        }
    }
}

impl Failure {
    fn raised(&self, py: Python<'_>) -> PyErr {
        let cause = Class::Input.with(py, self.message.clone());
        errors::of_document(py, self.row, self.id.as_deref(), &cause)
    }
}
