//! What a single call asks of a tagger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::stop::Stop;
use crate::decode::Decoder;
use crate::model::{HeadId, Spec};
use crate::refine::Refinements;
use crate::text::{Document, Label, Mention, Segmentation};

/// What to look for in a document. A request is cheap to create, so that every call can have its own and share one loaded model.
///
/// ```
/// # #[cfg(feature = "embedded-model")] {
/// use allonym::{Document, Request, Tagger};
///
/// let tagger = Tagger::embedded()?;
/// let mut document = Document::new("1", "Maria Lopez flew from Geneva to Islamabad.");
/// let people = Request::default().labels(["PER"]).min_score(0.5);
/// tagger.tag(&mut document, &people)?;
/// assert_eq!(document.mentions.len(), 1);
///
/// let places = Request::default().head("worldwide").labels(["LOC"]);
/// tagger.tag(&mut document, &places)?;
/// assert_eq!(document.mentions.len(), 2);
/// # }
/// # Ok::<(), allonym::pipeline::Error>(())
/// ```
///
/// A request can be read from JSON and written as JSON, for example in the body of an HTTP request:
///
/// ```
/// use allonym::Request;
///
/// let request: Request = serde_json::from_str(r#"{"labels": ["PER"], "min_scores": {"PER": 0.5}, "linking": "off"}"#)?;
/// assert_eq!(request.labels.as_deref(), Some(&["PER".to_owned()][..]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Request {
    /// The name of the head to use. Default: the model's default head.
    pub head: Option<String>,
    /// The labels to keep; an exact match is preferred over one that differs in case. Default: all.
    pub labels: Option<Vec<String>>,
    /// The minimum score of a mention, from 0 to 1. Default: 0.
    pub min_score: f32,
    /// Minimum scores of single labels, from 0 to 1, which override `min_score`. Default: none.
    pub min_scores: BTreeMap<String, f32>,
    /// Which refinements to make. Default: all of them for text, those of [`Refinements::tokenised`] for tokenised input (CoNLL).
    pub refinements: Option<Refinements>,
    /// Whether a pipeline with a linker links. Default: [`Linking::On`].
    pub linking: Linking,
    /// How texts are cut into words and sentences. Default: with all steps.
    pub segmentation: Segmentation,
    /// Ends the call early. Not a part of its JSON. Default: a switch that is never set.
    #[serde(skip)]
    pub stop: Stop,
}

/// Whether a [`Pipeline`](super::Pipeline) with a linker links the mentions of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Linking {
    /// Sets `entity` in mentions and `entities` in documents.
    #[default]
    On,
    /// Only tags.
    Off,
}

impl Request {
    /// Sets [`head`](Self#structfield.head).
    #[must_use]
    pub fn head(mut self, name: impl Into<String>) -> Self {
        self.head = Some(name.into());
        self
    }

    /// Sets [`labels`](Self#structfield.labels).
    #[must_use]
    pub fn labels(mut self, labels: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.labels = Some(labels.into_iter().map(Into::into).collect());
        self
    }

    /// Sets [`min_score`](Self#structfield.min_score).
    #[must_use]
    pub fn min_score(mut self, probability: f32) -> Self {
        self.min_score = probability;
        self
    }

    /// Adds to [`min_scores`](Self#structfield.min_scores).
    #[must_use]
    pub fn min_score_of(mut self, label: impl Into<String>, probability: f32) -> Self {
        self.min_scores.insert(label.into(), probability);
        self
    }

    /// Sets [`refinements`](Self#structfield.refinements).
    #[must_use]
    pub fn refinements(mut self, refinements: Refinements) -> Self {
        self.refinements = Some(refinements);
        self
    }

    /// Sets [`linking`](Self#structfield.linking).
    #[must_use]
    pub fn linking(mut self, linking: Linking) -> Self {
        self.linking = linking;
        self
    }

    /// Sets [`segmentation`](Self#structfield.segmentation).
    #[must_use]
    pub fn segmentation(mut self, segmentation: Segmentation) -> Self {
        self.segmentation = segmentation;
        self
    }

    /// Sets [`stop`](Self#structfield.stop).
    #[must_use]
    pub fn stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }
}

/// A request, resolved against a model.
#[derive(Debug)]
pub(super) struct Choice<'t> {
    pub(super) head: HeadId,
    pub(super) decoder: &'t Decoder,
    pub(super) segmentation: Segmentation,
    /// The labels to keep, with their minimum scores.
    least: BTreeMap<Label, f32>,
    refinements: Option<Refinements>,
    pub(super) stop: Stop,
}

impl<'t> Choice<'t> {
    /// Checks a request against a model; `decoders` has one decoder per head.
    pub(super) fn new(request: &Request, spec: &Spec, decoders: &'t [Decoder]) -> Result<Self, Error> {
        let head = match &request.head {
            Some(name) => spec.find_head(name)?,
            None => HeadId::default(),
        };
        let decoder = &decoders[head.index()];
        let known: Vec<&Label> = decoder.tag_set().labels().iter().collect();
        let kept = match &request.labels {
            Some(names) => names.iter().map(|name| find(name, &known)).collect::<Result<Vec<_>, _>>()?,
            None => known.clone(),
        };
        let general = probability(request.min_score)?;
        let mut least: BTreeMap<Label, f32> = kept.into_iter().map(|label| (label.clone(), general)).collect();
        for (name, &score) in &request.min_scores {
            let (label, score) = (find(name, &known)?, probability(score)?);
            least.entry(label.clone()).and_modify(|least| *least = score);
        }
        let (segmentation, refinements, stop) = (request.segmentation, request.refinements, request.stop.clone());
        Ok(Self { head, decoder, segmentation, least, refinements, stop })
    }

    /// The refinements of the mentions of a document.
    pub(super) fn refinements(&self, document: &Document) -> Refinements {
        let by_default = if document.layout.is_some() { Refinements::tokenised } else { Refinements::all };
        self.refinements.unwrap_or_else(by_default)
    }

    pub(super) fn keeps(&self, mention: &Mention) -> bool {
        self.least.get(&mention.label).is_some_and(|&least| mention.score >= Some(least))
    }

    /// The labels to keep, in the model's order.
    pub(super) fn labels(&self) -> Vec<Label> {
        let labels = self.decoder.tag_set().labels();
        labels.iter().filter(|label| self.least.contains_key(label)).cloned().collect()
    }
}

/// Finds the label with this exact spelling, else one that differs only in case.
fn find<'l>(name: &str, known: &[&'l Label]) -> Result<&'l Label, Error> {
    let exact = known.iter().find(|label| label.as_str() == name);
    let found = exact.or_else(|| known.iter().find(|label| label.as_str().eq_ignore_ascii_case(name)));
    found.copied().ok_or_else(|| Error::UnknownLabel {
        found: name.to_owned(),
        known: known.iter().map(|label| label.as_str()).collect::<Vec<_>>().join(", "),
    })
}

fn probability(found: f32) -> Result<f32, Error> {
    if (0.0..=1.0).contains(&found) { Ok(found) } else { Err(Error::MinScore { found }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::TagSet;
    use crate::model::Head;
    use crate::text::Span;

    fn choose(request: &Request) -> Result<Vec<(String, f32)>, Error> {
        let labels = ["O", "B-PER", "B-Loc", "B-LOC"];
        let labels = labels.map(str::to_owned);
        let spec = Spec::new(vec![Head::new("a", labels.clone())]);
        let decoders = [Decoder::new(TagSet::parse(&labels).expect("tags"), 1.0)];
        let choice = Choice::new(request, &spec, &decoders)?;
        let kept = ["PER", "Loc", "LOC"].map(Label::new).into_iter().flat_map(|label| {
            let at = |score| Mention { score: Some(score), ..Mention::new(Span::new(0, 1), label.clone()) };
            let least = (0..=10).map(|tenths| tenths as f32 / 10.0).find(|&score| choice.keeps(&at(score)));
            least.map(|least| (label.to_string(), least))
        });
        Ok(kept.collect())
    }

    #[test]
    fn minimum_scores_apply_label_by_label() {
        let all = |per, title, upper| vec![("PER".into(), per), ("Loc".into(), title), ("LOC".into(), upper)];
        let request = Request::default;
        for (name, request, want) in [
            ("all", request(), all(0.0, 0.0, 0.0)),
            ("a floor", request().min_score(0.5), all(0.5, 0.5, 0.5)),
            ("a floor for one", request().min_score(0.5).min_score_of("per", 0.9), all(0.9, 0.5, 0.5)),
            ("in any case", request().labels(["per"]), vec![("PER".into(), 0.0)]),
            ("the exact spelling first", request().labels(["LOC"]), vec![("LOC".into(), 0.0)]),
            (
                "a floor does not select a label",
                request().labels(["PER"]).min_score_of("LOC", 0.1),
                vec![("PER".into(), 0.0)],
            ),
        ] {
            assert_eq!(choose(&request).expect(name), want, "{name}");
        }
    }

    #[test]
    fn a_request_that_does_not_fit_the_model_is_an_error() {
        let request = Request::default;
        for (request, want) in [
            (request().labels(["CITY"]), "unknown label \"CITY\", expected one of PER, Loc, LOC"),
            (request().min_score_of("ORG", 0.5), "unknown label \"ORG\""),
            (request().head("b"), "unknown head \"b\", expected one of a"),
            (request().min_score(1.5), "from 0 to 1, found 1.5"),
            (request().min_score_of("PER", f32::NAN), "from 0 to 1, found NaN"),
        ] {
            let error = choose(&request).expect_err(want).to_string();
            assert!(error.contains(want), "{error}");
        }
    }
}
