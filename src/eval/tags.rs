//! Scoring tag sequences, as seqeval and conlleval do.

use crate::label::{LabelSet, Repair, Scheme, Tag, TagText, mentions};
use crate::text::Span;

use super::corpus::{Corpus, EntityTable, EntityTables, Item, Paired, Side};
use super::scores::{Scores, score_on_this_thread};

/// How [`score_tags`] reads tags.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScoreTagsOptions {
    /// The scheme of both sides; [`Scheme::Iob2`] by default.
    pub scheme: Scheme,
    /// What to make of a tag that the scheme does not allow where it occurs; [`Repair::Begin`] by default, as seqeval does.
    /// [`Repair::Discard`] is seqeval's strict mode.
    pub repair: Repair,
}

impl Default for ScoreTagsOptions {
    fn default() -> Self {
        Self { scheme: Scheme::Iob2, repair: Repair::default() }
    }
}

impl From<Scheme> for ScoreTagsOptions {
    fn from(scheme: Scheme) -> Self {
        Self::default().scheme(scheme)
    }
}

impl ScoreTagsOptions {
    /// Sets [`scheme`](Self#structfield.scheme).
    #[must_use]
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Sets [`repair`](Self#structfield.repair).
    #[must_use]
    pub fn repair(mut self, repair: Repair) -> Self {
        self.repair = repair;
        self
    }
}

/// The scores of tag sequences, and how many tags had to be repaired.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TagScores {
    /// The scores of the mentions that the tags spell. A sentence counts as a document.
    pub scores: Scores,
    /// How many gold tags the scheme does not allow where they occur.
    pub gold_repairs: u64,
    /// How many predicted tags the scheme does not allow where they occur.
    pub predicted_repairs: u64,
}

/// Scores predicted tags against gold tags, both given sentence by sentence: seqeval's `classification_report`.
///
/// The last argument is a [`Scheme`] or [`ScoreTagsOptions`]. Tags that break the scheme are repaired, and counted in the
/// result. With [`Repair::Begin`], the default, scores agree with conlleval and with seqeval's default mode; with
/// [`Repair::Discard`] they agree with seqeval's strict mode. It runs on the calling thread.
///
/// ```
/// use allonym::eval::{ScoreTagsOptions, score_tags};
/// use allonym::label::{Repair, Scheme};
///
/// let gold = [vec!["B-PER", "I-PER", "O", "B-LOC"], vec!["O", "B-ORG"]];
/// let predicted = [vec!["B-PER", "I-PER", "O", "I-LOC"], vec!["O", "O"]];
///
/// let found = score_tags(&gold, &predicted, Scheme::Iob2)?;
/// assert_eq!(found.scores.micro.f1, Some(0.8));
/// assert_eq!((found.gold_repairs, found.predicted_repairs), (0, 1));
/// let support: Vec<_> = found.scores.labels.iter().map(|l| (l.label.as_str(), l.figures.counts.gold)).collect();
/// assert_eq!(support, [("LOC", 1), ("ORG", 1), ("PER", 1)]);
///
/// let strict = ScoreTagsOptions::default().repair(Repair::Discard);
/// assert_eq!(score_tags(&gold, &predicted, strict)?.scores.micro.f1, Some(0.5));
/// # Ok::<(), allonym::eval::TagSequenceError>(())
/// ```
///
/// # Errors
/// If the sides differ in their number of sentences or in the length of a sentence, if a tag cannot be read, and under
/// [`Repair::Error`] if one breaks the scheme.
pub fn score_tags<G, P, S, T>(
    gold: &[G],
    predicted: &[P],
    options: impl Into<ScoreTagsOptions>,
) -> Result<TagScores, TagSequenceError>
where
    G: AsRef<[S]>,
    P: AsRef<[T]>,
    S: AsRef<str>,
    T: AsRef<str>,
{
    if gold.len() != predicted.len() {
        return Err(TagSequenceError::Sentences { expected: gold.len(), found: predicted.len() });
    }
    let mut reader = Reader { options: options.into(), labels: LabelSet::new(), repairs: [0; 2] };
    let mut documents = Vec::with_capacity(gold.len());
    for (index, (gold, predicted)) in gold.iter().zip(predicted).enumerate() {
        let (gold, predicted) = (gold.as_ref(), predicted.as_ref());
        let sentence = index + 1;
        if gold.len() != predicted.len() {
            return Err(TagSequenceError::Tokens { sentence, expected: gold.len(), found: predicted.len() });
        }
        let gold = reader.read(gold, Side::Gold, sentence)?;
        let predicted = reader.read(predicted, Side::System(0), sentence)?;
        documents.push(Paired { gold, systems: vec![predicted], ..Paired::default() });
    }
    let [gold_repairs, predicted_repairs] = reader.repairs;
    let entities = EntityTables { systems: vec![EntityTable::default()], ..EntityTables::default() };
    let corpus = Corpus { labels: reader.labels, documents, n_systems: 1, entities };
    Ok(TagScores { scores: score_on_this_thread(&corpus, 0), gold_repairs, predicted_repairs })
}

/// Reads the mentions of both sides.
struct Reader {
    options: ScoreTagsOptions,
    labels: LabelSet,
    /// Of the gold and of the prediction.
    repairs: [u64; 2],
}

impl Reader {
    /// The mentions of a sentence. Their spans count tokens instead of bytes.
    fn read<S: AsRef<str>>(
        &mut self,
        sentence: &[S],
        side: Side,
        number: usize,
    ) -> Result<Vec<Item>, TagSequenceError> {
        let error = |index: usize, expected: String| TagSequenceError::Tag {
            side,
            sentence: number,
            token: index + 1,
            expected,
            found: sentence[index].as_ref().to_owned(),
        };
        let mut tags: Vec<Tag> = Vec::with_capacity(sentence.len());
        for (index, text) in sentence.iter().enumerate() {
            let tag = TagText::parse(text.as_ref())
                .ok_or_else(|| error(index, "O or a label, perhaps with a prefix such as B-".to_owned()))?;
            tags.push(tag.tag(&mut self.labels).ok_or(TagSequenceError::TooManyLabels)?);
        }
        let Self { options: ScoreTagsOptions { scheme, repair }, .. } = self;
        let found = mentions(*scheme, &tags, *repair);
        if let (Repair::Error, Some(index)) = (*repair, found.first_repair) {
            let before = index.checked_sub(1);
            let expected = match before {
                _ if scheme.may_follow(before.map_or(Tag::Outside, |before| tags[before]), tags[index]) => {
                    format!("a tag that {scheme} allows at the end")
                }
                Some(before) => format!("a tag that {scheme} allows after {}", sentence[before].as_ref()),
                None => format!("a tag that {scheme} allows at the start"),
            };
            return Err(error(index, expected));
        }
        self.repairs[usize::from(side != Side::Gold)] += found.repairs as u64;
        let item = |span, label| Item { span, label, score: None, entity: None };
        Ok(found.mentions.iter().map(|m| item(Span::new(m.tokens.start, m.tokens.end), m.label)).collect())
    }
}

/// Why tag sequences cannot be scored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagSequenceError {
    /// The sides have different numbers of sentences.
    #[error("expected {expected} sentences of predicted tags, found {found}")]
    Sentences {
        /// The number of gold sentences.
        expected: usize,
        /// The number of predicted sentences.
        found: usize,
    },
    /// A sentence has different numbers of gold and predicted tags.
    #[error("sentence {sentence}: expected {expected} predicted tags, found {found}")]
    Tokens {
        /// The sentence, counted from 1.
        sentence: usize,
        /// The number of gold tags.
        expected: usize,
        /// The number of predicted tags.
        found: usize,
    },
    /// A tag cannot be read, or breaks the scheme under [`Repair::Error`].
    #[error("sentence {sentence}, token {token} ({}): expected {expected}, found {found:?}", sided(*side))]
    Tag {
        /// Whose tag it is.
        side: Side,
        /// The sentence, counted from 1.
        sentence: usize,
        /// The token, counted from 1.
        token: usize,
        /// What would do.
        expected: String,
        /// The tag.
        found: String,
    },
    /// There are more labels than a [`LabelSet`] holds.
    #[error("expected at most 65,536 labels, found more")]
    TooManyLabels,
}

fn sided(side: Side) -> &'static str {
    match side {
        Side::Gold => "gold",
        Side::System(_) => "predicted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(gold: &[&[&str]], predicted: &[&[&str]], options: impl Into<ScoreTagsOptions>) -> String {
        score_tags(gold, predicted, options).expect_err("the tags are wrong").to_string()
    }

    #[test]
    fn wrong_input_is_named() {
        let strict = ScoreTagsOptions::default().repair(Repair::Error);
        let cases = [
            ("sentences", error(&[&["O"]], &[], Scheme::Iob2), "expected 1 sentences of predicted tags, found 0"),
            (
                "tokens",
                error(&[&["O"], &["O", "O"]], &[&["O"], &["O"]], Scheme::Iob2),
                "sentence 2: expected 2 predicted tags, found 1",
            ),
            (
                "no label",
                error(&[&["O", "B-"]], &[&["O", "O"]], Scheme::Iob2),
                "sentence 1, token 2 (gold): expected O or a label, perhaps with a prefix such as B-, found \"B-\"",
            ),
            (
                "empty",
                error(&[&["O"]], &[&[""]], Scheme::Iob2),
                "sentence 1, token 1 (predicted): expected O or a label, perhaps with a prefix such as B-, found \"\"",
            ),
            (
                "against the scheme",
                error(&[&["B-X", "I-X"]], &[&["B-X", "I-Y"]], strict.clone()),
                "sentence 1, token 2 (predicted): expected a tag that IOB2 allows after B-X, found \"I-Y\"",
            ),
            (
                "at the start",
                error(&[&["I-X"]], &[&["O"]], strict),
                "sentence 1, token 1 (gold): expected a tag that IOB2 allows at the start, found \"I-X\"",
            ),
            (
                "at the end",
                error(&[&["O", "B-X"]], &[&["O", "O"]], ScoreTagsOptions::from(Scheme::Bioes).repair(Repair::Error)),
                "sentence 1, token 2 (gold): expected a tag that BIOES allows at the end, found \"B-X\"",
            ),
        ];
        for (name, got, want) in cases {
            assert_eq!(got, want, "{name}");
        }
    }

    #[test]
    fn any_lists_of_strings_will_do() {
        let owned: Vec<Vec<String>> = vec![vec!["S-X".into(), "O".into()]];
        let found = score_tags(&owned, &[["S-X", "S-Y"]], Scheme::Bioes).expect("the tags are sound");
        assert_eq!((found.scores.micro.precision, found.scores.micro.recall), (Some(0.5), Some(1.0)));
        let nothing: [Vec<&str>; 0] = [];
        assert_eq!(score_tags(&nothing, &nothing, Scheme::Iob2), Ok(TagScores::default()));
    }
}
