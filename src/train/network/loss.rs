//! The loss: cross entropy of the pieces that have a tag.

/// Turns logits, `[n, n_tags]`, into their gradient and returns the mean cross entropy of the pieces with a target. The others have no
/// part in it.
pub(crate) fn cross_entropy(logits: &mut [f32], targets: &[Option<u16>]) -> f64 {
    let n_tags = logits.len() / targets.len();
    let count = targets.iter().flatten().count().max(1) as f32;
    let mut loss = 0.0;
    for (row, target) in logits.chunks_exact_mut(n_tags).zip(targets) {
        let Some(target) = target else {
            row.fill(0.0);
            continue;
        };
        let top = row.iter().copied().fold(f32::MIN, f32::max);
        let of_target = row[usize::from(*target)] - top;
        let mut total = 0.0;
        for x in row.iter_mut() {
            *x = (*x - top).exp();
            total += *x;
        }
        loss += f64::from(total.ln() - of_target);
        row.iter_mut().for_each(|x| *x /= total * count);
        row[usize::from(*target)] -= count.recip();
    }
    loss / f64::from(count)
}
