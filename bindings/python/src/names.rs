//! `compare`: two names of persons.

use allonym::link::names::{self, NameModel};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::document::utf8;

/// The probability that two names are one person's, the threshold, and the reasons.
#[pyfunction]
pub(crate) fn compare(first: &Bound<'_, PyString>, second: &Bound<'_, PyString>) -> PyResult<(f64, f64, Vec<String>)> {
    let py = first.py();
    let (first, second) = (utf8(first)?.into_owned(), utf8(second)?.into_owned());
    Ok(py.detach(|| {
        let comparison = names::compare(&first, &second);
        let reasons = comparison.evidence.iter().map(ToString::to_string).collect();
        (comparison.probability, NameModel::embedded().threshold(), reasons)
    }))
}
