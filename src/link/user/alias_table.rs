//! Which row of the user's file does a mention mean?
//!
//! Equal folded names are sure. Persons are also compared by [`names`]: an index of transliteration skeletons
//! gives the rows worth comparing, so that a large table is not compared as a whole with every mention.

use std::collections::{BTreeMap, HashMap};

use super::rows::{Row, Rows};
use crate::link::Kind;
use crate::link::kb::fold;
use crate::link::names::{self, Model};

/// A part of a name that more names have needs a second one that is shared: Mohammad, Khan.
const RARE: usize = 50;

/// As many names are compared with a mention.
const MOST: usize = 24;

/// Rows whose score is less than this below the best one are as good as it.
const MARGIN: f64 = 0.1;

/// The user's names, ready to be looked up. Immutable; one serves every thread. The default one has none.
#[derive(Clone, Debug, Default)]
pub struct AliasTable {
    rows: Vec<Row>,
    kinds: Vec<Option<Kind>>,
    /// Per folded name: rows, in the order of the file.
    exact: HashMap<String, Vec<u32>>,
    /// The names that persons can have.
    persons: Vec<Person>,
    /// Per skeleton: indices of `persons`.
    by_skeleton: HashMap<String, Vec<u32>>,
    threshold: f64,
}

#[derive(Clone, Debug)]
struct Person {
    row: u32,
    text: String,
    name: names::Name,
}

/// What was found for a mention.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'a> {
    /// No row reaches the threshold.
    Nil,
    /// This row.
    One(AliasMatch<'a>),
    /// Several rows, the best first, that are alike likely: the table does not say which.
    Several(Vec<AliasMatch<'a>>),
}

/// A row that a mention can mean.
#[derive(Clone, Debug, PartialEq)]
pub struct AliasMatch<'a> {
    /// The row.
    pub row: &'a Row,
    /// Its place in [`AliasTable::rows`].
    pub nth: u32,
    /// The probability that it is meant; 1 for equal names.
    pub score: f64,
    /// Why.
    pub how: AliasHow<'a>,
}

/// Why a mention means a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AliasHow<'a> {
    /// One of its names is the same but for case, marks, dots and script.
    Equal,
    /// The comparison of names of persons with this name of the row; [`names::compare`] says it in words.
    Like(&'a str),
}

impl AliasTable {
    /// A table of rows; persons need the probability at which the F1 of [`names`] is best.
    pub fn new(rows: Rows) -> Self {
        Self::with_threshold(rows, Model::embedded().threshold())
    }

    /// A table of rows where persons need another probability, from 0 to 1.
    ///
    /// # Panics
    /// If the threshold is no probability.
    pub fn with_threshold(rows: Rows, threshold: f64) -> Self {
        assert!((0.0..=1.0).contains(&threshold), "a threshold is a probability: {threshold}");
        let rows = rows.rows;
        let kinds = rows.iter().map(|row| row.label.as_ref().map(Kind::of)).collect();
        let mut table =
            Self { rows, kinds, exact: HashMap::new(), persons: Vec::new(), by_skeleton: HashMap::new(), threshold };
        for (at, row) in table.rows.iter().enumerate() {
            let at = u32::try_from(at).expect("fewer than 2^32 rows fit into memory");
            for text in row.names() {
                let rows = table.exact.entry(fold(text)).or_default();
                if rows.last() != Some(&at) {
                    rows.push(at);
                }
                if matches!(table.kinds[at as usize], None | Some(Kind::Person)) {
                    let name = Model::embedded().parse(text);
                    let nth = u32::try_from(table.persons.len()).expect("fewer than 2^32 names fit into memory");
                    for key in keys(&name) {
                        table.by_skeleton.entry(key).or_default().push(nth);
                    }
                    table.persons.push(Person { row: at, text: text.to_owned(), name });
                }
            }
        }
        table
    }

    /// All rows, in the order of the file.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row that a mention means.
    ///
    /// Rows with another kind of label are no candidates; those without label always are.
    pub fn find(&self, surface: &str, kind: Kind) -> Found<'_> {
        if self.rows.is_empty() {
            return Found::Nil;
        }
        let equal = self.exact.get(&fold(surface)).into_iter().flatten().filter(|&&row| self.fits(row, kind));
        let equal: Vec<AliasMatch<'_>> = equal
            .map(|&row| AliasMatch { row: &self.rows[row as usize], nth: row, score: 1.0, how: AliasHow::Equal })
            .collect();
        let found = if equal.is_empty() && kind == Kind::Person { self.like(surface) } else { equal };
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (None, _) => Found::Nil,
            (Some(one), None) => Found::One(one),
            (Some(one), Some(other)) => Found::Several([one, other].into_iter().chain(found).collect()),
        }
    }

    fn fits(&self, row: u32, kind: Kind) -> bool {
        self.kinds[row as usize].is_none_or(|of_row| of_row == kind)
    }

    /// The rows with the best probability, or nearly.
    fn like(&self, surface: &str) -> Vec<AliasMatch<'_>> {
        let model = Model::embedded();
        let name = model.parse(surface);
        let mut best: BTreeMap<u32, (f64, &str)> = BTreeMap::new();
        for nth in self.candidates(&name) {
            let person = &self.persons[nth as usize];
            let score = model.probability(&name, &person.name);
            let of_row = best.entry(person.row).or_insert((score, &person.text));
            if score > of_row.0 {
                *of_row = (score, &person.text);
            }
        }
        let most = best.values().map(|(score, _)| *score).fold(0.0, f64::max);
        let good = best.into_iter().filter(|(_, (score, _))| *score >= self.threshold && *score > most - MARGIN);
        let mut found: Vec<AliasMatch<'_>> = good
            .map(|(row, (score, text))| AliasMatch {
                row: &self.rows[row as usize],
                nth: row,
                score,
                how: AliasHow::Like(text),
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        found
    }

    /// The names that share a rare key, or the only one that there is: those that share most.
    fn candidates(&self, name: &names::Name) -> Vec<u32> {
        let keys = keys(name);
        let mut found: Vec<u32> = Vec::new();
        for key in &keys {
            let names = self.by_skeleton.get(key).map_or(&[][..], Vec::as_slice);
            if names.len() <= RARE || key.contains(' ') || keys.len() == 1 {
                found.extend_from_slice(names);
            }
        }
        found.sort_unstable();
        let mut counted: Vec<(usize, u32)> = found.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
        if counted.len() > MOST {
            counted.sort_unstable_by_key(|&(shared, nth)| (std::cmp::Reverse(shared), nth));
            counted.truncate(MOST);
        }
        counted.into_iter().map(|(_, nth)| nth).collect()
    }
}

/// What two spellings of a name share: skeletons of parts with at least two letters, two of them together, the first letter with the
/// last part, and the skeleton of the whole.
fn keys(name: &names::Name) -> Vec<String> {
    let parts: Vec<&str> = name.skeletons().filter(|key| key.len() > 1).collect();
    let mut keys: Vec<String> = vec![String::from_utf8_lossy(name.whole_skeleton()).into_owned()];
    for (nth, one) in parts.iter().enumerate() {
        keys.push((*one).to_owned());
        keys.extend(parts[nth + 1..].iter().map(|other| {
            let (first, second) = if one <= other { (one, other) } else { (other, one) };
            format!("{first} {second}")
        }));
    }
    let letters: Vec<&str> = name.parts().collect();
    if let ([first, .., _], Some(last)) = (letters.as_slice(), parts.last()) {
        keys.extend(first.chars().next().map(|letter| format!("{letter}. {last}")));
    }
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::super::Layout;
    use super::*;

    fn table(text: &str) -> AliasTable {
        AliasTable::new(Rows::read(text.as_bytes(), Layout::Tsv, "f").expect("the case is sound"))
    }

    fn names(found: Found<'_>) -> Vec<String> {
        match found {
            Found::Nil => Vec::new(),
            Found::One(one) => vec![one.row.canonical.clone()],
            Found::Several(all) => all.iter().map(|found| found.row.canonical.clone()).collect(),
        }
    }

    #[test]
    fn rows_that_mentions_mean() {
        let table = table(
            "canonical\talias\tlabel\n\
             Abbas Araghchi\tSeyyed Abbas Araghchi\tPER\n\
             Nawaz Sharif\t\tPER\n\
             Shehbaz Sharif\t\tPER\n\
             Ministry of Foreign Affairs\tForeign Office\tORG\n\
             Foreign Office Street\tForeign Office\tLOC\n\
             Türkiye\tTurkey\t\n\
             Mohammad Khatami\tthe president\tPER\n\
             Mohammed Khatami\tthe footballer\tPER\n\
             Georgia\t\tLOC\n\
             Georgia (state)\tGeorgia\tLOC\n",
        );
        for (surface, kind, want) in [
            ("ABBAS ARAGHCHI", Kind::Person, &["Abbas Araghchi"][..]),
            ("Abbas Aragchi", Kind::Person, &["Abbas Araghchi"]),
            ("Foreign Minister Abbas Araqchi", Kind::Person, &["Abbas Araghchi"]),
            ("عباس عراقچی", Kind::Person, &["Abbas Araghchi"]),
            ("Abbas Aragchi", Kind::Organisation, &[]),
            // Too little to say which; within a document the linker knows more.
            ("Sharif", Kind::Person, &[]),
            ("Mohamad Khatami", Kind::Person, &["Mohammad Khatami", "Mohammed Khatami"]),
            ("Nawaz Shareef", Kind::Person, &["Nawaz Sharif"]),
            ("Hamza Shehbaz", Kind::Person, &[]),
            ("Foreign Office", Kind::Organisation, &["Ministry of Foreign Affairs"]),
            ("the foreign office", Kind::Place, &["Foreign Office Street"]),
            ("TURKIYE", Kind::Place, &["Türkiye"]),
            ("Georgia", Kind::Place, &["Georgia", "Georgia (state)"]),
            ("Georgia", Kind::Person, &[]),
            ("", Kind::Person, &[]),
        ] {
            let mut got = names(table.find(surface, kind));
            got.sort();
            assert_eq!(got, want, "{surface} {kind:?}");
        }
    }

    #[test]
    fn the_threshold_decides() {
        let rows = || {
            Rows::read("canonical\tlabel\nAbbas Araghchi\tPER\n".as_bytes(), Layout::Tsv, "f")
                .expect("the case is sound")
        };
        let usual = AliasTable::new(rows());
        let Found::One(found) = usual.find("Abas Aragchi", Kind::Person) else { panic!("it is found") };
        assert_eq!(found.how, AliasHow::Like("Abbas Araghchi"));
        assert!(found.score < 1.0);
        let strict = AliasTable::with_threshold(rows(), 1.0);
        assert_eq!(strict.find("Abas Aragchi", Kind::Person), Found::Nil);
        assert!(matches!(strict.find("abbas araghchi", Kind::Person), Found::One(_)));
    }
}
