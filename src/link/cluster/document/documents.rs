//! The names of all documents.

use std::borrow::Cow;

use rayon::prelude::*;

use super::unit::{CountedAlias, DocumentUnits, Placed, Unit};
use crate::lexicon::Gender;
use crate::link::Kind;
use crate::link::cluster::forms::Forms;
use crate::link::kb::GeoContext;

/// The units of all documents. A name that was counted is a document too; of it, only what tells it from others is kept.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct Documents<'f> {
    all: Vec<Kept>,
    forms: &'f Forms<'f>,
}

/// What is kept of a document.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Text(Box<DocumentUnits>),
    Name(OneName),
}

/// A document of one mention, of which nothing is known but the name.
#[derive(Clone, Debug)]
pub(super) struct OneName {
    form: u32,
    mentions: u32,
    kind: Kind,
    gender: Option<Gender>,
    place: Option<Placed>,
    counted: Box<[CountedAlias]>,
}

impl Kept {
    pub(super) fn new(document: DocumentUnits) -> Self {
        OneName::of(&document).map_or_else(|| Self::Text(Box::new(document)), Self::Name)
    }
}

impl OneName {
    /// What is kept of a document, if that is all that there is of it.
    fn of(document: &DocumentUnits) -> Option<Self> {
        let ([unit], [0]) = (&document.units[..], &document.of_mention[..]) else { return None };
        let Unit { form, kind, mentions, gender, place, .. } = *unit;
        let is_all = *unit == Unit::of_name(form, kind, mentions, gender, place);
        is_all.then(|| Self { form, mentions, kind, gender, place, counted: document.counted.as_slice().into() })
    }

    fn units(&self, forms: &Forms<'_>) -> DocumentUnits {
        let unit = Unit::of_name(self.form, self.kind, self.mentions, self.gender, self.place);
        let place = GeoContext::of(std::iter::once((&forms.get(self.form).known, self.kind)));
        DocumentUnits {
            units: vec![unit],
            of_mention: vec![0],
            counted: self.counted.to_vec(),
            apart: Vec::new(),
            place,
        }
    }
}

impl<'f> Documents<'f> {
    pub(super) fn new(all: Vec<Kept>, forms: &'f Forms<'f>) -> Self {
        Self { all, forms }
    }

    /// No documents.
    #[cfg(feature = "archive")]
    pub(in crate::link::cluster) fn none(forms: &'f Forms<'f>) -> Self {
        Self::new(Vec::new(), forms)
    }

    pub(in crate::link::cluster) fn len(&self) -> usize {
        self.all.len()
    }

    pub(in crate::link::cluster) fn get(&self, at: usize) -> Cow<'_, DocumentUnits> {
        match &self.all[at] {
            Kept::Text(units) => Cow::Borrowed(units),
            Kept::Name(name) => Cow::Owned(name.units(self.forms)),
        }
    }

    pub(in crate::link::cluster) fn iter(&self) -> impl Iterator<Item = Cow<'_, DocumentUnits>> {
        (0..self.len()).map(|at| self.get(at))
    }

    pub(in crate::link::cluster) fn par_iter(&self) -> impl IndexedParallelIterator<Item = Cow<'_, DocumentUnits>> {
        (0..self.len()).into_par_iter().map(|at| self.get(at))
    }
}
