//! The nonlinearity between the two halves of a feed-forward layer.

use rten_vecmath::{ApproxGelu, Gelu};

use rten_simd::SimdUnaryOp;

/// An activation function, applied element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// `x * (1 + erf(x / sqrt(2))) / 2`; the error of erf is below 7e-7.
    Gelu,
    /// The tanh approximation of GELU (Hendrycks and Gimpel, 2016).
    GeluTanh,
    /// `max(x, 0)`.
    Relu,
}

impl Activation {
    /// The spellings accepted in config.json, for error messages.
    pub(crate) const SUPPORTED: &str = "one of gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, gelu_python, relu";

    /// The activation config.json calls `name`.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        match name {
            "gelu" | "gelu_python" => Some(Self::Gelu),
            "gelu_new" | "gelu_fast" | "gelu_pytorch_tanh" => Some(Self::GeluTanh),
            "relu" => Some(Self::Relu),
            _ => None,
        }
    }

    /// Applies the function to every element in place.
    pub(crate) fn apply(self, numbers: &mut [f32]) {
        match self {
            Self::Gelu => Gelu {}.map_mut(numbers),
            Self::GeluTanh => ApproxGelu {}.map_mut(numbers),
            Self::Relu => numbers.iter_mut().for_each(|x| *x = x.max(0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// erf from its Maclaurin series, which converges well for |x| < 4.
    fn erf(x: f64) -> f64 {
        let mut term = x;
        let mut sum = x;
        for n in 1..120 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        2.0 / std::f64::consts::PI.sqrt() * sum
    }

    #[test]
    fn every_activation_matches_its_definition() {
        let tanh = |x: f64| 0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh());
        let exact = |x: f64| 0.5 * x * (1.0 + erf(x / std::f64::consts::SQRT_2));
        let cases: [(&str, &dyn Fn(f64) -> f64); 3] =
            [("gelu", &exact), ("gelu_new", &tanh), ("relu", &|x: f64| x.max(0.0))];
        for (name, want) in cases {
            let activation = Activation::of_name(name).expect("a supported name");
            for len in [1, 7, 16, 1001] {
                let xs: Vec<f32> = (0..len).map(|i| -5.5 + 11.0 * i as f32 / len as f32).collect();
                let mut got = xs.clone();
                activation.apply(&mut got);
                for (&x, &y) in xs.iter().zip(&got) {
                    let want = want(f64::from(x));
                    assert!((f64::from(y) - want).abs() < 3e-6, "{name}({x}) of {len}: got {y}, want {want}");
                }
            }
        }
    }

    #[test]
    fn unknown_activations_have_no_fallback() {
        assert_eq!(Activation::of_name("silu"), None);
    }
}
