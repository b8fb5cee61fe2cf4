//! The engine over libtorch. Beside the other tests, since with libtorch, and without the program, they build in a fraction of the time.

mod engine;
#[path = "../all/fixtures.rs"]
mod fixtures;
mod rust_bert_pipeline;
