//! What the annotation files of brat have in common, read or written.

/// The field of [`Document::extra`](crate::text::Document::extra) with the lines of an annotation file that are not mentions.
pub(super) const LINES: &str = "brat";
/// The field of [`Mention::extra`](crate::text::Mention::extra) with the mention's id in its annotation file, kept where
/// other lines may refer to it.
pub(super) const ID: &str = "brat_id";

/// The text of a mention as an annotation file has it: on one line.
pub(super) fn one_line(surface: &str) -> String {
    surface.replace(['\n', '\r'], " ")
}
