//! The scorer on the output of real systems, if the files of the shared tasks are next to the project.

use std::path::Path;

use allonym::eval::{
    Alignment, Average, Counts, Figures, Input, PairingOptions, Resampling, ScoreTagsOptions, Unit, agreement, compare,
    intervals, pair, score_mentions, score_tags, semeval,
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
    Input::new(path.display().to_string(), documents.collect::<Result<_, _>>().expect("the file is sound"))
}

fn by_token() -> PairingOptions {
    PairingOptions::default().alignment(Alignment::Tokens)
}

#[test]
fn the_conll_2000_sample() {
    let Some(path) = shared("eval/seqeval/ground_truth.txt") else { return };
    for (repair, want) in [(Repair::Begin, [371, 539, 459]), (Repair::Discard, [322, 455, 459])] {
        let gold = read(&path, repair, Some("token,_,ner,_"));
        let predicted = read(&path, repair, Some("token,_,_,ner"));
        let pairing = pair(gold, vec![predicted], &PairingOptions::default()).expect("one file, one text");
        let Counts { correct, predicted, gold } = score_mentions(&pairing.corpus, 0).micro.counts;
        assert_eq!([correct, predicted, gold], want, "{repair}");
    }
}

/// The sentences of a column.
fn column(path: &Path, index: usize) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let tag = |line: &str| line.split_whitespace().nth(index).expect("the line has the column").to_owned();
    let sentences =
        text.split("\n\n").map(|sentence| sentence.lines().filter(|line| !line.is_empty()).map(tag).collect());
    sentences.filter(|sentence: &Vec<_>| !sentence.is_empty()).collect()
}

/// Precision, recall, F1 and support.
type Row = (f64, f64, f64, u64);

struct SeqevalReport {
    repair: Repair,
    labels: [(&'static str, Row); 6],
    micro: Row,
    macro_average: Row,
    weighted: Row,
}

/// `classification_report` of seqeval 1.2.2, by default and in strict mode with IOB2.
const SEQEVAL: [SeqevalReport; 2] = [
    SeqevalReport {
        repair: Repair::Begin,
        labels: [
            ("ADJP", (0.0, 0.0, 0.0, 6)),
            ("ADVP", (0.454_545_454_545, 0.625, 0.526_315_789_474, 8)),
            ("NP", (0.649_842_271_293, 0.786_259_541_985, 0.711_571_675_302, 262)),
            ("PP", (0.831_775_700_935, 0.988_888_888_889, 0.903_553_299_492, 90)),
            ("SBAR", (0.666_666_666_667, 0.333_333_333_333, 0.444_444_444_444, 6)),
            ("VP", (0.69, 0.793_103_448_276, 0.737_967_914_439, 87)),
        ],
        micro: (0.688_311_688_312, 0.808_278_867_102, 0.743_486_973_948, 459),
        macro_average: (0.548_805_015_573, 0.587_764_202_080, 0.553_975_520_525, 459),
        weighted: (0.681_448_478_866, 0.808_278_867_102, 0.738_196_029_242, 459),
    },
    SeqevalReport {
        repair: Repair::Discard,
        labels: [
            ("ADJP", (0.0, 0.0, 0.0, 6)),
            ("ADVP", (0.454_545_454_545, 0.625, 0.526_315_789_474, 8)),
            ("NP", (0.638_554_216_867, 0.606_870_229_008, 0.622_309_197_652, 262)),
            ("PP", (0.831_775_700_935, 0.988_888_888_889, 0.903_553_299_492, 90)),
            ("SBAR", (0.666_666_666_667, 0.333_333_333_333, 0.444_444_444_444, 6)),
            ("VP", (0.788_235_294_118, 0.770_114_942_529, 0.779_069_767_442, 87)),
        ],
        micro: (0.707_692_307_692, 0.701_525_054_466, 0.704_595_185_996, 459),
        macro_average: (0.563_296_222_189, 0.554_034_565_626, 0.545_948_749_751, 459),
        weighted: (0.693_624_950_170, 0.701_525_054_466, 0.695_035_009_780, 459),
    },
];

#[test]
fn tag_sequences_score_as_in_seqeval() {
    let Some(path) = shared("eval/seqeval/ground_truth.txt") else { return };
    let (gold, predicted) = (column(&path, 2), column(&path, 3));
    assert_eq!(gold.len(), 40);
    for SeqevalReport { repair, labels, micro, macro_average, weighted } in SEQEVAL {
        let options = ScoreTagsOptions::default().scheme(Scheme::Iob2).repair(repair);
        let found = score_tags(&gold, &predicted, options).expect("the tags can be read");
        assert!(found.predicted_repairs > 0, "the prediction needs repairs");
        let scores = found.scores;
        let close = |name: &str, got: [Option<f64>; 3], want: Row| {
            for (got, want) in got.into_iter().zip([want.0, want.1, want.2]) {
                assert!((got.unwrap_or(0.0) - want).abs() < 1e-11, "{name} ({repair}): {got:?} is not {want}");
            }
        };
        let figures = |figures: Figures| [figures.precision, figures.recall, figures.f1];
        let average = |average: Average| [average.precision, average.recall, average.f1];
        assert_eq!(scores.labels.len(), labels.len());
        for (got, (label, want)) in scores.labels.iter().zip(labels) {
            assert_eq!((got.label.as_str(), got.figures.counts.gold), (label, want.3));
            close(label, figures(got.figures), want);
        }
        assert_eq!(scores.micro.counts.gold, micro.3);
        close("micro", figures(scores.micro), micro);
        close("macro", average(scores.macro_average), macro_average);
        close("weighted", average(scores.weighted), weighted);
    }
}

/// The system; correct and predicted mentions with either repair; correct, incorrect, missing and spurious mentions.
type Expected = (&'static str, [u64; 2], [u64; 2], [u64; 4]);

/// The counts of conlleval.pl, of seqscore's `discard`, and of MUC's strict scheme on the systems of WNUT-17.
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
            let Counts { correct, predicted, gold } = score_mentions(&pairing.corpus, 0).micro.counts;
            assert_eq!([correct, predicted, gold], [want[0], want[1], 1079], "{name} ({repair})");
            let differing = if name == "mic-cis.txt" { 1283 } else { 0 };
            assert_eq!(pairing.systems[0].differing_tokens, differing, "{name}");
            if repair == Repair::Begin {
                let counts = semeval(&pairing.corpus, 0).overall.strict;
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
    let close = |got: f64, want: f64, by: f64| assert!((got - want).abs() <= by, "{got} is not {want}");
    let resampling = Resampling::default().samples(10_000).seed(0);
    for (system, delta, p, low, high) in [(1, 1.0855, 0.486, -1.97, 4.16), (2, 3.5086, 0.0112, 0.81, 6.29)] {
        let difference = compare(corpus, 0, system, resampling);
        assert_eq!(difference.units, 1287);
        close(100.0 * difference.delta_f1.expect("it is defined"), delta, 1e-4);
        close(difference.p_value.expect("it is defined"), p, 0.02);
        let interval = difference.interval.expect("it is defined");
        close(100.0 * interval.low, low, 0.3);
        close(100.0 * interval.high, high, 0.3);
    }
    let intervals = intervals(corpus, 0, resampling);
    assert_eq!((intervals.unit, intervals.units), (Unit::Sentence, 1287));
    let interval = intervals.f1.expect("it is defined");
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
