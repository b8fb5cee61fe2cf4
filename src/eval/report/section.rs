//! What does a report say, whatever it looks like?

/// One part of a report: a title, sentences, and a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) part: Part,
    pub(crate) title: String,
    pub(crate) table: Table,
    /// What must be said about the table, below it.
    pub(crate) notes: Vec<String>,
}

/// What a section is about, for those who show some in ways of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    Overview,
    Scores,
    Difference,
    OnlyOne,
    Frequent,
    Doubts,
    Confusion,
    Reliability,
    #[default]
    Other,
}

/// Rows of cells below a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A column's header and which side its cells lean to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) side: Lean,
}

/// Words lean to the left, numbers to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lean {
    Left,
    Right,
}

impl Section {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    pub(crate) fn about(self, part: Part) -> Self {
        Self { part, ..self }
    }

    /// Columns of words.
    pub(crate) fn words(mut self, names: &[&str]) -> Self {
        self.table.columns.extend(names.iter().map(|&name| Column { name: name.to_owned(), side: Lean::Left }));
        self
    }

    /// Columns of numbers.
    pub(crate) fn numbers(mut self, names: &[&str]) -> Self {
        self.table.columns.extend(names.iter().map(|&name| Column { name: name.to_owned(), side: Lean::Right }));
        self
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().collect();
        debug_assert_eq!(cells.len(), self.table.columns.len(), "a cell a column in {:?}", self.title);
        self.table.rows.push(cells);
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

/// A ratio in per cent with two decimals, or `n/a`.
pub(crate) fn percent(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "n/a".to_owned(), |ratio| format!("{:.2}", 100.0 * ratio))
}

/// A ratio with four decimals, or `n/a`.
pub(crate) fn decimal(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "n/a".to_owned(), |ratio| format!("{ratio:.4}"))
}
