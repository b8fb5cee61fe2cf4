//! One loaded model, many documents: each with a result of its own, in order, on the threads that the caller chose.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use allonym::encode::{Batch, Tokenizer};
use allonym::model::{Encoder, Error, HeadId, LoadOptions, Native, Precision, Scratch, Source, Spec};
use allonym::pipeline::{self, Failed, HasDocument, Linking, Taker};
use allonym::{Document, Linker, Pipeline, Pool, Request, Tagger};
use ndarray::ArrayView2;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert")
}

fn tokenizer(spec: &Spec) -> Tokenizer {
    Tokenizer::open(&folder(), spec.input).expect("a good folder")
}

/// A real network that fails on every batch with a given piece, and remembers how many threads its pool had.
struct Picky {
    inner: Native,
    refused: u32,
    pools: Arc<Mutex<BTreeSet<usize>>>,
}

impl Encoder for Picky {
    fn spec(&self) -> &Spec {
        self.inner.spec()
    }

    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        self.pools.lock().expect("no panic").insert(rayon::current_num_threads());
        if batch.ids().contains(&self.refused) {
            return Err(Error::other("this piece again"));
        }
        self.inner.score(batch, head, scratch)
    }
}

/// The tagger over [`Picky`], which refuses the word "price".
fn picky() -> (Tagger, Arc<Mutex<BTreeSet<usize>>>) {
    let inner = Native::open(folder(), Precision::F32).expect("a good folder");
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder().join("tokenizer.json")).expect("it is checked in"))
            .expect("it is JSON");
    let refused = json["model"]["vocab"]["price"].as_u64().expect("the vocabulary has it");
    let pools = Arc::default();
    let tokenizer = tokenizer(inner.spec());
    let encoder = Picky { inner, refused: u32::try_from(refused).expect("an id"), pools: Arc::clone(&pools) };
    (Tagger::new(tokenizer, Box::new(encoder)).expect("they belong together"), pools)
}

const SAYINGS: [&str; 4] = [
    "Mária met Omar Said’s envoy on Monday.",
    "The price, she said, rose.",
    "3,000 people came 🙂.",
    "Omar Said left on Monday; the envoy met people.",
];

fn documents(n: usize) -> Vec<Document> {
    (0..n).map(|i| Document::new(format!("d{i}"), SAYINGS[i % SAYINGS.len()].repeat(1 + i % 7))).collect()
}

#[test]
fn one_failure_costs_one_document() {
    let (picky, _) = picky();
    let options = LoadOptions::default().precision(Precision::F32).pool(Pool::new(2));
    let sound = Tagger::load(&Source::Folder(folder()), &options).expect("a good folder");
    let mut want = documents(40);
    for outcome in sound.tag_all(&mut want, &Request::default()).expect("a request without demands") {
        outcome.expect("it tags");
    }
    let before = documents(40);
    let mut got = before.clone();
    let outcomes = picky.tag_all(&mut got, &Request::default()).expect("a request without demands");
    let mut n_mentions = 0;
    for (i, outcome) in outcomes.into_iter().enumerate() {
        if before[i].text.contains("price") {
            let error = outcome.expect_err("it is refused");
            assert_eq!(error.to_string(), format!("cannot tag document \"d{i}\""));
            assert!(matches!(&error, pipeline::Error::Document { source: Error::Other(_), .. }), "{error:?}");
            assert_eq!(got[i], before[i], "it is as it was");
        } else {
            assert!(outcome.expect("it tags") > 3);
            n_mentions += got[i].mentions.len();
            assert_eq!(got[i], want[i]);
        }
    }
    assert!(n_mentions > 20, "{n_mentions}");
}

#[test]
fn a_request_that_cannot_be_met_changes_nothing() {
    let (tagger, _) = picky();
    let mut got = documents(3);
    assert!(tagger.tag_all(&mut got, &Request::default().head("french")).is_err());
    assert_eq!(got, documents(3));
    assert!(Pipeline::new(tagger).stream(documents(3), &Request::default().labels(["CITY"])).is_err());
}

#[test]
fn a_stream_gives_each_item_its_result_in_order() {
    let (tagger, _) = picky();
    let pipeline = Pipeline::new(tagger.on(Pool::new(3))).linker(Linker::default());
    let mut want = documents(300);
    let outcomes = pipeline.process_all(&mut want, &Request::default()).expect("a request without demands");
    // Every fifth document could not be read.
    let items =
        documents(300).into_iter().enumerate().map(|(i, document)| if i % 5 == 4 { Err(i) } else { Ok(document) });
    let mut stream = pipeline.stream(items, &Request::default()).expect("a request without demands");
    let mut n_words = 0;
    for (i, (want, outcome)) in want.iter().zip(outcomes).enumerate() {
        match (stream.next().expect("one result for each item"), outcome) {
            (Ok(Err(unread)), _) => assert_eq!((unread, i % 5), (i, 4)),
            (Ok(Ok(document)), outcome) => {
                assert_eq!(&document, want);
                n_words += outcome.expect("it tags") as u64;
            }
            (Err(Failed { item, error }), outcome) => {
                assert_eq!(item.as_ref().expect("it was read"), want);
                assert_eq!(error.to_string(), outcome.expect_err("it is refused").to_string());
            }
        }
    }
    assert!(stream.next().is_none());
    assert_eq!(stream.n_words(), n_words);
}

#[test]
fn contexts_travel_with_their_documents() {
    let (tagger, _) = picky();
    let items = documents(50).into_iter().zip((0..).map(|i: u64| i * i));
    let stream = Pipeline::new(tagger).stream(items, &Request::default()).expect("a request without demands");
    for (i, result) in stream.enumerate() {
        let (Ok((document, context)) | Err(Failed { item: (document, context), .. })) = result;
        assert_eq!((document.id, context), (format!("d{i}"), (i * i) as u64));
    }
}

#[test]
fn the_model_runs_on_the_pool_of_the_caller() {
    let threads = |n| Arc::new(rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("a pool"));
    for (name, pool, want) in [
        ("its own", Pool::new(5), 5),
        ("a given one", Pool::of(threads(7)), 7),
        ("clones share", Pool::new(3).clone(), 3),
    ] {
        let (tagger, pools) = picky();
        let tagger = tagger.on(pool);
        let mut many = documents(30);
        tagger.tag_all(&mut many, &Request::default()).expect("a request without demands");
        tagger.tag_text(SAYINGS[0]).expect("it tags");
        // Where a call comes from does not matter.
        threads(2).install(|| tagger.tag_text(SAYINGS[2])).expect("it tags");
        assert_eq!(*pools.lock().expect("no panic"), BTreeSet::from([want]), "{name}");
    }
    let (tagger, pools) = picky();
    let tagger = tagger.on(Pool::current());
    threads(4).install(|| tagger.tag_text(SAYINGS[0])).expect("it tags");
    assert_eq!(*pools.lock().expect("no panic"), BTreeSet::from([4]), "where the call comes from");
}

#[test]
fn entities_go_with_the_mentions_that_named_them() {
    let pipeline = Pipeline::new(Tagger::open(folder()).expect("a good folder")).linker(Linker::default());
    let linked = |linking| {
        let mut document = Document::new("", SAYINGS[0].repeat(5));
        pipeline.process(&mut document, &Request::default()).expect("it tags");
        assert!(!document.entities.is_empty());
        pipeline.process(&mut document, &Request::default().linking(linking)).expect("it tags");
        document
    };
    assert!(linked(Linking::Off).entities.is_empty());
    assert!(linked(Linking::Off).mentions.iter().all(|mention| mention.entity.is_none()));
    assert!(!linked(Linking::On).entities.is_empty());
}

/// A document whose tagger is known.
#[derive(Debug)]
struct Known(Document, Taker);

impl HasDocument for Known {
    fn document(&self) -> Option<&Document> {
        Some(&self.0)
    }

    fn document_mut(&mut self) -> Option<&mut Document> {
        Some(&mut self.0)
    }

    fn taker(&self) -> Option<Taker> {
        Some(self.1)
    }
}

#[cfg(feature = "embedded-model")]
#[test]
fn who_takes_a_document_is_not_asked_again() {
    let tagger = Arc::new(Tagger::embedded().expect("the built-in model"));
    let other = Arc::new(Tagger::open(folder()).expect("a good folder"));
    let text = "Maria Lopez left Oslo.";
    let of = |tagger: &Tagger| tagger.tag_text(text).expect("it is tagged");
    assert_ne!(of(&tagger), of(&other), "the models find different things");
    let pipeline = Pipeline::new(Arc::clone(&tagger)).other(Arc::clone(&other), |_| panic!("it is known"));
    let known = [Taker::First, Taker::Other, Taker::First].map(|taker| Known(Document::new("", text), taker));
    let stream = pipeline.stream(known, &Request::default()).expect("the request fits");
    let found: Vec<_> = stream.map(|item| item.expect("it is tagged").0.mentions).collect();
    assert_eq!(found, [of(&tagger), of(&other), of(&tagger)]);
}
