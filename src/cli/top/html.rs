//! The counts as a page.

use std::fmt::Write as _;

use super::form::{Counts, Timeline};
use crate::page::{Colours, Fetches, Frame, StyleAttributes, attribute, link, visible};
use crate::text::{Alias, Grouped};
use crate::top::{Mentioned, Order};

const STYLE: &str = include_str!("top.css");
const TITLE: &str = "Who is in the documents";
/// The height of a chart by month, and the width of a part of it, in its own units.
const HEIGHT: usize = 24;
const STEP: usize = 8;

/// A page with bars and small charts, which needs no script.
pub(super) fn page(counts: &Counts, title: Option<&str>) -> String {
    let title = title.unwrap_or(TITLE);
    let frame =
        Frame { title, style: STYLE, script: None, attributes: StyleAttributes::Allowed, fetches: Fetches::Nothing };
    let timeline = counts.timeline();
    let (by_mentions, by_documents) = match counts.order {
        Order::Mentions => (" aria-sort=\"descending\"", ""),
        Order::Documents => ("", " aria-sort=\"descending\""),
    };
    let mut html = format!(
        "{}<main>\n<h1 dir=\"auto\">{}</h1>\n<p class=\"note\">{}</p>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"table\"><table>\n<thead><tr>\
         <th scope=\"col\" class=\"number\">rank</th><th scope=\"col\">name</th><th scope=\"col\">label</th>\
         <th scope=\"col\" class=\"number\"{by_mentions}>mentions</th><th scope=\"col\" class=\"number\"{by_documents}>documents</th><th scope=\"col\">share of the first</th>",
        frame.head(),
        visible(title),
        visible(&counted(counts)),
    );
    if let Some(timeline) = &timeline {
        write!(html, "<th scope=\"col\">{}</th>", visible(&timeline.name())).expect("a string takes everything");
    }
    html += "<th scope=\"col\">names</th><th scope=\"col\">ids</th></tr></thead>\n<tbody>\n";
    let mut colours = Colours::default();
    for (rank, it) in (1..).zip(&counts.entities) {
        html += &row(rank, it, counts, timeline.as_ref(), &mut colours);
    }
    html + "</tbody>\n</table></div>\n</main>\n" + &frame.foot()
}

fn counted(counts: &Counts) -> String {
    match counts.left_out() {
        Some(left_out) => format!("{} · {left_out}", counts.counted()),
        None => counts.counted(),
    }
}

fn row(rank: usize, it: &Mentioned, counts: &Counts, timeline: Option<&Timeline>, colours: &mut Colours) -> String {
    let entity = &it.entity;
    let context = entity.extra.get("context");
    let context = context.as_ref().and_then(|context| context.as_str());
    let context = context.map(|context| format!(" <small>{}</small>", visible(context))).unwrap_or_default();
    let share = 100.0 * counts.main(it) as f64 / counts.most().max(1) as f64;
    let name = |Alias { name, mentions }: &Alias| {
        format!("<bdi>{}</bdi> <small>{}×</small>", visible(name), Grouped(*mentions as u64))
    };
    let names: Vec<String> = entity.aliases.iter().map(name).collect();
    let ids: Vec<String> = entity.kb.iter().map(|(base, id)| link(base, id)).collect();
    let chart =
        timeline.map(|timeline| format!("<td>{}</td>", chart(&timeline.counts(&it.months)))).unwrap_or_default();
    format!(
        "<tr><td class=\"number\">{rank}</td><th scope=\"row\" dir=\"auto\">{}{context}</th><td><span class=\"label l{}\">{}</span></td>\
         <td class=\"number\">{}</td><td class=\"number\">{}</td><td><div class=\"bar\" style=\"width:{share:.1}%\"></div></td>{chart}\
         <td>{}</td><td class=\"ids\">{}</td></tr>\n",
        visible(&entity.name),
        colours.of(&entity.label),
        visible(entity.label.as_str()),
        Grouped(entity.mentions() as u64),
        Grouped(entity.documents as u64),
        names.join(", "),
        ids.join("<br>"),
    )
}

/// Bars of the parts of time; their numbers are in words too.
fn chart(parts: &[(String, usize)]) -> String {
    let most = parts.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let said: Vec<String> =
        parts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}: {count}")).collect();
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {HEIGHT}\" width=\"{}\" height=\"{HEIGHT}\">",
        attribute(&said.join(", ")),
        parts.len() * STEP,
        parts.len() * STEP
    );
    for (at, (name, count)) in parts.iter().enumerate().filter(|(_, (_, count))| *count > 0) {
        let height = (count * HEIGHT).div_ceil(most);
        write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"><title>{}: {count}</title></rect>",
            at * STEP,
            HEIGHT - height,
            STEP - 2,
            visible(name)
        )
        .expect("a string takes everything");
    }
    svg + "</svg>"
}
