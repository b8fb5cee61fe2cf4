//! A report as an HTML page.
//!
//! The page is one file: style, script, pictures and documents are inside, and its policy lets it load nothing else. Tables
//! and pictures need no script; the documents do.

mod axis;
mod documents;
mod lists;
mod page;
mod plot;
mod points;
mod tables;

pub(crate) use page::html;
