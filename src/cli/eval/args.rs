//! The arguments of `allonym eval`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::gate::Floor;
use crate::cli::groups::{Threads, encoding, size};
use crate::io::{Columns, Encoding, Format};
use crate::label::{Repair, Scheme};
use crate::model::ForLanguage;
use crate::text::OffsetUnit;

/// Most samples and trials: more digits than any report shows.
const MOST_DRAWN: i64 = 1_000_000;

/// Score a system against gold: how good it is, whether a difference is significant, and what goes wrong
///
/// GOLD and PRED are files, folders or glob patterns in any format with mentions: JSONL, CoNLL, brat, or TSV tables with the columns
/// doc, start, end and label. Documents are paired by id, then in order, and must have the same words: blanks may differ, and so may
/// some sentences. Scores are strict: a mention is correct if its boundaries and its label are those of a gold mention.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym eval gold.jsonl predicted.jsonl
  allonym eval gold.conll spacy.jsonl --map PERSON=PER,GPE=LOC,FAC=LOC --labels PER,ORG,LOC
  allonym eval gold.jsonl predicted.jsonl --brief
  allonym eval eval/languages --language auto --brief
  allonym eval gold.conll a.conll b.conll --name A=spaCy --name B=Flair --report html -o report.html
  allonym eval eval/gold --model news-en-small --fail-under f1=0.85
  allonym eval both.txt both.txt --gold-columns token,_,ner,_ --columns token,_,_,ner
  allonym eval --agreement annotator-a.jsonl annotator-b.jsonl
  allonym eval gold.jsonl predicted.jsonl --review

Metrics for --fail-under and --baseline: precision, recall, f1, macro_f1, weighted_f1, boundary_f1, document_f1, f1.LABEL, and the others under \"metrics\" in --report json.

Exit codes: 0 scored, 1 scored, but below --fail-under or --baseline or without some documents, 2 could not score.")]
pub(crate) struct Eval {
    /// The gold mentions
    #[arg(value_name = "GOLD")]
    pub(crate) gold: String,
    /// The output of one system or more; the first one is compared with each of the others
    #[arg(value_name = "PRED", required_unless_present = "scored")]
    pub(crate) predictions: Vec<String>,
    /// Tag the gold's texts with a model (a name or a folder), and score that after PRED
    #[arg(long, value_name = "NAME|DIR", group = "scored")]
    pub(crate) model: Option<String>,
    /// Tag the gold's texts with the model for a language, as a tag such as fa, or with auto, each text with the model for its own; and
    /// score that after PRED
    #[arg(long, value_name = "auto|TAG", group = "scored")]
    pub(crate) language: Option<ForLanguage>,
    /// The model's head, which says what counts as a mention [default: the model's first]
    #[arg(long, value_name = "NAME", requires = "scored")]
    pub(crate) head: Option<String>,
    /// Name a system, by its path or by its letter, A for the first; may be given several times [default: the name of its file, without the
    /// extension]
    #[arg(long, value_name = "SYSTEM=NAME", conflicts_with = "agreement")]
    pub(crate) name: Vec<String>,
    /// Measure the agreement of two annotators: GOLD and PRED are their files
    #[arg(long, conflicts_with_all = ["model", "language", "head", "train", "baseline", "suspects"])]
    pub(crate) agreement: bool,

    /// The format of all inputs: jsonl, conll, brat, tsv, csv, spacy, doccano, prodigy, label-studio or hf [default: detected from name and content]
    #[arg(long, value_name = "FORMAT", help_heading = "Reading")]
    pub(crate) from: Option<Format>,
    /// The JSONL field that holds the text
    #[arg(long, value_name = "NAME", default_value = "text", help_heading = "Reading")]
    pub(crate) text_field: String,
    /// The JSONL field that holds the id
    #[arg(long, value_name = "NAME", default_value = "id", help_heading = "Reading")]
    pub(crate) id_field: String,
    /// Columns of CoNLL files, such as token,pos,_,ner [default: token first, tag last]
    #[arg(long, value_name = "NAMES", help_heading = "Reading")]
    pub(crate) columns: Option<Columns>,
    /// Columns of the gold, if they differ
    #[arg(long, value_name = "NAMES", help_heading = "Reading")]
    pub(crate) gold_columns: Option<Columns>,
    /// Most bytes of one document, decompressed, such as 64MiB; a larger one is an error
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = size, help_heading = "Reading")]
    pub(crate) max_document: u64,
    /// Encoding of the inputs, such as windows-1252 or gbk, or auto to guess; byte order marks and web pages go first [default: UTF-8]
    #[arg(long, value_name = "NAME", value_parser = encoding, help_heading = "Reading")]
    pub(crate) encoding: Option<Encoding>,
    /// The scheme of CoNLL tags: io, iob1, iob2, bioes or bilou [default: detected; the report has the evidence]
    #[arg(long, value_name = "SCHEME", help_heading = "Reading")]
    pub(crate) scheme: Option<Scheme>,
    /// How to read tags that break the scheme
    #[arg(long, value_name = "POLICY", default_value = "begin", help_heading = "Reading")]
    pub(crate) repair: RepairPolicy,
    /// The unit of the offsets in TSV tables: char, byte or utf16
    #[arg(long, value_name = "UNIT", default_value_t, help_heading = "Reading")]
    pub(crate) offsets: OffsetUnit,

    /// Rename labels on all sides, such as PERSON=PER,GPE=LOC
    #[arg(long, value_name = "FROM=TO,…", value_delimiter = ',', value_parser = renaming, help_heading = "Matching")]
    pub(crate) map: Vec<(String, String)>,
    /// Score only these labels, by their names after --map [default: all]
    #[arg(long, value_name = "LABELS", value_delimiter = ',', help_heading = "Matching")]
    pub(crate) labels: Option<Vec<String>>,
    /// Score even if documents are missing: their gold mentions count as missed
    #[arg(long, help_heading = "Matching")]
    pub(crate) allow_missing: bool,
    /// Pair CoNLL tokens by position, even if they differ
    #[arg(long, help_heading = "Matching")]
    pub(crate) by_token: bool,

    /// Training documents, for scores by seen and unseen names
    #[arg(long, value_name = "FILE", help_heading = "Statistics")]
    pub(crate) train: Option<String>,
    /// Bootstrap samples for the 95% intervals; 0 for none
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(..=MOST_DRAWN), help_heading = "Statistics")]
    pub(crate) samples: u32,
    /// Trials for each p-value
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(..=MOST_DRAWN), help_heading = "Statistics")]
    pub(crate) trials: u32,
    /// The seed of the random numbers
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Statistics")]
    pub(crate) seed: u64,

    /// Five lines instead of a report: the result in a sentence, and the precision, recall and F1 of each system
    #[arg(long, conflicts_with_all = ["report", "agreement"], help_heading = "Output")]
    pub(crate) brief: bool,
    /// The form of the report: text, json, md or html [default: from the name of the output, else text]
    #[arg(long, value_name = "FORM", help_heading = "Output")]
    pub(crate) report: Option<Form>,
    /// Where to write the report [default: standard output]; with --review, the folder of the review
    #[arg(short, long, value_name = "PATH", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Write a table of suspicious gold labels for review: .tsv, .csv or .jsonl, perhaps with .gz or .zst
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) suspects: Option<PathBuf>,
    /// Show the errors on a page in the browser, where one can say that the gold is wrong; the corrected gold is written into the folder
    /// GOLD.review. See `allonym review`
    #[cfg(feature = "review")]
    #[arg(long, conflicts_with_all = ["agreement", "brief", "report", "suspects", "fail_under", "baseline", "map", "labels", "train", "allow_missing", "by_token"], help_heading = "Output")]
    pub(crate) review: bool,
    /// Your name, if several people review
    #[cfg(feature = "review")]
    #[arg(long = "as", value_name = "NAME", requires = "review", help_heading = "Output")]
    pub(crate) annotator: Option<crate::review::Annotator>,
    /// Address and port of the page; port 0 is one that is free
    #[cfg(feature = "review")]
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", requires = "review", help_heading = "Output")]
    pub(crate) listen: crate::server::Address,
    /// Do not open the page in the browser
    #[cfg(feature = "review")]
    #[arg(long, requires = "review", help_heading = "Output")]
    pub(crate) no_open: bool,
    /// Exit with 1 if a metric of the first system is lower, such as f1=0.9 or f1.PER=95%
    #[arg(long, value_name = "METRIC=VALUE", help_heading = "Output")]
    pub(crate) fail_under: Vec<Floor>,
    /// Exit with 1 if a metric is lower than in this JSON file (under "metrics")
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Print errors only: no notices
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// [`Repair`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RepairPolicy {
    /// Such a tag begins a mention, as in conlleval and seqeval
    Begin,
    /// Such a tag counts as O, as in seqeval's strict mode
    Discard,
    /// Such a tag is an error
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

impl Eval {
    /// The form of the report: as asked for, or as the name of the output says.
    pub(crate) fn form(&self) -> Form {
        let named = || {
            let extension = self.output.as_ref()?.extension()?.to_str()?.to_ascii_lowercase();
            match extension.as_str() {
                "json" => Some(Form::Json),
                "md" | "markdown" => Some(Form::Md),
                "html" | "htm" => Some(Form::Html),
                _ => None,
            }
        };
        if self.brief { Form::Text } else { self.report.or_else(named).unwrap_or(Form::Text) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For terminals, 80 columns wide
    Text,
    /// All figures, for programs
    Json,
    /// Markdown tables
    Md,
    /// A page with plots, and the documents side by side
    Html,
}

fn renaming(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err("expected FROM=TO, such as PERSON=PER".to_owned()),
    }
}
