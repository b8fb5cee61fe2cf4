//! How many words a second does the encoder score? Tokenizing, decoding and loading are not in the figure.
//!
//! ```text
//! cargo bench --bench encoder -- --model DIR --windows FILE [--precision int8|f32] [--rounds N] [--pieces N] [--serve]
//! ```
//!
//! `FILE` is `{"n_words": N, "windows": [{"ids": [..], "types": [..]}, ..]}`; `onnx_encoder.py` beside this file writes it, and
//! with `--serve` drives this program round by round next to ONNX Runtime: a line `THREADS PIECES` asks for one round, the answer
//! is its seconds. Without arguments it times a tiny checkpoint of the tests, to see that it works.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use allonym::encode::Batch;
use allonym::model::{Encoder, HeadId, Model, Precision, Scratch};
use anyhow::{Context, Result, bail};
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::Deserialize;

#[derive(Deserialize)]
struct Workload {
    n_words: usize,
    windows: Vec<Window>,
}

#[derive(Deserialize)]
struct Window {
    ids: Vec<u32>,
    types: Vec<u32>,
}

struct Arguments {
    model: PathBuf,
    precision: Precision,
    windows: Option<PathBuf>,
    rounds: usize,
    pieces: usize,
    serve: bool,
}

/// One thread's pool, in which the matrix products run straight through, and its memory.
struct Worker {
    pool: ThreadPool,
    scratch: Scratch,
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    let before = Instant::now();
    let model = Model::open(&arguments.model, arguments.precision)?;
    let load = before.elapsed();
    let mut workload = workload(&arguments, model.max_pieces())?;
    workload.windows.sort_by_key(|window| window.ids.len());
    let mut workers = Vec::new();
    for _ in 0..2 {
        workers.push(Worker { pool: ThreadPoolBuilder::new().num_threads(1).build()?, scratch: Scratch::default() });
    }
    let mut out = io::stdout().lock();
    if arguments.serve {
        writeln!(out, "ready")?;
        out.flush()?;
        for line in io::stdin().lock().lines() {
            let line = line?;
            let (n_threads, pieces) = line.trim().split_once(' ').context("expected THREADS PIECES")?;
            let batches = batches(&workload.windows, pieces.parse()?);
            let workers = workers.get_mut(..n_threads.parse()?).context("expected 1 or 2 threads")?;
            writeln!(out, "{}", round(&model, &batches, workers)?)?;
            out.flush()?;
        }
        return Ok(());
    }
    writeln!(
        out,
        "loaded in {:.1} ms; {} words, {} windows",
        load.as_secs_f64() * 1e3,
        workload.n_words,
        workload.windows.len()
    )?;
    let batches = batches(&workload.windows, arguments.pieces);
    for n_threads in 1..=workers.len() {
        let mut seconds = Vec::new();
        for _ in 0..=arguments.rounds {
            seconds.push(round(&model, &batches, &mut workers[..n_threads])?);
        }
        seconds.remove(0);
        seconds.sort_by(f64::total_cmp);
        let median = workload.n_words as f64 / seconds[seconds.len() / 2];
        let best = workload.n_words as f64 / seconds[0];
        writeln!(out, "{n_threads} threads: median {median:.0} words/s, best {best:.0}")?;
    }
    Ok(())
}

fn arguments() -> Result<Arguments> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert");
    let mut parsed =
        Arguments { model: fixture, precision: Precision::Auto, windows: None, rounds: 5, pieces: 512, serve: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--model" => parsed.model = value()?.into(),
            "--precision" => {
                parsed.precision = match value()?.as_str() {
                    "int8" => Precision::Int8,
                    "f32" => Precision::F32,
                    other => bail!("--precision: expected int8 or f32, found {other}"),
                };
            }
            "--windows" => parsed.windows = Some(value()?.into()),
            "--rounds" => parsed.rounds = value()?.parse()?,
            "--pieces" => parsed.pieces = value()?.parse()?,
            "--serve" => parsed.serve = true,
            "--bench" => {} // cargo's own
            other => bail!("unknown argument {other}"),
        }
    }
    Ok(parsed)
}

/// The windows of the file, or some of made-up ids.
fn workload(arguments: &Arguments, max_pieces: usize) -> Result<Workload> {
    if let Some(path) = &arguments.windows {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        return Ok(serde_json::from_str(&text)?);
    }
    let windows: Vec<Window> = (0..64)
        .map(|i| {
            let len = 1 + (i * 7) % max_pieces.min(100);
            Window { ids: (0..len).map(|j| ((i * 31 + j * 17) % 97) as u32).collect(), types: vec![0; len] }
        })
        .collect();
    Ok(Workload { n_words: windows.iter().map(|window| window.ids.len()).sum(), windows })
}

/// Batches of neighbouring windows with about `pieces` pieces each.
fn batches(windows: &[Window], pieces: usize) -> Vec<Batch> {
    let mut batches = vec![Batch::default()];
    for window in windows {
        if batches[batches.len() - 1].n_pieces() + window.ids.len() > pieces
            && batches[batches.len() - 1].n_windows() > 0
        {
            batches.push(Batch::default());
        }
        let last = batches.len() - 1;
        batches[last].push(&window.ids, &window.types);
    }
    batches
}

/// Scores every batch once, each worker on one thread; the seconds that it took.
fn round(model: &Model, batches: &[Batch], workers: &mut [Worker]) -> Result<f64> {
    let next = AtomicUsize::new(batches.len());
    let work = |scratch: &mut Scratch| -> Result<()> {
        // From the longest windows to the shortest, so that no thread is left alone with a long one at the end.
        while let Ok(taken) = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
            model.score(&batches[taken - 1], HeadId::default(), scratch)?;
        }
        Ok(())
    };
    let before = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            workers.iter_mut().map(|Worker { pool, scratch }| scope.spawn(|| pool.install(|| work(scratch)))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("a worker does not panic"))
    })?;
    Ok(before.elapsed().as_secs_f64())
}
