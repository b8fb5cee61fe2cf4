//! What does the user say about names?
//!
//! [`Rows`] are names that a user knows, read from a table or from JSONL: the alias file and the user's own knowledge base. An
//! [`AliasTable`] finds the row that a mention means, [`Rows::identified`] makes a knowledge base of rows, and
//! [`Constraints`] say which names are the same whatever anything else says, and which never are.
//!
//! ```
//! use allonym::link::Kind;
//! use allonym::link::user::{AliasTable, Found, Layout, Rows};
//!
//! let tsv = "canonical\talias\tlabel\nAbbas Araghchi\tAraghchi\tPER\n";
//! let table = AliasTable::new(Rows::read(tsv.as_bytes(), Layout::Tsv, "names.tsv")?);
//! let Found::One(found) = table.find("Abas Aragchi", Kind::Person) else { panic!("one row is meant") };
//! assert_eq!(found.row.canonical, "Abbas Araghchi");
//! assert!(found.score > 0.9);
//! assert!(matches!(table.find("Ali Larijani", Kind::Person), Found::Nil));
//! # Ok::<(), allonym::link::user::Error>(())
//! ```

mod alias_table;
mod constraints;
mod error;
mod rows;

pub use alias_table::{AliasHow, AliasMatch, AliasTable, Found};
pub use constraints::{ConstraintError, Constraints};
pub use error::Error;
pub use rows::{Layout, Row, Rows};
