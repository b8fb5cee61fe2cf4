//! Documents to learn from and to be scored on.

use sha2::{Digest, Sha256};

use super::error::Error;
use super::lesson::is_complete;
use crate::label::LabelSet;
use crate::text::{Document, Mention};

/// Documents with mentions that are right.
#[derive(Clone, Debug, Default)]
pub struct Gold {
    /// What errors and the model's card call it, such as its path.
    pub name: String,
    /// The documents. Those with a field `status` other than `"complete"` teach nothing by the words outside of their mentions, nor by
    /// mentions with the score of a model, unless they are accepted (a field `accepted` that is true).
    pub documents: Vec<Document>,
}

/// One document of so many is kept to be scored on, where no others are given.
const HELD_OUT: u64 = 6;

impl Gold {
    /// Documents under a name.
    pub fn new(name: impl Into<String>, documents: Vec<Document>) -> Self {
        Self { name: name.into(), documents }
    }

    /// The SHA-256 of ids, texts and mentions, in hexadecimal digits.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for document in &self.documents {
            for part in [&document.id, &document.text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            hash.update([u8::from(is_complete(document))]);
            for mention in &document.mentions {
                let (start, end) = (mention.span.start(), mention.span.end());
                hash.update(format!("{start} {end} {}\n", mention.label));
            }
        }
        crate::io::hex(hash.finalize())
    }

    /// Removes what nobody has looked at: mentions with the score of a model in documents that are not complete. Says how many.
    pub(crate) fn leave_unseen(&mut self) -> usize {
        let mut n = 0;
        for document in self.documents.iter_mut().filter(|document| !is_complete(document)) {
            let before = document.mentions.len();
            let accepted =
                |mention: &Mention| mention.extra.get("accepted").is_some_and(|field| field.as_bool() == Some(true));
            document.mentions.retain(|mention| mention.score.is_none() || accepted(mention));
            n += before - document.mentions.len();
        }
        n
    }

    /// How many documents are complete.
    pub(crate) fn n_complete(&self) -> usize {
        self.documents.iter().filter(|document| is_complete(document)).count()
    }

    /// Moves about one complete document of six to other ones. The hash of its text says which: a document stays where it is when others
    /// are added.
    pub(crate) fn hold_out(&mut self) -> Result<Self, Error> {
        let found = self.n_complete();
        if found < 2 {
            return Err(Error::TooFew { name: self.name.clone(), found });
        }
        let hashes: Vec<u64> = self.documents.iter().map(|document| hash(&document.text)).collect();
        let complete: Vec<usize> = (0..hashes.len()).filter(|&nth| is_complete(&self.documents[nth])).collect();
        let mut held = vec![false; hashes.len()];
        for &nth in &complete {
            held[nth] = hashes[nth].is_multiple_of(HELD_OUT);
        }
        // With few documents there may be none, or nothing but such.
        let n_held = held.iter().filter(|&&held| held).count();
        if n_held == 0 || n_held == found {
            let least = complete.into_iter().min_by_key(|&nth| (hashes[nth] / HELD_OUT, nth)).expect("two or more");
            held.fill(false);
            held[least] = true;
        }
        let (dev, gold): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.documents).into_iter().zip(held).partition(|(_, held)| *held);
        let documents = |part: Vec<(Document, bool)>| part.into_iter().map(|(document, _)| document).collect();
        self.documents = documents(gold);
        Ok(Self::new(format!("{} (held out)", self.name), documents(dev)))
    }

    /// The labels of all mentions, sorted, with their numbers.
    pub(crate) fn counts(&self) -> Vec<(String, usize)> {
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        for mention in self.documents.iter().flat_map(|document| &document.mentions) {
            *counts.entry(mention.label.as_str()).or_default() += 1;
        }
        counts.into_iter().map(|(label, n)| (label.to_owned(), n)).collect()
    }

    /// The labels to learn: those asked for, or all.
    pub(crate) fn labels(&self, wanted: Option<&[String]>) -> Result<LabelSet, Error> {
        let counts = self.counts();
        if counts.is_empty() {
            let documents = crate::text::plural(self.documents.len() as u64, "document");
            return Err(Error::NoMentions { name: self.name.clone(), documents });
        }
        let known = || counts.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>().join(", ");
        let mut labels = LabelSet::new();
        let names: Vec<&str> = match wanted {
            Some(wanted) => wanted.iter().map(String::as_str).collect(),
            None => counts.iter().map(|(label, _)| label.as_str()).collect(),
        };
        for name in names {
            if counts.iter().all(|(label, _)| label != name) {
                return Err(Error::UnknownLabel { name: self.name.clone(), label: name.to_owned(), known: known() });
            }
            labels.add(name);
        }
        Ok(labels)
    }

    /// The documents that can be scored, without mentions of other labels, and how many documents are left out as not complete.
    pub(crate) fn scored(&self, labels: &LabelSet) -> (Vec<Document>, usize) {
        let complete = self.documents.iter().filter(|document| is_complete(document));
        let only = complete.map(|document| {
            let mut document = document.clone();
            document.mentions.retain(|mention| labels.id(mention.label.as_str()).is_some());
            document.entities.clear();
            document
        });
        let only: Vec<Document> = only.collect();
        let left_out = self.documents.len() - only.len();
        (only, left_out)
    }
}

/// The first bytes of the SHA-256.
fn hash(text: &str) -> u64 {
    let digest = Sha256::digest(text);
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

/// How many documents of one have the text of a document of the other.
pub(crate) fn n_shared(gold: &Gold, dev: &Gold) -> usize {
    let texts: std::collections::HashSet<&str> = gold.documents.iter().map(|document| &*document.text).collect();
    dev.documents.iter().filter(|document| texts.contains(&*document.text)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Label, Span};

    fn gold(n: usize) -> Gold {
        let document = |i: usize| {
            let mut document = Document::new(i.to_string(), format!("Rain in Oslo {i}"));
            document.mentions.push(Mention::new(Span::new(8, 12), Label::new(if i == 0 { "CITY" } else { "LOC" })));
            document
        };
        Gold::new("gold", (0..n).map(document).collect())
    }

    #[test]
    fn a_held_out_document_stays_so_when_others_come() {
        let (mut some, mut more) = (gold(60), gold(240));
        let (dev, larger) = (some.hold_out().expect("a part"), more.hold_out().expect("a part"));
        assert!((4..=20).contains(&dev.documents.len()), "{}", dev.documents.len());
        assert_eq!(some.documents.len() + dev.documents.len(), 60);
        assert!(dev.documents.iter().all(|document| larger.documents.contains(document)));
        for n in 2..12 {
            let mut few = gold(n);
            let dev = few.hold_out().expect("a part");
            assert!(!few.documents.is_empty() && !dev.documents.is_empty(), "{n}");
        }
        assert!(matches!(gold(1).hold_out(), Err(Error::TooFew { found: 1, .. })));
    }

    #[test]
    fn only_complete_documents_are_held_out() {
        let mut mixed = gold(60);
        for (nth, document) in mixed.documents.iter_mut().enumerate().filter(|(nth, _)| nth % 5 > 0) {
            document.extra.insert("status".into(), if nth % 5 == 1 { "complete" } else { "open" }.into());
        }
        let dev = mixed.hold_out().expect("a part");
        assert!(!dev.documents.is_empty() && dev.documents.iter().all(is_complete), "{dev:?}");
        assert_eq!(dev.n_complete() + mixed.n_complete(), 24);
    }

    #[test]
    fn what_nobody_has_looked_at_is_left() {
        let mut mixed = gold(4);
        for document in &mut mixed.documents {
            document.mentions[0].score = Some(0.9);
        }
        mixed.documents[1].extra.insert("status".into(), "open".into());
        mixed.documents[2].extra.insert("status".into(), "open".into());
        mixed.documents[2].mentions[0].extra.insert("accepted".into(), true.into());
        mixed.documents[3].extra.insert("status".into(), "complete".into());
        assert_eq!(mixed.leave_unseen(), 1);
        assert_eq!(mixed.documents.iter().map(|document| document.mentions.len()).collect::<Vec<_>>(), [1, 0, 1, 1]);
    }

    #[test]
    fn labels_are_those_that_there_are() {
        let names = |labels: LabelSet| labels.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(gold(3).labels(None).expect("labels")), ["CITY", "LOC"]);
        assert_eq!(names(gold(3).labels(Some(&["LOC".to_owned()])).expect("labels")), ["LOC"]);
        let error = gold(3).labels(Some(&["ORG".to_owned()])).expect_err("none").to_string();
        assert!(error.contains("\"ORG\"") && error.contains("CITY, LOC"), "{error}");
        let bare = Gold::new("bare", vec![Document::new("1", "Rain")]);
        assert!(bare.labels(None).expect_err("none").to_string().contains("bare: expected documents with mentions"));
    }

    #[test]
    fn the_hash_is_of_all_that_is_learnt_from() {
        let base = gold(2);
        let mut other = base.clone();
        assert_eq!(base.sha256(), other.sha256());
        other.documents[1].mentions[0].label = Label::new("ORG");
        assert_ne!(base.sha256(), other.sha256());
    }
}
