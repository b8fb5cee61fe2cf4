//! Arguments that several commands share.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};

use crate::io::{Columns, Encoding, FilesRead, Format, ReadOptions};
use crate::model::{Device, Engine, LoadOptions, Precision};
use crate::pool::Pool;
use crate::text::OffsetUnit;

/// Most worker threads; no machine has more processors.
const MOST_THREADS: u64 = 4096;

/// The number of worker threads.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Threads {
    /// Worker threads; 0 means all CPUs that this process may use [default: $ALLONYM_THREADS, else $RAYON_NUM_THREADS, else 0]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(..=MOST_THREADS))]
    threads: Option<usize>,
}

impl Threads {
    pub(crate) fn pool(self) -> Pool {
        self.threads.map_or_else(Pool::default, Pool::new)
    }
}

#[derive(Debug, Args)]
pub(crate) struct EngineArgs {
    /// What runs the model: native, or rust-bert in builds with that feature (more architectures, CUDA)
    #[arg(long = "engine", value_name = "NAME", default_value = "native")]
    name: EngineName,
    /// The device that rust-bert runs on: cpu, cuda or cuda:N [default: cpu]
    #[arg(long, value_name = "DEVICE")]
    device: Option<Device>,
}

impl EngineArgs {
    pub(crate) fn engine(&self) -> Result<Engine> {
        match (self.name, self.device) {
            (EngineName::Native, None | Some(Device::Cpu)) => Ok(Engine::Native),
            (EngineName::Native, Some(device)) => {
                bail!("--device: expected cpu with --engine native, found {device}; --engine rust-bert can use CUDA")
            }
            (EngineName::RustBert, device) => Ok(Engine::RustBert { device: device.unwrap_or_default() }),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// The built-in engine: the BERT family, on the CPU
    Native,
    /// rust-bert on libtorch
    RustBert,
}

#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Files, folders, glob patterns, or - for standard input [default: -]
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// Input format: text, jsonl, conll, brat, html, csv, spacy, doccano, prodigy, label-studio, hf, parquet or arrow [default: detected from name and content]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<Format>,
    #[command(flatten)]
    pub(crate) shape: Shape,
    /// Read every file of a folder that is text; else settings, programs, mails, READMEs and the like are left out
    #[arg(long)]
    pub(crate) all_files: bool,
    /// What to do when a document cannot be read or tagged
    #[arg(long, value_name = "ACTION", default_value = "skip")]
    pub(crate) on_error: OnError,
}

/// What documents look like inside of their files.
#[derive(Debug, Args)]
pub(crate) struct Shape {
    /// The JSON field or the column (CSV, Parquet, Arrow) that holds the text
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) text_field: String,
    /// The JSON field or the column that holds the id
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub(crate) id_field: String,
    /// Columns of CoNLL files, such as token,pos,_,ner [default: token first, tag last]
    #[arg(long, value_name = "NAMES")]
    pub(crate) columns: Option<Columns>,
    /// Most bytes of one document, decompressed, such as 64MiB; a larger one is an error
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = size)]
    pub(crate) max_document: u64,
    /// Encoding of the inputs, such as windows-1252 or gbk, or auto to guess; byte order marks and web pages go first [default: UTF-8]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub(crate) encoding: Option<Encoding>,
}

impl Shape {
    /// The options for documents of a format, or of the one that is found.
    pub(crate) fn options(&self, format: Option<Format>) -> ReadOptions {
        ReadOptions::default()
            .format(format)
            .text_field(&self.text_field)
            .id_field(&self.id_field)
            .columns(self.columns.clone())
            .max_document(self.max_document)
            .encoding(self.encoding.clone().unwrap_or_default())
    }
}

impl Input {
    pub(crate) fn options(&self) -> ReadOptions {
        self.shape.options(self.from).files(if self.all_files { FilesRead::All } else { FilesRead::Articles })
    }
}

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Output format: jsonl, conll, brat, html, tsv, csv, spacy, doccano, prodigy, label-studio, hf, parquet or arrow [default: from the name of the output, else jsonl]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Option<Format>,
    /// Output file, compressed if its name ends in .gz or .zst, or a folder for brat [default: standard output]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Write brat files into a folder that has some; those with the same names are replaced
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Fields of the documents as columns of TSV and CSV, such as url,date
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,
    /// Begin TSV and CSV with a byte order mark, without which Excel takes them for another encoding
    #[arg(long)]
    pub(crate) bom: bool,
    /// Put ' before cells of TSV and CSV that a spreadsheet would run as formulae: those that begin with = + - @, a tab or a line end
    #[arg(long, visible_alias = "escape-formulas")]
    pub(crate) escape_formulae: bool,
    /// File for all errors, a line each: the kind and the message, with a tab between; on stderr 20 of each kind are shown
    #[arg(long, value_name = "FILE")]
    pub(crate) errors: Option<PathBuf>,
    /// Heading of the HTML page [default: Persons, organisations, places]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Unit of offsets: char (Unicode code points, as in Python), byte (UTF-8) or utf16 (as in JavaScript)
    #[arg(long, value_name = "UNIT", default_value_t)]
    pub(crate) offsets: OffsetUnit,
    #[command(flatten)]
    pub(crate) messages: Messages,
}

/// What is printed on stderr.
#[derive(Debug, Args)]
pub(crate) struct Messages {
    /// Form of what is printed on stderr: text, or json, one event a line (error, note, progress, end) with counts and rates
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) log_format: LogFormat,
    /// Print errors only: no progress, no notices, no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What a model is run with.
#[derive(Debug, Args)]
pub(crate) struct Computing {
    /// Arithmetic of the model: auto, int8 or f32
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(crate) precision: PrecisionName,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) threads: Threads,
}

impl Computing {
    /// How to load a model that is to run on these threads.
    pub(crate) fn options(&self, pool: Pool) -> Result<LoadOptions> {
        Ok(LoadOptions::default().precision(self.precision.into()).engine(self.engine.engine()?).pool(pool))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines to read, and a progress bar on a terminal
    Text,
    /// An object a line
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// Report it on stderr and continue with the next one
    Skip,
    /// Stop
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrecisionName {
    /// int8 if the CPU has instructions for it, else f32
    Auto,
    /// 8-bit integers: several times faster, at most 0.1 F1 lower
    Int8,
    /// 32-bit floats
    F32,
}

impl From<PrecisionName> for Precision {
    fn from(name: PrecisionName) -> Self {
        match name {
            PrecisionName::Auto => Self::Auto,
            PrecisionName::Int8 => Self::Int8,
            PrecisionName::F32 => Self::F32,
        }
    }
}

/// A number of bytes: 1000, 10kB, 64MiB.
pub(crate) fn size(text: &str) -> std::result::Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "kib" => 1 << 10,
        "m" | "mb" => 1_000_000,
        "mib" => 1 << 20,
        "g" | "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => 0_u64,
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).filter(|&bytes| bytes > 0);
    bytes.ok_or_else(|| "expected a size such as 64MiB, 500kB or 1000".to_owned())
}

/// The name of an encoding; whether there is such a one is found out when it is used.
pub(crate) fn encoding(name: &str) -> std::result::Result<Encoding, std::convert::Infallible> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "auto" => Encoding::Auto,
        "utf-8" | "utf8" => Encoding::Utf8,
        _ => Encoding::Named(name.to_owned()),
    })
}

pub(crate) fn probability(text: &str) -> std::result::Result<f32, String> {
    match text.parse::<f32>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}
