//! The labels that can be given.

use super::desk::Desk;
use super::side::Side;
use crate::text::Label;

/// The first labels, in this order: their keys are the first numbers.
const USUAL: [&str; 4] = ["PER", "ORG", "LOC", "MISC"];

/// The labels of the documents and some more, the usual ones first.
pub(crate) fn ordered(desk: &Desk, more: impl IntoIterator<Item = Label>) -> Vec<Label> {
    let own = desk.kept.iter().flat_map(|kept| kept.state.mentions.values().map(|it| it.mention.label.clone()));
    let mut labels: Vec<Label> = own.chain(more).collect();
    // Documents that name some of the usual kinds may yet lack the others.
    if labels.is_empty() || labels.iter().any(|label| USUAL.contains(&label.as_str())) {
        labels.extend(USUAL.map(Label::new));
    }
    let place = |label: &Label| USUAL.iter().position(|usual| *usual == label.as_str()).unwrap_or(USUAL.len());
    labels.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    labels.dedup();
    labels
}

/// The labels of the documents, of the other side, and some more.
pub(crate) fn known(desk: &Desk, beside: Option<&Side>, more: &[Label]) -> Vec<Label> {
    let others = beside.into_iter().flat_map(|side| side.mentions.iter().flatten().flatten());
    ordered(desk, others.map(|mention| mention.label.clone()).chain(more.iter().cloned()))
}
