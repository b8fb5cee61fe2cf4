//! The compressions that inputs and outputs can have.

/// How a file is compressed. Needs the feature `compress` for anything but [`Compression::None`].
///
/// ```
/// use allonym::io::Compression;
///
/// assert_eq!(Compression::from_name("news.jsonl.zst"), Compression::Zstd);
/// assert_eq!(Compression::from_name("news.jsonl"), Compression::None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not compressed.
    #[default]
    None,
    /// gzip (RFC 1952), in one or more members.
    Gzip,
    /// Zstandard (RFC 8878), in one or more frames.
    Zstd,
}

impl Compression {
    /// The compression that a file name stands for: `.gz`, `.zst`, or none.
    pub fn from_name(name: &str) -> Self {
        if name.ends_with(".gz") {
            Self::Gzip
        } else if name.ends_with(".zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// The compression of a stream that begins with these four bytes.
    pub(super) fn from_magic(bytes: &[u8]) -> Self {
        match bytes {
            [0x1F, 0x8B, ..] => Self::Gzip,
            // A frame, or a skippable one.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            _ => Self::None,
        }
    }

    /// What an error calls it.
    #[cfg(not(feature = "compress"))]
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::None => "no compression",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}
