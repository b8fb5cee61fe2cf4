//! How do weights become bytes? Used by the program, and by its build script for the model inside.

/// What stands behind the name of a quantised tensor in the name of the tensor with its scales.
pub(crate) const SCALE: &str = ".scale";

/// Rounds numbers to `-127..=127` times the scale that is returned, which the largest of them determines: the symmetric scheme of
/// Jacob et al. (2018), with a scale for each output of a layer.
pub(crate) fn quantise(numbers: &[f32], bytes: &mut [i8]) -> f32 {
    let top = numbers.iter().fold(0.0_f32, |top, x| if x.abs() > top { x.abs() } else { top });
    let inverse = if top > 0.0 { 127.0 / top } else { 0.0 };
    for (byte, x) in bytes.iter_mut().zip(numbers) {
        // Adding it leaves the rounded number in the lowest bits: faster than a call where the processor has no instruction for it.
        const ROUNDING: f32 = 12_582_912.0;
        *byte = ((x * inverse + ROUNDING).to_bits() as u8).cast_signed();
    }
    top / 127.0
}
