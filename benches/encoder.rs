//! Measures how many pieces per second the encoder scores, without tokenizing, decoding and loading.
//!
//! ```text
//! cargo bench --bench encoder -- [measure] --model DIR --windows FILE [--precision int8|f32] [--rounds N] [--pieces N]
//! cargo bench --bench encoder -- windows --model DIR --texts FILE --longest N
//! cargo bench --bench encoder -- serve --model DIR --windows FILE [--precision int8|f32]
//! ```
//!
//! `windows` splits the documents of a file into windows without overlap, one per line:
//! `{"article": N, "ids": [..], "types": [..]}`. `serve` is for `compare.py`, which runs it round by round alongside other systems: a
//! line `THREADS PIECES FIRST END` requests the windows `FIRST..END` in batches of `PIECES` pieces, and the answer is the time taken in
//! seconds. Without arguments, times a tiny checkpoint from the tests, as a smoke test.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use allonym::encode::{self, Batch, Filled, Separators, Tokenizer, WindowSize};
use allonym::io::{Documents, ReadOptions};
use allonym::model::{Encoder, HeadId, Native, Precision, Scratch};
use allonym::text::segment;
use anyhow::{Context, Result, bail, ensure};
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
struct Window {
    article: usize,
    ids: Vec<u32>,
    types: Vec<u32>,
}

enum Command {
    Measure,
    Windows,
    Serve,
}

struct Arguments {
    command: Command,
    model: PathBuf,
    precision: Precision,
    windows: Option<PathBuf>,
    texts: Option<PathBuf>,
    longest: usize,
    rounds: usize,
    pieces: usize,
}

/// A single-threaded pool, in which matrix products are not split, and its working memory.
struct Worker {
    pool: ThreadPool,
    scratch: Scratch,
}

impl Worker {
    fn new() -> Result<Self> {
        Ok(Self { pool: ThreadPoolBuilder::new().num_threads(1).build()?, scratch: Scratch::default() })
    }
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    match arguments.command {
        Command::Measure => measure(&arguments),
        Command::Windows => cut(&arguments),
        Command::Serve => serve(&arguments),
    }
}

fn arguments() -> Result<Arguments> {
    let mut parsed = Arguments {
        command: Command::Measure,
        model: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert"),
        precision: Precision::Auto,
        windows: None,
        texts: None,
        longest: 256,
        rounds: 5,
        pieces: 512,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "measure" => parsed.command = Command::Measure,
            "windows" => parsed.command = Command::Windows,
            "serve" => parsed.command = Command::Serve,
            "--model" => parsed.model = value()?.into(),
            "--precision" => {
                parsed.precision = match value()?.as_str() {
                    "int8" => Precision::Int8,
                    "f32" => Precision::F32,
                    other => bail!("--precision: expected int8 or f32, found {other}"),
                };
            }
            "--windows" => parsed.windows = Some(value()?.into()),
            "--texts" => parsed.texts = Some(value()?.into()),
            "--longest" => parsed.longest = value()?.parse()?,
            "--rounds" => parsed.rounds = value()?.parse()?,
            "--pieces" => parsed.pieces = value()?.parse()?,
            "--bench" | "--test" => {} // passed by cargo
            other => bail!("unknown argument {other}"),
        }
    }
    Ok(parsed)
}

/// Times all windows on one and on two threads.
fn measure(arguments: &Arguments) -> Result<()> {
    let before = Instant::now();
    let model = Native::open(&arguments.model, arguments.precision)?;
    let load = before.elapsed();
    let windows = windows(arguments, model.spec().max_pieces)?;
    let batches = batches(windows.iter().collect(), arguments.pieces);
    let n_pieces: usize = batches.iter().map(Batch::n_pieces).sum();
    let mut out = io::stdout().lock();
    writeln!(out, "loaded in {:.1} ms; {} windows, {n_pieces} pieces", load.as_secs_f64() * 1e3, windows.len())?;
    let mut workers = [Worker::new()?, Worker::new()?];
    for n_threads in 1..=workers.len() {
        let mut seconds = Vec::new();
        for _ in 0..=arguments.rounds {
            seconds.push(round(&model, &batches, &mut workers[..n_threads])?);
        }
        seconds.remove(0);
        seconds.sort_by(f64::total_cmp);
        let [median, best] = [seconds.len() / 2, 0].map(|i| n_pieces as f64 / seconds[i]);
        writeln!(out, "{n_threads} threads: median {median:.0} pieces/s, best {best:.0}")?;
    }
    Ok(())
}

/// Writes the windows of all documents in a file, as the model would see them but without context.
fn cut(arguments: &Arguments) -> Result<()> {
    let texts = arguments.texts.as_ref().context("windows: expected --texts FILE")?;
    let format = Native::open(&arguments.model, Precision::F32)?.spec().input;
    let tokenizer = Tokenizer::open(&arguments.model, format)?;
    let separators = if format.line_separator { Separators::Lines } else { Separators::None };
    let size = WindowSize { longest: arguments.longest, context: 0, separators };
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (article, document) in Documents::open(&[texts.display().to_string()], &ReadOptions::default())?.enumerate() {
        let document = document?;
        let words = segment::words(&document);
        let pieces = tokenizer.pieces(&document.text, &words)?;
        for window in encode::windows(&document.text, &words, &pieces, size) {
            let Filled { ids, types, .. } = window.fill(&words, &pieces, &tokenizer, size);
            serde_json::to_writer(&mut out, &Window { article, ids, types })?;
            out.write_all(b"\n")?;
        }
    }
    Ok(out.flush()?)
}

/// Answers requests until the input ends.
fn serve(arguments: &Arguments) -> Result<()> {
    let model = Native::open(&arguments.model, arguments.precision)?;
    let windows = windows(arguments, model.spec().max_pieces)?;
    let mut workers: Vec<Worker> = Vec::new();
    let mut out = io::stdout().lock();
    writeln!(out, "ready")?;
    out.flush()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<usize>, _>>()?;
        let [n_threads, pieces, first, end] = numbers[..] else { bail!("expected THREADS PIECES FIRST END") };
        let asked = windows.get(first..end).with_context(|| format!("expected windows of {}", windows.len()))?;
        while workers.len() < n_threads {
            workers.push(Worker::new()?);
        }
        let batches = batches(asked.iter().collect(), pieces);
        writeln!(out, "{}", round(&model, &batches, &mut workers[..n_threads])?)?;
        out.flush()?;
    }
    Ok(())
}

/// The windows in the file, or some with made-up ids if no file is given.
fn windows(arguments: &Arguments, max_pieces: usize) -> Result<Vec<Window>> {
    if let Some(path) = &arguments.windows {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let windows = text.lines().map(serde_json::from_str).collect::<Result<Vec<Window>, _>>()?;
        ensure!(!windows.is_empty(), "{}: expected windows, found none", path.display());
        return Ok(windows);
    }
    let window = |i: usize| {
        let len = 1 + (i * 7) % max_pieces.min(100);
        let ids = (0..len).map(|j| ((i * 31 + j * 17) % 97) as u32).collect();
        Window { article: i, ids, types: vec![0; len] }
    };
    Ok((0..64).map(window).collect())
}

/// Batches of windows of similar length with at most `pieces` pieces each (or a single window), shortest first.
fn batches(mut windows: Vec<&Window>, pieces: usize) -> Vec<Batch> {
    windows.sort_by_key(|window| window.ids.len());
    let mut batches: Vec<Batch> = Vec::new();
    for window in windows {
        match batches.last_mut() {
            Some(last) if last.n_pieces() + window.ids.len() <= pieces => last.push(&window.ids, &window.types),
            _ => {
                let mut batch = Batch::default();
                batch.push(&window.ids, &window.types);
                batches.push(batch);
            }
        }
    }
    batches
}

/// Scores every batch once, with each worker on one thread. Returns the time in seconds.
fn round(model: &Native, batches: &[Batch], workers: &mut [Worker]) -> Result<f64> {
    let next = AtomicUsize::new(batches.len());
    let work = |scratch: &mut Scratch| -> Result<()> {
        // Longest windows first, so that no thread is left alone with a long one at the end.
        while let Ok(taken) = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
            model.score(&batches[taken - 1], HeadId::default(), scratch)?;
        }
        Ok(())
    };
    let before = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            workers.iter_mut().map(|Worker { pool, scratch }| scope.spawn(|| pool.install(|| work(scratch)))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("workers do not panic"))
    })?;
    Ok(before.elapsed().as_secs_f64())
}
