//! `allonym tag`

use std::io::Cursor;
use std::str::FromStr;

use anyhow::Result;
use clap::Args;

use super::flow::{self, Items, Reading};
use super::groups::{EngineArgs, Input, Output, PrecisionName, Threads, probability};
use super::language::{Languages, OnLanguage};
use super::link::Linking;
use super::models;
use super::outcome::Outcome;
use super::progress::Progress;
use super::resume::Done;
use crate::io::{Documents, EntitiesWritten, Format, ReadOptions};
use crate::model::LoadOptions;
use crate::pipeline::{self, Pipeline, Request};

/// Tag documents: find persons, organisations and places, and link the spellings of one name
///
/// Reads files, folders (recursively), glob patterns such as 'news/**/*.txt', or standard input. Documents of any length are tagged
/// whole. Mentions are linked within each document; use `allonym link` to link across documents. A document that cannot be read or
/// tagged is reported on stderr, and all others come out, in input order.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym tag eval/articles --to tsv
  allonym tag --text 'Rain in Beirut' --to tsv
  allonym tag --from conll --to conll test.conll > predicted.conll
  allonym tag dump.jsonl.zst --text-field body -o tagged.jsonl --resume")]
pub(crate) struct Tag {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Tag this text instead of reading INPUT
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["inputs", "from", "text_field", "id_field", "columns"])]
    pub(crate) text: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Model: a name, a folder with a token-classification model in the Hugging Face layout, or ORG/NAME on the hub [default: the built-in model]
    #[arg(long, value_name = "NAME|DIR|ORG/NAME")]
    pub(crate) model: Option<String>,
    /// Head of the model, that is, the annotation guideline to follow: conll or worldwide [default: the model's first]
    #[arg(long, value_name = "NAME")]
    pub(crate) head: Option<String>,
    /// Labels to keep, such as PER,ORG,LOC, in any case [default: all]
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) labels: Option<Vec<String>>,
    /// Drop mentions with a lower score, from 0 to 1; per label: PER=0.8,ORG=0.6 [default: 0]
    #[arg(long, value_name = "P|LABEL=P", value_delimiter = ',')]
    pub(crate) min_score: Vec<MinScore>,
    /// What to do about documents that are not in English, for the built-in model
    #[arg(long, value_name = "ACTION", default_value = "warn")]
    pub(crate) on_language: OnLanguage,
    /// Do not link: no `entity`, no `entities`
    #[arg(long, conflicts_with = "linking")]
    pub(crate) no_link: bool,
    #[command(flatten)]
    pub(crate) linking: Linking,
    /// Arithmetic of the model: auto, int8 or f32
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(crate) precision: PrecisionName,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Resume an interrupted run: keep the documents already in the output (JSONL only) and tag the rest
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
}

/// A minimum score, for all labels or for one.
#[derive(Clone, Debug)]
pub(crate) struct MinScore {
    label: Option<String>,
    score: f32,
}

impl FromStr for MinScore {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((label, score)) => {
                Ok(Self { label: Some(label.trim().to_owned()), score: probability(score.trim())? })
            }
            None => Ok(Self { label: None, score: probability(text.trim())? }),
        }
    }
}

impl Tag {
    fn request(&self) -> Request {
        let mut request = Request::default();
        request.head.clone_from(&self.head);
        request.labels.clone_from(&self.labels);
        self.min_score.iter().fold(request, |request, MinScore { label, score }| match label {
            Some(label) => request.min_score_of(label, *score),
            None => request.min_score(*score),
        })
    }

    /// The documents of the inputs, or that of --text.
    fn documents(&self) -> Result<Documents> {
        match &self.text {
            Some(text) => {
                let options = ReadOptions::default().format(Format::Text);
                Ok(Documents::read(Cursor::new(text.clone().into_bytes()), "text", &options))
            }
            None => flow::open(&self.input, &self.output),
        }
    }
}

pub(crate) fn run(args: &Tag) -> Result<Outcome> {
    let pool = args.threads.pool();
    let documents = args.documents()?;
    let linker = if args.no_link { None } else { Some(args.linking.linker(&pool)?) };
    let options = LoadOptions::default().precision(args.precision.into()).engine(args.engine.engine()?).pool(pool);
    let mut pipeline = Pipeline::new(models::load(args.model.as_deref(), &options)?);
    let request = args.request();
    pipeline.tagger().labels(&request)?;
    let entities = if linker.is_some() { EntitiesWritten::Always } else { EntitiesWritten::WherePresent };
    if let Some(linker) = linker {
        pipeline = pipeline.linker(linker);
    }
    let (done, sink) = match &args.output.output {
        Some(path) if args.resume => (Done::read(path)?, args.output.append(path, entities)?),
        _ => (Done::nothing(), args.output.create(entities)?),
    };
    let mut progress = Progress::new("tagged", args.output.quiet);
    let languages = args.model.is_none().then(|| Languages::new(args.on_language));
    let items = Items::new(documents, done, &progress).languages(languages);
    let stream = pipeline.stream(items, &request)?;
    let ended = flow::write::<pipeline::Error>(stream, Reading::First(args.input.on_error), sink, &mut progress)?;
    progress.finish(ended);
    Ok(ended.outcome())
}
