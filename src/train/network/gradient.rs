//! The gradient of the loss for the parameters that are trained.

/// One number for each trained parameter, which are those from `start` on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gradient {
    pub(crate) numbers: Vec<f32>,
    /// The first trained parameter.
    pub(crate) start: usize,
}

impl Gradient {
    /// Zeros for the parameters from `start` to `end`.
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { numbers: vec![0.0; end - start], start }
    }

    /// That of `len` parameters from the one at `start` on.
    pub(crate) fn of(&mut self, start: usize, len: usize) -> &mut [f32] {
        &mut self.numbers[start - self.start..][..len]
    }
}
