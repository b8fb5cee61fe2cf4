//! The figures of one system.

use super::beside::beside;
use super::clusters::clusters;
use super::linking::links;
use super::scores::{FIGURES, figures, scores};
use crate::eval::buckets::Bucketing;
use crate::eval::counts::ratio;
use crate::eval::errors::{FrequentError, Surface};
use crate::eval::fair::Fair;
use crate::eval::report::section::{Part, SHOWN, Section, decimal, percent};
use crate::eval::report::system::SystemReport;
use crate::eval::{Calibration, Confusion, ErrorClass, SemEval, SemEvalCounts, SuspectMention};
use crate::text::{Grouped, plural};

/// The sections of the only system.
pub(super) fn system(system: &SystemReport) -> Vec<Section> {
    let mut sections = vec![
        scores(&system.scores, system.intervals.as_ref()),
        semeval(&system.semeval),
        errors(system),
        worst_documents(system, ""),
        fair(&system.fair),
        frequent(&system.frequent_errors, ""),
        confusion(&system.confusion, ""),
        buckets(&system.buckets),
    ];
    sections.extend(system.calibration.as_ref().map(|one| calibration(one, "")));
    if system.suspects > 0 {
        sections.push(suspects(system, ""));
    }
    sections.extend(system.clusters.as_ref().map(clusters));
    sections.extend(system.linking.as_ref().map(links));
    sections
}

/// The sections of several systems: their figures side by side, then the lists of each.
pub(super) fn systems(systems: &[SystemReport]) -> Vec<Section> {
    const RATIOS: [&str; 3] = ["precision", "recall", "F1"];
    let each = |section: &dyn Fn(&SystemReport) -> Option<Section>| -> Vec<(&str, Option<Section>)> {
        systems.iter().map(|system| (system.name.as_str(), section(system))).collect()
    };
    let all = |section: fn(&SystemReport) -> Section| each(&|system| Some(section(system)));
    let scores_of = all(|system| scores(&system.scores, system.intervals.as_ref()));
    let mut sections = vec![
        beside("F1 by label", &scores_of, &["F1"]),
        beside("Precision and recall by label", &scores_of, &["precision", "recall"]).map(without_notes),
        beside("Errors by class", &all(errors), &["errors"]).map(with_meanings),
        beside("Partial credit (MUC, SemEval-2013)", &all(|system| semeval(&system.semeval)), &["P", "R", "F1"]),
        beside("FairEval: every error counts once", &all(|system| fair(&system.fair)), &RATIOS),
        beside("By mention property", &all(|system| buckets(&system.buckets)), &["recall", "precision"]),
        beside(
            "Entities",
            &each(&|system| system.clusters.as_ref().map(clusters)),
            &["both doc.", "both all", "any doc.", "any all"],
        ),
        beside("Links to the knowledge base", &each(&|system| system.linking.as_ref().map(links)), &RATIOS),
    ];
    for system in systems {
        let of = &format!(" of {}", system.name);
        sections.extend([
            Some(worst_documents(system, of)),
            Some(frequent(&system.frequent_errors, of)),
            Some(confusion(&system.confusion, of)),
            system.calibration.as_ref().map(|one| calibration(one, of)),
            (system.suspects > 0).then(|| suspects(system, of)),
        ]);
    }
    sections.into_iter().flatten().collect()
}

/// The errors of each class, with what it means.
fn with_meanings(section: Section) -> Section {
    let mut section = section.words(&["meaning"]);
    for (row, class) in section.table.rows.iter_mut().zip(ErrorClass::ALL) {
        row.push(class.explained().to_owned());
    }
    section
}

/// The section without what the one before has said.
fn without_notes(section: Section) -> Section {
    Section { notes: Vec::new(), ..section }
}

fn semeval(semeval: &SemEval) -> Section {
    let mut section = Section::new("Partial credit (MUC, SemEval-2013)")
        .words(&["scheme"])
        .numbers(&["correct", "incorr.", "partial", "missing", "spurious", "P", "R", "F1"]);
    let schemes = &semeval.overall;
    for (name, counts) in
        [("strict", schemes.strict), ("exact", schemes.exact), ("partial", schemes.partial), ("type", schemes.r#type)]
    {
        let SemEvalCounts { correct, incorrect, partial, missing, spurious, precision, recall, f1, .. } = counts;
        let [precision, recall, f1] = [precision, recall, f1].map(percent);
        let [correct, incorrect, partial, missing, spurious] =
            [correct, incorrect, partial, missing, spurious].map(|count| count.to_string());
        section.row([name.to_owned(), correct, incorrect, partial, missing, spurious, precision, recall, f1]);
    }
    section
}

fn errors(system: &SystemReport) -> Section {
    let mut section = Section::new("Errors").words(&["class"]).numbers(&["errors", "share"]).words(&["meaning"]);
    let total = system.error_counts.total();
    for class in ErrorClass::ALL {
        let count = system.error_counts.of(class);
        section.row([
            class.as_str().replace('_', " "),
            count.to_string(),
            percent(ratio(count, total)),
            class.explained().to_owned(),
        ]);
    }
    section
}

fn worst_documents(system: &SystemReport, of: &str) -> Section {
    let mut section = Section::new(format!("Documents with the lowest F1{of}")).words(&["document"]).numbers(&FIGURES);
    let mut defined: Vec<_> = system.documents.iter().filter_map(|scores| Some((scores.figures.f1?, scores))).collect();
    defined.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, scores) in defined.iter().take(SHOWN / 3) {
        section.row(figures(&scores.document, scores.figures));
    }
    section
}

fn fair(fair: &Fair) -> Section {
    let mut section =
        Section::new("FairEval: every error counts once").words(&["counting"]).numbers(&["precision", "recall", "F1"]);
    for (name, scores) in
        [("traditional", fair.traditional_scores), ("fair", fair.fair_scores), ("weighted", fair.weighted_scores)]
    {
        section.row([name.to_owned(), percent(scores.precision), percent(scores.recall), percent(scores.f1)]);
    }
    let counts = &fair.fair;
    section.note(format!(
        "TP {}, FP {}, FN {}, label errors {}, boundary errors {} (smaller {}, larger {}, overlapping {}), both {}.",
        counts.true_positives,
        counts.false_positives,
        counts.false_negatives,
        counts.labeling_errors,
        counts.boundary_errors(),
        counts.boundary_errors_smaller,
        counts.boundary_errors_larger,
        counts.boundary_errors_overlap,
        counts.labeling_boundary_errors
    ));
    section
}

fn frequent(errors: &[FrequentError], of: &str) -> Section {
    let mut section = Section::new(format!("Most frequent errors{of}"))
        .about(Part::Frequent)
        .numbers(&["count"])
        .words(&["class", "gold", "predicted", "example"]);
    let surfaces = |surfaces: &[Surface]| {
        surfaces.iter().map(|surface| format!("{} {}", surface.text, surface.label)).collect::<Vec<_>>().join(" + ")
    };
    for error in errors.iter().take(SHOWN) {
        let example = error.places.first().map_or_else(String::new, |place| {
            let before: String =
                place.context.before.chars().rev().take(15).collect::<Vec<_>>().into_iter().rev().collect();
            let after: String = place.context.after.chars().take(15).collect();
            format!("{before}<{}>{after}", place.context.marked)
        });
        section.row([
            error.count.to_string(),
            error.class.as_str().replace('_', " "),
            surfaces(&error.gold),
            surfaces(&error.predicted),
            example,
        ]);
    }
    section
}

fn confusion(confusion: &Confusion, of: &str) -> Section {
    let names: Vec<&str> = confusion.labels.iter().map(String::as_str).chain(["none"]).collect();
    let mut section = Section::new(format!("Label confusion{of}"))
        .about(Part::Confusion)
        .words(&["gold \\ predicted"])
        .numbers(&names);
    for (name, row) in names.iter().zip(&confusion.cells) {
        section.row(std::iter::once((*name).to_owned()).chain(row.iter().map(u64::to_string)));
    }
    section
}

fn buckets(bucketings: &[Bucketing]) -> Section {
    let mut section = Section::new("By mention property").words(&["property", "value"]).numbers(&[
        "recall",
        "gold",
        "precision",
        "predicted",
    ]);
    for bucketing in bucketings {
        for (index, bucket) in bucketing.buckets.iter().enumerate() {
            let by = if index == 0 { bucketing.by.as_str().replace('_', " ") } else { String::new() };
            section.row([
                by,
                bucket.name.replace('_', " "),
                percent(bucket.recall),
                bucket.gold.to_string(),
                percent(bucket.precision),
                bucket.predicted.to_string(),
            ]);
        }
    }
    section
}

fn calibration(calibration: &Calibration, of: &str) -> Section {
    let mut section = Section::new(format!("Calibration{of}")).about(Part::Calibration).words(&["scores"]).numbers(&[
        "mean score",
        "precision",
        "predictions",
    ]);
    for bin in &calibration.equal_width {
        section.row([
            format!("{:.1} to {:.1}", bin.lower, bin.upper),
            percent(bin.mean_score),
            percent(bin.precision),
            bin.count.to_string(),
        ]);
    }
    section.note(format!(
        "Expected calibration error {} (ten bins of equal width), {} (ten bins of equal size). Brier score {}.",
        decimal(Some(calibration.expected_calibration_error)),
        decimal(Some(calibration.expected_calibration_error_equal_mass)),
        decimal(Some(calibration.brier_score))
    ));
    let best = &calibration.best_threshold;
    section.note(format!(
        "F1 would be highest, {}, with --min-score {:.4}. That threshold is tuned on this gold: choose yours on other documents.",
        percent(Some(best.f1)),
        best.threshold,
    ));
    if calibration.unscored > 0 {
        section.note(format!("Without {} that have no score.", plural(calibration.unscored, "prediction")));
    }
    section
}

fn suspects(system: &SystemReport, of: &str) -> Section {
    let mut section = Section::new(format!("Suspicious gold labels{of}"))
        .about(Part::Suspects)
        .numbers(&["suspicion"])
        .words(&["document", "gold", "predicted", "text"]);
    let labels = |mentions: &[SuspectMention]| {
        let labels: Vec<&str> = mentions.iter().map(|mention| mention.label.as_str()).collect();
        if labels.is_empty() { "none".to_owned() } else { labels.join(", ") }
    };
    for suspect in system.most_suspicious.iter().take(SHOWN) {
        section.row([
            format!("{:.3}", suspect.suspicion),
            suspect.document_id.clone(),
            labels(&suspect.gold),
            labels(&suspect.predicted),
            suspect.context.marked.clone(),
        ]);
    }
    section.note(format!(
        "{} in all; --suspects FILE writes a table of them for review.",
        plural(system.suspects, "suspicious place")
    ));
    let flips: Vec<String> =
        system.flipped.iter().map(|one| format!("{} for {}", percent(one.f1), Grouped(one.flipped))).collect();
    section.note(format!(
        "F1 if the gold were wrong in the first n of them (an upper bound, since nobody has checked): {}.",
        flips.join(", ")
    ));
    section
}
