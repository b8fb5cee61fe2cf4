//! Tags the persons, organisations and places in news articles.

pub mod encode;
pub mod io;
pub mod label;
pub mod text;
