//! The page of `allonym review` in a real browser, by its keys and with a mouse. Without Chromium and its driver the tests print
//! `skipped:` and pass; `.ci/run` wants them.
#![cfg(all(unix, feature = "review", feature = "embedded-model"))]

mod documents;
mod driver;
mod entities;
mod gold;
mod hostile;
mod kept;
mod large;
mod looks;
mod mentions;
mod process;
mod tab;
mod taught;
