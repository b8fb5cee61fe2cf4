//! Tables of other libraries, by the Arrow C data interface, in and out.

mod columns;
mod rows;
mod table;

pub(crate) use table::{ArrowTable, added_columns};
