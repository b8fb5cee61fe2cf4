//! Texts as HTML shows them.

use std::borrow::Cow;

use html_escape::{encode_double_quoted_attribute, encode_text};

/// Text escaped for a page.
pub(crate) fn visible(text: &str) -> String {
    encode_text(&without_nul(text)).into_owned()
}

/// Text escaped for an attribute in double quotes.
pub(crate) fn attribute(text: &str) -> String {
    encode_double_quoted_attribute(&without_nul(text)).into_owned()
}

/// NUL, which no page can hold, becomes its symbol.
fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "␀").into() } else { text.into() }
}
