//! Writes the weights of the model inside, in their packed form, into a file: `write_model FILE`.

use std::error::Error;

use allonym::model::Source;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("expected a file to write")?;
    let weights = Source::embedded()?.weights()?;
    std::fs::write(path, weights.first().ok_or("expected one file of weights")?)?;
    Ok(())
}
