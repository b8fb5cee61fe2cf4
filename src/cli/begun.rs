//! What a run was begun with, kept beside an output that is not whole yet.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::resume::Trust;
use crate::io::write_whole;

/// The options that decide what is written, by name. Kept as `.NAME.begun` until the output is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Begun(Vec<(&'static str, String)>);

/// The file with what an output was begun with; [`Note::remove`] removes it when the output is whole.
pub(crate) struct Note(PathBuf);

impl Begun {
    /// Adds an option and its value.
    pub(crate) fn with(&mut self, name: &'static str, value: impl ToString) -> &mut Self {
        self.0.push((name, value.to_string()));
        self
    }

    /// Keeps this beside an output.
    pub(crate) fn keep(&self, output: &Path) -> Result<Note> {
        let path = place(output);
        let map: Map<String, Value> =
            self.0.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        let text = format!("{:#}\n", Value::Object(map));
        write_whole(&path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Note(path))
    }

    /// Compares with what an output was begun with.
    ///
    /// # Errors
    /// When something differs; the message says what.
    pub(crate) fn compare(&self, output: &Path) -> Result<Trust> {
        let path = place(output);
        let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Trust::Unknown) };
        let Ok(Value::Object(then)) = serde_json::from_str(&text) else { return Ok(Trust::Unknown) };
        for (name, now) in &self.0 {
            let then = then.get(*name).and_then(Value::as_str).unwrap_or_default();
            if then != now {
                let or_none = |value: &str| if value.is_empty() { "none".to_owned() } else { format!("{value:?}") };
                bail!(
                    "--resume: {}: expected {name} as the run began, {}, found {}",
                    output.display(),
                    or_none(then),
                    or_none(now)
                );
            }
        }
        Ok(Trust::Same)
    }
}

impl Note {
    pub(crate) fn remove(self) {
        // It is only of use to a run that goes on.
        let _ = std::fs::remove_file(self.0);
    }
}

fn place(output: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(".begun");
    output.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_option_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = folder.path().join("out.jsonl");
        let begun = |labels: &str| {
            let mut begun = Begun::default();
            begun.with("--labels", labels).with("--head", "conll");
            begun
        };
        assert_eq!(begun("PER").compare(&output).expect("nothing is known"), Trust::Unknown);
        let note = begun("PER").keep(&output).expect("it is written");
        assert_eq!(begun("PER").compare(&output).expect("it is the same"), Trust::Same);
        let error = begun("").compare(&output).expect_err("it is another").to_string();
        assert!(error.contains("expected --labels as the run began, \"PER\", found none"), "{error}");
        note.remove();
        assert_eq!(begun("").compare(&output).expect("nothing is known"), Trust::Unknown);
    }
}
