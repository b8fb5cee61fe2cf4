//! All that is known of the words of one language.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use super::family_names::{FamilyLanguage, FamilyNames};
use super::gender::Gender;
use super::given::{GivenName, GivenNames};
use super::hash::FixedState;
use super::name_words::{NameWords, WordKind};
use super::occupations::{Occupation, Occupations};
use super::spelling::Spelling;
use super::states::States;
use super::table::rows;
use super::titles::{Title, Titles};
use super::words::{WordClass, Words};

/// The words that linking knows of a language. Immutable; one serves every thread, and a clone shares its tables.
///
/// Words are asked for in lower case and without marks.
///
/// ```
/// use allonym::link::{Gender, Lexicon, TitleKind};
///
/// let english = Lexicon::english();
/// assert!(english.is_generic("university") && english.is_legal_form("gmbh"));
/// let dame = english.title("dame").expect("it is a title");
/// assert_eq!((dame.kind, dame.gender), (TitleKind::Noble, Some(Gender::Female)));
/// assert_eq!(english.gender("maria"), Some(Gender::Female));
/// ```
#[derive(Clone, Debug)]
pub struct Lexicon {
    tables: Arc<Tables>,
}

#[derive(Debug)]
struct Tables {
    titles: Titles,
    name_words: NameWords,
    /// By far the largest; tagging alone rarely asks for it.
    given: LazyLock<GivenNames>,
    words: Words,
    family_names: FamilyNames,
    occupations: Occupations,
    spelling: Spelling,
    states: States,
    agencies: HashSet<&'static str, FixedState>,
}

impl Default for Lexicon {
    /// [`Lexicon::english`].
    fn default() -> Self {
        Self::english().clone()
    }
}

/// Classes that the name of a body of a state may have without saying of which state.
const PLAIN: &[WordClass] =
    &[WordClass::Generic, WordClass::Topic, WordClass::LeftOut, WordClass::Rank, WordClass::StateBody];

impl Lexicon {
    /// The English of news, in the library; read at first use.
    pub fn english() -> &'static Self {
        static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
            let titles = Titles::new(
                include_str!("../../models/link/en/titles.tsv"),
                include_str!("../../models/link/en/name_titles.tsv"),
            );
            Lexicon {
                tables: Arc::new(Tables {
                    name_words: NameWords::new(include_str!("../../models/link/en/name_words.tsv"), &titles),
                    titles,
                    given: LazyLock::new(|| {
                        GivenNames::new(
                            include_str!("../../models/link/en/given_names.tsv"),
                            include_str!("../../models/link/en/fathers.tsv"),
                        )
                    }),
                    words: Words::new(&[
                        include_str!("../../models/link/en/organisations.tsv"),
                        include_str!("../../models/link/en/legal_forms.tsv"),
                        include_str!("../../models/link/en/places.tsv"),
                        include_str!("../../models/link/en/sports.tsv"),
                        include_str!("../../models/link/en/affixes.tsv"),
                        include_str!("../../models/link/en/symbols.tsv"),
                        include_str!("../../models/link/en/credits.tsv"),
                    ]),
                    family_names: FamilyNames::new(include_str!("../../models/link/en/family_names.tsv")),
                    occupations: Occupations::new(include_str!("../../models/link/en/occupations.tsv")),
                    spelling: Spelling::new(include_str!("../../models/link/en/spelling.tsv")),
                    states: States::new(include_str!("../../models/link/en/states.tsv")),
                    agencies: rows(include_str!("../../models/link/en/agencies.tsv"))
                        .map(|[name, _source]| name)
                        .collect(),
                }),
            }
        });
        &ENGLISH
    }

    /// What a word, or several ("tan sri"), says of a person whose title it is.
    pub fn title(&self, word: &str) -> Option<Title> {
        self.tables.titles.get(word)
    }

    /// Whether a title before a person's name is outside the span of the name: `Tan Sri`, but not the `Queen` of `Queen Latifah`. `name` is
    /// what follows it.
    pub(crate) fn is_outside(&self, title: &str, name: &str) -> bool {
        self.tables.titles.is_outside(title, name)
    }

    /// Whether a title belongs to just this name: the `Queen` of `Queen Latifah`. `name` is what follows it.
    pub(crate) fn belongs(&self, title: &str, name: &str) -> bool {
        self.tables.titles.belongs(title, name)
    }

    /// Whose a given name is, if it is nearly always a woman's or nearly always a man's.
    pub fn gender(&self, given_name: &str) -> Option<Gender> {
        self.tables.given.gender(given_name)
    }

    /// The listed given names with the gender that each tells, in the order of the alphabet.
    #[cfg_attr(not(feature = "redact"), allow(dead_code, reason = "only redaction draws names"))]
    pub(crate) fn given_names(&self) -> Vec<(&'static str, Option<Gender>)> {
        self.tables.given.listed()
    }

    /// Whether a word says what kind of organisation it is, and not which: "bank", "ministry".
    pub fn is_generic(&self, word: &str) -> bool {
        self.is(word, WordClass::Generic)
    }

    /// Whether a word is a legal form of companies, as news writes them at the end of a name: "ltd", "gmbh".
    pub fn is_legal_form(&self, word: &str) -> bool {
        self.is(word, WordClass::LegalForm)
    }

    /// Whether a word is a legal form of companies that stands before their names: "OAO Gazprom".
    pub(crate) fn is_form_before(&self, word: &str) -> bool {
        self.is(word, WordClass::FormBefore)
    }

    /// Whether a word joins two others in Persian, Urdu and Arabic names: "Jamaat-e-Islami".
    pub(crate) fn is_izafet(&self, word: &str) -> bool {
        self.is(word, WordClass::Izafet)
    }

    /// Whether a name is that of a party that several countries have: "Labour", "Communist Party".
    pub(crate) fn is_party(&self, text: &str) -> bool {
        self.is(text.strip_suffix(" party").unwrap_or(text), WordClass::Party)
    }

    /// Whether some words that are titles have one that names an office that few people hold, and not just a form of address.
    pub(crate) fn is_office(&self, titles: &str) -> bool {
        titles.split(' ').any(|word| self.title(word).is_some_and(|title| title.is_office))
    }

    /// Whether a title also stands between given names and surname.
    pub(crate) fn is_inner_title(&self, word: &str) -> bool {
        self.title(word).is_some_and(|title| title.is_within)
    }

    /// What a word means before, inside or after a name.
    pub(crate) fn kind(&self, word: &str) -> WordKind {
        self.tables.name_words.kind(word)
    }

    /// Whether the romanised letters of a script without short vowels are those of a title.
    pub(crate) fn is_unwritten_title(&self, letters: &str) -> bool {
        self.tables.name_words.is_unwritten_title(letters)
    }

    /// The generation that a suffix stands for: `jr`, `sr`, `ii`, `iii` or `iv`. `None` for degrees and states of service.
    pub(crate) fn generation(&self, suffix: &str) -> Option<&'static str> {
        self.tables.name_words.generation(suffix)
    }

    /// Whether a given name is so often left out before another given name that it tells no two persons apart.
    pub(crate) fn is_prefix(&self, given_name: &str) -> bool {
        self.tables.name_words.is_prefix(given_name)
    }

    /// What is known of a given name that many people have: another one is another name unless both are forms of one.
    pub(crate) fn given_name(&self, name: &str) -> Option<GivenName> {
        self.tables.given.get(name)
    }

    /// Whether two given names are forms of one: "Bill" and "William".
    pub(crate) fn are_forms(&self, a: GivenName, b: GivenName) -> bool {
        self.tables.given.are_forms(a, b)
    }

    /// Whether a given name may also be a second name that is the father's, as in Hamza Shehbaz Sharif, son of Shehbaz Sharif.
    pub(crate) fn may_be_fathers(&self, name: &str) -> bool {
        self.tables.given.may_be_fathers(name)
    }

    /// Whether a name is a family name of a language whose names are a family name and one or two syllables.
    pub(crate) fn is_family_name(&self, name: &str, language: FamilyLanguage) -> bool {
        self.tables.family_names.has(name, language)
    }

    /// What an occupation says of its bearer.
    pub(crate) fn occupation(&self, word: &str) -> Option<Occupation> {
        self.tables.occupations.get(word)
    }

    /// Numbers of the full names that a given name is a short form of, and of itself if it has short forms.
    pub(crate) fn full_names(&self, given_name: &str) -> impl Iterator<Item = u16> {
        self.tables.given.full_names(given_name)
    }

    /// Whether a word joins two names to a third: "of" in "Bank of America".
    pub(crate) fn is_joining(&self, word: &str) -> bool {
        self.is(word, WordClass::Joining)
    }

    /// Whether acronyms leave a word out.
    pub(crate) fn is_left_out(&self, word: &str) -> bool {
        self.is(word, WordClass::LeftOut)
    }

    /// Whether a word says what a ministry or department is for.
    pub(crate) fn is_topic(&self, word: &str) -> bool {
        self.is(word, WordClass::Topic)
    }

    /// Whether a word is one for ministries: "ministry", "department".
    pub(crate) fn is_ministry(&self, word: &str) -> bool {
        self.is(word, WordClass::Ministry)
    }

    /// Whether a name says which body of a state it is, and not of which state: "Supreme Court", "Ministry of Foreign Affairs", "Army".
    pub(crate) fn is_state_relative(&self, text: &str) -> bool {
        text.split(' ').all(|word| self.tables.words.is_any(word, PLAIN))
            && text.split(' ').any(|word| self.is(word, WordClass::StateBody))
    }

    /// Whether a word stays lower-case within a name.
    pub(crate) fn is_small(&self, word: &str) -> bool {
        self.is(word, WordClass::Small)
    }

    /// Whether a noun after the name of a place does not make it another place: "valley", "province".
    pub(crate) fn is_feature(&self, word: &str) -> bool {
        self.is(word, WordClass::Feature)
    }

    /// Whether a word is one for divisions of countries.
    pub(crate) fn is_division(&self, word: &str) -> bool {
        self.is(word, WordClass::Division)
    }

    /// Whether letters are the acronym of a news agency, which stands in datelines and is short for nothing else there.
    pub(crate) fn is_agency(&self, letters: &str) -> bool {
        self.is(letters, WordClass::Agency)
    }

    /// Whether a word before a name says that it is a place: "in", "near".
    pub(crate) fn is_locative(&self, word: &str) -> bool {
        self.is(word, WordClass::Locative)
    }

    /// Whether a word before a name says that it is a place and seldom a person: "in", "near".
    pub(crate) fn is_where(&self, word: &str) -> bool {
        self.is(word, WordClass::Where)
    }

    /// Whether a word before a name says that it is a place if something moves there: "to", "from".
    pub(crate) fn is_whither(&self, word: &str) -> bool {
        self.is(word, WordClass::Whither)
    }

    /// Whether a word tells of somebody who moves: "flew", "trip".
    pub(crate) fn is_motion(&self, word: &str) -> bool {
        self.is(word, WordClass::Motion)
    }

    /// Whether a word is one in the names of competitions, leagues and their bodies.
    pub(crate) fn is_competition(&self, word: &str) -> bool {
        self.is(word, WordClass::Competition)
    }

    /// Whether a word is one of reports on matches, races and players.
    pub(crate) fn is_sports_word(&self, word: &str) -> bool {
        self.is(word, WordClass::Report)
    }

    /// Whether a word joined to a name by a hyphen before it is no part of it: "ex".
    pub(crate) fn is_affix_before(&self, word: &str) -> bool {
        self.is(word, WordClass::Before)
    }

    /// Whether a word joined to a name by a hyphen after it is no part of it: "based".
    pub(crate) fn is_affix_after(&self, word: &str) -> bool {
        self.is(word, WordClass::After)
    }

    /// Whether some letters are the ending of names of files: "pdf".
    pub(crate) fn is_file_ending(&self, letters: &str) -> bool {
        self.is(letters, WordClass::FileEnding)
    }

    /// Whether letters before an amount are a currency and nothing else: "EUR", "Rs".
    pub(crate) fn is_currency(&self, letters: &str) -> bool {
        self.is(letters, WordClass::Currency)
    }

    /// Whether a character is the sign of a currency.
    pub(crate) fn is_currency_sign(&self, sign: &str) -> bool {
        self.is(sign, WordClass::CurrencySign)
    }

    /// Whether letters make an amount of a number: "bn", "crore".
    pub(crate) fn is_amount(&self, letters: &str) -> bool {
        self.is(letters, WordClass::Amount)
    }

    /// Whether letters are an exchange or a list of shares, as news writes them before a ticker symbol.
    pub(crate) fn is_exchange(&self, letters: &str) -> bool {
        self.is(letters, WordClass::Exchange)
    }

    /// Whether letters are a party, as news writes it before the state of a politician: "R", "Dem.".
    pub(crate) fn is_party_letter(&self, letters: &str) -> bool {
        self.is(letters, WordClass::PartyLetter)
    }

    /// Whether a word is one for pictures.
    pub(crate) fn is_picture(&self, word: &str) -> bool {
        self.is(word, WordClass::Picture)
    }

    /// Whether a word of credits of pictures is in no name: "courtesy".
    pub(crate) fn is_credit_word(&self, word: &str) -> bool {
        self.is(word, WordClass::Credit)
    }

    /// The American spelling of a British word; `None` for any other word.
    pub(crate) fn american(&self, word: &str) -> Option<String> {
        self.tables.spelling.american(word)
    }

    /// Whether a name is that of an agency of news or photos, as credits of photos have it: "getty images".
    pub(crate) fn is_photo_agency(&self, name: &str) -> bool {
        self.tables.agencies.contains(name)
    }

    /// Whether a text is the name or an abbreviation of a state of the United States, Canada or Australia.
    pub(crate) fn is_state(&self, text: &str) -> bool {
        self.tables.states.has(text)
    }

    /// The state that an abbreviation after a city stands for.
    pub(crate) fn state(&self, abbreviation: &str) -> Option<&'static str> {
        self.tables.states.get(abbreviation)
    }

    fn is(&self, word: &str, class: WordClass) -> bool {
        self.tables.words.is_any(word, &[class])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_class_says_what_a_word_is() {
        for (word, want) in [
            ("minister", WordKind::Title),
            ("prime", WordKind::Qualifier),
            ("jr", WordKind::Suffix),
            ("el", WordKind::Article),
            ("ibn", WordKind::Patronymic),
            ("abu", WordKind::Kunya),
            ("van", WordKind::Nobiliary),
            ("abdul", WordKind::Servant),
            ("khan", WordKind::Word),
        ] {
            assert_eq!(Lexicon::english().kind(word), want, "{word}");
        }
    }

    #[test]
    fn forms_of_address_are_no_offices() {
        for (titles, want) in [("foreign minister", true), ("ceo", true), ("dr", false), ("sheikh", false), ("", false)]
        {
            assert_eq!(Lexicon::english().is_office(titles), want, "{titles}");
        }
    }

    #[test]
    fn given_names_have_forms_and_genders() {
        let english = Lexicon::english();
        let are_forms =
            |a, b| english.given_name(a).zip(english.given_name(b)).is_some_and(|(a, b)| english.are_forms(a, b));
        for (a, b, want) in [
            ("bill", "william", true),
            ("bill", "bob", false),
            ("tony", "anthony", true),
            ("kate", "katherine", true),
            ("kate", "william", false),
        ] {
            assert_eq!(are_forms(a, b), want, "{a} {b}");
            assert_eq!(are_forms(b, a), want, "{b} {a}");
        }
        assert!(english.may_be_fathers("rafik") && !english.may_be_fathers("maria"));
        for (name, want) in [
            ("maria", Some(Gender::Female)),
            ("ngozi", Some(Gender::Female)),
            ("olaf", Some(Gender::Male)),
            ("robin", None),
            ("xyzzy", None),
        ] {
            assert_eq!(english.gender(name), want, "{name}");
        }
    }

    #[test]
    fn organisations_without_their_state() {
        for (text, want) in [
            ("supreme court", true),
            ("ministry of foreign affairs", true),
            ("army", true),
            ("central bank", true),
            ("us treasury", false),
            ("european commission", false),
            ("bank of america", false),
            ("national league", false),
        ] {
            assert_eq!(Lexicon::english().is_state_relative(text), want, "{text}");
        }
    }

    #[test]
    fn a_sign_is_of_its_class_alone() {
        let english = Lexicon::english();
        for (word, want) in [
            ("pdf", [true, false, false, false, false]),
            ("EUR", [false, true, false, false, false]),
            ("eur", [false; 5]),
            ("crore", [false, false, true, false, false]),
            ("NASDAQ", [false, false, false, true, false]),
            ("Dem.", [false, false, false, false, true]),
        ] {
            let classes = [
                english.is_file_ending(word),
                english.is_currency(word),
                english.is_amount(word),
                english.is_exchange(word),
                english.is_party_letter(word),
            ];
            assert_eq!(classes, want, "{word}");
        }
        assert!(english.is_currency_sign("₦") && !english.is_currency_sign("N"));
        assert!(english.is_picture("photo") && english.is_credit_word("photo") && !english.is_picture("courtesy"));
    }

    #[test]
    fn spellings_and_states() {
        let english = Lexicon::english();
        for (word, want) in [("organisation", Some("organization")), ("labour", Some("labor")), ("isation", None)] {
            assert_eq!(english.american(word).as_deref(), want, "{word}");
        }
        for (text, want) in [("Calif.", Some("California")), ("D.C.", Some("Washington, D.C.")), ("Iran", None)] {
            assert_eq!(english.state(text), want, "{text}");
        }
    }
}
