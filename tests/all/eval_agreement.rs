//! The scorer agrees with the reference scorers.

use std::fmt::Write as _;
use std::io::Cursor;

use allonym::eval::{Counts, Input, PairingOptions, ScoreTagsOptions, pair, score_mentions, score_tags};
use allonym::io::{Documents, Format, ReadOptions};
use allonym::label::{Repair, Scheme};
use serde::Deserialize;

/// Scores tags, from a file and as sequences, which must not differ.
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
        Input::new(name, documents)
    };
    let systems = vec![input("predicted", predicted)];
    let pairing = pair(input("gold", gold), systems, &PairingOptions::default()).expect("the words are the same");
    let counts = score_mentions(&pairing.corpus, 0).micro.counts;
    let options = ScoreTagsOptions::default().scheme(scheme).repair(repair);
    let sequences = score_tags(gold, predicted, options).expect("the tags can be read");
    assert_eq!(sequences.scores.micro.counts, counts, "{scheme} {repair}: {gold:?} and {predicted:?}");
    counts
}

/// A case on which conlleval.pl, seqeval 1.2.2 and seqscore 0.9.0 were run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    scheme: String,
    gold: Vec<Vec<String>>,
    predicted: Vec<Vec<String>>,
    /// Correct, predicted and gold mentions if a wrong tag begins one.
    begin: [u64; 3],
    /// The reference scorers with these counts. conlleval.pl does not know S, L and U, and joins E and B; seqeval's default mode
    /// does not know L and U; seqscore refuses tags without a label, and wrong BIOES.
    begin_agrees_with: Vec<String>,
    /// The same if wrong tags are discarded: seqeval strict, seqscore discard.
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

/// The chunks of a sentence by conlleval's `startOfChunk` and `endOfChunk` (Sang and Buchholz 2000).
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

/// The chunks of a sentence in which every tag that BIO forbids becomes O, from left to right (seqscore's `discard`).
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
