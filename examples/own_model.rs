//! Loads a model of your own: a folder in the Hugging Face layout (config.json, tokenizer.json, model.safetensors).
//!
//!     cargo run --release --example own_model -- models/news-en-small
#![allow(clippy::print_stdout, clippy::print_stderr)]

use allonym::model::{LoadOptions, Precision, Source};
use allonym::{Document, Pool, Request, Tagger};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "models/news-en-small".to_owned());
    let source = Source::find(&folder)?;
    let card = source.card()?;
    println!("{}: {} bytes of weights, languages {:?}", card.name, card.n_bytes, card.languages);

    // In single precision, on two threads.
    let options = LoadOptions::default().precision(Precision::F32).pool(Pool::new(2));
    let tagger = Tagger::load(&source, &options)?;
    println!("{} in {} by {}", tagger.spec().architecture, tagger.spec().precision, tagger.spec().kernel);

    // Every head of the model answers, one call after the other.
    for head in tagger.heads() {
        let mut document = Document::new("", "Maria Lopez of the World Bank flew from Geneva to Islamabad.");
        tagger.tag(&mut document, &Request::default().head(&head.name).min_score(0.5))?;
        let found = document.mentions.iter().map(|mention| &document.text[mention.span.range()]);
        println!("{}: {}", head.name, found.collect::<Vec<_>>().join(", "));
    }
    Ok(())
}
