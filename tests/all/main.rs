//! The integration tests, one program.

mod archive;
mod articles;
mod browser;
mod cli;
#[cfg(feature = "arrow")]
mod columns;
mod docs;
mod engines;
mod eval_agreement;
mod eval_cli;
mod fixtures;
mod foreign_formats;
mod foreign_models;
mod fuzz_corpus;
mod growth;
mod hostile;
#[cfg(feature = "hub")]
mod hub;
mod io_read;
mod io_write;
mod knowledge_base;
mod languages;
mod layering;
mod link_cases;
mod link_cli;
mod link_scripts;
mod listening;
mod long_documents;
mod model_agreement;
mod outputs;
mod pages;
mod pieces;
mod pipeline;
mod redact;
mod refinements;
mod resume;
mod review;
mod review_page;
mod run_report;
mod server;
mod shared_data;
mod shared_eval;
mod shared_link;
mod shared_names;
mod signals;
mod sister;
mod threads;
mod top;
#[cfg(feature = "train")]
mod train;
