//! Linking against an archive: the keys to look up, and the entities to register.

use super::cluster::{self, NameKeys, Register};
use super::mentions::MentionStore;
use super::{Constraints, Error, Kind, Known, KnownEntity, KnownName, Linker};
use crate::text::{Document, Label, Mention, Span};

impl Linker {
    /// The keys of all names of some documents.
    pub(crate) fn keys(&self, mentions: &MentionStore) -> NameKeys {
        self.options.pool.install(|| cluster::keys(mentions, self.knowledge()))
    }

    /// Links mentions with each other and with what is known.
    pub(crate) fn register(&self, mentions: &MentionStore) -> Register {
        self.options.pool.install(|| cluster::register(mentions, self.knowledge()))
    }

    /// The same linker with more constraints.
    ///
    /// # Errors
    /// As [`Constraints::and`].
    pub(crate) fn constrained(&self, constraints: &Constraints) -> Result<Self, Error> {
        let constraints = self.options.constraints.and(constraints)?;
        Ok(Self { options: self.options.clone().constraints(constraints) })
    }
}

/// The keys that an archive keeps with some names: kind, surface, what each is within, and its sense.
pub(crate) fn name_keys(names: Vec<(Kind, String, u64, Option<u64>)>) -> Vec<NameKeys> {
    let name = |(kind, surface, within, sense)| KnownName {
        row: 0,
        kind,
        surface,
        within,
        sense,
        documents: 0,
        guess: None,
        aliases: Vec::new(),
    };
    let entity =
        |it| KnownEntity { names: vec![name(it)], offices: Vec::new(), votes: Vec::new(), documents: 0, user: None };
    let mut mentions = MentionStore::new();
    mentions.know(Known { entities: names.into_iter().map(entity).collect(), ..Known::default() });
    let linker = Linker::default();
    let keys = linker.options.pool.install(|| cluster::known_keys(&mentions, linker.knowledge()));
    keys.into_iter().map(|own| own.into_iter().next().unwrap_or_default()).collect()
}

/// The keys that a name is looked up by, whatever its kind.
pub(crate) fn name_keys_sought(name: &str) -> NameKeys {
    let mut mentions = MentionStore::new();
    for label in ["PER", "ORG", "LOC", "MISC"] {
        let mut document = Document::new(label, name);
        document.mentions.push(Mention::new(Span::new(0, name.len()), Label::new(label)));
        if mentions.add(&document).is_err() {
            return NameKeys::default();
        }
    }
    Linker::default().keys(&mentions)
}
