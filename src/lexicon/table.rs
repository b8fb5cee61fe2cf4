//! Tables of tab-separated cells with a line of column names.

/// The rows of a table, without its first line.
///
/// # Panics
/// If a row has more or fewer cells than `N`. The tables are in the library, and a test reads all of them.
pub(crate) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).map(|line| {
        let mut cells = line.split('\t');
        let row = std::array::from_fn(|_| cells.next().unwrap_or_else(|| panic!("expected {N} cells: {line:?}")));
        assert!(cells.next().is_none(), "expected {N} cells: {line:?}");
        row
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_be_empty() {
        let read: Vec<_> = rows::<3>("a\tb\tc\n1\t\t3\nx\ty\t\n").collect();
        assert_eq!(read, [["1", "", "3"], ["x", "y", ""]]);
    }

    #[test]
    #[should_panic(expected = "expected 2 cells")]
    fn a_row_has_all_cells() {
        rows::<2>("a\tb\n1\t2\t3\n").for_each(drop);
    }
}
