//! Which random numbers does the n-th sample get?

use fastrand::Rng;

/// What random numbers are drawn for: two purposes never share their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Which units a resample holds.
    Bootstrap,
    /// Which units swap their systems.
    Randomisation,
}

/// The generator of one sample (wyrand): the same numbers for the same seed, purpose and index on every platform, and
/// whichever thread draws them.
pub(crate) fn generator(seed: u64, purpose: Purpose, index: u32) -> Rng {
    let purpose = match purpose {
        Purpose::Bootstrap => 1,
        Purpose::Randomisation => 2,
    };
    let seed = Rng::with_seed(seed).u64(..);
    let seed = Rng::with_seed(seed.wrapping_add(purpose)).u64(..);
    let seed = Rng::with_seed(seed.wrapping_add(u64::from(index))).u64(..);
    Rng::with_seed(seed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn samples_get_numbers_of_their_own() {
        let mut seen = BTreeSet::new();
        for seed in 0..20 {
            for purpose in [Purpose::Bootstrap, Purpose::Randomisation] {
                for index in 0..500 {
                    assert!(seen.insert(generator(seed, purpose, index).u64(..)), "{seed} {purpose:?} {index}");
                }
            }
        }
    }

    /// A new version of the generator must not move published intervals unseen.
    #[test]
    fn numbers_stay_what_they_are() {
        let mut random = generator(0, Purpose::Bootstrap, 0);
        let drawn: Vec<u32> = (0..6).map(|_| random.u32(0..1000)).collect();
        assert_eq!(drawn, [246, 590, 691, 82, 142, 351]);
    }
}
