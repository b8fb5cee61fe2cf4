//! Why two names are taken for one entity.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What in two names, or in the text around them, says that they are one entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MergeReason {
    /// The same words under another label.
    Label,
    /// The document has a fuller name of another kind than the label says: "Washington" as a place beside "Denzel Washington".
    Mislabelled,
    /// Two spellings of one person's name, by [`names::compare`](crate::link::names::compare).
    Name,
    /// A surname alone.
    Surname,
    /// A given name alone.
    GivenName,
    /// Another part of a name alone.
    Part,
    /// Nearly the same spelling.
    Spelling,
    /// The text defines one as short for the other: "Economic Cooperation Organisation (ECO)".
    Defined,
    /// The initials of the words.
    Acronym,
    /// Only a legal form differs: Ltd, GmbH, Inc.
    LegalForm,
    /// The first words of a longer name: "Conservative" for "Conservative Party".
    Head,
    /// The last words of a longer name: "Security Council" for "UN Security Council".
    Tail,
    /// The same ministry in another word order: "Foreign Ministry" and "Ministry of Foreign Affairs".
    Ministry,
    /// The same body of one state, once named with the state and once in a document about it.
    State,
    /// The knowledge base has both as names of one entry: aliases and demonyms of a country, names of an organisation.
    Known,
    /// The user's aliases or constraints say so.
    Alias,
}

/// Where two names met, and what lets a name of one document stand for a name in others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MergeScope {
    /// In one document.
    Document,
    /// Anywhere in the corpus: the names alone are enough.
    Names,
    /// No other entity of the corpus fits.
    OnlyOne,
    /// The same names occur around both.
    CoOccurrence,
    /// The text gives both the same office.
    Office,
}

impl fmt::Display for MergeReason {
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

impl fmt::Display for MergeScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "in one document",
            Self::Names => "in the corpus",
            Self::OnlyOne => "no other of the corpus fits",
            Self::CoOccurrence => "the same names stand around it",
            Self::Office => "the same office",
        })
    }
}
