//! Which figures does a person see, and in which order?

use super::section::{Part, Section, decimal, percent};
use super::{DifferenceReport, Report, SystemReport};
use crate::eval::clusters::{ClusterReport, ClusterScores};
use crate::eval::counts::ratio;
use crate::eval::{
    Bucketing, Calibration, Confusion, ErrorClass, Fair, Figures, FrequentError, Interval, Intervals, Muc, MucCounts,
    Scores, Surface,
};
use crate::text::Grouped;

/// How many rows the long lists show to people; JSON and HTML have more.
const SHOWN: usize = 15;

impl Report {
    /// Everything, part by part.
    pub(crate) fn sections(&self) -> Vec<Section> {
        let mut sections = vec![self.overview()];
        for system in &self.systems {
            let of = if self.systems.len() > 1 { format!(" of {}", system.name) } else { String::new() };
            sections.extend(system.sections(&of));
        }
        sections.extend(self.differences.iter().flat_map(DifferenceReport::sections));
        sections.push(self.stamp.section());
        sections
    }

    /// What is scored, and how well each system does.
    fn overview(&self) -> Section {
        let mut section = Section::new(format!(
            "{} gold mentions in {} documents",
            Grouped(self.gold.mentions - self.gold.left_out - self.gold.duplicates),
            Grouped(self.gold.documents)
        ))
        .about(Part::Overview)
        .words(&["system"])
        .numbers(&["precision", "recall", "F1"])
        .words(&["95 % interval"])
        .numbers(&["correct", "predicted"]);
        for system in &self.systems {
            let micro = system.scores.micro;
            let interval = system.intervals.as_ref().and_then(|intervals| intervals.f1);
            section.row([
                system.name.clone(),
                percent(micro.precision),
                percent(micro.recall),
                percent(micro.f1),
                interval_of(interval),
                micro.counts.correct.to_string(),
                micro.counts.predicted.to_string(),
            ]);
            if let Some(repairs) = &system.repairs {
                section.note(format!(
                    "{}: {} tags break their scheme. F1 is {} with a mention begun there (conlleval, seqeval), {} with them discarded (seqeval strict, seqscore).",
                    system.name,
                    Grouped(repairs.repairs),
                    percent(repairs.begin.f1),
                    percent(repairs.discard.f1),
                ));
            }
        }
        for renaming in self.stamp.map.iter().filter(|renaming| renaming.mentions == 0) {
            section.note(format!("--map {}={}: no mention has that label.", renaming.from, renaming.to));
        }
        for label in self.stamp.labels.iter().flatten().filter(|label| !self.known_labels.contains(label)) {
            section.note(format!("--labels {label}: no mention has that label."));
        }
        for (side, tally) in
            std::iter::once(("gold", &self.gold)).chain(self.systems.iter().map(|system| ("system", &system.tally)))
        {
            for (count, what) in [
                (tally.left_out, "mentions of labels that are not scored were left out"),
                (tally.duplicates, "mentions stand there twice and count once"),
                (tally.overlapping, "mentions overlap others of the same side"),
                (tally.without_text, "mentions reach beyond the text"),
                (tally.missing_documents, "documents are missing: their gold mentions are missed"),
                (tally.extra_documents, "documents are not in the gold and were not scored"),
                (tally.differing_tokens, "tokens have other letters than the gold's"),
            ] {
                if count > 0 {
                    section.note(format!("{side} {}: {} {what}.", tally.name, Grouped(count)));
                }
            }
        }
        section
    }
}

impl SystemReport {
    fn sections(&self, of: &str) -> Vec<Section> {
        let mut sections = vec![
            scores(&self.scores, self.intervals.as_ref(), of),
            muc(&self.muc, of),
            self.classes(of),
            self.worst_documents(of),
            fair(&self.fair, of),
            frequent(&self.frequent_errors, of),
            confusion(&self.confusion, of),
        ];
        sections.push(buckets(&self.buckets, of));
        sections.extend(self.calibration.as_ref().map(|calibration| reliability(calibration, of)));
        if self.suspects > 0 {
            sections.push(self.doubts(of));
        }
        sections.extend(self.clusters.as_ref().map(|report| clusters(report, of)));
        sections.extend(self.links(of));
        sections
    }

    fn classes(&self, of: &str) -> Section {
        let mut section =
            Section::new(format!("Errors{of}")).words(&["class"]).numbers(&["errors", "share"]).words(&["what it is"]);
        let total = self.error_counts.total();
        for class in ErrorClass::ALL {
            let count = self.error_counts.of(class);
            section.row([
                class.as_str().replace('_', " "),
                count.to_string(),
                percent(ratio(count, total)),
                class.explained().to_owned(),
            ]);
        }
        section
    }

    /// The documents with the lowest F1.
    fn worst_documents(&self, of: &str) -> Section {
        let mut section =
            Section::new(format!("Documents with the lowest F1{of}")).words(&["document"]).numbers(&FIGURES);
        let mut defined: Vec<_> =
            self.documents.iter().filter_map(|scores| Some((scores.figures.f1?, scores))).collect();
        defined.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, scores) in defined.iter().take(SHOWN / 3) {
            section.row(figures(&scores.document, scores.figures));
        }
        section
    }

    fn doubts(&self, of: &str) -> Section {
        let mut section = Section::new(format!("Gold labels to doubt{of}"))
            .about(Part::Doubts)
            .numbers(&["doubt"])
            .words(&["document", "gold", "predicted", "text"]);
        for suspect in self.most_suspicious.iter().take(SHOWN) {
            let labels = |marked: &[crate::eval::Marked]| {
                let labels: Vec<&str> = marked.iter().map(|marked| marked.label.as_str()).collect();
                if labels.is_empty() { "none".to_owned() } else { labels.join(", ") }
            };
            section.row([
                format!("{:.3}", suspect.suspicion),
                suspect.document_id.clone(),
                labels(&suspect.gold),
                labels(&suspect.predicted),
                suspect.context.marked.clone(),
            ]);
        }
        section.note(format!("{} places in all; --suspects FILE writes them for review.", Grouped(self.suspects)));
        let flips: Vec<String> =
            self.flipped.iter().map(|flipped| format!("{} after {}", percent(flipped.f1), flipped.flipped)).collect();
        section.note(format!(
            "F1 if the gold were wrong there (an upper bound, nobody has looked): {}.",
            flips.join(", ")
        ));
        section
    }

    fn links(&self, of: &str) -> Option<Section> {
        let linking = self.linking.as_ref()?;
        let mut section = Section::new(format!("Links to the knowledge base{of}")).words(&[""]).numbers(&FIGURES);
        for (name, counts) in [("micro", linking.micro), ("NIL", linking.nil)] {
            section.row(figures(name, counts.into()));
        }
        let means = linking.by_document;
        let blank = String::new;
        section.row([
            "mean of documents".to_owned(),
            percent(means.precision),
            percent(means.recall),
            percent(means.f1),
            blank(),
            blank(),
            means.documents.to_string(),
        ]);
        let accuracy = linking.in_knowledge_base;
        section.note(format!(
            "Of {} linked gold mentions that were found, {} have the right link: {} %.",
            Grouped(accuracy.total),
            Grouped(accuracy.correct),
            percent(accuracy.ratio())
        ));
        if let Some(points) = &linking.precision_at_coverage {
            let points: Vec<String> = points
                .iter()
                .map(|point| format!("{} at {:.0} %", percent(Some(point.precision())), 100.0 * point.coverage))
                .collect();
            section.note(format!("Precision at coverage: {}.", points.join(", ")));
        }
        Some(section)
    }
}

impl DifferenceReport {
    fn sections(&self) -> Vec<Section> {
        let Self { a, b, difference, .. } = self;
        let mut section = Section::new(format!("Is the difference real? {a} (A) and {b} (B)"))
            .about(Part::Difference)
            .numbers(&["F1 of A less B", "95 % interval", "p", "p corrected", "only A right", "only B right"]);
        section.row([
            difference.delta_f1.map_or("n/a".to_owned(), |delta| format!("{:+.2}", 100.0 * delta)),
            interval_of(difference.interval),
            decimal(difference.p_value),
            decimal(self.p_value_corrected),
            self.only_a.to_string(),
            self.only_b.to_string(),
        ]);
        section.note(format!(
            "Paired bootstrap and two-sided approximate randomisation over {} units, {} of them with different counts.",
            Grouped(difference.units),
            Grouped(difference.differing_units)
        ));
        if difference.units < 30 {
            section.note("Fewer than 30 units: neither the interval nor the p-value says much.");
        }
        let mut only = Section::new(format!("Found by one only: {a} (A) and {b} (B)"))
            .about(Part::OnlyOne)
            .words(&["only A"])
            .numbers(&["times"])
            .words(&["only B"])
            .numbers(&["times"]);
        for row in 0..SHOWN.min(self.surfaces_only_a.len().max(self.surfaces_only_b.len())) {
            let cells = |list: &[super::SurfaceCount]| match list.get(row) {
                Some(surface) => (format!("{} {}", surface.text, surface.label), surface.count.to_string()),
                None => (String::new(), String::new()),
            };
            let ((left, left_times), (right, right_times)) =
                (cells(&self.surfaces_only_a), cells(&self.surfaces_only_b));
            only.row([left, left_times, right, right_times]);
        }
        vec![section, only]
    }
}

/// The columns of [`figures`] behind the name.
const FIGURES: [&str; 6] = ["precision", "recall", "F1", "correct", "predicted", "gold"];

/// A row of a name, ratios and counts.
fn figures(name: &str, figures: Figures) -> impl Iterator<Item = String> {
    let ratios = [figures.precision, figures.recall, figures.f1].map(percent);
    let counts = [figures.counts.correct, figures.counts.predicted, figures.counts.gold].map(|count| count.to_string());
    std::iter::once(name.to_owned()).chain(ratios).chain(counts)
}

fn interval_of(interval: Option<Interval>) -> String {
    interval
        .map_or_else(|| "n/a".to_owned(), |Interval { low, high }| format!("{:.2} to {:.2}", 100.0 * low, 100.0 * high))
}

fn scores(scores: &Scores, intervals: Option<&Intervals>, of: &str) -> Section {
    let mut section = Section::new(format!("Scores{of}"))
        .about(Part::Scores)
        .words(&["over"])
        .numbers(&["precision", "recall", "F1"])
        .words(&["95 % of F1"])
        .numbers(&["correct", "pred.", "gold"]);
    let interval = |pick: fn(&Intervals) -> Option<Interval>| {
        intervals.map_or_else(String::new, |intervals| interval_of(pick(intervals)))
    };
    let mut figures = |name: &str, figures: Figures, interval: String| {
        section.row([
            name.to_owned(),
            percent(figures.precision),
            percent(figures.recall),
            percent(figures.f1),
            interval,
            figures.counts.correct.to_string(),
            figures.counts.predicted.to_string(),
            figures.counts.gold.to_string(),
        ]);
    };
    for label in &scores.labels {
        figures(&label.label, label.figures, String::new());
    }
    figures("micro", scores.micro, interval(|intervals| intervals.f1));
    figures("boundary", scores.boundary, interval(|intervals| intervals.boundary_f1));
    let averages = [
        ("macro", scores.macro_average, interval(|intervals| intervals.macro_f1)),
        ("macro (gold)", scores.gold_macro_average, String::new()),
        ("weighted", scores.weighted, String::new()),
    ];
    for (name, average, interval) in averages {
        let figures = [average.precision, average.recall, average.f1].map(percent);
        let [precision, recall, f1] = figures;
        section.row([name.to_owned(), precision, recall, f1, interval, String::new(), String::new(), String::new()]);
    }
    let documents = &scores.documents;
    let [precision, recall, f1] = [documents.precision, documents.recall, documents.f1].map(percent);
    section.row([
        "documents".to_owned(),
        precision,
        recall,
        f1,
        String::new(),
        String::new(),
        String::new(),
        String::new(),
    ]);
    section.note("boundary: labels do not matter. macro: over the labels of either side; macro (gold): over the gold's. weighted: by gold mentions. documents: mean of the documents that define it.");
    section
}

fn muc(muc: &Muc, of: &str) -> Section {
    let mut section = Section::new(format!("MUC and SemEval-2013{of}"))
        .words(&["scheme"])
        .numbers(&["correct", "incorr.", "partial", "missing", "spurious", "P", "R", "F1"]);
    let overall = &muc.overall;
    for (name, counts) in
        [("strict", overall.strict), ("exact", overall.exact), ("partial", overall.partial), ("type", overall.r#type)]
    {
        let MucCounts { correct, incorrect, partial, missing, spurious, precision, recall, f1, .. } = counts;
        let [precision, recall, f1] = [precision, recall, f1].map(percent);
        let [correct, incorrect, partial, missing, spurious] =
            [correct, incorrect, partial, missing, spurious].map(|count| count.to_string());
        section.row([name.to_owned(), correct, incorrect, partial, missing, spurious, precision, recall, f1]);
    }
    section
}

fn fair(fair: &Fair, of: &str) -> Section {
    let mut section = Section::new(format!("Counted fairly{of} (FairEval)")).words(&["counting"]).numbers(&[
        "precision",
        "recall",
        "F1",
    ]);
    for (name, scores) in
        [("traditional", fair.traditional_scores), ("fair", fair.fair_scores), ("weighted", fair.weighted_scores)]
    {
        section.row([name.to_owned(), percent(scores.precision), percent(scores.recall), percent(scores.f1)]);
    }
    let counts = &fair.fair;
    section.note(format!(
        "TP {}, FP {}, FN {}, label {}, boundary {} (smaller {}, larger {}, overlap {}), both {}.",
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
        .numbers(&["times"])
        .words(&["class", "gold", "predicted", "for example"]);
    let surfaces = |surfaces: &[Surface]| {
        surfaces.iter().map(|surface| format!("{} {}", surface.text, surface.label)).collect::<Vec<_>>().join(" + ")
    };
    for error in errors.iter().take(SHOWN) {
        let place = error.places.first().map_or_else(String::new, |place| {
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
            place,
        ]);
    }
    section
}

fn confusion(confusion: &Confusion, of: &str) -> Section {
    let names: Vec<&str> = confusion.labels.iter().map(String::as_str).chain(["none"]).collect();
    let mut section = Section::new(format!("Labels confused{of}"))
        .about(Part::Confusion)
        .words(&["gold \\ predicted"])
        .numbers(&names);
    for (name, row) in names.iter().zip(&confusion.cells) {
        section.row(std::iter::once((*name).to_owned()).chain(row.iter().map(u64::to_string)));
    }
    section
}

fn buckets(bucketings: &[Bucketing], of: &str) -> Section {
    let mut section = Section::new(format!("By kind of mention{of}")).words(&["by", "kind"]).numbers(&[
        "recall",
        "of gold",
        "precision",
        "of predicted",
    ]);
    for bucketing in bucketings {
        for (index, bucket) in bucketing.buckets.iter().enumerate() {
            let by = if index == 0 { bucketing.by.as_str().replace('_', " ") } else { String::new() };
            section.row([
                by,
                bucket.name.clone(),
                percent(bucket.recall),
                bucket.gold.to_string(),
                percent(bucket.precision),
                bucket.predicted.to_string(),
            ]);
        }
    }
    section
}

fn reliability(calibration: &Calibration, of: &str) -> Section {
    let mut section = Section::new(format!("Calibration{of}: can scores be trusted?"))
        .about(Part::Reliability)
        .words(&["scores"])
        .numbers(&["mean score", "precision", "predictions"]);
    for bin in &calibration.equal_width {
        section.row([
            format!("{:.1} to {:.1}", bin.lower, bin.upper),
            percent(bin.mean_score),
            percent(bin.precision),
            bin.count.to_string(),
        ]);
    }
    section.note(format!(
        "Expected calibration error {:.4} (ten bins of equal width), {:.4} (of equal size); Brier score {:.4}.",
        calibration.expected_calibration_error,
        calibration.expected_calibration_error_equal_mass,
        calibration.brier_score
    ));
    let best = &calibration.best_threshold;
    section.note(format!(
        "F1 would be best with --min-score {:.4}: {}. That threshold is tuned on the gold that it is shown with; choose it on other documents.",
        best.threshold,
        percent(Some(best.f1))
    ));
    if calibration.unscored > 0 {
        section.note(format!("{} predictions have no score and are left out here.", Grouped(calibration.unscored)));
    }
    section
}

fn clusters(report: &ClusterReport, of: &str) -> Section {
    let columns: [(&str, &ClusterScores); 8] = [
        ("both doc.", &report.matched.within_documents.all),
        ("hard", &report.matched.within_documents.hard),
        ("both all", &report.matched.across_documents.all),
        ("hard", &report.matched.across_documents.hard),
        ("any doc.", &report.predicted.within_documents.all),
        ("hard", &report.predicted.within_documents.hard),
        ("any all", &report.predicted.across_documents.all),
        ("hard", &report.predicted.across_documents.hard),
    ];
    let mut section = Section::new(format!("Entities{of}")).words(&["F1"]).numbers(&columns.map(|(name, _)| name));
    let mut row = |name: &str, figure: &dyn Fn(&ClusterScores) -> Option<f64>| {
        section.row(std::iter::once(name.to_owned()).chain(columns.iter().map(|(_, scores)| percent(figure(scores)))));
    };
    row("CoNLL", &ClusterScores::conll_mean);
    let names = ["MUC", "B3", "CEAF-e", "CEAF-m", "BLANC", "LEA", "pairs"];
    for (index, name) in names.into_iter().enumerate() {
        row(name, &|scores| scores.ratios()[index].1.f1);
    }
    row("merges", &|scores| scores.wrong_merges.rate_of_clusters());
    section.note(
        "both: mentions that gold and system share (linking apart from tagging); any: those of either. doc.: entities within each document; CoNLL: the mean of MUC, B3 and CEAF-e; all: one id is one entity in all documents. hard: gold entities with several surface forms. merges: the share of the system's entities that mix several of the gold's.",
    );
    section
}
