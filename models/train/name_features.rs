//! Prints what `names.py` trains on: the features of pairs of names, or the skeleton keys of names.
//!
//! ```text
//! name_features WEIGHTS.json features < pairs.tsv    # columns name1 and name2, found by the header; features as tab-separated rows
//! name_features WEIGHTS.json across < pairs.tsv      # the same columns; what is known of pairs in two scripts, zeros for others
//! name_features WEIGHTS.json keys < names.tsv        # column name; its keys, separated by spaces
//! name_features WEIGHTS.json probability < pairs.tsv # one probability a line
//! name_features WEIGHTS.json speed < pairs.tsv       # comparisons a second, from strings and from parsed names
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write, stdin, stdout};
use std::time::Instant;

use allonym::link::names::{NameModel, training};

/// Two names of a table.
struct Pair<'t> {
    first: &'t str,
    second: &'t str,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let weights = arguments.next().ok_or("expected a file of weights")?;
    let what = arguments.next().ok_or("expected features, across, keys, probability or speed")?;
    let file = File::open(&weights).map_err(|error| format!("{weights}: {error}"))?;
    let model = training::read(BufReader::new(file))?;
    let mut table = String::new();
    stdin().read_to_string(&mut table)?;
    let mut out = BufWriter::new(stdout().lock());
    match what.as_str() {
        "features" => {
            writeln!(out, "{}", training::FEATURES.join("\t"))?;
            for Pair { first, second } in pairs(&table)? {
                let numbers = training::features(&model, &model.parse(first), &model.parse(second));
                writeln!(out, "{}", numbers.map(|number| format!("{number:.4}")).join("\t"))?;
            }
        }
        "across" => {
            writeln!(out, "{}", training::ACROSS.join("\t"))?;
            for Pair { first, second } in pairs(&table)? {
                let numbers = training::across(&model, &model.parse(first), &model.parse(second));
                let numbers = numbers.unwrap_or([0.0; training::N_ACROSS]);
                writeln!(out, "{}", numbers.map(|number| format!("{number:.4}")).join("\t"))?;
            }
        }
        "keys" => {
            for [name] in columns(&table, ["name"])? {
                writeln!(out, "{}", training::keys(&model, &model.parse(name)).join(" "))?;
            }
        }
        "probability" => {
            for Pair { first, second } in pairs(&table)? {
                let comparison = model.compare(&model.parse(first), &model.parse(second));
                writeln!(out, "{:.6}\t{first}\t{second}\t{comparison}", comparison.probability)?;
            }
        }
        "speed" => write!(out, "{}", speed(&model, &pairs(&table)?)?)?,
        other => return Err(format!("expected features, across, keys, probability or speed, found {other}").into()),
    }
    out.flush()?;
    Ok(())
}

/// Comparisons a second.
fn speed(model: &NameModel, pairs: &[Pair<'_>]) -> Result<String, String> {
    let parse = |pair: &Pair<'_>| (model.parse(pair.first), model.parse(pair.second));
    let timed = |work: &dyn Fn() -> f64| {
        let start = Instant::now();
        let sum = work();
        (sum, pairs.len() as f64 / start.elapsed().as_secs_f64())
    };
    let with_evidence = || pairs.iter().map(parse).map(|(a, b)| model.compare(&a, &b).probability).sum();
    let without = || pairs.iter().map(parse).map(|(a, b)| model.probability(&a, &b)).sum();
    let parsed: Vec<_> = pairs.iter().map(parse).collect();
    let of_parsed = || parsed.iter().map(|(a, b)| model.probability(a, b)).sum();
    let mut text = String::new();
    let mut first_sum = None;
    for (what, (sum, rate)) in [
        ("from strings, with evidence", timed(&with_evidence)),
        ("from strings, probability only", timed(&without)),
        ("from parsed names", timed(&of_parsed)),
    ] {
        if (sum - *first_sum.get_or_insert(sum)).abs() > 1e-6 {
            return Err(format!("{what}: the probabilities differ from those with evidence"));
        }
        text += &format!("{what}\t{rate:.0} a second\n");
    }
    Ok(text)
}

fn pairs(table: &str) -> Result<Vec<Pair<'_>>, String> {
    let rows = columns(table, ["name1", "name2"])?;
    Ok(rows.into_iter().map(|[first, second]| Pair { first, second }).collect())
}

/// The named columns of a table with a header.
fn columns<'t, const N: usize>(table: &'t str, names: [&str; N]) -> Result<Vec<[&'t str; N]>, String> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().ok_or("expected a header")?.split('\t').collect();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = header.iter().position(|column| *column == name).ok_or_else(|| format!("no column {name}"))?;
    }
    let cells = |line: &'t str| -> [&'t str; N] {
        let row: Vec<&str> = line.split('\t').collect();
        places.map(|place| row.get(place).copied().unwrap_or_default())
    };
    Ok(lines.map(cells).collect())
}
