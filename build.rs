//! Writes `OUT_DIR/model.safetensors`, the model to embed: its layers in eight bits and its word vectors in five.
//!
//! In a clone it packs the checkpoint in `models/`, which has 45 MB. A crate on the registry may have 10 MB: there the packed form comes in
//! three crates, whose bytes are joined.

#![cfg_attr(not(feature = "embedded-model"), allow(dead_code, unused_imports))]

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

#[path = "src/model/quantise.rs"]
mod quantise;

use quantise::{EIGHT_BITS, FIVE_BITS_ZERO, GROUP, GROUP_BYTES, SCALE, quantise};

const SOURCE: &str = "models/news-en-small/model.safetensors";

/// How many numbers of five bits share a scale.
const BLOCK: usize = 64;

/// The largest number of five bits.
const FIVE_BITS: f32 = 15.0;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/model/quantise.rs");
    #[cfg(feature = "embedded-model")]
    {
        let model = if Path::new(SOURCE).exists() {
            println!("cargo::rerun-if-changed={SOURCE}");
            quantised(&fs::read(SOURCE)?)?
        } else {
            joined()?
        };
        let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("expected OUT_DIR, as cargo sets it")?);
        fs::write(out.join("model.safetensors"), model)?;
    }
    Ok(())
}

/// The model in the crates of the registry.
#[cfg(feature = "embedded-model")]
fn joined() -> Result<Vec<u8>, Box<dyn Error>> {
    let model = [allonym_news_en_small_1::PART, allonym_news_en_small_2::PART, allonym_news_en_small_3::PART].concat();
    SafeTensors::deserialize(&model)
        .map_err(|source| format!("expected {SOURCE}, or the model in the crates allonym-news-en-small-*: {source}"))?;
    Ok(model)
}

/// The same tensors, those of the layers in eight bits with a scale a row, the word vectors in five bits with a scale a block.
fn quantised(source: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut tensors = Vec::new();
    let source = SafeTensors::deserialize(source)?;
    for (name, tensor) in source.iter() {
        let (mut bytes, mut scales) = (Vec::new(), Vec::new());
        let (dtype, shape, scale_dtype, scale_shape) = match tensor.shape() {
            &[n_rows, width] if name.contains(".layer.") => {
                let mut row = vec![0; width];
                for numbers in numbers(name, &tensor)?.chunks_exact(width) {
                    scales.extend(quantise(numbers, EIGHT_BITS, &mut row).to_le_bytes());
                    bytes.extend(row.iter().map(|byte| byte.cast_unsigned()));
                }
                (Dtype::I8, vec![n_rows, width], Dtype::F32, vec![n_rows])
            }
            &[n_rows, width] if name.ends_with("word_embeddings.weight") && width % BLOCK == 0 => {
                let mut block = [0; BLOCK];
                for numbers in numbers(name, &tensor)?.chunks_exact(BLOCK) {
                    scales.extend(f16::from_f32(quantise(numbers, FIVE_BITS, &mut block)).to_le_bytes());
                    bytes.extend(block.as_chunks().0.iter().flat_map(packed));
                }
                (Dtype::U8, vec![n_rows, width / GROUP * GROUP_BYTES], Dtype::F16, vec![n_rows, width / BLOCK])
            }
            shape => {
                tensors.push((name.to_owned(), tensor.dtype(), shape.to_vec(), tensor.data().to_vec()));
                continue;
            }
        };
        tensors.push((name.to_owned(), dtype, shape, bytes));
        tensors.push((format!("{name}{SCALE}"), scale_dtype, scale_shape, scales));
    }
    let views =
        tensors.iter().map(|(name, dtype, shape, data)| Ok((name, TensorView::new(*dtype, shape.clone(), data)?)));
    Ok(safetensors::serialize(views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?, None)?)
}

/// Numbers of five bits in their bytes.
fn packed(group: &[i8; GROUP]) -> [u8; GROUP_BYTES] {
    let mut bytes = [0; GROUP_BYTES];
    for (i, x) in group.iter().enumerate() {
        let x = (x + FIVE_BITS_ZERO).cast_unsigned();
        bytes[i / 2] |= (x & 0xf) << (4 * (i % 2));
        bytes[GROUP / 2] |= (x >> 4) << i;
    }
    bytes
}

fn numbers(name: &str, tensor: &TensorView<'_>) -> Result<Vec<f32>, Box<dyn Error>> {
    match tensor.dtype() {
        Dtype::F16 => Ok(tensor.data().as_chunks().0.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect()),
        found => Err(format!("{SOURCE}: {name}: expected F16, found {found:?}").into()),
    }
}
