//! The sources of models: embedded in this build, a folder, by its path or by its name, or the Hugging Face hub.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::config::{RawOwn, heads};
use super::encoder::Encoder;
use super::engine::Engine;
use super::error::Error;
#[cfg(feature = "hub")]
use super::hub;
use super::installed::{expected, find, names, places};
use super::native::Native;
use super::precision::Precision;
#[cfg(feature = "rust-bert")]
use super::rust_bert::RustBert;
use super::spec::Head;
#[cfg(feature = "train")]
use super::weights::Weights;
use super::weights::read;
use crate::encode::Tokenizer;
use crate::pool::Pool;

/// The models embedded in this build, the default one first.
static EMBEDDED: &[Embedded] = &[
    #[cfg(feature = "embedded-model")]
    Embedded {
        name: "news-en-small",
        config: include_bytes!("../../models/news-en-small/config.json"),
        tokenizer: include_bytes!("../../models/news-en-small/tokenizer.json"),
        weights: include_bytes!(concat!(env!("OUT_DIR"), "/model.safetensors")),
    },
    #[cfg(feature = "embedded-multi")]
    Embedded {
        name: "news-multi",
        config: include_bytes!("../../models/news-multi/config.json"),
        tokenizer: include_bytes!("../../models/news-multi/tokenizer.json"),
        weights: include_bytes!("../../models/news-multi/model.safetensors"),
    },
];

/// How to name a hub model in this build, for error messages.
#[cfg(feature = "hub")]
const HUB: &str = "ORG/NAME for one on the Hugging Face hub";
#[cfg(not(feature = "hub"))]
const HUB: &str = "ORG/NAME in a build with --features hub";

/// A model embedded in this build, with packed weights.
#[derive(PartialEq, Eq)]
pub struct Embedded {
    name: &'static str,
    config: &'static [u8],
    tokenizer: &'static [u8],
    weights: &'static [u8],
}

impl Embedded {
    /// The name that selects this model, such as `news-en-small`.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The models embedded in this build, the default one first; empty without the features `embedded-model` and `embedded-multi`.
///
/// ```
/// # #[cfg(feature = "embedded-model")] {
/// assert_eq!(allonym::model::embedded()[0].name(), "news-en-small");
/// # }
/// ```
pub fn embedded() -> &'static [Embedded] {
    EMBEDDED
}

/// The names of the models that are not embedded but stand in folders where [`Source::find`] looks for names: `ALLONYM_MODELS`, else
/// a folder `models` beside the program or above it, as in a clone.
pub fn installed() -> Vec<String> {
    let is_embedded = |name: &str| EMBEDDED.iter().any(|model| model.name == name);
    names(&places()).into_iter().filter(|name| !is_embedded(name)).collect()
}

/// Where a model comes from.
///
/// ```
/// # #[cfg(feature = "embedded-model")] {
/// use allonym::model::{LoadOptions, Precision, Source};
///
/// let source = Source::find("news-en-small")?;
/// assert_eq!(source.card()?.languages, ["en"]);
/// let loaded = source.load(&LoadOptions::default().precision(Precision::F32))?;
/// assert_eq!(loaded.encoder.spec().hidden_size, 384);
/// # }
/// # Ok::<(), allonym::model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A model embedded in this build.
    Embedded(&'static Embedded),
    /// A folder in the Hugging Face layout: `config.json`, `tokenizer.json`, `model.safetensors`.
    Folder(PathBuf),
    /// A model on the Hugging Face hub, `ORG/NAME` or `ORG/NAME@REVISION`. Loading it needs the feature `hub`.
    Hub(String),
}

/// How to load a model.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LoadOptions {
    /// The precision of matrix products. Default: [`Precision::Auto`].
    pub precision: Precision,
    /// The engine that runs the model. Default: [`Engine::Native`].
    pub engine: Engine,
    /// The threads the model is loaded on, and later runs on. Default: a pool of its own with the default size (see [`Pool::new`]).
    pub pool: Pool,
}

impl LoadOptions {
    /// Sets [`precision`](Self#structfield.precision).
    #[must_use]
    pub fn precision(mut self, precision: Precision) -> Self {
        self.precision = precision;
        self
    }

    /// Sets [`engine`](Self#structfield.engine).
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Sets [`pool`](Self#structfield.pool).
    #[must_use]
    pub fn pool(mut self, pool: Pool) -> Self {
        self.pool = pool;
        self
    }
}

/// A loaded network and the tokenizer that belongs to it.
pub struct Loaded {
    /// Turns text into the pieces that the encoder scores.
    pub tokenizer: Tokenizer,
    /// The network, run by the requested engine.
    pub encoder: Box<dyn Encoder>,
}

/// The files of a model.
#[cfg(feature = "train")]
pub(crate) struct ModelFiles {
    pub(crate) config: Cow<'static, [u8]>,
    pub(crate) tokenizer: Cow<'static, [u8]>,
    pub(crate) weights: Weights,
}

/// What is known about a model without loading its weights.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Card {
    /// The name of an embedded or hub model, or the path of a folder.
    pub name: String,
    /// One sentence on what the model is for; `None` if config.json does not say.
    pub description: Option<String>,
    /// The languages the model was trained for, as BCP 47 tags; empty if config.json does not say.
    pub languages: Vec<String>,
    /// The license of the weights; `None` if config.json does not say.
    pub license: Option<String>,
    /// `model_type` in config.json.
    pub architecture: Option<String>,
    /// The heads with their labels, the default one first.
    pub heads: Vec<Head>,
    /// The size of the stored weights in bytes.
    pub n_bytes: u64,
}

/// The keys of config.json that make up a card.
#[derive(Deserialize)]
struct RawCard {
    model_type: Option<String>,
    id2label: Option<BTreeMap<String, String>>,
    allonym: Option<RawOwn>,
}

impl Source {
    /// The default model of this build.
    ///
    /// # Errors
    /// [`Error::NoModel`] in a build without an embedded model.
    pub fn embedded() -> Result<Self, Error> {
        EMBEDDED.first().map(Self::Embedded).ok_or(Error::NoModel)
    }

    /// Resolves a name: a folder if there is one, else a model embedded in this build, else an [installed](installed) one, else a
    /// model on the hub.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], which lists the names that would be accepted.
    pub fn find(name: &str) -> Result<Self, Error> {
        if Path::new(name).is_dir() {
            return Ok(Self::Folder(PathBuf::from(name)));
        }
        if let Some(model) = EMBEDDED.iter().find(|model| model.name == name) {
            return Ok(Self::Embedded(model));
        }
        let places = places();
        if let Some(folder) = find(name, &places) {
            return Ok(Self::Folder(folder));
        }
        #[cfg(feature = "hub")]
        if hub::is_name(name) {
            return Ok(Self::Hub(name.to_owned()));
        }
        let inside = EMBEDDED.iter().map(|model| format!("{}, ", model.name)).collect::<String>();
        Err(Error::UnknownModel {
            expected: format!("{inside}a model folder, {}, or {HUB}", expected(&places)),
            found: name.to_owned(),
        })
    }

    /// Describes the model from its config.json. A hub model is fetched first.
    ///
    /// # Errors
    /// When the model cannot be fetched, or config.json is missing or invalid.
    pub fn card(&self) -> Result<Card, Error> {
        let (name, config, n_bytes) = match self {
            Self::Embedded(model) => (model.name.to_owned(), Cow::Borrowed(model.config), model.weights.len() as u64),
            Self::Folder(folder) => {
                let config = read(folder, "config.json").map_err(|error| in_folder(folder, error))?;
                (folder.display().to_string(), Cow::Owned(config), size_of_weights(folder))
            }
            Self::Hub(name) => return Ok(Card { name: name.clone(), ..Self::Folder(fetch(name)?).card()? }),
        };
        let file = "config.json".to_owned();
        let raw: RawCard = serde_json::from_slice(&config).map_err(|source| Error::Json { file, source })?;
        let heads = heads(raw.id2label.as_ref(), raw.allonym.as_ref())?;
        let RawOwn { description, languages, license, .. } = raw.allonym.unwrap_or_default();
        Ok(Card { name, description, languages, license, architecture: raw.model_type, heads, n_bytes })
    }

    /// Loads the model. A hub model is fetched first, unless it is in the cache.
    ///
    /// # Errors
    /// When the source does not hold a model the engine can run, this build lacks the engine, or the tokenizer cannot be loaded.
    pub fn load(&self, options: &LoadOptions) -> Result<Loaded, Error> {
        match self {
            Self::Embedded(model) => {
                let files = Files::Bytes { config: model.config, weights: model.weights };
                let encoder = options.pool.install(|| files.encoder(options))?;
                let tokenizer = Tokenizer::from_bytes(model.tokenizer, encoder.spec().input)?;
                Ok(Loaded { tokenizer, encoder })
            }
            Self::Folder(folder) => {
                let encoder = options.pool.install(|| Files::Folder(folder).encoder(options))?;
                let tokenizer = Tokenizer::open(folder, encoder.spec().input)?;
                Ok(Loaded { tokenizer, encoder })
            }
            Self::Hub(name) => Self::Folder(fetch(name)?).load(options),
        }
    }

    /// The files of the model, to train from. A hub model is fetched first.
    ///
    /// # Errors
    /// When the model cannot be fetched or a file cannot be read.
    #[cfg(feature = "train")]
    pub(crate) fn files(&self) -> Result<ModelFiles, Error> {
        match self {
            Self::Embedded(model) => Ok(ModelFiles {
                config: Cow::Borrowed(model.config),
                tokenizer: Cow::Borrowed(model.tokenizer),
                weights: Weights::from_bytes(Cow::Borrowed(model.weights))?,
            }),
            Self::Folder(folder) => {
                let files = || {
                    Ok(ModelFiles {
                        config: Cow::Owned(read(folder, "config.json")?),
                        tokenizer: Cow::Owned(read(folder, "tokenizer.json")?),
                        weights: Weights::open(folder)?,
                    })
                };
                files().map_err(|error| in_folder(folder, error))
            }
            Self::Hub(name) => Self::Folder(fetch(name)?).files(),
        }
    }

    /// The contents of the weights files, in order of their names, for a checksum of the model. A hub model is fetched first.
    ///
    /// # Errors
    /// When the model cannot be fetched or a file cannot be read.
    pub fn weights(&self) -> Result<Vec<Cow<'static, [u8]>>, Error> {
        match self {
            Self::Embedded(model) => Ok(vec![Cow::Borrowed(model.weights)]),
            Self::Folder(folder) => {
                let read = |path: PathBuf| {
                    std::fs::read(&path).map_err(|source| Error::Read { file: path.display().to_string(), source })
                };
                weight_files(folder).into_iter().map(|path| Ok(Cow::Owned(read(path)?))).collect()
            }
            Self::Hub(name) => Self::Folder(fetch(name)?).weights(),
        }
    }
}

impl Loaded {
    /// Checks that the tokenizer belongs to the network.
    ///
    /// # Errors
    /// [`Error::Vocabulary`] and [`Error::CaseClasses`].
    pub(crate) fn check(tokenizer: &Tokenizer, encoder: &dyn Encoder) -> Result<(), Error> {
        let spec = encoder.spec();
        let (expected, found) = (spec.vocab_size, tokenizer.vocab_size());
        if found > expected {
            return Err(Error::Vocabulary { expected, found });
        }
        let (expected, found) = (spec.input.case_classes.n_types(), spec.n_types);
        if found < expected {
            return Err(Error::CaseClasses { expected, found });
        }
        Ok(())
    }
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("spec", self.encoder.spec()).finish_non_exhaustive()
    }
}

/// Where configuration and weights are.
#[derive(Clone, Copy)]
enum Files<'a> {
    Folder(&'a Path),
    Bytes { config: &'static [u8], weights: &'static [u8] },
}

impl Files<'_> {
    /// Loads the network into the requested engine.
    fn encoder(self, options: &LoadOptions) -> Result<Box<dyn Encoder>, Error> {
        match options.engine {
            Engine::Native => Ok(Box::new(match self {
                Self::Folder(folder) => Native::open(folder, options.precision)?,
                Self::Bytes { config, weights } => Native::from_bytes(config, weights, options.precision)?,
            })),
            #[cfg(feature = "rust-bert")]
            Engine::RustBert { .. } if options.precision == Precision::Int8 => {
                Err(Error::NoPrecision { engine: Engine::RUST_BERT })
            }
            #[cfg(feature = "rust-bert")]
            Engine::RustBert { device } => Ok(Box::new(match self {
                Self::Folder(folder) => RustBert::open(folder, device)?,
                Self::Bytes { config, weights } => RustBert::from_bytes(config, weights, device)?,
            })),
            #[cfg(not(feature = "rust-bert"))]
            Engine::RustBert { .. } => Err(Error::NoEngine { engine: Engine::RUST_BERT }),
        }
    }
}

/// Fetches a hub model and returns its folder.
#[cfg(feature = "hub")]
fn fetch(name: &str) -> Result<PathBuf, Error> {
    hub::fetch(name, &mut |_| {}).map_err(|error| Error::Hub(Box::new(error)))
}

#[cfg(not(feature = "hub"))]
fn fetch(name: &str) -> Result<PathBuf, Error> {
    Err(Error::UnknownModel { expected: HUB.to_owned(), found: name.to_owned() })
}

fn in_folder(folder: &Path, source: Error) -> Error {
    Error::Folder { path: folder.to_owned(), source: Box::new(source) }
}

/// The weights files of a folder, in order of their names.
fn weight_files(folder: &Path) -> Vec<PathBuf> {
    let is_weights = |path: &PathBuf| {
        path.extension().is_some_and(|end| ["safetensors", "bin", "ot"].iter().any(|known| end == *known))
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_weights).collect();
    files.sort();
    files
}

fn size_of_weights(folder: &Path) -> u64 {
    weight_files(folder).iter().filter_map(|path| Some(path.metadata().ok()?.len())).sum()
}
