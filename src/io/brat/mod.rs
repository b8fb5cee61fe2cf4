//! brat standoff: a text file with an annotation file beside it (<https://brat.nlplab.org/standoff.html>). Offsets count
//! Unicode scalar values.

mod normalisation;
mod read;
mod write;

pub(crate) use read::BratReader;
pub(crate) use write::BratWriter;

/// The field of [`Document::extra`](crate::text::Document::extra) with the lines of an annotation file that are no mentions.
const LINES: &str = "brat";
/// The field of [`Mention::extra`](crate::text::Mention::extra) with the mention's id in its annotation file, kept where
/// other lines may refer to it.
const ID: &str = "brat_id";

/// The text of a mention as an annotation file has it: on one line.
fn one_line(surface: &str) -> String {
    surface.replace(['\n', '\r'], " ")
}
