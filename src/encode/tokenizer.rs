//! Splits texts into pieces that keep their places.

use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use tokenizers::pre_tokenizers::metaspace::PrependScheme;
use tokenizers::{AddedToken, NormalizerWrapper, PreTokenizerWrapper};

use super::chunks::{Chunks, Piece};
use super::quiet;
use super::{CaseClass, CaseClasses, InputFormat, Pieces};
use crate::text::Span;
use crate::text::segment::{Joint, Word};

/// Why a tokenizer cannot be loaded or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `tokenizer.json` cannot be read, or is not one.
    #[error("{path}: expected a tokenizer.json of the tokenizers library")]
    Load {
        /// The file.
        path: String,
        /// The error of the file system or of the tokenizers library.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The vocabulary lacks a piece that windows need.
    #[error("{path}: expected {expected} in the vocabulary, found neither")]
    MissingPiece {
        /// The file.
        path: String,
        /// The pieces, one of which is needed.
        expected: &'static str,
    },
    /// The tokenizers library cannot split a text.
    #[error("the tokenizer cannot split the text at byte {at}")]
    Split {
        /// The start of the stretch on which it failed, in bytes.
        at: usize,
        /// The error of the file system or of the tokenizers library.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Splits texts into pieces. Threads can share it.
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
    /// The cache; `None` if the pieces of a chunk depend on its neighbours.
    chunks: Option<Chunks>,
}

impl Tokenizer {
    /// Loads `tokenizer.json` from a model folder.
    ///
    /// # Errors
    /// When the file cannot be read, is not a tokenizer, or lacks the pieces that begin and end a window.
    pub fn open(folder: &Path, format: InputFormat) -> Result<Self, Error> {
        let path = folder.join("tokenizer.json");
        let name = path.display().to_string();
        let load = |source| Error::Load { path: name.clone(), source };
        let bytes = std::fs::read(&path).map_err(|error| load(error.into()))?;
        Self::build(&bytes, &name, format)
    }

    /// Loads the content of a `tokenizer.json`.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn from_bytes(json: &[u8], format: InputFormat) -> Result<Self, Error> {
        Self::build(json, "tokenizer.json", format)
    }

    fn build(json: &[u8], path: &str, format: InputFormat) -> Result<Self, Error> {
        let load = |source| Error::Load { path: path.to_owned(), source };
        // A file that is cut is no JSON; the library trusts what is left of it more than it should.
        serde_json::from_slice::<serde::de::IgnoredAny>(json).map_err(|error| load(error.into()))?;
        let parsed = without_panic(|| tokenizers::Tokenizer::from_bytes(json)).map_err(load)?;
        let mut inner = parsed.map_err(load)?;
        inner.with_padding(None);
        inner.with_truncation(None).map_err(load)?;
        let ids = |names: [&str; 2]| names.into_iter().filter_map(|name| inner.token_to_id(name)).collect::<Vec<_>>();
        let missing = |expected| Error::MissingPiece { path: path.to_owned(), expected };
        let separators = ids(["[SEP]", "</s>"]);
        let separator = *separators.first().ok_or_else(|| missing("[SEP] or </s>"))?;
        let opener = *ids(["[CLS]", "<s>"]).first().ok_or_else(|| missing("[CLS] or <s>"))?;
        let unknown = ids(["[UNK]", "<unk>"]).first().copied();
        // What the model's own post-processor puts around a text, or the usual two if it has none.
        let probe = inner.encode("a", true).map_err(load)?;
        let is_special: Vec<bool> = probe.get_special_tokens_mask().iter().map(|&mask| mask == 1).collect();
        let n_opening = is_special.iter().take_while(|&&special| special).count();
        let (ends, types) = if is_special.contains(&true) {
            let n_closing = is_special.iter().rev().take_while(|&&special| special).count();
            let both = |all: &[u32]| (all[..n_opening].to_vec(), all[all.len() - n_closing..].to_vec());
            (both(probe.get_ids()), both(probe.get_type_ids()))
        } else {
            ((vec![opener], vec![separator]), (vec![0], vec![0]))
        };
        // MPNet's vocabulary has both, and only one means something.
        let separator = separators.into_iter().find(|id| ends.1.contains(id)).unwrap_or(separator);
        let case_classes = format.case_classes;
        let special_types = match case_classes {
            // XLNet's last piece is of a type of its own.
            CaseClasses::None => types,
            CaseClasses::V1 => {
                let symbols = |ids: &[u32]| vec![CaseClass::Symbols as u32; ids.len()];
                (symbols(&ends.0), symbols(&ends.1))
            }
        };
        let (opening, closing) = ends;
        let chunks = splits_at_spaces(&inner).then(Chunks::new);
        Ok(Self { inner, opening, closing, special_types, separator, unknown, case_classes, chunks })
    }

    /// The size of the vocabulary, added pieces included.
    pub fn vocab_size(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// The ids of the special pieces before the first word of a window.
    pub fn opening(&self) -> &[u32] {
        &self.opening
    }

    /// The ids of the special pieces after the last word of a window.
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

    /// The id of the piece that stands for a hidden one, if the vocabulary has it.
    #[cfg(feature = "train")]
    pub(crate) fn mask(&self) -> Option<u32> {
        ["[MASK]", "<mask>"].into_iter().find_map(|name| self.inner.token_to_id(name))
    }

    /// The id of the piece for a line end.
    pub fn separator(&self) -> u32 {
        self.separator
    }

    /// The token type of special pieces inside a window.
    pub fn special_type(&self) -> u32 {
        match self.case_classes {
            CaseClasses::None => 0,
            CaseClasses::V1 => CaseClass::Symbols as u32,
        }
    }

    /// Splits a text into pieces, at least one for each of `words`, which must be in the order of the text and must not overlap.
    ///
    /// Threads of the current rayon pool share a long text.
    ///
    /// # Errors
    /// When the tokenizers library fails.
    pub fn pieces(&self, text: &str, words: &[Word]) -> Result<Pieces, Error> {
        let together = |stretches: &[Range<usize>]| {
            let (mut pieces, mut found) = (Pieces::default(), Vec::new());
            for stretch in stretches {
                self.stretch(text, &words[stretch.clone()], &mut found, &mut pieces)?;
            }
            Ok(pieces)
        };
        let stretches: Vec<Range<usize>> = stretches(text, words).collect();
        if stretches.len() <= SHARE {
            return together(&stretches);
        }
        let parts: Vec<Pieces> = stretches.par_chunks(SHARE).map(together).collect::<Result<_, Error>>()?;
        let mut pieces = Pieces::default();
        parts.iter().for_each(|part| pieces.append(part));
        Ok(pieces)
    }

    /// Appends the pieces of a few adjacent words; `found` is scratch memory.
    fn stretch(&self, text: &str, words: &[Word], found: &mut Vec<Piece>, pieces: &mut Pieces) -> Result<(), Error> {
        let first = words[0].span.start();
        // Byte-level vocabularies distinguish "Iran" from " Iran".
        let start = if text[..first].ends_with(' ') { first - 1 } else { first };
        found.clear();
        self.find(&text[start..words[words.len() - 1].span.end()], start, found)?;
        let mut next = 0;
        for (i, word) in words.iter().enumerate() {
            let open = pieces.len();
            // Pieces between two words, such as a lone "▁", belong to the second one.
            let is_last = i + 1 == words.len();
            while next < found.len() && (is_last || start + found[next].start < word.span.end()) {
                pieces.ids.push(found[next].id);
                pieces.types.push(found[next].type_);
                next += 1;
            }
            let shared = open > 0 && i > 0 && next > 0 && start + found[next - 1].end > word.span.start();
            let from = match pieces.len() - open {
                0 if shared => open - 1,
                0 => {
                    // The tokenizer skips the word (a NUL byte, say), but the model must see that there is one.
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

    /// Appends the pieces of a slice, which begins at byte `start` of its text.
    fn find(&self, slice: &str, start: usize, found: &mut Vec<Piece>) -> Result<(), Error> {
        let Some(chunks) = &self.chunks else {
            found.extend(self.split(slice, start)?);
            return Ok(());
        };
        let mut at = 0;
        for chunk in slice.split(char::is_whitespace) {
            if !chunk.is_empty() {
                let pieces = chunks.pieces(chunk, || self.split(chunk, start + at))?;
                let moved = |piece: &Piece| Piece { start: at + piece.start, end: at + piece.end, ..*piece };
                found.extend(pieces.iter().map(moved));
            }
            at += chunk.len();
            at += slice[at..].chars().next().map_or(0, char::len_utf8);
        }
        Ok(())
    }

    /// Splits a slice, which begins at byte `start` of its text, by the library.
    fn split(&self, slice: &str, start: usize) -> Result<Vec<Piece>, Error> {
        let encoding = self.inner.encode(slice, false).map_err(|source| Error::Split { at: start, source })?;
        let (ids, offsets, parents) = (encoding.get_ids(), encoding.get_offsets(), encoding.get_word_ids());
        let mut pieces = Vec::with_capacity(ids.len());
        // All pieces of one pre-token have its type.
        for parent in parents.chunk_by(|a, b| a == b) {
            let range = pieces.len()..pieces.len() + parent.len();
            let type_ = match self.case_classes {
                CaseClasses::None => 0,
                CaseClasses::V1 => {
                    let span = Span::new(offsets[range.start].0, offsets[range.end - 1].1);
                    span.slice(slice).map_or(CaseClass::Symbols, CaseClass::of) as u32
                }
            };
            let of_parent = ids[range.clone()].iter().zip(&offsets[range]);
            pieces.extend(of_parent.map(|(&id, &(start, end))| Piece { id, type_, start, end }));
        }
        Ok(pieces)
    }
}

/// Runs a call into the tokenizers library, which panics on some files that contradict themselves.
fn without_panic<T>(call: impl FnOnce() -> T) -> Result<T, Box<dyn std::error::Error + Send + Sync>> {
    let _quiet = quiet::Quiet::new();
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).map_err(|panic| {
        let message = panic.downcast_ref::<String>().cloned();
        let message = message.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
        format!("the file contradicts itself: {message}").into()
    })
}

/// Whether the pieces of a chunk between two spaces are always the same, whatever its neighbours.
fn splits_at_spaces(tokenizer: &tokenizers::Tokenizer) -> bool {
    let looks_around = |token: &AddedToken| {
        token.single_word || token.lstrip || token.rstrip || token.content.contains(char::is_whitespace)
    };
    tokenizer.get_pre_tokenizer().is_some_and(cuts_at_spaces)
        && tokenizer.get_normalizer().is_none_or(keeps_to_chunks)
        && !tokenizer.get_added_tokens_decoder().values().any(looks_around)
}

/// Whether a pre-tokenizer cuts at white space, and says the same of a word wherever it stands.
fn cuts_at_spaces(pre_tokenizer: &PreTokenizerWrapper) -> bool {
    match pre_tokenizer {
        PreTokenizerWrapper::BertPreTokenizer(_) => true,
        PreTokenizerWrapper::Sequence(steps) => {
            let is_word_by_word = |step: &PreTokenizerWrapper| match step {
                PreTokenizerWrapper::Metaspace(step) => step.prepend_scheme == PrependScheme::Always,
                step => cuts_at_spaces(step),
            };
            let steps = steps.as_ref();
            steps.first().is_some_and(cuts_at_spaces) && steps.iter().all(is_word_by_word)
        }
        _ => false,
    }
}

/// Whether a normaliser changes the letters between two spaces alike, whatever is beyond these.
fn keeps_to_chunks(normalizer: &NormalizerWrapper) -> bool {
    match normalizer {
        NormalizerWrapper::Sequence(steps) => steps.as_ref().iter().all(keeps_to_chunks),
        // It runs several spaces together, or replaces a character.
        NormalizerWrapper::Replace(step) => serde_json::to_value(step).is_ok_and(|step| match &step["pattern"] {
            pattern if pattern["Regex"] == " {2,}" => step["content"] == " ",
            pattern => pattern["String"].as_str().is_some_and(|text| !text.contains(char::is_whitespace)),
        }),
        NormalizerWrapper::BertNormalizer(_)
        | NormalizerWrapper::Precompiled(_)
        | NormalizerWrapper::NFC(_)
        | NormalizerWrapper::NFD(_)
        | NormalizerWrapper::NFKC(_)
        | NormalizerWrapper::NFKD(_) => true,
        _ => false,
    }
}

fn row(piece: usize) -> u32 {
    u32::try_from(piece).expect("a document has fewer than four billion pieces")
}

/// The bytes after which a stretch ends at the next space, or (the longest) even without one.
const STRETCH: usize = 2_000;
const LONGEST_STRETCH: usize = 16_000;

/// The number of stretches that a thread takes at a time.
const SHARE: usize = 16;

/// Cuts the words of a text into stretches, which the library gets one by one.
fn stretches<'w>(text: &'w str, words: &'w [Word]) -> impl Iterator<Item = Range<usize>> + 'w {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at;
        at = if from < words.len() { stretch_end(text, words, from) } else { from };
        (from < at).then_some(from..at)
    })
}

/// The end of the stretch that begins at word `from`: at a line end, or where the stretch gets long.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    const LINE: &str = "Prime Minister  Imran\u{a0}Khan (PTI) met “Ürümqi's” al-Assad \u{301}x [SEP] [CLS]. a\0b 東京 e\u{301}t\u{e9} ΟΔΟΣ İ \
                        می\u{200c}خواهم क्\u{200d}ष ﬁn ½ 한국 </s> Dr. Keita of Accra's Union";

    /// The pieces of a text are those that the library finds in it as a whole.
    fn assert_same(mut tokenizer: Tokenizer) {
        let text = vec![LINE; 40].join("\t\u{2003}\n");
        let words = words_of_text(&text);
        assert!(tokenizer.chunks.is_some());
        let again = [0; 2].map(|_| tokenizer.pieces(&text, &words).expect("the text splits"));
        tokenizer.chunks = None;
        let whole = tokenizer.pieces(&text, &words).expect("the text splits");
        assert_eq!(again, [whole.clone(), whole]);
    }

    #[test]
    fn what_was_split_before_is_what_the_library_says() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models/news-en-small");
        let format = InputFormat::default().case_classes(CaseClasses::V1);
        assert_same(Tokenizer::open(Path::new(folder), format).expect("the tokenizer loads"));
    }

    #[test]
    fn so_it_is_with_pieces_that_begin_with_a_space() {
        let json = include_str!("../../tests/fixtures/models/xlm-roberta/tokenizer.json");
        let mut json: serde_json::Value = serde_json::from_str(json).expect("JSON");
        let open = |json: &serde_json::Value| {
            let json = json.to_string();
            Tokenizer::from_bytes(json.as_bytes(), InputFormat::default()).expect("the tokenizer loads")
        };
        assert!(open(&json).chunks.is_none(), "a piece may reach over punctuation");
        let metaspace = json["pre_tokenizer"].take();
        json["pre_tokenizer"] =
            serde_json::json!({"type": "Sequence", "pretokenizers": [{"type": "BertPreTokenizer"}, metaspace]});
        json["normalizer"] = serde_json::json!({"type": "Sequence", "normalizers": [
            {"type": "Replace", "pattern": {"String": "\u{200d}"}, "content": " "}, {"type": "NFKC"},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        ]});
        for token in json["added_tokens"].as_array_mut().expect("a list") {
            token["lstrip"] = false.into();
        }
        assert_same(open(&json));
        json["normalizer"]["normalizers"][0]["pattern"]["String"] = "a b".into();
        assert!(open(&json).chunks.is_none());
    }
}
