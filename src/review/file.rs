//! The file of a journal.

use std::fs::{File as System, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

use super::error::Error;
use crate::desk::{Journal, Keep, Replay};

/// The file of a journal. Nobody else may write to it meanwhile.
#[derive(Debug)]
struct File {
    file: System,
    /// The bytes that are whole lines.
    len: u64,
}

/// Opens a journal, or begins one. A last line that is not whole is cut off: nobody was told that its step was made.
pub(super) fn open(path: &Path, annotator: &str) -> Result<(Journal, Replay), Error> {
    let fail = |source| Error::Journal { path: path.display().to_string(), source };
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(fail)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            return Err(Error::Busy { path: path.display().to_string(), annotator: annotator.to_owned() });
        }
        // Some file systems have no locks.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(fail)?;
    let name = path.display().to_string();
    let replay = Replay::read(&bytes, &name)?;
    if replay.torn.is_some() {
        file.set_len(replay.len).and_then(|()| file.sync_all()).map_err(fail)?;
    }
    let kept = File { file, len: replay.len };
    Ok((Journal::new(Box::new(kept), name, annotator, &replay, SystemTime::now), replay))
}

/// Reads the journal of another annotator, who may be writing to it.
pub(super) fn read(path: &Path) -> Result<Replay, Error> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| Error::Journal { path: name.clone(), source })?;
    Ok(Replay::read(&bytes, &name)?)
}

impl Keep for File {
    fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self
            .file
            .seek(SeekFrom::Start(self.len))
            .and_then(|_| self.file.write_all(lines))
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.len += lines.len() as u64;
                Ok(())
            }
            Err(error) => {
                // What was written in part is not a step. Where this fails too, the next opening cuts it off.
                let _ = self.file.set_len(self.len);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{By, Key, Linking, Noted, Op, Start};
    use crate::text::Document;

    fn noted(id: &str) -> (Key, Noted) {
        (Key { id: id.to_owned(), nth: 1 }, Noted::Step(Op::Accept { mention: 1 }))
    }

    #[test]
    fn a_torn_line_is_cut_off_and_a_broken_one_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.jsonl");
        let (mut journal, replay) = open(&path, "anna").expect("a new one");
        assert!(replay.entries.is_empty() && replay.torn.is_none());
        let mut start = Document::new("a", "Rain in Beirut");
        start.extra.insert("n".into(), 1.into());
        let key = Key { id: "a".into(), nth: 2 };
        let begun = Noted::Start(Start { document: Box::new(start.clone()), by: By::Model, linking: Linking::Off });
        journal.write(vec![(key.clone(), begun), noted("a")]).expect("written");
        assert!(matches!(open(&path, "anna"), Err(Error::Busy { .. })));
        drop(journal);
        let whole = std::fs::read(&path).expect("it is there");
        for cut in 1..40 {
            std::fs::write(&path, &whole[..whole.len() - cut]).expect("written");
            let (mut journal, replay) = open(&path, "anna").expect("it opens");
            assert_eq!((replay.entries.len(), replay.torn.as_ref().map(|torn| torn.0)), (1, Some(2)), "{cut}");
            assert!(matches!(&replay.entries[0].noted, Noted::Start(found) if *found.document == start));
            assert_eq!(replay.entries[0].key, key);
            journal.write(vec![noted("b")]).expect("written");
            drop(journal);
            let replay = read(&path).expect("it is whole again");
            assert_eq!((replay.entries.len(), replay.torn), (2, None));
            assert!(replay.entries[1].seconds().is_some_and(|seconds| seconds > 1e9));
        }
        let text = String::from_utf8(whole).expect("text");
        std::fs::write(&path, text.replacen("{\"step\":1", "{\"step\":", 1)).expect("written");
        let error = open(&path, "anna").expect_err("line 1 is broken").to_string();
        assert!(error.contains("journal.jsonl:1: expected a step, found"), "{error}");
        std::fs::write(&path, text.replacen("{\"step\":2", "{\"step\":3", 1)).expect("written");
        let error = open(&path, "anna").expect_err("a line is missing").to_string();
        assert!(error.contains("journal.jsonl:2: expected step 2, found step 3"), "{error}");
    }
}
