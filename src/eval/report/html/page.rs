//! The page and its parts.

use super::documents;
use super::lists::References;
use super::plot;
use super::points::{label_scores, main_scores};
use super::tables::{body, card, folding, grid, notes};
use crate::eval::Corpus;
use crate::eval::report::content::Report;
use crate::eval::report::section::{Part, Section};
use crate::eval::report::system::SystemReport;
use crate::page::{Fetches, Frame, StyleAttributes, visible};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = concat!(include_str!("text.js"), include_str!("page.js"));

/// The report as a page, with its sections.
pub(crate) fn html(report: &Report, corpus: &Corpus, sections: &[Section]) -> String {
    let page = Page { report, references: References::new(corpus), sections };
    let systems: Vec<&str> = report.systems.iter().map(|system| system.name.as_str()).collect();
    let title = format!("{} against {}", systems.join(", "), report.gold.name);
    let json = documents::json(report, corpus, &page.references.anchors);
    let parts = [
        page.headline(),
        page.differences(),
        page.details(),
        page.confusions(),
        page.calibrations(),
        include_str!("browser.html").to_owned(),
    ];
    let frame = Frame {
        title: &title,
        style: STYLE,
        script: Some(SCRIPT),
        attributes: StyleAttributes::Allowed,
        fetches: Fetches::Nothing,
    };
    format!(
        "{}{}<main>\n{}</main>\n<script type=\"application/json\" id=\"data\">{json}</script>\n{}",
        frame.head(),
        page.header(),
        parts.concat(),
        frame.foot(),
    )
}

struct Page<'a> {
    report: &'a Report,
    references: References<'a>,
    sections: &'a [Section],
}

/// Sections on one topic.
struct Topic {
    name: String,
    part: Part,
    cards: String,
}

impl<'a> Page<'a> {
    fn part(&self, part: Part) -> impl Iterator<Item = &'a Section> {
        self.sections.iter().filter(move |section| section.part == part)
    }

    /// The names of gold and systems, with the systems' marks, and links to the parts of the page.
    fn header(&self) -> String {
        let mut html = format!(
            "<header>\n<h1>Scores against <bdi>{}</bdi></h1>\n<ul class=\"key\">\n",
            visible(&self.report.gold.name)
        );
        for (system, SystemReport { name, .. }) in self.report.systems.iter().enumerate() {
            html += &format!("<li>{} <bdi>{}</bdi></li>\n", self.key(system), visible(name));
        }
        html += "</ul>\n<nav>";
        let links = [
            ("scores", "Scores"),
            ("differences", "Differences"),
            ("details", "Details"),
            ("confusion", "Confusion"),
            ("calibration", "Calibration"),
            ("documents", "Documents"),
        ];
        for (id, name) in links.into_iter().filter(|(id, _)| self.has(id)) {
            html += &format!("<a href=\"#{id}\">{name}</a> ");
        }
        html + "</nav>\n</header>\n"
    }

    fn has(&self, id: &str) -> bool {
        match id {
            "differences" => !self.report.differences.is_empty(),
            "confusion" => !self.report.systems.is_empty(),
            "calibration" => self.report.systems.iter().any(|system| system.calibration.is_some()),
            _ => true,
        }
    }

    /// The mark of a system: its shape in its colour, and its letter if there are several.
    fn key(&self, system: usize) -> String {
        let shape = plot::SHAPES[system % plot::SHAPES.len()];
        let colour = system % plot::N_COLOURS;
        let letter = if self.report.systems.len() > 1 { letter(system) } else { String::new() };
        format!("<span class=\"shape s{colour}\">{shape}{letter}</span>")
    }

    fn headline(&self) -> String {
        let mut html = "<section id=\"scores\">\n".to_owned();
        for section in self.part(Part::Overview) {
            let lead =
                section.lead.iter().map(|lead| format!("<p class=\"lead\" dir=\"auto\">{}</p>\n", visible(lead)));
            html += &format!("<h2>{}</h2>\n{}", visible(&section.title), lead.collect::<String>());
            html += &format!("<div class=\"figures\">\n{}</div>\n", self.pictures());
            html += &body(section);
        }
        html += &beside(self.part(Part::Scores).map(card));
        html + "</section>\n"
    }

    fn pictures(&self) -> String {
        let (scores, labels) = (main_scores(self.report), label_scores(self.report));
        let all = plot::whiskers(&scores, "precision, recall and F1 with 95% intervals; the tables have the numbers");
        let mut html = figure(&all, "In percent, with 95% intervals");
        if !labels.is_empty() {
            let by_label = plot::whiskers(&labels, "F1 of each label; the tables have the numbers");
            html += &figure(&by_label, "F1 by label, in percent");
        }
        html
    }

    fn differences(&self) -> String {
        if !self.has("differences") {
            return String::new();
        }
        let mut html = "<section id=\"differences\">\n<h2>Differences</h2>\n".to_owned();
        html += &self.part(Part::Difference).map(card).collect::<String>();
        for (section, difference) in self.part(Part::OnlyOne).zip(&self.report.differences) {
            let n_rows = difference.surfaces_only_a.len().max(difference.surfaces_only_b.len());
            html += &folding(&section.title, n_rows, &(self.references.only_one(difference) + &notes(section)));
        }
        html + "</section>\n"
    }

    /// Everything without a place of its own, in the order of the report, with the systems side by side.
    fn details(&self) -> String {
        let systems = &self.report.systems;
        let mut frequent = systems.iter().map(|system| &system.frequent_errors);
        let mut suspects = systems.iter().filter(|system| system.suspects > 0).map(|system| &system.most_suspicious);
        let mut topics: Vec<Topic> = Vec::new();
        for section in self.sections {
            let part = section.part;
            let card = match part {
                Part::Other => card(section),
                Part::Frequent => frequent.next().map_or_else(String::new, |errors| {
                    folding(&section.title, errors.len(), &(self.references.frequent(errors) + &notes(section)))
                }),
                Part::Suspects => suspects.next().map_or_else(String::new, |suspects| {
                    folding(&section.title, suspects.len(), &(self.references.suspects(suspects) + &notes(section)))
                }),
                _ => continue,
            };
            let name = self.topic(section);
            match topics.iter_mut().find(|topic| topic.name == name) {
                Some(topic) => topic.cards += &card,
                None => topics.push(Topic { name, part, cards: card }),
            }
        }
        // Only the long lists need the whole width.
        let laid_out = |topic: Topic| match topic.part {
            Part::Other => beside(std::iter::once(topic.cards)),
            _ => topic.cards,
        };
        let topics: String = topics.into_iter().map(laid_out).collect();
        format!("<section id=\"details\">\n<h2>Details</h2>\n{topics}</section>\n")
    }

    /// A section's title without the name of a system.
    fn topic(&self, section: &Section) -> String {
        let names = self.report.systems.iter().map(|system| format!(" of {}", system.name));
        names.fold(section.title.clone(), |title, name| title.replace(&name, ""))
    }

    fn confusions(&self) -> String {
        if !self.has("confusion") {
            return String::new();
        }
        let grids = self.part(Part::Confusion).zip(&self.report.systems).map(|(section, system)| {
            format!(
                "<div class=\"card\"><h3 dir=\"auto\">{}</h3>\n{}{}</div>\n",
                visible(&section.title),
                grid(&system.confusion),
                notes(section)
            )
        });
        let note = "Percentages and shades are shares of the row, the gold mentions with one label. Mentions on the diagonal may have wrong boundaries.";
        format!(
            "<section id=\"confusion\">\n<h2>Confusion</h2>\n{}<p class=\"note\">{note}</p>\n</section>\n",
            beside(grids)
        )
    }

    fn calibrations(&self) -> String {
        if !self.has("calibration") {
            return String::new();
        }
        let systems = self.report.systems.iter().enumerate();
        let calibrated = systems.filter_map(|(index, system)| Some((index, system.calibration.as_ref()?)));
        let mut html = "<section id=\"calibration\">\n<h2>Calibration</h2>\n".to_owned();
        for (section, (system, calibration)) in self.part(Part::Calibration).zip(calibrated) {
            let reliability =
                plot::reliability(calibration, system, "precision by score, and the number of predictions by score");
            let coverage =
                plot::coverage(calibration, system, "precision if only the most confident predictions are kept");
            html += &format!(
                "<h3 dir=\"auto\">{} {}</h3>\n<div class=\"figures\">\n{}{}<div>{}</div>\n</div>\n",
                self.key(system),
                visible(&section.title),
                figure(&reliability, "Precision by score; on the diagonal, scores are as high as precision"),
                figure(&coverage, "Precision of the most confident predictions"),
                body(section),
            );
        }
        html + "</section>\n"
    }
}

/// Cards side by side, if the page is wide enough.
fn beside(cards: impl Iterator<Item = String>) -> String {
    format!("<div class=\"cards\">\n{}</div>\n", cards.collect::<String>())
}

fn figure(picture: &str, caption: &str) -> String {
    format!("<figure>\n{picture}<figcaption>{}</figcaption>\n</figure>\n", visible(caption))
}

/// The short name of a system.
fn letter(system: usize) -> String {
    match u8::try_from(system) {
        Ok(index) if index < 26 => char::from(b'A' + index).to_string(),
        _ => format!("S{}", system + 1),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::eval::report::ReportOptions;
    use crate::eval::report::sections::sections;
    use crate::eval::{ErrorClass, Input, Pairing, PairingOptions, pair};
    use crate::text::{Document, Label, Mention, Span};

    /// Text that is markup unless it is escaped, and a character that no page can hold.
    const HOSTILE: &str = "</script><script>alert(1)</script><!--<script>\"&amp;<>' 😀 \u{202e}بيروت\u{2028}\u{2029}\0</p></style></title>";

    /// A mention over the first occurrence of a surface.
    fn mention(text: &str, surface: &str, label: &str) -> Mention {
        let start = text.find(surface).expect("the surface is in the text");
        Mention::new(Span::new(start, start + surface.len()), Label::new(label))
    }

    fn document(id: &str, text: &str, mentions: &[(&str, &str)]) -> Document {
        let mentions = mentions.iter().map(|(surface, label)| mention(text, surface, label)).collect();
        Document { mentions, ..Document::new(id, text) }
    }

    /// One error of each class, of one system.
    fn every_error() -> Pairing {
        let text = "Missed; Nothing; Type; Much more; Too little; Left middle right; Both wrong; Cut apart; One, two";
        let gold = [
            ("Missed", "PER"),
            ("Type", "PER"),
            ("Much", "PER"),
            ("Too little", "PER"),
            ("Left middle", "PER"),
            ("Both", "PER"),
            ("Cut apart", "PER"),
            ("One", "PER"),
            ("two", "PER"),
        ];
        let predicted = [
            ("Nothing", "PER"),
            ("Type", "ORG"),
            ("Much more", "PER"),
            ("little", "PER"),
            ("middle right", "PER"),
            ("Both wrong", "ORG"),
            ("Cut", "PER"),
            ("apart", "PER"),
            ("One, two", "PER"),
        ];
        pairing(&[("a", text, &gold)], &[&[("a", text, &predicted)]])
    }

    type Plain<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

    fn pairing(gold: &[Plain<'_>], systems: &[&[Plain<'_>]]) -> Pairing {
        let input = |name: &str, documents: &[Plain<'_>]| Input {
            name: name.to_owned(),
            documents: documents.iter().map(|(id, text, mentions)| document(id, text, mentions)).collect(),
        };
        let systems = systems.iter().enumerate().map(|(index, documents)| {
            let mut system = input(["</title>first&", "second\"'<"][index], documents);
            for (index, mention) in system.documents.iter_mut().flat_map(|document| &mut document.mentions).enumerate()
            {
                mention.score = Some(0.5 + (index % 5) as f32 / 10.0);
            }
            system
        });
        pair(input("<gold>", gold), systems.collect(), &PairingOptions::default()).expect("the texts are the same")
    }

    fn report(pairing: &Pairing) -> Report {
        Report::new(pairing, &ReportOptions::default().samples(20).trials(20).command(HOSTILE))
    }

    fn page(pairing: &Pairing) -> String {
        let report = report(pairing);
        html(&report, &pairing.corpus, &sections(&report))
    }

    /// Two systems that disagree about hostile documents.
    fn hostile() -> Pairing {
        let gold: [(&str, &str); 2] = [("😀", "PER"), ("<script>", HOSTILE)];
        let other: [(&str, &str); 2] = [("😀", HOSTILE), ("script>alert", "ORG")];
        pairing(&[(HOSTILE, HOSTILE, &gold)], &[&[(HOSTILE, HOSTILE, &other)], &[(HOSTILE, HOSTILE, &gold)]])
    }

    fn data(page: &str) -> Value {
        let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").expect("the page has data");
        let (json, _) = rest.split_once("</script>").expect("the data end");
        serde_json::from_str(json).expect("the data are JSON")
    }

    /// Elements that are opened but not closed, or closed but not opened.
    fn unbalanced(page: &str) -> Vec<String> {
        const VOID: [&str; 3] = ["!DOCTYPE", "meta", "input"];
        let mut open: Vec<String> = Vec::new();
        let mut wrong = Vec::new();
        let mut rest = page;
        while let Some((_, after)) = rest.split_once('<') {
            let name: String = after.chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
            let (tag, behind) = after.split_once('>').expect("a tag ends");
            rest = behind;
            if let Some(closed) = name.strip_prefix('/') {
                match open.pop() {
                    Some(last) if last == closed => {}
                    last => wrong.push(format!("{last:?} closed by {closed}")),
                }
            } else if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
                if matches!(name.as_str(), "script" | "style") {
                    rest = rest.split_once(&format!("</{name}>")).expect("it is closed").1;
                } else {
                    open.push(name);
                }
            }
        }
        wrong.extend(open);
        wrong
    }

    #[test]
    fn hostile_text_stays_text() {
        let pairing = hostile();
        let page = page(&pairing);
        assert_eq!(unbalanced(&page), Vec::<String>::new());
        assert_eq!(page.matches("</script").count(), 2, "the data and the script");
        assert_eq!(page.matches("<script").count(), 2, "the data and the script");
        assert_eq!(page.matches("</title").count(), 1);
        assert_eq!(page.matches("</style").count(), 1);
        for c in ['\0', '\u{2028}', '\u{2029}'] {
            let inside = page.split_once("id=\"data\">").expect("the page has data").1;
            let inside = inside.split_once("</script>").expect("the data end").0;
            assert!(!inside.contains(c), "{c:?}");
        }
        assert!(!page.contains('\0'));
        let data = data(&page);
        assert_eq!(data["documents"][0]["id"], HOSTILE);
        assert_eq!(data["documents"][0]["text"], HOSTILE);
        assert!(data["labels"].as_array().expect("labels").iter().any(|label| label["name"] == HOSTILE));
        assert_eq!(data["systems"], serde_json::json!(["</title>first&", "second\"'<"]));
    }

    #[test]
    fn loads_nothing() {
        for page in [page(&hostile()), page(&every_error())] {
            for word in
                ["http:", "https:", "src=", "url(", "@import", "import(", "fetch(", "<link", "innerHTML", "href=\"//"]
            {
                assert!(!page.contains(word), "{word}");
            }
            assert!(page.contains("default-src 'none'"));
        }
    }

    #[test]
    fn every_error_class_has_a_name_and_a_style() {
        let page = page(&every_error());
        let data = data(&page);
        let mut seen = Vec::new();
        for error in data["documents"][0]["systems"][0]["errors"].as_array().expect("errors") {
            seen.push(error[0].as_u64().expect("a place"));
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..9).collect::<Vec<u64>>(), "one error of each class");
        for (class, known) in ErrorClass::ALL.into_iter().zip(data["classes"].as_array().expect("classes")) {
            assert_eq!(known["key"], class.as_str());
            assert_eq!(known["name"], class.as_str().replace('_', " "));
            assert!(STYLE.contains(&format!(".{}", class.as_str())), "{class:?}");
            assert!(
                page.contains(&format!("<mark class=\"l0 e {}\">", class.as_str()))
                    || page.contains(&format!(" e {}\">", class.as_str())),
                "{class:?} is in the legend"
            );
        }
    }

    #[test]
    fn every_section_is_shown_once() {
        let pairing = hostile();
        let report = report(&pairing);
        let sections = sections(&report);
        let page = html(&report, &pairing.corpus, &sections);
        let parts: Vec<Part> = sections.iter().map(|section| section.part).collect();
        let count = |part: Part| parts.iter().filter(|known| **known == part).count();
        for part in [Part::Frequent, Part::Confusion, Part::Calibration] {
            assert_eq!(count(part), 2, "{part:?} of both systems");
        }
        assert_eq!(count(Part::Scores), 2, "F1, then precision and recall, each with a column for each system");
        for part in [Part::Overview, Part::Difference, Part::OnlyOne] {
            assert_eq!(count(part), 1, "{part:?}");
        }
        assert_eq!(count(Part::Suspects), report.systems.iter().filter(|system| system.suspects > 0).count());
        assert!(count(Part::Other) > 5, "{parts:?}");
        let headings: Vec<&str> = page
            .split("<h3 dir=\"auto\">")
            .skip(1)
            .filter_map(|rest| rest.split_once("</h3>"))
            .map(|pair| pair.0)
            .collect();
        for section in sections.iter().skip(1) {
            let title = visible(&section.title);
            assert_eq!(headings.iter().filter(|heading| heading.ends_with(&title)).count(), 1, "{title}");
        }
    }

    #[test]
    fn empty_reports_have_pages() {
        let nothing = pairing(&[], &[&[]]);
        let no_system = pairing(&[("a", "x", &[])], &[]);
        for pairing in [nothing, no_system] {
            let page = page(&pairing);
            assert_eq!(unbalanced(&page), Vec::<String>::new());
            assert_eq!(data(&page)["documents"].as_array().map(Vec::len), Some(pairing.corpus.documents.len()));
            assert!(!page.contains("NaN"));
        }
    }

    #[test]
    fn cells_show_their_share_of_the_row() {
        let confusion = crate::eval::Confusion {
            labels: vec!["PER".to_owned(), "<b>".to_owned()],
            cells: vec![vec![3, 1, 0], vec![0, 0, 0], vec![0, 2, 0]],
        };
        let grid = grid(&confusion);
        assert!(
            grid.contains("<td class=\"number right\" style=\"--share:0.750\">3 <small>75.00%</small></td>"),
            "{grid}"
        );
        assert!(
            grid.contains("<td class=\"number off\" style=\"--share:0.250\">1 <small>25.00%</small></td>"),
            "{grid}"
        );
        assert!(grid.contains("<td class=\"number off\" style=\"--share:1.000\">2 "), "{grid}");
        assert_eq!(grid.matches("<td class=\"number zero\">0</td>").count(), 6, "{grid}");
        assert!(grid.contains("&lt;b&gt;") && !grid.contains("NaN"), "{grid}");
        assert_eq!(unbalanced(&grid), Vec::<String>::new());
    }

    #[test]
    fn systems_have_letters() {
        let letters: Vec<String> = [0, 1, 25, 26, 300].into_iter().map(letter).collect();
        assert_eq!(letters, ["A", "B", "Z", "S27", "S301"]);
    }
}
