//! What the built-in model's mentions are with refinements, and without.

use allonym::refine::{Refinement, Refinements};
use allonym::{Document, Request, Tagger};

/// Cases: a text, the refinement that it needs, and its mentions of three labels with it.
const CASES: &[(&str, Refinement, &str)] = &[
    (
        "Sir Keir Starmer met King Charles III and Pope Francis in London on Tuesday.",
        Refinement::Titles,
        "PER Keir Starmer, PER Charles III, PER Francis, LOC London",
    ),
    ("Alhaji Musa Bello and Maulana Fazlur Rehman spoke.", Refinement::Titles, "PER Musa Bello, PER Fazlur Rehman"),
    ("Rep. Ilhan Omar (DFL-Minn.)", Refinement::PartyStates, "PER Ilhan Omar, LOC Minn."),
    ("See www.Amnesty.org/Iran for the report by Jane Doe.", Refinement::NonNames, "PER Jane Doe"),
    ("Emmanuel Macron (@EmmanuelMacron) wrote about #Ukraine.", Refinement::NonNames, "PER Emmanuel Macron"),
    (
        "Smith, John\nBrown, Alice\nLopez, Maria",
        Refinement::InvertedNames,
        "PER Smith, John, PER Brown, Alice, PER Lopez, Maria",
    ),
    ("(Ana Silva/AP Photo)", Refinement::Credits, "PER Ana Silva, ORG AP"),
    ("Peru d. Chile 3-1", Refinement::Results, "ORG Peru, ORG Chile"),
];

/// Texts that earlier weights needed a refinement for, and their mentions.
const STAY_RIGHT: &[(&str, &str)] = &[
    ("Sen. Lindsey Graham (R-S.C.) spoke.", "PER Lindsey Graham, LOC S.C."),
    ("Palm Bay d. Rockledge 70-44", "ORG Palm Bay, ORG Rockledge"),
    ("Emir Tamim bin Hamad al-Thani and Baroness Warsi met.", "PER Tamim bin Hamad al-Thani, PER Warsi"),
    ("Send it to tips@londonherald.com or call Jane Doe.", "PER Jane Doe"),
    ("Photo: Ana Silva/Getty Images", "PER Ana Silva, ORG Getty Images"),
    ("Spain 2 Italy 1", "ORG Spain, ORG Italy"),
];

fn mentions(tagger: &Tagger, text: &str, refinements: Option<Refinements>) -> String {
    let mut request = Request::default().labels(["PER", "ORG", "LOC"]);
    request.refinements = refinements;
    let mut document = Document::new("1", text);
    tagger.tag(&mut document, &request).expect("the built-in model tags");
    let shown = document.mentions.iter().map(|mention| {
        assert!(mention.score.is_some_and(|score| score > 0.0 && score < 1.0), "{text}: a score is a probability");
        format!("{} {}", mention.label, &text[mention.span.range()])
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn what_was_right_stays_right() {
    let tagger = Tagger::embedded().expect("the built-in model");
    for &(text, want) in STAY_RIGHT {
        assert_eq!(mentions(&tagger, text, None), want, "{text}");
    }
}

#[test]
fn each_refinement_does_its_part() {
    let tagger = Tagger::embedded().expect("the built-in model");
    for &(text, refinement, want) in CASES {
        assert_eq!(mentions(&tagger, text, None), want, "all, by default: {text}");
        let alone = Refinements::none().with(refinement);
        assert_eq!(mentions(&tagger, text, Some(alone)), want, "{refinement} alone: {text}");
        assert_ne!(mentions(&tagger, text, Some(Refinements::none())), want, "none: {text}");
    }
}
