//! What does one call want of a tagger?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Error;
use crate::decode::Decoder;
use crate::model::{HeadId, Spec};
use crate::text::{Label, Mention};

/// What to look for in a document: a small value that is made for each call, so that one loaded model serves them all.
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
/// It can be read from and written as JSON, say the body of a request to a server:
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
    /// The head by name. Default: the model's first.
    pub head: Option<String>,
    /// The labels to keep, in upper or lower case. Default: all.
    pub labels: Option<Vec<String>>,
    /// Mentions of a lower score are left out; from 0 to 1. Default: 0.
    pub min_score: f32,
    /// The same for single labels, in place of `min_score`. Default: none.
    pub min_scores: BTreeMap<String, f32>,
    /// Whether a pipeline that can link does. Default: [`Linking::On`].
    pub linking: Linking,
}

/// Whether a [`Pipeline`](super::Pipeline) with a linker links the mentions of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Linking {
    /// Mentions have an `entity`, documents have `entities`.
    #[default]
    On,
    /// Mentions are left as they are found.
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

    /// Sets [`linking`](Self#structfield.linking).
    #[must_use]
    pub fn linking(mut self, linking: Linking) -> Self {
        self.linking = linking;
        self
    }
}

/// A request in the terms of a model.
#[derive(Debug)]
pub(super) struct Choice<'t> {
    pub(super) head: HeadId,
    pub(super) decoder: &'t Decoder,
    /// The least score for each label that is kept.
    least: BTreeMap<Label, f32>,
}

impl<'t> Choice<'t> {
    /// Checks a request against a model; `decoders` are those of its heads.
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
        Ok(Self { head, decoder, least })
    }

    pub(super) fn keeps(&self, mention: &Mention) -> bool {
        self.least.get(&mention.label).is_some_and(|&least| mention.score >= Some(least))
    }

    /// The labels that are kept, in the model's order.
    pub(super) fn labels(&self) -> Vec<Label> {
        let labels = self.decoder.tag_set().labels();
        labels.iter().filter(|label| self.least.contains_key(label)).cloned().collect()
    }
}

/// The label as it is spelt, else the one that differs in case only.
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
    fn requests_are_met_label_by_label() {
        let all = |per, title, upper| vec![("PER".into(), per), ("Loc".into(), title), ("LOC".into(), upper)];
        let request = Request::default;
        for (name, request, want) in [
            ("all", request(), all(0.0, 0.0, 0.0)),
            ("a floor", request().min_score(0.5), all(0.5, 0.5, 0.5)),
            ("a floor for one", request().min_score(0.5).min_score_of("per", 0.9), all(0.9, 0.5, 0.5)),
            ("in any case", request().labels(["per"]), vec![("PER".into(), 0.0)]),
            ("the exact spelling first", request().labels(["LOC"]), vec![("LOC".into(), 0.0)]),
            (
                "a floor keeps nothing alive",
                request().labels(["PER"]).min_score_of("LOC", 0.1),
                vec![("PER".into(), 0.0)],
            ),
        ] {
            assert_eq!(choose(&request).expect(name), want, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_met_is_an_error() {
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
