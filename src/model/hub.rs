//! How does a model come from the Hugging Face hub?
//!
//! It is downloaded with `hf-hub` into the cache that all programs of Hugging Face share (`HF_HOME`, else
//! `~/.cache/huggingface`), from huggingface.co or from what `HF_ENDPOINT` names, and is then an ordinary folder. What
//! is in the cache is not asked for again.

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
    /// The name is none of the hub.
    #[error("expected a model of the hub as ORG/NAME or ORG/NAME@REVISION, found {found:?}")]
    Name {
        /// What was asked for.
        found: String,
    },
    /// The model is not in the cache, and downloads are forbidden.
    #[error("{model} is not in the cache {}, and HF_HUB_OFFLINE forbids to download it", cache.display())]
    Offline {
        /// The model.
        model: String,
        /// The cache.
        cache: PathBuf,
    },
    /// The hub does not say what the model consists of.
    #[error("cannot list the files of {model} at {endpoint}: is there a network, and a model of that name?")]
    List {
        /// The model.
        model: String,
        /// The address of the hub.
        endpoint: String,
        /// What went wrong.
        source: Box<ApiError>,
    },
    /// The model lacks a file.
    #[error("{model} has no {expected}")]
    NoFile {
        /// The model.
        model: String,
        /// The file, or the files of which one would do.
        expected: String,
    },
    /// A file was not downloaded to its end. What has come stays in the cache; the next try goes on from there.
    #[error("cannot download {file} of {model}")]
    Download {
        /// The model.
        model: String,
        /// The file.
        file: String,
        /// What went wrong.
        source: Box<ApiError>,
    },
    /// A file is not what the hub says it is. It is removed from the cache.
    #[error("{file} of {model} is damaged: expected checksum {expected}, found {found}")]
    Checksum {
        /// The model.
        model: String,
        /// The file.
        file: String,
        /// The checksum that the hub gives: SHA-256, or the id of a git object.
        expected: String,
        /// The checksum of what was downloaded.
        found: String,
    },
    /// The hub gives a checksum of a kind that is not known.
    #[error("{file} of {model}: expected a checksum of 40 or 64 hexadecimal digits from the hub, found {found:?}")]
    UnknownChecksum {
        /// The model.
        model: String,
        /// The file.
        file: String,
        /// What the hub gives.
        found: String,
    },
    /// A file in the cache cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
}

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Downloaded<'a> {
    /// The file's name in the model.
    pub file: &'a str,
    /// How many bytes have come.
    pub bytes: u64,
    /// How many bytes it has.
    pub total: u64,
}

/// The folder of a model of the hub, `ORG/NAME` or `ORG/NAME@REVISION`; what the cache lacks of it is downloaded, and
/// `report` is told how far that is.
///
/// # Errors
/// When the cache lacks the model and there is no network or `HF_HUB_OFFLINE` is set (to anything but 0 or nothing),
/// when the model has no `config.json`, `tokenizer.json` or weights, or when a file is damaged.
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

/// Whether `name` looks like a model of the hub.
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

/// Where weights may stand, the best place first.
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

/// The files that an index lists; none where the weights stand in one file.
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
    /// The file in the cache; downloaded and checked where it is not there yet.
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
            // Both the name in the snapshot and what it points to.
            if let Ok(blob) = fs::canonicalize(&path) {
                let _ = fs::remove_file(blob);
            }
            let _ = fs::remove_file(&path);
        }
        checked.map(|()| path)
    }

    /// Compares a file with the hub's checksum: SHA-256 for large files, the id of the git object for others.
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

/// Tells of one download.
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
    fn names_of_the_hub_are_told_from_paths() {
        for name in ["dslim/bert-base-NER", "org/model_1.0", "org/model@v1.0"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["news-en-small", "./model", "../a/b", "a/b/c", "/model", "org/", "org/.model", "org/mo del"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
