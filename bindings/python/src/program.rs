//! `run`: the program `allonym`.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the program with its arguments, the first one being its own name, and returns its exit code.
#[pyfunction]
pub(crate) fn run(py: Python<'_>, args: Vec<OsString>) -> u8 {
    py.detach(|| allonym::cli::status(args))
}
