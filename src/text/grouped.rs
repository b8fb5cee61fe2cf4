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

/// A count with its noun, such as `1 tag` or `1,204 tags`; `noun` is singular and regular.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", Grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits() {
        let got: Vec<String> = [7, 999, 1000, 8286, 1_002_003].map(|n| Grouped(n).to_string()).into();
        assert_eq!(got, ["7", "999", "1,000", "8,286", "1,002,003"]);
    }

    #[test]
    fn only_one_is_singular() {
        assert_eq!([0, 1, 1204].map(|n| plural(n, "tag")), ["0 tags", "1 tag", "1,204 tags"]);
    }
}
