//! Words that differ in one letter.

/// How two words differ in one letter other than the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// It is added, dropped or replaced.
    Letter,
    /// It is exchanged with the next.
    Exchange,
}

impl Edit {
    /// How two words differ; `None` if they are equal, or differ in more. Digits are no letters.
    pub(super) fn between(a: &str, b: &str) -> Option<Self> {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let has_digit = [a, b].iter().any(|word| word.get(same).is_some_and(u8::is_ascii_digit));
        if same == 0 || a == b || b.len() > a.len() + 1 || has_digit {
            return None;
        }
        let (x, y) = (&a[same..], &b[same..]);
        let skip = usize::from(a.len() == b.len());
        if x[skip..] == y[1..] {
            return Some(Self::Letter);
        }
        let is_exchanged = matches!((x, y), ([a, b, x @ ..], [c, d, y @ ..]) if (a, b) == (d, c) && x == y);
        is_exchanged.then_some(Self::Exchange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_may_differ() {
        use Edit::{Exchange, Letter};
        for (a, b, want) in [
            ("kazakstan", "kazakhstan", Some(Letter)),
            ("surinam", "suriname", Some(Letter)),
            ("microsoft", "mircosoft", Some(Exchange)),
            ("austria", "australia", None),
            ("chad", "shad", None),
            ("oslo", "oslo", None),
            ("area 51", "area 52", None),
        ] {
            assert_eq!(Edit::between(a, b), want, "{a} {b}");
            assert_eq!(Edit::between(b, a), want, "{b} {a}");
        }
    }
}
