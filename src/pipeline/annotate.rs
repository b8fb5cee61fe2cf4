//! Tagging and linking combined.

use std::sync::Arc;

#[cfg(feature = "link")]
use rayon::prelude::*;

use super::error::Error;
#[cfg(feature = "link")]
use super::request::Linking;
use super::request::Request;
use super::stream::{HasDocument, Stream};
use super::tagger::Tagger;
use super::taker::Taker;
#[cfg(feature = "link")]
use crate::link::Linker;
use crate::text::Document;

/// A tagger with an optional linker for its mentions, and an optional second tagger for some documents. Cheap to clone: clones share the model.
///
/// ```
/// # #[cfg(all(feature = "embedded-model", feature = "link"))] {
/// use allonym::{Document, Linker, Pipeline, Request, Tagger};
///
/// let pipeline = Pipeline::new(Tagger::embedded()?).linker(Linker::default());
/// let mut document = Document::new("1", "Abbas Araghchi landed in Muscat. Araqchi met Omani officials.");
/// pipeline.process(&mut document, &Request::default())?;
/// assert_eq!(document.mentions[0].entity, document.mentions[2].entity);
/// # }
/// # Ok::<(), allonym::pipeline::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pipeline {
    tagger: Arc<Tagger>,
    other: Option<Other>,
    #[cfg(feature = "link")]
    linker: Option<Arc<Linker>>,
}

/// A tagger for some documents.
#[derive(Clone, Debug)]
struct Other {
    tagger: Arc<Tagger>,
    takes: fn(&Document) -> bool,
}

impl From<Tagger> for Pipeline {
    fn from(tagger: Tagger) -> Self {
        Self::new(tagger)
    }
}

impl From<Arc<Tagger>> for Pipeline {
    fn from(tagger: Arc<Tagger>) -> Self {
        Self::new(tagger)
    }
}

impl Pipeline {
    /// A pipeline that tags but does not link.
    pub fn new(tagger: impl Into<Arc<Tagger>>) -> Self {
        Self {
            tagger: tagger.into(),
            other: None,
            #[cfg(feature = "link")]
            linker: None,
        }
    }

    /// Also links the mentions of each document.
    #[cfg(feature = "link")]
    #[must_use]
    pub fn linker(mut self, linker: impl Into<Arc<Linker>>) -> Self {
        self.linker = Some(linker.into());
        self
    }

    /// Documents that `takes` says yes to go to another tagger, such as those in other languages. It uses what a request says as far as
    /// it fits its model: a head and labels that it does not have are left out of the request.
    ///
    /// ```no_run
    /// # #[cfg(all(feature = "embedded-model", feature = "language"))] {
    /// use allonym::text::Language;
    /// use allonym::{Pipeline, Tagger};
    ///
    /// let other = Tagger::open("models/news-multi")?;
    /// let pipeline = Pipeline::new(Tagger::embedded()?).other(other, Language::is_foreign);
    /// # }
    /// # Ok::<(), allonym::pipeline::Error>(())
    /// ```
    #[must_use]
    pub fn other(mut self, tagger: impl Into<Arc<Tagger>>, takes: fn(&Document) -> bool) -> Self {
        self.other = Some(Other { tagger: tagger.into(), takes });
        self
    }

    /// The tagger this pipeline was built with.
    pub fn tagger(&self) -> &Tagger {
        &self.tagger
    }

    /// The tagger of [`other`](Self::other), if there is one.
    pub fn other_tagger(&self) -> Option<&Tagger> {
        self.other.as_ref().map(|other| &*other.tagger)
    }

    /// Tags a document, and links its mentions if the pipeline has a linker and the request does not turn linking off. Returns the
    /// number of words in the document.
    ///
    /// # Errors
    /// When the request does not fit the model, or the model fails. The document is then unchanged.
    pub fn process(&self, document: &mut Document, request: &Request) -> Result<usize, Error> {
        let outcome = self.process_all(std::slice::from_mut(document), request)?.pop();
        outcome.expect("one result for one document")
    }

    /// Processes many documents at once. Returns, for each document, its number of words or the error that tagging it caused. A
    /// document that fails is unchanged and does not affect the others.
    ///
    /// # Errors
    /// When the request does not fit the model. All documents are then unchanged.
    pub fn process_all(
        &self,
        documents: &mut [Document],
        request: &Request,
    ) -> Result<Vec<Result<usize, Error>>, Error> {
        let takers: Vec<Taker> = documents.iter().map(|document| self.taker(document)).collect();
        self.process_sorted(documents, &takers, request)
    }

    /// The same, where it is known which tagger takes each document.
    fn process_sorted(
        &self,
        documents: &mut [Document],
        takers: &[Taker],
        request: &Request,
    ) -> Result<Vec<Result<usize, Error>>, Error> {
        let outcomes = self.tag_all(documents, takers, request)?;
        #[cfg(feature = "link")]
        if let (Some(linker), Linking::On) = (&self.linker, request.linking) {
            let tagged = documents.par_iter_mut().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok());
            let link = |(document, _)| linker.link_document(document).expect("spans of a tagger slice the text");
            self.tagger.pool().install(|| tagged.for_each(link));
        }
        Ok(outcomes)
    }

    /// The tagger that takes a document.
    fn taker(&self, document: &Document) -> Taker {
        match &self.other {
            Some(Other { takes, .. }) if takes(document) => Taker::Other,
            _ => Taker::First,
        }
    }

    /// Tags each document with its tagger.
    fn tag_all(
        &self,
        documents: &mut [Document],
        takers: &[Taker],
        request: &Request,
    ) -> Result<Vec<Result<usize, Error>>, Error> {
        let Some(Other { tagger, .. }) = self.other.as_ref().filter(|_| takers.contains(&Taker::Other)) else {
            return self.tagger.tag_all(documents, request);
        };
        self.tagger.labels(request)?;
        let (mut first, mut others) = (Vec::new(), Vec::new());
        for (document, taker) in documents.iter_mut().zip(takers) {
            let taken = match taker {
                Taker::First => &mut first,
                Taker::Other => &mut others,
            };
            taken.push(std::mem::take(document));
        }
        let outcomes = self.tagger.tag_all(&mut first, request).expect("the request was checked");
        let outcomes_of_others = tagger.tag_all(&mut others, &tagger.fitting(request)).expect("the request fits");
        let mut first = first.into_iter().zip(outcomes);
        let mut others = others.into_iter().zip(outcomes_of_others);
        let put_back = |(place, taker): (&mut Document, &Taker)| {
            let next = match taker {
                Taker::First => first.next(),
                Taker::Other => others.next(),
            };
            let (document, outcome) = next.expect("one outcome for each document");
            *place = document;
            outcome
        };
        Ok(documents.iter_mut().zip(takers).map(put_back).collect())
    }

    /// Processes any number of documents in bounded memory: returns an iterator of results, in order. Items are documents, or documents
    /// with some context of the caller's (see [`HasDocument`]).
    ///
    /// # Errors
    /// When the request does not fit the model. Errors of single documents are items of the stream.
    pub fn stream<I>(&self, items: I, request: &Request) -> Result<Stream<I::Item>, Error>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'static,
        I::Item: HasDocument,
    {
        self.tagger.labels(request)?;
        let (pipeline, request) = (self.clone(), request.clone());
        Ok(Stream::new(self.tagger.pool(), items, move |items: &mut [I::Item]| pipeline.step(items, &request)))
    }

    /// Processes the documents of some items.
    fn step<T: HasDocument>(&self, items: &mut [T], request: &Request) -> Vec<Result<usize, Error>> {
        let taker = |item: &T| item.document().map(|document| item.taker().unwrap_or_else(|| self.taker(document)));
        let takers: Vec<Taker> = items.iter().filter_map(taker).collect();
        let mut documents: Vec<Document> =
            items.iter_mut().filter_map(|item| Some(std::mem::take(item.document_mut()?))).collect();
        let outcomes = self.process_sorted(&mut documents, &takers, request).expect("the request was checked");
        let mut done = documents.into_iter().zip(outcomes);
        let mut put_back = |item: &mut T| {
            let Some(place) = item.document_mut() else { return Ok(0) };
            let (document, outcome) = done.next().expect("one outcome for each item with a document");
            *place = document;
            outcome
        };
        items.iter_mut().map(&mut put_back).collect()
    }
}
