//! How fast a review goes.

/// Longer pauses are not work.
const PAUSE: f64 = 60.0;

/// How fast a review goes: the time between steps, without the pauses.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    active: f64,
    last: Option<f64>,
}

impl Pace {
    /// A step was made, so many seconds after 1970.
    pub(crate) fn step(&mut self, seconds: f64) {
        if let Some(last) = self.last {
            self.active += (seconds - last).clamp(0.0, PAUSE);
        }
        self.last = Some(seconds);
    }

    /// The seconds that a document takes, when so many are complete.
    pub(crate) fn of_document(&self, n_complete: usize) -> Option<f64> {
        (n_complete > 0 && self.active > 0.0).then(|| self.active / n_complete as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_not_work() {
        let mut pace = Pace::default();
        assert_eq!(pace.of_document(1), None);
        for seconds in [1000.0, 1010.0, 9000.0, 9030.0, 9020.0] {
            pace.step(seconds);
        }
        assert_eq!(pace.of_document(0), None);
        assert_eq!(pace.of_document(2), Some(50.0));
    }
}
