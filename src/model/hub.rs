//! Fetches models from the Hugging Face hub.
//!
//! A model is downloaded with `hf-hub` into the cache that all Hugging Face programs share (`HF_HOME`, else
//! `~/.cache/huggingface`), from huggingface.co or the server named by `HF_ENDPOINT`, and is then an ordinary folder. What is
//! in the cache is not requested again.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use hf_hub::api::Progress;
use hf_hub::api::sync::{ApiBuilder, ApiError, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};
use serde::Deserialize;
use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::Digest;

/// Why a model could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name does not have the form of a hub model.
    #[error("expected a hub model as ORG/NAME or ORG/NAME@REVISION, found {found:?}")]
    Name {
        /// The requested name.
        found: String,
    },
    /// The model is not in the cache, and downloads are disabled.
    #[error("{model} is not in the cache {}, and HF_HUB_OFFLINE forbids downloading it", cache.display())]
    Offline {
        /// The requested name, `ORG/NAME` or `ORG/NAME@REVISION`.
        model: String,
        /// Path of the cache that was searched.
        cache: PathBuf,
    },
    /// The hub does not list the files of the model.
    #[error("cannot list the files of {model} at {endpoint}: is there a network, and a model of that name?")]
    List {
        /// The requested name, `ORG/NAME` or `ORG/NAME@REVISION`.
        model: String,
        /// Base URL of the hub.
        endpoint: String,
        /// The error from the hub client.
        source: Box<ApiError>,
    },
    /// The model lacks a required file.
    #[error("{model} has no {expected}")]
    NoFile {
        /// The requested name, `ORG/NAME` or `ORG/NAME@REVISION`.
        model: String,
        /// The missing file, or the alternatives, separated by `or`.
        expected: String,
    },
    /// A download broke off. What has arrived stays in the cache, and the next attempt resumes there.
    #[error("cannot download {file} of {model}")]
    Download {
        /// The requested name, `ORG/NAME` or `ORG/NAME@REVISION`.
        model: String,
        /// File name, relative to the model.
        file: String,
        /// The error from the hub client.
        source: Box<ApiError>,
    },
    /// A file does not match the hub's checksum. It is removed from the cache.
    #[error("{file} of {model} is damaged: expected checksum {expected}, found {found}")]
    Checksum {
        /// The requested name, `ORG/NAME` or `ORG/NAME@REVISION`.
        model: String,
        /// File name, relative to the model.
        file: String,
        /// The hub's checksum in hexadecimal: SHA-256, or a git object id (SHA-1).
        expected: String,
        /// The checksum of the downloaded file.
        found: String,
    },
    /// The hub sent a checksum of an unknown kind.
    #[error("{file} of {model}: expected a checksum of 40 or 64 hexadecimal digits from the hub, found {found:?}")]
    UnknownChecksum {
        /// The requested name, `ORG/NAME` or `ORG/NAME@REVISION`.
        model: String,
        /// File name, relative to the model.
        file: String,
        /// The ETag that the hub sent.
        found: String,
    },
    /// A file in the cache cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// The error from the operating system, or from parsing the file.
        source: io::Error,
    },
}

/// The progress of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Downloaded<'a> {
    /// File name, relative to the model.
    pub file: &'a str,
    /// Bytes received so far.
    pub bytes: u64,
    /// Size of the file in bytes.
    pub total: u64,
}

/// Returns the local folder of a hub model, `ORG/NAME` or `ORG/NAME@REVISION`. Files missing from the cache are downloaded, with
/// `report` called as they progress.
///
/// # Errors
/// When the cache lacks the model and there is no network or `HF_HUB_OFFLINE` is set (to anything but an empty string, 0, false,
/// no or off), when the model has no `config.json`, `tokenizer.json` or weights, or when a file is damaged.
pub fn fetch(name: &str, report: &mut dyn FnMut(Downloaded<'_>)) -> Result<PathBuf, Error> {
    let (id, revision) = name.split_once('@').unwrap_or((name, "main"));
    if !is_name(id) || revision.is_empty() {
        return Err(Error::Name { found: name.to_owned() });
    }
    let repo = Repo::with_revision(id.to_owned(), RepoType::Model, revision.to_owned());
    let cache = Cache::from_env();
    if let Some(folder) = complete_folder(&cache, &repo) {
        return Ok(folder);
    }
    let model = name.to_owned();
    if is_offline() {
        return Err(Error::Offline { model, cache: cache.path().clone() });
    }
    let endpoint = std::env::var("HF_ENDPOINT").unwrap_or_else(|_| "https://huggingface.co".to_owned());
    let list = |source| Error::List { model: model.clone(), endpoint: endpoint.clone(), source: Box::new(source) };
    let api = ApiBuilder::from_env().with_retries(3).build().map_err(list)?;
    let remote = Remote { repo: api.repo(repo.clone()), model: &model };
    let info = remote.repo.info().map_err(list)?;
    let there: Vec<&str> = info.siblings.iter().map(|file| file.rfilename.as_str()).collect();
    if let Some(file) = [CONFIG, TOKENIZER].into_iter().find(|file| !there.contains(file)) {
        return Err(Error::NoFile { model, expected: file.to_owned() });
    }
    let weights = WEIGHTS.into_iter().find(|file| there.contains(file));
    let weights = weights.ok_or_else(|| Error::NoFile { model: model.clone(), expected: WEIGHTS.join(" or ") })?;
    let mut folder = remote.get(&api, CONFIG, report)?;
    folder.pop();
    remote.get(&api, TOKENIZER, report)?;
    let weights = remote.get(&api, weights, report)?;
    for shard in shards(&weights)? {
        remote.get(&api, &shard, report)?;
    }
    Ok(folder)
}

/// Whether `name` has the form of a hub model: `ORG/NAME` or `ORG/NAME@REVISION`.
pub fn is_name(name: &str) -> bool {
    let name = name.split_once('@').map_or(name, |(id, _)| id);
    let is_word = |word: &str| {
        !word.is_empty()
            && !word.starts_with('.')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    name.split_once('/').is_some_and(|(org, name)| is_word(org) && is_word(name))
}

const CONFIG: &str = "config.json";
const TOKENIZER: &str = "tokenizer.json";

/// The files weights may be in, in order of preference.
const WEIGHTS: [&str; 5] = [
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
    "rust_model.ot",
];

fn is_offline() -> bool {
    std::env::var("HF_HUB_OFFLINE")
        .is_ok_and(|value| !matches!(value.to_lowercase().as_str(), "" | "0" | "false" | "no" | "off"))
}

/// The model's folder in the cache, if every file is there.
fn complete_folder(cache: &Cache, repo: &Repo) -> Option<PathBuf> {
    let cached = cache.repo(repo.clone());
    let config = cached.get(CONFIG)?;
    cached.get(TOKENIZER)?;
    let weights = WEIGHTS.into_iter().find_map(|file| cached.get(file))?;
    let is_whole = shards(&weights).ok()?.iter().all(|shard| cached.get(shard).is_some());
    is_whole.then(|| config.parent().map(Path::to_owned)).flatten()
}

/// The files that an index lists; empty if `weights` is not an index.
fn shards(weights: &Path) -> Result<Vec<String>, Error> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: std::collections::BTreeMap<String, String>,
    }
    if weights.extension().is_none_or(|extension| extension != "json") {
        return Ok(Vec::new());
    }
    let read = |source| Error::Read { path: weights.to_owned(), source };
    let index: Index = serde_json::from_slice(&fs::read(weights).map_err(read)?).map_err(|error| read(error.into()))?;
    let mut files: Vec<String> = index.weight_map.into_values().collect();
    files.sort_unstable();
    files.dedup();
    Ok(files)
}

/// A model on the hub.
struct Remote<'a> {
    repo: ApiRepo,
    model: &'a str,
}

impl Remote<'_> {
    /// The path of a file in the cache. Downloads and checks the file if it is not there yet.
    fn get(
        &self,
        api: &hf_hub::api::sync::Api,
        file: &str,
        report: &mut dyn FnMut(Downloaded<'_>),
    ) -> Result<PathBuf, Error> {
        let failed =
            |source| Error::Download { model: self.model.to_owned(), file: file.to_owned(), source: Box::new(source) };
        let etag = api.metadata(&self.repo.url(file)).map_err(failed)?.etag().to_owned();
        let bar = Bar { file: file.to_owned(), bytes: 0, total: 0, report };
        let path = self.repo.download_with_progress(file, bar).map_err(failed)?;
        let checked = self.check(file, &path, &etag);
        if checked.is_err() {
            // Both the link in the snapshot and its target.
            if let Ok(blob) = fs::canonicalize(&path) {
                let _ = fs::remove_file(blob);
            }
            let _ = fs::remove_file(&path);
        }
        checked.map(|()| path)
    }

    /// Checks a file against the hub's checksum: SHA-256 for large files, the git object id for others.
    fn check(&self, file: &str, path: &Path, etag: &str) -> Result<(), Error> {
        let read = |source| Error::Read { path: path.to_owned(), source };
        let (model, file) = (self.model.to_owned(), file.to_owned());
        let is_hexadecimal = etag.bytes().all(|byte| byte.is_ascii_hexdigit());
        let found = match etag.len() {
            64 if is_hexadecimal => digest(Sha256::new(), path).map_err(read)?,
            40 if is_hexadecimal => {
                let size = fs::metadata(path).map_err(read)?.len();
                digest(Sha1::new_with_prefix(format!("blob {size}\0")), path).map_err(read)?
            }
            _ => return Err(Error::UnknownChecksum { model, file, found: etag.to_owned() }),
        };
        if found == etag.to_lowercase() {
            return Ok(());
        }
        Err(Error::Checksum { model, file, expected: etag.to_owned(), found })
    }
}

/// The checksum of a file, in hexadecimal digits.
fn digest(mut hasher: impl Digest, path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut block = vec![0; 1 << 16];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            n => hasher.update(&block[..n]),
        }
    }
}

/// Forwards the progress of one download to the caller.
struct Bar<'a> {
    file: String,
    bytes: u64,
    total: u64,
    report: &'a mut dyn FnMut(Downloaded<'_>),
}

impl Bar<'_> {
    fn tell(&mut self) {
        (self.report)(Downloaded { file: &self.file, bytes: self.bytes, total: self.total });
    }
}

impl Progress for Bar<'_> {
    fn init(&mut self, size: usize, _: &str) {
        (self.bytes, self.total) = (0, size as u64);
        self.tell();
    }

    fn update(&mut self, size: usize) {
        self.bytes += size as u64;
        self.tell();
    }

    fn finish(&mut self) {
        self.tell();
    }
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn hub_names_are_distinguished_from_paths() {
        for name in ["dslim/bert-base-NER", "org/model_1.0", "org/model@v1.0"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["news-en-small", "./model", "../a/b", "a/b/c", "/model", "org/", "org/.model", "org/mo del"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
