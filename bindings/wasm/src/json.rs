//! JSON in and out.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsError;

pub(crate) fn parse<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, JsError> {
    serde_json::from_str(text).map_err(|error| JsError::new(&format!("{what}: {error}")))
}

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text, numbers and lists are always JSON")
}
