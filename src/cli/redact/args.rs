//! Arguments of `allonym redact`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::groups::{Computing, Input, Messages};
use crate::cli::link::Linking;
use crate::cli::model_args::DocumentModelArgs;
use crate::cli::tag::MinScore;
use crate::redact::{FieldsKept, Occurrences, RedactOptions, Style};
use crate::text::OffsetUnit;

/// Replace names by pseudonyms, the same for all spellings of one name, and undo it
///
/// Tags the documents, links the spellings of each name, and writes the texts with `Person 1`, `Person 2` … in place of the names. The
/// table tells who is who, and which spelling stood where: keep it apart from the texts. With it, --undo gives back the very bytes. Given
/// again for other documents, it goes on: who has a pseudonym keeps it. A document that cannot be tagged is not written.
///
/// No tagger finds every name: read docs/redact.md before you rely on it, and measure with --recall.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym redact letter.txt --table who.jsonl > redacted.txt
  allonym redact letters/ --table who.jsonl -o redacted/
  allonym redact news.jsonl --table who.jsonl --labels PER,ORG -o redacted.jsonl
  allonym redact --undo redacted/ --table who.jsonl -o letters-again/
  allonym redact eval/gold --recall                   how much of what people marked would be replaced")]
pub(crate) struct Redact {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The table of pseudonyms (JSONL), which is made or continued; on Unix only you may read it
    #[arg(long, value_name = "FILE", required_unless_present = "recall")]
    pub(crate) table: Option<PathBuf>,
    /// Put the names back into redacted documents
    #[arg(long, conflicts_with_all = ["recall", "labels", "style", "seed", "given", "only_mentions", "keep_fields", "model", "language", "head", "min_score", "linking"])]
    pub(crate) undo: bool,
    /// With --undo: put names into texts that were edited since, too: the name of each entity wherever its pseudonym stands
    #[arg(long, requires = "undo")]
    pub(crate) edited: bool,
    /// Write nothing; tell how much of the mentions of the documents (marked by hand) would be replaced
    #[arg(long, conflicts_with_all = ["table", "output", "to"])]
    pub(crate) recall: bool,
    /// Labels of the names that are replaced
    #[arg(long, value_name = "LABELS", value_delimiter = ',', default_value = "PER")]
    pub(crate) labels: Vec<String>,
    /// Pseudonyms: numbers (Person 1, Organisation 1, Place 1) or names (invented ones, none of which occurs in the texts) [default: as the table has them, else numbers]
    #[arg(long, value_name = "STYLE")]
    pub(crate) style: Option<StyleName>,
    /// Which names --style names gives: the same number gives the same names [default: that of the table, else 1]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Replace the mentions that the documents have (JSONL, brat, CoNLL), which somebody has checked; nothing is tagged
    #[arg(long, conflicts_with_all = ["recall", "model", "language", "head", "min_score"])]
    pub(crate) given: bool,
    /// Replace mentions only, and not the same name elsewhere in the document where it was not found
    #[arg(long)]
    pub(crate) only_mentions: bool,
    /// Fields that stay as they are, such as date,lang, or all. Others are redacted if they are text, and left out if they are addresses, lists or single words
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) keep_fields: Vec<String>,
    #[command(flatten)]
    pub(crate) output: RedactOutput,
    #[command(flatten)]
    pub(crate) tagging: DocumentModelArgs,
    /// Head of the model [default: the model's first]
    #[arg(long, value_name = "NAME")]
    pub(crate) head: Option<String>,
    /// Do not replace mentions with a lower score, from 0 to 1; per label: PER=0.8,ORG=0.6. What is left out stays readable [default: 0]
    #[arg(long, value_name = "P|LABEL=P", value_delimiter = ',')]
    pub(crate) min_score: Vec<MinScore>,
    #[command(flatten)]
    pub(crate) linking: Linking,
    #[command(flatten)]
    pub(crate) computing: Computing,
}

/// Where redacted documents go.
#[derive(Debug, Args)]
pub(crate) struct RedactOutput {
    /// Output format: text or jsonl [default: from the name of the output, else from that of the first input, else text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Option<FormatName>,
    /// Output: a file, or as text a folder with a file for each document [default: standard output]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Replace files of the output folder that have the same names
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Unit of offsets in JSONL: char (Unicode code points, as in Python), byte (UTF-8) or utf16 (as in JavaScript)
    #[arg(long, value_name = "UNIT", default_value_t)]
    pub(crate) offsets: OffsetUnit,
    #[command(flatten)]
    pub(crate) messages: Messages,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// The text alone
    Text,
    /// One document a line, with the places of the pseudonyms
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StyleName {
    /// Person 1, Organisation 1, Place 1
    Numbers,
    /// Invented names
    Names,
}

impl From<StyleName> for Style {
    fn from(name: StyleName) -> Self {
        match name {
            StyleName::Numbers => Self::Numbers,
            StyleName::Names => Self::Names,
        }
    }
}

impl Redact {
    pub(super) fn options(&self) -> RedactOptions {
        let fields = match self.keep_fields.as_slice() {
            [] => FieldsKept::None,
            [all] if all == "all" => FieldsKept::All,
            names => FieldsKept::Named(names.to_vec()),
        };
        let occurrences = if self.only_mentions { Occurrences::Mentions } else { Occurrences::All };
        RedactOptions::default().labels(&self.labels).occurrences(occurrences).fields(fields)
    }

    /// Whether the inputs are more than one file.
    pub(super) fn is_many(&self) -> bool {
        match self.input.inputs.as_slice() {
            [] => false,
            [one] => one != "-" && !Path::new(one).is_file(),
            _ => true,
        }
    }
}
