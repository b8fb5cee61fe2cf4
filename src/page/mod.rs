//! What all HTML pages share: texts that are safe in them, the colours of labels, style, script, and the frame around it all.

mod address;
mod colours;
mod frame;
mod markup;

#[cfg(feature = "files")]
pub(crate) use address::{address, link};
pub(crate) use colours::Colours;
pub(crate) use frame::{Fetches, Frame, StyleAttributes};
pub(crate) use markup::{attribute, json, visible};
