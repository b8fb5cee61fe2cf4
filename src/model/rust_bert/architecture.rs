//! The checkpoints this engine runs, and how each network departs from the others.

use std::fmt;

/// The network of a checkpoint, as rust-bert names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RustBertArchitecture {
    /// `AlbertForTokenClassification`.
    Albert,
    /// `BertForTokenClassification`.
    Bert,
    /// `DebertaForTokenClassification`.
    Deberta,
    /// `DebertaV2ForTokenClassification`, which DeBERTa-v3 uses too.
    DebertaV2,
    /// `DistilBertForTokenClassification`.
    DistilBert,
    /// `ElectraForTokenClassification`.
    Electra,
    /// `FNetForTokenClassification`.
    FNet,
    /// `LongformerForTokenClassification`.
    Longformer,
    /// `MobileBertForTokenClassification`.
    MobileBert,
    /// `RobertaForTokenClassification`, and `CamembertForTokenClassification`.
    Roberta,
    /// `XLMRobertaForTokenClassification`.
    XlmRoberta,
    /// `XLNetForTokenClassification`.
    XlNet,
}

use RustBertArchitecture as Architecture;

/// `model_type` in config.json, the class in `architectures`, and the network both refer to.
const SUPPORTED: [(&str, &str, Architecture); 13] = [
    ("albert", "AlbertForTokenClassification", Architecture::Albert),
    ("bert", "BertForTokenClassification", Architecture::Bert),
    ("camembert", "CamembertForTokenClassification", Architecture::Roberta),
    ("deberta", "DebertaForTokenClassification", Architecture::Deberta),
    ("deberta-v2", "DebertaV2ForTokenClassification", Architecture::DebertaV2),
    ("distilbert", "DistilBertForTokenClassification", Architecture::DistilBert),
    ("electra", "ElectraForTokenClassification", Architecture::Electra),
    ("fnet", "FNetForTokenClassification", Architecture::FNet),
    ("longformer", "LongformerForTokenClassification", Architecture::Longformer),
    ("mobilebert", "MobileBertForTokenClassification", Architecture::MobileBert),
    ("roberta", "RobertaForTokenClassification", Architecture::Roberta),
    ("xlm-roberta", "XLMRobertaForTokenClassification", Architecture::XlmRoberta),
    ("xlnet", "XLNetForTokenClassification", Architecture::XlNet),
];

/// The windows that may share a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// Windows of any length: padding is masked.
    Any,
    /// Windows of equal length.
    OfOneLength,
    /// None: every window is scored alone.
    None,
}

/// How the pieces of a window are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Positions {
    /// From 0, or not at all.
    FromZero,
    /// From the number after the padding id; pieces of that id take its own position.
    BehindPadding,
}

impl Architecture {
    pub(super) fn of_model_type(name: &str) -> Option<Self> {
        SUPPORTED.iter().find(|(model_type, ..)| *model_type == name).map(|&(.., architecture)| architecture)
    }

    pub(super) fn of_class(name: &str) -> Option<Self> {
        SUPPORTED.iter().find(|(_, class, _)| *class == name).map(|&(.., architecture)| architecture)
    }

    /// Every supported `model_type`, for error messages.
    pub(super) fn model_types() -> String {
        SUPPORTED.map(|(model_type, ..)| model_type).join(", ")
    }

    /// Every supported class, for error messages.
    pub(super) fn classes() -> String {
        SUPPORTED.map(|(_, class, _)| class).join(", ")
    }

    pub(super) fn positions(self) -> Positions {
        match self {
            Self::Longformer | Self::Roberta | Self::XlmRoberta => Positions::BehindPadding,
            _ => Positions::FromZero,
        }
    }

    /// The layer-norm epsilon hard-coded in rust-bert; `None` if it reads config.json.
    pub(super) fn built_in_epsilon(self) -> Option<f64> {
        match self {
            Self::Bert | Self::Electra | Self::Roberta | Self::XlmRoberta => Some(1e-12),
            // For DistilBERT, transformers hard-codes the same value.
            _ => None,
        }
    }

    /// Which windows can be padded to one length and scored together.
    pub(super) fn company(self) -> Company {
        match self {
            // FNet's Fourier transform covers the whole row; MobileBERT looks at the next piece without a mask.
            Self::FNet | Self::MobileBert => Company::OfOneLength,
            // rust-bert compares the token types of one window with those of the others.
            Self::XlNet => Company::None,
            _ => Company::Any,
        }
    }

    /// Variables that rust-bert creates but no label depends on; token-classification checkpoints lack them.
    pub(super) fn unused(self) -> &'static [&'static str] {
        match self {
            Self::Albert => &["albert.pooler."],
            _ => &[],
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Albert => "ALBERT",
            Self::Bert => "BERT",
            Self::Deberta => "DeBERTa",
            Self::DebertaV2 => "DeBERTa-v2",
            Self::DistilBert => "DistilBERT",
            Self::Electra => "ELECTRA",
            Self::FNet => "FNet",
            Self::Longformer => "Longformer",
            Self::MobileBert => "MobileBERT",
            Self::Roberta => "RoBERTa",
            Self::XlmRoberta => "XLM-RoBERTa",
            Self::XlNet => "XLNet",
        })
    }
}
