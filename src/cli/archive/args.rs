//! Arguments of `allonym archive`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::groups::Threads;
use crate::cli::link::Linking;

/// Look into an archive of linked documents, and decide what is one
///
/// `allonym link --archive` makes an archive and adds to it. It is one SQLite file, with tables that docs/archive.md explains. What you
/// decide here wins over all that is linked later, until you undo it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym archive search news.db Araqchi
  allonym archive show news.db 1f0c6a1b2c3d4e5f
  allonym archive merge news.db 1f0c6a1b2c3d4e5f 9a8b7c6d5e4f3a2b --why 'the same minister'
  allonym archive never news.db 'Ali Larijani' 'Sadeq Larijani'
  allonym archive export news.db -o entities.tsv
  allonym archive export news.db --graph -o graph.graphml --min-documents 3")]
pub(crate) struct Archive {
    #[command(subcommand)]
    pub(crate) action: Action,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Find entities by a name in any spelling, by a part of one, or by an id
    Search {
        #[command(flatten)]
        file: File,
        /// A name or an id
        query: String,
        /// Most entities that are listed
        #[arg(long, value_name = "N", default_value = "20")]
        limit: usize,
    },
    /// Show an entity: its names and why they are one, its ids, decisions, and mentions in their texts
    Show {
        #[command(flatten)]
        file: File,
        /// Id of the entity
        id: String,
        /// Most mentions that are listed
        #[arg(long, value_name = "N", default_value = "10")]
        mentions: usize,
    },
    /// Make two entities one; the younger id redirects to the older
    Merge {
        #[command(flatten)]
        file: File,
        /// Id of an entity
        first: String,
        /// Id of another
        second: String,
        #[command(flatten)]
        by: By,
    },
    /// Take a part out of an entity: some names, the mentions in some documents, or what an id was before it was merged
    Split {
        #[command(flatten)]
        file: File,
        /// Id of the entity
        id: String,
        /// A name as the texts have it; may be given several times
        #[arg(long, value_name = "NAME", conflicts_with = "document")]
        name: Vec<String>,
        /// Id of a document; may be given several times
        #[arg(long, value_name = "ID")]
        document: Vec<String>,
        #[command(flatten)]
        by: By,
    },
    /// Give an entity a name
    Rename {
        #[command(flatten)]
        file: File,
        /// Id of the entity
        id: String,
        /// Its name from now on
        name: String,
        #[command(flatten)]
        by: By,
    },
    /// Say that two ids, or two names, are never one entity
    Never(Pair),
    /// Say that two ids, or two names, are one entity
    Same(Pair),
    /// Undo the last decision, or the one of a number
    Undo {
        #[command(flatten)]
        file: File,
        /// Number of the decision, as `allonym archive decisions` lists it [default: the last one]
        number: Option<i64>,
        #[command(flatten)]
        by: By,
    },
    /// List the decisions that hold
    Decisions {
        #[command(flatten)]
        file: File,
    },
    /// Write the entities as a table, or what occurs together as a graph
    Export(Export),
    /// Print what the archive holds
    Stats {
        #[command(flatten)]
        file: File,
    },
    /// Look for damage; the exit code is 1 if there is some
    Check {
        #[command(flatten)]
        file: File,
    },
    /// Link all documents again with what is known today; ids go to the entities that have most of the old mentions
    Relink {
        #[command(flatten)]
        file: File,
        #[command(flatten)]
        linking: Box<Linking>,
        #[command(flatten)]
        threads: Threads,
        /// The day that stands for today in the log, as 2024-05-31 [default: now]
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct File {
    /// The archive
    #[arg(value_name = "FILE")]
    pub(crate) archive: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Pair {
    #[command(flatten)]
    pub(crate) file: File,
    /// An id or a name
    pub(crate) first: String,
    /// Another of the same sort
    pub(crate) second: String,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct By {
    /// Who decides [default: $USER]
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
    /// The reason, for whoever reads the log
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) why: String,
    /// The day of the decision, as 2024-05-31 [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) file: File,
    /// Output file; JSONL if its name ends in .jsonl, else TSV; of a graph, CSV if it ends in .csv, else GraphML [default: standard
    /// output]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Form of the output [default: from its name]
    #[arg(long, value_name = "FORM")]
    pub(crate) to: Option<ExportForm>,
    /// Write which entities occur in the same documents
    #[arg(long)]
    pub(crate) graph: bool,
    /// Leave out entities with fewer mentions
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) min_mentions: u64,
    /// Leave out entities in fewer documents, and pairs in fewer documents together
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) min_documents: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportForm {
    /// A table of entities, cells separated by tabs
    Tsv,
    /// One entity a line, as JSON
    Jsonl,
    /// A graph for Gephi, yEd, Cytoscape, networkx
    Graphml,
    /// A graph as a table of edges
    Csv,
}
