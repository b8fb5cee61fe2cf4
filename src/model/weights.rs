//! Reads the tensors of a checkpoint from safetensors files.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::ops::Range;
use std::path::{Component, Path};

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

use super::error::Error;
use super::quantise::{EIGHT_BITS, FIVE_BITS_ZERO, GROUP, GROUP_BYTES, SCALE, quantise};

const SINGLE: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";

/// The tensors of a checkpoint by name, in one safetensors file or in several.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    shards: Vec<Cow<'static, [u8]>>,
    tensors: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    shard: usize,
    bytes: Range<usize>,
    dtype: Dtype,
    shape: Vec<usize>,
}

#[derive(Debug, Deserialize)]
struct RawIndex {
    weight_map: BTreeMap<String, String>,
}

/// The storage format of a tensor; always little endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    F32,
    F16,
    Bf16,
    /// A signed byte times the scale of its row.
    I8,
    /// Five bits minus 16, times the scale of their block.
    I5,
}

/// One tensor, with its shape and storage format checked.
#[derive(Clone, Debug)]
pub(crate) struct Tensor<'a> {
    bytes: &'a Cow<'static, [u8]>,
    range: Range<usize>,
    format: Format,
    scales: Scales,
}

/// The scales of a quantised tensor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scales {
    /// One per block; empty for tensors that are not quantised.
    scales: Vec<f32>,
    /// Adjacent values in a row that share a scale: a divisor of its width.
    block: usize,
}

/// Rows of signed bytes, `[n, width]`, with one scale per row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) bytes: Cow<'static, [u8]>,
    pub(crate) scales: Vec<f32>,
}

impl Weights {
    /// Reads the weights in a folder: `model.safetensors`, or the files that `model.safetensors.index.json` lists.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let mut weights = Self::default();
        if folder.join(INDEX).exists() && !folder.join(SINGLE).exists() {
            let index: RawIndex = serde_json::from_slice(&read(folder, INDEX)?)
                .map_err(|source| Error::Json { file: INDEX.to_owned(), source })?;
            let mut files: Vec<&String> = index.weight_map.values().collect();
            files.sort_unstable();
            files.dedup();
            for file in files {
                // What is outside of the folder is no part of the model.
                if Path::new(file).components().any(|part| !matches!(part, Component::Normal(_))) {
                    return Err(Error::ShardPlace { file: file.clone() });
                }
                weights.push(file, Cow::Owned(read(folder, file)?))?;
            }
        } else {
            weights.push(SINGLE, Cow::Owned(read(folder, SINGLE)?))?;
        }
        Ok(weights)
    }

    /// Reads the weights from the contents of one safetensors file.
    pub(crate) fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, Error> {
        let mut weights = Self::default();
        weights.push(SINGLE, bytes)?;
        Ok(weights)
    }

    fn push(&mut self, file: &str, bytes: Cow<'static, [u8]>) -> Result<(), Error> {
        let shard = self.shards.len();
        let (header, metadata) = SafeTensors::read_metadata(&bytes)
            .map_err(|source| Error::Safetensors { file: file.to_owned(), source })?;
        let start = header + size_of::<u64>();
        for (name, info) in metadata.tensors() {
            let (from, to) = info.data_offsets;
            let bytes = start + from..start + to;
            self.tensors.insert(name, Entry { shard, bytes, dtype: info.dtype, shape: info.shape.clone() });
        }
        self.shards.push(bytes);
        Ok(())
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// The tensor `name`, which must have the shape `shape`.
    pub(crate) fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor<'_>, Error> {
        let missing = || Error::MissingTensor { tensor: name.to_owned(), expected: shape.to_owned() };
        let entry = self.tensors.get(name).ok_or_else(missing)?;
        let format = match entry.dtype {
            Dtype::F32 => Format::F32,
            Dtype::F16 => Format::F16,
            Dtype::BF16 => Format::Bf16,
            Dtype::I8 => Format::I8,
            Dtype::U8 => Format::I5,
            found => return Err(Error::TensorType { tensor: name.to_owned(), found: format!("{found:?}") }),
        };
        let stored = match (format, shape) {
            (Format::I5, &[n_rows, width]) => vec![n_rows, width / GROUP * GROUP_BYTES],
            _ => shape.to_owned(),
        };
        if entry.shape != stored {
            let (tensor, expected, found) = (name.to_owned(), stored, entry.shape.clone());
            return Err(Error::TensorShape { tensor, expected, found });
        }
        let scales = match (format, shape) {
            (Format::I8, &[n_rows, width]) => Scales { scales: self.scales(name, &[n_rows])?, block: width },
            (Format::I5, &[n_rows, width]) if width.is_multiple_of(GROUP) => {
                let n_blocks = self.n_blocks(name, width);
                Scales { scales: self.scales(name, &[n_rows, n_blocks])?, block: width / n_blocks }
            }
            (Format::I8 | Format::I5, _) => {
                return Err(Error::TensorType { tensor: name.to_owned(), found: format!("{:?}", entry.dtype) });
            }
            _ => Scales::default(),
        };
        let tensor = Tensor { bytes: &self.shards[entry.shard], range: entry.bytes.clone(), format, scales };
        if !tensor.is_finite() {
            return Err(Error::NotFinite { tensor: name.to_owned() });
        }
        Ok(tensor)
    }
}

impl Weights {
    /// The number of scales per row of a quantised tensor; 1 if the stored number does not divide the row.
    fn n_blocks(&self, name: &str, width: usize) -> usize {
        let scales = self.tensors.get(&format!("{name}{SCALE}"));
        let stored = scales.and_then(|entry| entry.shape.last().copied());
        stored.filter(|&n| n > 0 && width.is_multiple_of(n)).unwrap_or(1)
    }

    /// The scales of the quantised tensor `name`.
    fn scales(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let name = format!("{name}{SCALE}");
        match self.tensors.get(&name).map(|entry| entry.dtype) {
            Some(found @ (Dtype::I8 | Dtype::U8)) => {
                Err(Error::TensorType { tensor: name, found: format!("{found:?}") })
            }
            _ => Ok(self.tensor(&name, shape)?.numbers()),
        }
    }
}

impl Tensor<'_> {
    /// Whether no value is infinite or no number at all.
    fn is_finite(&self) -> bool {
        let bytes = &self.bytes[self.range.clone()];
        // All bits of the exponent are set in what is not finite.
        let short = |exponent: u16| bytes.as_chunks().0.iter().all(|b| u16::from_le_bytes(*b) & exponent != exponent);
        let stored = match self.format {
            Format::F32 => bytes.as_chunks().0.iter().all(|b| f32::from_le_bytes(*b).is_finite()),
            Format::F16 => short(0x7c00),
            Format::Bf16 => short(0x7f80),
            Format::I8 | Format::I5 => true,
        };
        stored && self.scales.scales.iter().all(|scale| scale.is_finite())
    }

    /// All values, row by row.
    pub(crate) fn numbers(&self) -> Vec<f32> {
        let mut numbers = Vec::new();
        self.append_to(&mut numbers);
        numbers
    }

    /// Appends all values, row by row, to `numbers`.
    pub(crate) fn append_to(&self, numbers: &mut Vec<f32>) {
        let bytes = &self.bytes[self.range.clone()];
        let before = numbers.len();
        numbers.resize(before + self.format.n_numbers(bytes.len()), 0.0);
        self.format.decode(bytes, &mut numbers[before..]);
        self.scales.apply(0, &mut numbers[before..]);
    }

    /// Rows of `width` values in eight bits: as stored, or quantised now.
    pub(crate) fn rows(&self, width: usize) -> Rows {
        if self.format == Format::I8 {
            return Rows { bytes: self.stored(), scales: self.scales.scales.clone() };
        }
        let numbers = self.numbers();
        let mut bytes = vec![0; numbers.len()];
        let mut row = vec![0; width];
        let mut scales = Vec::with_capacity(numbers.len() / width);
        for (numbers, bytes) in numbers.chunks_exact(width).zip(bytes.chunks_exact_mut(width)) {
            scales.push(quantise(numbers, EIGHT_BITS, &mut row));
            for (byte, weight) in bytes.iter_mut().zip(&row) {
                *byte = weight.cast_unsigned();
            }
        }
        Rows { bytes: Cow::Owned(bytes), scales }
    }

    pub(crate) fn into_scales(self) -> Scales {
        self.scales
    }

    /// The stored bytes: borrowed if the whole file is `'static`, else copied.
    pub(crate) fn stored(&self) -> Cow<'static, [u8]> {
        match self.bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[self.range.clone()]),
            Cow::Owned(bytes) => Cow::Owned(bytes[self.range.clone()].to_vec()),
        }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }
}

impl Scales {
    /// Scales a run of values whose first one is at index `start`, which must be the start of a block.
    pub(crate) fn apply(&self, start: usize, numbers: &mut [f32]) {
        if !self.scales.is_empty() {
            for (block, scale) in numbers.chunks_mut(self.block).zip(&self.scales[start / self.block..]) {
                block.iter_mut().for_each(|x| *x *= scale);
            }
        }
    }
}

impl Format {
    /// How many bytes `n` values take. For [`I5`](Self::I5), `n` must be a multiple of 8.
    pub(crate) fn n_bytes(self, n: usize) -> usize {
        match self {
            Self::F32 => 4 * n,
            Self::F16 | Self::Bf16 => 2 * n,
            Self::I8 => n,
            Self::I5 => n / GROUP * GROUP_BYTES,
        }
    }

    /// How many values `n` bytes hold.
    pub(crate) fn n_numbers(self, n: usize) -> usize {
        match self {
            Self::F32 => n / 4,
            Self::F16 | Self::Bf16 => n / 2,
            Self::I8 => n,
            Self::I5 => n / GROUP_BYTES * GROUP,
        }
    }

    /// Converts stored values to `f32`, exactly, without applying scales. The bytes need not be aligned.
    pub(crate) fn decode(self, bytes: &[u8], numbers: &mut [f32]) {
        match self {
            Self::F32 => {
                for (number, bytes) in numbers.iter_mut().zip(bytes.as_chunks().0) {
                    *number = f32::from_le_bytes(*bytes);
                }
            }
            Self::F16 => {
                // In blocks: `half` converts slices with the CPU's own instructions, but needs them aligned.
                let mut block = [f16::ZERO; 256];
                for (numbers, bytes) in numbers.chunks_mut(block.len()).zip(bytes.chunks(2 * block.len())) {
                    let block = &mut block[..numbers.len()];
                    for (half, bytes) in block.iter_mut().zip(bytes.as_chunks().0) {
                        *half = f16::from_le_bytes(*bytes);
                    }
                    block.convert_to_f32_slice(numbers);
                }
            }
            Self::Bf16 => {
                for (number, bytes) in numbers.iter_mut().zip(bytes.as_chunks().0) {
                    *number = bf16::from_le_bytes(*bytes).to_f32();
                }
            }
            Self::I8 => {
                for (number, byte) in numbers.iter_mut().zip(bytes) {
                    *number = f32::from(byte.cast_signed());
                }
            }
            Self::I5 => {
                let groups = bytes.as_chunks::<GROUP_BYTES>().0;
                for (numbers, bytes) in numbers.as_chunks_mut::<GROUP>().0.iter_mut().zip(groups) {
                    for (i, number) in numbers.iter_mut().enumerate() {
                        let bits = (bytes[i / 2] >> (4 * (i % 2))) & 0xf | (bytes[GROUP / 2] >> i & 1) << 4;
                        *number = f32::from(bits.cast_signed() - FIVE_BITS_ZERO);
                    }
                }
            }
        }
    }
}

/// Reads one file of a model folder.
pub(crate) fn read(folder: &Path, file: &str) -> Result<Vec<u8>, Error> {
    fs::read(folder.join(file)).map_err(|source| Error::Read { file: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_decodes_exactly_at_any_address() {
        let want: Vec<f32> = (0..601).map(|i| (i - 300) as f32 / 64.0).collect();
        let stored = [
            (Format::F32, want.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()),
            (Format::F16, want.iter().flat_map(|&x| f16::from_f32(x).to_le_bytes()).collect()),
            (Format::Bf16, want.iter().flat_map(|&x| bf16::from_f32(x).to_le_bytes()).collect()),
        ];
        for (format, bytes) in stored {
            for shift in 0..4 {
                let mut moved = vec![0; shift];
                moved.extend(&bytes);
                let mut got = vec![0.0; want.len()];
                format.decode(&moved[shift..], &mut got);
                let tolerance = if format == Format::Bf16 { 0.02 } else { 0.0 };
                assert!(got.iter().zip(&want).all(|(a, b)| (a - b).abs() <= tolerance), "{format:?} at {shift}");
            }
        }
    }

    #[test]
    fn broken_bytes_are_an_error() {
        for bytes in [&b""[..], b"12345678", b"\xff\xff\xff\xff\xff\xff\xff\xff{}"] {
            let error = Weights::from_bytes(Cow::Borrowed(bytes)).expect_err("not safetensors");
            assert!(matches!(error, Error::Safetensors { .. }), "{error}");
        }
    }
}
