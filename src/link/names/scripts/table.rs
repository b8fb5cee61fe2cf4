//! The units of all scripts, their readings and costs.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

/// Units by script, their readings, the usual one first, and the standard that has them, written by hand.
const LETTERS: &str = include_str!("../../../../models/link/scripts/letters.tsv");
/// Costs of the readings, and of letters between units, learnt by `models/train/scripts.py`.
const COSTS: &str = include_str!("../../../../models/link/scripts/costs.tsv");

/// Cost of a Latin letter that the table lacks, in hundredths of a natural logarithm.
const RARE_LETTER: i32 = 700;

/// A family of letters that are read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::link::names) enum Script {
    Arabic,
    Cyrillic,
    Greek,
    Hebrew,
    Devanagari,
    Hangul,
    Kana,
}

impl Script {
    pub(in crate::link::names) const ALL: [Self; 7] =
        [Self::Arabic, Self::Cyrillic, Self::Greek, Self::Hebrew, Self::Devanagari, Self::Hangul, Self::Kana];

    /// The name in the tables.
    pub(in crate::link::names) fn name(self) -> &'static str {
        match self {
            Self::Arabic => "arabic",
            Self::Cyrillic => "cyrillic",
            Self::Greek => "greek",
            Self::Hebrew => "hebrew",
            Self::Devanagari => "devanagari",
            Self::Hangul => "hangul",
            Self::Kana => "kana",
        }
    }

    /// Whether it leaves short vowels out.
    pub(in crate::link::names) fn is_bare(self) -> bool {
        matches!(self, Self::Arabic | Self::Hebrew)
    }

    fn by_name(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|script| script.name() == name);
        found.expect("the tables have scripts of this list; a test reads all")
    }
}

/// What is written for a unit, or between two: up to six Latin letters and what they cost, in hundredths of a natural logarithm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    letters: [u8; 6],
    len: u8,
    pub(super) cost: i32,
}

impl Arc {
    pub(super) fn letters(&self) -> &[u8] {
        &self.letters[..usize::from(self.len)]
    }
}

/// A unit of a script.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) script: Script,
    name: &'static str,
    /// The usual reading.
    pub(super) reading: &'static str,
    /// Whether it writes vowels, or nothing.
    pub(super) is_vowel: bool,
    /// What it may be written as.
    pub(super) arcs: Vec<Arc>,
}

/// Where letters stand that no unit writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) after_vowel: bool,
    pub(super) before: Before,
}

/// What is behind a gap.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before {
    Consonant,
    Vowel,
    End,
}

/// All units.
#[derive(Debug)]
pub(super) struct Table {
    units: Vec<Unit>,
    ids: HashMap<&'static str, u16, FixedState>,
    folds: HashMap<&'static str, &'static str, FixedState>,
    /// Common syllables of Hangul by their letters: what they may be written as, beside what their letters are.
    syllables: HashMap<String, Vec<Arc>, FixedState>,
    /// Per script and kind of gap.
    gaps: Vec<[Vec<Arc>; 6]>,
    /// Cost of each Latin letter by itself.
    by_itself: [i32; 26],
}

impl Table {
    /// Most characters of a unit.
    pub(super) const LONGEST: usize = 3;

    pub(super) fn embedded() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(Table::read);
        &TABLE
    }

    fn read() -> Self {
        let mut table = Self {
            units: Vec::with_capacity(1024),
            ids: HashMap::default(),
            folds: HashMap::default(),
            syllables: HashMap::default(),
            gaps: vec![Default::default(); Script::ALL.len()],
            by_itself: [RARE_LETTER; 26],
        };
        for line in LETTERS.lines().skip(1) {
            let mut cells = line.split('\t');
            let [script, unit, readings] =
                std::array::from_fn(|_| cells.next().expect("a row of letters.tsv has cells"));
            match readings.strip_prefix('=') {
                Some(other) => _ = table.folds.insert(unit, other),
                None => table.add(Script::by_name(script), unit, readings.split(' ').next().unwrap_or_default()),
            }
        }
        for line in COSTS.lines().skip(1) {
            let mut cells = line.split('\t');
            let [script, unit, costs] =
                std::array::from_fn(|_| cells.next().expect("a row of costs.tsv has three cells"));
            let arcs: Vec<Arc> = costs.split(' ').filter(|cost| !cost.is_empty()).map(arc).collect();
            if script == "latin" {
                table.by_itself[usize::from(unit.as_bytes()[0] - b'a')] = arcs[0].cost;
            } else if let Some(gap) = unit.strip_prefix('+') {
                table.gaps[Script::by_name(script) as usize][gap_by_name(gap)] = arcs;
            } else if let Some(parts) = unit.chars().next().and_then(jamo) {
                table.syllables.insert(parts.into_iter().flatten().collect(), arcs);
            } else {
                if !table.ids.contains_key(unit) {
                    // A unit in its place is read as elsewhere.
                    let reading = table.ids.get(plain(unit)).map(|&id| table.unit(id).reading);
                    table.add(Script::by_name(script), unit, reading.expect("costs.tsv has the units of letters.tsv"));
                }
                let id = table.ids[unit];
                table.units[usize::from(id)].arcs = arcs;
            }
        }
        table
    }

    fn add(&mut self, script: Script, name: &'static str, reading: &'static str) {
        let id = u16::try_from(self.units.len()).expect("fewer than 2^16 units");
        let reading = if reading == "-" { "" } else { reading };
        let vowels = reading.trim_start_matches(['y', 'j', 'w', 'v']).trim_end_matches(['h', 'y']);
        let is_vowel = script != Script::Kana
            && vowels.bytes().all(|letter| b"aeiou".contains(&letter))
            && (!vowels.is_empty() || reading.is_empty());
        self.ids.insert(name, id);
        self.units.push(Unit { script, name, reading, is_vowel, arcs: Vec::new() });
    }

    pub(super) fn unit(&self, id: u16) -> &Unit {
        &self.units[usize::from(id)]
    }

    /// The letters of a unit, with the mark of its place.
    pub(super) fn name(&self, id: u16) -> &'static str {
        self.unit(id).name
    }

    pub(super) fn id(&self, name: &str) -> Option<u16> {
        self.ids.get(name).copied()
    }

    /// The letters that stand for others of the same sound.
    pub(super) fn fold<'a>(&self, letters: &'a str) -> &'a str {
        self.folds.get(letters).copied().unwrap_or(letters)
    }

    /// What the letters of Hangul that begin with these units may be written as together, if they begin with a common syllable: how many of the
    /// units it takes, and the arcs.
    pub(super) fn syllable(&self, units: &[u16]) -> Option<(usize, &[Arc])> {
        let letter = |&id: &u16| plain(self.name(id));
        units.first().map(letter).filter(|letter| is_first_consonant(letter))?;
        let is_part = |at: usize| units.get(at).map(letter).filter(|letter| !is_first_consonant(letter));
        let n = 1 + (1..3).take_while(|&at| is_part(at).is_some()).count();
        let letters: String = units[..n].iter().map(letter).collect();
        let arcs = self.syllables.get(&letters)?;
        Some((n, arcs))
    }

    pub(super) fn gap(&self, script: Script, gap: Gap) -> &[Arc] {
        let before = match gap.before {
            Before::Consonant => 0,
            Before::Vowel => 1,
            Before::End => 2,
        };
        &self.gaps[script as usize][before + if gap.after_vowel { 3 } else { 0 }]
    }

    /// What Latin letters cost by themselves, in hundredths of a natural logarithm.
    pub(super) fn by_itself(&self, letters: &[u8]) -> i32 {
        letters.iter().map(|letter| self.by_itself[usize::from(letter - b'a')]).sum()
    }
}

/// The consonants and the vowel of a syllable of Hangul.
pub(super) fn jamo(c: char) -> Option<[Option<char>; 3]> {
    let at = u32::from(c).checked_sub(0xac00).filter(|&at| at < 11_172)?;
    let last = at % 28;
    let part = |base: u32, at: u32| char::from_u32(base + at);
    Some([part(0x1100, at / 588), part(0x1161, at / 28 % 21), if last > 0 { part(0x11a7, last) } else { None }])
}

/// The letters of a unit without the mark of its place.
fn plain(name: &str) -> &str {
    name.trim_start_matches('^').trim_end_matches('$')
}

/// Whether a letter of Hangul begins a syllable.
fn is_first_consonant(letter: &str) -> bool {
    letter.starts_with(|c| ('\u{1100}'..='\u{1112}').contains(&c))
}

fn gap_by_name(name: &str) -> usize {
    let found = ["CC", "CV", "C$", "VC", "VV", "V$"].iter().position(|known| *known == name);
    found.expect("costs.tsv has gaps of these names; a test reads all")
}

fn arc(text: &str) -> Arc {
    let (written, cost) = text.split_once(':').expect("a cost has a colon; a test reads all");
    let written = if written == "-" { "" } else { written };
    let mut letters = [0; 6];
    letters[..written.len()].copy_from_slice(written.as_bytes());
    let len = u8::try_from(written.len()).expect("at most six letters");
    Arc { letters, len, cost: cost.parse().expect("a cost is a number; a test reads all") }
}
