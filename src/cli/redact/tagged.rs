//! Documents with the mentions that are replaced.

use anyhow::Result;

use super::args::Redact;
use super::spool::Spool;
use crate::cli::flow::{self, Item, Items};
use crate::cli::model_args;
use crate::cli::outcome::Outcome;
use crate::cli::progress::Progress;
use crate::cli::resume::Done;
use crate::cli::tag::MinScore;
use crate::io::Documents;
use crate::model::Models;
use crate::pipeline::{HasDocument, Request};
use crate::pool::Pool;
use crate::redact::{Redactor, Table};

/// The documents of a run, and their names.
pub(super) struct Tagged {
    pub(super) redactor: Redactor,
    pub(super) spool: Spool,
}

impl Tagged {
    /// None yet; the names of a table are known.
    pub(super) fn new(args: &Redact, table: Table) -> Result<Self> {
        Ok(Self { redactor: Redactor::new(table, args.options()), spool: Spool::new()? })
    }

    /// Tags documents with their fields, unless their mentions are given, and keeps them.
    pub(super) fn read(
        &mut self,
        documents: Documents,
        args: &Redact,
        (models, pool, progress): (&Models, &Pool, &mut Progress),
    ) -> Result<Outcome> {
        let fields = Redactor::new(Table::default(), args.options());
        let join = move |mut item: Item| {
            if let Some(document) = item.document_mut() {
                *document = fields.join(std::mem::take(document));
                document.entities.clear();
            }
            item
        };
        let languages = args.tagging.languages(models).filter(|_| !args.given);
        let items = Items::new(documents, Done::nothing(), progress).languages(languages).map(join);
        let take = |document| -> Result<()> {
            self.redactor.add(&document)?;
            self.spool.take(&document)
        };
        if args.given {
            return flow::collect(flow::unchanged(items, pool), args.input.on_error, progress, take);
        }
        let options = args.computing.options(pool.clone())?;
        let pipeline = model_args::pipeline(models, &options)?;
        let mut request = Request::default();
        request.head.clone_from(&args.head);
        let request = args.min_score.iter().fold(request, MinScore::ask);
        for label in &args.labels {
            pipeline.tagger().labels(&Request::default().labels([label]))?;
        }
        flow::collect(pipeline.stream(items, &request)?, args.input.on_error, progress, take)
    }
}
