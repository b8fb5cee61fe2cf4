//! JSONL: one document a line, in the form that DESIGN.md's "The document on the wire" lays down.

mod entities;
mod read;
mod write;

pub(crate) use read::JsonlReader;
pub(crate) use write::{rounded, write_jsonl};
