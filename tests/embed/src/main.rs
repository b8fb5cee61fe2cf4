//! The least that a program needs to tag a text. `.ci/run` builds it alone, with none of the features that the program `allonym` has.

use std::error::Error;

use allonym::Tagger;

fn main() -> Result<(), Box<dyn Error>> {
    let tagger = Tagger::embedded()?;
    let text = "Maria Lopez of the World Bank met reporters in Islamabad.";
    for mention in tagger.tag_text(text)? {
        println!("{} {}", mention.label, &text[mention.span.range()]);
    }
    Ok(())
}
