//! The interface of the networks on libtorch.

use rust_bert::RustBertError;
use rust_bert::albert::AlbertForTokenClassification;
use rust_bert::bert::BertForTokenClassification;
use rust_bert::deberta_v2::DebertaV2ForTokenClassification;
use rust_bert::distilbert::DistilBertForTokenClassification;
use rust_bert::electra::ElectraForTokenClassification;
use rust_bert::fnet::FNetForTokenClassification;
use rust_bert::longformer::LongformerForTokenClassification;
use rust_bert::mobilebert::MobileBertForTokenClassification;
use rust_bert::roberta::RobertaForTokenClassification;
use rust_bert::xlnet::XLNetForTokenClassification;
use tch::{Kind, Tensor};

use super::input::Input;

/// A network on libtorch. It can move between threads, but cannot be shared by them.
pub(super) trait Network: Send {
    /// The scores of all labels of all heads: `[n_windows, longest, n_labels]`.
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError>;
}

impl Network for AlbertForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, mask, .. } = input;
        Ok(self.forward_t(Some(ids), Some(mask), Some(types), Some(positions), None, false).logits)
    }
}

impl Network for BertForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, mask, .. } = input;
        Ok(self.forward_t(Some(ids), Some(mask), Some(types), Some(positions), None, false).logits)
    }
}

impl Network for DebertaV2ForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, mask, .. } = input;
        Ok(self.forward_t(Some(ids), Some(mask), Some(types), Some(positions), None, false)?.logits)
    }
}

impl Network for DistilBertForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        Ok(self.forward_t(Some(&input.ids), Some(&input.mask), None, false)?.logits)
    }
}

impl Network for ElectraForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, mask, .. } = input;
        // rust-bert adds ELECTRA's mask to the scores unchanged.
        let mask = (mask.to_kind(Kind::Float) - 1.0) * 10_000.0;
        Ok(self.forward_t(Some(ids), Some(&mask), Some(types), Some(positions), None, false).logits)
    }
}

impl Network for FNetForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, .. } = input;
        Ok(self.forward_t(Some(ids), Some(types), Some(positions), None, false)?.logits)
    }
}

impl Network for LongformerForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, mask, .. } = input;
        Ok(self.forward_t(Some(ids), Some(mask), None, Some(types), Some(positions), None, false)?.logits)
    }
}

impl Network for MobileBertForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, mask, .. } = input;
        Ok(self.forward_t(Some(ids), Some(types), Some(positions), None, Some(mask), false)?.logits)
    }
}

impl Network for RobertaForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, positions, mask, .. } = input;
        Ok(self.forward_t(Some(ids), Some(mask), Some(types), Some(positions), None, false).logits)
    }
}

impl Network for XLNetForTokenClassification {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let Input { ids, types, mask, .. } = input;
        Ok(self.forward_t(Some(ids), Some(mask), None, None, None, Some(types), None, false).logits)
    }
}
