//! Texts as HTML shows them.

use std::borrow::Cow;

use html_escape::{encode_double_quoted_attribute, encode_text};

/// Text between the tags of a page.
pub(crate) fn visible(text: &str) -> String {
    encode_text(&without_nul(text)).into_owned()
}

/// Text in an attribute with double quotation marks.
pub(crate) fn attribute(text: &str) -> String {
    encode_double_quoted_attribute(&without_nul(text)).into_owned()
}

/// A page cannot hold NUL; its symbol takes its place.
fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "␀").into() } else { text.into() }
}
