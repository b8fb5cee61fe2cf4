//! The checkpoints of random weights, and what PyTorch computes with them; both come from models/train/make_fixtures.py.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use allonym::encode::Batch;
use allonym::model::{Encoder, HeadId, Scratch};
use ndarray::ArrayView1;
use serde::Deserialize;

/// How far logits may be from PyTorch's.
pub(crate) const TOLERANCE: f32 = 1e-4;

/// One window, and its logits for each head.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) ids: Vec<u32>,
    pub(crate) types: Vec<u32>,
    pub(crate) logits: BTreeMap<String, Vec<Vec<f32>>>,
}

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name)
}

pub(crate) fn cases(name: &str) -> Vec<Case> {
    let text = fs::read_to_string(folder(name).join("cases.json")).expect("cases.json is checked in");
    serde_json::from_str(&text).expect("cases.json is valid")
}

pub(crate) fn batch<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Batch {
    let mut batch = Batch::default();
    for case in cases {
        batch.push(&case.ids, &case.types);
    }
    batch
}

/// Hands over the scores of each piece, of its window alone and of all windows of the fixture together, and which piece it is.
pub(crate) fn alone_and_together(
    name: &str,
    model: &dyn Encoder,
    mut check: impl FnMut(ArrayView1<'_, f32>, ArrayView1<'_, f32>, &str),
) {
    let cases = cases(name);
    let mut scratch = Scratch::default();
    let together = model.score(&batch(&cases), HeadId::default(), &mut scratch).expect(name).to_owned();
    let mut from = 0;
    for case in &cases {
        let mut fresh = Scratch::default();
        let alone = model.score(&batch([case]), HeadId::default(), &mut fresh).expect(name);
        for (i, row) in alone.rows().into_iter().enumerate() {
            check(row, together.row(from + i), &format!("{name}: piece {i} of {}", case.ids.len()));
        }
        from += case.ids.len();
    }
}
