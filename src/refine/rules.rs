//! Decoding with the rules.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::affixes::Affixes;
use super::consistency::{self, Change, Role};
use super::found::Found;
use super::limits::Limits;
use super::passage::Passage;
use super::refinements::{Refinement, Refinements};
use super::{credits, definitions, inverted, non_names, party_states, results, titles};
use crate::decode::{Decoded, Decoder, Limit};
use crate::text::segment::Word;
use crate::text::{Kind, Mention};

/// Decodes the mentions of a document, in order, and refines them. `logits` is `[n_words, n_tags]`; limits are written into it.
pub(crate) fn decode(
    decoder: &Decoder,
    (text, words): (&str, &[Word]),
    mut logits: ArrayViewMut2<'_, f32>,
    refinements: Refinements,
) -> Vec<Mention> {
    let passage = Passage::new(text, words);
    let of_text = limits_of_text(passage, refinements);
    decoder.limit(&mut logits, &of_text);
    let mut mentions = decoder.decode(text, words, logits.view());
    let of_mentions = limits_of_mentions(passage, &found(decoder, &mentions), refinements);
    if !of_mentions.is_empty() {
        decoder.limit(&mut logits, &of_mentions);
        mentions = decoder.decode(text, words, logits.view());
    }
    let affixes = match refinements.has(Refinement::Affixes) {
        true => Affixes::of(passage, mentions.iter().map(|mention| mention.words.clone())),
        false => Affixes::default(),
    };
    if refinements.has(Refinement::Consistency) {
        vote(decoder, passage, words, (&mut mentions, logits.view()), &affixes);
    }
    let mention = |found: &Decoded| {
        let mention = decoder.mention(words, found);
        Mention { span: affixes.strip(passage, mention.span, Kind::of(&mention.label)), ..mention }
    };
    mentions.iter().map(mention).collect()
}

/// What the text alone says.
fn limits_of_text(passage: Passage<'_>, refinements: Refinements) -> Vec<(usize, Limit)> {
    let mut limits = Limits::default();
    if refinements.has(Refinement::PartyStates) {
        party_states::limits(passage, &mut limits);
    }
    if refinements.has(Refinement::NonNames) {
        non_names::limits(passage, &mut limits);
    }
    if refinements.has(Refinement::Credits) {
        credits::limits(passage, &mut limits);
    }
    limits.into_list()
}

/// What the text says, given what the tagger takes for mentions.
fn limits_of_mentions(passage: Passage<'_>, found: &[Found], refinements: Refinements) -> Vec<(usize, Limit)> {
    let mut limits = Limits::default();
    if refinements.has(Refinement::Titles) {
        titles::limits(passage, found, &mut limits);
    }
    if refinements.has(Refinement::Definitions) {
        definitions::limits(passage, found, &mut limits);
    }
    if refinements.has(Refinement::InvertedNames) {
        inverted::limits(passage, found, &mut limits);
    }
    if refinements.has(Refinement::Results) {
        results::limits(passage, found, &mut limits);
    }
    limits.into_list()
}

fn found(decoder: &Decoder, mentions: &[Decoded]) -> Vec<Found> {
    let found =
        |mention: &Decoded| Found { words: mention.words.clone(), kind: Kind::of(decoder.label(mention.label)) };
    mentions.iter().map(found).collect()
}

/// The mentions of a document vote on their labels.
///
/// That a changed mention is a mention at all stays as probable as the tagger has it (with the label before, or with the one now); that it has
/// the new label is as probable as the vote says.
fn vote(
    decoder: &Decoder,
    passage: Passage<'_>,
    words: &[Word],
    (mentions, logits): (&mut [Decoded], ArrayView2<'_, f32>),
    affixes: &Affixes<'_>,
) {
    let mut changes = changes(decoder, passage, mentions, affixes).into_iter().peekable();
    let mut changed = Vec::new();
    for (at, mention) in mentions.iter_mut().enumerate() {
        if let Some(change) = changes.next_if(|change| change.at == at) {
            let before = mention.score;
            mention.label = change.label;
            changed.push((mention, before, change.share));
        }
    }
    let mut again: Vec<&mut Decoded> = changed.iter_mut().map(|(mention, ..)| &mut **mention).collect();
    decoder.score_again(words, logits, &mut again);
    for (mention, before, share) in changed {
        mention.score = (share * (before + mention.score)).min(1.0);
    }
}

fn changes(decoder: &Decoder, passage: Passage<'_>, mentions: &[Decoded], affixes: &Affixes<'_>) -> Vec<Change> {
    let name = |mention: &Decoded| {
        let kind = Kind::of(decoder.label(mention.label));
        &passage.text[affixes.strip(passage, passage.span(&mention.words), kind).range()]
    };
    let names: Vec<&str> = mentions.iter().map(name).collect();
    let role = |label| match Kind::of(label) {
        Kind::Person => Role::Person,
        Kind::Place => Role::Place,
        Kind::Organisation => Role::Body,
        Kind::Other => Role::Other,
    };
    let roles: Vec<Role> = decoder.tag_set().labels().iter().map(role).collect();
    let stands_as_place = |mention: &Decoded| consistency::stands_as_place(passage, &mention.words);
    consistency::changes(&names, mentions, &roles, stands_as_place)
}
