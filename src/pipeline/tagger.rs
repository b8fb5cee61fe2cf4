//! A loaded model, ready to tag.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayViewMut2, s};
use rayon::prelude::*;

use super::error::Error;
use super::plan::{Plan, Planner, Task, groups, window_size};
use super::request::{Choice, Request};
use crate::decode::Decoder;
use crate::encode::{Batch, Tokenizer, WindowSize};
use crate::label::TagSet;
use crate::model::{self, Encoder, Head, LoadOptions, Loaded, Scratch, Source, Spec};
use crate::pool::Pool;
use crate::refine;
use crate::text::{Document, Label, Mention, NameMark};

/// Short documents are tagged in groups of about one batch: until their texts have this many bytes per piece of the batch.
const BYTES_PER_PIECE: usize = 4;

/// A loaded model, ready to tag. One tagger serves all heads, requests and threads.
///
/// Its work runs on the [`Pool`] it was loaded with.
///
/// ```
/// # #[cfg(feature = "embedded-model")] {
/// use allonym::Tagger;
///
/// let tagger = Tagger::embedded()?;
/// let text = "Prime Minister Imran Khan met Javad Zarif in Islamabad.";
/// for mention in tagger.tag_text(text)? {
///     println!("{} {} {:.2}", &text[mention.span.range()], mention.label, mention.score.unwrap_or(1.0));
/// }
/// # }
/// # Ok::<(), allonym::pipeline::Error>(())
/// ```
pub struct Tagger {
    tokenizer: Tokenizer,
    encoder: Box<dyn Encoder>,
    /// One per head.
    decoders: Vec<Decoder>,
    size: WindowSize,
    pool: Pool,
    /// Working memory that no thread is using at the moment.
    idle: Mutex<Vec<Memory>>,
}

impl Tagger {
    /// Loads the default model embedded in this build.
    ///
    /// # Errors
    /// [`model::Error::NoModel`] in a build without the feature `embedded-model`.
    pub fn embedded() -> Result<Self, Error> {
        Self::load(&Source::embedded()?, &LoadOptions::default())
    }

    /// Loads a model from a folder in the Hugging Face layout: `config.json`, `tokenizer.json`, `model.safetensors`.
    ///
    /// # Errors
    /// When the folder does not hold a model the native engine can run.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load(&Source::Folder(folder.as_ref().to_owned()), &LoadOptions::default())
    }

    /// Loads a model.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-model")] {
    /// use allonym::model::{LoadOptions, Precision, Source};
    /// use allonym::{Pool, Tagger};
    ///
    /// let options = LoadOptions::default().precision(Precision::F32).pool(Pool::new(1));
    /// let tagger = Tagger::load(&Source::find("news-en-small")?, &options)?;
    /// assert_eq!(tagger.heads()[0].name, "clean");
    /// # }
    /// # Ok::<(), allonym::pipeline::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Source::load`] and [`new`](Self::new).
    pub fn load(source: &Source, options: &LoadOptions) -> Result<Self, Error> {
        let Loaded { tokenizer, encoder } = source.load(options)?;
        Ok(Self::new(tokenizer, encoder)?.on(options.pool.clone()))
    }

    /// Creates a tagger from any encoder, on a pool of its own.
    ///
    /// # Errors
    /// When the tokenizer does not belong to the encoder, the encoder's labels are not tags, or its windows are too short.
    pub fn new(tokenizer: Tokenizer, encoder: Box<dyn Encoder>) -> Result<Self, Error> {
        Loaded::check(&tokenizer, encoder.as_ref())?;
        let spec = encoder.spec();
        let decoder = |head: &Head| {
            let tag_set =
                TagSet::parse(&head.labels).map_err(|source| Error::Labels { head: head.name.clone(), source })?;
            Ok(Decoder::new(tag_set, head.temperature))
        };
        let decoders = spec.heads.iter().map(decoder).collect::<Result<_, Error>>()?;
        let size = window_size(spec.max_pieces, spec.input)?;
        Ok(Self { tokenizer, encoder, decoders, size, pool: Pool::default(), idle: Mutex::default() })
    }

    /// Moves the tagger to other threads.
    #[must_use]
    pub fn on(mut self, pool: Pool) -> Self {
        self.pool = pool;
        self
    }

    /// The threads the tagger runs on.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The encoder's heads, limits and kernel.
    pub fn spec(&self) -> &Spec {
        self.encoder.spec()
    }

    /// The heads of the model, the default one first.
    pub fn heads(&self) -> &[Head] {
        &self.spec().heads
    }

    /// The length of the longest window passed to the model, in pieces.
    pub fn window_pieces(&self) -> usize {
        self.size.longest
    }

    /// The labels that mentions can have for this request, in the model's order.
    ///
    /// # Errors
    /// When the request names an unknown head or label, or has a minimum score that is not a probability.
    pub fn labels(&self, request: &Request) -> Result<Vec<Label>, Error> {
        Ok(self.choose(request)?.labels())
    }

    /// A request as far as it fits this model: without a head and labels that it does not have.
    pub(crate) fn fitting(&self, request: &Request) -> Request {
        let heads = self.heads();
        let head = request.head.as_ref().filter(|name| heads.iter().any(|head| head.name == **name)).cloned();
        let mut fitting = Request { head, labels: None, min_scores: BTreeMap::new(), ..request.clone() };
        let labels = self.labels(&fitting).unwrap_or_default();
        let has = |name: &String| labels.iter().any(|label| label.as_str().eq_ignore_ascii_case(name));
        fitting.labels = request.labels.as_ref().map(|names| names.iter().filter(|name| has(name)).cloned().collect());
        fitting.min_scores =
            request.min_scores.iter().filter(|(name, _)| has(name)).map(|(name, p)| (name.clone(), *p)).collect();
        fitting
    }

    /// Tags a text with the default request and returns its mentions in order; spans are in bytes.
    ///
    /// # Errors
    /// When the model or its tokenizer fails.
    pub fn tag_text(&self, text: &str) -> Result<Vec<Mention>, Error> {
        let mut document = Document::new("", text);
        self.tag(&mut document, &Request::default())?;
        Ok(document.mentions)
    }

    /// Tags a document: replaces its mentions and returns its number of words. Text of any length is tagged in full.
    ///
    /// # Errors
    /// When the request does not fit the model, or the model fails. The document is then unchanged.
    pub fn tag(&self, document: &mut Document, request: &Request) -> Result<usize, Error> {
        let outcome = self.tag_all(std::slice::from_mut(document), request)?.pop();
        outcome.expect("one result for one document")
    }

    /// Tags many documents at once, which is faster than one by one: threads steal groups of short documents and windows of long ones
    /// from each other. Returns, for each document, its number of words or the error that tagging it caused. A document that fails is
    /// unchanged and does not affect the others.
    ///
    /// # Errors
    /// When the request does not fit the model. All documents are then unchanged.
    pub fn tag_all(&self, documents: &mut [Document], request: &Request) -> Result<Vec<Result<usize, Error>>, Error> {
        let choice = self.choose(request)?;
        let group_bytes = self.spec().batch_pieces * BYTES_PER_PIECE;
        let groups: Vec<&[Document]> = groups(documents, group_bytes).collect();
        let tagged: Vec<Vec<_>> = self
            .pool
            .install(|| groups.into_par_iter().with_max_len(1).map(|group| self.tag_group(group, &choice)).collect());
        let outcomes = documents.iter_mut().zip(tagged.into_iter().flatten()).map(|(document, tagged)| {
            let Tagged { n_words, mentions } = tagged?;
            document.mentions = mentions;
            // They are those of the mentions that it had.
            document.entities.clear();
            Ok(n_words)
        });
        Ok(outcomes.collect())
    }

    fn choose(&self, request: &Request) -> Result<Choice<'_>, Error> {
        Choice::new(request, self.spec(), &self.decoders)
    }

    /// Tags a group of documents. Idle threads help with its batches.
    fn tag_group(&self, documents: &[Document], choice: &Choice<'_>) -> Vec<Result<Tagged, Error>> {
        let mark = if self.spec().input.cut_words { NameMark::Kept } else { NameMark::Comma };
        let planner = Planner { tokenizer: &self.tokenizer, size: self.size, segmentation: choice.segmentation, mark };
        let plans: Vec<_> = documents.iter().map(|document| planner.plan(document)).collect();
        let n_tags = choice.decoder.tag_set().len();
        let n_scores = |plan: &Result<Plan<'_>, _>| plan.as_ref().map_or(0, |plan| plan.reading.words().len() * n_tags);
        let mut scores: Vec<Vec<f32>> = plans.iter().map(|plan| vec![0.0; n_scores(plan)]).collect();
        let batches = planner.batches(&plans, &mut scores, n_tags, self.spec().batch_pieces);
        let failures = batches.into_par_iter().with_max_len(1).flat_map_iter(|tasks| self.score(tasks, choice));
        let mut failures: Vec<(usize, model::Error)> = failures.collect();
        if choice.stop.is_set() {
            return documents.iter().map(|document| Err(Error::Stopped { id: document.id.clone() })).collect();
        }
        let tagged =
            plans.into_iter().zip(&mut scores).zip(documents).enumerate().map(|(nth, ((plan, scores), document))| {
                let failed = |source| Error::Document { id: document.id.clone(), source };
                let plan = plan.map_err(failed)?;
                if let Some(at) = failures.iter().position(|(document, _)| *document == nth) {
                    return Err(failed(failures.remove(at).1));
                }
                let Plan { reading, .. } = plan;
                let n_words = reading.words().len();
                let logits = ArrayViewMut2::from_shape((n_words, n_tags), scores).expect("n_tags scores per word");
                let passage = (reading.text(), reading.words());
                let mut mentions = refine::decode(choice.decoder, passage, logits, choice.refinements(document));
                mentions.retain(|mention| choice.keeps(mention));
                for mention in &mut mentions {
                    mention.span = reading.source(mention.span);
                }
                Ok(Tagged { n_words, mentions })
            });
        tagged.collect()
    }

    /// Scores a batch. If that fails, scores its windows one by one and returns the errors of those that fail again, each with the index
    /// of its document.
    fn score(&self, mut tasks: Vec<Task<'_>>, choice: &Choice<'_>) -> Vec<(usize, model::Error)> {
        if choice.stop.is_set() {
            // The documents are not done, and `tag_group` says so.
            return Vec::new();
        }
        let mut memory = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let mut failures = Vec::new();
        if let Err(error) = self.score_batch(&mut tasks, choice, &mut memory) {
            match tasks.as_slice() {
                [task] => failures.push((task.document, error)),
                _ => {
                    for task in &mut tasks {
                        if let Err(error) = self.score_batch(std::slice::from_mut(task), choice, &mut memory) {
                            failures.push((task.document, error));
                        }
                    }
                }
            }
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        failures
    }

    fn score_batch(
        &self,
        tasks: &mut [Task<'_>],
        choice: &Choice<'_>,
        memory: &mut Memory,
    ) -> Result<(), model::Error> {
        let n_tags = choice.decoder.tag_set().len();
        let Memory { batch, scratch } = memory;
        batch.clear();
        for task in &*tasks {
            batch.push(&task.filled.ids, &task.filled.types);
        }
        let logits = self.encoder.score(batch, choice.head, scratch)?;
        for (task, rows) in tasks.iter_mut().zip(batch.windows()) {
            let shape = (task.filled.rows.len(), n_tags);
            let mut scores = ArrayViewMut2::from_shape(shape, &mut *task.scores).expect("one row per word of the core");
            for (mut word, &row) in scores.rows_mut().into_iter().zip(&task.filled.rows) {
                word.assign(&logits.slice(s![rows.start + row, ..]));
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Tagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let heads: Vec<&str> = self.heads().iter().map(|head| head.name.as_str()).collect();
        f.debug_struct("Tagger").field("heads", &heads).field("size", &self.size).finish_non_exhaustive()
    }
}

/// The result of tagging a document.
struct Tagged {
    n_words: usize,
    mentions: Vec<Mention>,
}

/// The working memory of a thread while it scores.
#[derive(Default)]
struct Memory {
    batch: Batch,
    scratch: Scratch,
}
