//! brat standoff: a text file with an annotation file beside it (<https://brat.nlplab.org/standoff.html>). Offsets count
//! Unicode scalar values.

mod file_name;
mod normalisation;
mod pairs;
mod read;
mod standoff;
mod write;

#[cfg(feature = "cli")]
pub(crate) use file_name::file_name as file_name_of;
#[cfg(feature = "cli")]
pub(crate) use pairs::has_annotations;
pub(crate) use pairs::{annotations_of, join_pairs, no_annotations};
pub(crate) use read::BratReader;
pub(crate) use write::BratWriter;
