//! Puts mentions into entities.

use rayon::prelude::*;

use super::Error;
use super::cluster::Knowledge;
use super::kb::Kb;
use super::links::Links;
use super::mentions::MentionStore;
use super::options::LinkOptions;
use crate::text::Document;

/// Puts mentions into entities. Immutable; one serves every thread.
///
/// The entities come from the mentions alone: an `entity` that a mention already has is ignored and replaced.
///
/// ```
/// use allonym::link::Linker;
/// use allonym::{Document, Label, Mention, Span};
///
/// let mut document = Document::new("a", "Foreign Minister Abbas Araghchi left Tehran. Araghchi flew to Muscat.");
/// for (start, end, label) in [(17, 31, "PER"), (37, 43, "LOC"), (45, 53, "PER"), (62, 68, "LOC")] {
///     document.mentions.push(Mention::new(Span::new(start, end), Label::new(label)));
/// }
/// Linker::default().link_document(&mut document)?;
/// let ids: Vec<_> = document.mentions.iter().map(|mention| mention.entity.as_deref().unwrap()).collect();
/// assert_eq!(ids, ["e1", "e2", "e1", "e3"]);
/// assert_eq!((document.entities[0].name.as_str(), document.entities[0].mentions()), ("Abbas Araghchi", 2));
/// # Ok::<(), allonym::link::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Linker {
    pub(super) options: LinkOptions,
}

impl Linker {
    /// A linker with these options; [`Linker::default`] has the default ones.
    pub fn new(options: LinkOptions) -> Self {
        Self { options }
    }

    /// Links the mentions of one document with each other, and writes `entity` into each and `entities` into the document. The ids are
    /// `e1`, `e2` … in the order of first mentions.
    ///
    /// Called from a thread of a rayon pool, as in a parallel loop over documents, it stays in that pool.
    ///
    /// # Errors
    /// [`Error::Span`] if a span does not slice the text. The document is left as it is then.
    pub fn link_document(&self, document: &mut Document) -> Result<(), Error> {
        let mut mentions = MentionStore::new();
        mentions.add(document)?;
        let links = if rayon::current_thread_index().is_some() { self.links(mentions) } else { self.link(mentions) };
        links.numbered().write(0, document)
    }

    /// Links the mentions of some documents with each other, and writes `entity` into each and `entities` into their documents. The ids
    /// are made from the content: they depend neither on the order of the documents nor on the number of threads. The links that it
    /// returns [explain](Links::explain) each entity.
    ///
    /// A corpus that is larger than the memory is linked with [`MentionStore`] and [`link`](Self::link).
    ///
    /// ```
    /// use allonym::link::Linker;
    /// use allonym::{Document, Label, Mention, Span};
    ///
    /// let mut documents = ["Abbas Araghchi", "Abbas Aragchi", "Ali Larijani"].map(|text| Document::new(text, text));
    /// for document in &mut documents {
    ///     document.mentions.push(Mention::new(Span::new(0, document.text.len()), Label::new("PER")));
    /// }
    /// let links = Linker::default().link_documents(&mut documents)?;
    /// assert_eq!(documents[0].mentions[0].entity, documents[1].mentions[0].entity);
    /// assert_ne!(documents[0].mentions[0].entity, documents[2].mentions[0].entity);
    /// assert_eq!(links.entities().len(), 2);
    /// # Ok::<(), allonym::link::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Span`] if a span does not slice its text. All documents are left as they are then.
    pub fn link_documents(&self, documents: &mut [Document]) -> Result<Links, Error> {
        let mut mentions = MentionStore::new();
        documents.iter().try_for_each(|document| mentions.add(document))?;
        let links = self.link(mentions);
        self.options.pool.install(|| {
            let write =
                |(nth, document)| links.write(nth, document).expect("nobody else changes the documents meanwhile");
            documents.par_iter_mut().enumerate().for_each(write);
        });
        Ok(links)
    }

    /// Links mentions with each other, as [`link_documents`](Self::link_documents) does. [`Links::write`] then writes the entities into
    /// the documents.
    pub fn link(&self, mentions: MentionStore) -> Links {
        self.options.pool.install(|| self.links(mentions))
    }

    fn links(&self, mut mentions: MentionStore) -> Links {
        mentions.close();
        Links::new(mentions, self.knowledge())
    }

    pub(super) fn knowledge(&self) -> Knowledge<'_> {
        let LinkOptions { aliases, constraints, .. } = &self.options;
        Knowledge { kb: Kb::embedded(), aliases, constraints }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::Pool;
    use crate::link::Constraints;
    use crate::text::{Label, Mention, Span};

    const NAMES: [(&str, &str); 26] = [
        ("Shah Mehmood Qureshi", "PER"),
        ("Qureshi", "PER"),
        ("Moeed Qureshi", "PER"),
        ("Nawaz Sharif", "PER"),
        ("Shehbaz Sharif", "PER"),
        ("Hamza Shehbaz", "PER"),
        ("Sharif", "PER"),
        ("Abbas Aragchi", "PER"),
        ("Abbas Araghchi", "PER"),
        ("Pakistan", "LOC"),
        ("PAKISTAN", "LOC"),
        ("Pakistani", "LOC"),
        ("Economic Cooperation Organisation", "ORG"),
        ("ECO", "ORG"),
        ("Denzel Washington", "PER"),
        ("Washington", "PER"),
        ("Washington", "LOC"),
        ("Washington, D.C.", "LOC"),
        ("Georgia", "LOC"),
        ("Tbilisi", "LOC"),
        ("Atlanta", "LOC"),
        ("Korean", "MISC"),
        ("South Korea", "LOC"),
        ("World Cup", "MISC"),
        ("Airbus", "ORG"),
        ("European airframer Airbus", "ORG"),
    ];

    fn document(id: usize, names: &[usize]) -> Document {
        let mut document = Document::new(format!("d{id}"), "");
        for &name in names {
            let (name, label) = NAMES[name];
            let start = document.text.len();
            document.text.push_str(name);
            document.mentions.push(Mention::new(Span::new(start, document.text.len()), Label::new(label)));
            document.text.push_str(" said ");
        }
        document
    }

    /// The threads of the tests, so that not every case starts its own.
    fn options() -> LinkOptions {
        LinkOptions::default().pool(Pool::current())
    }

    fn link(documents: &[Document], options: LinkOptions) -> Vec<Document> {
        let mut documents = documents.to_vec();
        Linker::new(options).link_documents(&mut documents).expect("the spans slice the texts");
        documents
    }

    /// Whether some entity is written in both ways.
    fn meet(documents: &[Document], a: &str, b: &str) -> bool {
        let of = |name: &str| -> BTreeSet<String> {
            let all = documents.iter().flat_map(|document| document.mentions.iter().map(move |m| (document, m)));
            all.filter(|(d, m)| &d.text[m.span.range()] == name).filter_map(|(_, m)| m.entity.clone()).collect()
        };
        !of(a).is_disjoint(&of(b))
    }

    fn named(id: usize, names: &[(&str, &str)]) -> Document {
        let mut document = Document::new(format!("d{id}"), "");
        for (name, label) in names {
            let start = document.text.len();
            document.text.push_str(name);
            document.mentions.push(Mention::new(Span::new(start, document.text.len()), Label::new(label)));
            document.text.push_str(" said ");
        }
        document
    }

    #[test]
    fn a_body_of_every_state_stays_in_its_country() {
        let court = ("Supreme Court", "ORG");
        for (one, other, want) in [
            (&[court, ("Kenya", "LOC")][..], &[court, ("Peru", "LOC")][..], false),
            (&[court, ("Kenya", "LOC")], &[court, ("Kenyan", "MISC")], true),
            (&[court], &[court, ("Peru", "LOC")], false),
            (&[("Supreme Court of Peru", "ORG")], &[court, ("Peru", "LOC")], true),
            (&[("Peru Foreign Ministry", "ORG")], &[("Ministry of Foreign Affairs", "ORG"), ("Peru", "LOC")], true),
            (&[("Kenya Foreign Ministry", "ORG")], &[("Ministry of Foreign Affairs", "ORG"), ("Peru", "LOC")], false),
            (&[court, ("Kenya", "LOC"), ("Peru", "LOC")], &[court, ("Peru", "LOC")], false),
            (&[("Supreme Court of Peru", "ORG")], &[("Supreme Court of Peru", "ORG"), ("Kenya", "LOC")], true),
        ] {
            let linked = link(&[named(0, one), named(1, other)], options());
            let same = linked[0].mentions[0].entity == linked[1].mentions[0].entity;
            assert_eq!(same, want, "{one:?} {other:?}");
        }
    }

    /// The entities of all mentions, in their order: "aab" if the first two are one and the third another.
    fn pattern(documents: &[&[(&str, &str)]]) -> String {
        let documents: Vec<Document> = (0..).zip(documents).map(|(id, names)| named(id, names)).collect();
        let linked = link(&documents, options());
        let mut seen: Vec<String> = Vec::new();
        let letter = |mention: &Mention| {
            let id = mention.entity.clone().expect("all are linked");
            let at = seen.iter().position(|other| *other == id).unwrap_or(seen.len());
            if at == seen.len() {
                seen.push(id);
            }
            char::from(b'a' + u8::try_from(at).expect("few entities"))
        };
        linked.iter().flat_map(|document| &document.mentions).map(letter).collect()
    }

    #[test]
    fn spellings_of_either_name_go_with_names_that_the_user_joined() {
        let person = |name| (name, "PER");
        let documents: Vec<Document> =
            ["Abbas Aragchi", "Abbas Araghchi", "Bob Carver", "Nawaz Sharif", "Shehbaz Sharif", "Mian Sahib"]
                .into_iter()
                .enumerate()
                .map(|(id, name)| named(id, &[person(name)]))
                .collect();
        let same = [("Abbas Aragchi", "Bob Carver"), ("Mian Sahib", "Nawaz Sharif")];
        let constraints = Constraints::new(&same, &[]).expect("the case is sound");
        let linked = link(&documents, options().constraints(constraints));
        for (a, b, want) in [
            ("Abbas Aragchi", "Bob Carver", true),
            ("Abbas Aragchi", "Abbas Araghchi", true),
            ("Mian Sahib", "Nawaz Sharif", true),
            ("Nawaz Sharif", "Shehbaz Sharif", false),
            ("Mian Sahib", "Shehbaz Sharif", false),
        ] {
            assert_eq!(meet(&linked, a, b), want, "{a}, {b}");
        }
    }

    #[test]
    fn organisations_meet_beyond_equal_words() {
        let org = |name| (name, "ORG");
        for (documents, want) in [
            (&[&[org("Toyota")][..], &[org("Toyota Motor Corp")]][..], "aa"),
            (&[&[org("AT&T")], &[org("AT & T")]], "aa"),
            (&[&[org("Jamaat-e-Islami")], &[org("Jamat-i-Islami")], &[org("Jamiat-e-Islami")]], "aab"),
            (&[&[org("Gazprom")], &[org("OAO Gazprom")], &[org("Gazprom PJSC")]], "aaa"),
            (
                &[&[("US", "LOC")], &[("U. S.", "LOC")], &[org("United States Geological Survey")], &[org("USGS")]],
                "aabb",
            ),
            (&[&[org("Dominion Textile Inc"), org("Dominion")]], "aa"),
            (&[&[org("Amnesty International")], &[org("Amnesty Internationl")]], "aa"),
            (&[&[org("Bank of Iran")], &[org("Bank of Iraq")]], "ab"),
            (&[&[org("First Division")], &[org("Second Division")]], "ab"),
            (&[&[org("Delta")], &[org("Delta Air Lines Inc")], &[org("Delta Electronics Inc")]], "abc"),
            (&[&[org("Ford")], &[org("Ford Motor Co")], &[("Gerald Ford", "PER")]], "abc"),
            (&[&[org("Boston")], &[org("Boston Consulting Group")]], "ab"),
            (&[&[org("Labour"), ("Britain", "LOC")], &[org("Labour"), ("New Zealand", "LOC")]], "abcd"),
            (
                &[&[org("Labour"), ("Britain", "LOC")], &[org("Labour Party"), ("Britain", "LOC")], &[org("Labour")]],
                "ababa",
            ),
        ] {
            assert_eq!(pattern(documents), want, "{documents:?}");
        }
    }

    #[test]
    fn labels_that_change_within_a_document_do_not_split() {
        for (documents, want) in [
            (&[&[("Bre-X", "ORG"), ("Bre-X", "MISC"), ("Bre-X", "LOC")][..]][..], "aaa"),
            (&[&[("Home Depot", "ORG"), ("Home Depot", "LOC")]], "aa"),
            (&[&[("Asher Edelman", "PER"), ("Edelman", "PER"), ("Edelman", "ORG")]], "aaa"),
            (&[&[("Boston", "ORG"), ("Boston", "LOC")]], "ab"),
        ] {
            assert_eq!(pattern(documents), want, "{documents:?}");
        }
    }

    fn written(text: &str, names: &[(&str, &str)]) -> Document {
        let mut document = Document::new("d", text);
        let mut from = 0;
        for (name, label) in names {
            let start = from + text[from..].find(name).expect("the text has the name");
            from = start + name.len();
            document.mentions.push(Mention::new(Span::new(start, from), Label::new(label)));
        }
        document
    }

    #[test]
    fn what_the_text_defines_otherwise_is_not_the_known_body() {
        let names = [("Armenian National Congress", "ORG"), ("ANC", "ORG"), ("ANC", "ORG")];
        let text = "The Armenian National Congress (ANC) won. The ANC said so.";
        let linked = link(&[written(text, &names)], options());
        assert_eq!((linked[0].entities.len(), linked[0].entities[0].kb.len()), (1, 0));
    }

    #[test]
    fn countries_have_their_names() {
        for (text, names, want) in [
            ("Egyptian people and Cairo", &[("Egyptian", "MISC"), ("Cairo", "LOC")][..], ("Egypt", "LOC")),
            ("US forces left Cairo", &[("US", "MISC"), ("Cairo", "LOC")], ("United States", "LOC")),
        ] {
            let linked = link(&[written(text, names)], options());
            let found = &linked[0].entities[0];
            assert_eq!((found.name.as_str(), found.label.as_str()), want, "{text}");
        }
    }

    #[test]
    fn other_names_that_the_text_tells() {
        for (text, names) in [
            ("Muhammad Ali, born Cassius Clay, won. Clay won.", &["Muhammad Ali", "Cassius Clay", "Clay"][..]),
            ("Priya Menon, born Priya Lakshmi Menon, won.", &["Priya Menon", "Priya Lakshmi Menon"]),
            ("Mahmoud Abbas, also known as Abu Mazen, came.", &["Mahmoud Abbas", "Abu Mazen"]),
        ] {
            let names: Vec<(&str, &str)> = names.iter().map(|name| (*name, "PER")).collect();
            assert_eq!(link(&[written(text, &names)], options())[0].entities.len(), 1, "{text}");
        }
    }

    #[test]
    fn entities_of_one_name_are_told_apart() {
        let documents =
            [("Kenya", 0), ("Peru", 1)].map(|(land, id)| named(id, &[("Supreme Court", "ORG"), (land, "LOC")]));
        let linked = link(&documents, options());
        let contexts: Vec<_> = linked.iter().map(|document| document.entities[0].extra.get("context")).collect();
        assert_eq!(contexts, [Some("Kenya".into()), Some("Peru".into())]);
        assert_eq!(linked[0].entities[1].extra.get("context"), None);
    }

    #[test]
    fn names_that_share_words_stay_apart() {
        for (documents, a, b) in [
            (
                &[&[("Shahid Afridi", "PER"), ("Shaheen Shah Afridi", "PER")][..]][..],
                "Shahid Afridi",
                "Shaheen Shah Afridi",
            ),
            (&[&[("Lee Jae-yong", "PER"), ("Lee Jae Myung", "PER")]], "Lee Jae-yong", "Lee Jae Myung"),
            (
                &[&[("Maryam Nawaz Sharif", "PER")], &[("Nawaz Sharif", "PER"), ("Shehbaz Sharif", "PER")]],
                "Maryam Nawaz Sharif",
                "Nawaz Sharif",
            ),
            (&[&[("Pakistan", "ORG"), ("Pakistan Cricket Board", "ORG")]], "Pakistan", "Pakistan Cricket Board"),
            (&[&[("Philippine", "MISC"), ("Philippine Airlines", "ORG")]], "Philippine", "Philippine Airlines"),
            (&[&[("Philippine", "MISC"), ("Philippine Airlines", "MISC")]], "Philippine", "Philippine Airlines"),
            (&[&[("UNICEF", "ORG"), ("United Nations", "ORG")]], "UNICEF", "United Nations"),
            (&[&[("TUNIS", "LOC"), ("Tunisia", "LOC")]], "TUNIS", "Tunisia"),
        ] {
            let documents: Vec<Document> = (0..).zip(documents).map(|(id, names)| named(id, names)).collect();
            assert!(!meet(&link(&documents, options()), a, b), "{a} {b}");
        }
    }

    #[test]
    fn names_that_only_the_document_explains() {
        let apart = |a: &[(&str, &str)], b: &[(&str, &str)]| {
            let linked = link(&[named(0, a), named(1, b)], options());
            linked[0].mentions[0].entity != linked[1].mentions[0].entity
        };
        // The state and the country; the people and the country; a team and its country.
        assert!(apart(&[("Georgia", "LOC"), ("Atlanta", "LOC")], &[("Georgia", "LOC"), ("Tbilisi", "LOC")]));
        assert!(!apart(&[("Georgia", "LOC")], &[("Georgia", "LOC"), ("Tbilisi", "LOC")]));
        assert!(!apart(&[("Korean", "MISC"), ("South Korea", "LOC")], &[("South Korea", "LOC")]));
        assert!(!apart(&[("Chechens", "MISC")], &[("Chechnya", "LOC")]));
        let two = link(&[named(0, &[("Iran", "LOC"), ("Iranian", "MISC"), ("Iranians", "MISC")])], options());
        assert_eq!((two[0].entities.len(), two[0].entities[0].label.as_str()), (1, "LOC"));
        assert!(apart(&[("Turkey", "ORG")], &[("Turkey", "LOC")]));
        let cup = [("World Cup", "MISC"), ("European Cup", "MISC")];
        let match_report = [("Turkey", "LOC"), cup[0], cup[1]];
        assert!(!apart(&match_report, &[("Turkey", "LOC")]), "right at the start of the text nothing stands before it");
        let linked = link(
            &[named(0, &[cup[0], cup[1], ("Turkey", "LOC")]), named(1, &[("Turkey", "LOC")])],
            LinkOptions::default(),
        );
        assert_eq!(linked[0].mentions[2].entity, linked[1].mentions[0].entity, "\" said \" is too short a gap");
    }

    #[test]
    fn a_country_that_stands_alone_in_a_match_report_is_its_team() {
        let report = |label: &str| {
            let mut document = Document::new(
                "report",
                "Cricket: the captain of England took five wickets in the last innings of the match.",
            );
            document.mentions.push(Mention::new(Span::new(24, 31), Label::new(label)));
            document
        };
        let same = |label: &str| {
            let linked = link(&[report(label), named(1, &[("England", "LOC")])], options());
            linked[0].mentions[0].entity == linked[1].mentions[0].entity
        };
        assert!(!same("LOC") && !same("MISC") && !same("ORG"));
        let alone = link(&[report("LOC")], options());
        assert_eq!(alone[0].mentions[0].label.as_str(), "LOC");
        assert!(alone[0].entities[0].kb.is_empty(), "the team is not the country: {:?}", alone[0].entities);
    }

    #[test]
    fn what_most_documents_write_alone_takes_in_what_describes_it() {
        let alone = [("Airbus", "ORG")];
        let described = [("European airframer Airbus", "ORG"), ("Airbus", "ORG")];
        let documents = |n: usize| -> Vec<Document> {
            let mut documents = vec![named(0, &described)];
            documents.extend((1..=n).map(|id| named(id, &alone)));
            link(&documents, options())
        };
        let linked = documents(3);
        assert!(linked.iter().all(|document| document.mentions[0].entity == linked[0].mentions[0].entity));
        assert_eq!(linked[0].entities[0].name, "Airbus");
    }

    #[test]
    fn the_fuller_name_decides_between_person_and_place() {
        let first = |names: &[(&str, &str)], a: usize, b: usize| {
            let linked = link(&[named(0, names)], options());
            linked[0].mentions[a].entity == linked[0].mentions[b].entity
        };
        let person = ("Denzel Washington", "PER");
        assert!(first(&[person, ("Washington", "LOC")], 0, 1));
        assert!(!first(&[person, ("Washington", "LOC"), ("U.S.", "LOC")], 0, 1), "the country speaks for the city");
        assert!(!first(&[person, ("Michelle Washington", "PER"), ("Washington", "LOC")], 0, 2), "two persons fit");
        assert!(first(&[("Washington, D.C.", "LOC"), ("Washington", "PER")], 0, 1));
        assert!(!first(&[("Washington", "LOC"), ("Washington", "PER")], 0, 1), "nothing speaks for either");
        assert!(!first(&[("Neil Jordan", "PER"), ("Jordan", "LOC"), ("Jordanians", "MISC")], 0, 1));
    }

    #[test]
    fn a_city_is_known_where_its_country_is_named() {
        let id = |names: &[(&str, &str)]| {
            let links =
                Linker::new(options()).link_documents(&mut [named(0, names)]).expect("the spans slice the texts");
            let entity = links.entity_of(0, 0).expect("a mention has an entity");
            entity.kb.get("geonames").cloned()
        };
        assert_eq!(id(&[("Lahore", "LOC"), ("Pakistani", "MISC")]).as_deref(), Some("1172451"));
        assert_eq!(id(&[("Lahore", "LOC"), ("Peru", "LOC")]), None);
        assert_eq!(id(&[("Pakistan", "ORG")]), None);
    }

    proptest! {
        #[test]
        fn order_and_threads_do_not_matter(drawn in prop::collection::vec(prop::collection::vec(0..NAMES.len(), 1..9), 1..6)) {
            let documents: Vec<Document> = drawn.iter().enumerate().map(|(id, names)| document(id, names)).collect();
            let linked = link(&documents, options());
            let turned: Vec<Document> = documents.iter().rev().cloned().collect();
            let mut back = link(&turned, options());
            back.reverse();
            prop_assert_eq!(&linked, &back);
            for n_threads in [1, 3] {
                prop_assert_eq!(&linked, &link(&documents, options().pool(Pool::new(n_threads))));
            }
            prop_assert_eq!(&linked, &link(&linked, options()));
        }

        #[test]
        fn what_is_forbidden_never_meets(
            drawn in prop::collection::vec(prop::collection::vec(0..NAMES.len(), 1..9), 1..6),
            pair in (0..NAMES.len(), 0..NAMES.len()),
        ) {
            let documents: Vec<Document> = drawn.iter().enumerate().map(|(id, names)| document(id, names)).collect();
            let (a, b) = (NAMES[pair.0].0, NAMES[pair.1].0);
            let Ok(constraints) = Constraints::new(&[], &[(a, b)]) else { return Ok(()) };
            let linked = link(&documents, options().constraints(constraints));
            prop_assert!(!meet(&linked, a, b), "{} {}", a, b);
            prop_assert!(!meet(&linked, "Nawaz Sharif", "Shehbaz Sharif"));
            prop_assert!(!meet(&linked, "Shehbaz Sharif", "Hamza Shehbaz"));
        }
    }
}
