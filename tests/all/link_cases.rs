//! Small corpora in which linking joined two people or missed one: by kind, with the right answer.
//!
//! `‖` parts documents. `[Name|PER|a]` is a mention, of entity `a`; what stands between is the text. All mentions with a letter count: those
//! of one letter are one entity, those of two are two.

use std::collections::BTreeMap;

use allonym::link::Linker;
use allonym::{Document, Label, Mention, Span};

struct Case {
    documents: Vec<Document>,
    /// Per document and mention, its letter.
    gold: Vec<Vec<String>>,
}

impl Case {
    fn read(text: &str) -> Self {
        let mut case = Self { documents: Vec::new(), gold: Vec::new() };
        for (nth, text) in text.split('‖').enumerate() {
            let (mut document, mut gold) = (Document::new(format!("d{nth}"), ""), Vec::new());
            let mut rest = text.trim();
            while let Some((before, after)) = rest.split_once('[') {
                let (mention, behind) = after.split_once(']').expect("a bracket is closed");
                let [surface, label, letter] =
                    mention.split('|').collect::<Vec<_>>().try_into().expect("name, label and letter");
                document.text.push_str(before);
                let start = document.text.len();
                document.text.push_str(surface);
                document.mentions.push(Mention::new(Span::new(start, document.text.len()), Label::new(label)));
                gold.push(letter.to_owned());
                rest = behind;
            }
            document.text.push_str(rest);
            case.documents.push(document);
            case.gold.push(gold);
        }
        case
    }

    /// What is wrong, in words; empty if nothing is.
    fn wrong(&mut self) -> String {
        Linker::default().link_documents(&mut self.documents).expect("the spans slice the texts");
        let mut entity_of: BTreeMap<&str, &str> = BTreeMap::new();
        let mut letter_of: BTreeMap<&str, &str> = BTreeMap::new();
        let mut wrong = String::new();
        for (document, gold) in self.documents.iter().zip(&self.gold) {
            for (mention, letter) in document.mentions.iter().zip(gold).filter(|(_, letter)| !letter.is_empty()) {
                let (entity, surface) =
                    (mention.entity.as_deref().expect("it is linked"), &document.text[mention.span.range()]);
                if *entity_of.entry(letter).or_insert(entity) != entity {
                    wrong += &format!("{surface} is not one with the other {letter}; ");
                }
                let other = letter_of.entry(entity).or_insert(letter);
                if other != letter {
                    wrong += &format!("{surface} is {letter}, but one with {other}; ");
                }
            }
        }
        wrong
    }
}

fn check(cases: &[&str]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|text| {
            Some(Case::read(text).wrong()).filter(|wrong| !wrong.is_empty()).map(|wrong| format!("{text}\n    {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn alike_is_not_the_same() {
    check(&[
        "[Murtaza Bhutto|PER|a] spoke. ‖ [Mumtaz Bhutto|PER|b] spoke.",
        "[Arun Singh|PER|a] spoke. ‖ [Arjun Singh|PER|b] spoke.",
        "[Nabih Berri|PER|a] spoke. ‖ [Nabil Berri|PER|b] spoke.",
        "[Mahbubur Rahman|PER|a] spoke. ‖ [Mahfuzur Rahman|PER|b] spoke.",
        "[Li Peng|PER|a] spoke. ‖ [Li Ping|PER|b] spoke.",
        "[Juan Carlos Varela|PER|a] spoke. ‖ [Juan Carlos Varón|PER|b] spoke.",
        "[Suspect 1|PER|a] fled. ‖ [Suspect 2|PER|b] fled.",
    ]);
}

#[test]
fn a_bare_name_never_brings_two_holders_together() {
    check(&[
        "[Ali Larijani|PER|a] left. [Larijani|PER|a] flew. ‖ [A. Larijani|PER|] spoke. ‖ [Sadeq Larijani|PER|b] came. [Larijani|PER|b] sat. ‖ [Larijani|PER|c] said no.",
        "[Shah Mehmood Qureshi|PER|a] left. ‖ [S. M. Qureshi|PER|] spoke. ‖ [Moeed Qureshi|PER|b] came. ‖ [Qureshi|PER|c] said no.",
        "[John Marsh|PER|a] spoke. ‖ [J. Marsh|PER|c] spoke. ‖ [James Marsh|PER|b] spoke.",
        "[Samuel Grant|PER|] spoke. ‖ [Samuel L. Grant|PER|a] spoke. ‖ [Samuel P. Grant|PER|b] spoke.",
    ]);
}

#[test]
fn other_spellings_are_found() {
    check(&[
        "[Slobodan Milosevic|PER|a] left. ‖ [Slobodan Milosevich|PER|a] left.",
        "[Hossein Amir-Abdollahian|PER|a] left. ‖ [Hossein Amirabdollahian|PER|a] left.",
        "[Yevgeny Prigozhin|PER|a] left. ‖ [Evgeny Prigozhin|PER|a] left.",
        "[Emomali Rahmon|PER|a] left. ‖ [Emomali Rakhmon|PER|a] left.",
        "[Nikita Khrushchev|PER|a] left. ‖ [Nikita Krushchev|PER|a] left.",
        "[Bill Clinton|PER|a] left. ‖ [William Clinton|PER|a] left.",
        "[Hibatullah Akhundzada|PER|a] left. ‖ [Haibatullah Akhunzada|PER|a] left.",
        "[Tom Latham|PER|a] was bowled, [T. Latham|PER|a] lbw, [K. Rahul|PER|b] not out.",
        "From “[Abbas Aragchi|PER|a]” on a badge to “[Seyed Abbas Araghchi|PER|a]” on the website.",
        "[Mao Zedong|PER|a] left. ‖ [Mao Tse-tung|PER|a] left.",
        "[Roh Moo-hyun|PER|a] left. ‖ [No Mu-hyon|PER|a] left.",
    ]);
}

#[test]
fn gender_generation_and_order_tell_persons_apart() {
    check(&[
        "[Michael Ryan|PER|a] left. ‖ [Michelle Ryan|PER|b] left.",
        "[Viktor Petrov|PER|a] left. ‖ [Viktoria Petrova|PER|b] left.",
        "[Martin Luther King Jr.|PER|a] spoke. ‖ [Martin Luther King Sr.|PER|b] spoke.",
        "[Donald Trump|PER|a] spoke. ‖ [Donald Trump Jr.|PER|b] spoke.",
        "[Hamad bin Khalifa|PER|a] left. ‖ [Khalifa bin Hamad|PER|b] left.",
        "[Henry VII|PER|a] died. ‖ [Henry VIII|PER|b] died.",
        "[Bill Clinton|PER|a] and [Hillary Clinton|PER|b] came. Mr. [Clinton|PER|a] spoke, and Mrs. [Clinton|PER|b] listened.",
        "[Nawaz Sharif|PER|a] and his daughter [Maryam Nawaz Sharif|PER|b] returned.",
        "[Saad Hariri|PER|a] and his cousin [Said Hariri|PER|b] met.",
        "The [Modi-Sharif|PER|] meeting. [Modi|PER|a] left. [Sharif|PER|b] stayed.",
    ]);
}

#[test]
fn a_surname_among_relatives_is_the_one_introduced_first() {
    check(&[
        "[Gerald Ford|PER|a] ran. [Ford|PER|a] won. [Ford|PER|a] said so. [Betty Ford|PER|b] smiled. [Ford|PER|a] waved.",
        "[Nick Saban|PER|a] won. [Saban|PER|a] smiled. [Terry Saban|PER|b] waved. [Saban|PER|a] left.",
        "[Ahmed Mohamed|PER|a] built a clock. [Mohamed|PER|a] was held. His father [Mohamed Mohamed|PER|b] protested. [Mohamed|PER|a] left.",
    ]);
}

#[test]
fn places_of_one_name_are_told_apart_and_names_of_one_place_meet() {
    check(&[
        "Polls in [Punjab|LOC|a], [Pakistan|LOC|]. ‖ Polls in [Punjab|LOC|b], [India|LOC|].",
        "[Tripoli|LOC|a], [Libya|LOC|], fell. ‖ [Tripoli|LOC|b], [Lebanon|LOC|], voted.",
        "[Springfield|LOC|a], [Illinois|LOC|]. ‖ [Springfield|LOC|b], [Missouri|LOC|].",
        "[Paris|LOC|a], [France|LOC|]. ‖ [Paris|LOC|b], [Texas|LOC|].",
        "They came from [New South Wales|LOC|a], [Fiji|LOC|] and [Tonga|LOC|]. ‖ [New South Wales|LOC|a] in [Australia|LOC|] voted.",
        "[Kiev|LOC|a], [Ukraine|LOC|]. ‖ [Kyiv|LOC|a], [Ukraine|LOC|].",
        "[Bombay|LOC|a], [India|LOC|]. ‖ [Mumbai|LOC|a], [India|LOC|].",
        "[Tehran|LOC|a], [Iran|LOC|]. ‖ [Teheran|LOC|a], [Iran|LOC|].",
        "[Steve Israel|PER|a] travelled to [Israel|LOC|b].",
        "[Jack London|PER|a] was not born in [London|LOC|b].",
        "The [Central Bank of Iran|ORG|a] ([CBI|ORG|a]) and the [Central Bureau of Investigation|ORG|b] ([CBI|ORG|b]) spoke.",
    ]);
}

#[test]
fn a_farmer_is_not_the_minister_of_his_name() {
    let mut text = String::from(
        "Foreign Minister [Salahuddin Ahmed|PER|a] left. ‖ Farmer [Salahuddin Ahmed|PER|b] lost his crop.",
    );
    // Both parts of the name are other people's too.
    text += " ‖ [Salahuddin Khan|PER|], [Salahuddin Malik|PER|], [Imran Ahmed|PER|] and [Farid Ahmed|PER|] came.";
    check(&[&text]);
}

#[test]
fn a_short_form_means_what_its_text_defines() {
    check(&[
        "[African National Congress|ORG|a] ([ANC|ORG|a]) met. ‖ [ANC|ORG|a] won. ‖ [Armenian National Congress|ORG|b] ([ANC|ORG|b]) met.",
        "[Fédération Internationale de l'Automobile|ORG|a] ([FIA|ORG|a]) met. The [FIA|ORG|a] said so. ‖ [Federal Investigation Agency|ORG|b] ([FIA|ORG|b]) met. The [FIA|ORG|b] said. ‖ The [FIA|ORG|] moved.",
    ]);
}

#[test]
fn bare_names_of_other_people_stay_apart() {
    check(&[
        "[Johnson|PER|a], a coach in [Detroit|LOC|], won. ‖ Mrs. [Johnson|PER|b] of [Leeds|LOC|] said no.",
        "The governor, [Gulab|PER|a], spoke. ‖ A shepherd named [Gulab|PER|b] found him.",
        "[Nikita Orlov|PER|a] sang. [Orlov|PER|a] bowed. ‖ A farmer named [Orlov|PER|b] lives in [Nebraska|LOC|].",
        "[Leila Haddad|PER|a] sang. ‖ [Haddad|PER|a] bowed.",
    ]);
}

#[test]
fn another_label_does_not_make_another_thing() {
    check(&[
        "[Bre-X|ORG|a] fell. [Bre-X|MISC|a] rose. [Bre-X|LOC|a] sank.",
        "[Home Depot|ORG|a] fell. [Home Depot|LOC|a] rose.",
        "[Asher Edelman|PER|a] bought. [Edelman|PER|a] sold. [Edelman|ORG|a] waited.",
    ]);
}

#[test]
fn other_spellings_of_places_are_known() {
    check(&[
        "[NYC|LOC|a] is big. ‖ [New York City|LOC|a] is big.",
        "[Isfahan|LOC|a], [Iran|LOC|]. ‖ [Esfahan|LOC|a], [Iran|LOC|].",
        "[Kandahar|LOC|a], [Afghanistan|LOC|]. ‖ [Qandahar|LOC|a], [Afghanistan|LOC|].",
        "[Baluchistan|LOC|a], [Pakistan|LOC|]. ‖ [Balochistan|LOC|a], [Pakistan|LOC|].",
        "[Qom|LOC|a], [Iran|LOC|]. ‖ [Qum|LOC|a], [Iran|LOC|].",
    ]);
}

#[test]
fn organisations_meet_beyond_equal_words() {
    check(&[
        "[Toyota|ORG|a] rose. ‖ [Toyota Motor Corp|ORG|a] rose.",
        "[AT&T|ORG|a] rose. ‖ [AT & T|ORG|a] rose.",
        "[Jamaat-e-Islami|ORG|a] met. ‖ [Jamat-i-Islami|ORG|a] met.",
        "[Gazprom|ORG|a] rose. ‖ [OAO Gazprom|ORG|a] rose. ‖ [Gazprom PJSC|ORG|a] rose.",
        "[US|LOC|a] troops. ‖ [U. S.|LOC|a] troops. ‖ [United States Geological Survey|ORG|b] ([USGS|ORG|b]) measured.",
        "[Dominion Textile Inc|ORG|a] rose. [Dominion|ORG|a] fell.",
    ]);
}

#[test]
fn bodies_of_other_countries_stay_apart() {
    check(&[
        "[Labour|ORG|a] won in [Britain|LOC|]. ‖ [Labour|ORG|b] won in [New Zealand|LOC|].",
        "[Supreme Court|ORG|a] of [India|LOC|] ruled. ‖ [Supreme Court|ORG|b] of [Kenya|LOC|] ruled.",
    ]);
}

#[test]
fn parts_of_a_name_that_are_left_out() {
    check(&[
        "[Mullah Omar|PER|a] fled. ‖ [Mullah Mohammed Omar|PER|a] fled.",
        "[Alice Mak|PER|a] spoke. ‖ [Alice Mak Mei-kuen|PER|a] spoke.",
    ]);
}

#[test]
fn the_text_tells_other_names() {
    check(&[
        "[Muhammad Ali|PER|a], born [Cassius Clay|PER|a], won.",
        "[Mahmoud Abbas|PER|a], also known as [Abu Mazen|PER|a], met.",
        "[X|ORG|a], formerly [Twitter|ORG|a], fell.",
        "[Priya Menon|PER|a], born [Priya Nair|PER|a], sang.",
    ]);
}
