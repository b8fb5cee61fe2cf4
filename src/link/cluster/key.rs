//! Hashes of what two names can share.

use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

/// What a key stands for: keys of different kinds never meet.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(in crate::link) enum KeyKind {
    /// Skeleton of one part of a person's name.
    Part = b'p',
    /// Skeletons of all parts of a person's name, joined.
    WholeName = b'j',
    /// Skeletons of two parts of a person's name.
    TwoParts = b'2',
    /// First letter and skeleton of the last part of a person's name.
    InitialAndLast = b'i',
    /// What other spellings of a person's name share with it.
    Loose = b'l',
    /// One word.
    Word = b'w',
    /// Name of an organisation without its legal form.
    Core = b'c',
    /// Name of an organisation without what its romanisations differ in.
    Romanised = b'r',
    /// First word of a name of an organisation.
    #[cfg(feature = "archive")]
    First = b'f',
    /// Party of a country, by its name.
    Party = b'y',
    /// Initials of an organisation, or an acronym.
    Initials = b'a',
    /// What a ministry is for.
    Ministry = b'm',
    /// First letters of a long name.
    Start = b's',
    /// All words, as mentions of one class have them, or as a user's table has them.
    Text = b't',
    /// A body of a state, with the state.
    #[cfg_attr(not(feature = "archive"), allow(dead_code, reason = "only an archive looks names up"))]
    StateBody = b'b',
    /// Id of an entry of the knowledge base.
    Entry = b'n',
    /// Ids of all entries that a name can mean.
    Entries = b'?',
}

/// A key, the same on every run and machine, and by every compiler: archives keep them.
pub(in crate::link) fn key(kind: KeyKind, text: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    (kind as u8).hash(&mut hasher);
    text.hash(&mut hasher);
    hasher.finish()
}
