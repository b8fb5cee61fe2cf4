//! Packs the model inside: layers in eight bits, word vectors in five (see `src/model/packed.rs`).

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "src/model/packed.rs"]
mod packed;
#[path = "src/model/quantise.rs"]
mod quantise;

const SOURCE: &str = "models/news-en-small/model.safetensors";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/model/packed.rs");
    println!("cargo::rerun-if-changed=src/model/quantise.rs");
    if env::var_os("CARGO_FEATURE_EMBEDDED_MODEL").is_some() {
        println!("cargo::rerun-if-changed={SOURCE}");
        let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("expected OUT_DIR, as cargo sets it")?);
        fs::write(out.join("model.safetensors"), packed::packed(&fs::read(Path::new(SOURCE))?)?)?;
    }
    Ok(())
}
