//! The list of documents: which, and in what order.

use serde::Deserialize;

use super::desk::Desk;
use super::kept::{Kept, Stage};
use super::order::Order;
use super::side::Side;
use super::state::{Marked, Status};
use super::wire::Row;

/// What a list is asked for: all documents that fit every part.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Wanted {
    pub(crate) order: Option<Order>,
    status: Option<Status>,
    label: Option<String>,
    /// Some mention that nobody has accepted has a lower score.
    below: Option<f32>,
    /// It disagrees with this side.
    pub(crate) with: Option<String>,
    /// Its id contains this, in any case.
    q: Option<String>,
}

impl Wanted {
    /// The rows.
    pub(crate) fn rows<'d>(&self, desk: &'d Desk, side: Option<&Side>, order: Order) -> Vec<Row<'d>> {
        let q = self.q.as_ref().map(|q| q.to_lowercase());
        let rows = desk.kept.iter().enumerate().filter(|(_, kept)| self.fits(kept, q.as_deref()));
        let mut rows: Vec<Row<'d>> = rows
            .filter_map(|(index, kept)| {
                let found = side.map(|side| side.disagreements(index, &kept.state));
                let is_wanted = found.as_ref().is_none_or(|found| found.iter().any(|it| !it.is_settled));
                is_wanted.then(|| Row::new(index, kept, found.as_deref(), self.below))
            })
            .collect();
        match self.order.unwrap_or(order) {
            Order::Input => {}
            Order::Name => rows.sort_by(|a, b| desk.kept[a.index].key.cmp(&desk.kept[b.index].key)),
            Order::Score => rows.sort_by(|a, b| {
                let rank = |row: &Row<'_>| (desk.kept[row.index].stage == Stage::Waiting, row.least.is_none());
                let least = |row: &Row<'_>| row.least.unwrap_or_default();
                rank(a).cmp(&rank(b)).then(least(a).total_cmp(&least(b))).then(a.index.cmp(&b.index))
            }),
        }
        rows
    }

    fn fits(&self, kept: &Kept, q: Option<&str>) -> bool {
        let has = |marked: &Marked| {
            self.label.as_deref().is_none_or(|label| marked.mention.label.as_str() == label)
                && self.below.is_none_or(|below| marked.doubt().is_some_and(|score| score < below))
        };
        self.status.is_none_or(|status| kept.state.decisions.status == status)
            && q.is_none_or(|q| kept.base.id.to_lowercase().contains(q))
            && (self.label.is_none() && self.below.is_none() || kept.state.mentions.values().any(has))
    }
}
