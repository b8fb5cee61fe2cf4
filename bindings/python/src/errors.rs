//! Errors of the library as exceptions. Their classes are in `allonym/_errors.py`.

use std::error::Error;
use std::io::ErrorKind;

use allonym::{io, link, model, pipeline};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

/// A class of exceptions.
#[derive(Clone, Copy)]
pub(crate) enum Class {
    /// An argument or a document is not what it has to be.
    Input,
    /// A file or folder is not there.
    Missing,
    /// The system cannot read or write.
    File,
    /// A model is not there.
    NoModel,
    /// A model cannot be used, or fails.
    Model,
    /// What was made before a fork was used after it.
    Process,
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Self::Input => "InputError",
            Self::Missing => "MissingFileError",
            Self::File => "FileError",
            Self::NoModel => "ModelNotFoundError",
            Self::Model => "ModelError",
            Self::Process => "AllonymError",
        }
    }

    /// An exception of this class.
    pub(crate) fn with(self, py: Python<'_>, message: impl Into<String>) -> PyErr {
        let made = class(py, self.name()).and_then(|class| class.call1((message.into(),)));
        made.map_or_else(|error| error, PyErr::from_value)
    }
}

/// A class of `allonym._errors`.
fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    static MODULE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let module = MODULE.get_or_try_init(py, || Ok::<_, PyErr>(py.import("allonym._errors")?.into_any().unbind()))?;
    module.bind(py).getattr(name)
}

/// The exception of a document of many: its message says which one.
pub(crate) fn of_document(py: Python<'_>, index: usize, id: Option<&str>, cause: &PyErr) -> PyErr {
    let make = || {
        let message = cause.value(py).str()?.to_string();
        let arguments = PyDict::new(py);
        arguments.set_item("index", index)?;
        arguments.set_item("id", id)?;
        class(py, "DocumentError")?.call((message,), Some(&arguments))
    };
    match make() {
        Ok(made) => {
            let error = PyErr::from_value(made);
            error.set_cause(py, Some(cause.clone_ref(py)));
            error
        }
        Err(error) => error,
    }
}

/// Whether an exception is ours or the interpreter's word on a value, and so about one document; all else ends a stream.
pub(crate) fn is_of_input(py: Python<'_>, error: &PyErr) -> bool {
    use pyo3::exceptions::{PyTypeError, PyValueError};
    let is_ours = class(py, "AllonymError").and_then(|ours| {
        let ours = ours.cast_into::<PyType>()?;
        Ok(error.is_instance(py, &ours))
    });
    is_ours.unwrap_or(false) || error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyTypeError>(py)
}

/// The message of an error with those of its causes.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_message = cause.to_string();
        if !message.ends_with(&cause_message) {
            message.push_str(": ");
            message.push_str(&cause_message);
        }
        source = cause.source();
    }
    message
}

/// An error of the library that is an exception in Python.
pub(crate) trait Exception: Error + Sized + 'static {
    fn class(&self) -> Class;

    fn raised(&self, py: Python<'_>) -> PyErr {
        self.class().with(py, chain(self))
    }
}

impl Exception for io::Error {
    fn class(&self) -> Class {
        match self {
            Self::Missing { .. } | Self::NoMatch { .. } => Class::Missing,
            Self::Read { .. } if self.io_kind() == Some(ErrorKind::NotFound) => Class::Missing,
            // The limits on what is read travel as errors of reading.
            Self::Read { .. } if self.io_kind() == Some(ErrorKind::FileTooLarge) => Class::Input,
            Self::Read { .. } if self.io_kind() == Some(ErrorKind::InvalidData) => Class::Input,
            Self::Read { .. } | Self::Write { .. } => Class::File,
            _ => Class::Input,
        }
    }
}

impl Exception for model::Error {
    fn class(&self) -> Class {
        match self {
            Self::UnknownModel { .. } | Self::NoLanguage { .. } | Self::NoMultilingual => Class::NoModel,
            Self::Folder { source, .. } => source.class(),
            Self::Read { source, .. } if source.kind() == ErrorKind::NotFound => Class::NoModel,
            Self::UnknownHead { .. } => Class::Input,
            _ => Class::Model,
        }
    }
}

impl Exception for pipeline::Error {
    fn class(&self) -> Class {
        match self {
            Self::Model(error) => error.class(),
            Self::UnknownLabel { .. } | Self::MinScore { .. } => Class::Input,
            _ => Class::Model,
        }
    }
}

impl Exception for link::Error {
    fn class(&self) -> Class {
        Class::Input
    }
}

impl Exception for allonym::eval::PairingError {
    fn class(&self) -> Class {
        Class::Input
    }
}

/// What was made before a fork, used after it.
pub(crate) fn forked(py: Python<'_>, what: &str) -> PyErr {
    Class::Process
        .with(py, format!("expected {what} of this process, found one of the process that it was forked from"))
}
