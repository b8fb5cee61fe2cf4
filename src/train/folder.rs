//! The folder of a model: config.json, tokenizer.json, model.safetensors.

use std::collections::HashMap;

use half::f16;
use half::slice::HalfFloatSliceExt;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::{Value, json};

use super::blueprint::{Blueprint, Kept, Tensor};
use crate::model::{Architecture, Error, Head};

/// The weights as a safetensors file, in 16 bits, but for tensors with numbers too large for them.
pub(crate) fn weights(blueprint: &Blueprint, parameters: &[f32]) -> Vec<u8> {
    let own = blueprint.tensors.iter().map(|Tensor { name, shape, range }| (name, shape, &parameters[range.clone()]));
    let kept = blueprint.kept.iter().map(|Kept { name, shape, numbers }| (name, shape, &numbers[..]));
    let stored: Vec<(&String, &Vec<usize>, Dtype, Vec<u8>)> = own
        .chain(kept)
        .map(|(name, shape, numbers)| {
            let (dtype, bytes) = stored(numbers);
            (name, shape, dtype, bytes)
        })
        .collect();
    let views = stored.iter().map(|(name, shape, dtype, bytes)| {
        (name.as_str(), TensorView::new(*dtype, (*shape).clone(), bytes).expect("a number for each place"))
    });
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize(views, Some(metadata)).expect("the tensors have different names")
}

fn stored(numbers: &[f32]) -> (Dtype, Vec<u8>) {
    if numbers.iter().any(|x| x.abs() > 65_504.0) {
        return (Dtype::F32, numbers.iter().flat_map(|x| x.to_le_bytes()).collect());
    }
    let mut halves = vec![f16::ZERO; numbers.len()];
    halves.convert_from_f32_slice(numbers);
    (Dtype::F16, halves.iter().flat_map(|x| x.to_le_bytes()).collect())
}

/// The configuration of a model with these heads, the first one being the default, from that of the model that it was trained from.
pub(crate) fn config(from: &Value, heads: &[Head], description: &str) -> Result<Value, Error> {
    let mut config = from.clone();
    let Value::Object(fields) = &mut config else {
        return Err(Error::Config {
            key: "config.json".to_owned(),
            expected: "an object".to_owned(),
            found: "something else".to_owned(),
        });
    };
    let default = heads.first().expect("there is the new head");
    let numbered = || default.labels.iter().enumerate();
    fields.insert("id2label".into(), numbered().map(|(i, label)| (i.to_string(), json!(label))).collect());
    fields.insert("label2id".into(), numbered().map(|(i, label)| (label.clone(), json!(i))).collect());
    fields.remove("torch_dtype");
    fields.insert("dtype".into(), "float16".into());
    let model_type = fields.get("model_type").and_then(Value::as_str).unwrap_or_default();
    if let Some(class) = Architecture::class_of(model_type) {
        fields.insert("architectures".into(), json!([class]));
    }
    let mut own = json!({ "description": description });
    if let (Some(Value::Object(known)), Value::Object(own)) = (fields.get("allonym"), &mut own) {
        let kept = ["languages", "license", "case_classes", "line_separator", "cut_words", "window"];
        own.extend(kept.iter().filter_map(|&key| Some((key.to_owned(), known.get(key)?.clone()))));
    }
    own["default_head"] = default.name.as_str().into();
    for head in heads {
        own["heads"][&head.name] = json!({ "labels": head.labels, "temperature": rounded(head.temperature) });
    }
    fields.insert("allonym".into(), own);
    Ok(config)
}

/// Without the digits that single precision does not have.
fn rounded(temperature: f32) -> f64 {
    (f64::from(temperature) * 1e4).round() / 1e4
}
