//! The arguments of `allonym top`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::cli::files::Files;
use crate::cli::groups::{Input, Threads, probability};
use crate::cli::link::Linking;
use crate::cli::model_args::DocumentModelArgs;
use crate::model::Models;
use crate::top::Order;

/// Show who is in the documents: the entities with most mentions, by month if the documents have dates
///
/// Counts documents as `allonym link` wrote them. Documents with mentions that are not linked across documents are linked first, texts
/// without mentions are tagged and linked first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym top linked.jsonl
  allonym top news/ --labels PER,ORG --sort documents --limit 50
  allonym top linked.jsonl --date-field published --to html -o top.html
  allonym top linked.jsonl --limit 0 --to tsv -o all.tsv")]
pub(crate) struct Top {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Output format: table, tsv, csv, json or html [default: from the name of the output, else table]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) to: Option<Form>,
    /// Output file, compressed if its name ends in .gz or .zst [default: standard output]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Heading of the HTML page [default: Who is in the documents]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// What counts most: mentions, or documents
    #[arg(long, value_name = "COUNT", default_value = "mentions", hide_possible_values = true)]
    pub(crate) sort: Sort,
    /// Labels of the entities to show, such as PER,ORG, in any case [default: all]
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) labels: Option<Vec<String>>,
    /// Number of entities to show; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Leave out mentions with a lower score, from 0 to 1; those without a score count [default: 0]
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) min_score: Option<f32>,
    /// The field of the documents with their date, such as 2024-05-31 [default: date, else published]
    #[arg(long, value_name = "NAME")]
    pub(crate) date_field: Option<String>,
    #[command(flatten)]
    pub(crate) tagging: DocumentModelArgs,
    #[command(flatten)]
    pub(crate) linking: Linking,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Print errors only: no progress, no notices, no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Table,
    Tsv,
    Csv,
    Json,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    Mentions,
    Documents,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Mentions => Self::Mentions,
            Sort::Documents => Self::Documents,
        }
    }
}

impl Top {
    /// The requested form, else the one that the output's name implies, else a table.
    pub(super) fn form(&self) -> Result<Form> {
        let form = match (self.to, &self.output) {
            (Some(form), _) => form,
            (None, Some(path)) => by_name(&path.to_string_lossy())?,
            (None, None) => Form::Table,
        };
        if self.title.is_some() && form != Form::Html {
            bail!("--title: expected html as the output format, found another one, which has no place for a title");
        }
        Ok(form)
    }

    /// Lists what is read beside the inputs, and written. Returns the models, which are read if texts have to be tagged.
    pub(super) fn list(&self, files: &mut Files) -> Result<Models> {
        self.linking.list(files);
        files.writes_output(self.output.as_deref());
        self.tagging.models(files)
    }
}

fn by_name(name: &str) -> Result<Form> {
    let lower = name.to_ascii_lowercase();
    let lower = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
    Ok(match lower.rsplit_once('.').map_or("", |(_, end)| end) {
        "tsv" => Form::Tsv,
        "csv" => Form::Csv,
        "json" => Form::Json,
        "html" | "htm" => Form::Html,
        "txt" => Form::Table,
        _ => bail!(
            "expected an output whose name ends in .tsv, .csv, .json, .html or .txt, or its format by --to, found {name}"
        ),
    })
}
