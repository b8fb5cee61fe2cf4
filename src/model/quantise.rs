//! Quantisation of weights. Used by the program, and by the build script for the embedded model.

/// The suffix that turns the name of a quantised tensor into the name of the tensor with its scales.
pub(crate) const SCALE: &str = ".scale";

/// Five-bit values that are stored together, in [`GROUP_BYTES`] bytes: the low four bits of two values in each of the first four
/// bytes, the fifth bits in the last.
pub(crate) const GROUP: usize = 8;

/// The size in bytes of a group of five-bit values.
pub(crate) const GROUP_BYTES: usize = 5;

/// The offset added to a five-bit value in storage.
pub(crate) const FIVE_BITS_ZERO: i8 = 16;

/// The largest eight-bit value.
pub(crate) const EIGHT_BITS: f32 = 127.0;

/// Rounds numbers to integers in `-limit..=limit` and returns the scale that maps them back, determined by the largest magnitude: the
/// symmetric scheme of Jacob et al. (2018).
pub(crate) fn quantise(numbers: &[f32], limit: f32, rounded: &mut [i8]) -> f32 {
    // Adding this leaves the rounded number in the lowest bits: faster than a function call on CPUs without a rounding instruction.
    const ROUNDING: f32 = 12_582_912.0;
    let top = numbers.iter().fold(0.0_f32, |top, x| if x.abs() > top { x.abs() } else { top });
    let inverse = if top > f32::MIN_POSITIVE { limit / top } else { 0.0 };
    for (rounded, x) in rounded.iter_mut().zip(numbers) {
        *rounded = ((x * inverse + ROUNDING).to_bits() as u8).cast_signed();
    }
    top / limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_within_half_a_step_and_the_largest_is_exact() {
        for limit in [EIGHT_BITS, 15.0] {
            for numbers in [&[0.0, 0.0][..], &[1e-45], &[-3.0], &[0.5, -0.25, 0.1, 1e-9], &[1e30, -2e30, 0.49e30, 3.0]]
            {
                let mut rounded = vec![99; numbers.len()];
                let scale = quantise(numbers, limit, &mut rounded);
                let top = numbers.iter().fold(0.0_f32, |top, x| top.max(x.abs()));
                for (&x, &rounded) in numbers.iter().zip(&rounded) {
                    let got = f32::from(rounded) * scale;
                    assert!((got - x).abs() <= scale * 0.5001 + 1e-38, "{numbers:?}, {limit}: {x} became {got}");
                    assert!(
                        x.abs() < top || (got - x).abs() <= top * 1e-6 + 1e-38,
                        "{numbers:?}, {limit}: {x} became {got}"
                    );
                }
            }
        }
    }
}
