//! Web pages: the article of a page read as text (feature `html`), and tagged documents written as one page (feature `files`).

#[cfg(feature = "html")]
mod decode;
#[cfg(feature = "html")]
mod depth;
#[cfg(feature = "files")]
mod marked;
#[cfg(feature = "html")]
mod page;
#[cfg(feature = "html")]
mod read;
#[cfg(feature = "html")]
mod text;
#[cfg(feature = "html")]
mod title;
#[cfg(feature = "files")]
mod write;

#[cfg(feature = "html")]
pub(crate) use read::HtmlReader;
#[cfg(feature = "files")]
pub(crate) use write::HtmlWriter;
