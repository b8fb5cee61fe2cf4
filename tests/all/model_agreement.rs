//! Does every architecture compute what PyTorch computes? The checkpoints and the answers come from models/train/make_fixtures.py.

use std::error::Error as _;
use std::fs;

use allonym::encode::Batch;
use allonym::encode::{CaseClasses, InputFormat};
use allonym::model::{Architecture, Encoder, Error, HeadId, Native, Precision, Scratch};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::fixtures::{TOLERANCE, alone_and_together, batch, cases, folder};

const FIXTURES: [(&str, Architecture); 8] = [
    ("bert", Architecture::Bert),
    ("bert-f16", Architecture::Bert),
    ("bert-bf16", Architecture::Bert),
    ("distilbert", Architecture::DistilBert),
    ("electra", Architecture::Electra),
    ("mpnet", Architecture::Mpnet),
    ("roberta", Architecture::Roberta),
    ("xlm-roberta", Architecture::Roberta),
];

fn config(name: &str) -> Vec<u8> {
    fs::read(folder(name).join("config.json")).expect("config.json is checked in")
}

fn weights(name: &str) -> Vec<u8> {
    fs::read(folder(name).join("model.safetensors")).expect("model.safetensors is checked in")
}

/// The weights of a fixture with its tensors changed, as the bytes of a safetensors file.
fn changed(name: &str, change: impl Fn(&str, TensorView<'_>) -> Option<(String, Vec<usize>)>) -> Vec<u8> {
    let bytes = weights(name);
    let tensors = SafeTensors::deserialize(&bytes).expect("a valid file");
    let kept = tensors.iter().filter_map(|(name, tensor)| {
        let (dtype, data) = (tensor.dtype(), tensor.data());
        let (name, shape) = change(name, tensor)?;
        let n_bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        Some((name, TensorView::new(dtype, shape, &data[..n_bytes]).expect("a shape that fits")))
    });
    safetensors::serialize(kept.collect::<Vec<_>>(), None).expect("valid tensors")
}

#[test]
fn every_architecture_agrees_with_pytorch() {
    for (name, architecture) in FIXTURES {
        let model = Native::open(folder(name), Precision::F32).expect(name);
        assert_eq!(model.architecture(), architecture, "{name}");
        let mut scratch = Scratch::default();
        let mut worst: f32 = 0.0;
        let cases = cases(name);
        assert!(cases.iter().any(|case| case.ids.len() == 1), "{name}: a window of one piece");
        assert!(cases.iter().any(|case| case.ids.len() == model.spec().max_pieces), "{name}: a window of full length");
        for case in &cases {
            assert_eq!(case.logits.len(), model.spec().heads.len(), "{name}");
            for (head, want) in &case.logits {
                let head = model.spec().find_head(head).expect(name);
                let got = model.score(&batch([case]), head, &mut scratch).expect(name);
                assert_eq!(got.dim(), (case.ids.len(), model.spec().heads[head.index()].labels.len()), "{name}");
                for (got, want) in got.rows().into_iter().zip(want) {
                    for (got, want) in got.iter().zip(want) {
                        worst = worst.max((got - want).abs());
                        assert!(got.is_finite(), "{name}");
                    }
                }
            }
        }
        assert!(worst <= TOLERANCE, "{name}: max difference {worst:e}");
    }
}

/// The scores of every head are a projection of the hidden states by the weights in the checkpoint.
#[test]
fn heads_are_computed_from_the_hidden_states() {
    let numbers = |tensor: &safetensors::tensor::TensorView<'_>| -> Vec<f32> {
        assert_eq!(tensor.dtype(), safetensors::Dtype::F32);
        tensor.data().as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
    };
    let bytes = std::fs::read(folder("bert").join("model.safetensors")).expect("it is checked in");
    let tensors = safetensors::SafeTensors::deserialize(&bytes).expect("a valid file");
    let model = Native::open(folder("bert"), Precision::F32).expect("a good folder");
    let batch = batch(&cases("bert"));
    let width = model.spec().hidden_size;
    let hidden = model.hidden(&batch, &mut Scratch::default()).expect("a good batch").to_owned();
    assert_eq!(hidden.dim(), (batch.n_pieces(), width));
    for (head, prefix) in [("conll", "classifier"), ("worldwide", "heads.worldwide")] {
        let tensor = |end: &str| numbers(&tensors.tensor(&format!("{prefix}.{end}")).expect("the head's tensor"));
        let (weight, bias) = (tensor("weight"), tensor("bias"));
        let weight = ndarray::Array2::from_shape_vec((bias.len(), width), weight).expect("a row for each label");
        let want = hidden.dot(&weight.t()) + ndarray::Array1::from(bias);
        let mut scratch = Scratch::default();
        let head = model.spec().find_head(head).expect("two heads");
        let got = model.score(&batch, head, &mut scratch).expect("a good batch");
        let worst = (&want - &got).iter().fold(0.0_f32, |worst, x| worst.max(x.abs()));
        assert!(worst <= TOLERANCE, "max difference {worst:e}");
    }
}

#[test]
fn a_window_scores_the_same_alone_and_in_any_company() {
    for (name, _) in FIXTURES {
        let model = Native::open(folder(name), Precision::F32).expect(name);
        alone_and_together(name, &model, |alone, together, piece| assert_eq!(alone, together, "{piece}"));
    }
}

#[test]
fn threads_share_one_model_and_get_the_same_numbers() {
    let model = Native::open(folder("bert"), Precision::F32).expect("a good folder");
    let cases = cases("bert");
    let batch = batch(&cases);
    let score = || model.score(&batch, HeadId::default(), &mut Scratch::default()).expect("a good batch").to_owned();
    let want = score();
    let got: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(score)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(got.iter().all(|got| *got == want));
    for n_threads in 1..4 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("a pool");
        assert_eq!(pool.install(score), want, "{n_threads} threads");
    }
}

#[test]
fn our_own_settings_come_with_the_model() {
    let model = Native::open(folder("bert"), Precision::F32).expect("a good folder");
    let heads: Vec<_> =
        model.spec().heads.iter().map(|head| (head.name.as_str(), head.labels.len(), head.temperature)).collect();
    assert_eq!(heads, [("conll", 9, 1.2), ("worldwide", 7, 0.9)]);
    let want = InputFormat::default().case_classes(CaseClasses::V1).line_separator(true).max_pieces(32).context(6);
    assert_eq!(model.spec().input, want);
    assert_eq!((model.spec().max_pieces, model.spec().n_types), (40, 8));
    let error = model.spec().find_head("wordlwide").expect_err("no such head");
    assert_eq!(error.to_string(), "unknown head \"wordlwide\", expected one of conll, worldwide");
    let roberta = Native::open(folder("roberta"), Precision::F32).expect("a good folder");
    assert_eq!(
        (roberta.spec().max_pieces, roberta.spec().n_types, roberta.spec().heads[0].name.as_str()),
        (40, 1, "default")
    );
}

#[test]
fn bytes_shards_and_old_names_load_like_a_folder() {
    let case = &cases("bert")[3];
    let score = |model: &Native| {
        model.score(&batch([case]), HeadId::default(), &mut Scratch::default()).expect("a good batch").to_owned()
    };
    let want = score(&Native::open(folder("bert"), Precision::F32).expect("a good folder"));

    let lasting: &'static [u8] = weights("bert").leak();
    assert_eq!(score(&Native::from_bytes(&config("bert"), lasting, Precision::F32).expect("static bytes")), want);
    assert_eq!(
        score(&Native::from_bytes(&config("bert"), weights("bert"), Precision::F32).expect("owned bytes")),
        want
    );

    let old = changed("bert", |name, tensor| {
        let bare = name.strip_prefix("bert.").unwrap_or(name);
        let old = bare.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        Some((old, tensor.shape().to_vec()))
    });
    assert_eq!(
        score(&Native::from_bytes(&config("bert"), old, Precision::F32).expect("old names without a prefix")),
        want
    );

    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("config.json"), config("bert")).expect("written");
    let mut index = serde_json::Map::new();
    for shard in ["a.safetensors", "b.safetensors"] {
        let bytes = changed("bert", |name, tensor| {
            ((name.len() % 2 == 0) == (shard == "a.safetensors")).then(|| (name.to_owned(), tensor.shape().to_vec()))
        });
        let tensors = SafeTensors::deserialize(&bytes).expect("a valid file");
        index.extend(tensors.names().into_iter().map(|name| (name.to_owned(), shard.into())));
        fs::write(folder.path().join(shard), &bytes).expect("written");
    }
    let index = serde_json::json!({"metadata": {"total_size": 1}, "weight_map": index});
    fs::write(folder.path().join("model.safetensors.index.json"), index.to_string()).expect("written");
    assert_eq!(score(&Native::open(folder.path(), Precision::F32).expect("two shards")), want);
}

#[test]
fn a_missing_or_misshapen_tensor_is_named() {
    let cases = [
        ("bert", "bert.encoder.layer.1.output.LayerNorm.bias"),
        ("bert", "bert.embeddings.token_type_embeddings.weight"),
        ("bert", "classifier.weight"),
        ("bert", "heads.worldwide.bias"),
        ("distilbert", "distilbert.transformer.layer.0.attention.k_lin.weight"),
        ("electra", "electra.embeddings_project.weight"),
        ("mpnet", "mpnet.encoder.layer.0.attention.attn.q.bias"),
        ("mpnet", "mpnet.encoder.relative_attention_bias.weight"),
        ("roberta", "roberta.embeddings.word_embeddings.weight"),
        ("xlm-roberta", "roberta.encoder.layer.0.intermediate.dense.bias"),
    ];
    for (model, tensor) in cases {
        let without = changed(model, |name, view| (name != tensor).then(|| (name.to_owned(), view.shape().to_vec())));
        let error = Native::from_bytes(&config(model), without, Precision::F32).expect_err(tensor);
        assert!(matches!(&error, Error::MissingTensor { tensor: found, .. } if found == tensor), "{error}");
        assert!(error.to_string().contains(tensor), "{error}");

        let shorter = changed(model, |name, view| {
            let mut shape = view.shape().to_vec();
            shape[0] -= usize::from(name == tensor);
            Some((name.to_owned(), shape))
        });
        let error = Native::from_bytes(&config(model), shorter, Precision::F32).expect_err(tensor);
        let Error::TensorShape { tensor: found, expected, found: shape } = &error else { panic!("{tensor}: {error}") };
        assert_eq!((found.as_str(), expected[0]), (tensor, shape[0] + 1), "{error}");
    }
}

#[test]
fn a_folder_that_cannot_be_used_says_why() {
    let plain = String::from_utf8(config("distilbert")).expect("JSON");
    let cases = [
        (
            "architecture",
            plain.replace("DistilBertForTokenClassification", "T5ForTokenClassification"),
            "T5ForTokenClassification",
        ),
        ("model type", plain.replace("\"distilbert\"", "\"deberta-v2\""), "deberta-v2"),
        ("no JSON", "{".to_owned(), "config.json is not valid"),
    ];
    for (name, config, want) in cases {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("config.json"), config).expect("written");
        fs::write(folder.path().join("model.safetensors"), weights("distilbert")).expect("written");
        let error = Native::open(folder.path(), Precision::F32).expect_err(name);
        assert!(error.to_string().contains(&folder.path().display().to_string()), "{name}: {error}");
        let cause = error.source().expect("a cause").to_string();
        assert!(cause.contains(want), "{name}: {cause}");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cause = Native::open(folder.path(), Precision::F32).expect_err("empty").source().expect("a cause").to_string();
    assert_eq!(cause, "cannot read config.json");
}

#[test]
fn sizes_that_no_memory_could_hold_are_refused() {
    let plain = String::from_utf8(config("bert")).expect("JSON");
    for (key, value) in
        [("intermediate_size", 56), ("num_hidden_layers", 2), ("vocab_size", 153), ("type_vocab_size", 8)]
    {
        let huge = plain.replace(&format!("\"{key}\": {value}"), &format!("\"{key}\": 4611686018427387904"));
        assert_ne!(huge, plain, "{key}");
        let error = Native::from_bytes(huge.as_bytes(), weights("bert"), Precision::F32).expect_err(key);
        assert!(matches!(error, Error::MissingTensor { .. } | Error::TensorShape { .. }), "{key}: {error}");
    }
}

#[test]
fn numbers_that_we_do_not_read_are_refused() {
    let bytes = weights("bert");
    let tensors = SafeTensors::deserialize(&bytes).expect("a valid file");
    let integers = tensors.iter().map(|(name, tensor)| {
        let dtype = if name == "classifier.bias" { safetensors::Dtype::I32 } else { tensor.dtype() };
        (name, TensorView::new(dtype, tensor.shape().to_vec(), tensor.data()).expect("as many bytes"))
    });
    let bytes = safetensors::serialize(integers.collect::<Vec<_>>(), None).expect("valid tensors");
    let error = Native::from_bytes(&config("bert"), bytes, Precision::F32).expect_err("integers");
    assert_eq!(error.to_string(), "tensor classifier.bias: expected F32, F16 or BF16, found I32");
}

#[test]
fn a_batch_that_the_model_cannot_cover_is_refused() {
    let bert = Native::open(folder("bert"), Precision::F32).expect("a good folder");
    let distilbert = Native::open(folder("distilbert"), Precision::F32).expect("a good folder");
    let mut scratch = Scratch::default();
    let mut refuse = |model: &Native, ids: &[u32], types: &[u32]| {
        let mut batch = Batch::default();
        batch.push(&[2, 3], &[0, 0]);
        batch.push(ids, types);
        model.score(&batch, HeadId::default(), &mut scratch).expect_err("out of range").to_string()
    };
    let vocab_size = bert.spec().vocab_size;
    let want = format!("piece 3: expected an id below {vocab_size}, found {vocab_size}");
    assert_eq!(refuse(&bert, &[1, vocab_size as u32], &[0, 0]), want);
    assert_eq!(refuse(&bert, &[1, 2], &[0, 8]), "piece 3: expected a token type below 8, found 8");
    assert_eq!(refuse(&distilbert, &[1], &[1]), "piece 2: expected a token type below 1, found 1");
    assert_eq!(refuse(&bert, &[1; 41], &[0; 41]), "window 1: expected at most 40 pieces, found 41");

    let empty = bert.score(&Batch::default(), HeadId::default(), &mut scratch).expect("nothing to score");
    assert_eq!(empty.dim(), (0, 9));
    let other = bert.spec().find_head("worldwide").expect("bert has two heads");
    let error = distilbert.score(&Batch::default(), other, &mut scratch).expect_err("another model's head");
    assert_eq!(error.to_string(), "expected a head below 1, found 1");
}

/// Bytes round, so scores move; how far is bounded on every layout, and the best label of a piece stays where it is clear.
#[test]
fn bytes_stay_near_single_precision() {
    for (name, _) in FIXTURES {
        let exact = Native::open(folder(name), Precision::F32).expect(name);
        let rounded = Native::open(folder(name), Precision::Int8).expect(name);
        let batch = batch(&cases(name));
        let (mut first, mut second) = (Scratch::default(), Scratch::default());
        let want = exact.score(&batch, HeadId::default(), &mut first).expect(name);
        let got = rounded.score(&batch, HeadId::default(), &mut second).expect(name);
        let mean_square =
            |values: &mut dyn Iterator<Item = f32>| values.map(|x| f64::from(x * x)).sum::<f64>() / want.len() as f64;
        let signal = mean_square(&mut want.iter().copied());
        let noise = mean_square(&mut want.iter().zip(got).map(|(want, got)| want - got));
        let relative = (noise / signal).sqrt();
        assert!(relative > 0.0 && relative < 0.05, "{name}: relative error {relative:.4}");
    }
}

#[test]
fn a_window_scores_the_same_in_bytes_alone_and_in_any_company() {
    for (name, _) in FIXTURES {
        let model = Native::open(folder(name), Precision::Int8).expect(name);
        let cases = cases(name);
        let mut scratch = Scratch::default();
        let together = model.score(&batch(&cases), HeadId::default(), &mut scratch).expect(name).to_owned();
        let mut from = 0;
        for case in &cases {
            let alone = model.score(&batch([case]), HeadId::default(), &mut scratch).expect(name);
            for (i, row) in alone.rows().into_iter().enumerate() {
                assert_eq!(row, together.row(from + i), "{name}: piece {i} of {}", case.ids.len());
            }
            from += case.ids.len();
        }
    }
}

/// In the steady state nothing is allocated: the second round works in the memory of the first.
#[test]
fn scoring_in_bytes_allocates_nothing_twice() {
    for (name, _) in FIXTURES {
        let model = Native::open(folder(name), Precision::Int8).expect(name);
        let batch = batch(&cases(name));
        let mut scratch = Scratch::default();
        let mut round = || _ = model.score(&batch, HeadId::default(), &mut scratch).expect(name);
        let first = allocation_counter::measure(&mut round);
        let second = allocation_counter::measure(&mut round);
        assert!(first.bytes_total > 0, "{name}: the counter counts");
        assert_eq!(second.count_total, 0, "{name}: {second:?}");
    }
}

/// A tensor to be stored: name, number format, shape, bytes.
type Stored = (String, Dtype, Vec<usize>, Vec<u8>);

/// The weights of a fixture with each matrix as `store` has it, as the bytes of a safetensors file.
fn stored(name: &str, store: impl Fn(&str, [usize; 2], &[f32]) -> Option<Vec<Stored>>) -> Vec<u8> {
    let bytes = weights(name);
    let tensors = SafeTensors::deserialize(&bytes).expect("a valid file");
    let mut all = Vec::new();
    for (name, tensor) in tensors.iter() {
        let numbers: Vec<f32> = tensor.data().as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        let matrix = <[usize; 2]>::try_from(tensor.shape()).ok();
        let new = matrix.and_then(|shape| store(name, shape, &numbers));
        let as_it_is = || vec![(name.to_owned(), tensor.dtype(), tensor.shape().to_vec(), tensor.data().to_vec())];
        all.extend(new.unwrap_or_else(as_it_is));
    }
    let views = all.iter().map(|(name, dtype, shape, data)| {
        (name, TensorView::new(*dtype, shape.clone(), data).expect("a shape that fits"))
    });
    safetensors::serialize(views.collect::<Vec<_>>(), None).expect("valid tensors")
}

/// The matrices of the layers in eight bits, as the build script stores those of the model inside.
fn in_bytes(name: &str) -> Vec<u8> {
    stored(name, |name, [n_rows, width], numbers| {
        let (mut rows, mut scales) = (Vec::new(), Vec::new());
        for row in numbers.chunks(width) {
            let top = row.iter().fold(0.0_f32, |top, x| top.max(x.abs()));
            rows.extend(row.iter().map(|x| ((x * (127.0 / top)).round_ties_even() as i8).cast_unsigned()));
            scales.extend((top / 127.0).to_le_bytes());
        }
        let scales = (format!("{name}.scale"), Dtype::F32, vec![n_rows], scales);
        name.contains(".layer.").then(|| vec![(name.to_owned(), Dtype::I8, vec![n_rows, width], rows), scales])
    })
}

fn scores(name: &str, weights: Vec<u8>, precision: Precision) -> Vec<f32> {
    let model = Native::from_bytes(&config(name), weights, precision).expect(name);
    let mut scratch = Scratch::default();
    let scores = model.score(&batch(&cases(name)), HeadId::default(), &mut scratch).expect(name);
    scores.iter().copied().collect()
}

#[test]
fn weights_stored_in_bytes_score_as_weights_rounded_when_loaded() {
    for name in ["bert", "electra", "roberta"] {
        let want = scores(name, weights(name), Precision::Int8);
        assert_eq!(scores(name, in_bytes(name), Precision::Int8), want, "{name}");
        let exact = scores(name, weights(name), Precision::F32);
        let rounded = scores(name, in_bytes(name), Precision::F32);
        let square = |values: &mut dyn Iterator<Item = f32>| values.map(|x| f64::from(x * x)).sum::<f64>();
        let noise = square(&mut exact.iter().zip(&rounded).map(|(x, y)| x - y));
        let relative = (noise / square(&mut exact.iter().copied())).sqrt();
        assert!(relative > 0.0 && relative < 0.05, "{name}: relative error {relative:.4}");
    }
}

#[test]
fn word_vectors_of_five_bits_are_what_they_stand_for() {
    let words = "bert.embeddings.word_embeddings.weight";
    let steps = |i: usize| (i * 7 + i / 32) % 32;
    let scale = |block: usize| (1 + block % 5) as f32 / 16.0;
    let small = stored("bert", |name, [n_rows, width], numbers| {
        let group = |at: usize| {
            let lower = (0..4).map(move |i| steps(at + 2 * i) & 15 | (steps(at + 2 * i + 1) & 15) << 4);
            lower.chain([(0..8).map(|i| (steps(at + i) / 16) << i).sum()]).map(|byte| byte as u8)
        };
        let bytes = (0..numbers.len()).step_by(8).flat_map(group).collect();
        let scales = (0..numbers.len() / 32).flat_map(|block| scale(block).to_le_bytes()).collect();
        let scales = (format!("{name}.scale"), Dtype::F32, vec![n_rows, width / 32], scales);
        (name == words).then(|| vec![(name.to_owned(), Dtype::U8, vec![n_rows, width / 8 * 5], bytes), scales])
    });
    let large = stored("bert", |name, shape, numbers| {
        let bytes = (0..numbers.len()).flat_map(|i| ((steps(i) as f32 - 16.0) * scale(i / 32)).to_le_bytes()).collect();
        (name == words).then(|| vec![(name.to_owned(), Dtype::F32, shape.to_vec(), bytes)])
    });
    for precision in [Precision::F32, Precision::Int8] {
        assert_eq!(scores("bert", small.clone(), precision), scores("bert", large.clone(), precision), "{precision:?}");
    }
}

#[test]
fn bytes_without_scales_are_refused() {
    let tensor = "bert.encoder.layer.0.output.dense.weight";
    let bytes = in_bytes("bert");
    let tensors = SafeTensors::deserialize(&bytes).expect("a valid file");
    let kept = tensors.iter().filter(|(name, _)| *name != format!("{tensor}.scale"));
    let bytes = safetensors::serialize(kept.collect::<Vec<_>>(), None).expect("valid tensors");
    for precision in [Precision::Int8, Precision::F32] {
        let error = Native::from_bytes(&config("bert"), bytes.clone(), precision).expect_err("a scale is missing");
        assert!(error.to_string().contains(&format!("{tensor}.scale")), "{error}");
    }
}
