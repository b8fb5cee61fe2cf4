//! A file that takes its place only when it is whole.
//!
//! It is written beside its place, as `.NAME.part`, and renamed at the end. Until then the file that was there stays as it was, and a
//! program that ends early leaves no half of a file under the name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::identity::Identity;

/// A file on its way to its place. Dropped before [`Staged::commit`], it is removed.
#[derive(Debug)]
pub(crate) struct Staged(Option<Paths>);

#[derive(Debug)]
struct Paths {
    part: PathBuf,
    place: PathBuf,
}

impl Staged {
    /// Opens a file for what shall be at `path`.
    ///
    /// What is no regular file (a device, a pipe) is written as it is, and so is a file in a folder that takes no new files.
    ///
    /// # Errors
    /// When neither can be written, or another process is writing the same file.
    pub(crate) fn create(path: &Path) -> io::Result<(File, Self)> {
        Self::open(path, Readers::AsBefore)
    }

    /// The same for a file that holds secrets: on Unix, nobody but its owner may read or write it (mode 0600), whatever was there before.
    #[cfg(feature = "redact")]
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program writes such files"))]
    pub(crate) fn private(path: &Path) -> io::Result<(File, Self)> {
        Self::open(path, Readers::Owner)
    }

    fn open(path: &Path, readers: Readers) -> io::Result<(File, Self)> {
        let direct = |path: &Path| direct(path, readers);
        let place = match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => match path.canonicalize() {
                Ok(place) => place,
                Err(_) => return direct(path),
            },
            _ => path.to_owned(),
        };
        match place.metadata() {
            Ok(metadata) if !metadata.is_file() => return direct(path),
            // A file that nobody may write is not replaced either.
            Ok(_) => {
                let there = OpenOptions::new().write(true).open(&place)?;
                if matches!(there.try_lock(), Err(TryLockError::WouldBlock)) {
                    return Err(busy(&place));
                }
            }
            Err(_) => {}
        }
        let part = part_of(&place);
        readers.prepare(&part);
        let file = match open_locked(&part) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => return Err(error),
            Err(_) => return direct(path),
        };
        let staged = Self(Some(Paths { part: part.clone(), place: place.clone() }));
        file.set_len(0)?;
        match (readers, place.metadata()) {
            (Readers::Owner, _) => readers.restrict(&file)?,
            (Readers::AsBefore, Ok(metadata)) => fs::set_permissions(&part, metadata.permissions())?,
            (Readers::AsBefore, Err(_)) => {}
        }
        Ok((file, staged))
    }

    /// Puts the file, which is whole now, into its place.
    pub(crate) fn commit(mut self) -> io::Result<()> {
        match self.0.take() {
            Some(Paths { part, place }) => fs::rename(&part, &place).inspect_err(|_| drop(fs::remove_file(&part))),
            None => Ok(()),
        }
    }

    /// Leaves the file where it is, beside its place, and returns its path: it is not whole, but the work is not to be lost.
    #[cfg(feature = "cli")]
    pub(crate) fn leave(mut self) -> Option<PathBuf> {
        self.0.take().map(|paths| paths.part)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(Paths { part, .. }) = self.0.take() {
            let _ = fs::remove_file(part);
        }
    }
}

/// Writes a whole file at once.
#[cfg_attr(not(feature = "files"), allow(dead_code, reason = "brat and the program write so"))]
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (mut file, staged) = Staged::create(path)?;
    file.write_all(bytes)?;
    drop(file);
    staged.commit()
}

/// Where a file is written until it is whole.
pub(crate) fn part_of(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".part");
    path.with_file_name(name)
}

fn direct(path: &Path, readers: Readers) -> io::Result<(File, Staged)> {
    readers.prepare(path);
    let file = File::create(path)?;
    readers.restrict(&file)?;
    Ok((file, Staged(None)))
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readers {
    /// Those who may read the file that is there, or any new one.
    AsBefore,
    /// Its owner.
    #[cfg_attr(not(feature = "redact"), allow(dead_code, reason = "only the table of pseudonyms is secret"))]
    Owner,
}

impl Readers {
    /// Makes an empty file that never had other readers, where there is none.
    fn prepare(self, path: &Path) {
        #[cfg(unix)]
        if self == Self::Owner {
            use std::os::unix::fs::OpenOptionsExt;
            let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        }
        #[cfg(not(unix))]
        let _ = path;
    }

    /// Takes their rights from all others, before anything is written.
    fn restrict(self, file: &File) -> io::Result<()> {
        #[cfg(unix)]
        if self == Self::Owner && file.metadata()?.is_file() {
            use std::os::unix::fs::PermissionsExt;
            return file.set_permissions(fs::Permissions::from_mode(0o600));
        }
        let _ = file;
        Ok(())
    }
}

fn busy(path: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::ResourceBusy, format!("another allonym is writing it (to {})", path.display()))
}

/// Opens a file, as it is, so that no other process of ours writes it.
pub(crate) fn open_locked(path: &Path) -> io::Result<File> {
    loop {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(busy(path)),
            // Some file systems have no locks.
            Err(TryLockError::Error(_)) => return Ok(file),
            Ok(()) => {}
        }
        // The process that had the lock may have renamed the file since.
        let open = Identity::of_open(&file);
        if open.is_none() || open == Identity::of(path) {
            return Ok(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_there_stays_until_the_new_file_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out");
        fs::write(&path, "old").expect("a file");
        let (mut file, staged) = Staged::create(&path).expect("it can be written");
        file.write_all(b"new").expect("it is written");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "old");
        let error = Staged::create(&path).expect_err("two write the same file");
        assert_eq!(error.kind(), io::ErrorKind::ResourceBusy);
        drop((file, staged));
        assert_eq!((fs::read_to_string(&path).expect("it is there"), names(folder.path()).len()), ("old".into(), 1));
        write_whole(&path, b"new").expect("it is written");
        assert_eq!((fs::read_to_string(&path).expect("it is there"), names(folder.path()).len()), ("new".into(), 1));
    }

    #[cfg(unix)]
    #[test]
    fn links_devices_and_modes_stay_what_they_are() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "old").expect("a file");
        fs::set_permissions(path("file"), PermissionsExt::from_mode(0o640)).expect("a mode");
        symlink(path("file"), path("link")).expect("a link");
        symlink(path("later"), path("dangling")).expect("a link");
        for (name, at) in [("link", "file"), ("dangling", "later")] {
            write_whole(&path(name), b"new").expect("it is written");
            assert!(path(name).symlink_metadata().expect("it is there").is_symlink(), "{name}");
            assert_eq!(fs::read(path(at)).expect("it is there"), b"new", "{name}");
        }
        let mode = path("file").metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        #[cfg(feature = "redact")]
        {
            let (_, staged) = Staged::private(&path("file")).expect("it can be written");
            staged.commit().expect("it takes its place");
            assert_eq!(path("file").metadata().expect("it is there").permissions().mode() & 0o777, 0o600);
        }
        write_whole(Path::new("/dev/null"), b"gone").expect("a device takes it");
        assert!(!Path::new("/dev/.null.part").exists());
    }
}
