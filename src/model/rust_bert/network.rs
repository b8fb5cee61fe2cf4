//! Which of rust-bert's networks runs a checkpoint, and what does it take?

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
use serde_json::json;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

use super::super::error::Error;
use super::architecture::RustBertArchitecture as Architecture;
use super::config::Config;
use super::deberta::Deberta;
use super::guard::guarded;
use super::input::Input;

/// A network on libtorch. It may be moved between threads, but not shared by them.
pub(super) trait Network: Send {
    /// The scores of all labels of all heads: `[n_windows, longest, n_labels]`.
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError>;
}

/// How a network's variables are called in the checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// As in the checkpoint.
    Same,
    /// The network is DeBERTa-v2, the checkpoint one of the BERT family whose names begin like this.
    Dressed(&'static str),
}

/// Makes the network for a checkpoint in `variables`, with numbers that mean nothing yet.
///
/// rust-bert's BERT and RoBERTa have a layer-norm epsilon of 1e-12 built in. A checkpoint with another one runs as a
/// DeBERTa-v2 without relative attention, which is the same computation and reads the epsilon from the configuration.
pub(super) fn build(model: &str, config: &Config, variables: &VarStore) -> Result<(Box<dyn Network>, Naming), Error> {
    let built_in = config.architecture.built_in_epsilon();
    if built_in.is_some_and(|epsilon| epsilon != config.layer_norm_eps) {
        let prefix = match config.architecture {
            Architecture::Bert => "bert",
            _ => "roberta",
        };
        let config = config.clone().with(json!({
            "relative_attention": false, "position_biased_input": true, "layer_norm_eps": config.layer_norm_eps,
        }));
        let settings = config.settings()?;
        let network = guarded(model, || DebertaV2ForTokenClassification::new(variables.root(), &settings))?;
        return Ok((Box::new(network), Naming::Dressed(prefix)));
    }
    Ok((of_its_name(model, config, variables)?, Naming::Same))
}

/// Makes the network that the architecture is named after: rust-bert's, but for DeBERTa.
fn of_its_name(model: &str, config: &Config, variables: &VarStore) -> Result<Box<dyn Network>, Error> {
    macro_rules! network {
        ($network:ty) => {{
            let settings = config.settings()?;
            Box::new(guarded(model, || <$network>::new(variables.root(), &settings))?)
        }};
    }
    Ok(match config.architecture {
        Architecture::Albert => network!(AlbertForTokenClassification),
        Architecture::Bert => network!(BertForTokenClassification),
        Architecture::Deberta | Architecture::DebertaV2 => {
            Box::new(guarded(model, || Ok(Deberta::new(variables.root(), config)))??)
        }
        Architecture::DistilBert => network!(DistilBertForTokenClassification),
        Architecture::Electra => network!(ElectraForTokenClassification),
        Architecture::FNet => network!(FNetForTokenClassification),
        Architecture::Longformer => network!(LongformerForTokenClassification),
        Architecture::MobileBert => network!(MobileBertForTokenClassification),
        Architecture::Roberta | Architecture::XlmRoberta => network!(RobertaForTokenClassification),
        Architecture::XlNet => network!(XLNetForTokenClassification),
    })
}

impl Naming {
    /// The checkpoint's name of a variable.
    pub(super) fn of(self, variable: &str) -> String {
        let Self::Dressed(prefix) = self else { return variable.to_owned() };
        let name =
            variable.strip_prefix("deberta.").map_or_else(|| variable.to_owned(), |rest| format!("{prefix}.{rest}"));
        name.replace("_proj.", ".")
    }
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
        // rust-bert adds the mask of ELECTRA to the scores as it is.
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

#[cfg(test)]
mod tests {
    use super::Naming;

    #[test]
    fn deberta_in_the_place_of_bert_finds_its_tensors() {
        let naming = Naming::Dressed("roberta");
        for (variable, want) in [
            (
                "deberta.encoder.layer.1.attention.self.query_proj.weight",
                "roberta.encoder.layer.1.attention.self.query.weight",
            ),
            ("deberta.embeddings.LayerNorm.bias", "roberta.embeddings.LayerNorm.bias"),
            ("classifier.weight", "classifier.weight"),
        ] {
            assert_eq!(naming.of(variable), want);
        }
    }
}
