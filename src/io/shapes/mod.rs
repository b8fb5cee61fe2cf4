//! Annotations in the JSON of other tools: spaCy, doccano, Prodigy, Label Studio and the pipelines of Hugging Face.
//!
//! All of them say where a mention starts and ends, in code points, and what its label is; they differ in the names for that. So one
//! reader ([`list`]) takes a list of triples or of objects under any of these names, and a [`Shape`] says which fields hold it.

mod found;
mod list;
mod shape;
mod spans;
mod take;
mod write;

pub(in crate::io) use found::Found;
pub(in crate::io) use shape::Shape;
pub(in crate::io) use spans::place;
pub(in crate::io) use take::{Field, Source, Taken, resembles, take};
pub(in crate::io) use write::ShapeWriter;
