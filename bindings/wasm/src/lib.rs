//! The part of the npm package `allonym` that is Rust: two classes, whose methods take and return JSON. What has to do with JavaScript is in
//! `js`: loading, caching, workers, types.

mod engine;
mod failure;
mod json;
#[cfg(target_arch = "wasm32")]
mod product;
mod request;
mod review;

pub use engine::Engine;
pub use review::{File, Review};
