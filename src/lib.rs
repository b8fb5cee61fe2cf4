//! Tags the persons, organisations and places in news articles.

pub mod encode;
pub mod text;
