//! Prints what `evidence.py` trains on: for each pair of full names that linking compares across the documents of a JSONL file, whether
//! the key `gold` of their mentions is the same, the names, and the features, as tab-separated rows after a header.
//!
//! ```text
//! link_features corpus.jsonl > pairs.tsv
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};

use allonym::io::jsonl;
use allonym::link::{MentionStore, training};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("expected a JSONL file with gold entities")?;
    let mut mentions = MentionStore::new();
    let mut gold: Vec<Vec<Option<String>>> = Vec::new();
    for line in BufReader::new(std::fs::File::open(&path)?).lines() {
        let document = jsonl::from_str(&line?)?;
        let id = |mention: &allonym::Mention| Some(mention.extra.get("gold")?.as_str()?.to_owned());
        gold.push(document.mentions.iter().map(id).collect());
        mentions.add(&document)?;
    }
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "same\tinitial\tname1\tname2\t{}", training::EVIDENCE.join("\t"))?;
    for pair in training::pairs(&mentions) {
        let most = |places: &[(usize, usize)]| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for &(document, nth) in places {
                if let Some(id) = &gold[document][nth] {
                    *counts.entry(id).or_default() += 1;
                }
            }
            counts.into_iter().max_by_key(|(_, n)| *n).map(|(id, _)| id)
        };
        if let (Some(one), Some(other)) = (most(&pair.mentions[0]), most(&pair.mentions[1])) {
            let [first, second] = &pair.names;
            let features = pair.features.map(|feature| format!("{feature:.4}")).join("\t");
            let (same, initial) = (u8::from(one == other), u8::from(pair.is_initial));
            writeln!(out, "{same}\t{initial}\t{first}\t{second}\t{features}")?;
        }
    }
    out.flush()?;
    Ok(())
}
