//! Turns windows of several lengths into tensors.

use std::ops::Range;

use tch::{Device, Tensor};

use super::architecture::{Company, Positions};
use super::config::Config;
use crate::encode::Batch;

/// Windows padded to the length of the longest. All tensors are `[n_windows, longest]` and hold 64-bit integers.
pub(super) struct Input {
    pub(super) ids: Tensor,
    pub(super) types: Tensor,
    pub(super) positions: Tensor,
    /// 1 for a piece, 0 for padding.
    pub(super) mask: Tensor,
    /// The longest window, in pieces.
    pub(super) longest: usize,
}

impl Input {
    /// Builds the tensors of `windows`, given as ranges of rows in the batch.
    pub(super) fn new(batch: &Batch, windows: &[Range<usize>], config: &Config, device: Device) -> Self {
        // rust-bert's DeBERTa-v2, which other architectures may run as, fails on rows of one piece.
        let shortest = if config.architecture.company() == Company::Any { 2 } else { 1 };
        let longest = windows.iter().map(ExactSizeIterator::len).max().unwrap_or(0).max(shortest);
        let n = windows.len() * longest;
        let padding = i64::from(config.padding_id);
        let (mut ids, mut types, mut mask) = (vec![padding; n], vec![0; n], vec![0; n]);
        let mut positions = Vec::with_capacity(n);
        for (i, window) in windows.iter().enumerate() {
            let from = i * longest;
            for (j, row) in window.clone().enumerate() {
                ids[from + j] = i64::from(batch.ids()[row]);
                types[from + j] = i64::from(batch.types()[row]);
                mask[from + j] = 1;
            }
            number(&ids[from..from + longest], config, &mut positions);
        }
        let tensor = |numbers: &[i64]| {
            let shape = [windows.len() as i64, longest as i64];
            Tensor::from_slice(numbers).reshape(shape).to_device(device)
        };
        Self { ids: tensor(&ids), types: tensor(&types), positions: tensor(&positions), mask: tensor(&mask), longest }
    }
}

/// Appends the positions of one row of pieces.
fn number(ids: &[i64], config: &Config, positions: &mut Vec<i64>) {
    let padding = i64::from(config.padding_id);
    match config.architecture.positions() {
        Positions::FromZero => {
            // A padded row may be longer than the table of positions; the excess is masked.
            let last = config.max_pieces as i64 - 1;
            positions.extend((0..ids.len() as i64).map(|position| position.min(last)));
        }
        Positions::BehindPadding => {
            let mut next = padding;
            positions.extend(ids.iter().map(|&id| {
                if id == padding {
                    return padding;
                }
                next += 1;
                next
            }));
        }
    }
}
