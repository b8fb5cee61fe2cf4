//! The supported checkpoint layouts and their tensor names.

use std::fmt;

/// The layout of a checkpoint. One forward pass runs them all; only tensor names and a few settings differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Architecture {
    /// `BertForTokenClassification`.
    Bert,
    /// `DistilBertForTokenClassification`: no token types.
    DistilBert,
    /// `ElectraForTokenClassification`: the embeddings may be narrower than the layers.
    Electra,
    /// `MPNetForTokenClassification`: distances between pieces count in attention; positions as in RoBERTa; no token types, unless
    /// config.json gives `type_vocab_size`.
    Mpnet,
    /// `RobertaForTokenClassification`, `XLMRobertaForTokenClassification` and `CamembertForTokenClassification`: positions start
    /// right after the padding id.
    Roberta,
}

/// The tensor names of a layout's parts, without the trailing `.weight` and `.bias`.
pub(crate) struct Names {
    pub(crate) prefix: &'static str,
    pub(crate) layers: &'static str,
    pub(crate) query: &'static str,
    pub(crate) key: &'static str,
    pub(crate) value: &'static str,
    pub(crate) attention_output: &'static str,
    pub(crate) attention_norm: &'static str,
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
    pub(crate) output_norm: &'static str,
}

/// Prefixes of the encoder's tensor names in published checkpoints; a bare encoder has none.
pub(crate) const PREFIXES: [&str; 6] = ["bert.", "distilbert.", "electra.", "mpnet.", "roberta.", ""];

const BERT: Names = Names {
    prefix: "bert.",
    layers: "encoder.layer",
    query: "attention.self.query",
    key: "attention.self.key",
    value: "attention.self.value",
    attention_output: "attention.output.dense",
    attention_norm: "attention.output.LayerNorm",
    up: "intermediate.dense",
    down: "output.dense",
    output_norm: "output.LayerNorm",
};

const DISTILBERT: Names = Names {
    prefix: "distilbert.",
    layers: "transformer.layer",
    query: "attention.q_lin",
    key: "attention.k_lin",
    value: "attention.v_lin",
    attention_output: "attention.out_lin",
    attention_norm: "sa_layer_norm",
    up: "ffn.lin1",
    down: "ffn.lin2",
    output_norm: "output_layer_norm",
};

const MPNET: Names = Names {
    prefix: "mpnet.",
    query: "attention.attn.q",
    key: "attention.attn.k",
    value: "attention.attn.v",
    attention_output: "attention.attn.o",
    attention_norm: "attention.LayerNorm",
    ..BERT
};

const ELECTRA: Names = Names { prefix: "electra.", ..BERT };
const ROBERTA: Names = Names { prefix: "roberta.", ..BERT };

/// `model_type` in config.json, the class in `architectures`, and the layout both refer to.
const SUPPORTED: [(&str, &str, Architecture); 7] = [
    ("bert", "BertForTokenClassification", Architecture::Bert),
    ("camembert", "CamembertForTokenClassification", Architecture::Roberta),
    ("distilbert", "DistilBertForTokenClassification", Architecture::DistilBert),
    ("electra", "ElectraForTokenClassification", Architecture::Electra),
    ("mpnet", "MPNetForTokenClassification", Architecture::Mpnet),
    ("roberta", "RobertaForTokenClassification", Architecture::Roberta),
    ("xlm-roberta", "XLMRobertaForTokenClassification", Architecture::Roberta),
];

impl Architecture {
    /// The architecture of a `model_type`, as config.json spells it.
    pub(crate) fn of_model_type(name: &str) -> Option<Self> {
        SUPPORTED.iter().find(|(model_type, ..)| *model_type == name).map(|&(.., architecture)| architecture)
    }

    /// The architecture of a class in `architectures`.
    pub(crate) fn of_class(name: &str) -> Option<Self> {
        SUPPORTED.iter().find(|(_, class, _)| *class == name).map(|&(.., architecture)| architecture)
    }

    /// The class in `architectures` for a `model_type`.
    #[cfg(feature = "train")]
    pub(crate) fn class_of(model_type: &str) -> Option<&'static str> {
        SUPPORTED.iter().find(|(name, ..)| *name == model_type).map(|&(_, class, _)| class)
    }

    /// Every supported `model_type`, for error messages.
    pub(crate) fn model_types() -> String {
        SUPPORTED.map(|(model_type, ..)| model_type).join(", ")
    }

    /// Every supported class, for error messages.
    pub(crate) fn classes() -> String {
        SUPPORTED.map(|(_, class, _)| class).join(", ")
    }

    /// The first `model_type` of the layout.
    pub(crate) fn model_type(self) -> &'static str {
        let first = SUPPORTED.iter().find(|(.., architecture)| *architecture == self);
        first.map_or("", |(model_type, ..)| model_type)
    }

    pub(crate) fn names(self) -> &'static Names {
        match self {
            Self::Bert => &BERT,
            Self::DistilBert => &DISTILBERT,
            Self::Electra => &ELECTRA,
            Self::Mpnet => &MPNET,
            Self::Roberta => &ROBERTA,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bert => "BERT",
            Self::DistilBert => "DistilBERT",
            Self::Electra => "ELECTRA",
            Self::Mpnet => "MPNet",
            Self::Roberta => "RoBERTa",
        })
    }
}
