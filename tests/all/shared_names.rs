//! Accuracy of the comparison of names on the training pairs, if the data are beside the project.
//!
//! The weights have seen these pairs, so the floors only show that nothing was lost between training and the library; figures on unseen
//! persons are in models/link/README.md.

use std::io::Write;

use allonym::link::names::NameModel;

use crate::shared_data::shared;

/// A little below what was measured when these were written: 0.9085 and 0.9723.
const F1: f64 = 0.906;
const AVERAGE_PRECISION: f64 = 0.970;

/// Whether each pair is one person, and its probability. Pseudonyms are left out: they are no matter of spelling.
fn judged() -> Option<Vec<(bool, f64)>> {
    let table = std::fs::read_to_string(shared("names/pairs_dev.tsv")?).expect("the file can be read");
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let place = |name: &str| header.iter().position(|column| *column == name).expect("the column is there");
    let (label, category, first, second) = (place("label"), place("category"), place("name1"), place("name2"));
    let model = NameModel::embedded();
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>()).filter(|row| row[category] != "pseudonym");
    let judge = |row: &Vec<&str>| model.probability(&model.parse(row[first]), &model.parse(row[second]));
    Some(rows.map(|row| (row[label] == "1", judge(&row))).collect())
}

#[test]
fn pairs_of_names() {
    let Some(mut pairs) = judged() else { return };
    assert!(pairs.len() > 20_000);
    let n_one = pairs.iter().filter(|(is_one, _)| *is_one).count() as f64;
    let found = pairs.iter().filter(|(_, probability)| *probability >= NameModel::embedded().threshold());
    let (n_found, n_right) = found.fold((0.0, 0.0), |(n, right), (is_one, _)| (n + 1.0, right + f64::from(*is_one)));
    let f1 = 2.0 * n_right / (n_found + n_one);
    writeln!(std::io::stderr(), "pairs_dev: F1 {f1:.6}").expect("stderr takes a line");
    assert!(f1 >= F1, "F1 is {f1:.4}");
    pairs.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let mut right = 0.0;
    let mut sum = 0.0;
    for (at, (is_one, _)) in pairs.iter().enumerate() {
        if *is_one {
            right += 1.0;
            sum += right / (at as f64 + 1.0);
        }
    }
    let average_precision = sum / n_one;
    writeln!(std::io::stderr(), "pairs_dev: average precision {average_precision:.6}").expect("stderr takes a line");
    assert!(average_precision >= AVERAGE_PRECISION, "average precision is {average_precision:.4}");
}
