//! Names that meet at a hyphen, a dash, a slash or an arrow: `US-Iran`, `Moscow-based`, `pro-Russia`.
//!
//! A word is cut there if tables (`models/words`) or its form tell that names meet. Names that have a hyphen of their own (`Ki-moon`,
//! `Guinea-Bissau`, `al-Sudani`) stay whole. `models/train/hyphens.py` cuts the text that models are trained on by the same rule, and
//! `tests/cases/compounds.tsv` holds both to it.

use std::ops::Range;

use super::edits::{Editor, Edits};
use super::mark::NameMark;
use super::names::{NameKind, Role, names};
use super::tokens::{after, before, is_address, tokens};

/// Puts a comma, or the mark with blanks around it, wherever names meet.
pub(super) fn read(text: &str, mark: NameMark) -> Option<(String, Edits)> {
    let mut editor = Editor::new(text);
    for token in tokens(text) {
        let word = &text[token.clone()];
        if !word.contains(is_joint) || is_address(word) {
            continue;
        }
        for joint in Chain::all(word).iter().flat_map(|chain| chain.cuts(text, token.start)) {
            let range = token.start + joint.start..token.start + joint.end;
            match mark {
                NameMark::Comma => editor.replace(range, ", "),
                NameMark::Kept => {
                    let spaced = format!(" {} ", &text[range.clone()]);
                    editor.replace(range, &spaced);
                }
            }
        }
    }
    editor.finish()
}

/// Hyphens make one word of two in any text, dashes and the rest only stand between words.
fn is_joint(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '/' | '→')
}

fn is_of_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '&' | '\u{300}'..='\u{36f}')
}

/// The most parts that one name with hyphens has: `Stratford-upon-Avon`.
const MOST_PARTS: usize = 4;
/// A longer part is no name.
const LONGEST: usize = 40;

/// Parts of a token with a single joint between each two.
#[derive(Debug, Default)]
struct Chain<'w> {
    word: &'w str,
    parts: Vec<Range<usize>>,
}

/// What a part of a compound is by its form and by the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A place or a body of the tables.
    Name,
    /// "Iranian".
    Demonym,
    /// Three to six capitals among small letters: "SOCAR".
    Acronym,
    /// A capital and small letters: "Trump".
    Capital,
    /// Anything else.
    Other,
}

impl<'w> Chain<'w> {
    /// The chains of two parts or more in a token.
    fn all(word: &'w str) -> Vec<Self> {
        let mut chains = vec![Self { word, parts: Vec::new() }];
        let mut chars = word.char_indices().peekable();
        let mut open = false;
        while let Some((at, c)) = chars.next() {
            let chain = chains.last_mut().expect("there is always one");
            if is_of_part(c) {
                match chain.parts.last_mut().filter(|_| open) {
                    Some(part) => part.end = at + c.len_utf8(),
                    None => chain.parts.push(at..at + c.len_utf8()),
                }
                open = true;
            } else if is_joint(c) && open && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()) {
                open = false;
            } else {
                open = false;
                if !chain.parts.is_empty() {
                    chains.push(Self { word, parts: Vec::new() });
                }
            }
        }
        chains.retain(|chain| chain.parts.len() > 1);
        chains
    }

    /// The joints at which names meet; the token begins at byte `start` of the text.
    fn cuts(&self, text: &str, start: usize) -> Vec<Range<usize>> {
        let Self { word, parts } = self;
        let first = start + parts[0].start;
        let end = start + parts[parts.len() - 1].end;
        let around = Around {
            before: if parts[0].start == 0 { before(text, first) } else { "" },
            opens: parts[0].start > 0 && !word[..parts[0].start].ends_with(is_joint),
            after: if end == start + word.len() { after(text, end) } else { "" },
        };
        let groups = self.groups();
        let setting = around.setting(&word[groups[0].clone()], own(&word[groups[groups.len() - 1].clone()]));
        (1..groups.len())
            .filter(|&i| {
                let joint = word[groups[i - 1].end..groups[i].start].chars().next().expect("a joint is between parts");
                let pair = Pair { left: &word[groups[i - 1].clone()], right: own(&word[groups[i].clone()]), joint };
                let begins = if i == 1 { Some(&around) } else { None };
                let ends = if i + 1 == groups.len() { Some(&around) } else { None };
                pair.meets(begins, ends, setting)
            })
            .map(|i| groups[i - 1].end..groups[i].start)
            .collect()
    }

    /// The parts, those of one known name together.
    fn groups(&self) -> Vec<Range<usize>> {
        let Self { word, parts } = self;
        let mut groups = Vec::new();
        let mut at = 0;
        while at < parts.len() {
            let whole = |end: &usize| {
                let name = &word[parts[at].start..parts[*end - 1].end];
                let key = key(name).replace(['‐', '‑'], "-");
                name.len() <= 2 * LONGEST
                    && (names().has(&key, Role::Whole) || names().kind(&key) == Some(NameKind::Thing))
            };
            let end = (at + 2..=parts.len().min(at + MOST_PARTS)).rev().find(whole).unwrap_or(at + 1);
            groups.push(parts[at].start..parts[end - 1].end);
            at = end;
        }
        groups
    }
}

/// What stands around a chain.
struct Around<'t> {
    before: &'t str,
    /// Whether a mark such as a quotation mark stands before it.
    opens: bool,
    after: &'t str,
}

/// What the words around a compound are like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// Some have small letters.
    Text,
    /// None has: "ONE-DAY" has the form of two acronyms.
    Capitals,
    /// It is the beginning of a longer name: "the United States-Mexico-Canada Agreement".
    Name,
}

impl Around<'_> {
    fn setting(&self, first: &str, last: &str) -> Setting {
        let has_small = |word: &str| word.chars().any(char::is_lowercase);
        let article = matches!(self.before, "the" | "a" | "an" | "its" | "their" | "this");
        let after = bare(self.after);
        if (article || is_name(&format!("{} {first}", self.before)))
            && self.after.starts_with(char::is_uppercase)
            && has_small(self.after)
            && names().kind(&after).is_none()
            && !is_name(&format!("{last} {after}"))
        {
            Setting::Name
        } else if has_small(self.before) || has_small(self.after) {
            Setting::Text
        } else {
            Setting::Capitals
        }
    }
}

/// A name in the form of the tables.
fn key(name: &str) -> String {
    let lower = name.to_lowercase();
    if lower.contains('.') { lower.replace('.', "") } else { lower }
}

fn form(part: &str, setting: Setting) -> Form {
    let mut letters = part.chars().filter(|c| c.is_alphabetic());
    if part.len() > LONGEST || !part.starts_with(char::is_uppercase) {
        return Form::Other;
    }
    match names().kind(&key(part)) {
        Some(NameKind::Thing) => return Form::Name,
        Some(NameKind::Demonym) => return Form::Demonym,
        None => {}
    }
    let n = letters.clone().count();
    if letters.all(char::is_uppercase) {
        return if (3..=6).contains(&n) && setting != Setting::Capitals { Form::Acronym } else { Form::Other };
    }
    if n > 1 && part.chars().all(|c| !c.is_numeric()) { Form::Capital } else { Form::Other }
}

/// A part without the full stop and the "'s" at its end.
fn own(part: &str) -> &str {
    let part = part.trim_end_matches(['.', '\'', '’', '&']);
    part.strip_suffix("'s").or_else(|| part.strip_suffix("’s")).unwrap_or(part)
}

/// A word in lower case, without what is not its own and the punctuation after it.
fn bare(word: &str) -> String {
    own(word.trim_end_matches(|c: char| !c.is_alphanumeric())).to_lowercase()
}

/// Two neighbours in a chain.
struct Pair<'w> {
    left: &'w str,
    right: &'w str,
    joint: char,
}

impl Pair<'_> {
    /// Whether these are two words. `begins` is there for the first part of a chain, `ends` for the last one.
    fn meets(&self, begins: Option<&Around<'_>>, ends: Option<&Around<'_>>, setting: Setting) -> bool {
        let (left, right) = (self.left, self.right);
        let (before, after) = (begins.map_or("", |around| around.before), ends.map_or("", |around| around.after));
        let mut sides = (form(left, setting), form(right, setting));
        // "South Korea-US", "US-Saudi Arabia"
        if sides.0 != Form::Name && is_name(&format!("{before} {left}")) {
            sides.0 = Form::Name;
        }
        if sides.1 != Form::Name && is_name(&format!("{right} {}", bare(after))) {
            sides.1 = Form::Name;
        }
        if key(left) == key(right) {
            return false;
        }
        match self.joint {
            '/' | '→' => sides == (Form::Name, Form::Name),
            _ if self.follows(sides.0) || self.precedes(sides.1, begins, after) => true,
            _ if setting == Setting::Name => false,
            _ if is_pair(sides) => true,
            _ => {
                is_pair_of_unknown(sides, left, right)
                    && names().has(&bare(after), Role::Between)
                    && stands_alone(before)
            }
        }
    }

    /// `Moscow-based`
    fn follows(&self, left: Form) -> bool {
        let known = matches!(left, Form::Name | Form::Acronym);
        let word = key(self.left);
        let ordinary = [Role::Ordinary, Role::Before].iter().any(|role| names().has(&word, *role));
        (known || left == Form::Capital && !ordinary) && names().has(&key(self.right), Role::After)
    }

    /// `pro-Russia`; a capital before the hyphen may begin a name, as in "Anti-Defamation League".
    fn precedes(&self, right: Form, begins: Option<&Around<'_>>, after: &str) -> bool {
        let prefix = key(self.left);
        if !names().has(&prefix, Role::Before) {
            return false;
        }
        let lower = self.left.starts_with(char::is_lowercase);
        let opens =
            begins.is_some_and(|around| around.opens || around.before.is_empty() || ends_sentence(around.before));
        let alone = lower || (opens && !after.starts_with(char::is_uppercase));
        match right {
            Form::Name | Form::Acronym => alone,
            Form::Capital => alone && matches!(prefix.as_str(), "anti" | "ex" | "pro") && !is_adjective(self.right),
            Form::Demonym | Form::Other => false,
        }
    }
}

fn is_name(words: &str) -> bool {
    words.len() <= 2 * LONGEST
        && words.starts_with(char::is_uppercase)
        && names().kind(&key(words)) == Some(NameKind::Thing)
}

/// Two of which one is known and the other is known or a people, or has the form of an acronym.
fn is_pair(sides: (Form, Form)) -> bool {
    use Form::{Acronym, Demonym, Name};
    matches!(sides, (Name | Acronym, Name | Acronym) | (Name, Demonym) | (Demonym, Name))
}

/// Two that may be names of persons, companies or places that the tables do not have.
fn is_pair_of_unknown(sides: (Form, Form), left: &str, right: &str) -> bool {
    let may_be = |form| matches!(form, Form::Name | Form::Acronym | Form::Capital);
    may_be(sides.0) && may_be(sides.1) && right.chars().count() > 1 && !names().has(&key(left), Role::First)
}

/// Whether no name begins before a compound: "Trent Alexander-Arnold deal" has no two sides.
fn stands_alone(before: &str) -> bool {
    !before.starts_with(char::is_uppercase)
        || ends_sentence(before)
        || before.ends_with([',', ';', ':'])
        || matches!(
            before,
            "The" | "A" | "An" | "This" | "That" | "No" | "After" | "Before" | "In" | "Of" | "For" | "On"
        )
}

fn ends_sentence(before: &str) -> bool {
    before.ends_with(['.', '!', '?', ':', '…', '—', '–'])
}

/// Whether a word has the ending of an adjective: "pro-Western", "anti-Semitic".
fn is_adjective(word: &str) -> bool {
    let word = key(word);
    ["ian", "ish", "ese", "ic", "ist", "ism", "ern", "ite", "lim"].iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_where_names_meet() {
        let cases = include_str!("../../../tests/cases/compounds.tsv");
        let read = |text: &str, mark| super::read(text, mark).map_or(text.to_owned(), |(read, _)| read);
        let wrong: Vec<_> = cases
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once('\t'))
            .map(|(text, want)| (read(text, NameMark::Kept), want))
            .filter(|(found, want)| found != want)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(read("US-Iran", NameMark::Comma), "US, Iran");
    }
}
