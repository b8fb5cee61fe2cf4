//! Short forms that the text defines.

use std::collections::HashMap;

use super::resolver::Resolver;
use crate::link::Kind;
use crate::link::cluster::organisation::is_abbreviation;

impl Resolver<'_> {
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
            if self.unit(first).kind == Kind::Person {
                continue;
            }
            let second = self.forms.of(definition.surface, Kind::Organisation);
            for &second in of_form.get(&second).into_iter().flatten() {
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
