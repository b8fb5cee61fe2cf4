//! Small neural networks over the features.
//!
//! Trees cut the features into boxes, networks weigh them. The two err in different places, so that their mean is better than either.

use serde::Deserialize;

use super::features::N_FEATURES;

/// Number of hidden units.
const N_HIDDEN: usize = 32;
/// Largest absolute value of a standardised feature, so that a name of extreme length counts no more than a long one.
const MOST: f32 = 4.0;

/// Networks with one hidden layer of rectified linear units. Their logits are averaged.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Networks {
    mean: Vec<f32>,
    /// Inverse standard deviation of each feature.
    scale: Vec<f32>,
    networks: Vec<Network>,
}

#[derive(Clone, Debug, PartialEq)]
struct Network {
    /// Per feature, its weight for each hidden unit.
    weights: Vec<[f32; N_HIDDEN]>, // [feature, hidden]
    biases: [f32; N_HIDDEN],
    output: [f32; N_HIDDEN],
    bias: f32,
}

/// Networks as the weights have them; may be empty.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNetworks {
    mean: Vec<f32>,
    scale: Vec<f32>,
    networks: Vec<RawNetwork>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNetwork {
    /// One row for each hidden unit.
    weights: Vec<Vec<f32>>,
    biases: Vec<f32>,
    output: Vec<f32>,
    bias: f32,
}

impl Networks {
    /// `None` unless there is one number for each feature and hidden unit.
    pub(super) fn new(raw: &RawNetworks) -> Option<Self> {
        if raw.networks.is_empty() {
            return Some(Self::default());
        }
        if raw.mean.len() != N_FEATURES || raw.scale.len() != N_FEATURES {
            return None;
        }
        let networks = raw.networks.iter().map(Network::new).collect::<Option<_>>()?;
        Some(Self { mean: raw.mean.clone(), scale: raw.scale.clone(), networks })
    }

    /// The mean logit; `None` without networks.
    pub(super) fn logit(&self, features: &[f32; N_FEATURES]) -> Option<f32> {
        if self.networks.is_empty() {
            return None;
        }
        let mut standard = *features;
        for ((feature, mean), scale) in standard.iter_mut().zip(&self.mean).zip(&self.scale) {
            *feature = ((*feature - mean) * scale).clamp(-MOST, MOST);
        }
        let sum: f32 = self.networks.iter().map(|network| network.logit(&standard)).sum();
        Some(sum / self.networks.len() as f32)
    }
}

impl Network {
    fn new(raw: &RawNetwork) -> Option<Self> {
        if raw.weights.len() != N_HIDDEN || raw.weights.iter().any(|row| row.len() != N_FEATURES) {
            return None;
        }
        let weights = (0..N_FEATURES).map(|at| std::array::from_fn(|unit| raw.weights[unit][at])).collect();
        let biases = raw.biases.as_slice().try_into().ok()?;
        let output = raw.output.as_slice().try_into().ok()?;
        Some(Self { weights, biases, output, bias: raw.bias })
    }

    fn logit(&self, features: &[f32; N_FEATURES]) -> f32 {
        let mut hidden = self.biases;
        for (feature, weights) in features.iter().zip(&self.weights) {
            for (unit, weight) in hidden.iter_mut().zip(weights) {
                *unit += feature * weight;
            }
        }
        self.bias + hidden.iter().zip(&self.output).map(|(unit, weight)| unit.max(0.0) * weight).sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawNetworks {
        // Unit 0 has the first feature, unit 1 its negative; the others nothing.
        let row = |weight: f32| (0..N_FEATURES).map(|at| if at == 0 { weight } else { 0.0 }).collect::<Vec<_>>();
        let weights = (0..N_HIDDEN).map(|unit| row([1.0, -1.0].get(unit).copied().unwrap_or(0.0))).collect();
        let output = (0..N_HIDDEN).map(|unit| if unit == 0 { 2.0 } else { 3.0 }).collect();
        let network = RawNetwork { weights, biases: vec![0.0; N_HIDDEN], output, bias: 0.25 };
        RawNetworks { mean: vec![1.0; N_FEATURES], scale: vec![0.5; N_FEATURES], networks: vec![network] }
    }

    #[test]
    fn features_are_standardised_cut_and_weighed() {
        let networks = Networks::new(&raw()).expect("it is sound");
        for (first, want) in [(1.0, 0.25), (5.0, 2.0 * 2.0 + 0.25), (-3.0, 2.0 * 3.0 + 0.25), (99.0, 2.0 * 4.0 + 0.25)]
        {
            let mut features = [1.0; N_FEATURES];
            features[0] = first;
            assert_eq!(networks.logit(&features), Some(want), "{first}");
        }
        assert_eq!(Networks::default().logit(&[0.0; N_FEATURES]), None);
    }

    #[test]
    fn networks_of_another_shape_are_refused() {
        let broken: [fn(&mut RawNetworks); 4] = [
            |raw| raw.mean.truncate(3),
            |raw| raw.networks[0].weights.truncate(3),
            |raw| raw.networks[0].weights[5].truncate(3),
            |raw| raw.networks[0].output.truncate(3),
        ];
        for (at, break_it) in broken.iter().enumerate() {
            let mut raw = raw();
            break_it(&mut raw);
            assert_eq!(Networks::new(&raw), None, "{at}");
        }
    }
}
