//! What can be asked of `allonym eval`?

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::gate::Floor;
use crate::cli::groups::Threads;
use crate::io::{Columns, Format};
use crate::label::{Repair, Scheme};
use crate::text::OffsetUnit;

/// Score output against gold: how good, is a difference real, and what is wrong
///
/// GOLD and PRED are files, folders or patterns in any format that has mentions: JSONL, CoNLL, brat, or a TSV table (columns doc, start,
/// end, label). Documents are matched by id, then by order, and must have the same text. Scores are strict: a mention counts when
/// its boundaries and its label are the gold's.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym eval gold.jsonl predicted.jsonl
  allonym eval gold.conll spacy.jsonl --map PERSON=PER,GPE=LOC,FAC=LOC --labels PER,ORG,LOC
  allonym eval gold.conll a.conll b.conll --report html -o report.html
  allonym eval eval/gold --model news-en-small --fail-under f1=0.85
  allonym eval both.txt both.txt --gold-columns token,_,ner,_ --columns token,_,_,ner
  allonym eval --agreement annotator-a.jsonl annotator-b.jsonl

Metrics for --fail-under and --baseline: precision, recall, f1, macro_f1, weighted_f1, boundary_f1, document_f1, f1.LABEL and the others
under \"metrics\" in --report json.

Exit codes: 0 scored, 1 scored but below --fail-under or --baseline or without some documents, 2 could not score.")]
pub(crate) struct Eval {
    /// The gold mentions
    #[arg(value_name = "GOLD")]
    pub(crate) gold: String,
    /// The output of a system, or of several to compare with the first
    #[arg(value_name = "PRED", required_unless_present = "model")]
    pub(crate) predictions: Vec<String>,
    /// Tag the gold's text with a model (a name or a folder) and score that, behind PRED where there is one
    #[arg(long, value_name = "NAME|DIR")]
    pub(crate) model: Option<String>,
    /// Which of the model's annotation guidelines to follow [default: the model's first]
    #[arg(long, value_name = "NAME", requires = "model")]
    pub(crate) head: Option<String>,
    /// How far two annotators agree: GOLD and PRED are their files
    #[arg(long, conflicts_with_all = ["model", "train", "baseline", "suspects"])]
    pub(crate) agreement: bool,

    /// The format of all inputs: jsonl, conll, brat or tsv [default: by name and content]
    #[arg(long, value_name = "FORMAT", help_heading = "Reading")]
    pub(crate) from: Option<Format>,
    /// The JSONL field that holds the text
    #[arg(long, value_name = "NAME", default_value = "text", help_heading = "Reading")]
    pub(crate) text_field: String,
    /// The JSONL field that holds the id
    #[arg(long, value_name = "NAME", default_value = "id", help_heading = "Reading")]
    pub(crate) id_field: String,
    /// The columns of CoNLL files, such as token,pos,_,ner [default: first the token, last the tag]
    #[arg(long, value_name = "NAMES", help_heading = "Reading")]
    pub(crate) columns: Option<Columns>,
    /// The columns of the gold, where they are others
    #[arg(long, value_name = "NAMES", help_heading = "Reading")]
    pub(crate) gold_columns: Option<Columns>,
    /// The scheme of CoNLL tags: io, iob1, iob2, bioes or bilou [default: detected, with the evidence in the report]
    #[arg(long, value_name = "SCHEME", help_heading = "Reading")]
    pub(crate) scheme: Option<Scheme>,
    /// What to make of tags that break the scheme: begin a mention (conlleval, seqeval), discard them (seqeval strict), or stop
    #[arg(long, value_name = "POLICY", default_value = "begin", help_heading = "Reading")]
    pub(crate) repair: RepairPolicy,
    /// What the offsets of TSV tables count: char, byte or utf16
    #[arg(long, value_name = "UNIT", default_value_t, help_heading = "Reading")]
    pub(crate) offsets: OffsetUnit,

    /// Labels to rename on all sides, such as PERSON=PER,GPE=LOC
    #[arg(long, value_name = "FROM=TO,…", value_delimiter = ',', value_parser = renaming, help_heading = "Matching")]
    pub(crate) map: Vec<(String, String)>,
    /// Score only these labels (after --map) [default: all]
    #[arg(long, value_name = "LABELS", value_delimiter = ',', help_heading = "Matching")]
    pub(crate) labels: Option<Vec<String>>,
    /// Score although documents are missing: their gold mentions count as missed
    #[arg(long, help_heading = "Matching")]
    pub(crate) allow_missing: bool,
    /// Match CoNLL tokens by their place even where their letters differ
    #[arg(long, help_heading = "Matching")]
    pub(crate) by_token: bool,

    /// Training documents, to tell names that were seen there from others
    #[arg(long, value_name = "FILE", help_heading = "Statistics")]
    pub(crate) train: Option<String>,
    /// Bootstrap samples for the 95 % intervals; 0 for none
    #[arg(long, value_name = "N", default_value_t = 1000, help_heading = "Statistics")]
    pub(crate) samples: u32,
    /// Trials for the p-values of differences
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = "Statistics")]
    pub(crate) trials: u32,
    /// What the random numbers start from
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Statistics")]
    pub(crate) seed: u64,

    /// The form of the report
    #[arg(long, value_name = "FORM", default_value = "text", help_heading = "Output")]
    pub(crate) report: Form,
    /// Where to write the report [default: the standard output]
    #[arg(short, long, value_name = "PATH", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Write the gold's most suspicious labels to a table for review
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) suspects: Option<PathBuf>,
    /// Exit with 1 where a metric of the first system is lower, such as f1=0.9 or f1.PER=95%
    #[arg(long, value_name = "METRIC=VALUE", help_heading = "Output")]
    pub(crate) fail_under: Vec<Floor>,
    /// Exit with 1 where a metric of this JSON file ("metrics") is not reached
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Print no notices; errors are printed
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// [`Repair`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RepairPolicy {
    /// A wrong tag begins a mention of its own, as in conlleval
    Begin,
    /// A wrong tag is taken for O
    Discard,
    /// A wrong tag is an error
    Error,
}

impl From<RepairPolicy> for Repair {
    fn from(policy: RepairPolicy) -> Self {
        match policy {
            RepairPolicy::Begin => Self::Begin,
            RepairPolicy::Discard => Self::Discard,
            RepairPolicy::Error => Self::Error,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For the terminal, 80 columns wide
    Text,
    /// Every figure, for programs
    Json,
    /// Markdown tables
    Md,
    /// One page with plots and the documents side by side
    Html,
}

fn renaming(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err("expected FROM=TO, such as PERSON=PER".to_owned()),
    }
}
