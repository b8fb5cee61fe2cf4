//! Links the names of an archive: one entity for all spellings of a name, in all documents, and why.
//!
//!     cargo run --release --example link_archive -- eval/gold Qalibaf
#![allow(clippy::print_stdout)]

use allonym::io::{Documents, ReadOptions};
use allonym::{Document, Linker};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "eval/gold".to_owned());
    let wanted = args.next().unwrap_or_else(|| "Qalibaf".to_owned());

    // Documents that have mentions: tagged by allonym, by another tagger, or by hand.
    let documents = Documents::open(&[folder], &ReadOptions::default())?;
    let mut documents: Vec<Document> = documents.collect::<Result<_, _>>()?;
    let links = Linker::default().link_documents(&mut documents)?;

    println!("{} entities in {} documents", links.entities().len(), documents.len());
    for entity in links.entities().into_iter().take(5) {
        let aliases: Vec<&str> = entity.aliases.iter().map(|alias| alias.name.as_str()).collect();
        println!("{:4} {} ({} mentions): {}", entity.label, entity.name, entity.mentions(), aliases.join(", "));
    }
    for entity in links.entities() {
        if entity.aliases.iter().any(|alias| alias.name == wanted)
            && let Some(why) = links.explain(&entity.id)
        {
            println!("\n{why}");
        }
    }
    Ok(())
}
