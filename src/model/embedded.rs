//! Which model is inside of the program?

/// The files of a model folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Files {
    pub(crate) config: &'static [u8],
    pub(crate) tokenizer: &'static [u8],
    pub(crate) weights: &'static [u8],
}

/// The model that this build carries, its weights in eight bits; `None` without the feature `embedded-model`.
#[cfg(feature = "embedded-model")]
pub(crate) fn embedded() -> Option<Files> {
    Some(Files {
        config: include_bytes!("../../models/news-en-small/config.json"),
        tokenizer: include_bytes!("../../models/news-en-small/tokenizer.json"),
        weights: include_bytes!(concat!(env!("OUT_DIR"), "/model.safetensors")),
    })
}

/// The model that this build carries; `None` without the feature `embedded-model`.
#[cfg(not(feature = "embedded-model"))]
pub(crate) fn embedded() -> Option<Files> {
    None
}
