//! A trained model and its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::summary::Summary;

/// A trained model, as the files of its folder.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Trained {
    /// config.json.
    pub config: Vec<u8>,
    /// model.safetensors.
    pub weights: Vec<u8>,
    /// tokenizer.json.
    pub tokenizer: Vec<u8>,
    /// README.md: the card, with what the model was trained on and how good it is.
    pub readme: String,
    /// How good it is.
    pub summary: Summary,
}

impl Trained {
    /// Writes the folder, which takes its place when it is whole. A folder that is there is replaced.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        let beside = |end: &str| {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            folder.with_file_name(format!(".{name}.{end}"))
        };
        let (part, old) = (beside("part"), beside("old"));
        let write = || -> Result<(), (PathBuf, io::Error)> {
            let at = |path: &Path| {
                let path = path.to_owned();
                move |error| (path, error)
            };
            if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
                fs::create_dir_all(above).map_err(at(above))?;
            }
            remove(&part).map_err(at(&part))?;
            fs::create_dir(&part).map_err(at(&part))?;
            for (name, bytes) in [
                ("config.json", &self.config[..]),
                ("tokenizer.json", &self.tokenizer),
                ("model.safetensors", &self.weights),
                ("README.md", self.readme.as_bytes()),
            ] {
                let path = part.join(name);
                fs::write(&path, bytes).map_err(at(&path))?;
            }
            remove(&old).map_err(at(&old))?;
            if folder.exists() {
                fs::rename(folder, &old).map_err(at(folder))?;
            }
            fs::rename(&part, folder).map_err(at(folder))?;
            remove(&old).map_err(at(&old))
        };
        write().map_err(|(path, source)| Error::File { path, source })
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
