//! The packed form of a checkpoint: layers in eight bits, word vectors in five.
//!
//! Layer matrices are stored as signed bytes (`I8`, `[n, width]`) with a scale per row in a tensor of the same name plus `.scale`
//! (`F32`, `[n]`). Word vectors are stored in five bits (`U8`, `[n, width / 8 * 5]`) with a scale per block of 64 values (`F16`,
//! `[n, width / 64]`). Five-bit values are offset by 16. Each group of 8 takes 5 bytes: four with the low four bits of two values
//! each, the first in the low half, and one with the fifth bits, the first in the lowest. Everything else is stored unchanged.
//! [`Native`](super::Native) reads this form.
//!
//! The build script includes this file to pack the embedded model, so it depends on nothing in the crate but `quantise`.

use std::fmt;

use half::{bf16, f16};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};

use super::quantise::{EIGHT_BITS, FIVE_BITS_ZERO, GROUP, GROUP_BYTES, SCALE, quantise};

/// Five-bit values that share a scale.
const BLOCK: usize = 64;

/// The largest five-bit value.
const FIVE_BITS: f32 = 15.0;

/// Why a checkpoint could not be packed.
#[derive(Debug)]
pub(crate) enum PackError {
    /// It is not a safetensors file.
    Safetensors(SafeTensorError),
    /// A tensor to be packed has an unsupported data type.
    Numbers { tensor: String, found: String },
}

/// Packs the contents of a `model.safetensors` stored as F32, F16 or BF16.
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

/// Packs eight five-bit values into five bytes.
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
