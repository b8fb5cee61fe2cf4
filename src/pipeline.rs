//! How does a document get its mentions?
//!
//! Text becomes words, words become pieces, pieces stand in windows, windows are scored in batches, scores become mentions. The
//! batches of many documents are scored in parallel; what comes out does not depend on how many threads there are.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayView2, ArrayViewMut2, s};
use rayon::prelude::*;

use crate::decode::Decoder;
use crate::encode::{self, Batch, Filled, InputFormat, Pieces, Separators, Tokenizer, Window, WindowSize, windows};
use crate::label::{TagError, TagSet};
#[cfg(feature = "rust-bert")]
use crate::model::RustBert;
use crate::model::{self, Encoder, Engine, Head, HeadId, Model, Precision, Scratch};
use crate::text::segment::{self, Word};
use crate::text::{Document, Label, Mention};

/// Why a tagger could not be made, or could not tag.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model could not be loaded, or refused its input.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// The model failed on a document.
    #[error("cannot tag document {id:?}")]
    Document {
        /// The document.
        id: String,
        /// What the model says.
        source: model::Error,
    },
    /// The tokenizer could not be loaded or used.
    #[error(transparent)]
    Tokenizer(#[from] encode::Error),
    /// The model's labels are no tags.
    #[error("the labels of head {head:?} cannot be read")]
    Labels {
        /// The head.
        head: String,
        /// What is wrong with them.
        source: TagError,
    },
    /// Tokenizer and model do not belong together.
    #[error("expected a tokenizer with at most {expected} pieces, as the model has, found {found}")]
    Vocabulary {
        /// How many pieces the model knows.
        expected: usize,
        /// How many the tokenizer makes.
        found: usize,
    },
    /// The configuration promises case classes that the model has no token types for.
    #[error("config.json: case_classes: expected a model with {expected} token types, found {found}")]
    CaseClasses {
        /// How many token types the classes need.
        expected: usize,
        /// How many the model has.
        found: usize,
    },
    /// The model does not know a label that was asked for.
    #[error("unknown label {found:?}, expected some of {known}")]
    UnknownLabel {
        /// The label that was asked for.
        found: String,
        /// The model's labels, separated by commas.
        known: String,
    },
    /// The model can see too few pieces at once to be of use.
    #[error("expected a model that sees at least {MIN_WINDOW} pieces at once, found {found}")]
    ShortModel {
        /// How many pieces it sees.
        found: usize,
    },
    /// No model is in this build.
    #[error("this build has no model inside: expected the feature embedded-model, or the folder of a model")]
    NoModel,
}

/// What to tag, and with which of a model's heads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagOptions {
    /// The head by name; `None` is the model's default head.
    pub head: Option<String>,
    /// The labels to keep; `None` keeps all.
    pub labels: Option<Vec<String>>,
    /// Mentions with a lower score are left out; from 0 to 1, by default 0.
    pub min_score: f32,
    /// The numbers in which the model multiplies.
    pub precision: Precision,
    /// What runs the model.
    pub engine: Engine,
}

/// Windows when the model's configuration does not say which tag best, in pieces.
const WINDOW: usize = 256;
const CONTEXT: usize = 40;
const MIN_WINDOW: usize = 16;

/// Short documents are tagged together until their texts hold so many bytes for each piece of a batch: about a batch.
const BYTES_PER_PIECE: usize = 4;

/// A loaded model, ready to tag. Shared by threads as it is.
///
/// ```
/// # #[cfg(feature = "embedded-model")] {
/// use allonym::pipeline::{TagOptions, Tagger};
///
/// let tagger = Tagger::embedded(&TagOptions::default())?;
/// let text = "Prime Minister Imran Khan met Javad Zarif in Islamabad.";
/// for mention in tagger.tag_text(text)? {
///     println!("{} {}", &text[mention.span.range()], mention.label);
/// }
/// # }
/// # Ok::<(), allonym::pipeline::Error>(())
/// ```
pub struct Tagger {
    tokenizer: Tokenizer,
    encoder: Box<dyn Encoder>,
    head: HeadId,
    decoder: Decoder,
    size: WindowSize,
    kept: Option<BTreeSet<Label>>,
    min_score: f32,
    /// The working memory of threads that are not scoring just now.
    idle: Mutex<Vec<Memory>>,
}

impl Tagger {
    /// The tagger with the model that is inside of this build.
    ///
    /// # Errors
    /// [`Error::NoModel`] in a build without the feature `embedded-model`; else when the options name an unknown head or label.
    pub fn embedded(options: &TagOptions) -> Result<Self, Error> {
        let files = crate::model::embedded().ok_or(Error::NoModel)?;
        match options.engine {
            Engine::Native => {
                let model = Model::from_bytes(files.config, files.weights, options.precision)?;
                let tokenizer = Tokenizer::from_bytes(files.tokenizer, model.input_format())?;
                Self::fitting(tokenizer, Parts::of_native(model), options)
            }
            #[cfg(feature = "rust-bert")]
            Engine::RustBert { device } => {
                single_precision(options)?;
                let model = RustBert::from_bytes(files.config, files.weights, device)?;
                let tokenizer = Tokenizer::from_bytes(files.tokenizer, model.input_format())?;
                Self::fitting(tokenizer, Parts::of_rust_bert(model), options)
            }
            #[cfg(not(feature = "rust-bert"))]
            Engine::RustBert { .. } => Err(model::Error::NoEngine { engine: RUST_BERT }.into()),
        }
    }

    /// The tagger with the model of a folder in the Hugging Face layout: `config.json`, `tokenizer.json`, `model.safetensors`.
    ///
    /// # Errors
    /// When the folder does not hold a model that the engine runs, the engine is not in this build, or the options name an unknown
    /// head or label.
    pub fn open(folder: impl AsRef<Path>, options: &TagOptions) -> Result<Self, Error> {
        match options.engine {
            Engine::Native => {
                let model = Model::open(&folder, options.precision)?;
                let tokenizer = Tokenizer::open(folder.as_ref(), model.input_format())?;
                Self::fitting(tokenizer, Parts::of_native(model), options)
            }
            #[cfg(feature = "rust-bert")]
            Engine::RustBert { device } => {
                single_precision(options)?;
                let model = RustBert::open(&folder, device)?;
                let tokenizer = Tokenizer::open(folder.as_ref(), model.input_format())?;
                Self::fitting(tokenizer, Parts::of_rust_bert(model), options)
            }
            #[cfg(not(feature = "rust-bert"))]
            Engine::RustBert { .. } => Err(model::Error::NoEngine { engine: RUST_BERT }.into()),
        }
    }

    /// A tagger over a model of which it is checked that the tokenizer belongs to it.
    fn fitting(tokenizer: Tokenizer, model: Parts, options: &TagOptions) -> Result<Self, Error> {
        let (expected, found) = (model.vocab_size, tokenizer.vocab_size());
        if found > expected {
            return Err(Error::Vocabulary { expected, found });
        }
        let (expected, found) = (model.format.case_classes.n_types(), model.n_types);
        if found < expected {
            return Err(Error::CaseClasses { expected, found });
        }
        Self::new(tokenizer, model.encoder, model.format, options)
    }

    /// A tagger over any encoder.
    ///
    /// # Errors
    /// When the options name an unknown head or label, or the encoder's labels or windows are of no use.
    pub fn new(
        tokenizer: Tokenizer,
        encoder: Box<dyn Encoder>,
        format: InputFormat,
        options: &TagOptions,
    ) -> Result<Self, Error> {
        let head = match &options.head {
            Some(name) => encoder.find_head(name)?,
            None => HeadId::default(),
        };
        let details = &encoder.heads()[head.index()];
        let tag_set =
            TagSet::parse(&details.labels).map_err(|source| Error::Labels { head: details.name.clone(), source })?;
        let decoder = Decoder::new(tag_set, details.temperature);
        let kept = options.labels.as_deref().map(|labels| known_labels(&decoder, labels)).transpose()?;
        let size = window_size(encoder.max_pieces(), format)?;
        let idle = Mutex::default();
        Ok(Self { tokenizer, encoder, head, decoder, size, kept, min_score: options.min_score, idle })
    }

    /// The heads of the model, the default one first.
    pub fn heads(&self) -> &[Head] {
        self.encoder.heads()
    }

    /// The longest window that the model is shown, in pieces.
    pub fn window_pieces(&self) -> usize {
        self.size.longest
    }

    /// The labels that mentions can have, in the model's order.
    pub fn labels(&self) -> Vec<Label> {
        let labels = self.decoder.tag_set().labels();
        labels.iter().filter(|label| self.keeps(label)).cloned().collect()
    }

    /// The mentions of a text, in order; their spans count bytes.
    ///
    /// # Errors
    /// When the model or its tokenizer fails.
    pub fn tag_text(&self, text: &str) -> Result<Vec<Mention>, Error> {
        let mut documents = [Document::new("", text)];
        self.tag(&mut documents)?;
        let [document] = documents;
        Ok(document.mentions)
    }

    /// Gives each document its mentions, in place of those that it had. Returns how many words they have together.
    ///
    /// The documents are tagged together, which is faster than one by one: threads take groups of short documents and the windows of
    /// long ones from each other, and none waits for the rest before the end. Text of any length is tagged whole.
    ///
    /// # Errors
    /// When the model or its tokenizer fails; the documents are then as they were.
    pub fn tag(&self, documents: &mut [Document]) -> Result<usize, Error> {
        let group_bytes = self.encoder.batch_pieces() * BYTES_PER_PIECE;
        let groups: Vec<&[Document]> = groups(documents, group_bytes).collect();
        let found = groups.into_par_iter().with_max_len(1).map(|group| self.tag_group(group));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let mut n_words = 0;
        for (document, (n, mentions)) in documents.iter_mut().zip(found.into_iter().flatten()) {
            document.mentions = mentions;
            n_words += n;
        }
        Ok(n_words)
    }

    /// How many words each document of a group has, and its mentions. Batches are shared by the threads that have nothing else to do.
    fn tag_group(&self, documents: &[Document]) -> Result<Vec<(usize, Vec<Mention>)>, Error> {
        let plans = documents.iter().map(|document| self.plan(document)).collect::<Result<Vec<_>, _>>()?;
        let n_tags = self.decoder.tag_set().len();
        let mut scores: Vec<Vec<f32>> = plans.iter().map(|plan| vec![0.0; plan.words.len() * n_tags]).collect();
        let jobs = self.jobs(documents, &plans, &mut scores);
        jobs.into_par_iter().with_max_len(1).try_for_each(|job| self.score(job))?;
        let decode = |((document, plan), scores): ((&Document, &Plan), &Vec<f32>)| {
            let logits = ArrayView2::from_shape((plan.words.len(), n_tags), scores).expect("n_tags scores a word");
            let mut mentions = self.decoder.mentions(&document.text, &plan.words, logits);
            mentions.retain(|mention| self.keeps(&mention.label) && mention.score >= Some(self.min_score));
            (plan.words.len(), mentions)
        };
        Ok(documents.iter().zip(&plans).zip(&scores).map(decode).collect())
    }

    fn keeps(&self, label: &Label) -> bool {
        self.kept.as_ref().is_none_or(|kept| kept.contains(label))
    }

    fn plan(&self, document: &Document) -> Result<Plan, Error> {
        let words = segment::words(document);
        let pieces = self.tokenizer.pieces(&document.text, &words)?;
        let windows = windows(&document.text, &words, &pieces, self.size);
        Ok(Plan { words, pieces, windows })
    }

    /// Batches of windows of like length, the longest first; each carries the places where its scores go.
    fn jobs<'a>(&self, documents: &'a [Document], plans: &'a [Plan], scores: &'a mut [Vec<f32>]) -> Vec<Vec<Task<'a>>> {
        let n_tags = self.decoder.tag_set().len();
        let most = self.encoder.batch_pieces();
        let mut tasks = Vec::new();
        for ((document, plan), scores) in documents.iter().zip(plans).zip(scores) {
            let mut rest = scores.as_mut_slice();
            for window in &plan.windows {
                let (scores, after) = rest.split_at_mut(window.core.len() * n_tags);
                rest = after;
                let filled = window.fill(&plan.words, &plan.pieces, &self.tokenizer, self.size);
                tasks.push(Task { filled, scores, document: &document.id });
            }
        }
        tasks.sort_by_key(|task| std::cmp::Reverse(task.filled.ids.len()));
        let mut jobs: Vec<Vec<Task<'a>>> = Vec::new();
        let mut size = most;
        for task in tasks {
            let n = task.filled.ids.len();
            if size + n > most {
                jobs.push(Vec::new());
                size = 0;
            }
            size += n;
            jobs.last_mut().expect("one was just pushed").push(task);
        }
        jobs
    }

    fn score(&self, job: Vec<Task<'_>>) -> Result<(), Error> {
        let n_tags = self.decoder.tag_set().len();
        let mut memory = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let Memory { batch, scratch } = &mut memory;
        batch.clear();
        for task in &job {
            batch.push(&task.filled.ids, &task.filled.types);
        }
        let logits = match self.encoder.score(batch, self.head, scratch) {
            Ok(logits) => logits,
            Err(source) => return Err(self.blame(&job, source)),
        };
        for (task, rows) in job.into_iter().zip(batch.windows()) {
            let shape = (task.filled.rows.len(), n_tags);
            let mut scores = ArrayViewMut2::from_shape(shape, task.scores).expect("a row a word of the core");
            for (mut word, &row) in scores.rows_mut().into_iter().zip(&task.filled.rows) {
                word.assign(&logits.slice(s![rows.start + row, ..]));
            }
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        Ok(())
    }
}

impl Tagger {
    /// The error of a batch that failed, with the document whose window fails alone.
    fn blame(&self, job: &[Task<'_>], source: model::Error) -> Error {
        for task in job {
            let mut batch = Batch::default();
            batch.push(&task.filled.ids, &task.filled.types);
            if let Err(source) = self.encoder.score(&batch, self.head, &mut Scratch::default()) {
                return Error::Document { id: task.document.to_owned(), source };
            }
        }
        let mut ids: Vec<&str> = job.iter().map(|task| task.document).collect();
        ids.sort_unstable();
        ids.dedup();
        Error::Document { id: ids.join(", "), source }
    }
}

impl std::fmt::Debug for Tagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = &self.encoder.heads()[self.head.index()].name;
        f.debug_struct("Tagger").field("head", head).field("size", &self.size).finish_non_exhaustive()
    }
}

/// What a thread works in while it scores.
#[derive(Default)]
struct Memory {
    batch: Batch,
    scratch: Scratch,
}

/// A document on its way to the model.
struct Plan {
    words: Vec<Word>,
    pieces: Pieces,
    windows: Vec<Window>,
}

/// One window and the place for the scores of its core, `[n_words, n_tags]`.
struct Task<'a> {
    filled: Filled,
    scores: &'a mut [f32],
    /// The id of the window's document.
    document: &'a str,
}

/// A model and what its tokenizer must fit.
struct Parts {
    encoder: Box<dyn Encoder>,
    vocab_size: usize,
    n_types: usize,
    format: InputFormat,
}

impl Parts {
    fn of_native(model: Model) -> Self {
        let (vocab_size, n_types, format) = (model.vocab_size(), model.n_types(), model.input_format());
        Self { encoder: Box::new(model), vocab_size, n_types, format }
    }

    #[cfg(feature = "rust-bert")]
    fn of_rust_bert(model: RustBert) -> Self {
        let (vocab_size, n_types, format) = (model.vocab_size(), model.n_types(), model.input_format());
        Self { encoder: Box::new(model), vocab_size, n_types, format }
    }
}

/// The engine's name, which is that of its feature too.
const RUST_BERT: &str = "rust-bert";

/// Refuses eight bits of an engine that has none.
#[cfg(feature = "rust-bert")]
fn single_precision(options: &TagOptions) -> Result<(), model::Error> {
    match options.precision {
        Precision::Int8 => Err(model::Error::NoPrecision { engine: RUST_BERT }),
        _ => Ok(()),
    }
}

/// Neighbouring documents, so many that a group fills a batch.
fn groups(documents: &[Document], group_bytes: usize) -> impl Iterator<Item = &[Document]> {
    let mut rest = documents;
    std::iter::from_fn(move || {
        let mut n_bytes = 0;
        let fills = |document: &Document| {
            n_bytes += document.text.len();
            n_bytes >= group_bytes
        };
        let n = rest.iter().position(fills).map_or(rest.len(), |last| last + 1);
        let (group, after) = rest.split_at(n);
        rest = after;
        (!group.is_empty()).then_some(group)
    })
}

fn known_labels(decoder: &Decoder, labels: &[String]) -> Result<BTreeSet<Label>, Error> {
    let known: Vec<Label> = decoder.tag_set().labels().iter().cloned().collect();
    let find = |name: &String| {
        known.iter().find(|label| label.as_str() == name).cloned().ok_or_else(|| Error::UnknownLabel {
            found: name.clone(),
            known: known.iter().map(Label::as_str).collect::<Vec<_>>().join(", "),
        })
    };
    labels.iter().map(find).collect()
}

fn window_size(max_pieces: usize, format: InputFormat) -> Result<WindowSize, Error> {
    if max_pieces < MIN_WINDOW {
        return Err(Error::ShortModel { found: max_pieces });
    }
    let longest = format.max_pieces.unwrap_or(WINDOW).min(max_pieces);
    let context = format.context.unwrap_or(CONTEXT).min(longest / 4);
    let separators = if format.line_separator { Separators::Lines } else { Separators::None };
    Ok(WindowSize { longest, context, separators })
}
