//! One name, one label in a document.

use std::collections::HashMap;
use std::ops::Range;

use super::passage::Passage;
use crate::decode::Decoded;
use crate::label::LabelId;
use crate::lexicon::Lexicon;

/// Where places and organisations have one name, the share of the vote that it takes to change one into the other, and the score below
/// which a mention is changed. A city and its club may both be right.
const CLEAR: f32 = 0.75;
const UNSURE: f32 = 0.7;

/// The score from which a place that stands where places stand is no person, whoever has its name: `Jack London was not born in London`.
const SURE: f32 = 0.8;

/// What the vote has to know of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Person,
    Place,
    Body,
    Other,
}

impl Role {
    fn is_place_or_body(self) -> bool {
        matches!(self, Self::Place | Self::Body)
    }
}

/// Whether some words stand where places stand: `in Houston`, `flew to Houston`.
pub(super) fn stands_as_place(passage: Passage<'_>, words: &Range<usize>) -> bool {
    let english = Lexicon::english();
    let lower = |at: usize| passage.word(at).to_lowercase();
    let Some(before) = passage.before(words.start) else { return false };
    let moves = || passage.before(before).is_some_and(|at| english.is_motion(&lower(at)));
    let word = lower(before);
    english.is_where(&word) || english.is_whither(&word) && moves()
}

/// The votes on one name: the weight of each label.
#[derive(Clone, Debug, Default)]
struct Votes {
    weights: Vec<f32>,
}

impl Votes {
    fn add(&mut self, label: LabelId, weight: f32) {
        let at = usize::from(label.0);
        if self.weights.len() <= at {
            self.weights.resize(at + 1, 0.0);
        }
        self.weights[at] += weight;
    }

    /// The heaviest label and its share. Ties go to the label that comes first.
    fn winner(&self) -> (LabelId, f32) {
        let total: f32 = self.weights.iter().sum();
        let heavier = |best: usize, at: usize| if self.weights[at] > self.weights[best] { at } else { best };
        let best = (0..self.weights.len()).fold(0, heavier);
        (LabelId(best as u16), if total > 0.0 { self.weights[best] / total } else { 0.0 })
    }
}

/// A mention that the vote changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    /// Its place in the list.
    pub(super) at: usize,
    pub(super) label: LabelId,
    /// The share of the new label in the vote.
    pub(super) share: f32,
}

/// The mentions that the vote changes.
///
/// Mentions of one text vote by their scores, all labels of the head among them. A single word also gets the votes of the persons whose
/// name it ends: `Jose Mourinho` votes on `Mourinho`. A sure place that `stands_as_place` becomes no person. `roles` are those of the
/// labels, by their numbers.
pub(super) fn changes(
    names: &[&str],
    mentions: &[Decoded],
    roles: &[Role],
    stands_as_place: impl Fn(&Decoded) -> bool,
) -> Vec<Change> {
    let mut votes: HashMap<&str, Votes> = HashMap::new();
    for (name, mention) in names.iter().zip(mentions) {
        votes.entry(name).or_default().add(mention.label, mention.score);
    }
    let role = |label: LabelId| roles[usize::from(label.0)];
    for (name, mention) in names.iter().zip(mentions).filter(|(_, mention)| role(mention.label) == Role::Person) {
        let surname = name.rsplit(char::is_whitespace).next().filter(|surname| surname.len() < name.len());
        if let Some(of_surname) = surname.and_then(|surname| votes.get_mut(surname)) {
            of_surname.add(mention.label, mention.score);
        }
    }
    let change = |(at, mention): (usize, &Decoded)| {
        let (winner, share) = votes.get(names[at])?.winner();
        let is_free = || match (role(mention.label), role(winner)) {
            (one, other) if one.is_place_or_body() && other.is_place_or_body() => {
                share >= CLEAR && mention.score < UNSURE
            }
            (Role::Place, Role::Person) => mention.score < SURE || !stands_as_place(mention),
            _ => true,
        };
        (winner != mention.label && is_free()).then_some(Change { at, label: winner, share })
    };
    mentions.iter().enumerate().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Marked;
    use super::*;

    const PER: LabelId = LabelId(0);
    const ORG: LabelId = LabelId(1);
    const LOC: LabelId = LabelId(2);
    const MISC: LabelId = LabelId(3);
    const ROLES: [Role; 4] = [Role::Person, Role::Body, Role::Place, Role::Other];

    #[test]
    fn the_mentions_of_a_name_vote() {
        for (what, mentions, want) in [
            ("one of three", vec![("Sars", ORG, 0.9), ("Sars", PER, 0.6), ("Sars", ORG, 0.8)], vec![(1, ORG)]),
            ("no other mention", vec![("Sars", ORG, 0.9), ("SARS", PER, 0.6)], vec![]),
            ("MISC votes", vec![("RPA", MISC, 0.9), ("RPA", ORG, 0.6)], vec![(1, MISC)]),
            ("a surname", vec![("Jose Almeida", PER, 0.95), ("Almeida", ORG, 0.7)], vec![(1, PER)]),
            ("no surname", vec![("Jose Almeida", PER, 0.95), ("Jose", ORG, 0.7)], vec![]),
            ("a city and its club", vec![("Leeds", LOC, 0.9), ("Leeds", LOC, 0.9), ("Leeds", ORG, 0.8)], vec![]),
            ("an unsure club", vec![("Leeds", LOC, 0.9), ("Leeds", LOC, 0.9), ("Leeds", ORG, 0.5)], vec![(2, LOC)]),
            ("no clear vote", vec![("Leeds", LOC, 0.9), ("Leeds", ORG, 0.5)], vec![]),
        ] {
            let names: Vec<&str> = mentions.iter().map(|(name, ..)| *name).collect();
            let mentions: Vec<Decoded> = mentions
                .iter()
                .zip(0..)
                .map(|((_, label, score), at)| Decoded::new(at..at + 1, *label, *score))
                .collect();
            let changes = changes(&names, &mentions, &ROLES, |_| false);
            let changes: Vec<(usize, LabelId)> = changes.into_iter().map(|change| (change.at, change.label)).collect();
            assert_eq!(changes, want, "{what}");
        }
    }

    #[test]
    fn a_sure_place_where_places_stand_is_no_person() {
        let becomes_person = |label, score, stands_as_place| {
            let mentions = [Decoded::new(0..2, PER, 0.99), Decoded::new(2..3, label, score)];
            !changes(&["Jack London", "London"], &mentions, &ROLES, |_| stands_as_place).is_empty()
        };
        assert!(!becomes_person(LOC, 0.97, true));
        assert!(becomes_person(LOC, 0.97, false));
        assert!(becomes_person(LOC, 0.6, true));
        assert!(becomes_person(ORG, 0.97, true));
    }

    #[test]
    fn where_places_stand() {
        for (text, want) in [
            ("born in London", true),
            ("In London", true),
            ("He flew to London", true),
            ("her return from London", true),
            ("a letter to London", false),
            ("said London", false),
            ("London", false),
        ] {
            let marked = Marked::new(text);
            let last = marked.passage().len() - 1;
            assert_eq!(stands_as_place(marked.passage(), &(last..last + 1)), want, "{text}");
        }
    }
}
