//! One loaded model serves many threads: here three that ask for different things, then a stream of documents in order.
//!
//!     cargo run --release --example tag_in_threads
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::sync::Arc;

use allonym::{Document, Linker, Pipeline, Request, Tagger};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tagger = Arc::new(Tagger::embedded()?);
    let text = "Foreign Minister Maria Lopez told Reuters in Geneva that Uruguay and Peru agree.";
    std::thread::scope(|scope| {
        for label in ["PER", "ORG", "LOC"] {
            let tagger = &tagger;
            scope.spawn(move || {
                let mut document = Document::new(label, text);
                match tagger.tag(&mut document, &Request::default().labels([label])) {
                    Ok(_) => println!("{label}: {} mentions", document.mentions.len()),
                    Err(error) => eprintln!("{label}: {error}"),
                }
            });
        }
    });

    // Reads ahead, tags and links on all processors, gives results in order, never holds more than a few chunks.
    let pipeline = Pipeline::new(tagger).linker(Linker::default());
    let feed =
        (1..=1000).map(|day| Document::new(format!("day-{day}"), format!("On day {day}, Omani envoys left Oman.")));
    let mut stream = pipeline.stream(feed, &Request::default())?;
    let n_entities: usize = stream.by_ref().map(|item| item.map_or(0, |document| document.entities.len())).sum();
    println!("{n_entities} entities in {} words", stream.n_words());
    Ok(())
}
