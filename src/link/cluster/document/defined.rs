//! Short forms that the text defines.

use std::collections::HashMap;

use super::resolver::Resolver;
use super::unit::Parent;
use crate::link::Kind;
use crate::link::cluster::organisation::is_abbreviation;
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

impl Resolver<'_> {
    /// Attaches the names that the text says are other names: "Muhammad Ali, born Cassius Clay", "X, formerly Twitter".
    pub(super) fn attach_other_names(&mut self) {
        for at in 0..self.record.definitions.len() {
            let definition = self.record.definitions[at];
            let full = self.document.of_mention[definition.mention as usize] as usize;
            if !definition.is_other_name {
                continue;
            }
            let kind = self.unit(full).kind;
            let form = if kind == Kind::Person {
                self.forms.of_person(definition.surface)
            } else {
                Some(self.forms.of(definition.surface, kind))
            };
            let is_other = |&at: &usize| self.unit(at).kind == kind && Some(self.unit(at).form) == form;
            let Some(other) = (0..self.n_units()).find(is_other) else { continue };
            let root = self.document.root(full);
            if self.unit(other).parent.is_none() && root != other && self.may_meet(other, root) {
                self.attach(other, Parent { unit: full, support: Support::new(MergeReason::Defined, 0.97) });
            }
        }
    }

    /// Units that are defined as short for a fuller one: "Economic Cooperation Organisation (ECO)".
    pub(super) fn defined(&self, rank: &[usize]) -> HashMap<usize, usize> {
        let mut defined = HashMap::new();
        let mut of_form: HashMap<u32, Vec<usize>> = HashMap::new();
        let units = self.document.units.iter().enumerate();
        for (at, unit) in units.filter(|(_, unit)| unit.kind != Kind::Person) {
            of_form.entry(unit.form).or_default().push(at);
        }
        for definition in &self.record.definitions {
            let first = self.document.of_mention[definition.mention as usize] as usize;
            if self.unit(first).kind == Kind::Person || definition.is_other_name {
                continue;
            }
            let second = self.forms.of(definition.surface, Kind::Organisation);
            let seconds = of_form.get(&second).map_or(&[][..], Vec::as_slice);
            // Of two things that go by the short form, the definition tells one: that of the next mention.
            let start = self.record.mentions[definition.mention as usize].start;
            let next = (0..self.record.mentions.len()).filter(|&nth| self.record.mentions[nth].start > start);
            let next = next.filter(|&nth| seconds.contains(&(self.document.of_mention[nth] as usize)));
            let next = next.min_by_key(|&nth| self.record.mentions[nth].start);
            let next = next.map(|nth| self.document.of_mention[nth] as usize);
            for &second in seconds.iter().filter(|&&second| self.unit(second).variant == 0 || next == Some(second)) {
                for (short, full) in [(second, first), (first, second)] {
                    let is_short =
                        self.form(short).is_acronym && is_abbreviation(&self.form(short).text, &self.form(full).text);
                    if is_short && rank[full] < rank[short] {
                        defined.entry(short).or_insert(full);
                    }
                }
            }
        }
        defined
    }
}
