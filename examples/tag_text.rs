//! Tags one text with the model inside.
//!
//!     cargo run --release --example tag_text -- "Maria Lopez flew to Islamabad."
#![allow(clippy::print_stdout, clippy::print_stderr)]

use allonym::Tagger;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = std::env::args().nth(1).unwrap_or_else(|| "Maria Lopez flew from Geneva to Islamabad.".to_owned());
    let tagger = Tagger::embedded()?;
    for mention in tagger.tag_text(&text)? {
        // Spans are ranges of UTF-8 bytes, so they slice the text.
        let surface = &text[mention.span.range()];
        println!("{:>5}  {:4}  {:.3}  {surface}", mention.span.start(), mention.label, mention.score.unwrap_or(1.0));
    }
    Ok(())
}
