//! Which of rust-bert's networks runs a checkpoint?

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
