//! Rows of a file, some at once.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::io::{Error, RowPlace};

/// Some rows of a file.
pub(crate) struct Batch {
    pub(crate) columns: RecordBatch,
    /// What they are stored in.
    pub(crate) place: RowPlace,
    /// The number of the first row in the file, from 1.
    pub(crate) first: u64,
}

/// The rows of a file, in their order.
pub(crate) trait Batches: Send {
    /// The columns. Those of texts may have the type of bytes that nobody has checked.
    fn schema(&self) -> SchemaRef;

    /// The next rows. After an error the next call goes on with those that follow.
    fn next(&mut self) -> Option<Result<Batch, Error>>;
}
