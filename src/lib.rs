//! Tags the persons, organisations and places in news articles.

pub mod cli;
pub mod decode;
pub mod encode;
pub mod io;
pub mod label;
pub mod model;
pub mod pipeline;
pub mod text;
