//! The options that say which model tags.

use anyhow::{Context, Result};
use clap::Args;

use super::files::Files;
use super::language::{Languages, OnLanguage};
use super::models;
use crate::model::{ForLanguage, LoadOptions, Models};
use crate::pipeline::Pipeline;
use crate::text::Language;

/// Which model tags.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// Model: a name, a folder with a token-classification model in the Hugging Face layout, or ORG/NAME on the hub [default: the built-in model]
    #[arg(long, value_name = "NAME|DIR|ORG/NAME")]
    pub(crate) model: Option<String>,
    /// Choose the model by the language of the documents: of all, as a tag such as fa; or auto: English ones go to the built-in model,
    /// others to one that is here for other languages, such as news-multi
    #[arg(long, value_name = "auto|TAG", conflicts_with = "model")]
    pub(crate) language: Option<ForLanguage>,
}

/// Which model tags, and which documents.
#[derive(Debug, Args)]
pub(crate) struct DocumentModelArgs {
    #[command(flatten)]
    model: ModelArgs,
    /// What to do about documents in languages that the model was not trained for: the built-in one, and those of --language auto
    #[arg(long, value_name = "ACTION", default_value = "warn")]
    pub(crate) on_language: OnLanguage,
}

impl ModelArgs {
    /// The models that are asked for.
    pub(crate) fn models(&self) -> Result<Models> {
        match &self.language {
            Some(language) => language.models().context("--language"),
            None => Ok(Models::named(self.model.clone())),
        }
    }

    /// Lists what is read of the models.
    pub(crate) fn list(&self, models: &Models, files: &mut Files) {
        let option = if self.language.is_some() { "--language" } else { "--model" };
        files.reads_model(option, models.name.as_deref());
        files.reads_model(option, models.other.as_ref().map(|other| other.name.as_str()));
    }
}

impl DocumentModelArgs {
    /// The models that are asked for, among what is read.
    pub(crate) fn models(&self, files: &mut Files) -> Result<Models> {
        let models = self.model.models()?;
        self.model.list(&models, files);
        Ok(models)
    }

    /// What looks at the languages of the documents; `None` for a model that was chosen for all of them.
    pub(crate) fn languages(&self, models: &Models) -> Option<Languages> {
        let languages = models.name.is_none().then(|| Languages::english(self.on_language))?;
        Some(match &models.other {
            Some(other) => languages.with(other),
            None => languages,
        })
    }
}

/// Loads models, each for its documents.
pub(crate) fn pipeline(models: &Models, options: &LoadOptions) -> Result<Pipeline> {
    let pipeline = Pipeline::new(models::load(models.name.as_deref(), options)?);
    Ok(match &models.other {
        Some(other) => pipeline.other(models::load(Some(&other.name), options)?, Language::is_foreign),
        None => pipeline,
    })
}
