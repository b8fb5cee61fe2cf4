//! Creates the network that runs a checkpoint.

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

use super::super::error::Error;
use super::architecture::RustBertArchitecture as Architecture;
use super::config::Config;
use super::deberta::Deberta;
use super::guard::guarded;
use super::network::Network;

/// How the names of a network's variables map to those in the checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// They are the same.
    Same,
    /// The network is DeBERTa-v2, the checkpoint one of the BERT family whose names have this prefix.
    Dressed(&'static str),
}

/// Creates the network for a checkpoint in `variables`, with uninitialised weights, to be filled from the checkpoint.
///
/// rust-bert's BERT and RoBERTa hard-code a layer-norm epsilon of 1e-12. A checkpoint with a different one runs as a DeBERTa-v2
/// without relative attention, which is the same computation and reads the epsilon from the configuration.
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

/// Creates the network that the architecture is named after: rust-bert's, except for DeBERTa.
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
    /// The name of a variable in the checkpoint.
    pub(super) fn of(self, variable: &str) -> String {
        let Self::Dressed(prefix) = self else { return variable.to_owned() };
        let name =
            variable.strip_prefix("deberta.").map_or_else(|| variable.to_owned(), |rest| format!("{prefix}.{rest}"));
        name.replace("_proj.", ".")
    }
}

#[cfg(test)]
mod tests {
    use super::Naming;

    #[test]
    fn deberta_running_as_bert_finds_its_tensors() {
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
