//! Every word gets its pieces, whatever the tokenizer and the text.

use std::path::{Path, PathBuf};

use allonym::encode::{CaseClass, CaseClasses, InputFormat, Tokenizer};
use allonym::text::segment::words_of_text;
use proptest::prelude::*;

const FOLDERS: [&str; 5] = ["bert", "electra", "mpnet", "roberta", "xlm-roberta"];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name)
}

fn tokenizer(name: &str) -> Tokenizer {
    Tokenizer::open(&folder(name), InputFormat::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every word has pieces, in order, and every piece belongs to a word.
fn check(name: &str, tokenizer: &Tokenizer, text: &str) {
    let words = words_of_text(text);
    let pieces = tokenizer.pieces(text, &words).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(pieces.n_words(), words.len(), "{name}: {text:?}");
    let mut covered = 0;
    for word_idx in 0..words.len() {
        let of_word = pieces.of_word(word_idx);
        assert!(!of_word.is_empty(), "{name}: {text:?}");
        assert!(
            of_word.start == covered || (covered > 0 && of_word.start == covered - 1),
            "{name}: {text:?}: {of_word:?}"
        );
        covered = covered.max(of_word.end);
    }
    assert_eq!(covered, pieces.len(), "{name}: {text:?}");
}

#[test]
fn odd_texts_have_their_pieces() {
    let long = "Iran".repeat(3_000);
    let dense = "a,b;".repeat(9_000);
    for name in FOLDERS {
        let tokenizer = tokenizer(name);
        for text in [
            "",
            " ",
            "\0",
            "a\0b \0 c",
            "\u{feff}Iran",
            "e\u{301}\u{302} x\u{200d}y",
            "🇮🇷🤝 🙂",
            "الرئيس في طهران",
            "ﬁn ½",
            "don't U.S.",
            &long,
            &dense,
        ] {
            check(name, &tokenizer, text);
        }
    }
}

#[test]
fn line_ends_are_a_piece_that_ends_windows() {
    // MPNet's vocabulary has BERT's [SEP] too, which the model has never seen.
    for name in FOLDERS {
        let tokenizer = tokenizer(name);
        assert!(tokenizer.closing().contains(&tokenizer.separator()), "{name}");
    }
}

#[test]
fn the_first_piece_of_a_word_begins_it() {
    // The same word gives the same pieces wherever it stands: at the start, behind a space, behind a line end.
    for name in ["bert", "electra"] {
        let tokenizer = tokenizer(name);
        let text = format!("said\nsaid {} said", "the ".repeat(2_000));
        let words = words_of_text(&text);
        let pieces = tokenizer.pieces(&text, &words).expect("it splits");
        let of = |word_idx: usize| pieces.ids()[pieces.of_word(word_idx)].to_vec();
        assert_eq!(of(0), of(1), "{name}");
        assert_eq!(of(0), of(words.len() - 1), "{name}");
        assert_ne!(of(0), of(2), "{name}");
    }
}

#[test]
fn case_classes_are_those_of_the_pre_tokens() {
    let format = InputFormat::default().case_classes(CaseClasses::V1);
    let tokenizer = Tokenizer::open(&folder("bert"), format).expect("it loads");
    let text = "Maria met U.S. AIDES in 2025 (iPhone)";
    let words = words_of_text(text);
    let pieces = tokenizer.pieces(text, &words).expect("it splits");
    let classes = |word: &str| {
        let word_idx = words.iter().position(|other| &text[other.span.range()] == word).expect("a word of the text");
        pieces.types()[pieces.of_word(word_idx)].to_vec()
    };
    let all = |word: &str, class: CaseClass| {
        let found = classes(word);
        assert!(found.iter().all(|&type_| type_ == class as u32), "{word}: {found:?}");
    };
    all("Maria", CaseClass::Title);
    all("met", CaseClass::Lower);
    all("AIDES", CaseClass::Upper);
    all("2025", CaseClass::Digits);
    all("(", CaseClass::Symbols);
    all("iPhone", CaseClass::Mixed);
    let (capital, symbol) = (CaseClass::SingleCapital as u32, CaseClass::Symbols as u32);
    assert_eq!(classes("U.S."), [capital, symbol, capital, symbol]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_has_its_pieces(text in "\\PC{0,60}") {
        for name in FOLDERS {
            check(name, &tokenizer(name), &text);
        }
    }
}
