//! What tags and links.

use super::labels::ordered;
use super::room::Room;
use super::state::By;
use crate::link::Linker;
use crate::pipeline::{Pipeline, Request};
use crate::text::{Document, with_causes};

/// Tags and links the documents that need it.
#[derive(Clone, Debug)]
pub struct Engine {
    pipeline: Option<Pipeline>,
    linker: Option<Linker>,
}

impl Engine {
    /// An engine; without a pipeline nothing can be tagged, and without a linker nothing linked.
    pub fn new(pipeline: Option<Pipeline>, linker: Option<Linker>) -> Self {
        Self { pipeline, linker }
    }

    /// Adds the labels of the model to those that are known.
    pub(crate) fn name_labels(&self, room: &impl Room) {
        if let Some(pipeline) = &self.pipeline
            && let Ok(known) = pipeline.tagger().labels(&room.terms().request)
        {
            let mut desk = room.desk();
            desk.labels = ordered(&desk, known.into_iter().chain(desk.labels.clone()));
        }
    }

    /// Tags and links the documents that wait longest, of about so many bytes but at least one. Returns whether there was one.
    pub(crate) fn prepare(&self, room: &impl Room, most_bytes: usize) -> bool {
        let mut taken = room.desk().next_waiting(most_bytes);
        if taken.is_empty() {
            return false;
        }
        let done = self.prepared(&room.terms().request, &mut taken);
        let mut desk = room.desk();
        // What the journal does not take yet, it takes with the first step.
        if let Err(refusal) = desk.fill(done) {
            desk.unsaved = Some(refusal.to_string());
        }
        true
    }

    fn prepared(
        &self,
        request: &Request,
        taken: &mut [(usize, Document)],
    ) -> Vec<(usize, Result<Document, String>, By)> {
        let (mut places, mut documents) = (Vec::new(), Vec::new());
        let mut done = Vec::new();
        for (index, document) in taken {
            let document = std::mem::take(document);
            if document.mentions.is_empty() {
                places.push(*index);
                documents.push(document);
            } else {
                let linked = match &self.linker {
                    Some(linker) => link(linker, document),
                    None => Ok(document),
                };
                done.push((*index, linked, By::Input));
            }
        }
        let failed = |why: String| done_with(&places, |_| Err(why.clone()));
        let tagged = match &self.pipeline {
            _ if places.is_empty() => Vec::new(),
            None => failed("there is no model to tag it with".to_owned()),
            Some(pipeline) => match pipeline.process_all(&mut documents, request) {
                Err(error) => failed(with_causes(&error)),
                Ok(outcomes) => {
                    let mut results = documents.into_iter().zip(outcomes);
                    done_with(&places, |_| {
                        let (document, outcome) = results.next().expect("one outcome for each document");
                        outcome.map(|_| document).map_err(|error| with_causes(&error))
                    })
                }
            },
        };
        done.extend(tagged);
        done
    }
}

/// Documents of these places with what became of each, which the model has tagged.
fn done_with(
    places: &[usize],
    mut one: impl FnMut(usize) -> Result<Document, String>,
) -> Vec<(usize, Result<Document, String>, By)> {
    places.iter().map(|&index| (index, one(index), By::Model)).collect()
}

fn link(linker: &Linker, mut document: Document) -> Result<Document, String> {
    linker.link_document(&mut document).map_err(|error| with_causes(&error))?;
    Ok(document)
}
