//! Work of several callers that is done at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::engine::Engine;
use super::job::{Failure, Job, Tagged};
use super::metrics::{Metrics, Stage};
use super::queue::Waiting;
use crate::pipeline::{self, Pipeline, Request};
use crate::text::Document;

/// Pieces of work that were waiting.
pub(super) struct Batch(Vec<Job>);

impl Batch {
    /// Waits for work, and takes what waits up to so many bytes; `None` once nothing more comes. A job that is larger is alone, so that
    /// no other one waits for it.
    pub(super) fn take(waiting: &mut Waiting, most: usize) -> Option<Self> {
        let first = waiting.first()?;
        let mut rest = most.saturating_sub(first.weight());
        let mut jobs = vec![first];
        while let Some(job) = waiting.another(rest) {
            rest -= job.weight();
            jobs.push(job);
        }
        Some(Self(jobs))
    }

    /// Tags all documents and answers. What nobody waits for any more is left out, and ended where it is alone.
    pub(super) fn run(self, engine: &Engine, metrics: &Metrics) {
        let mut groups: Vec<(Request, Vec<Job>)> = Vec::new();
        for mut job in self.0 {
            metrics.took(Stage::Wait, job.since.elapsed());
            if job.answer.is_closed() {
                metrics.abandoned.inc();
                continue;
            }
            let request = std::mem::take(&mut job.request);
            match groups.iter_mut().find(|(other, _)| *other == request) {
                Some((_, jobs)) => jobs.push(job),
                None => groups.push((request, vec![job])),
            }
        }
        for (request, jobs) in groups {
            // Jobs of several callers are small: they are done before any of them could be ended.
            let request = match &jobs[..] {
                [alone] => request.stop(alone.stop.clone()),
                _ => request,
            };
            run_group(jobs, &request, engine, metrics);
        }
    }
}

/// Tags the documents of callers that want the same.
fn run_group(mut jobs: Vec<Job>, request: &Request, engine: &Engine, metrics: &Metrics) {
    let sizes: Vec<usize> = jobs.iter().map(|job| job.documents.len()).collect();
    let documents: Vec<Document> = jobs.iter_mut().flat_map(|job| std::mem::take(&mut job.documents)).collect();
    let began = Instant::now();
    let mut tagged = tag(documents, request, &engine.pipeline, metrics).into_iter();
    metrics.took(Stage::Tag, began.elapsed());
    for (Job { answer, place, held, .. }, n) in jobs.into_iter().zip(sizes) {
        let results: Vec<Tagged> = tagged.by_ref().take(n).collect();
        if results.iter().any(|result| matches!(result, Err(Failure::Failed(pipeline::Error::Stopped { .. })))) {
            metrics.abandoned.inc();
        }
        // Those that are gone have no use for it.
        let _ = answer.send(results);
        drop((place, held));
    }
}

/// Tags documents. Should the tagger panic, the others are tagged one by one.
fn tag(mut documents: Vec<Document>, request: &Request, pipeline: &Pipeline, metrics: &Metrics) -> Vec<Tagged> {
    let all = catch_unwind(AssertUnwindSafe(|| pipeline.process_all(&mut documents, request)));
    match (all, documents.len()) {
        (Ok(Ok(outcomes)), _) => {
            let tagged = documents.into_iter().zip(outcomes).map(|(document, outcome)| {
                let n_words = outcome?;
                metrics.tagged(&document, n_words);
                Ok(document)
            });
            tagged.collect()
        }
        // The request was checked before it was put in the queue.
        (Ok(Err(error)), 1) => vec![Err(error.into())],
        (Err(_), 1) => vec![Err(Failure::Panicked { id: documents.remove(0).id })],
        _ => {
            // Tagging replaces whatever mentions and entities a document has.
            let one = |document| tag(vec![document], request, pipeline, metrics);
            documents.into_iter().flat_map(one).collect()
        }
    }
}

#[cfg(test)]
#[cfg(feature = "embedded-model")]
mod tests {
    use std::sync::Arc;

    use ndarray::ArrayView2;

    use super::*;
    use crate::encode;
    use crate::model::{self, Encoder, HeadId, LoadOptions, Loaded, Scratch, Source, Spec};
    use crate::pool::Pool;
    use crate::server::budget::Budget;
    use crate::server::queue::{NoPlace, Queue};
    use crate::{Linker, Tagger};

    /// A model that cannot bear long windows.
    struct Fragile(Box<dyn Encoder>);

    impl Encoder for Fragile {
        fn spec(&self) -> &Spec {
            self.0.spec()
        }

        fn score<'s>(
            &self,
            batch: &encode::Batch,
            head: HeadId,
            scratch: &'s mut Scratch,
        ) -> Result<ArrayView2<'s, f32>, model::Error> {
            assert!(batch.windows().all(|window| window.len() < 60), "a panic of this test");
            self.0.score(batch, head, scratch)
        }
    }

    #[test]
    fn a_panic_costs_one_document() {
        let options = LoadOptions::default().pool(Pool::new(2));
        let Loaded { tokenizer, encoder } = Source::embedded().and_then(|model| model.load(&options)).expect("a model");
        let tagger = Tagger::new(tokenizer, Box::new(Fragile(encoder))).expect("a tagger").on(Pool::new(2));
        let (engine, metrics) = (Engine::new(tagger, Linker::default()), Metrics::new());
        let (queue, mut waiting) = Queue::new(8);
        let budget = Budget::new(1000);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let long = "Maria Lopez left Oslo for Geneva. ".repeat(40);
        let push = |texts: &[&str]| {
            let documents = texts.iter().map(|text| Document::new("", *text)).collect();
            let pushed = queue.push(documents, Request::default(), Arc::new(budget.none()), NoPlace::Fails);
            runtime.block_on(pushed).expect("there is a place")
        };
        let (first, gone, second) = (push(&["Rain in Beirut", &long]), push(&["Bonn"]), push(&["Rain in Oslo"]));
        drop(gone);
        assert_eq!(queue.waiting(), 3);
        queue.close();
        Batch::take(&mut waiting, 1 << 20).expect("there is work").run(&engine, &metrics);
        let (first, second) =
            (runtime.block_on(first).expect("an answer"), runtime.block_on(second).expect("an answer"));
        assert!(matches!(&first[0], Ok(document) if document.mentions.len() == 1));
        assert!(matches!(&first[1], Err(Failure::Panicked { .. })));
        assert!(matches!(&second[0], Ok(document) if document.entities.len() == 1), "{second:?}");
        assert_eq!((queue.waiting(), metrics.abandoned.get()), (0, 1));
        assert!(Batch::take(&mut waiting, 1 << 20).is_none());
    }
}
