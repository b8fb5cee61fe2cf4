//! The parts of a report, whatever form it takes.

/// The number of rows that long lists show in text and Markdown.
pub(crate) const SHOWN: usize = 15;

/// A title, perhaps a sentence, a table and notes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) part: Part,
    pub(crate) title: String,
    /// What the table comes to.
    pub(crate) lead: Option<String>,
    pub(crate) table: Table,
    /// Remarks below the table.
    pub(crate) notes: Vec<String>,
}

/// What a section is about, for forms that show some parts in their own way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    Overview,
    Scores,
    Difference,
    OnlyOne,
    Frequent,
    Suspects,
    Confusion,
    Calibration,
    #[default]
    Other,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) align: Align,
}

/// Words are left-aligned, numbers right-aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
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

    pub(crate) fn led_by(self, sentence: impl Into<String>) -> Self {
        Self { lead: Some(sentence.into()), ..self }
    }

    /// Adds columns of words.
    pub(crate) fn words(self, names: &[&str]) -> Self {
        self.columns(names, Align::Left)
    }

    /// Adds columns of numbers.
    pub(crate) fn numbers(self, names: &[&str]) -> Self {
        self.columns(names, Align::Right)
    }

    fn columns(mut self, names: &[&str], align: Align) -> Self {
        self.table.columns.extend(names.iter().map(|&name| Column { name: name.to_owned(), align }));
        self
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().collect();
        debug_assert_eq!(cells.len(), self.table.columns.len(), "one cell for each column in {:?}", self.title);
        self.table.rows.push(cells);
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

/// A ratio in percent with two decimals, or `n/a`.
pub(crate) fn percent(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "n/a".to_owned(), |ratio| format!("{:.2}", 100.0 * ratio))
}

/// A ratio with four decimals, or `n/a`.
pub(crate) fn decimal(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "n/a".to_owned(), |ratio| format!("{ratio:.4}"))
}
