//! The first words of names of organisations: "Toyota" where the corpus has "Toyota Motor Corp" and nothing else that begins so.

use std::collections::{HashMap, HashSet};

use super::graph::Graph;
use crate::lexicon::Lexicon;
use crate::link::Kind;
use crate::link::cluster::form::Form;
use crate::link::cluster::person;

/// What the first words of names are looked up in.
pub(super) struct Heads<'g> {
    /// Names of two words or more of anything but persons, by their first word.
    by_first: HashMap<&'g str, Vec<u32>>,
    /// Names that some mentions have as those of places.
    places: HashSet<&'g str>,
    /// Last words of full names of persons.
    surnames: HashSet<&'g str>,
}

impl<'g> Heads<'g> {
    pub(super) fn new(graph: &Graph<'g>) -> Self {
        let mut heads = Self { by_first: HashMap::new(), places: HashSet::new(), surnames: HashSet::new() };
        for (at, node) in (0_u32..).zip(&graph.nodes) {
            let form = graph.form(at);
            if matches!(node.kind, Kind::Place | Kind::Other) {
                heads.places.insert(&form.text);
            }
            let mut words = form.words();
            let (Some(first), Some(last)) = (words.next(), words.next_back()) else { continue };
            if node.kind == Kind::Person {
                if person::is_full(form) {
                    heads.surnames.insert(last);
                }
            } else {
                heads.by_first.entry(first).or_default().push(at);
            }
        }
        heads
    }

    /// The only name of the corpus that begins with a name of an organisation, if what follows says no more than what kind of company or
    /// party it is. Names of places, surnames of the corpus, given names and words for kinds of organisations are no heads.
    pub(super) fn only(&self, graph: &Graph<'_>, at: u32) -> Option<u32> {
        let (node, form, own) = (graph.node(at), graph.form(at), graph.root(at));
        if node.kind != Kind::Organisation || !self.may_be_head(form) {
            return None;
        }
        let begins =
            |other: u32| graph.form(other).text.strip_prefix(&*form.text).is_some_and(|rest| rest.starts_with(' '));
        let longer = self.by_first.get(form.words().next()?)?.iter().copied().filter(|&other| begins(other));
        let mut longer = longer.filter(|&other| graph.root(other) != own);
        let first = longer.next()?;
        let is_one = longer.all(|other| graph.root(other) == graph.root(first));
        let full = graph.form(first);
        // Toyota is a town too, but nobody here writes of it.
        let is_town = form.known.town().is_some() && !full.organisation.is_company();
        let is_organisation = graph.node(first).kind == Kind::Organisation;
        (is_one && is_organisation && !is_town && is_plain(form, full)).then_some(first)
    }

    fn may_be_head(&self, form: &Form<'_>) -> bool {
        let lexicon = Lexicon::english();
        let is_word = |word: &str| {
            lexicon.is_generic(word) || lexicon.is_legal_form(word) || lexicon.is_topic(word) || word.len() < 3
        };
        let is_name = || form.n_words() == 1 && lexicon.given_name(&form.text).is_some();
        !form.is_acronym
            && !form.is_state_relative
            && !form.known.is_land()
            && !self.places.contains(&*form.text)
            && !form.words().all(is_word)
            && !self.surnames.contains(&*form.text)
            && !is_name()
    }
}

/// Whether the words after a head are a trade and a legal form, or say that it is a party.
fn is_plain(head: &Form<'_>, full: &Form<'_>) -> bool {
    let lexicon = Lexicon::english();
    let rest = full.text[head.text.len()..].trim_start();
    let mut words = rest.split(' ');
    let ends = rest.rsplit(' ').next().is_some_and(|last| lexicon.is_legal_form(last));
    rest == "party"
        || rest == "group"
        || ends && words.all(|word| lexicon.is_generic(word) || lexicon.is_legal_form(word))
}
