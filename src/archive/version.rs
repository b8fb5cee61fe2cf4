//! By which a file is known to be an archive.

/// Version of the schema, which `PRAGMA user_version` gives.
pub const VERSION: i64 = 1;
/// What `PRAGMA application_id` gives: "alny".
pub const APPLICATION: i64 = 0x616c_6e79;
