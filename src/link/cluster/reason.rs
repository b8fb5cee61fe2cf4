//! Why are two names taken for one entity?

use std::fmt;

/// What in two names, or in the text around them, says that they are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The same words under another label.
    Label,
    /// The fuller name in the document is of another kind than the label says.
    Mislabelled,
    /// Two names of one person, as [`names::compare`](crate::link::names::compare) sees it.
    Name,
    /// A surname alone.
    Surname,
    /// A given name alone.
    GivenName,
    /// Another part of a name alone.
    Part,
    /// Spelled alike.
    Spelling,
    /// The text says so: "Economic Cooperation Organisation (ECO)".
    Defined,
    /// The first letters of the words.
    Acronym,
    /// Only a legal form differs: Ltd, GmbH, Inc.
    LegalForm,
    /// The first words of a longer name: "Conservative" for "Conservative Party".
    Head,
    /// The last words of a longer name: "Security Council" for "UN Security Council".
    Tail,
    /// The same ministry in another order of words: "Foreign Ministry" and "Ministry of Foreign Affairs".
    Ministry,
    /// Bodies of one state with the same task, one named with the state and one in a document on it.
    State,
    /// A knowledge base knows both as one: aliases and demonyms of a country, names of a body.
    Known,
    /// The user's aliases say so.
    Alias,
}

/// What lets a name of one document stand for a name that only others have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// Nothing is needed: both stand in one document.
    Document,
    /// Nothing is needed: the names themselves are enough.
    Names,
    /// No other entity of the corpus fits.
    OnlyOne,
    /// The same other names stand in the documents.
    Company,
    /// The same office is named.
    Office,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Label => "the same name under another label",
            Self::Mislabelled => "labelled otherwise, but the document has the fuller name",
            Self::Name => "names of one person",
            Self::Surname => "surname alone",
            Self::GivenName => "given name alone",
            Self::Part => "part of the name alone",
            Self::Spelling => "spelled alike",
            Self::Defined => "defined in the text",
            Self::Acronym => "acronym",
            Self::LegalForm => "only the legal form differs",
            Self::Head => "first words of the name",
            Self::Tail => "last words of the name",
            Self::Ministry => "the same ministry",
            Self::State => "the same body of the state",
            Self::Known => "known as one in the knowledge base",
            Self::Alias => "known as one in the list of aliases",
        })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "in one document",
            Self::Names => "in the corpus",
            Self::OnlyOne => "no other of the corpus fits",
            Self::Company => "the same names stand around it",
            Self::Office => "the same office",
        })
    }
}
