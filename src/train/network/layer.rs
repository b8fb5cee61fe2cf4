//! One transformer layer and its gradient.

use std::ops::Range;

use super::activation;
use super::attention::Attention;
use super::gradient::Gradient;
use super::layer_norm::{Norm, Normalised};
use super::linear::Linear;
use crate::model::{Activation, Store};

/// One layer, with normalisation after each residual sum: where its parts are among all parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer {
    /// Queries, keys and values side by side.
    pub(crate) qkv: Linear,
    pub(crate) attention_output: Linear,
    pub(crate) attention_norm: Norm,
    pub(crate) up: Linear,
    pub(crate) activation: Activation,
    pub(crate) down: Linear,
    pub(crate) output_norm: Norm,
}

/// What the backward pass needs to know of the forward pass of a layer.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    input: Vec<f32>,
    qkv: Vec<f32>,
    attention: Vec<f32>,
    context: Vec<f32>,
    attention_norm: Normalised,
    middle: Vec<f32>,
    up: Vec<f32>,
    inner: Vec<f32>,
    output_norm: Normalised,
}

/// Memory for the gradients inside a layer; layers share it.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    d_qkv: Vec<f32>,
    d_context: Vec<f32>,
    d_inner: Vec<f32>,
}

/// How far back a gradient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// To what is below the layer.
    Below,
    /// To the layer's own parameters.
    Own,
}

impl Layer {
    /// Replaces `hidden`, `[n, hidden]`, by the output of the layer.
    pub(crate) fn forward(
        &self,
        parameters: &[f32],
        (attention, windows): (&Attention, &[Range<usize>]),
        hidden: &mut [f32],
        kept: &mut Kept,
    ) {
        let size = self.attention_norm.width;
        let n = hidden.len() / size;
        copy(hidden, &mut kept.input);
        kept.qkv.resize(n * 3 * size, 0.0);
        kept.context.resize(n * size, 0.0);
        kept.attention.resize(attention.n_weights(windows), 0.0);
        self.qkv.forward(parameters, hidden, &mut kept.qkv, Store::Replace);
        attention.forward(windows, &kept.qkv, &mut kept.attention, &mut kept.context);
        self.attention_output.forward(parameters, &kept.context, hidden, Store::Add);
        self.attention_norm.forward(parameters, hidden, &mut kept.attention_norm);
        copy(hidden, &mut kept.middle);
        kept.up.resize(n * self.up.n_out, 0.0);
        kept.inner.resize(n * self.up.n_out, 0.0);
        self.up.forward(parameters, hidden, &mut kept.up, Store::Replace);
        activation::forward(self.activation, &kept.up, &mut kept.inner);
        self.down.forward(parameters, &kept.inner, hidden, Store::Add);
        self.output_norm.forward(parameters, hidden, &mut kept.output_norm);
    }

    /// Replaces the gradient of the output by that of the input, and learns on the way.
    pub(crate) fn backward(
        &self,
        parameters: &[f32],
        (attention, windows, reach): (&Attention, &[Range<usize>], Reach),
        (kept, inside): (&mut Kept, &mut Inside),
        d_hidden: &mut [f32],
        gradient: &mut Gradient,
    ) {
        let size = self.attention_norm.width;
        let n = d_hidden.len() / size;
        inside.d_inner.resize(n * self.up.n_out, 0.0);
        inside.d_context.resize(n * size, 0.0);
        inside.d_qkv.resize(n * 3 * size, 0.0);

        self.output_norm.backward(parameters, &kept.output_norm, d_hidden, Some(gradient));
        self.down.learn(&kept.inner, d_hidden, gradient);
        self.down.backward(parameters, d_hidden, &mut inside.d_inner, Store::Replace);
        activation::backward(self.activation, &mut kept.up, &mut inside.d_inner);
        self.up.learn(&kept.middle, &inside.d_inner, gradient);
        self.up.backward(parameters, &inside.d_inner, d_hidden, Store::Add);

        self.attention_norm.backward(parameters, &kept.attention_norm, d_hidden, Some(gradient));
        self.attention_output.learn(&kept.context, d_hidden, gradient);
        self.attention_output.backward(parameters, d_hidden, &mut inside.d_context, Store::Replace);
        attention.backward(windows, (&kept.qkv, &kept.attention), &inside.d_context, &mut inside.d_qkv);
        self.qkv.learn(&kept.input, &inside.d_qkv, gradient);
        if reach == Reach::Below {
            self.qkv.backward(parameters, &inside.d_qkv, d_hidden, Store::Add);
        }
    }
}

fn copy(numbers: &[f32], into: &mut Vec<f32>) {
    into.clear();
    into.extend_from_slice(numbers);
}
