//! Mentions that are two persons: "the Trump-Vance campaign".

use std::collections::HashSet;

use super::resolver::Resolver;
use crate::link::Kind;
use crate::link::cluster::form::Form;
use crate::link::cluster::person;

impl Resolver<'_> {
    /// Marks names that consist of those of two other persons of the document: two surnames with a hyphen or slash between them, or two
    /// full names.
    pub(super) fn mark_pairs(&mut self) {
        let persons: Vec<usize> = (0..self.n_units()).filter(|&at| self.unit(at).kind == Kind::Person).collect();
        let texts: HashSet<&str> = persons.iter().map(|&at| &*self.form(at).text).collect();
        let is_pair = |at: usize| {
            let form = self.form(at);
            let words: Vec<&str> = form.words().collect();
            let two_full = || {
                (2..words.len().saturating_sub(1)).any(|cut| {
                    let (left, right) = words.split_at(cut);
                    texts.contains(left.join(" ").as_str()) && texts.contains(right.join(" ").as_str())
                })
            };
            match words.as_slice() {
                [left, right] if left != right && self.is_joined(at) => {
                    let others = persons.iter().filter(|&&other| other != at).map(|&other| self.form(other));
                    let names = |word: &str| {
                        let is_called = |form: &Form<'_>| {
                            *form.text == *word || person::is_full(form) && form.words().next_back() == Some(word)
                        };
                        others.clone().any(is_called)
                    };
                    names(left) && names(right)
                }
                _ => words.len() >= 4 && !self.any_surface(at, |surface| surface.contains(',')) && two_full(),
            }
        };
        let others = (0..self.n_units()).filter(|&at| self.unit(at).kind == Kind::Other && self.is_joined(at));
        let pairs: Vec<usize> = persons.iter().copied().chain(others).filter(|&at| is_pair(at)).collect();
        for at in pairs {
            self.document.units[at].is_pair = true;
        }
    }

    /// Whether a mention of a unit has a hyphen or slash between its words.
    fn is_joined(&self, at: usize) -> bool {
        self.any_surface(at, |surface| !surface.contains(' ') && surface.contains(['-', '/', '–', '—', '‑', '‐']))
    }

    fn any_surface(&self, at: usize, is: impl Fn(&str) -> bool) -> bool {
        let mut mentions = self.record.mentions.iter().zip(&self.document.of_mention);
        mentions.any(|(mention, &unit)| unit as usize == at && is(&self.mentions.surfaces[mention.surface as usize]))
    }
}
