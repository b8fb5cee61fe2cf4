//! How the learning rate changes, and when training ends.

/// The share of steps in which the rate rises.
const WARM_UP: f64 = 0.06;

/// What the highest rate is multiplied by at a step of `total`: it rises evenly, then falls evenly to nothing.
pub(crate) fn rate(step: usize, total: usize) -> f32 {
    let warm = ((WARM_UP * total as f64) as usize).max(1);
    let factor = if step < warm {
        (step + 1) as f64 / warm as f64
    } else {
        total.saturating_sub(step) as f64 / (total - warm).max(1) as f64
    };
    factor as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls() {
        let rates: Vec<f32> = (0..100).map(|step| rate(step, 100)).collect();
        let top = rates.iter().position(|&rate| rate == 1.0).expect("it reaches its height");
        assert!((4..=6).contains(&top));
        assert!(rates[..top].is_sorted() && rates[top..].iter().rev().is_sorted());
        assert!(rates.iter().all(|&rate| rate > 0.0) && rates[99] < 0.02);
        assert_eq!(rate(0, 1), 1.0);
    }
}
