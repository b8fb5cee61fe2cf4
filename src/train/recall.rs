//! What a network that stays as it is says of dev: it is run once, however many heads are tried on what it says.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ndarray::ArrayView2;

use super::network::Linear;
use crate::encode::Batch;
use crate::model::{Encoder, Error, HeadId, Native, Scratch, Spec, Store, as_matrix};

/// The most memory for hidden states, in numbers: 256 MiB. Windows for which there is no room are run each time.
const ROOM: usize = 64 << 20;

/// A network, and the hidden states of the windows that it has been run over.
#[derive(Debug)]
pub(crate) struct Recall {
    encoder: Native,
    windows: Mutex<Windows>,
}

/// Hidden states by the ids and types of a window.
#[derive(Debug)]
struct Windows {
    states: HashMap<Vec<u32>, Arc<[f32]>>,
    room: usize,
}

impl Windows {
    fn keep(&mut self, key: Vec<u32>, states: &[f32]) {
        if states.len() > self.room {
            return;
        }
        if let Entry::Vacant(place) = self.states.entry(key) {
            place.insert(states.into());
            self.room -= states.len();
        }
    }
}

impl Recall {
    pub(crate) fn new(encoder: Native) -> Self {
        Self::with_room(encoder, ROOM)
    }

    fn with_room(encoder: Native, room: usize) -> Self {
        Self { encoder, windows: Mutex::new(Windows { states: HashMap::new(), room }) }
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hidden states of a batch, `[n_pieces, hidden]`.
    fn hidden(&self, batch: &Batch, hidden: &mut Vec<f32>, scratch: &mut Scratch) -> Result<(), Error> {
        let keys: Vec<Vec<u32>> =
            batch.windows().map(|rows| [&batch.ids()[rows.clone()], &batch.types()[rows]].concat()).collect();
        let known: Option<Vec<Arc<[f32]>>> = {
            let windows = self.windows();
            keys.iter().map(|key| windows.states.get(key).cloned()).collect()
        };
        hidden.clear();
        if let Some(known) = known {
            known.iter().for_each(|states| hidden.extend_from_slice(states));
            return Ok(());
        }
        let width = self.encoder.spec().hidden_size;
        hidden.extend(self.encoder.hidden(batch, scratch)?);
        let mut windows = self.windows();
        for (key, rows) in keys.into_iter().zip(batch.windows()) {
            windows.keep(key, &hidden[rows.start * width..rows.end * width]);
        }
        Ok(())
    }
}

/// A network with another default head.
#[derive(Debug)]
pub(crate) struct Reheaded {
    recall: Arc<Recall>,
    head: Linear,
    /// Weights and bias.
    parameters: Vec<f32>,
}

impl Reheaded {
    /// With the head at this place among the parameters of a network.
    pub(crate) fn new(recall: &Arc<Recall>, head: Linear, parameters: &[f32]) -> Self {
        let parameters = parameters[head.start..][..head.len()].to_vec();
        Self { recall: Arc::clone(recall), head: Linear { start: 0, ..head }, parameters }
    }
}

/// The memory of a thread.
#[derive(Default)]
struct Workspace {
    scratch: Scratch,
    hidden: Vec<f32>,
    logits: Vec<f32>,
}

impl Encoder for Reheaded {
    fn spec(&self) -> &Spec {
        self.recall.encoder.spec()
    }

    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        if head != HeadId::default() {
            return Err(Error::HeadRange { found: head.index(), n_heads: 1 });
        }
        let Workspace { scratch, hidden, logits } = scratch.get();
        self.recall.hidden(batch, hidden, scratch)?;
        logits.resize(batch.n_pieces() * self.head.n_out, 0.0);
        self.head.forward(&self.parameters, hidden, logits, Store::Replace);
        if !logits.iter().all(|logit| logit.is_finite()) {
            return Err(Error::Overflow);
        }
        Ok(as_matrix(logits, self.head.n_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Precision;

    #[test]
    fn logits_are_those_of_the_network_with_this_head_and_it_runs_once() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/bert");
        let open = || Native::open(folder, Precision::F32).expect("a model");
        let network = open();
        let (width, n_tags) = (network.spec().hidden_size, network.spec().heads[0].labels.len());
        let mut batch = Batch::default();
        batch.push(&[2, 7, 9, 3], &[0; 4]);
        batch.push(&[2, 8, 3], &[0; 3]);
        let mut scratch = Scratch::default();
        let states = network.hidden(&batch, &mut scratch).expect("states").to_owned();
        let head = Linear { start: 5, n_in: width, n_out: n_tags };
        let parameters: Vec<f32> = (0..head.start + head.len()).map(|i| (i % 7) as f32 / 10.0 - 0.3).collect();
        for (room, kept) in [(ROOM, 2), (4 * width, 1), (0, 0)] {
            let recall = Arc::new(Recall::with_room(open(), room));
            let encoder = Reheaded::new(&recall, head, &parameters);
            for _ in 0..2 {
                let mut scratch = Scratch::default();
                let logits = encoder.score(&batch, HeadId::default(), &mut scratch).expect("logits");
                assert_eq!(logits.shape(), [7, n_tags]);
                for (row, state) in logits.rows().into_iter().zip(states.rows()) {
                    for (tag, logit) in row.iter().enumerate() {
                        let weights = &parameters[5 + tag * width..][..width];
                        let want = parameters[5 + n_tags * width + tag]
                            + state.iter().zip(weights).map(|(x, weight)| x * weight).sum::<f32>();
                        assert!((logit - want).abs() < 1e-4, "{logit} {want}");
                    }
                }
            }
            assert_eq!(recall.windows().states.len(), kept);
        }
        let encoder = Reheaded::new(&Arc::new(Recall::new(open())), head, &parameters);
        assert!(encoder.score(&batch, HeadId(1), &mut scratch).is_err());
    }
}
