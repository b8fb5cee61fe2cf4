//! All that stays the same during a training: the model it starts from, the labels, and what the model is scored on.

use serde_json::Value;

use super::blueprint::{Blueprint, Kept};
use super::error::Error;
use super::folder;
use super::head::OldHead;
use super::options::{OldHeads, Options};
use crate::encode::{Tokenizer, WindowSize};
use crate::eval::{Scores, score};
use crate::label::LabelSet;
use crate::model::{self, Config, Encoder, Head, Native, Precision, Source};
use crate::pipeline::{Linking, Planner, Request, Tagger, window_size};
use crate::pool::Pool;
use crate::text::{Document, NameMark, Segmentation};

/// A model to be trained.
pub(crate) struct Course {
    pub(crate) blueprint: Blueprint,
    pub(crate) old: Vec<OldHead>,
    pub(crate) tags: Vec<String>,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) size: WindowSize,
    /// The configuration of the model to start from.
    from: Value,
    /// The new head, and those that stay.
    heads: Vec<Head>,
    description: String,
    tokenizer_json: Vec<u8>,
    mark: NameMark,
    pool: Pool,
}

/// The files of a model.
#[derive(Clone, Debug)]
pub(crate) struct ModelBytes {
    pub(crate) config: Vec<u8>,
    pub(crate) weights: Vec<u8>,
}

impl Course {
    /// Reads the model to start from, and returns its parameters too.
    pub(crate) fn new(source: &Source, labels: &LabelSet, options: &Options) -> Result<(Self, Vec<f32>), Error> {
        let files = source.files()?;
        let json = |bytes: &[u8]| {
            serde_json::from_slice::<Value>(bytes)
                .map_err(|source| model::Error::Json { file: "config.json".to_owned(), source })
        };
        let mut from = json(&files.config)?;
        let is_encoder = !files.weights.contains("classifier.weight");
        if let (true, Value::Object(fields)) = (is_encoder, &mut from) {
            // An encoder without heads, whatever its class is.
            fields.remove("architectures");
            fields.insert("id2label".into(), serde_json::json!({"0": "O"}));
            fields.remove("allonym");
        }
        let known = Config::parse(from.to_string().as_bytes())?;
        let mut old = Vec::new();
        for (nth, head) in known.heads.iter().enumerate().filter(|_| !is_encoder) {
            let name = if nth == 0 { "classifier".to_owned() } else { format!("heads.{}", head.name) };
            let n = head.labels.len();
            let weights = files.weights.tensor(&format!("{name}.weight"), &[n, known.hidden_size])?.numbers();
            let bias = files.weights.tensor(&format!("{name}.bias"), &[n])?.numbers();
            old.push(OldHead { head: head.clone(), weights, bias });
        }
        let tags = super::lesson::tags(labels);
        let mut heads = vec![Head::new(&options.head, &tags)];
        let (mut blueprint, parameters) = Blueprint::read(&known, &files.weights, tags.len())?;
        if options.old_heads == OldHeads::Kept {
            if old.iter().any(|old| old.head.name == options.head) {
                let known = old.iter().map(|old| old.head.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(Error::HeadName { found: options.head.clone(), known });
            }
            for OldHead { head, weights, bias } in &old {
                let shape = [head.labels.len(), known.hidden_size];
                for (end, shape, numbers) in [("weight", &shape[..], weights), ("bias", &shape[..1], bias)] {
                    let name = format!("heads.{}.{end}", head.name);
                    blueprint.kept.push(Kept { name, shape: shape.to_vec(), numbers: numbers.clone() });
                }
                heads.push(head.clone());
            }
        }
        let tokenizer = Tokenizer::from_bytes(&files.tokenizer, known.input).map_err(model::Error::from)?;
        let size = window_size(known.max_pieces(), known.input)?;
        let names = labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let course = Self {
            blueprint,
            old,
            tags,
            tokenizer,
            size,
            from,
            heads,
            description: format!("Trained by allonym train: {names}"),
            tokenizer_json: files.tokenizer.into_owned(),
            mark: if known.input.cut_words { NameMark::Kept } else { NameMark::Comma },
            pool: options.pool.clone(),
        };
        Ok((course, parameters))
    }

    /// What cuts documents as tagging does.
    pub(crate) fn planner(&self) -> Planner<'_> {
        Planner { tokenizer: &self.tokenizer, size: self.size, segmentation: Segmentation::default(), mark: self.mark }
    }

    /// The names of the heads that stay.
    pub(crate) fn kept_heads(&self) -> &[Head] {
        &self.heads[1..]
    }

    pub(crate) fn tokenizer_json(&self) -> &[u8] {
        &self.tokenizer_json
    }

    /// The files of the model with these parameters.
    pub(crate) fn files(&self, parameters: &[f32], temperature: f32) -> Result<ModelBytes, Error> {
        let mut heads = self.heads.clone();
        heads[0].temperature = temperature;
        let config = folder::config(&self.from, &heads, &self.description)?;
        let config = serde_json::to_vec_pretty(&config).expect("JSON can be written");
        Ok(ModelBytes { config, weights: folder::weights(&self.blueprint, parameters) })
    }

    /// The network of some files, as tagging loads it.
    pub(crate) fn encoder(&self, files: &ModelBytes, precision: Precision) -> Result<Native, Error> {
        Ok(self.pool.install(|| Native::from_bytes(&files.config, files.weights.clone(), precision))?)
    }

    /// Tags documents with a model.
    pub(crate) fn tag(
        &self,
        files: &ModelBytes,
        (precision, head): (Precision, Option<&str>),
        documents: &[Document],
    ) -> Result<Vec<Document>, Error> {
        self.tag_by(Box::new(self.encoder(files, precision)?), head, documents)
    }

    fn tag_by(
        &self,
        encoder: Box<dyn Encoder>,
        head: Option<&str>,
        documents: &[Document],
    ) -> Result<Vec<Document>, Error> {
        let tokenizer =
            Tokenizer::from_bytes(&self.tokenizer_json, encoder.spec().input).map_err(model::Error::from)?;
        let tagger = Tagger::new(tokenizer, encoder)?.on(self.pool.clone());
        let mut request = Request::default().linking(Linking::Off);
        request.head = head.map(ToOwned::to_owned);
        let mut tagged = documents.to_vec();
        for outcome in tagger.tag_all(&mut tagged, &request)? {
            outcome?;
        }
        Ok(tagged)
    }

    /// Scores a model on documents, as it is when it tags.
    pub(crate) fn score(
        &self,
        files: &ModelBytes,
        precision: Precision,
        documents: &[Document],
    ) -> Result<Scores, Error> {
        Ok(score(documents, &self.tag(files, (precision, None), documents)?)?)
    }

    /// Scores a network on documents.
    pub(crate) fn score_by(&self, encoder: Box<dyn Encoder>, documents: &[Document]) -> Result<Scores, Error> {
        Ok(score(documents, &self.tag_by(encoder, None, documents)?)?)
    }
}
