//! Web pages: the article of a page read as text, and tagged documents written as one page.

mod read;
mod write;

pub(crate) use read::HtmlReader;
pub(crate) use write::HtmlWriter;
