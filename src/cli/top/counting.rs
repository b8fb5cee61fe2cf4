//! Counts documents as they are read.

use serde_json::Value;

use super::args::Top;
use super::form::Counts;
use crate::cli::progress::Progress;
use crate::cli::report;
use crate::link::{Linker, MentionStore};
use crate::text::{Document, Label, plural};
use crate::top::{Mentioned, Month, Tally, mentioned};

/// Where dates are without `--date-field`: as `allonym archive` looks for them.
const DATE_FIELDS: [&str; 2] = ["date", "published"];

/// The documents so far, without their texts. Only at the end is it known whether they are linked across documents.
pub(super) struct Counting<'a> {
    args: &'a Top,
    tally: Tally,
    mentions: MentionStore,
    /// Of each document.
    months: Vec<Option<Month>>,
    /// Documents whose date is none, and the first such date.
    odd_dates: (u64, String),
    n_without_mentions: u64,
    n_left_out: u64,
    counted: report::Tally,
}

impl<'a> Counting<'a> {
    pub(super) fn new(args: &'a Top) -> Self {
        Self {
            args,
            tally: Tally::new(),
            mentions: MentionStore::new(),
            months: Vec::new(),
            odd_dates: (0, String::new()),
            n_without_mentions: 0,
            n_left_out: 0,
            counted: report::Tally::default(),
        }
    }

    pub(super) fn take(&mut self, mut document: Document) {
        let n_found = document.mentions.len();
        self.n_without_mentions += u64::from(n_found == 0);
        if let Some(least) = self.args.min_score {
            document.mentions.retain(|mention| mention.score.is_none_or(|score| score >= least));
        }
        self.counted.add(&document);
        self.n_left_out += (n_found - document.mentions.len()) as u64;
        let month = self.month(&document);
        self.months.push(month);
        self.tally.add(&document, month);
        self.mentions.add(&document).expect("readers check that spans slice the text, and taggers give such spans");
    }

    fn month(&mut self, document: &Document) -> Option<Month> {
        let value = match &self.args.date_field {
            Some(name) => document.extra.get(name)?,
            None => DATE_FIELDS.iter().find_map(|name| document.extra.get(name))?,
        };
        let date = match value {
            Value::Null => return None,
            Value::String(date) => date,
            other => other.to_string(),
        };
        let month = date.parse().ok();
        if month.is_none() {
            self.odd_dates.0 += 1;
            if self.odd_dates.0 == 1 {
                self.odd_dates.1 = date;
            }
        }
        month
    }

    pub(super) fn n_documents(&self) -> usize {
        self.months.len()
    }

    /// Whether there are mentions, those with a low score among them.
    pub(super) fn has_mentions(&self) -> bool {
        self.counted.n_mentions() + self.n_left_out > 0
    }

    /// What counts.
    pub(super) fn counted(&self) -> &report::Tally {
        &self.counted
    }

    /// Says what did not count.
    pub(super) fn notes(&self, progress: &mut Progress) {
        let Self { odd_dates: (n_odd, first), n_without_mentions, n_left_out, .. } = self;
        if *n_without_mentions > 0 && self.has_mentions() {
            progress.note(&format!("{} without mentions", plural(*n_without_mentions, "document")));
        }
        if *n_left_out > 0 {
            progress.note(&format!("--min-score leaves out {}", plural(*n_left_out, "mention")));
        }
        if *n_odd > 0 {
            progress.note(&format!(
                "{} counted in no month: expected a date such as 2024-05-31, found {first:?}",
                plural(*n_odd, "document")
            ));
        }
        if let (Some(name), 0) = (&self.args.date_field, *n_odd)
            && self.months.iter().all(Option::is_none)
        {
            progress.note(&format!("no document has the field {name:?}"));
        }
    }

    /// The counts: of the entities that the documents have if these are linked across documents, else of those that the linker finds.
    pub(super) fn finish(self, linker: &Linker) -> Counts {
        let order = self.args.sort.into();
        let all: Vec<Mentioned> = if self.tally.is_linked_across() {
            self.tally.ranked(order)
        } else {
            mentioned(&linker.link(self.mentions), &self.months, order)
        };
        let shows = |label: &Label| match &self.args.labels {
            Some(labels) => labels.iter().any(|known| known.trim().eq_ignore_ascii_case(label.as_str())),
            None => true,
        };
        let mut entities: Vec<Mentioned> = all.into_iter().filter(|it| shows(&it.entity.label)).collect();
        let n_entities = entities.len();
        if self.args.limit > 0 {
            entities.truncate(self.args.limit);
        }
        Counts {
            entities,
            n_entities: n_entities as u64,
            n_documents: self.months.len() as u64,
            n_mentions: self.counted.n_mentions(),
            order,
        }
    }
}
