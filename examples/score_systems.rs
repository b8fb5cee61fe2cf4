//! Scores two systems against gold, and says whether their difference may be chance: here the two heads of the model inside.
//!
//!     cargo run --release --example score_systems
#![allow(clippy::print_stdout)]

use allonym::eval::{Input, PairingOptions, Resampling, compare, pair, score_mentions};
use allonym::io::{Documents, ReadOptions};
use allonym::{Document, Request, Tagger};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gold = Documents::open(&["eval/gold".to_owned()], &ReadOptions::default())?;
    let gold: Vec<Document> = gold.collect::<Result<_, _>>()?;

    let tagger = Tagger::embedded()?;
    let mut systems = Vec::new();
    for head in ["conll", "worldwide"] {
        let untagged = gold.iter().map(|document| Document::new(&document.id, &document.text));
        let mut documents: Vec<Document> = untagged.collect();
        for outcome in tagger.tag_all(&mut documents, &Request::default().head(head))? {
            outcome?;
        }
        systems.push(Input::new(head, documents));
    }

    let options = PairingOptions::default().labels(["PER", "ORG", "LOC"]);
    let pairing = pair(Input::new("gold", gold), systems, &options)?;
    for (system, name) in ["conll", "worldwide"].into_iter().enumerate() {
        let f1 = score_mentions(&pairing.corpus, system).micro.f1;
        println!("{name:10} F1 {:.4}", f1.unwrap_or(f64::NAN));
    }
    let difference = compare(&pairing.corpus, 0, 1, Resampling::default());
    println!("difference {:.4}, p = {:.4}", difference.delta_f1.unwrap_or(0.0), difference.p_value.unwrap_or(1.0));
    Ok(())
}
