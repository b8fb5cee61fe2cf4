//! Sets `cfg(part)` where the part of the model is here: in every published crate, and in no clone.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(part)");
    if Path::new("part.bin").exists() {
        println!("cargo::rerun-if-changed=part.bin");
        println!("cargo::rustc-cfg=part");
    } else if !Path::new("../../model.safetensors").exists() {
        println!("cargo::error=this crate was packaged without part.bin, see docs/release.md");
    }
}
