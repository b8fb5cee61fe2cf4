//! What documents that were counted elsewhere call the name that stands for them.

use super::resolver::Resolver;
use super::unit::CountedAlias;
use crate::link::cluster::form::TypedForm;
use crate::link::cluster::matching::match_names;
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

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
        let counted = forms.into_iter().filter(|&form| form != own).map(|form| {
            let short = TypedForm { form: self.forms.get(form), kind: full.kind };
            let told = || Support::new(MergeReason::Defined, TOLD);
            let support = match_names(short, full).unwrap_or_else(told);
            CountedAlias { form, support, documents: self.record.weight.documents }
        });
        self.document.counted = counted.collect();
    }
}
