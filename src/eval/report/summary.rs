//! The result in one sentence.

use super::common_error::CommonError;
use super::difference::DifferenceReport;
use super::section::percent;
use super::system::SystemReport;
use crate::eval::Unit;
use crate::text::plural;

/// With a lower p-value, a difference counts as significant.
const SIGNIFICANT: f64 = 0.05;
/// With fewer units, a p-value does not mean much.
const ENOUGH: u64 = 30;

/// How the first system compares with the others, or how good the only one is; and what the first one gets wrong most often.
pub(super) fn summary(systems: &[SystemReport], differences: &[DifferenceReport], unit: Unit) -> String {
    let Some(first) = systems.first() else { return "There is no system to score.".to_owned() };
    let error = CommonError::of(first);
    let mut clauses = match differences {
        [] => vec![match first.scores.micro.f1 {
            Some(f1) => format!("F1 is {}", percent(Some(f1))),
            None => "F1 is undefined, as neither side has a mention".to_owned(),
        }],
        differences => compared(differences, unit),
    };
    let of = if systems.len() > 1 { format!(" of {}", first.name) } else { String::new() };
    match error {
        Some(error) => clauses.push(format!("most common error{of}: {error}")),
        None if first.scores.micro.f1.is_some() => clauses.push(format!("no errors{of}")),
        None => {}
    }
    clauses.join("; ") + "."
}

/// What the test of significance says.
fn compared(differences: &[DifferenceReport], unit: Unit) -> Vec<String> {
    let a = &differences[0].a;
    let unit = match unit {
        Unit::Document => "document",
        Unit::Sentence => "sentence",
    };
    let (mut same, mut alike, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for report in differences {
        let (b, difference) = (&report.b, &report.difference);
        match (difference.delta_f1, report.p_value_corrected) {
            (Some(_), Some(_)) if difference.differing_units == 0 => same.push(b.as_str()),
            (Some(delta), Some(p)) if p < SIGNIFICANT => {
                let (verdict, side) = if delta > 0.0 { ("worse", "lower") } else { ("better", "higher") };
                let points = 100.0 * delta.abs();
                others.push(format!("{b} is {verdict} than {a} (F1 {points:.2} {side}, {})", p_value(p)));
            }
            (Some(_), Some(p)) => alike.push((b.as_str(), p)),
            _ => others.push(format!("{a} and {b} cannot be compared, as an F1 is undefined")),
        }
    }
    let mut clauses = Vec::new();
    if !same.is_empty() {
        clauses.push(format!("{} have the same counts in every {unit}", listed(&[&[a.as_str()], &same[..]].concat())));
    }
    match &alike[..] {
        [] => {}
        [(b, p)] => clauses.push(format!("{a} and {b} do not differ significantly ({})", p_value(*p))),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| *name).collect();
            // Holm's correction may raise the lowest; what is said holds for all of them.
            let least = several.iter().map(|(_, p)| *p).fold(1.0, f64::min);
            let p = p_value(least).replace("p =", "p at least");
            clauses.push(format!("{} do not differ significantly from {a} ({p})", listed(&names)));
        }
    }
    clauses.extend(others);
    let units = differences[0].difference.units;
    if units < ENOUGH && same.len() < differences.len() {
        clauses.push(format!("{} {} too few to be sure", plural(units, unit), if units == 1 { "is" } else { "are" }));
    }
    clauses
}

fn p_value(p: f64) -> String {
    match p {
        p if p >= 0.995 => "p = 1".to_owned(),
        p if p >= 0.1 => format!("p = {p:.2}"),
        p => format!("p = {p:.4}"),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::report::{Report, ReportOptions};
    use crate::eval::{Input, PairingOptions, pair};
    use crate::text::{Document, Label, Mention, Span};

    const TEXT: &str = "Ann Bob Cai";

    /// Documents with labels for the three words; `-` is no mention.
    fn documents(labels: [&str; 3], n: usize) -> Vec<Document> {
        let mentions: Vec<Mention> = labels
            .iter()
            .enumerate()
            .filter(|(_, label)| **label != "-")
            .map(|(at, label)| Mention::new(Span::new(4 * at, 4 * at + 3), Label::new(label)))
            .collect();
        (0..n).map(|id| Document { mentions: mentions.clone(), ..Document::new(id.to_string(), TEXT) }).collect()
    }

    fn summary(gold: [&str; 3], systems: &[Vec<Document>]) -> String {
        let n = systems[0].len();
        let systems =
            systems.iter().zip(["a", "b", "c", "d"]).map(|(documents, name)| Input::new(name, documents.clone()));
        let gold = Input::new("gold", documents(gold, n));
        let pairing = pair(gold, systems.collect(), &PairingOptions::default()).expect("they pair");
        Report::new(&pairing, &ReportOptions::default().samples(0).trials(1000)).summary
    }

    #[test]
    fn one_system_has_its_f1_and_its_most_common_error() {
        let gold = ["PER", "ORG", "LOC"];
        for (labels, want) in [
            (["PER", "LOC", "LOC"], "F1 is 66.67; most common error: ORG called LOC, 40 times."),
            (["PER", "-", "LOC"], "F1 is 80.00; most common error: ORG missed, 40 times."),
            (["PER", "ORG", "LOC"], "F1 is 100.00; no errors."),
            (["-", "-", "-"], "F1 is 0.00; most common error: PER missed, 40 times."),
        ] {
            assert_eq!(summary(gold, &[documents(labels, 40)]), want, "{labels:?}");
        }
        let spurious = summary(["PER", "-", "-"], &[documents(["PER", "PER", "-"], 1)]);
        assert_eq!(spurious, "F1 is 66.67; most common error: PER where the gold has nothing, once.");
        let nothing = summary(["-", "-", "-"], &[documents(["-", "-", "-"], 40)]);
        assert_eq!(nothing, "F1 is undefined, as neither side has a mention.");
    }

    #[test]
    fn wrong_boundaries_are_an_error_of_the_label() {
        let mut longer = documents(["-", "-", "-"], 2);
        for document in &mut longer {
            document.mentions.push(Mention::new(Span::new(0, 7), Label::new("PER")));
        }
        assert_eq!(
            summary(["PER", "-", "-"], &[longer]),
            "F1 is 0.00; most common error: PER with other boundaries, 2 times."
        );
    }

    #[test]
    fn several_systems_are_compared_with_the_first() {
        let gold = ["PER", "ORG", "LOC"];
        let good = documents(gold, 40);
        let bad = documents(["PER", "LOC", "-"], 40);
        // As good on the whole, but in other documents.
        let mut turned = good.clone();
        turned[0] = bad[0].clone();
        let mut first = good.clone();
        first[1] = bad[1].clone();
        assert_eq!(
            summary(gold, &[good.clone(), good.clone(), bad.clone()]),
            "a and b have the same counts in every document; c is worse than a (F1 60.00 lower, p = 0.0020); no errors of a."
        );
        assert_eq!(
            summary(gold, &[first.clone(), turned.clone()]),
            "a and b do not differ significantly (p = 1); most common error of a: ORG called LOC, once."
        );
        let better = summary(gold, &[bad, good]);
        assert!(better.starts_with("b is better than a (F1 60.00 higher, p = "), "{better}");
        let few = summary(gold, &[documents(gold, 2), documents(["PER", "-", "-"], 2)]);
        assert!(
            few.contains("a and b do not differ significantly") && few.contains("2 documents are too few"),
            "{few}"
        );
    }
}
