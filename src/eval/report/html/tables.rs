//! How do figures look as tables of a page?

use crate::eval::Confusion;
use crate::eval::report::section::{Lean, Section, Table, percent};
use crate::text::Grouped;
use crate::text::markup::visible;

/// A table with more rows than this is folded.
const LONG: usize = 12;
/// Text of at most so many characters is not broken into lines.
const SHORT: usize = 24;

/// A section with its title as what folds it.
pub(super) fn card(section: &Section) -> String {
    folding(&section.title, section.table.rows.len(), &body(section))
}

/// What can be folded, and is so at first where it is long.
pub(super) fn folding(title: &str, n_rows: usize, inside: &str) -> String {
    let open = if n_rows > LONG { "" } else { " open" };
    format!(
        "<details class=\"card\"{open}><summary><h3 dir=\"auto\">{}</h3></summary>\n{inside}</details>\n",
        visible(title)
    )
}

/// A section without its title.
pub(super) fn body(section: &Section) -> String {
    let table = if section.table.rows.is_empty() { String::new() } else { table(&section.table) };
    table + &notes(section)
}

pub(super) fn notes(section: &Section) -> String {
    section.notes.iter().map(|note| format!("<p class=\"note\" dir=\"auto\">{}</p>\n", visible(note))).collect()
}

fn table(table: &Table) -> String {
    let headers: Vec<(&str, Lean)> = table.columns.iter().map(|column| (column.name.as_str(), column.side)).collect();
    let cells = |row: &Vec<String>| row.iter().map(|cell| words(cell)).collect();
    rows(&headers, table.rows.iter().map(cells))
}

/// A cell of a table.
pub(super) struct Cell {
    html: String,
    /// How many characters a reader sees of it.
    width: usize,
}

/// A cell of text.
pub(super) fn words(text: &str) -> Cell {
    Cell { html: visible(text), width: text.chars().count() }
}

/// A cell of HTML, which may break its lines.
pub(super) fn markup(html: String) -> Cell {
    Cell { html, width: usize::MAX }
}

/// A table below its headers.
pub(super) fn rows(headers: &[(&str, Lean)], cells: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut html = "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>".to_owned();
    for &(name, side) in headers {
        let class = if side == Lean::Right { " class=\"number\"" } else { "" };
        html += &format!("<th scope=\"col\"{class}>{}</th>", visible(name));
    }
    html += "</tr></thead>\n<tbody>\n";
    for row in cells {
        html += "<tr>";
        for (Cell { html: inside, width }, &(_, side)) in row.iter().zip(headers) {
            let class = match side {
                Lean::Right => " class=\"number\"",
                Lean::Left if *width <= SHORT => " class=\"short\"",
                Lean::Left => "",
            };
            html += &format!("<td{class} dir=\"auto\">{inside}</td>");
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table></div>\n"
}

/// The matrix as a grid: each cell with its count, its share of the row, and a shade of that share.
pub(super) fn grid(confusion: &Confusion) -> String {
    let names: Vec<String> = confusion.labels.iter().map(|label| visible(label)).chain(["none".to_owned()]).collect();
    let mut html = "<div class=\"wide\" tabindex=\"0\"><table class=\"grid\">\n<thead><tr><th scope=\"col\">gold \\ predicted</th>".to_owned();
    for name in &names {
        html += &format!("<th scope=\"col\" class=\"number\">{name}</th>");
    }
    html += "<th scope=\"col\" class=\"number\">all</th></tr></thead>\n<tbody>\n";
    for (gold, row) in confusion.cells.iter().enumerate() {
        let sum: u64 = row.iter().sum();
        html += &format!("<tr><th scope=\"row\">{}</th>", names[gold]);
        for (predicted, &count) in row.iter().enumerate() {
            html += &cell(count, sum, gold == predicted && gold < confusion.labels.len());
        }
        html += &format!("<td class=\"number all\">{}</td></tr>\n", Grouped(sum));
    }
    html += "<tr><th scope=\"row\">all</th>";
    for predicted in 0..names.len() {
        let sum: u64 = confusion.cells.iter().map(|row| row[predicted]).sum();
        html += &format!("<td class=\"number all\">{}</td>", Grouped(sum));
    }
    html + "<td></td></tr>\n</tbody>\n</table></div>\n"
}

fn cell(count: u64, sum: u64, right: bool) -> String {
    if count == 0 {
        return "<td class=\"number zero\">0</td>".to_owned();
    }
    let share = count as f64 / sum as f64;
    let class = if right { "right" } else { "off" };
    let percent = percent(Some(share));
    format!(
        "<td class=\"number {class}\" style=\"--share:{share:.3}\">{} <small>{percent}&nbsp;%</small></td>",
        Grouped(count)
    )
}
