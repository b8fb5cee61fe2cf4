//! What documents that were counted elsewhere call the name that stands for them.

use super::resolver::Resolver;
use super::unit::CountedAlias;
use crate::link::cluster::form::{Form, TypedForm};
use crate::link::cluster::matching::match_names;
use crate::link::cluster::person;
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

/// Whether full names of persons have one surname and other given names: whoever called one by the other's name has taken a relative for
/// them. Names that share nothing ("Cassius Clay", "Muhammad Ali") say nothing against it.
fn are_relatives(a: &Form<'_>, b: &Form<'_>) -> bool {
    person::are_apart(a, b) && person::surname_key(a).is_some_and(|surname| person::surname_key(b) == Some(surname))
}

/// How sure it is that a name is another's where the documents, which are not here, had reasons of their own.
const TOLD: f32 = 0.95;

impl Resolver<'_> {
    /// Remembers the names that documents attach to the first one.
    pub(super) fn keep_counted(&mut self) {
        let Some(&first) = self.document.of_mention.first().filter(|_| !self.record.aliases.is_empty()) else { return };
        let full = self.typed(first as usize);
        let own = self.unit(first as usize).form;
        let mut forms: Vec<u32> = self.record.aliases.iter().map(|&alias| self.forms.of(alias, full.kind)).collect();
        forms.sort_unstable();
        forms.dedup();
        let counted = forms.into_iter().filter(|&form| form != own).filter_map(|form| {
            let short = TypedForm { form: self.forms.get(form), kind: full.kind };
            let told = || (!are_relatives(short.form, full.form)).then(|| Support::new(MergeReason::Defined, TOLD));
            let support = match_names(short, full).or_else(told)?;
            Some(CountedAlias { form, support, documents: self.record.weight.documents })
        });
        self.document.counted = counted.collect();
    }
}
