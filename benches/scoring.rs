//! How long does it take to score a batch, from one short sentence to a full window?
// Criterion's macro generates items without documentation.
#![allow(missing_docs)]

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use allonym::encode::Batch;
use allonym::model::{Encoder, HeadId, Native, Precision, Scratch};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};

/// A batch of windows with `n` pieces each.
fn batch(n: usize, n_windows: usize) -> Batch {
    let mut batch = Batch::default();
    for window in 0..n_windows {
        let ids: Vec<u32> = (0..n).map(|i| ((window * 31 + i * 17) % 97) as u32).collect();
        batch.push(&ids, &vec![0; n]);
    }
    batch
}

fn scoring(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, folder) in [("tiny", "tests/fixtures/models/bert"), ("news-en-small", "models/news-en-small")] {
        let mut group = criterion.benchmark_group(format!("scoring/{name}"));
        for (precision, kind) in [("int8", Precision::Int8), ("f32", Precision::F32)] {
            let model = Native::open(root.join(folder), kind).expect("the model loads");
            let mut scratch = Scratch::default();
            for (pieces, windows) in [(8, 1), (32, 1), (32, 16), (120, 1), (256, 1), (256, 2), (512, 1)] {
                if pieces > model.spec().max_pieces {
                    continue;
                }
                let batch = batch(pieces, windows);
                group.throughput(Throughput::Elements(batch.n_pieces() as u64));
                let id = BenchmarkId::new(precision, format!("{windows}x{pieces}"));
                group.bench_function(id, |bencher| {
                    bencher.iter(|| {
                        let scores = model.score(black_box(&batch), HeadId::default(), &mut scratch);
                        black_box(scores.expect("the windows fit")[[0, 0]])
                    });
                });
            }
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(900));
    targets = scoring
}

fn main() {
    // One thread, as in the tagger, where every thread has its own batch.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    pool.expect("the pool is not in use yet");
    benches();
    Criterion::default().configure_from_args().final_summary();
}
