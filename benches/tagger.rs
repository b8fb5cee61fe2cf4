//! Measures where the time of tagging goes, and how it scales with threads.
//!
//! ```text
//! cargo bench --bench tagger -- [--texts FILE] [--model DIR] [--precision int8|f32] [--threads N]
//! ```
//!
//! Prints three tables, all from one process with a loaded model:
//!
//! - the stages from a text file to JSONL, on one thread;
//! - the latency of one article of 500 words, whose windows the threads share, against its share of the throughput;
//! - the same words as many short documents, as articles and as one long document, on one thread and on `N`.
//!
//! `FILE` is anything that `allonym tag` reads; the default is the sample articles. Words are separated by white space.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use allonym::decode::Decoder;
use allonym::encode::{Batch, Separators, Tokenizer, WindowSize, windows};
use allonym::io::{Documents, EntitiesWritten, Format, ReadOptions, WriteOptions, Writer};
use allonym::label::TagSet;
use allonym::link::{LinkOptions, Linker};
use allonym::model::{Encoder, HeadId, LoadOptions, Native, Precision, Scratch, Source};
use allonym::text::segment;
use allonym::{Document, Pool, Request, Tagger};
use anyhow::{Context, Result, bail, ensure};
use ndarray::{Array2, s};

struct Arguments {
    texts: PathBuf,
    model: PathBuf,
    precision: Precision,
    threads: usize,
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    let documents = read(&arguments)?;
    ensure!(!documents.is_empty(), "{}: expected documents, found none", arguments.texts.display());
    let mut out = io::stdout();
    let pools = [Pool::new(1), Pool::new(arguments.threads)];
    pools[0].install(|| stages(&arguments, &mut out))?;
    let load = |pool: &Pool| {
        let options = LoadOptions::default().precision(arguments.precision).pool(pool.clone());
        Tagger::load(&Source::Folder(arguments.model.clone()), &options)
    };
    let [one, many] = [load(&pools[0])?, load(&pools[1])?];
    latency(&many, &documents, &mut out)?;
    shapes([&one, &many], &documents, &mut out)
}

fn arguments() -> Result<Arguments> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut parsed = Arguments {
        texts: root.join("eval/articles"),
        model: root.join("models/news-en-small"),
        precision: Precision::Auto,
        threads: 2,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--texts" => parsed.texts = value()?.into(),
            "--model" => parsed.model = value()?.into(),
            "--threads" => parsed.threads = value()?.parse()?,
            "--precision" => {
                parsed.precision = match value()?.as_str() {
                    "int8" => Precision::Int8,
                    "f32" => Precision::F32,
                    other => bail!("--precision: expected int8 or f32, found {other}"),
                };
            }
            "--bench" | "--test" => {} // passed by cargo
            other => bail!("unknown argument {other}"),
        }
    }
    Ok(parsed)
}

fn read(arguments: &Arguments) -> Result<Vec<Document>> {
    let inputs = [arguments.texts.display().to_string()];
    Ok(Documents::open(&inputs, &ReadOptions::default())?.collect::<Result<Vec<_>, _>>()?)
}

fn n_words(documents: &[Document]) -> usize {
    documents.iter().map(|document| document.text.split_whitespace().count()).sum()
}

/// Runs `work` and adds the time it takes to `seconds`.
fn timed<T>(seconds: &mut f64, work: impl FnOnce() -> T) -> T {
    let before = Instant::now();
    let done = work();
    *seconds += before.elapsed().as_secs_f64();
    done
}

/// Runs every document through the stages of `allonym tag`, one after another.
fn stages(arguments: &Arguments, out: &mut impl Write) -> Result<()> {
    let names = ["reading", "words", "pieces", "windows", "encoder", "mentions", "linking", "writing"];
    let mut seconds = [0.0; 8];
    let [reading, segmenting, splitting, cutting, scoring, decoding, linking, writing] = &mut seconds;
    let model = Native::open(&arguments.model, arguments.precision)?;
    let format = model.spec().input;
    let tokenizer = Tokenizer::open(&arguments.model, format)?;
    let separators = if format.line_separator { Separators::Lines } else { Separators::None };
    let (longest, context) = (format.max_pieces.unwrap_or(256), format.context.unwrap_or(40));
    let size = WindowSize { longest, context, separators };
    let head = &model.spec().heads[0];
    let decoder = Decoder::new(TagSet::parse(&head.labels)?, head.temperature);
    let n_tags = head.labels.len();
    let linker = Linker::new(LinkOptions::default());
    let options = WriteOptions::default().entities(EntitiesWritten::Always);
    let mut writer = Writer::new(Format::Jsonl, io::sink(), options)?;
    let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
    let documents = timed(reading, || read(arguments))?;
    let words = n_words(&documents);
    let mut n_pieces = 0;
    for mut document in documents {
        let words = timed(segmenting, || segment::words(&document));
        let pieces = timed(splitting, || tokenizer.pieces(&document.text, &words))?;
        let filled: Vec<_> = timed(cutting, || {
            let windows = windows(&document.text, &words, &pieces, size);
            windows.iter().map(|window| (window.fill(&words, &pieces, &tokenizer, size), window.core.start)).collect()
        });
        let mut logits = Array2::zeros((words.len(), n_tags));
        for (filled, first) in &filled {
            batch.clear();
            batch.push(&filled.ids, &filled.types);
            n_pieces += filled.ids.len();
            let scores = timed(scoring, || model.score(&batch, HeadId::default(), &mut scratch))?;
            for (i, &row) in filled.rows.iter().enumerate() {
                logits.row_mut(first + i).assign(&scores.slice(s![row, ..]));
            }
        }
        document.mentions = timed(decoding, || decoder.mentions(&document.text, &words, logits.view()));
        timed(linking, || linker.link_document(&mut document))?;
        timed(writing, || writer.write(&document))?;
    }
    let all: f64 = seconds.iter().sum();
    writeln!(out, "{words} words, {n_pieces} pieces in windows ({:.2} per word)", n_pieces as f64 / words as f64)?;
    writeln!(out, "{:10}{:>12}{:>9}", "stage", "ms", "%")?;
    for (name, seconds) in names.iter().zip(seconds) {
        writeln!(out, "{name:10}{:>12.2}{:>9.2}", seconds * 1e3, 100.0 * seconds / all)?;
    }
    writeln!(out, "{:10}{:>12.2}{:>9.2}", "all", all * 1e3, 100.0)?;
    Ok(())
}

/// The median; of an even number of values, the larger middle one.
fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// The first `n` words of the documents, starting over if they have fewer.
fn excerpt(documents: &[Document], n: usize, line_end: &str) -> String {
    let words = documents.iter().flat_map(|document| document.text.lines().map(|line| (line, line_end)));
    let words = words.flat_map(|(line, end)| line.split(' ').map(|word| (word, " ")).chain([("", end)])).cycle();
    let (mut text, mut taken) = (String::new(), 0);
    for (word, end) in words {
        text += word;
        text += end;
        taken += usize::from(!word.trim().is_empty());
        if taken == n {
            break;
        }
    }
    text
}

/// Compares the time for one article of 500 words alone with its share of the time for many.
fn latency(tagger: &Tagger, documents: &[Document], out: &mut impl Write) -> Result<()> {
    let article = excerpt(documents, 500, "\n");
    let mut many: Vec<Document> = (0..40).map(|i| Document::new(i.to_string(), article.clone())).collect();
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let before = Instant::now();
        tagger.tag_text(&article)?;
        alone.push(before.elapsed().as_secs_f64());
        let before = Instant::now();
        tagger.tag_all(&mut many, &Request::default())?;
        together.push(before.elapsed().as_secs_f64() / 40.0);
    }
    let (alone, share) = (median(alone), median(together));
    writeln!(out, "\none article of 500 words on {} threads, medians of 15", tagger.pool().n_threads())?;
    writeln!(
        out,
        "alone {:.2} ms, its share of 40 like it {:.2} ms: {:.2} times",
        alone * 1e3,
        share * 1e3,
        alone / share
    )?;
    Ok(())
}

/// Times the same words as documents of different lengths.
fn shapes(taggers: [&Tagger; 2], documents: &[Document], out: &mut impl Write) -> Result<()> {
    let n = n_words(documents).clamp(5_000, 25_000);
    let text = excerpt(documents, n, "\n");
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    writeln!(
        out,
        "\n{n} words, medians of 3 in words/s{:>14}{:>12}{:>8}",
        "1 thread",
        taggers[1].pool().n_threads(),
        "times"
    )?;
    for (name, length) in
        [("documents of 25 words", 25), ("documents of 500 words", 500), ("one document", words.len())]
    {
        let mut cut: Vec<Document> =
            words.chunks(length).enumerate().map(|(i, words)| Document::new(i.to_string(), words.concat())).collect();
        let mut rates = [0.0; 2];
        for (tagger, rate) in taggers.iter().zip(&mut rates) {
            let mut seconds = Vec::new();
            for _ in 0..3 {
                let before = Instant::now();
                tagger.tag_all(&mut cut, &Request::default())?;
                seconds.push(before.elapsed().as_secs_f64());
            }
            *rate = n as f64 / median(seconds);
        }
        writeln!(out, "{name:36}{:>12.0}{:>12.0}{:>8.2}", rates[0], rates[1], rates[1] / rates[0])?;
    }
    Ok(())
}
