//! The scorer counts what the reference scorers count.

use std::fmt::Write as _;
use std::io::Cursor;

use allonym::eval::{Counts, Input, PairingOptions, pair, score};
use allonym::io::{Documents, Format, ReadOptions};
use allonym::label::{Repair, Scheme};
use serde::Deserialize;

/// Tags of sentences, scored as a user's file would be.
fn counts(scheme: Scheme, repair: Repair, gold: &[Vec<String>], predicted: &[Vec<String>]) -> Counts {
    let input = |name: &str, sentences: &[Vec<String>]| {
        let mut text = String::new();
        for sentence in sentences {
            for (index, tag) in sentence.iter().enumerate() {
                writeln!(text, "w{index}\t{tag}").expect("a string takes what is written");
            }
            text.push('\n');
        }
        let options = ReadOptions::default().format(Format::Conll).scheme(scheme).repair(repair);
        let documents = Documents::read(Cursor::new(text), "tags.conll", &options);
        let documents = documents.collect::<Result<_, _>>().expect("the tags can be read");
        Input { name: name.to_owned(), documents }
    };
    let systems = vec![input("predicted", predicted)];
    let pairing = pair(input("gold", gold), systems, &PairingOptions::default()).expect("the words are the same");
    score(&pairing.corpus, 0).micro.counts
}

/// A case on which conlleval.pl, seqeval 1.2.2 and seqscore 0.9.0 were run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    scheme: String,
    gold: Vec<Vec<String>>,
    predicted: Vec<Vec<String>>,
    /// Correct, predicted, gold with mentions begun at wrong tags.
    begin: [u64; 3],
    /// The reference scorers that count so. conlleval.pl knows neither S nor L and U and joins what stands in E B; seqeval's
    /// default does not know L and U; seqscore refuses tags without label, and wrong BIOES.
    begin_agrees_with: Vec<String>,
    /// The same with wrong tags discarded: seqeval strict, seqscore discard.
    discard: [u64; 3],
}

#[test]
fn label_cases() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../cases/eval/labels.json")).expect("the cases are JSON");
    assert_eq!(cases.len(), 18);
    for case in cases {
        assert!(!case.begin_agrees_with.is_empty(), "{}", case.name);
        let scheme = case.scheme.parse().expect("the scheme is known");
        for (repair, want) in [(Repair::Begin, case.begin), (Repair::Discard, case.discard)] {
            let got = counts(scheme, repair, &case.gold, &case.predicted);
            assert_eq!([got.correct, got.predicted, got.gold], want, "{} ({repair})", case.name);
        }
    }
}

/// The chunks of one sentence as conlleval (Sang and Buchholz 2000) finds them: where its `startOfChunk` and `endOfChunk` say.
fn conlleval(tags: &[String]) -> Vec<(usize, usize, String)> {
    let split = |tag: &str| match tag.split_once('-') {
        Some((prefix, kind)) => (prefix.to_owned(), kind.to_owned()),
        None => (tag.to_owned(), String::new()),
    };
    let (mut chunks, mut open) = (Vec::new(), None::<(usize, String)>);
    let (mut prev, mut prev_kind) = ("O".to_owned(), String::new());
    for (index, tag) in tags.iter().map(String::as_str).chain(["O"]).enumerate() {
        let (now, kind) = split(tag);
        let ends = matches!((prev.as_str(), now.as_str()), ("B" | "I", "B" | "O")) || prev != "O" && prev_kind != kind;
        let starts =
            now == "B" || matches!((prev.as_str(), now.as_str()), ("O", "I")) || now != "O" && prev_kind != kind;
        if ends && let Some((start, kind)) = open.take() {
            chunks.push((start, index, kind));
        }
        if starts {
            open = Some((index, kind.clone()));
        }
        (prev, prev_kind) = (now, kind);
    }
    chunks
}

/// The mentions of one sentence once every tag that BIO forbids is O, from left to right (seqscore's `discard`).
fn discarded(tags: &[String]) -> Vec<(usize, usize, String)> {
    let mut legal: Vec<String> = Vec::new();
    for tag in tags {
        let forbidden = tag.strip_prefix("I-").is_some_and(|kind| {
            legal.last().is_none_or(|before| *before != format!("B-{kind}") && *before != format!("I-{kind}"))
        });
        legal.push(if forbidden { "O".to_owned() } else { tag.clone() });
    }
    conlleval(&legal)
}

#[test]
fn twenty_thousand_random_sequences() {
    const TAGS: [&str; 5] = ["O", "B-X", "I-X", "B-Y", "I-Y"];
    type Chunks = fn(&[String]) -> Vec<(usize, usize, String)>;
    let references: [(Repair, Chunks); 2] = [(Repair::Begin, conlleval), (Repair::Discard, discarded)];
    let mut random = fastrand::Rng::with_seed(11);
    let mut sequence = |len: usize| (0..len).map(|_| TAGS[random.usize(..TAGS.len())].to_owned()).collect::<Vec<_>>();
    let pairs: Vec<_> = (0..20_000).map(|n| (sequence(n % 9 + 1), sequence(n % 9 + 1))).collect();
    for (repair, chunks) in references {
        let mut differing = 0;
        for (gold, predicted) in &pairs {
            let (left, right) = (chunks(gold), chunks(predicted));
            let correct = right.iter().filter(|chunk| left.contains(chunk)).count() as u64;
            let want = Counts { correct, predicted: right.len() as u64, gold: left.len() as u64 };
            let got = counts(Scheme::Iob2, repair, std::slice::from_ref(gold), std::slice::from_ref(predicted));
            assert_eq!(got, want, "{repair}: {gold:?} and {predicted:?}");
            differing += u64::from(conlleval(predicted) != discarded(predicted));
        }
        assert!(differing > 5_000, "most sequences need repairs: {differing}");
    }
}
