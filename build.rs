//! Writes `OUT_DIR/model.safetensors`, the model inside: layers in eight bits, word vectors in five (see `src/model/packed.rs`).
//!
//! A clone has the checkpoint in `models/` and packs it here. The registry takes 10 MB a crate and the checkpoint has 45, so a build from
//! the registry joins the packed model from the three crates that bring it.
//!
//! For `allonym --version --json`, sets `ALLONYM_COMMIT`: the commit that a package was made from or that a clone is at, unless whoever
//! builds has set it.

use std::error::Error;

#[cfg(feature = "embedded-model")]
#[path = "src/model/packed.rs"]
mod packed;
#[cfg(feature = "embedded-model")]
#[path = "src/model/quantise.rs"]
mod quantise;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "embedded-model")]
    embed()?;
    #[cfg(feature = "cli")]
    if let (None, Some(commit)) = (std::env::var_os("ALLONYM_COMMIT"), packaged_commit().or_else(cloned_commit)) {
        println!("cargo::rustc-env=ALLONYM_COMMIT={commit}");
    }
    Ok(())
}

/// The commit in the file that `cargo package` adds; `None` in a clone, and in a package with changes that are in no commit.
#[cfg(feature = "cli")]
fn packaged_commit() -> Option<String> {
    let info: serde_json::Value = serde_json::from_slice(&std::fs::read(".cargo_vcs_info.json").ok()?).ok()?;
    let git = &info["git"];
    (git["dirty"] != true).then(|| git["sha1"].as_str().map(str::to_owned)).flatten()
}

/// The commit of a clone, with `-dirty` behind it if files that git knows differ from it; `None` without git.
#[cfg(feature = "cli")]
fn cloned_commit() -> Option<String> {
    let git = |args: &[&str]| {
        let output = std::process::Command::new("git").args(args).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    // A package unpacked inside some other repository is not that repository's commit.
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if std::fs::canonicalize(top).ok()? != std::env::current_dir().and_then(std::fs::canonicalize).ok()? {
        return None;
    }
    // A missing file would count as changed in every build; not every clone has logs.
    for file in ["HEAD", "logs/HEAD"].iter().filter_map(|file| git(&["rev-parse", "--git-path", file])) {
        if std::fs::exists(&file).unwrap_or(false) {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let is_dirty = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    Some(if is_dirty { format!("{commit}-dirty") } else { commit })
}

#[cfg(feature = "embedded-model")]
fn embed() -> Result<(), Box<dyn Error>> {
    use std::path::{Path, PathBuf};
    use std::{env, fs};

    const CHECKPOINT: &str = "models/news-en-small/model.safetensors";

    println!("cargo::rerun-if-changed=src/model/packed.rs");
    println!("cargo::rerun-if-changed=src/model/quantise.rs");
    let model = if Path::new(CHECKPOINT).exists() {
        println!("cargo::rerun-if-changed={CHECKPOINT}");
        packed::packed(&fs::read(CHECKPOINT)?)?
    } else {
        let model =
            [allonym_news_en_small_1::PART, allonym_news_en_small_2::PART, allonym_news_en_small_3::PART].concat();
        safetensors::SafeTensors::deserialize(&model).map_err(|source| {
            format!("expected {CHECKPOINT}, or the model in the crates allonym-news-en-small-*: {source}")
        })?;
        model
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("expected OUT_DIR, as cargo sets it")?);
    fs::write(out.join("model.safetensors"), model)?;
    Ok(())
}
