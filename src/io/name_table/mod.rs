//! Tables of names that a user knows: an alias list, or a knowledge base of the user's own.

mod columns;
mod entities;
mod json;
mod row;
mod table;

pub use row::NameRow;
pub use table::{NameFormat, NameTable};
