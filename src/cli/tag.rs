//! `allonym tag`

use std::io::Cursor;
use std::str::FromStr;

use anyhow::Result;
use clap::Args;

use super::flow::{self, Items, Reading};
use super::groups::{EngineArgs, Input, Output, PrecisionName, Threads, probability};
use super::link::Linking;
use super::models;
use super::outcome::Outcome;
use super::progress::Progress;
use super::resume::Done;
use crate::io::{Documents, EntitiesWritten, Format, ReadOptions};
use crate::model::LoadOptions;
use crate::pipeline::{self, Pipeline, Request};

/// Tag documents: find the mentions of persons, organisations and places, and which of them name the same one
///
/// Reads files, folders (with everything below them), patterns such as 'news/**/*.txt', or the standard input. Documents of any
/// length are tagged whole, and the mentions of each are linked with each other; `allonym link` links across documents. Documents that cannot be read are named on stderr; all others come out, in the order they came in.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym tag eval/articles --to tsv
  allonym tag --text 'Rain in Beirut' --to tsv
  allonym tag --from conll --to conll test.conll > predicted.conll
  allonym tag dump.jsonl.zst --text-field body -o tagged.jsonl --resume")]
pub(crate) struct Tag {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Tag this text instead of an INPUT
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["inputs", "from", "text_field", "id_field", "columns"])]
    pub(crate) text: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// The model: the folder of a token-classification model in the Hugging Face layout, or ORG/NAME on its hub [default: the one inside]
    #[arg(long, value_name = "DIR|ORG/NAME")]
    pub(crate) model: Option<String>,
    /// Which of the model's annotation guidelines to follow: conll or worldwide [default: the model's first]
    #[arg(long, value_name = "NAME")]
    pub(crate) head: Option<String>,
    /// Keep only these labels, such as PER,ORG,LOC [default: all]
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) labels: Option<Vec<String>>,
    /// Leave out mentions that are less probable than this, from 0 to 1; for single labels: PER=0.8,ORG=0.6 [default: 0]
    #[arg(long, value_name = "P|LABEL=P", value_delimiter = ',')]
    pub(crate) min_score: Vec<MinScore>,
    /// Leave the mentions as they are found: no `entity`, no `entities`
    #[arg(long, conflicts_with = "linking")]
    pub(crate) no_link: bool,
    #[command(flatten)]
    pub(crate) linking: Linking,
    /// The numbers in which the model multiplies: auto, int8 or f32
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(crate) precision: PrecisionName,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Go on with an interrupted run: keep what OUTPUT holds (JSONL only) and tag the rest
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
}

/// A minimum score, of all labels or of one.
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

    /// The documents of the inputs, or the one of --text.
    fn documents(&self) -> Result<Documents> {
        match &self.text {
            Some(text) => {
                let options = ReadOptions { format: Some(Format::Text), ..ReadOptions::default() };
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
    let stream = pipeline.stream(Items::new(documents, done, &progress), &request)?;
    let ended = flow::write::<pipeline::Error>(stream, Reading::First(args.input.on_error), sink, &mut progress)?;
    progress.finish(ended);
    Ok(ended.outcome())
}
