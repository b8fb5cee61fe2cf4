//! How the report came about.

use crate::eval::Unit;
use crate::eval::report::inputs::InputRole;
use crate::eval::report::section::Section;
use crate::eval::report::stamp::Stamp;
use crate::text::plural;

pub(crate) fn stamp(stamp: &Stamp) -> Section {
    let mut section = Section::new("How this report was made").words(&["", ""]);
    let mut row = |name: &str, value: String| section.row([name.to_owned(), value]);
    row("allonym", stamp.allonym.clone());
    row("command", stamp.command.clone());
    for input in &stamp.inputs {
        let role = match input.role {
            InputRole::Gold => "gold",
            InputRole::System => "system",
            InputRole::Train => "train",
            InputRole::Model => "model",
        };
        row(role, format!("{} sha256 {}", input.path, input.sha256));
        for scheme in &input.schemes {
            row("", format!("{}: {}; {}", scheme.path, scheme.scheme, plural(scheme.repairs, "repair")));
        }
    }
    row("repair", stamp.repair.clone());
    row("matching", format!("documents by id, then in order, aligned by {}; mentions strictly", stamp.alignment));
    let map: Vec<String> =
        stamp.map.iter().map(|renaming| format!("{}={} ({})", renaming.from, renaming.to, renaming.mentions)).collect();
    row("map", if map.is_empty() { "none".to_owned() } else { map.join(", ") });
    row("labels", stamp.labels.as_ref().map_or_else(|| "all".to_owned(), |labels| labels.join(", ")));
    let unit = match stamp.unit {
        Unit::Document => "document",
        Unit::Sentence => "sentence",
    };
    let units = plural(stamp.units, unit);
    row("resampling", format!("{units}, {} samples, {} trials, seed {}", stamp.samples, stamp.trials, stamp.seed));
    row("n/a", "undefined: the denominator is zero".to_owned());
    section
}
