//! What `soft.py` asks a teacher with: reads windows, writes the hidden states of their pieces.
//!
//! ```text
//! hidden models/news-en-base < windows > states
//! ```
//!
//! All numbers have four bytes, the lowest first. A window is the number of its pieces, their ids and their token types; its states are
//! `[pieces, hidden size]` in f32. The output begins with the hidden size.

use std::error::Error;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write, stdin, stdout};

use allonym::encode::Batch;
use allonym::model::{LoadOptions, Scratch, Source};
use rayon::prelude::*;

/// Windows that are read before any is answered.
const AT_ONCE: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).ok_or("expected the name or the folder of a model")?;
    let encoder = Source::find(&name)?.load(&LoadOptions::default())?.encoder;
    let (mut input, mut out) = (BufReader::new(stdin().lock()), BufWriter::new(stdout().lock()));
    let mut begun = false;
    loop {
        let mut windows = Vec::new();
        while windows.len() < AT_ONCE
            && let Some(window) = read_window(&mut input)?
        {
            windows.push(window);
        }
        if windows.is_empty() {
            return Ok(out.flush()?);
        }
        let states: Vec<_> = windows
            .par_iter()
            .map_init(Scratch::default, |scratch, (ids, types)| {
                let mut batch = Batch::default();
                batch.push(ids, types);
                encoder.hidden(&batch, scratch).map(|states| states.to_owned())
            })
            .collect::<Result<_, _>>()?;
        for states in states {
            if !begun {
                out.write_all(&u32::try_from(states.ncols())?.to_le_bytes())?;
                begun = true;
            }
            for number in &states {
                out.write_all(&number.to_le_bytes())?;
            }
        }
        out.flush()?;
    }
}

/// Ids and token types of the next window; `None` at the end.
fn read_window(input: &mut impl Read) -> std::io::Result<Option<(Vec<u32>, Vec<u32>)>> {
    let n_pieces = match read_numbers(input, 1) {
        Ok(number) => number[0] as usize,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some((read_numbers(input, n_pieces)?, read_numbers(input, n_pieces)?)))
}

fn read_numbers(input: &mut impl Read, n: usize) -> std::io::Result<Vec<u32>> {
    let mut bytes = vec![0; 4 * n];
    input.read_exact(&mut bytes)?;
    Ok(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}
