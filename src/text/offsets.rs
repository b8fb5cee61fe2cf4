//! Offsets in bytes, characters and UTF-16 code units, and the conversion between them.

use std::fmt;
use std::str::FromStr;

use super::Span;

/// The number of bytes between two checkpoints, and so the most that a conversion has to scan.
const BLOCK: usize = 256;

/// The unit that offsets into a text count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OffsetUnit {
    /// UTF-8 bytes, as in Rust and Go.
    Byte,
    /// Unicode code points, as in Python and spaCy.
    #[default]
    Char,
    /// UTF-16 code units, as in JavaScript and Java.
    Utf16,
}

impl OffsetUnit {
    /// Every unit.
    pub const ALL: [Self; 3] = [Self::Byte, Self::Char, Self::Utf16];

    /// The name on the wire: `byte`, `char` or `utf16`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Byte => "byte",
            Self::Char => "char",
            Self::Utf16 => "utf16",
        }
    }
}

impl fmt::Display for OffsetUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name other than `byte`, `char` and `utf16`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected byte, char or utf16, found {0:?}")]
pub struct UnknownUnit(pub String);

impl FromStr for OffsetUnit {
    type Err = UnknownUnit;

    fn from_str(name: &str) -> Result<Self, UnknownUnit> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == name).ok_or_else(|| UnknownUnit(name.to_owned()))
    }
}

/// Converts between byte offsets into one text and offsets in one [`OffsetUnit`].
///
/// Building it takes one pass over the text. A conversion then scans at most 256 bytes, or none if the text is ASCII.
///
/// ```
/// use allonym::text::{OffsetUnit, Offsets, Span};
///
/// let offsets = Offsets::new("😀 Iran", OffsetUnit::Utf16);
/// assert_eq!(offsets.units(Span::new(5, 9)), Some((3, 7)));
/// assert_eq!(offsets.span(3, 7), Some(Span::new(5, 9)));
/// ```
#[derive(Clone, Debug)]
pub struct Offsets<'t> {
    text: &'t str,
    unit: OffsetUnit,
    /// The number of units that begin before byte `BLOCK * index`; `None` if units are bytes.
    checkpoints: Option<Vec<usize>>,
    len: usize,
}

impl<'t> Offsets<'t> {
    /// A converter for `text`.
    pub fn new(text: &'t str, unit: OffsetUnit) -> Self {
        if unit == OffsetUnit::Byte || text.is_ascii() {
            return Self { text, unit, checkpoints: None, len: text.len() };
        }
        let mut checkpoints = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut len = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            checkpoints.push(len);
            len += units_in(block, unit);
        }
        Self { text, unit, checkpoints: Some(checkpoints), len }
    }

    /// The unit other than bytes.
    pub fn unit(&self) -> OffsetUnit {
        self.unit
    }

    /// The length of the text, in the unit.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The offset, in the unit, of the character that begins at `byte` (or of the end of the text).
    ///
    /// `None` inside a character and past the end.
    pub fn to_unit(&self, byte: usize) -> Option<usize> {
        if !self.text.is_char_boundary(byte) {
            return None;
        }
        let Some(checkpoints) = &self.checkpoints else { return Some(byte) };
        if byte == self.text.len() {
            return Some(self.len);
        }
        let block = byte / BLOCK;
        Some(checkpoints[block] + units_in(&self.text.as_bytes()[block * BLOCK..byte], self.unit))
    }

    /// The byte offset of the character that begins at `offset` in the unit (or of the end of the text).
    ///
    /// `None` inside a character (between its surrogates or its bytes) and past the end.
    pub fn to_byte(&self, offset: usize) -> Option<usize> {
        let Some(checkpoints) = &self.checkpoints else {
            return self.text.is_char_boundary(offset).then_some(offset);
        };
        if offset >= self.len {
            return (offset == self.len).then_some(self.text.len());
        }
        let block = checkpoints.partition_point(|&before| before <= offset) - 1;
        let mut seen = checkpoints[block];
        for (index, &byte) in self.text.as_bytes().iter().enumerate().skip(block * BLOCK) {
            let units = units_at(byte, self.unit);
            if units > 0 && seen >= offset {
                return (seen == offset).then_some(index);
            }
            seen += units;
        }
        // Only the second half of a surrogate pair at the very end leads here.
        None
    }

    /// The start and the end of `span`, in the unit; `None` if one of them is inside a character or past the end.
    pub fn units(&self, span: Span) -> Option<(usize, usize)> {
        Some((self.to_unit(span.start())?, self.to_unit(span.end())?))
    }

    /// The span from `start` to `end` in the unit.
    ///
    /// `None` where one of them stands inside a character or past the end, or where `end` stands before `start`.
    pub fn span(&self, start: usize, end: usize) -> Option<Span> {
        let (start, end) = (self.to_byte(start)?, self.to_byte(end)?);
        (start <= end).then(|| Span::new(start, end))
    }
}

/// The number of units that begin at a byte. The first byte of a character counts for all of its units.
fn units_at(byte: u8, unit: OffsetUnit) -> usize {
    let continues = byte & 0xC0 == 0x80;
    match unit {
        OffsetUnit::Byte => 1,
        OffsetUnit::Char => usize::from(!continues),
        OffsetUnit::Utf16 => usize::from(!continues) + usize::from(byte >= 0xF0),
    }
}

fn units_in(bytes: &[u8], unit: OffsetUnit) -> usize {
    bytes.iter().map(|&byte| units_at(byte, unit)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The obvious conversion, one pass over the text for every offset.
    fn reference(text: &str, unit: OffsetUnit) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let mut units = 0;
        for (byte, char) in text.char_indices() {
            pairs.push((byte, units));
            units += match unit {
                OffsetUnit::Byte => char.len_utf8(),
                OffsetUnit::Char => 1,
                OffsetUnit::Utf16 => char.len_utf16(),
            };
        }
        pairs.push((text.len(), units));
        pairs
    }

    fn check(text: &str) {
        for unit in OffsetUnit::ALL {
            let offsets = Offsets::new(text, unit);
            let pairs = reference(text, unit);
            let last = pairs[pairs.len() - 1];
            assert_eq!(offsets.len(), last.1);
            for byte in 0..text.len() + 3 {
                let want = pairs.iter().find(|pair| pair.0 == byte).map(|pair| pair.1);
                assert_eq!(offsets.to_unit(byte), want, "{unit} of byte {byte} in {text:?}");
            }
            for offset in 0..last.1 + 3 {
                let want = pairs.iter().find(|pair| pair.1 == offset).map(|pair| pair.0);
                assert_eq!(offsets.to_byte(offset), want, "byte of {unit} {offset} in {text:?}");
            }
        }
    }

    #[test]
    fn agrees_with_the_reference() {
        let cases = [
            "",
            "Iran",
            "naïve",
            "e\u{301}te\u{301}",
            "👩‍👩‍👧 and 🇵🇰",
            "رئيس الوزراء في بيروت",
            "\u{feff}BOM\r\n",
            "\0\0",
            "😀",
        ];
        for text in cases {
            check(text);
        }
        let long = "Ångström 😀 بيروت ".repeat(40);
        check(&long);
        check(&"😀".repeat(BLOCK));
    }

    #[test]
    fn a_span_may_not_end_before_it_starts() {
        assert_eq!(Offsets::new("Beirut", OffsetUnit::Char).span(4, 2), None);
        assert_eq!(Offsets::new("Beirut", OffsetUnit::Char).span(2, 4), Some(Span::new(2, 4)));
    }

    #[test]
    fn units_have_names() {
        for unit in OffsetUnit::ALL {
            assert_eq!(unit.as_str().parse(), Ok(unit));
        }
        assert_eq!("chars".parse::<OffsetUnit>(), Err(UnknownUnit("chars".into())));
    }

    proptest! {
        #[test]
        fn agrees_with_the_reference_on_any_text(text in "\\PC{0,80}", pad in 0usize..600) {
            check(&text);
            let padded = format!("{}{text}", "é".repeat(pad));
            let offsets = Offsets::new(&padded, OffsetUnit::Utf16);
            for (byte, units) in reference(&padded, OffsetUnit::Utf16) {
                prop_assert_eq!(offsets.to_unit(byte), Some(units));
                prop_assert_eq!(offsets.to_byte(units), Some(byte));
            }
        }
    }
}
