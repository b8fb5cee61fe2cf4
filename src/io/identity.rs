//! Which file is it, by whatever name?

use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};

/// A file or folder on the disk, or the place of one that is still to be made. Hard links and symbolic links have the identity of what
/// they lead to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    /// The numbers of the device and of the inode.
    #[cfg(unix)]
    Inode(u64, u64),
    /// The path without links, where the system has no inodes.
    #[cfg(not(unix))]
    Path(PathBuf),
    /// The path of what is not there yet, in a folder without links.
    New(PathBuf),
}

impl Identity {
    /// The identity of a path; `None` for a device, a pipe or a socket, which nothing that is written can destroy.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.metadata() {
            Ok(metadata) => Self::existing(path, &metadata),
            Err(_) => Some(Self::New(new_path(path))),
        }
    }

    /// The identity of an open file, such as the standard input; `None` for a device, a pipe or a socket.
    #[cfg(unix)]
    pub(crate) fn of_open(file: &File) -> Option<Self> {
        file.metadata().ok().and_then(|metadata| Self::existing(Path::new(""), &metadata))
    }

    /// The identity of an open file. This system does not tell it.
    #[cfg(not(unix))]
    pub(crate) fn of_open(_file: &File) -> Option<Self> {
        None
    }

    /// The identity of the folder that a path lies in.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program asks"))]
    pub(crate) fn of_folder(path: &Path) -> Option<Self> {
        Self::of(folder(path))
    }

    /// The identities of the folders that a path lies in, the nearest first.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program asks"))]
    pub(crate) fn of_folders(path: &Path) -> Vec<Self> {
        let path = path.canonicalize().unwrap_or_else(|_| new_path(path));
        path.ancestors().skip(1).filter_map(Self::of).collect()
    }

    #[cfg(unix)]
    fn existing(_path: &Path, metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        (metadata.is_file() || metadata.is_dir()).then(|| Self::Inode(metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    fn existing(path: &Path, metadata: &Metadata) -> Option<Self> {
        let path = fs::canonicalize(path).ok()?;
        (metadata.is_file() || metadata.is_dir()).then_some(Self::Path(path))
    }
}

/// The path of what is not there yet, its folder without links.
fn new_path(path: &Path) -> PathBuf {
    let folder = folder(path);
    let name = path.file_name().unwrap_or_default();
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()).join(name)
}

/// The folder of a path; the current one for a bare name.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_identity() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "a").expect("a file");
        fs::write(path("b"), "a").expect("a file");
        fs::hard_link(path("a"), path("hard")).expect("a link");
        std::os::unix::fs::symlink(path("a"), path("soft")).expect("a link");
        let of = |name: &str| Identity::of(&path(name)).expect("a file");
        let name = folder.path().file_name().expect("a name").to_str().expect("UTF-8");
        for same in ["hard", "soft", &format!("../{name}/./a")] {
            assert_eq!(of("a"), of(same), "{same}");
        }
        assert_ne!(of("a"), of("b"));
        assert_eq!(of("new"), of("./new"), "what is not there yet has a place");
        assert_ne!(of("new"), of("newer"));
        assert!(Identity::of_folders(&path("new")).contains(&of(".")));
        assert_eq!(Identity::of(Path::new("/dev/null")), None);
    }
}
