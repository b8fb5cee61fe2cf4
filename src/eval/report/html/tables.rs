//! Tables.

use crate::eval::Confusion;
use crate::eval::report::section::{Align, Section, Table, percent};
use crate::page::visible;
use crate::text::Grouped;

/// Tables with more rows are folded.
const LONG: usize = 12;
/// Cells with more characters may wrap.
const SHORT: usize = 24;

/// A section that folds under its title.
pub(super) fn card(section: &Section) -> String {
    folding(&section.title, section.table.rows.len(), &body(section))
}

/// Content that folds under a title, folded at first if it is long.
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
    let headers: Vec<(&str, Align)> = table.columns.iter().map(|column| (column.name.as_str(), column.align)).collect();
    let cells = |row: &Vec<String>| row.iter().map(|cell| words(cell)).collect();
    rows(&headers, table.rows.iter().map(cells))
}

/// A cell of a table.
pub(super) struct Cell {
    html: String,
    /// The number of visible characters.
    width: usize,
}

/// A cell of text.
pub(super) fn words(text: &str) -> Cell {
    Cell { html: visible(text), width: text.chars().count() }
}

/// A cell of HTML, which may wrap.
pub(super) fn markup(html: String) -> Cell {
    Cell { html, width: usize::MAX }
}

/// A table with headers.
pub(super) fn rows(headers: &[(&str, Align)], cells: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut html = "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>".to_owned();
    for &(name, align) in headers {
        let class = if align == Align::Right { " class=\"number\"" } else { "" };
        html += &format!("<th scope=\"col\"{class}>{}</th>", visible(name));
    }
    html += "</tr></thead>\n<tbody>\n";
    for row in cells {
        html += "<tr>";
        for (Cell { html: inside, width }, &(_, align)) in row.iter().zip(headers) {
            let class = match align {
                Align::Right => " class=\"number\"",
                Align::Left if *width <= SHORT => " class=\"short\"",
                Align::Left => "",
            };
            html += &format!("<td{class} dir=\"auto\">{inside}</td>");
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table></div>\n"
}

/// A confusion matrix. Each cell has its count, its share of the row, and a shade for that share.
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
        "<td class=\"number {class}\" style=\"--share:{share:.3}\">{} <small>{percent}%</small></td>",
        Grouped(count)
    )
}
