//! Errors, as JavaScript gets them.

use std::error::Error;

use wasm_bindgen::JsError;

/// An error with its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}

/// The same as an exception.
pub(crate) fn thrown(error: impl Error) -> JsError {
    JsError::new(&chain(&error))
}
