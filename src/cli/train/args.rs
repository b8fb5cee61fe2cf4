//! The arguments of `allonym train`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use crate::cli::groups::{Messages, Shape, Threads};
use crate::io::Format;
use crate::train::{Epochs, Freeze};

/// Train a model on documents of yours, for your labels
///
/// Begins with what a model knows, and writes the folder of a model that `tag --model` takes. Documents are read in any format that has
/// mentions. One with a field `status` other than "complete" teaches its mentions, but not that its other words are no names.
/// Where training is interrupted, the best model so far is written, and --resume goes on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym train gold.jsonl -o models/mine
  allonym train gold/ --dev dev/ --labels PER,ORG,PRODUCT -o models/mine
  allonym train gold.jsonl --freeze all -o models/quick
  allonym tag news/ --model models/mine")]
pub(crate) struct Train {
    /// Files, folders or glob patterns with documents to learn from, or - for standard input
    #[arg(value_name = "GOLD", required = true)]
    pub(crate) gold: Vec<String>,
    /// Documents to be scored on, which say when training ends [default: about one of six of GOLD]
    #[arg(long, value_name = "PATH")]
    pub(crate) dev: Vec<String>,
    /// The folder for the model
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Replace a model in this folder, and forget where an interrupted training was
    #[arg(long, conflicts_with = "resume")]
    pub(crate) overwrite: bool,
    /// Go on from where an interrupted training with the same options was
    #[arg(long)]
    pub(crate) resume: bool,
    /// Model to begin with: a name, or a folder with a model or an encoder in the Hugging Face layout [default: the built-in model]
    #[arg(long, value_name = "NAME|DIR|ORG/NAME")]
    pub(crate) from: Option<String>,
    /// Labels to learn [default: all that GOLD has]
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) labels: Option<Vec<String>>,
    /// Name of the new head
    #[arg(long, value_name = "NAME", default_value = "own")]
    pub(crate) head: String,
    /// Keep the heads that the model has, for `tag --head`
    #[arg(long)]
    pub(crate) keep_heads: bool,
    /// What is not trained: none, words (their vectors), so many layers from below, or all but the head, which takes seconds
    #[arg(long, value_name = "none|words|N|all", default_value = "words")]
    pub(crate) freeze: Freeze,
    /// Passes over GOLD: a number, or auto, which also ends when dev gains no more
    #[arg(long, value_name = "auto|N", default_value = "auto")]
    pub(crate) epochs: Epochs,
    /// What random numbers begin with: the same seed gives the same model
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Highest learning rate [default: 0.0001; 0.0003 where no head knows a label; 0.002 with --freeze
    /// all]
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(crate) rate: Option<f32>,
    /// Most pieces of a step [default: 256 to 1536, by the size of GOLD]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(64..=16_384))]
    pub(crate) step_pieces: Option<usize>,
    /// Format of the documents: jsonl, conll, brat, spacy, doccano, prodigy, label-studio, hf, parquet or arrow [default: detected]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    #[command(flatten)]
    pub(crate) shape: Shape,
    #[command(flatten)]
    pub(crate) threads: Threads,
    #[command(flatten)]
    pub(crate) messages: Messages,
}

fn rate(text: &str) -> Result<f32, String> {
    let rate = text.parse().ok().filter(|rate| *rate > 0.0 && *rate <= 1.0);
    rate.ok_or_else(|| format!("expected a number above 0 and at most 1, found {text:?}"))
}
