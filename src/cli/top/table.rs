//! The counts as text, tables and JSON.

use anyhow::Result;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement};
use serde_json::{Map, Value, json};

use super::form::Counts;
use crate::text::{Alias, Grouped};
use crate::top::{Mentioned, Order};

/// The width of the table, in columns.
const WIDTH: u16 = 100;
/// The width of the longest bar, in columns.
const BAR: usize = 12;
/// Most aliases of an entity in the table.
const ALIASES: usize = 3;

/// A table to read, with bars.
pub(super) fn text(counts: &Counts) -> String {
    let timeline = counts.timeline();
    let by = match counts.order {
        Order::Mentions => "mentions",
        Order::Documents => "documents",
    };
    let mut table = comfy_table::Table::new();
    table.load_preset(NOTHING).set_width(WIDTH).set_content_arrangement(ContentArrangement::Dynamic);
    let mut header = vec![
        "".to_owned(),
        "name".to_owned(),
        "label".to_owned(),
        "mentions".to_owned(),
        "documents".to_owned(),
        format!("by {by}"),
    ];
    header.extend(timeline.as_ref().map(super::form::Timeline::name));
    header.push("also called".to_owned());
    table.set_header(&header);
    let most = counts.most();
    for (rank, it) in (1..).zip(&counts.entities) {
        let entity = &it.entity;
        let mut row = vec![
            rank.to_string(),
            entity.name.clone(),
            entity.label.to_string(),
            Grouped(entity.mentions() as u64).to_string(),
            Grouped(entity.documents as u64).to_string(),
            bar(counts.main(it), most),
        ];
        row.extend(timeline.as_ref().map(|timeline| spark(&timeline.counts(&it.months))));
        row.push(also(it));
        table.add_row(row);
    }
    for column in [0, 3, 4] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut out = String::new();
    if counts.entities.is_empty() {
        out += "no entities\n";
    } else {
        table.lines().for_each(|line| out += &format!("{}\n", line.trim_end()));
    }
    out += &format!("\n{}", counts.counted());
    if let Some(left_out) = counts.left_out() {
        out += &format!(" · {left_out}");
    }
    out + "\n"
}

/// A bar of blocks, an eighth of a column exact; one that stands for something is never empty.
fn bar(count: usize, most: usize) -> String {
    let eighths = (count * BAR * 8).checked_div(most).unwrap_or(0).max(usize::from(count > 0));
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    "█".repeat(eighths / 8) + rest
}

/// A small chart: a block for each part of time, as high as its count is beside the highest; a dot for nothing.
fn spark(parts: &[(String, usize)]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = parts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    parts.iter().map(|(_, count)| if *count == 0 { '·' } else { BLOCKS[(count * 8).div_ceil(most) - 1] }).collect()
}

/// The most frequent names beside the canonical one.
fn also(it: &Mentioned) -> String {
    let others: Vec<&Alias> = it.entity.aliases.iter().filter(|alias| alias.name != it.entity.name).collect();
    let mut names: Vec<String> =
        others.iter().take(ALIASES).map(|Alias { name, mentions }| format!("{name} ({mentions})")).collect();
    if others.len() > ALIASES {
        names.push(format!("{} more", others.len() - ALIASES));
    }
    names.join("; ")
}

/// Rows with a header. Lists are as in the table of `allonym link --entities`.
pub(super) fn rows(counts: &Counts, separator: u8) -> Result<String> {
    let mut table = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    table.write_record(["rank", "id", "name", "label", "mentions", "documents", "aliases", "kb", "months"])?;
    for (rank, it) in (1..).zip(&counts.entities) {
        let entity = &it.entity;
        let list = |parts: Vec<String>| parts.join("; ");
        let aliases = entity.aliases.iter().map(|Alias { name, mentions }| format!("{name} ({mentions})"));
        let kb = entity.kb.iter().map(|(base, id)| format!("{base}:{id}"));
        let months = it.months.iter().map(|(month, count)| format!("{month} ({count})"));
        table.write_record([
            &rank.to_string(),
            &entity.id,
            &entity.name,
            entity.label.as_str(),
            &entity.mentions().to_string(),
            &entity.documents.to_string(),
            &list(aliases.collect()),
            &list(kb.collect()),
            &list(months.collect()),
        ])?;
    }
    Ok(String::from_utf8(table.into_inner()?)?)
}

/// One object, with all that was counted.
pub(super) fn json(counts: &Counts) -> String {
    let entity = |(rank, it): (usize, &Mentioned)| {
        let entity = &it.entity;
        let aliases: Vec<Value> =
            entity.aliases.iter().map(|alias| json!({"name": alias.name, "mentions": alias.mentions})).collect();
        let months: Map<String, Value> =
            it.months.iter().map(|(month, count)| (month.to_string(), (*count).into())).collect();
        json!({
            "rank": rank, "id": entity.id, "name": entity.name, "label": entity.label.as_str(), "mentions": entity.mentions(),
            "documents": entity.documents, "aliases": aliases, "kb": entity.kb, "months": months,
        })
    };
    let order = match counts.order {
        Order::Mentions => "mentions",
        Order::Documents => "documents",
    };
    let value = json!({
        "documents": counts.n_documents, "mentions": counts.n_mentions, "entities": counts.n_entities, "sort": order,
        "top": (1..).zip(&counts.entities).map(entity).collect::<Vec<_>>(),
    });
    format!("{}\n", serde_json::to_string_pretty(&value).expect("names and counts are written as JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_counts() {
        for (count, most, want) in
            [(12, 12, "████████████"), (6, 12, "██████"), (1, 1000, "▏"), (0, 12, ""), (0, 0, ""), (5, 96, "▋")]
        {
            assert_eq!(bar(count, most), want, "{count} of {most}");
        }
        let parts: Vec<(String, usize)> = [0, 1, 4, 8].map(|count| (String::new(), count)).into();
        assert_eq!((spark(&parts).as_str(), spark(&[]).as_str()), ("·▁▄█", ""));
    }
}
