//! Counts as reports and messages show them.

use std::fmt;

/// Displays a count with a comma after every three digits.
pub(crate) struct Grouped(pub(crate) u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1000 {
            return write!(f, "{}", self.0);
        }
        write!(f, "{},{:03}", Grouped(self.0 / 1000), self.0 % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits() {
        let got: Vec<String> = [7, 999, 1000, 8286, 1_002_003].map(|n| Grouped(n).to_string()).into();
        assert_eq!(got, ["7", "999", "1,000", "8,286", "1,002,003"]);
    }
}
