//! What can be asked of the program?

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::eval::Eval;
use super::link::{Link, Linking};
use crate::io::{Columns, Format, ReadOptions};
use crate::model::{Device, Engine, Precision};
use crate::text::OffsetUnit;

/// Tags the persons, organisations and places in news articles, links the spellings of one name, and scores taggers against gold.
///
/// One binary, the model inside, no network: give it text, HTML, JSONL, CoNLL or brat, plain or compressed.
#[derive(Debug, Parser)]
#[command(name = "allonym", version, propagate_version = true, max_term_width = 110)]
#[command(after_help = "Exit codes: 0 done, 1 done but some documents failed (each named on stderr), 2 could not run.

Examples:
  allonym tag article.txt                        one JSON line a document
  allonym tag news/ --to html -o news.html       a page to read
  cat dump.jsonl.gz | allonym tag --labels PER,ORG,LOC --to tsv
  allonym link tagged.jsonl -o linked.jsonl --entities entities.tsv
  allonym eval gold.jsonl predicted.jsonl        how good, and what is wrong")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Tag(Box<Tag>),
    Link(Box<Link>),
    Eval(Box<Eval>),
    Convert(Convert),
    Models(Models),
}

/// Tag documents: find the mentions of persons, organisations and places, and which of them name the same one
///
/// Reads files, folders (with everything below them), patterns such as 'news/**/*.txt', or the standard input. Documents of any
/// length are tagged whole, and the mentions of each are linked with each other; `allonym link` links across documents. Documents that cannot be read are named on stderr; all others come out, in the order they came in.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym tag eval/articles --to tsv
  allonym tag --from conll --to conll test.conll > predicted.conll
  allonym tag dump.jsonl.zst --text-field body -o tagged.jsonl --resume")]
pub(crate) struct Tag {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) output: Output,
    /// The model: the folder of a token-classification model in the Hugging Face layout, or ORG/NAME on its hub [default: the one inside]
    #[arg(long, value_name = "DIR|ORG/NAME")]
    pub(crate) model: Option<String>,
    /// Which of the model's annotation guidelines to follow: conll or worldwide [default: the model's first]
    #[arg(long, value_name = "NAME")]
    pub(crate) head: Option<String>,
    /// Keep only these labels, such as PER,ORG,LOC [default: all]
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) labels: Option<Vec<String>>,
    /// Leave out mentions that are less probable than this, from 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability)]
    pub(crate) min_score: f32,
    /// Leave the mentions as they are found: no `entity`, no `entities`
    #[arg(long, conflicts_with = "linking")]
    pub(crate) no_link: bool,
    #[command(flatten)]
    pub(crate) linking: Linking,
    /// The numbers in which the model multiplies: auto, int8 or f32
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(crate) precision: PrecisionName,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    /// Worker threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
    /// Go on with an interrupted run: keep what OUTPUT holds (JSONL only) and tag the rest
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
}

/// Convert documents between the formats, with the mentions that they have
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym convert tagged.jsonl -o tagged.html
  allonym convert corpus.conll --to brat -o corpus-brat")]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// List, show and check models
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Models {
    #[command(subcommand)]
    pub(crate) action: Option<ModelAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelAction {
    /// List the models that need no folder
    List,
    /// Show a model's heads, labels and sizes
    Show {
        /// A name or a folder [default: the one inside]
        model: Option<String>,
        #[command(flatten)]
        engine: EngineArgs,
    },
    /// Load a model and tag a sentence with each of its heads
    Check {
        /// A name or a folder [default: the one inside]
        model: Option<String>,
        #[command(flatten)]
        engine: EngineArgs,
    },
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
        ReadOptions::default()
            .format(self.from)
            .text_field(&self.text_field)
            .id_field(&self.id_field)
            .columns(self.columns.clone())
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
