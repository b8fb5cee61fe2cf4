//! What goes into a report?

use super::inputs::InputStamp;
use crate::Pool;
use crate::eval::{Pairing, Resampling, TrainingNames};
use crate::label::Repair;

/// What a report holds, and how it came about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReportOptions<'a> {
    /// The names in the training documents, for scores by seen and unseen names; none by default.
    pub training: Option<&'a TrainingNames>,
    /// The same documents read with the other [`Repair`], to show how much that matters; none by default.
    pub other_repair: Option<&'a Pairing>,
    /// The number of bootstrap samples for the intervals; 1,000 by default, 0 for no intervals.
    pub samples: u32,
    /// The number of trials for each p-value; 10,000 by default.
    pub trials: u32,
    /// The seed of the random numbers; 1 by default.
    pub seed: u64,
    /// How tags that break their scheme were read; [`Repair::Begin`] by default. For the stamp, and for `other_repair`.
    pub repair: Repair,
    /// The names of the systems in the report, in their order; by default those of their inputs.
    pub names: Vec<String>,
    /// The command that makes the report, for the stamp; empty by default.
    pub command: String,
    /// The files that were read, for the stamp, the gold first; none by default.
    pub inputs: Vec<InputStamp>,
    /// The threads to use; by default a pool of its own.
    pub pool: Pool,
}

impl Default for ReportOptions<'_> {
    fn default() -> Self {
        Self {
            training: None,
            other_repair: None,
            samples: 1000,
            trials: 10_000,
            seed: 1,
            repair: Repair::default(),
            names: Vec::new(),
            command: String::new(),
            inputs: Vec::new(),
            pool: Pool::default(),
        }
    }
}

impl<'a> ReportOptions<'a> {
    /// Sets [`training`](Self#structfield.training).
    #[must_use]
    pub fn training(mut self, training: &'a TrainingNames) -> Self {
        self.training = Some(training);
        self
    }

    /// Sets [`other_repair`](Self#structfield.other_repair).
    #[must_use]
    pub fn other_repair(mut self, pairing: &'a Pairing) -> Self {
        self.other_repair = Some(pairing);
        self
    }

    /// Sets [`samples`](Self#structfield.samples).
    #[must_use]
    pub fn samples(mut self, samples: u32) -> Self {
        self.samples = samples;
        self
    }

    /// Sets [`trials`](Self#structfield.trials).
    #[must_use]
    pub fn trials(mut self, trials: u32) -> Self {
        self.trials = trials;
        self
    }

    /// Sets [`seed`](Self#structfield.seed).
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets [`repair`](Self#structfield.repair).
    #[must_use]
    pub fn repair(mut self, repair: Repair) -> Self {
        self.repair = repair;
        self
    }

    /// Sets [`names`](Self#structfield.names).
    #[must_use]
    pub fn names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.names = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets [`command`](Self#structfield.command).
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// Sets [`inputs`](Self#structfield.inputs).
    #[must_use]
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = InputStamp>) -> Self {
        self.inputs = inputs.into_iter().collect();
        self
    }

    /// Sets [`pool`](Self#structfield.pool).
    #[must_use]
    pub fn pool(mut self, pool: Pool) -> Self {
        self.pool = pool;
        self
    }

    /// How to draw samples for intervals; `None` for no intervals.
    pub(super) fn intervals(&self) -> Option<Resampling> {
        (self.samples > 0).then(|| Resampling::default().samples(self.samples).seed(self.seed))
    }

    /// How to draw trials for differences.
    pub(super) fn differences(&self) -> Resampling {
        Resampling::default().samples(self.trials).seed(self.seed)
    }
}
