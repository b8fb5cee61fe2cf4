//! Pairs documents, then the mentions in them.

use rayon::prelude::*;

use super::align::{Aligner, SpanMap};
use super::entities::{Bases, Entities};
use super::error::PairingError;
use super::input::{Input, Tally, View};
use super::labels::{Labels, Renaming};
use super::options::{Alignment, PairingOptions};
use super::partners::partners;
use super::regroup::regroup;
use crate::eval::corpus::{Corpus, Item, Paired};
use crate::text::{Document, Layout, segment};

/// Gold and systems side by side.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Pairing {
    /// The documents of the gold with the mentions of all sides.
    pub corpus: Corpus,
    /// What became of the gold.
    pub gold: Tally,
    /// What became of each system's output.
    pub systems: Vec<Tally>,
    /// The renamings of labels, with the number of mentions that each one renamed.
    pub renamings: Vec<Renaming>,
    /// The labels that are scored; `None` if all are.
    pub labels: Option<Vec<String>>,
    /// How texts were aligned.
    pub alignment: Alignment,
}

/// Pairs the gold with the output of one system or more.
///
/// Documents with the same id are paired first (if an id repeats, the nth with the nth). If both sides have the same number
/// of documents left, those are paired in order; otherwise, if what is left has the same characters on both sides, the system's documents
/// are cut as the gold's. Texts may differ in blanks, and in the words of fewer than half of the sentences: what cannot be found in the
/// gold is left out, and counted in the [`Tally`].
///
/// ```
/// use allonym::eval::{Input, PairingOptions, pair, score_mentions};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |label| {
///     let mut document = Document::new("a", "Rain in Beirut");
///     document.mentions.push(Mention::new(Span::new(8, 14), Label::new(label)));
///     document
/// };
/// let gold = Input::new("gold", vec![document("LOC")]);
/// let system = Input::new("spacy", vec![document("GPE")]);
///
/// let options = PairingOptions::default().label_map([("GPE", "LOC"), ("FAC", "LOC")]);
/// let pairing = pair(gold, vec![system], &options)?;
/// assert_eq!(score_mentions(&pairing.corpus, 0).micro.f1, Some(1.0));
/// assert_eq!(pairing.renamings[0].mentions, 1);
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Errors
/// If a side lacks a document and [`Missing::Refuse`](super::Missing::Refuse) is set, if texts or tokens cannot be
/// aligned, or if there are more than 2,000 labels.
pub fn pair(gold: Input, systems: Vec<Input>, options: &PairingOptions) -> Result<Pairing, PairingError> {
    let mut pairer = Pairer::new(gold.view(), options)?;
    for system in systems {
        let system = if options.alignment == Alignment::Text { regroup(gold.view(), system) } else { system };
        pairer.add(system.view())?;
    }
    let mut pairing = pairer.finish();
    options.pool.install(|| {
        gold.documents.into_par_iter().zip(&mut pairing.corpus.documents).for_each(|(document, paired)| {
            let sentences = document.layout.as_ref().map(Layout::sentences);
            paired.tokens = Some(sentences.unwrap_or_else(|| segment::sentences(&document.text)));
            paired.text = document.text;
        });
    });
    Ok(pairing)
}

/// Pairs the mentions of gold and one system with default options. The corpus has neither texts nor words.
pub(crate) fn pair_mentions(gold: &[Document], predicted: &[Document]) -> Result<Corpus, PairingError> {
    let options = PairingOptions::default();
    let mut pairer = Pairer::new(View { name: "gold", documents: gold }, &options)?;
    pairer.add(View { name: "predicted", documents: predicted })?;
    Ok(pairer.finish().corpus)
}

/// Reads one side after the other.
struct Pairer<'g> {
    gold: View<'g>,
    options: &'g PairingOptions,
    labels: Labels,
    bases: Bases,
    pairing: Pairing,
}

impl<'g> Pairer<'g> {
    fn new(gold: View<'g>, options: &'g PairingOptions) -> Result<Self, PairingError> {
        let (bases, mut labels) = (Bases::of(gold.documents), Labels::new(options));
        let mut side = Reader { labels: &mut labels, entities: Entities::new(&bases), tally: Tally::of(gold) };
        let mut pairing =
            Pairing { labels: options.labels.clone(), alignment: options.alignment, ..Pairing::default() };
        for document in gold.documents {
            let items = side.items(document, &SpanMap::Same)?;
            pairing.corpus.documents.push(Paired { id: document.id.clone(), gold: items, ..Paired::default() });
        }
        pairing.corpus.entities.gold = side.entities.table;
        pairing.gold = side.tally;
        Ok(Self { gold, options, labels, bases, pairing })
    }

    fn add(&mut self, system: View<'_>) -> Result<(), PairingError> {
        let entities = Entities::new(&self.bases);
        let mut side = Reader { labels: &mut self.labels, entities, tally: Tally::of(system) };
        let aligner = Aligner { system, alignment: self.options.alignment, missing: self.options.missing };
        let partners = partners(self.gold, system, self.options.missing, &mut side.tally)?;
        let corpus = &mut self.pairing.corpus;
        for ((document, partner), paired) in self.gold.documents.iter().zip(partners).zip(&mut corpus.documents) {
            let items = match partner {
                Some(partner) => {
                    let found = &system.documents[partner];
                    let spans = aligner.align(document, found, &mut side.tally)?;
                    side.items(found, &spans)?
                }
                None => Vec::new(),
            };
            paired.systems.push(items);
        }
        corpus.n_systems += 1;
        corpus.entities.systems.push(side.entities.table);
        self.pairing.systems.push(side.tally);
        Ok(())
    }

    fn finish(self) -> Pairing {
        let mut pairing = self.pairing;
        pairing.corpus.labels = self.labels.set;
        pairing.renamings = self.labels.renamings;
        pairing
    }
}

/// Reads the documents of one side.
struct Reader<'p> {
    labels: &'p mut Labels,
    entities: Entities<'p>,
    tally: Tally,
}

impl Reader<'_> {
    /// The mentions to score of a document, sorted and without duplicates.
    fn items(&mut self, document: &Document, spans: &SpanMap) -> Result<Vec<Item>, PairingError> {
        self.entities.enter(document);
        let mut items = Vec::with_capacity(document.mentions.len());
        for mention in &document.mentions {
            let Some(label) = self.labels.id(mention.label.as_str())? else {
                self.tally.left_out += 1;
                continue;
            };
            self.tally.without_text += u64::from(mention.span.slice(&document.text).is_none_or(str::is_empty));
            let Some(span) = spans.map(mention.span) else {
                self.tally.unaligned_mentions += 1;
                continue;
            };
            let entity = mention.entity.as_deref().map(|name| self.entities.id(name));
            items.push(Item { span, label, score: mention.score, entity });
        }
        // The best score first, so that it is the one that stays of duplicates.
        items.sort_by(|a, b| a.key().cmp(&b.key()).then(b.score.unwrap_or(0.0).total_cmp(&a.score.unwrap_or(0.0))));
        let n = items.len();
        items.dedup_by_key(|item| item.key());
        self.tally.duplicates += (n - items.len()) as u64;
        self.tally.overlapping += overlapping(&items);
        Ok(items)
    }
}

/// How many sorted mentions overlap another one.
fn overlapping(items: &[Item]) -> u64 {
    let mut furthest = 0;
    let mut overlaps = vec![false; items.len()];
    let mut holder = 0;
    for (index, item) in items.iter().enumerate() {
        if index > 0 && item.span.start() < furthest {
            overlaps[index] = true;
            overlaps[holder] = true;
        }
        if item.span.end() > furthest {
            furthest = item.span.end();
            holder = index;
        }
    }
    overlaps.into_iter().map(u64::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{EntityId, Missing, Side};
    use crate::text::{Entity, Label, Line, Mention, Span};

    fn document(id: &str, text: &str, mentions: &[(usize, usize, &str)]) -> Document {
        let mentions = mentions
            .iter()
            .map(|&(start, end, label)| Mention::new(Span::new(start, end), Label::new(label)))
            .collect();
        Document { mentions, ..Document::new(id, text) }
    }

    fn texts(pairing: &Pairing) -> Vec<(&str, usize)> {
        pairing.corpus.documents.iter().map(|paired| (paired.id.as_str(), paired.systems[0].len())).collect()
    }

    #[test]
    fn pairs_by_id_then_by_order() {
        let gold = Input::new("gold", vec![document("a", "x", &[]), document("b", "yy", &[]), document("a", "z", &[])]);
        let system = vec![
            document("a", "x", &[(0, 1, "PER")]),
            document("a", "z", &[]),
            document("other", "yy", &[(0, 1, "PER"), (0, 2, "PER")]),
        ];
        let got = pair(gold, vec![Input::new("system", system)], &PairingOptions::default()).expect("they pair");
        assert_eq!(texts(&got), [("a", 1), ("b", 2), ("a", 0)]);
        assert_eq!(got.systems[0].overlapping, 2);
    }

    #[test]
    fn a_missing_document_is_an_error_or_counted() {
        let gold = || Input::new("gold", vec![document("a", "x", &[]), document("b", "y", &[(0, 1, "PER")])]);
        let system = || {
            vec![Input::new(
                "system",
                vec![document("b", "y", &[]), document("c", "z", &[(0, 1, "PER")]), document("d", "", &[])],
            )]
        };
        let error = pair(gold(), system(), &PairingOptions::default()).expect_err("a is missing");
        let want = "expected document \"a\" in system too, found it only in gold (and 0 more such documents)";
        assert_eq!(error.to_string(), want);
        let options = PairingOptions::default().missing(Missing::Count);
        let got = pair(gold(), system(), &options).expect("they pair");
        let tally = &got.systems[0];
        assert_eq!((tally.missing_documents, tally.extra_documents, tally.extra_mentions), (1, 2, 1));
        assert_eq!(texts(&got), [("a", 0), ("b", 0)]);
    }

    #[test]
    fn names_the_first_difference() {
        let gold = Input::new("gold", vec![document("a", "Tehrän said on Monday", &[])]);
        let system = vec![Input::new("system", vec![document("a", "Tehrän said on Tuesday", &[])])];
        let error = pair(gold, system, &PairingOptions::default()).expect_err("the texts differ");
        let PairingError::Text { at, expected, found, .. } = error else { panic!("{error}") };
        assert_eq!((at, expected.as_str(), found.as_str()), (15, "Tehrän said on Monday", "Tehrän said on Tuesday"));
    }

    #[test]
    fn the_same_words_with_other_blanks_and_documents_are_aligned() {
        let gold = || {
            Input::new(
                "gold",
                vec![
                    document("a", "Clara Dunn , a judge", &[(0, 10, "PER")]),
                    document("b", "Oslo fell .", &[(0, 4, "LOC")]),
                ],
            )
        };
        let one = document("all", "Clara\tDunn, a judge\nOslo fell.\n", &[(0, 10, "PER"), (20, 24, "LOC")]);
        let got =
            pair(gold(), vec![Input::new("system", vec![one])], &PairingOptions::default()).expect("the same words");
        for paired in &got.corpus.documents {
            assert_eq!(paired.gold, paired.systems[0], "{}", paired.id);
        }
        let spaced = vec![document("a", "Clara Dunn, a judge", &[(0, 10, "PER")]), document("b", "Oslo fell.", &[])];
        let got = pair(gold(), vec![Input::new("system", spaced)], &PairingOptions::default()).expect("the same words");
        assert_eq!((texts(&got), got.systems[0].respaced_documents), (vec![("a", 1), ("b", 0)], 2));
    }

    #[test]
    fn an_odd_sentence_costs_itself() {
        let text = "Ann left Oslo. Bob met Clara Dunn yesterday. Eve saw Bonn.";
        let gold = || Input::new("gold", vec![document("a", text, &[(0, 3, "PER"), (23, 33, "PER"), (53, 57, "LOC")])]);
        let cut =
            document("a", "Ann left Oslo. Bob met. Eve saw Bonn.", &[(0, 3, "PER"), (32, 36, "LOC"), (15, 18, "PER")]);
        let got =
            pair(gold(), vec![Input::new("system", vec![cut])], &PairingOptions::default()).expect("most is the same");
        let (paired, tally) = (&got.corpus.documents[0], &got.systems[0]);
        assert_eq!((tally.odd_documents, tally.odd_sentences, tally.unaligned_mentions), (1, 1, 0));
        assert_eq!(tally.first_odd.as_deref(), Some("document \"a\": \"Bob met Clara Dunn yesterday.\""));
        assert!(paired.gold[..1] == paired.systems[0][..1] && paired.gold[2] == paired.systems[0][2]);
        let added = format!("{text} Zoe Hill is new.");
        let longer = document("a", &added, &[(59, 67, "PER")]);
        let got = pair(gold(), vec![Input::new("system", vec![longer])], &PairingOptions::default())
            .expect("most is the same");
        assert_eq!((texts(&got), got.systems[0].unaligned_mentions), (vec![("a", 0)], 1));
    }

    #[test]
    fn renames_and_leaves_out_labels() {
        let gold = Input::new("gold", vec![document("a", "x y z", &[(0, 1, "PER"), (2, 3, "LOC"), (4, 5, "MISC")])]);
        let system = document("a", "x y z", &[(0, 1, "PERSON"), (2, 3, "GPE"), (2, 3, "LOC"), (4, 5, "NORP")]);
        let options = PairingOptions::default()
            .label_map([("PERSON", "PER"), ("GPE", "LOC"), ("FAC", "LOC")])
            .labels(["PER", "LOC"]);
        let got = pair(gold, vec![Input::new("system", vec![system])], &options).expect("they pair");
        let paired = &got.corpus.documents[0];
        assert_eq!(paired.gold, paired.systems[0]);
        assert_eq!(paired.gold.len(), 2);
        assert_eq!((got.gold.left_out, got.systems[0].left_out, got.systems[0].duplicates), (1, 1, 1));
        assert_eq!(got.renamings.iter().map(|renaming| renaming.mentions).collect::<Vec<_>>(), [1, 1, 0]);
    }

    #[test]
    fn aligns_tokens_by_position() {
        let tokenised = |tokens: &[&str], mention: (usize, usize)| {
            let mut text = String::new();
            let mut lines = Vec::new();
            for token in tokens {
                let start = text.len();
                text.push_str(token);
                lines.push(Line::Token { span: Span::new(start, text.len()), row: (*token).to_owned() });
                text.push(' ');
            }
            let layout = Layout { lines, ..Layout::default() };
            Document { layout: Some(layout), ..document("a", &text, &[(mention.0, mention.1, "PER")]) }
        };
        let gold = || Input::new("gold", vec![tokenised(&["&", "gt", "Ann", "Lee"], (5, 12))]);
        let options = PairingOptions::default().alignment(Alignment::Tokens);
        let system = Input::new("system", vec![tokenised(&["&amp", "get", "Ann", "Lee"], (9, 16))]);
        let got = pair(gold(), vec![system], &options).expect("they pair");
        assert_eq!(got.corpus.documents[0].gold, got.corpus.documents[0].systems[0]);
        assert_eq!(got.systems[0].differing_tokens, 2);
        let shorter = Input::new("system", vec![tokenised(&["&", "gt", "Ann"], (5, 8))]);
        let error = pair(gold(), vec![shorter], &options).expect_err("a token is missing");
        assert_eq!(error.to_string(), "system: document \"a\": expected 4 tokens in sentence 1, found 3");
    }

    #[test]
    fn entities_are_read_with_their_knowledge_base_ids() {
        let mut gold = document("a", "x y", &[(0, 1, "LOC"), (2, 3, "LOC")]);
        gold.mentions[0].entity = Some("e1".into());
        gold.mentions[1].entity = Some("e2".into());
        gold.entities = ["e1", "e2"].map(|id| Entity::new(id, "", Label::new("LOC"))).to_vec();
        gold.entities[0].kb.insert("wikidata".into(), "Q794".into());
        let got = pair(Input::new("gold", vec![gold]), Vec::new(), &PairingOptions::default())
            .expect("there is nothing to pair");
        let entities: Vec<_> = got.corpus.entities(Side::Gold).iter().collect();
        assert_eq!(entities, [("e1", Some("Q794")), ("e2", None)]);
        assert_eq!(got.corpus.documents[0].gold[1].entity, Some(EntityId(1)));
    }
}
