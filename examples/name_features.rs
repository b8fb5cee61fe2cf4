//! Prints what `models/train/names.py` trains on: the features of pairs of names, or the skeleton keys of names.
//!
//! ```text
//! name_features WEIGHTS.json features < pairs.tsv    # columns name1 and name2, found by the header; features as tab-separated rows
//! name_features WEIGHTS.json keys < names.tsv        # column name; its keys, separated by spaces
//! name_features WEIGHTS.json probability < pairs.tsv # one probability a line
//! name_features WEIGHTS.json speed < pairs.tsv       # comparisons a second, from strings and from parsed names
//! ```

use std::fs::File;
use std::io::{BufReader, Read, Write, stdin, stdout};
use std::time::Instant;

use allonym::link::names::{FEATURES, Model};
use anyhow::{Context, Result, bail};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let weights = arguments.next().context("expected a file of weights")?;
    let what = arguments.next().context("expected features, keys, probability or speed")?;
    let model = Model::read(BufReader::new(File::open(&weights).with_context(|| weights.clone())?))?;
    let mut table = String::new();
    stdin().read_to_string(&mut table)?;
    let mut out = std::io::BufWriter::new(stdout().lock());
    if what == "keys" {
        for row in columns(&table, &["name"])? {
            writeln!(out, "{}", model.keys(&model.parse(row[0])).join(" "))?;
        }
        return Ok(());
    }
    let pairs = columns(&table, &["name1", "name2"])?;
    match what.as_str() {
        "features" => {
            writeln!(out, "{}", FEATURES.join("\t"))?;
            for row in pairs {
                let numbers = model.features(&model.parse(row[0]), &model.parse(row[1]));
                writeln!(out, "{}", numbers.map(|number| format!("{number:.4}")).join("\t"))?;
            }
        }
        "probability" => {
            for row in pairs {
                let comparison = model.compare(&model.parse(row[0]), &model.parse(row[1]));
                writeln!(out, "{:.6}\t{}\t{}\t{comparison}", comparison.probability, row[0], row[1])?;
            }
        }
        "speed" => {
            let start = Instant::now();
            let sum: f64 =
                pairs.iter().map(|row| model.compare(&model.parse(row[0]), &model.parse(row[1])).probability).sum();
            let from_strings = pairs.len() as f64 / start.elapsed().as_secs_f64();
            let start_only = Instant::now();
            let only: f64 = pairs.iter().map(|row| model.probability(&model.parse(row[0]), &model.parse(row[1]))).sum();
            let without_evidence = pairs.len() as f64 / start_only.elapsed().as_secs_f64();
            let parsed: Vec<_> = pairs.iter().map(|row| (model.parse(row[0]), model.parse(row[1]))).collect();
            let start = Instant::now();
            let again: f64 = parsed.iter().map(|(a, b)| model.probability(a, b)).sum();
            let from_parsed = pairs.len() as f64 / start.elapsed().as_secs_f64();
            if (sum - again).abs() > 1e-6 || (sum - only).abs() > 1e-6 {
                bail!("the two ways differ: {sum} and {again}");
            }
            writeln!(out, "from strings, with evidence\t{from_strings:.0} a second")?;
            writeln!(out, "from strings, probability only\t{without_evidence:.0} a second")?;
            writeln!(out, "from parsed names\t{from_parsed:.0} a second")?;
        }
        other => bail!("expected features, keys, probability or speed, found {other}"),
    }
    Ok(())
}

/// The named columns of a table with a header.
fn columns<'t>(table: &'t str, names: &[&str]) -> Result<Vec<Vec<&'t str>>> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().context("expected a header")?.split('\t').collect();
    let place =
        |name: &&str| header.iter().position(|column| column == name).with_context(|| format!("no column {name}"));
    let places = names.iter().map(place).collect::<Result<Vec<_>>>()?;
    let cell = |row: &[&'t str], place: usize| row.get(place).copied().unwrap_or_default();
    Ok(lines
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|row| places.iter().map(|&place| cell(&row, place)).collect())
        .collect())
}
