//! Mentions in Python: objects of the class in `allonym/_types.py`.

use allonym::Document;
use allonym::text::{OffsetUnit, Offsets};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyFloat, PyTuple};

use crate::errors::Class;

/// The mentions of a document, with offsets that count code points.
pub(crate) fn of(py: Python<'_>, document: &Document) -> PyResult<Py<PyTuple>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = CLASS.import(py, "allonym._types", "Mention")?;
    let offsets = Offsets::new(&document.text, OffsetUnit::Char);
    let mut made = Vec::with_capacity(document.mentions.len());
    for mention in &document.mentions {
        let (Some(text), Some((start, end))) = (mention.span.slice(&document.text), offsets.units(mention.span)) else {
            let message =
                format!("document {:?}: expected a span of whole characters, found {}", document.id, mention.span);
            return Err(Class::Input.with(py, message));
        };
        let score = mention.score.map(|score| PyFloat::new(py, rounded(score)));
        made.push(class.call1((start, end, text, mention.label.as_str(), score, mention.entity.as_deref()))?);
    }
    Ok(PyTuple::new(py, made)?.unbind())
}

/// A probability with the four decimals that files show.
pub(crate) fn rounded(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}
