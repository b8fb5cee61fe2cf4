//! Tags the persons, organisations and places in news articles.

pub mod encode;
pub mod model;
pub mod text;
