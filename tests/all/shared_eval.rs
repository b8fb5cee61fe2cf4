//! The scorer on the output of real systems, where the shared task's files lie beside the project.

use std::path::Path;

use allonym::eval::{
    Alignment, Counts, Input, PairingOptions, Resampling, Unit, agreement, compare, intervals, muc, pair, score,
    unit_counts,
};
use allonym::io::{Documents, Format, ReadOptions};
use allonym::label::{Repair, Scheme};

use crate::shared_data::shared;

fn read(path: &Path, repair: Repair, columns: Option<&str>) -> Input {
    let options = ReadOptions::default()
        .format(Format::Conll)
        .scheme(Scheme::Iob2)
        .repair(repair)
        .columns(columns.map(|columns| columns.parse().expect("columns")));
    let documents = Documents::open(&[path.display().to_string()], &options).expect("the file opens");
    Input {
        name: path.display().to_string(),
        documents: documents.collect::<Result<_, _>>().expect("the file is sound"),
    }
}

fn by_token() -> PairingOptions {
    PairingOptions { alignment: Alignment::Tokens, ..PairingOptions::default() }
}

#[test]
fn the_conll_2000_sample() {
    let Some(path) = shared("eval/seqeval/ground_truth.txt") else { return };
    for (repair, want) in [(Repair::Begin, [371, 539, 459]), (Repair::Discard, [322, 455, 459])] {
        let gold = read(&path, repair, Some("token,_,ner,_"));
        let predicted = read(&path, repair, Some("token,_,_,ner"));
        let pairing = pair(gold, vec![predicted], &PairingOptions::default()).expect("one file, one text");
        let Counts { correct, predicted, gold } = score(&pairing.corpus, 0).micro.counts;
        assert_eq!([correct, predicted, gold], want, "{repair}");
    }
}

/// The system; correct and predicted with either repair; correct, incorrect, missing and spurious.
type Expected = (&'static str, [u64; 2], [u64; 2], [u64; 4]);

/// What conlleval.pl and seqscore discard count, and what MUC strict and exact count, on the systems of WNUT-17.
const WNUT_17: [Expected; 7] = [
    ("uh_ritual", [355, 617], [355, 617], [355, 171, 553, 91]),
    ("spinningbytes.txt", [388, 824], [386, 790], [388, 255, 436, 181]),
    ("sjtu_adapt.txt", [365, 727], [365, 727], [365, 224, 490, 138]),
    ("arcada", [373, 787], [373, 787], [373, 251, 455, 163]),
    ("flytxt", [345, 720], [345, 720], [345, 221, 513, 154]),
    ("mic-cis.txt", [365, 891], [365, 878], [365, 250, 464, 276]),
    ("drexel_cci", [192, 381], [192, 381], [192, 110, 777, 79]),
];

#[test]
fn the_systems_of_wnut_17() {
    let Some(gold) = shared("eval/wnut17/emerging.test.annotated") else { return };
    for (name, begin, discard, strict) in WNUT_17 {
        let path = gold.with_file_name(name);
        for (repair, want) in [(Repair::Begin, begin), (Repair::Discard, discard)] {
            let pairing =
                pair(read(&gold, repair, None), vec![read(&path, repair, None)], &by_token()).expect("tokens agree");
            let Counts { correct, predicted, gold } = score(&pairing.corpus, 0).micro.counts;
            assert_eq!([correct, predicted, gold], [want[0], want[1], 1079], "{name} ({repair})");
            let differing = if name == "mic-cis.txt" { 1283 } else { 0 };
            assert_eq!(pairing.systems[0].differing_tokens, differing, "{name}");
            if repair == Repair::Begin {
                let counts = muc(&pairing.corpus, 0).overall.strict;
                let got = [counts.correct, counts.incorrect, counts.missing, counts.spurious];
                assert_eq!(got, strict, "{name}");
            }
        }
    }
}

#[test]
fn differences_on_wnut_17_are_as_real_as_the_reference_says() {
    let Some(gold) = shared("eval/wnut17/emerging.test.annotated") else { return };
    let systems = ["uh_ritual", "spinningbytes.txt", "flytxt"];
    let systems = systems.map(|name| read(&gold.with_file_name(name), Repair::Begin, None)).into();
    let pairing = pair(read(&gold, Repair::Begin, None), systems, &by_token()).expect("tokens agree");
    let corpus = &pairing.corpus;
    assert_eq!(Unit::of(corpus), Unit::Sentence);
    let units: Vec<Vec<Counts>> = (0..3).map(|system| unit_counts(corpus, system, Unit::Sentence)).collect();
    assert_eq!(units[0].len(), 1287);
    let close = |got: f64, want: f64, by: f64| assert!((got - want).abs() <= by, "{got} is not {want}");
    let resampling = Resampling { samples: 10_000, seed: 0 };
    for (system, delta, p, low, high) in [(1, 1.0855, 0.486, -1.97, 4.16), (2, 3.5086, 0.0112, 0.81, 6.29)] {
        let difference = compare(&units[0], &units[system], resampling);
        close(100.0 * difference.delta_f1.expect("it is defined"), delta, 1e-4);
        close(difference.p_value.expect("it is defined"), p, 0.02);
        let interval = difference.interval.expect("it is defined");
        close(100.0 * interval.low, low, 0.3);
        close(100.0 * interval.high, high, 0.3);
    }
    let interval = intervals(corpus, 0, Unit::Sentence, resampling).f1.expect("it is defined");
    close(100.0 * interval.low, 38.4, 0.3);
    close(100.0 * interval.high, 45.2, 0.3);
}

#[test]
fn token_agreement_on_wnut_17() {
    let Some(gold) = shared("eval/wnut17/emerging.test.annotated") else { return };
    let system = read(&gold.with_file_name("uh_ritual"), Repair::Begin, None);
    let pairing = pair(read(&gold, Repair::Begin, None), vec![system], &PairingOptions::default()).expect("one text");
    let found = agreement(&pairing.corpus);
    assert_eq!(found.annotated_words.words, 1923);
    for (got, want) in [(found.all_words.cohen_kappa, 0.476_73), (found.annotated_words.cohen_kappa, 0.207_93)] {
        assert!((got.expect("it is defined") - want).abs() < 1e-5, "{got:?} is not {want}");
    }
}
