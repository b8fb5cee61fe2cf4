//! Rows of the user's table that a mention means.
//!
//! Equal normalised names are sure. Persons are also compared by [`names`]: an index of transliteration skeletons finds the rows worth
//! comparing, so that a large table is not compared as a whole with every mention.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Kind;
use super::cluster::{KeyKind, key as key_of};
use super::names::{self, NameModel};
use super::normalise::{normalise, without_legal_form};
use super::postings::Postings;
use crate::io::{NameRow, NameTable};

/// Rows that share a part of a name at most for the part alone to make them candidates; commoner parts (Mohammad, Khan) need a second
/// one.
const RARE: usize = 50;

/// Most rows that are compared with a mention.
const MOST: usize = 24;

/// How probable it is that names which differ in the legal form only are those of one company.
const SAME_COMPANY: f64 = 0.96;

/// Rows whose probability is less than this below the best one's are as good as it.
const MARGIN: f64 = 0.1;

/// Names that the user knows, ready to be looked up. Immutable; one serves every thread. The default one is empty.
///
/// ```
/// use allonym::io::{NameFormat, NameTable};
/// use allonym::link::{AliasTable, Kind};
///
/// let tsv = "canonical\talias\tlabel\nAbbas Araghchi\tAraghchi\tPER\n";
/// let table = AliasTable::new(NameTable::read(tsv.as_bytes(), NameFormat::Tsv, "names.tsv")?);
/// let found = table.find("Abas Aragchi", Kind::Person);
/// assert_eq!(found[0].row.canonical, "Abbas Araghchi");
/// assert!(found[0].probability > 0.9);
/// assert!(table.find("Ali Larijani", Kind::Person).is_empty());
/// # Ok::<(), allonym::io::Error>(())
/// ```
///
/// With [`LinkOptions::aliases`](super::LinkOptions::aliases), the entities of mentions that mean a row get its name, label and id:
///
/// ```
/// use allonym::io::{NameRow, NameTable};
/// use allonym::link::{AliasTable, LinkOptions, Linker};
/// use allonym::{Document, Label, Mention, Span};
///
/// let mut row = NameRow::new("Abbas Araghchi");
/// row.id = Some("person-7".to_owned());
/// let aliases = AliasTable::new(NameTable::from_iter([row]));
/// let linker = Linker::new(LinkOptions::default().aliases(aliases));
///
/// let mut document = Document::new("a", "Aragchi, Abbas");
/// document.mentions.push(Mention::new(Span::new(0, 14), Label::new("PER")));
/// linker.link_document(&mut document)?;
/// assert_eq!(document.entities[0].name, "Abbas Araghchi");
/// assert_eq!(document.entities[0].kb["user"], "person-7");
/// # Ok::<(), allonym::link::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct AliasTable {
    rows: Vec<NameRow>,
    /// The kind of each row's label.
    kinds: Vec<Option<Kind>>,
    /// By normalised name.
    exact: Postings,
    /// By normalised name of an organisation without its legal form.
    cores: Postings,
    /// By what two spellings of a person's name share.
    by_skeleton: Postings,
    threshold: f64,
}

/// A row that a mention can mean.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AliasMatch<'a> {
    /// The row.
    pub row: &'a NameRow,
    /// Its index in [`AliasTable::rows`].
    pub index: usize,
    /// How probable it is that the row is meant, from 0 to 1; 1 for equal names.
    pub probability: f64,
    /// The name of the row that the mention is like; `None` if a name is equal but for case, marks, dots and script.
    pub like: Option<&'a str>,
}

impl AliasTable {
    /// Indexes a table. A mention means a person of it from the [threshold](NameModel::threshold) of the embedded weights on.
    pub fn new(table: NameTable) -> Self {
        Self::with_threshold(table, NameModel::embedded().threshold())
    }

    /// Indexes a table; a mention means a person of it from a probability on, from 0 to 1.
    ///
    /// # Panics
    /// If the threshold is not from 0 to 1.
    pub fn with_threshold(table: NameTable, threshold: f64) -> Self {
        assert!((0.0..=1.0).contains(&threshold), "a threshold is a probability: {threshold}");
        let rows = table.into_rows();
        let kinds = rows.iter().map(|row| row.label.as_ref().map(Kind::of)).collect();
        let mut table = Self { rows, kinds, threshold, ..Self::default() };
        table.exact = table.postings(None, |text| [hash(&key(text))]);
        table.cores = table.postings(Some(Kind::Organisation), |text| [hash(without_legal_form(&key(text)))]);
        let skeletons =
            |text: &str| skeleton_keys(&NameModel::embedded().parse(text)).into_iter().map(|key| hash(&key));
        table.by_skeleton = table.postings(Some(Kind::Person), skeletons);
        table
    }

    /// The keys of all names of the rows that fit a kind, or of all rows.
    fn postings<K: IntoIterator<Item = u64>>(&self, kind: Option<Kind>, keys: impl Fn(&str) -> K) -> Postings {
        let of_row = |at: u32| {
            let names = self.rows[at as usize].names();
            names.flat_map(&keys).map(move |key| (key, at))
        };
        let n = u32::try_from(self.rows.len()).expect("fewer than 2^32 rows fit into memory");
        (0..n).filter(|&row| kind.is_none_or(|kind| self.fits(row, kind))).flat_map(of_row).collect()
    }

    /// All rows, in the order of the table.
    pub fn rows(&self) -> &[NameRow] {
        &self.rows
    }

    /// The rows that a mention can mean, the most probable first: none, one, or several if the table does not say which.
    ///
    /// Rows with a label of another kind are left out; rows without label fit every kind.
    pub fn find(&self, surface: &str, kind: Kind) -> Vec<AliasMatch<'_>> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let text = key(surface);
        let is_equal = |row: u32| self.rows[row as usize].names().any(|name| key(name) == text);
        let rows = self.exact.rows(hash(&text)).iter().filter(|&&row| self.fits(row, kind) && is_equal(row));
        let equal: Vec<AliasMatch<'_>> = rows.map(|&row| self.found(row, 1.0, None)).collect();
        match kind {
            Kind::Person if equal.is_empty() => self.like(surface),
            Kind::Organisation if equal.is_empty() => self.companies(surface),
            _ => equal,
        }
    }

    /// The rows whose name differs in the legal form only: "Microsoft" means "Microsoft Corporation".
    fn companies(&self, surface: &str) -> Vec<AliasMatch<'_>> {
        let text = key(surface);
        let core = without_legal_form(&text);
        let like = |row: u32| {
            let mut names = self.rows[row as usize].names();
            names.find(|name| without_legal_form(&key(name)) == core)
        };
        let rows = self.cores.rows(hash(core)).iter();
        rows.filter_map(|&row| Some(self.found(row, SAME_COMPANY, Some(like(row)?)))).collect()
    }

    fn found<'a>(&'a self, row: u32, probability: f64, like: Option<&'a str>) -> AliasMatch<'a> {
        let index = row as usize;
        AliasMatch { row: &self.rows[index], index, probability, like }
    }

    fn fits(&self, row: u32, kind: Kind) -> bool {
        self.kinds[row as usize].is_none_or(|of_row| of_row == kind)
    }

    /// The rows with the best probability, and those within [`MARGIN`] of it.
    fn like(&self, surface: &str) -> Vec<AliasMatch<'_>> {
        let model = NameModel::embedded();
        let name = model.parse(surface);
        let mut best: BTreeMap<u32, (f64, &str)> = BTreeMap::new();
        for row in self.candidates(&name) {
            for text in self.rows[row as usize].names() {
                let score = model.probability(&name, &model.parse(text));
                let of_row = best.entry(row).or_insert((score, text));
                if score > of_row.0 {
                    *of_row = (score, text);
                }
            }
        }
        let most = best.values().map(|(score, _)| *score).fold(0.0, f64::max);
        let good = best.into_iter().filter(|(_, (score, _))| *score >= self.threshold && *score > most - MARGIN);
        let mut found: Vec<AliasMatch<'_>> =
            good.map(|(row, (probability, text))| self.found(row, probability, Some(text))).collect();
        found.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        found
    }

    /// The rows worth comparing: those that share a rare key, or the only key of the name. Of too many, those that share most.
    fn candidates(&self, name: &names::Name) -> Vec<u32> {
        let keys = skeleton_keys(name);
        let mut found: Vec<u32> = Vec::new();
        for key in &keys {
            let rows = self.by_skeleton.rows(hash(key));
            if rows.len() <= RARE || key.contains(' ') || keys.len() == 1 {
                found.extend_from_slice(rows);
            }
        }
        found.sort_unstable();
        let mut counted: Vec<(usize, u32)> = found.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
        if counted.len() > MOST {
            counted.sort_unstable_by_key(|&(shared, row)| (Reverse(shared), row));
            counted.truncate(MOST);
        }
        counted.into_iter().map(|(_, row)| row).collect()
    }
}

/// What equal names have in common: the normalised name, or the text itself if nothing is left of it.
fn key(text: &str) -> String {
    let key = normalise(text);
    if key.is_empty() { text.trim().to_owned() } else { key }
}

fn hash(text: &str) -> u64 {
    key_of(KeyKind::Text, text)
}

/// What two spellings of a name share: skeletons of parts of at least two letters, pairs of these, the first letter with the last part,
/// and the skeleton of the whole.
fn skeleton_keys(name: &names::Name) -> Vec<String> {
    let parts: Vec<&str> = name.skeletons().filter(|key| key.len() > 1).collect();
    let mut keys: Vec<String> = vec![name.whole_skeleton()];
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
    use super::*;
    use crate::io::NameFormat;

    fn rows(text: &'static str) -> NameTable {
        NameTable::read(text.as_bytes(), NameFormat::Tsv, "f").expect("the case is sound")
    }

    #[test]
    fn rows_that_mentions_mean() {
        let table = AliasTable::new(rows(
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
        ));
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
            let mut got: Vec<&str> =
                table.find(surface, kind).iter().map(|found| found.row.canonical.as_str()).collect();
            got.sort();
            assert_eq!(got, want, "{surface} {kind:?}");
        }
    }

    #[test]
    fn the_threshold_decides() {
        let rows = || rows("canonical\tlabel\nAbbas Araghchi\tPER\n");
        let usual = AliasTable::new(rows());
        let found = usual.find("Abas Aragchi", Kind::Person);
        assert_eq!((found.len(), found[0].like), (1, Some("Abbas Araghchi")));
        assert!(found[0].probability < 1.0);
        let strict = AliasTable::with_threshold(rows(), 1.0);
        assert_eq!(strict.find("Abas Aragchi", Kind::Person), []);
        let equal = strict.find("abbas araghchi", Kind::Person);
        assert_eq!((equal.len(), equal[0].like, equal[0].probability), (1, None, 1.0));
    }

    #[test]
    fn names_of_which_nothing_is_left_are_found_by_their_text() {
        // Cuneiform, which is not romanised.
        let name = "\u{12000}\u{12001}";
        assert_eq!(normalise(name), "");
        let table = AliasTable::new(NameTable::from_iter([NameRow::new(name), NameRow::new("Oslo")]));
        assert_eq!(table.find(name, Kind::Place).len(), 1);
        assert_eq!(table.find("…", Kind::Place), []);
    }
}
