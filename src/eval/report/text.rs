//! Reports for terminals and in Markdown.

use comfy_table::presets::{ASCII_MARKDOWN, NOTHING};
use comfy_table::{CellAlignment, ContentArrangement};

use super::section::{Align, Section, Table};

/// The width of a terminal, in columns.
const WIDTH: u16 = 80;

/// Titles, sentences, tables and notes, at most 80 columns wide. Long cells wrap. `emphasis` styles the titles.
pub(crate) fn text(sections: &[Section], emphasis: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    for section in sections {
        out += &emphasis(&section.title);
        out.push('\n');
        let sentences = textwrap::Options::new(usize::from(WIDTH)).initial_indent(" ").subsequent_indent(" ");
        section.lead.iter().for_each(|lead| wrap(&mut out, lead, &sentences));
        if !section.table.rows.is_empty() {
            let mut table = laid_out(&section.table);
            table.set_width(WIDTH).set_content_arrangement(ContentArrangement::Dynamic);
            out += &lines(&table);
        }
        let notes = sentences.subsequent_indent("   ");
        section.notes.iter().for_each(|note| wrap(&mut out, note, &notes));
        out.push('\n');
    }
    out
}

/// The sentence of a section and its table, of any width.
pub(crate) fn brief(section: &Section) -> String {
    let table = laid_out(&section.table);
    section.lead.iter().map(|lead| format!("{lead}\n")).chain([lines(&table)]).collect()
}

fn wrap(out: &mut String, text: &str, options: &textwrap::Options<'_>) {
    for line in textwrap::wrap(text, options) {
        out.push_str(&line);
        out.push('\n');
    }
}

/// The lines of a table without rules.
fn lines(table: &comfy_table::Table) -> String {
    let mut table = table.clone();
    table.load_preset(NOTHING);
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Titles, tables and notes in Markdown.
pub(crate) fn markdown(sections: &[Section]) -> String {
    let mut out = String::new();
    for (index, section) in sections.iter().enumerate() {
        out += &format!("{} {}\n\n", if index == 0 { "#" } else { "##" }, section.title);
        if let Some(lead) = &section.lead {
            out += &format!("{}\n\n", escaped(lead));
        }
        if !section.table.rows.is_empty() {
            let mut table = laid_out(&Table {
                rows: section.table.rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect()).collect(),
                ..section.table.clone()
            });
            table.load_preset(ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
            out += &format!("{}\n\n", ruled(&table.to_string(), &section.table));
        }
        for note in &section.notes {
            out += &format!("{}\n\n", escaped(note));
        }
    }
    out
}

fn laid_out(table: &Table) -> comfy_table::Table {
    let mut laid_out = comfy_table::Table::new();
    laid_out.set_header(table.columns.iter().map(|column| column.name.as_str()));
    for (index, column) in table.columns.iter().enumerate() {
        let alignment = match column.align {
            Align::Left => CellAlignment::Left,
            Align::Right => CellAlignment::Right,
        };
        laid_out.column_mut(index).expect("every header has a column").set_cell_alignment(alignment);
    }
    laid_out.add_rows(&table.rows);
    laid_out
}

/// A Markdown table whose rule marks the right-aligned columns.
fn ruled(drawn: &str, table: &Table) -> String {
    let rule = |align: Align| if align == Align::Right { "---:|" } else { "---|" };
    let rule: String = table.columns.iter().map(|column| rule(column.align)).collect();
    let lines =
        drawn.lines().enumerate().map(|(index, line)| if index == 1 { format!("|{rule}") } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}

/// Text with Markdown's special characters escaped.
fn escaped(cell: &str) -> String {
    let mut out = String::new();
    for c in cell.chars() {
        if matches!(c, '|' | '*' | '_' | '`' | '<' | '[' | ']' | '\\' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections() -> Vec<Section> {
        let mut first = Section::new("Scores").words(&["label"]).numbers(&["F1"]);
        first.row(["PER".to_owned(), "9.50".to_owned()]);
        first.row(["A|B".to_owned(), "100.00".to_owned()]);
        first.note("In percent.");
        vec![first, Section::new("Nothing")]
    }

    #[test]
    fn text_is_aligned() {
        let want = "<Scores>\n label      F1\n PER      9.50\n A|B    100.00\n In percent.\n\n<Nothing>\n\n";
        assert_eq!(text(&sections(), |title| format!("<{title}>")), want);
    }

    #[test]
    fn text_wraps_at_80_columns() {
        let mut section = Section::new("Long").words(&["surface"]).numbers(&["count"]);
        section.row(["many words that go on ".repeat(20), "7".to_owned()]);
        section.note("and a note ".repeat(30));
        let text = text(&[section], str::to_owned);
        assert!(text.lines().all(|line| line.chars().count() <= usize::from(WIDTH)), "{text}");
        assert_eq!(text.matches("many").count(), 20);
    }

    #[test]
    fn markdown_escapes_its_special_characters() {
        let want = "# Scores\n\n| label | F1     |\n|---|---:|\n| PER   | 9.50   |\n| A\\|B  | 100.00 |\n\nIn percent.\n\n## Nothing\n\n";
        let squeezed = |text: &str| text.replace(' ', "");
        assert_eq!(squeezed(&markdown(&sections())), squeezed(want));
    }
}
