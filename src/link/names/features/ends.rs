//! What the first and last tokens of two names say.

use crate::link::names::alignment::Alignment;

/// Scores of the first and last tokens.
pub(super) struct Ends {
    pub(super) last_last: f32,
    pub(super) first_first: f32,
    pub(super) last_any: (f32, f32),
    pub(super) first_any: (f32, f32),
    pub(super) extra_first: bool,
    pub(super) extra_last: bool,
}

impl Ends {
    pub(super) fn new(alignment: &Alignment<'_>) -> Self {
        let (n, m) = (alignment.a.len(), alignment.b.len());
        if n == 0 || m == 0 {
            let none = (0.0, 0.0);
            return Self {
                last_last: 0.0,
                first_first: 0.0,
                last_any: none,
                first_any: none,
                extra_first: false,
                extra_last: false,
            };
        }
        let score = |at: usize, other: usize| {
            alignment.pairs.iter().find(|pair| pair.a == at && pair.b == other).map_or(0.0, |pair| pair.compared.score)
        };
        let both = |one: f32, other: f32| (one.min(other), one.max(other));
        let (first_a, first_b) = (alignment.of_a(0), alignment.of_b(0));
        let (last_a, last_b) = (alignment.of_a(n - 1), alignment.of_b(m - 1));
        Self {
            last_last: score(n - 1, m - 1),
            first_first: score(0, 0),
            last_any: both(alignment.best_a[n - 1], alignment.best_b[m - 1]),
            first_any: both(alignment.best_a[0], alignment.best_b[0]),
            extra_first: first_a.is_some_and(|pair| pair.b > 0) && first_b.is_none()
                || first_b.is_some_and(|pair| pair.a > 0) && first_a.is_none(),
            extra_last: last_a.is_some_and(|pair| pair.b + 1 < m) && last_b.is_none()
                || last_b.is_some_and(|pair| pair.a + 1 < n) && last_a.is_none(),
        }
    }
}
