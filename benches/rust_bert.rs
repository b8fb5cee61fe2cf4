//! Compares our engine, rust-bert's networks in our pipeline, and rust-bert's own pipeline on one model and one corpus.
//!
//! ```text
//! cargo bench --bench rust_bert --features rust-bert-pipeline -- [--model DIR] [--conll FILE] [--documents N]
//!     [--rounds N] [--device cpu|cuda[:N]] [--threads N]
//! ```
//!
//! Systems take turns, once per round, each in its own process so that its peak memory can be measured. Words per second are the
//! median of the rounds, without loading. F1 counts exact spans with their labels. rust-bert's pipeline gets 16 documents at a time,
//! because it loses everything from the 65th window of a call on. Without arguments, tags our own gold with a tiny checkpoint from the
//! tests, as a smoke test.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use allonym::io::{Documents, ReadOptions};
use allonym::model::{Device, Engine, LoadOptions, Precision, Source};
use allonym::text::Document;
use allonym::{Pool, Request, Tagger};
use anyhow::{Context, Result, bail};
use rust_bert::pipelines::common::{ModelResource, ModelType};
use rust_bert::pipelines::ner::NERModel;
use rust_bert::pipelines::token_classification::{LabelAggregationOption, TokenClassificationConfig};
use rust_bert::resources::LocalResource;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The names of the systems compared.
const SYSTEMS: [&str; 4] = ["native int8", "native f32", "rust-bert, our pipeline", "rust-bert, NERModel"];

/// Documents passed to rust-bert's pipeline at a time.
const AT_ONCE: usize = 16;

#[derive(Clone, Debug)]
struct Arguments {
    system: Option<usize>,
    model: PathBuf,
    corpus: PathBuf,
    documents: usize,
    rounds: usize,
    threads: usize,
    device: Device,
}

/// The result of one round of one system.
#[derive(Debug, Deserialize, Serialize)]
struct Round {
    load_seconds: f64,
    seconds: f64,
    words: usize,
    peak_mb: f64,
    correct: usize,
    predicted: usize,
    gold: usize,
}

/// Index of the document, start byte, end byte, label.
type Found = BTreeSet<(usize, usize, usize, String)>;

fn main() -> Result<()> {
    let arguments = arguments()?;
    if let Some(system) = arguments.system {
        let round = round(system, &arguments)?;
        return Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&round)?)?);
    }
    let mut rounds: Vec<Vec<Round>> = SYSTEMS.iter().map(|_| Vec::new()).collect();
    for _ in 0..arguments.rounds {
        for (system, rounds) in rounds.iter_mut().enumerate() {
            let output = Command::new(std::env::current_exe()?)
                .args(std::env::args().skip(1))
                .args(["--system", &system.to_string()])
                .output()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            rounds.push(serde_json::from_str(text.trim()).with_context(|| format!("{}: {errors}", SYSTEMS[system]))?);
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:24} {:>8} {:>8} {:>8} {:>7} {:>9}", "system", "words/s", "load s", "peak MB", "F1", "mentions")?;
    for (name, mut rounds) in SYSTEMS.into_iter().zip(rounds) {
        rounds.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let Round { load_seconds, seconds, words, peak_mb, correct, predicted, gold } = rounds[rounds.len() / 2];
        let f1 = 200.0 * correct as f64 / (predicted + gold) as f64;
        let rate = words as f64 / seconds;
        writeln!(out, "{name:24} {rate:>8.0} {load_seconds:>8.2} {peak_mb:>8.0} {f1:>7.2} {predicted:>9}")?;
    }
    Ok(())
}

fn arguments() -> Result<Arguments> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut parsed = Arguments {
        system: None,
        model: root.join("tests/fixtures/models/bert"),
        corpus: root.join("eval/gold"),
        documents: usize::MAX,
        rounds: 1,
        threads: std::thread::available_parallelism()?.get(),
        device: Device::Cpu,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--model" => parsed.model = value()?.into(),
            "--conll" => parsed.corpus = value()?.into(),
            "--documents" => parsed.documents = value()?.parse()?,
            "--rounds" => parsed.rounds = value()?.parse()?,
            "--threads" => parsed.threads = value()?.parse()?,
            "--device" => parsed.device = value()?.parse()?,
            "--system" => parsed.system = Some(value()?.parse()?),
            "--bench" => {} // passed by cargo
            other => bail!("unknown argument {other}"),
        }
    }
    Ok(parsed)
}

fn round(system: usize, arguments: &Arguments) -> Result<Round> {
    rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build_global()?;
    let read = Documents::open(&[arguments.corpus.display().to_string()], &ReadOptions::default())?;
    let documents = read.take(arguments.documents).collect::<Result<Vec<Document>, _>>()?;
    let gold: Found = documents.iter().enumerate().flat_map(|(i, document)| mentions(i, document)).collect();
    let words = documents.iter().map(|document| allonym::text::segment::words(document).len()).sum();
    let before = Instant::now();
    let (load_seconds, seconds, predicted) = if system == 3 {
        let folder = folder(&arguments.model)?;
        let ner = NERModel::new(config(folder.path(), arguments))?;
        let loaded = before.elapsed();
        let mut found = Found::new();
        for (chunk, first) in documents.chunks(AT_ONCE).zip((0..).step_by(AT_ONCE)) {
            let texts: Vec<&str> = chunk.iter().map(|document| document.text.as_str()).collect();
            for (i, (entities, text)) in ner.predict_full_entities(&texts).into_iter().zip(texts).enumerate() {
                let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let byte = |character: u32| starts.get(character as usize).copied().unwrap_or(text.len());
                found.extend(
                    entities
                        .into_iter()
                        .map(|entity| (first + i, byte(entity.offset.begin), byte(entity.offset.end), entity.label)),
                );
            }
        }
        (loaded.as_secs_f64(), (before.elapsed() - loaded).as_secs_f64(), found)
    } else {
        let (precision, engine) = match system {
            0 => (Precision::Int8, Engine::Native),
            1 => (Precision::F32, Engine::Native),
            _ => (Precision::F32, Engine::RustBert { device: arguments.device }),
        };
        let options = LoadOptions::default().precision(precision).engine(engine).pool(Pool::new(arguments.threads));
        let tagger = Tagger::load(&Source::Folder(arguments.model.clone()), &options)?;
        let loaded = before.elapsed();
        let mut documents = documents;
        tagger.tag_all(&mut documents, &Request::default())?.into_iter().collect::<Result<Vec<_>, _>>()?;
        let seconds = (before.elapsed() - loaded).as_secs_f64();
        let found = documents.iter().enumerate().flat_map(|(i, document)| mentions(i, document)).collect();
        (loaded.as_secs_f64(), seconds, found)
    };
    Ok(Round {
        load_seconds,
        seconds,
        words,
        peak_mb: peak_memory()?,
        correct: predicted.intersection(&gold).count(),
        predicted: predicted.len(),
        gold: gold.len(),
    })
}

fn mentions(number: usize, document: &Document) -> impl Iterator<Item = (usize, usize, usize, String)> + '_ {
    document
        .mentions
        .iter()
        .map(move |mention| (number, mention.span.start(), mention.span.end(), mention.label.as_str().to_owned()))
}

/// The model in the form that rust-bert's pipeline reads: the vocabulary with one piece per line, and a complete configuration.
fn folder(model: &Path) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    fs::copy(model.join("model.safetensors"), folder.path().join("model.safetensors"))?;
    // rust-bert requires this key, which only matters in training.
    let mut config: Value = serde_json::from_slice(&fs::read(model.join("config.json"))?)?;
    config["initializer_range"] = 0.02.into();
    fs::write(folder.path().join("config.json"), config.to_string())?;
    let tokenizer: Value = serde_json::from_slice(&fs::read(model.join("tokenizer.json"))?)?;
    let vocabulary = tokenizer["model"]["vocab"].as_object().context("expected a WordPiece vocabulary")?;
    let mut pieces: Vec<(u64, &String)> =
        vocabulary.iter().map(|(piece, id)| (id.as_u64().unwrap_or_default(), piece)).collect();
    pieces.sort_unstable();
    fs::write(
        folder.path().join("vocab.txt"),
        pieces.iter().map(|(_, piece)| format!("{piece}\n")).collect::<String>(),
    )?;
    Ok(folder)
}

fn config(folder: &Path, arguments: &Arguments) -> TokenClassificationConfig {
    let resource = |file: &str| LocalResource::from(folder.join(file));
    let mut config = TokenClassificationConfig::new(
        ModelType::Bert,
        ModelResource::Torch(Box::new(resource("model.safetensors"))),
        resource("config.json"),
        resource("vocab.txt"),
        None,
        true,
        None,
        None,
        LabelAggregationOption::First,
    );
    config.device = match arguments.device {
        Device::Cuda(number) => tch::Device::Cuda(number),
        _ => tch::Device::Cpu,
    };
    tch::set_num_threads(arguments.threads as i32);
    config
}

/// The peak memory of this process in MB; 0 if the system does not report it.
fn peak_memory() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).unwrap_or("0");
    Ok(kilobytes.parse::<f64>()? / 1024.0)
}
