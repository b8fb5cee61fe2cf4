//! The models that are scored.

use anyhow::Result;

use super::Eval;
use crate::cli::files::Files;
use crate::cli::language::{Languages, OnLanguage};
use crate::cli::model_args::{self, ModelArgs};
use crate::eval::Input;
use crate::eval::report::{InputRole, InputStamp};
use crate::io::{Notice, fingerprint};
use crate::model::{LoadOptions, Models, embedded};
use crate::pipeline::Request;
use crate::pool::Pool;

/// The models that tag the gold's texts, and are scored as one system.
#[derive(Debug)]
pub(super) struct Scored {
    asked: ModelArgs,
    models: Models,
    /// What they are called together.
    pub(super) name: String,
}

impl Scored {
    /// Those that are asked for; `None` if only files are scored.
    pub(super) fn of(args: &Eval) -> Result<Option<Self>> {
        if args.model.is_none() && args.language.is_none() {
            return Ok(None);
        }
        let asked = ModelArgs { model: args.model.clone(), language: args.language.clone() };
        let models = asked.models()?;
        let name = names(&models).join("+");
        Ok(Some(Self { asked, models, name }))
    }

    /// Lists what is read of them.
    pub(super) fn list(&self, files: &mut Files) {
        self.asked.list(&self.models, files);
    }

    /// Which models they are, for the report.
    pub(super) fn stamps(&self) -> impl Iterator<Item = InputStamp> {
        names(&self.models).into_iter().map(|path| {
            let sha256 = fingerprint(&path).unwrap_or_else(|_| "part of this allonym".to_owned());
            InputStamp { role: InputRole::Model, path, sha256, schemes: Vec::new() }
        })
    }

    /// What to say about the languages of the gold's documents.
    pub(super) fn notices(&self, gold: &Input) -> Vec<Notice> {
        let Some(other) = &self.models.other else { return Vec::new() };
        let mut languages = Languages::english(OnLanguage::Warn).with(other);
        for document in &gold.documents {
            languages.take(document);
        }
        languages.notices()
    }

    /// The gold's documents with the mentions of the models.
    pub(super) fn tag(&self, gold: &Input, args: &Eval) -> Result<Input> {
        let pipeline = model_args::pipeline(&self.models, &LoadOptions::default().pool(Pool::current()))?;
        let mut request = Request::default();
        request.head.clone_from(&args.head);
        let mut documents = gold.documents.clone();
        for document in &mut documents {
            document.mentions.clear();
            document.entities.clear();
        }
        pipeline.process_all(&mut documents, &request)?.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Input { name: self.name.clone(), documents })
    }
}

/// The names of the models.
fn names(models: &Models) -> Vec<String> {
    let first = models.name.clone().or_else(|| embedded().first().map(|model| model.name().to_owned()));
    first.into_iter().chain(models.other.as_ref().map(|other| other.name.clone())).collect()
}
