//! Puts the model inside: writes its weights in eight bits, which the program then carries as they are.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

#[path = "src/model/quantise.rs"]
mod quantise;

const SOURCE: &str = "models/news-en-small/model.safetensors";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/model/quantise.rs");
    if env::var_os("CARGO_FEATURE_EMBEDDED_MODEL").is_some() {
        println!("cargo::rerun-if-changed={SOURCE}");
        let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("expected OUT_DIR, as cargo sets it")?);
        fs::write(out.join("model.safetensors"), quantised(&fs::read(Path::new(SOURCE))?)?)?;
    }
    Ok(())
}

/// The same tensors, the large ones in eight bits with a scale a row.
fn quantised(source: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut tensors = Vec::new();
    let source = SafeTensors::deserialize(source)?;
    for (name, tensor) in source.iter() {
        match tensor.shape() {
            &[n_rows, width] if is_large(name) => {
                let (mut bytes, mut scales, mut row) = (Vec::new(), Vec::new(), vec![0; width]);
                for numbers in numbers(name, &tensor)?.chunks_exact(width) {
                    scales.extend(quantise::quantise(numbers, &mut row).to_le_bytes());
                    bytes.extend(row.iter().map(|byte| byte.cast_unsigned()));
                }
                tensors.push((name.to_owned(), Dtype::I8, vec![n_rows, width], bytes));
                tensors.push((format!("{name}{}", quantise::SCALE), Dtype::F32, vec![n_rows], scales));
            }
            shape => tensors.push((name.to_owned(), tensor.dtype(), shape.to_vec(), tensor.data().to_vec())),
        }
    }
    let views =
        tensors.iter().map(|(name, dtype, shape, data)| Ok((name, TensorView::new(*dtype, shape.clone(), data)?)));
    Ok(safetensors::serialize(views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?, None)?)
}

/// Whether a matrix is a layer's weights or the table of word vectors.
fn is_large(name: &str) -> bool {
    name.ends_with("word_embeddings.weight") || name.contains(".layer.")
}

fn numbers(name: &str, tensor: &TensorView<'_>) -> Result<Vec<f32>, Box<dyn Error>> {
    match tensor.dtype() {
        Dtype::F16 => Ok(tensor.data().as_chunks().0.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect()),
        found => Err(format!("{SOURCE}: {name}: expected F16, found {found:?}").into()),
    }
}
