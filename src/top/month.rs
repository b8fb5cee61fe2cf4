//! Months.

use std::fmt;
use std::str::FromStr;

/// A month of a year, read from a date in the form of ISO 8601.
///
/// ```
/// use allonym::top::Month;
///
/// for date in ["2024-05-31", "2024-05", "20240531", "2024-05-31T10:00:00+02:00", "2024-05-31 10:00"] {
///     assert_eq!(date.parse::<Month>()?.to_string(), "2024-05");
/// }
/// assert!("31 May 2024".parse::<Month>().is_err());
/// # Ok::<(), allonym::top::NoMonth>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: u16,
    /// From 1 to 12.
    month: u8,
}

/// A text that is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as 2024-05-31, found {found:?}")]
pub struct NoMonth {
    /// The text.
    pub found: String,
}

impl Month {
    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }

    fn read(date: &str) -> Option<Self> {
        let digits = |from: usize, to: usize| -> Option<u16> {
            let part = date.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
            part.parse().ok()
        };
        let year = digits(0, 4)?;
        let (month, day, rest) = match date.as_bytes().get(4) {
            Some(b'-') if date.len() == 7 => (digits(5, 7)?, 1, ""),
            Some(b'-') if date.as_bytes().get(7) == Some(&b'-') => (digits(5, 7)?, digits(8, 10)?, &date[10..]),
            Some(byte) if byte.is_ascii_digit() => (digits(4, 6)?, digits(6, 8)?, &date[8..]),
            _ => return None,
        };
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        let ends = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
        (is_date && ends).then(|| Self { year, month: u8::try_from(month).expect("it is at most 12") })
    }
}

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(date: &str) -> Result<Self, NoMonth> {
        Self::read(date.trim()).ok_or_else(|| NoMonth { found: date.to_owned() })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_have_a_month() {
        for (date, want) in [
            ("2024-05-31", Some("2024-05")),
            (" 2024-12 ", Some("2024-12")),
            ("20240531T101500Z", Some("2024-05")),
            ("0987-01-01", Some("0987-01")),
            ("2024", None),
            ("2024-13-01", None),
            ("2024-00-01", None),
            ("2024-05-32", None),
            ("2024-5-31", None),
            ("2024-05-31x", None),
            ("2024/05/31", None),
            ("1717142400", None),
            ("yesterday", None),
            ("2024-05-é1", None),
            ("২০২৪-০৫-৩১", None),
            ("", None),
        ] {
            assert_eq!(date.parse::<Month>().ok().map(|month| month.to_string()).as_deref(), want, "{date:?}");
        }
        let error = "May".parse::<Month>().expect_err("it is no date");
        assert_eq!(error.to_string(), "expected a date such as 2024-05-31, found \"May\"");
    }

    #[test]
    fn a_year_follows_its_twelfth_month() {
        let next = |date: &str| date.parse::<Month>().expect("a date").next().to_string();
        assert_eq!((next("2024-11").as_str(), next("2024-12").as_str()), ("2024-12", "2025-01"));
    }
}
