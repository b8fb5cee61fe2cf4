//! The letters of a token, without an allocation.

/// Up to 24 ASCII letters; any more are dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Letters {
    bytes: [u8; Letters::MOST],
    len: u8,
}

impl Letters {
    /// Tokens with more letters are rare, and the first ones tell them apart.
    pub(super) const MOST: usize = 24;

    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut letters = Self::default();
        bytes.iter().for_each(|&byte| letters.push(byte));
        letters
    }

    pub(super) fn push(&mut self, byte: u8) {
        if let Some(free) = self.bytes.get_mut(usize::from(self.len)) {
            *free = byte;
            self.len += 1;
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.len)
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).expect("only ASCII is pushed")
    }
}
