//! Arguments of `allonym link`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{ArgAction, Args};

use crate::cli::files::Files;
use crate::cli::groups::{Input, Output, Threads, probability};
use crate::cli::report::ReportTo;
use crate::io::{NameTable, table_rows};
use crate::link::names::NameModel;
use crate::link::{AliasTable, Constraints, LinkOptions, Linker};
use crate::pool::Pool;

/// Link the spellings of one name to one entity, across documents
///
/// Reads documents with mentions, from any tagger or annotated by hand (JSONL, CoNLL, brat), and writes them with one `entity` for all
/// mentions of a person, organisation or place. Nothing is tagged again, and existing links are replaced. The inputs are read twice, so
/// that memory does not grow with the texts; input from a pipe is kept in a temporary file. The same documents give the same entities in
/// any order.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym link tagged.jsonl -o linked.jsonl --entities entities.tsv
  allonym link archive/ --no-documents --entities - | sort -t$'\\t' -k5,5nr | head
  allonym tag news/ | allonym link --to html -o news.html
  allonym link gold.conll --within --to tsv
  allonym link tagged.jsonl --aliases names.tsv --never 'Nawaz Sharif' 'Shehbaz Sharif'
  allonym link tagged.jsonl --explain Qureshi         the mentions of an entity, and why they are one
  allonym link today.jsonl --archive news.db -o linked.jsonl
  allonym link --explain 'Abbas Aragchi' 'Abbas Araghchi'
  allonym link --names names.parquet -o linked.parquet
  allonym link --pairs pairs.tsv > scored.tsv         columns name1 and name2; adds probability")]
pub(crate) struct Link {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Write a table of the entities: JSONL if the name ends in .jsonl, else TSV; - is TSV on standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) entities: Option<PathBuf>,
    /// Leave entities with fewer mentions out of the table of entities
    #[arg(long, value_name = "N", requires = "entities", default_value_t = 1)]
    pub(crate) min_mentions: usize,
    /// Write only the table of entities, or only into the archive, no documents
    #[arg(long, conflicts_with_all = ["output", "to", "offsets"])]
    pub(crate) no_documents: bool,
    #[cfg(feature = "archive")]
    #[command(flatten)]
    pub(crate) archive: IntoArchive,
    /// Link only within each document, as `allonym tag` does; the ids are e1, e2 …
    #[arg(long, conflicts_with = "entities")]
    pub(crate) within: bool,
    /// Show which merges made ENTITY (an id or a name) of the documents, and why; or compare two names of persons. Documents come
    /// first: allonym link tagged.jsonl --explain ENTITY
    #[arg(long, num_args = 1..=2, value_names = ["ENTITY|NAME", "NAME"], conflicts_with_all = ["output", "to", "offsets", "entities", "within", "report"])]
    pub(crate) explain: Vec<String>,
    /// Compare the two names in each row of a tab-separated table with the columns name1 and name2, and add the column probability
    #[arg(long, value_name = "FILE.tsv", conflicts_with_all = ["inputs", "from", "to", "offsets", "entities", "within", "explain", "report"])]
    pub(crate) pairs: Option<String>,
    /// Link the names of a table that were counted before, in place of documents: columns name, label, count, documents and aliases, as
    /// Parquet, Arrow, TSV, CSV or JSONL, one file or a folder of them. Every row comes out with its entity, entity_name and kb
    #[cfg(feature = "arrow")]
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["inputs", "no_documents", "within", "explain", "pairs", "file", "report", "fields"])]
    pub(crate) names: Option<String>,
    /// Refused: see the message.
    #[arg(long, hide = true, value_name = "N/PARTS")]
    pub(crate) shard: Option<String>,
    #[command(flatten)]
    pub(crate) linking: Linking,
    #[command(flatten)]
    pub(crate) threads: Threads,
    #[command(flatten)]
    pub(crate) report: ReportTo,
}

/// Where linked documents are kept.
#[cfg(feature = "archive")]
#[derive(Debug, Args)]
pub(crate) struct IntoArchive {
    /// Add the documents to an archive, which is made if there is none: they are linked with all that it has, and ids stay. Documents
    /// that it has already change nothing
    #[arg(long = "archive", value_name = "FILE", conflicts_with_all = ["entities", "within", "explain", "pairs"])]
    pub(crate) file: Option<PathBuf>,
    /// The day that stands for today in the archive, as 2024-05-31 [default: now]
    #[arg(long, value_name = "DATE", requires = "file")]
    pub(crate) as_of: Option<String>,
    /// Number of documents that are linked and kept together: after an interruption, at most so many are linked again
    #[arg(long, value_name = "N", requires = "file", default_value = "2000", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) batch: u32,
}

/// Arguments that say how to link.
#[derive(Debug, Args)]
#[group(id = "linking", multiple = true)]
pub(crate) struct Linking {
    /// Names that you know: a table (.tsv or .csv) with the columns canonical, alias, label, id, or JSONL (.jsonl). Mentions of them, in
    /// any spelling, get their name, label and id
    #[arg(long, value_name = "FILE")]
    pub(crate) aliases: Option<PathBuf>,
    /// Your own knowledge base: like --aliases, but each entry needs an id; as JSONL with id, name, aliases and label
    #[arg(long, value_name = "FILE")]
    pub(crate) kb: Option<PathBuf>,
    /// Lowest probability, from 0 to 1, at which a name means a person of --aliases or --kb [default: the one with the best F1]
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) threshold: Option<f32>,
    /// Two names that are never one entity; may be given several times
    #[arg(long, num_args = 2, value_names = ["NAME", "NAME"], action = ArgAction::Append)]
    pub(crate) never: Vec<String>,
    /// Two names, both of persons, organisations or places, that are one entity; may be given several times
    #[arg(long, num_args = 2, value_names = ["NAME", "NAME"], action = ArgAction::Append)]
    pub(crate) same: Vec<String>,
    /// A table (.tsv or .csv) of such pairs, with the columns constraint (same or never), name1 and name2, as `allonym review` writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) constraints: Option<PathBuf>,
}

impl Link {
    /// Lists where documents and errors are written.
    pub(super) fn list_output(&self, files: &mut Files) {
        match self.no_documents {
            true => self.output.list_errors(files),
            false => self.output.list(files),
        }
    }
}

impl Linking {
    /// Lists the tables that are read.
    pub(crate) fn list(&self, files: &mut Files) {
        files.reads("--aliases", self.aliases.as_deref());
        files.reads("--kb", self.kb.as_deref());
        files.reads("--constraints", self.constraints.as_deref());
    }

    /// The linker of these arguments, on the threads of a pool.
    pub(crate) fn linker(&self, pool: &Pool) -> Result<Linker> {
        let mut options = LinkOptions::default().pool(pool.clone());
        let aliases = self.aliases.as_deref().map(NameTable::open).transpose().context("--aliases")?;
        let kb = self.kb.as_deref().map(|path| NameTable::open(path)?.identified()).transpose().context("--kb")?;
        if let Some(table) = aliases.into_iter().chain(kb).reduce(NameTable::and) {
            let threshold = self.threshold.map_or_else(|| NameModel::embedded().threshold(), f64::from);
            options = options.aliases(AliasTable::with_threshold(table, threshold));
        } else if self.threshold.is_some() {
            bail!("--threshold: expected --aliases or --kb beside it, found neither");
        }
        let mut constraints = Constraints::new(&pairs(&self.same), &pairs(&self.never)).context("--same, --never")?;
        if let Some(path) = &self.constraints {
            let more = listed(path)?;
            constraints = constraints.and(&more).with_context(|| format!("--constraints: {}", path.display()))?;
        }
        Ok(Linker::new(options.constraints(constraints)))
    }
}

/// The pairs of a table.
fn listed(path: &Path) -> Result<Constraints> {
    let (mut same, mut never) = (Vec::new(), Vec::new());
    let place = || format!("--constraints: {}", path.display());
    for (nth, mut row) in table_rows(path).context("--constraints")?.into_iter().enumerate() {
        let mut cell = |name: &str| {
            row.remove(name)
                .with_context(|| format!("{}: row {}: expected a column {name:?}, found none", place(), nth + 1))
        };
        let pair = (cell("name1")?, cell("name2")?);
        match cell("constraint")?.trim() {
            "same" => same.push(pair),
            "never" => never.push(pair),
            other => bail!("{}: row {}: expected same or never as constraint, found {other:?}", place(), nth + 1),
        }
    }
    Constraints::new(&same, &never).with_context(place)
}

/// The pairs of values of an option that takes two.
fn pairs(values: &[String]) -> Vec<(&str, &str)> {
    values.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect()
}
