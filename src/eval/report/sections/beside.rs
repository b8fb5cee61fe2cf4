//! The sections of several systems on one topic, as one section with a column for each system.

use crate::eval::report::section::{Align, Section};

/// The section of each system, where it has one, by the name of the system.
pub(super) type Named<'s> = [(&'s str, Option<Section>)];

/// One section with the `figures` of all: a row for each row of the sections and each figure, a column for each system.
///
/// The words at the beginning of a row say what it is about; rows about the same are one. `None` where no system has the section.
pub(super) fn beside(title: &str, sections: &Named<'_>, figures: &[&str]) -> Option<Section> {
    let model = sections.iter().find_map(|(_, section)| section.as_ref())?;
    let heads: Vec<&str> =
        model.table.columns.iter().take_while(|column| column.align == Align::Left).map(|c| c.name.as_str()).collect();
    let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
    let mut merged = Section::new(title).about(model.part).words(&heads);
    if figures.len() > 1 {
        merged = merged.words(&[""]);
    }
    merged = merged.numbers(&names);
    let mut keys: Vec<Vec<String>> = Vec::new();
    let rows: Vec<Vec<(Vec<String>, &[String])>> =
        sections.iter().map(|(_, section)| keyed(section.as_ref(), heads.len())).collect();
    for (key, _) in rows.iter().flatten() {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    let mut before: Option<&Vec<String>> = None;
    for key in &keys {
        for (nth, figure) in figures.iter().enumerate() {
            // What was said in the row above is not said again.
            let shown =
                |at: usize| nth == 0 && (at + 1 == key.len() || before.is_none_or(|before| before[at] != key[at]));
            let head = (0..key.len()).map(|at| if shown(at) { key[at].clone() } else { String::new() });
            let figure_name = (figures.len() > 1).then(|| (*figure).to_owned());
            let cells = sections.iter().zip(&rows).map(|((_, section), rows)| {
                let column = section.as_ref()?.table.columns.iter().position(|column| column.name == *figure)?;
                rows.iter().find(|(known, _)| known == key).map(|(_, row)| row[column].clone())
            });
            merged.row(head.chain(figure_name).chain(cells.map(Option::unwrap_or_default)).collect::<Vec<_>>());
        }
        before = Some(key);
    }
    merged.notes = notes(sections);
    Some(merged)
}

/// The rows of a section by their first words; an empty word is that of the row above.
fn keyed(section: Option<&Section>, n_words: usize) -> Vec<(Vec<String>, &[String])> {
    let mut last = vec![String::new(); n_words];
    let rows = section.map_or(&[][..], |section| &section.table.rows);
    rows.iter()
        .map(|row| {
            for (last, word) in last.iter_mut().zip(row).filter(|(_, word)| !word.is_empty()) {
                last.clone_from(word);
            }
            (last.clone(), row.as_slice())
        })
        .collect()
}

/// The notes of all: what several say once, else by the name of the system.
fn notes(sections: &Named<'_>) -> Vec<String> {
    let present: Vec<(&str, &Section)> =
        sections.iter().filter_map(|(name, section)| Some((*name, section.as_ref()?))).collect();
    let is_common = |note: &String| present.iter().all(|(_, section)| section.notes.contains(note));
    let mut notes: Vec<String> = Vec::new();
    for (name, section) in &present {
        for note in &section.notes {
            match is_common(note) {
                true if notes.contains(note) => {}
                true => notes.push(note.clone()),
                false => notes.push(format!("{name}: {note}")),
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(rows: &[[&str; 4]], notes: &[&str]) -> Section {
        let mut section = Section::new("Of one").words(&["property", "value"]).numbers(&["recall", "precision"]);
        rows.iter().for_each(|row| section.row(row.map(str::to_owned)));
        notes.iter().for_each(|note| section.note(*note));
        section
    }

    #[test]
    fn rows_about_the_same_are_one() {
        let a = section(&[["length", "1", "9", "8"], ["", "2", "7", "6"]], &["common", "TP 1"]);
        let b = section(&[["length", "1", "5", "4"], ["case", "1", "3", "2"]], &["common", "TP 2"]);
        let sections = [("a", Some(a)), ("none", None), ("b", Some(b))];
        let both = beside("Both", &sections, &["recall", "precision"]).expect("two have it");
        let want = [
            ["length", "1", "recall", "9", "", "5"],
            ["", "", "precision", "8", "", "4"],
            ["", "2", "recall", "7", "", ""],
            ["", "", "precision", "6", "", ""],
            ["case", "1", "recall", "", "", "3"],
            ["", "", "precision", "", "", "2"],
        ];
        assert_eq!(both.table.rows, want);
        assert_eq!(both.notes, ["common", "a: TP 1", "b: TP 2"]);
        let one = beside("One", &sections, &["recall"]).expect("two have it");
        assert_eq!(one.table.rows[..2], [["length", "1", "9", "", "5"], ["", "2", "7", "", ""]]);
        assert_eq!(beside("None", &[("a", None)], &["recall"]), None);
    }
}
