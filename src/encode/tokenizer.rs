//! How does a text become pieces, each of which knows its place?

use std::path::Path;

use super::{CaseClass, CaseClasses, InputFormat, Pieces};
use crate::text::Span;
use crate::text::segment::{Joint, Word};

/// Why a tokenizer could not be loaded or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// tokenizer.json cannot be read or is not one.
    #[error("{path}: expected a tokenizer.json of the tokenizers library")]
    Load {
        /// The file.
        path: String,
        /// What the library says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The tokenizer lacks a piece that windows need.
    #[error("{path}: expected {expected} in the vocabulary, found neither")]
    MissingPiece {
        /// The file.
        path: String,
        /// The pieces that would do.
        expected: &'static str,
    },
    /// The library could not split a text.
    #[error("the tokenizer cannot split the text at byte {at}")]
    Split {
        /// Where the stretch begins that it failed on.
        at: usize,
        /// What the library says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Turns texts into pieces. Shared by threads as it is.
#[derive(Debug)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    opening: Vec<u32>,
    closing: Vec<u32>,
    /// The token types of `opening` and of `closing`.
    special_types: (Vec<u32>, Vec<u32>),
    separator: u32,
    unknown: Option<u32>,
    case_classes: CaseClasses,
}

impl Tokenizer {
    /// Loads `tokenizer.json` from a model folder.
    ///
    /// # Errors
    /// When the file cannot be read, is no tokenizer, or has no pieces to open and close a window with.
    pub fn open(folder: &Path, format: InputFormat) -> Result<Self, Error> {
        let path = folder.join("tokenizer.json");
        let name = path.display().to_string();
        let load = |source| Error::Load { path: name.clone(), source };
        let bytes = std::fs::read(&path).map_err(|error| load(error.into()))?;
        Self::build(&bytes, &name, format)
    }

    /// Loads the contents of a `tokenizer.json`.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn from_bytes(json: &[u8], format: InputFormat) -> Result<Self, Error> {
        Self::build(json, "tokenizer.json", format)
    }

    fn build(json: &[u8], path: &str, format: InputFormat) -> Result<Self, Error> {
        let load = |source| Error::Load { path: path.to_owned(), source };
        let mut inner = tokenizers::Tokenizer::from_bytes(json).map_err(load)?;
        inner.with_padding(None);
        inner.with_truncation(None).map_err(load)?;
        let id = |names: [&str; 2]| names.into_iter().find_map(|name| inner.token_to_id(name));
        let missing = |expected| Error::MissingPiece { path: path.to_owned(), expected };
        let separator = id(["[SEP]", "</s>"]).ok_or_else(|| missing("[SEP] or </s>"))?;
        let opener = id(["[CLS]", "<s>"]).ok_or_else(|| missing("[CLS] or <s>"))?;
        let unknown = id(["[UNK]", "<unk>"]);
        // What the checkpoint's own post-processor puts around a text; the usual two where it has none.
        let probe = inner.encode("a", true).map_err(load)?;
        let is_special: Vec<bool> = probe.get_special_tokens_mask().iter().map(|&mask| mask == 1).collect();
        let n_opening = is_special.iter().take_while(|&&special| special).count();
        let (ids, types) = if is_special.contains(&true) {
            let n_closing = is_special.iter().rev().take_while(|&&special| special).count();
            let ends = |all: &[u32]| (all[..n_opening].to_vec(), all[all.len() - n_closing..].to_vec());
            (ends(probe.get_ids()), ends(probe.get_type_ids()))
        } else {
            ((vec![opener], vec![separator]), (vec![0], vec![0]))
        };
        let case_classes = format.case_classes;
        let special_types = match case_classes {
            // XLNet's last piece is of a type of its own.
            CaseClasses::None => types,
            CaseClasses::V1 => {
                let symbols = |ids: &[u32]| vec![CaseClass::Symbols as u32; ids.len()];
                (symbols(&ids.0), symbols(&ids.1))
            }
        };
        let (opening, closing) = ids;
        Ok(Self { inner, opening, closing, special_types, separator, unknown, case_classes })
    }

    /// How many ids the vocabulary has, added pieces included.
    pub fn vocab_size(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// The special pieces before the first word of a window.
    pub fn opening(&self) -> &[u32] {
        &self.opening
    }

    /// The special pieces behind the last word of a window.
    pub fn closing(&self) -> &[u32] {
        &self.closing
    }

    /// The token types of the pieces in [`opening`](Self::opening).
    pub fn opening_types(&self) -> &[u32] {
        &self.special_types.0
    }

    /// The token types of the pieces in [`closing`](Self::closing).
    pub fn closing_types(&self) -> &[u32] {
        &self.special_types.1
    }

    /// The piece that stands for a line end.
    pub fn separator(&self) -> u32 {
        self.separator
    }

    /// The token type of special pieces inside of a window.
    pub fn special_type(&self) -> u32 {
        match self.case_classes {
            CaseClasses::None => 0,
            CaseClasses::V1 => CaseClass::Symbols as u32,
        }
    }

    /// Splits a text into pieces, at least one for each of `words`, which stand in the text in order and do not overlap.
    ///
    /// # Errors
    /// When the tokenizers library fails.
    pub fn pieces(&self, text: &str, words: &[Word]) -> Result<Pieces, Error> {
        let mut pieces = Pieces::default();
        let mut at = 0;
        while at < words.len() {
            let end = stretch_end(text, words, at);
            self.stretch(text, &words[at..end], &mut pieces)?;
            at = end;
        }
        Ok(pieces)
    }

    /// Appends the pieces of a few words that stand together.
    fn stretch(&self, text: &str, words: &[Word], pieces: &mut Pieces) -> Result<(), Error> {
        let first = words[0].span.start();
        // Byte-level vocabularies tell "Iran" from " Iran".
        let start = if text[..first].ends_with(' ') { first - 1 } else { first };
        let end = words[words.len() - 1].span.end();
        let encoding =
            self.inner.encode(&text[start..end], false).map_err(|source| Error::Split { at: start, source })?;
        let (ids, offsets, parents) = (encoding.get_ids(), encoding.get_offsets(), encoding.get_word_ids());
        let mut next = 0;
        for (i, word) in words.iter().enumerate() {
            let open = pieces.len();
            // Pieces between two words, such as a lone "▁", belong to the word behind them.
            let is_last = i + 1 == words.len();
            while next < ids.len() && (is_last || start + offsets[next].0 < word.span.end()) {
                pieces.ids.push(ids[next]);
                pieces.types.push(self.piece_type(text, start, next, offsets, parents));
                next += 1;
            }
            let shared = open > 0 && i > 0 && next > 0 && start + offsets[next - 1].1 > word.span.start();
            let from = match pieces.len() - open {
                0 if shared => open - 1,
                0 => {
                    // The tokenizer sees nothing here, a NUL byte say; the model must see that something is.
                    pieces.ids.push(self.unknown.unwrap_or(self.separator));
                    pieces.types.push(self.special_type());
                    open
                }
                _ => open,
            };
            pieces.words.push(row(from)..row(pieces.len()));
        }
        Ok(())
    }

    fn piece_type(
        &self,
        text: &str,
        start: usize,
        piece: usize,
        offsets: &[(usize, usize)],
        parents: &[Option<u32>],
    ) -> u32 {
        match self.case_classes {
            CaseClasses::None => 0,
            CaseClasses::V1 => {
                let parent = parents[piece];
                let same = |i: &usize| parents[*i] == parent;
                let first = (0..piece).rev().take_while(same).last().unwrap_or(piece);
                let last = (piece + 1..offsets.len()).take_while(same).last().unwrap_or(piece);
                let span = Span::new(start + offsets[first].0, start + offsets[last].1);
                span.slice(text).map_or(CaseClass::Symbols, CaseClass::of) as u32
            }
        }
    }
}

fn row(piece: usize) -> u32 {
    u32::try_from(piece).expect("a document has fewer than four billion pieces")
}

/// Bytes after which a stretch ends at the next space, and where it ends even without one.
const STRETCH: usize = 2_000;
const LONGEST_STRETCH: usize = 16_000;

/// The end of the stretch of words that begins at word `from`: at a line end, or where it grows long.
fn stretch_end(text: &str, words: &[Word], from: usize) -> usize {
    let start = words[from].span.start();
    let mut at = from + 1;
    while at < words.len() {
        let reach = words[at].span.end() - start;
        let after_space = words[at - 1].span.end() < words[at].span.start()
            && text[..words[at].span.start()].ends_with(char::is_whitespace);
        if (after_space && (words[at].joint == Joint::Line || reach > STRETCH)) || reach > LONGEST_STRETCH {
            break;
        }
        at += 1;
    }
    at
}
