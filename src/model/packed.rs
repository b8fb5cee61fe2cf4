//! The packed form of a checkpoint: layers in eight bits, word vectors in five.
//!
//! Matrices of layers are stored as signed bytes (`I8`, `[n, width]`), and a tensor of the same name with `.scale` behind it (`F32`,
//! `[n]`) has the number that each row is multiplied by. Word vectors are stored in five bits: for every 8 numbers, to each of which 16
//! is added, four bytes with the lower four bits of two numbers, the first in the lower half, and a byte with the fifth bits, the first
//! in the lowest (`U8`, `[n, width / 8 * 5]`); their scales are those of blocks of 64 numbers (`F16`, `[n, width / 64]`). Everything
//! else stays as it is. [`Native`](super::Native) reads it.
//!
//! The build script includes this file to pack the model inside, so it uses nothing of the crate but `quantise`.

use std::fmt;

use half::{bf16, f16};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};

use super::quantise::{EIGHT_BITS, FIVE_BITS_ZERO, GROUP, GROUP_BYTES, SCALE, quantise};

/// How many numbers of five bits share a scale.
const BLOCK: usize = 64;

/// The largest number of five bits.
const FIVE_BITS: f32 = 15.0;

/// Why a checkpoint could not be packed.
#[derive(Debug)]
pub(crate) enum PackError {
    /// It is not a safetensors file.
    Safetensors(SafeTensorError),
    /// A tensor has numbers that are not packed.
    Numbers { tensor: String, found: String },
}

/// Packs the contents of a `model.safetensors` whose numbers are F32, F16 or BF16.
pub(crate) fn packed(checkpoint: &[u8]) -> Result<Vec<u8>, PackError> {
    let mut tensors = Vec::new();
    let checkpoint = SafeTensors::deserialize(checkpoint)?;
    for (name, tensor) in checkpoint.iter() {
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
                    bytes.extend(block.as_chunks().0.iter().flat_map(group));
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
    Ok(safetensors::serialize(views.collect::<Result<Vec<_>, SafeTensorError>>()?, None)?)
}

/// Eight numbers of five bits in their five bytes.
fn group(numbers: &[i8; GROUP]) -> [u8; GROUP_BYTES] {
    let mut bytes = [0; GROUP_BYTES];
    for (i, x) in numbers.iter().enumerate() {
        let x = (x + FIVE_BITS_ZERO).cast_unsigned();
        bytes[i / 2] |= (x & 0xf) << (4 * (i % 2));
        bytes[GROUP / 2] |= (x >> 4) << i;
    }
    bytes
}

fn numbers(name: &str, tensor: &TensorView<'_>) -> Result<Vec<f32>, PackError> {
    let data = tensor.data();
    match tensor.dtype() {
        Dtype::F32 => Ok(data.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()),
        Dtype::F16 => Ok(data.as_chunks().0.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect()),
        Dtype::BF16 => Ok(data.as_chunks().0.iter().map(|two| bf16::from_le_bytes(*two).to_f32()).collect()),
        found => Err(PackError::Numbers { tensor: name.to_owned(), found: format!("{found:?}") }),
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Safetensors(error) => error.fmt(f),
            Self::Numbers { tensor, found } => write!(f, "tensor {tensor}: expected F32, F16 or BF16, found {found}"),
        }
    }
}

impl std::error::Error for PackError {}

impl From<SafeTensorError> for PackError {
    fn from(error: SafeTensorError) -> Self {
        Self::Safetensors(error)
    }
}
