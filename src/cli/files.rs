//! The files and folders of a command line: nothing that is read may be destroyed by what is written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::shown::shown;
use crate::io::Identity;
use crate::model::Source;

/// What a command reads and where it writes. [`Files::check`] compares them before anything is opened for writing.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// By identity, with what it is called and by which argument.
    read: HashMap<Identity, (String, &'static str)>,
    /// Folders in which nothing may be written.
    closed: HashMap<Identity, (String, &'static str)>,
    /// The folders that the files in `read` lie in.
    homes: HashMap<Identity, Identity>,
    written: Vec<(&'static str, PathBuf, Identity)>,
}

impl Files {
    /// A file that an option names, if it is given.
    pub(crate) fn reads(&mut self, option: &'static str, path: Option<&Path>) {
        let Some(path) = path else { return };
        if let Some(identity) = Identity::of(path) {
            if let Some(home) = Identity::of_folder(path) {
                self.homes.insert(home, identity.clone());
            }
            self.read.entry(identity).or_insert_with(|| (path.display().to_string(), option));
        }
    }

    /// The files of the inputs.
    pub(crate) fn reads_inputs<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>) {
        paths.into_iter().for_each(|path| self.reads("INPUT", Some(path)));
    }

    /// The standard input, which may be a file.
    pub(crate) fn reads_stdin(&mut self) {
        if let Some(identity) = standard(Stream::In) {
            self.read.entry(identity).or_insert_with(|| ("the standard input".to_owned(), "INPUT"));
        }
    }

    /// A model that an option names or chooses, if it is given; nothing may be written into its folder.
    pub(crate) fn reads_model(&mut self, option: &'static str, name: Option<&str>) {
        // What cannot be found is reported where it is loaded.
        if let Some(Ok(Source::Folder(folder))) = name.map(Source::find)
            && let Some(identity) = Identity::of(&folder)
        {
            self.closed.insert(identity, (folder.display().to_string(), option));
        }
    }

    /// A file or folder that is written, if the option is given.
    pub(crate) fn writes(&mut self, option: &'static str, path: Option<&Path>) {
        if let Some(path) = path
            && let Some(identity) = Identity::of(path)
        {
            self.written.push((option, path.to_owned(), identity));
        }
    }

    /// Where `--output` writes: a file, or without it the standard output.
    pub(crate) fn writes_output(&mut self, path: Option<&Path>) {
        match path {
            Some(path) => self.writes("--output", Some(path)),
            None => self.writes_stdout(),
        }
    }

    /// The standard output, which may be a file.
    pub(crate) fn writes_stdout(&mut self) {
        if let Some(identity) = standard(Stream::Out) {
            self.written.push(("standard output", PathBuf::from("a file"), identity));
        }
    }

    /// # Errors
    /// When something would be written where something is read, or twice in one place.
    pub(crate) fn check(&self) -> Result<()> {
        for (nth, (option, path, identity)) in self.written.iter().enumerate() {
            let path = path.display().to_string();
            let path = shown(&path);
            let refuse = |(name, by): &(String, &str), what: &str| -> Result<()> {
                let name = shown(name);
                bail!(
                    "{option}: expected an output that is not an input, found {path}, which is read too ({what}{by}: {name})"
                )
            };
            if let Some(read) = self.read.get(identity) {
                refuse(read, "")?;
            }
            if let Some(read) = self.homes.get(identity).and_then(|file| self.read.get(file)) {
                refuse(read, "a folder with ")?;
            }
            let folders = Identity::of_folders(&self.written[nth].1);
            if let Some(read) = folders.iter().chain([identity]).find_map(|folder| self.closed.get(folder)) {
                refuse(read, "a part of ")?;
            }
            if let Some((other, ..)) = self.written[..nth].iter().find(|(.., other)| other == identity) {
                bail!("{option}: expected another output than that of {other}, found the same file, {path}");
            }
        }
        Ok(())
    }
}

enum Stream {
    In,
    Out,
}

/// The identity of a standard stream that is a file.
#[cfg(unix)]
fn standard(stream: Stream) -> Option<Identity> {
    use std::fs::File;
    use std::os::fd::AsFd;
    let stream = match stream {
        Stream::In => std::io::stdin().as_fd().try_clone_to_owned(),
        Stream::Out => std::io::stdout().as_fd().try_clone_to_owned(),
    };
    Identity::of_open(&File::from(stream.ok()?))
}

#[cfg(not(unix))]
fn standard(_stream: Stream) -> Option<Identity> {
    None
}
