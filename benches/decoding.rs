//! Times the steps around the model on a text of 500 words: words, pieces, windows, mentions.
// The items that criterion's macro generates have no documentation.
#![allow(missing_docs)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use allonym::decode::Decoder;
use allonym::encode::{Separators, Tokenizer, WindowSize, windows};
use allonym::label::TagSet;
use allonym::model::{Encoder, Native, Precision};
use allonym::text::segment::words_of_text;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ndarray::Array2;

/// About 500 words from the sample articles.
fn text(root: &Path) -> String {
    let mut paths: Vec<_> = fs::read_dir(root.join("eval/articles"))
        .expect("sample articles")
        .map(|entry| entry.expect("a file").path())
        .collect();
    paths.sort();
    let texts: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).expect("text")).collect();
    let text = texts.join("\n");
    let (end, _) = text.match_indices(char::is_whitespace).nth(500).expect("500 words");
    text[..end].to_owned()
}

fn decoding(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("models/news-en-small");
    let model = Native::open(&folder, Precision::F32).expect("the model loads");
    let tokenizer = Tokenizer::open(&folder, model.spec().input).expect("the tokenizer loads");
    let size = WindowSize { longest: 320, context: 48, separators: Separators::Lines };
    let text = text(root);
    let words = words_of_text(&text);
    let pieces = tokenizer.pieces(&text, &words).expect("the text splits");
    let cut = windows(&text, &words, &pieces, size);
    let decoder = Decoder::new(TagSet::parse(&model.spec().heads[0].labels).expect("tags"), 1.5);
    let n_tags = decoder.tag_set().len();
    // A mention about every ninth word.
    let score = |(word, tag): (usize, usize)| match (word % 9, tag) {
        (4, 1) | (5, 2) => 6.0,
        (4 | 5, _) => -2.0,
        (_, 0) => 8.0,
        _ => -(tag as f32),
    };
    let logits = Array2::from_shape_fn((words.len(), n_tags), score);

    let mut group = criterion.benchmark_group("around the model");
    group.throughput(Throughput::Elements(text.split_whitespace().count() as u64));
    group.bench_function("words", |bencher| bencher.iter(|| words_of_text(black_box(&text))));
    group.bench_function("pieces", |bencher| bencher.iter(|| tokenizer.pieces(black_box(&text), &words)));
    group.bench_function("windows", |bencher| bencher.iter(|| windows(black_box(&text), &words, &pieces, size)));
    group.bench_function("filling", |bencher| {
        bencher
            .iter(|| cut.iter().map(|window| window.fill(&words, &pieces, &tokenizer, size).ids.len()).sum::<usize>());
    });
    group.bench_function("mentions", |bencher| {
        bencher.iter(|| decoder.mentions(black_box(&text), &words, logits.view()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = decoding
}
criterion_main!(benches);
