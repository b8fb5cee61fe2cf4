//! The part of the npm package `allonym` that is Rust: one class, whose methods take and return JSON. What has to do with JavaScript is in
//! `js`: loading, caching, workers, types.

mod engine;
mod failure;
mod request;

pub use engine::Engine;
