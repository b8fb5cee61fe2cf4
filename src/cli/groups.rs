//! Arguments that several commands share.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::io::{Columns, Format, ReadOptions};
use crate::model::{Device, Engine, Precision};
use crate::pool::Pool;
use crate::text::OffsetUnit;

/// How many threads to work on.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Threads {
    /// Worker threads; 0 is one for each processor that may be used [default: ALLONYM_THREADS, else RAYON_NUM_THREADS, else 0]
    #[arg(long, value_name = "N")]
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
    /// Where rust-bert computes: cpu, cuda or cuda:N [default: cpu]
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
    /// The engine of this program: the BERT family, on the processor
    Native,
    /// rust-bert over libtorch
    RustBert,
}

#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Files, folders, patterns, or - for the standard input [default: -]
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// The format of the input: text, jsonl, conll, brat or html [default: by name and content]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<Format>,
    /// The JSONL field that holds the text
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) text_field: String,
    /// The JSONL field that holds the id
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub(crate) id_field: String,
    /// The columns of CoNLL files, such as token,pos,_,ner [default: first the token, last the tag]
    #[arg(long, value_name = "NAMES")]
    pub(crate) columns: Option<Columns>,
    /// What to do with a document that cannot be read
    #[arg(long, value_name = "ACTION", default_value = "skip")]
    pub(crate) on_error: OnError,
}

impl Input {
    pub(crate) fn options(&self) -> ReadOptions {
        ReadOptions {
            format: self.from,
            text_field: self.text_field.clone(),
            id_field: self.id_field.clone(),
            columns: self.columns.clone(),
            ..ReadOptions::default()
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// The output's format: jsonl, conll, brat, html or tsv [default: by OUTPUT's name, else jsonl]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Option<Format>,
    /// Where to write: a file, compressed where its name ends in .gz or .zst, or a folder for brat [default: the standard output]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// What offsets count: char (Unicode code points, as Python does), byte (UTF-8) or utf16 (as JavaScript does)
    #[arg(long, value_name = "UNIT", default_value_t)]
    pub(crate) offsets: OffsetUnit,
    /// Print neither progress nor summary nor notices; errors are printed
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// Name it on stderr and go on with the next
    Skip,
    /// Stop there
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrecisionName {
    /// int8 on processors that have instructions for it, else f32
    Auto,
    /// Bytes: several times faster, at most 0.1 F1 lower
    Int8,
    /// Single precision, as the model was trained
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

pub(crate) fn probability(text: &str) -> std::result::Result<f32, String> {
    match text.parse::<f32>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}
