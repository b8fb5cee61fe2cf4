//! From gold documents to a trained model.

use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::card::Card;
use super::course::{Course, ModelBytes};
use super::draw::{Drawing, Step};
use super::error::Error;
use super::event::Event;
use super::features::Features;
use super::gold::{Gold, n_shared};
use super::head::{self, Begun};
use super::lesson::{Lesson, Unfit};
use super::material::Material;
use super::options::{Epochs, Freeze, Options};
use super::recall::{Recall, Reheaded};
use super::summary::Summary;
use super::temper;
use super::trained::Trained;
use super::training::Training;
use crate::eval::score;
use crate::label::TagSet;
use crate::model::{Encoder, LoadOptions, Precision, Source};
use crate::pipeline::{Linking, Request, Tagger};
use crate::text::{Document, plural};

/// The fewest and the most pieces of a step, and how many steps an epoch has by default, if they can be had between these.
const STEP_PIECES: (usize, usize) = (256, 1536);
const STEPS: usize = 24;

/// How many steps a training has by default, and the fewest and the most epochs.
const ALL_STEPS: usize = 360;
const FEWEST_EPOCHS: usize = 4;
const MOST_EPOCHS: usize = 20;

/// The same where the head begins as random numbers: the rate is higher then, and fewer steps do.
const NEW_STEPS: usize = 240;
const MOST_NEW_EPOCHS: usize = 16;

/// Epochs for a head alone, and how often it is scored.
const HEAD_EPOCHS: usize = 40;
const HEAD_SCORES: usize = 8;

/// How often dev is scored, at least. Dev that is n times as long as the gold is scored after each n epochs, since scoring would take as
/// long as learning.
const FEWEST_SCORES: usize = 5;

/// Trains a model: from the documents of `gold` on what `source` knows, scored on those of `dev`. Without `dev`, about one document of
/// six of the gold is kept for that.
///
/// With the same seed, the same documents and the same kind of processor the result is the same, bit for bit, on any number of threads.
///
/// # Errors
/// When the gold does not say what to learn, the model to start from cannot be trained, or the state cannot be written.
pub fn train(
    source: &Source,
    mut gold: Gold,
    dev: Option<Gold>,
    options: &Options,
    tell: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<Trained, Error> {
    let n_complete = gold.n_complete();
    if n_complete == 0 {
        return Err(Error::NothingComplete { name: gold.name });
    }
    if n_complete < gold.documents.len() {
        let others = plural((gold.documents.len() - n_complete) as u64, "document");
        tell(Event::Note(format!(
            "{others} with a status other than \"complete\": words outside of their mentions teach nothing"
        )));
        let unseen = gold.leave_unseen();
        if unseen > 0 {
            let mentions = plural(unseen as u64, "mention");
            tell(Event::Note(format!(
                "{mentions} in them have the score of a model and are not accepted: they teach nothing"
            )));
        }
    }
    let dev = match dev {
        Some(dev) => {
            let shared = n_shared(&gold, &dev);
            if shared > 0 {
                let documents = plural(shared as u64, "document");
                tell(Event::Note(format!(
                    "{} and {} have the texts of {documents} in common: scores will be too good",
                    gold.name, dev.name
                )));
            }
            dev
        }
        None => {
            let dev = gold.hold_out()?;
            let held = plural(dev.documents.len() as u64, "document");
            let are = if dev.documents.len() == 1 { "is" } else { "are" };
            tell(Event::Note(format!("no --dev: {held} of {} {are} kept to score on, and not learnt from", gold.name)));
            dev
        }
    };
    let began = Instant::now();
    let labels = gold.labels(options.labels.as_deref())?;
    for (label, n) in gold.counts().iter().filter(|(label, _)| labels.id(label).is_none()) {
        let mentions = plural(*n as u64, "mention");
        tell(Event::Note(format!(
            "{mentions} with the label {label} are taken as no names: it is not among the labels to learn"
        )));
    }
    let (scored, left_out) = dev.scored(&labels);
    if left_out > 0 {
        tell(Event::Note(format!(
            "{} of {} are not complete, and not scored",
            plural(left_out as u64, "document"),
            dev.name
        )));
    }
    if scored.iter().all(|document| document.mentions.is_empty()) {
        let documents = plural(scored.len() as u64, "document");
        return Err(Error::NoMentions { name: dev.name, documents });
    }
    let (course, mut parameters) = Course::new(source, &labels, options)?;
    if let (Freeze::Layers(found), expected) = (options.freeze, course.blueprint.network.layers.len())
        && found > expected
    {
        return Err(Error::Layers { expected, found });
    }
    options.pool.install(|| {
        let planner = course.planner();
        let lesson = |document| Lesson::new(&planner, document, &labels);
        let lessons: Vec<Lesson<'_>> = gold.documents.par_iter().map(lesson).collect::<Result<_, _>>()?;
        unfit(&lessons, &gold.name, tell);
        let n_words: usize = lessons.iter().map(|lesson| lesson.plan.reading.words().len()).sum();
        let n_pieces: usize = lessons.iter().map(|lesson| lesson.plan.pieces.len()).sum();
        let (least, most) = STEP_PIECES;
        let step_pieces = options.step_pieces.unwrap_or_else(|| (n_pieces / STEPS).clamp(least, most));
        let drawing = Drawing {
            lessons: &lessons,
            tokenizer: &course.tokenizer,
            size: course.size,
            step_pieces,
            seed: options.seed,
        };
        let sample: Vec<Step> = drawing.epoch(usize::MAX).into_iter().take(8).collect();
        let begun_as = head::begin(
            (&course.blueprint.network, &mut parameters),
            &course.old,
            &course.tags,
            (&sample, options.seed),
        );
        let (material, recall) = match options.freeze {
            Freeze::All => {
                let files = course.files(&parameters, 1.0)?;
                let encoder = course.encoder(&files, Precision::Auto)?;
                let features = Features::new(&lessons, &encoder, (&course.tokenizer, course.size))?;
                (Material::Features(features), Some(Arc::new(Recall::new(encoder))))
            }
            _ => (Material::Windows(drawing), None),
        };
        let n_steps = material.n_steps(options.seed);
        let begun = if begun_as.is_some() { Begun::Known } else { Begun::Random };
        let (steps, most) = match begun {
            Begun::Known => (ALL_STEPS, MOST_EPOCHS),
            Begun::Random => (NEW_STEPS, MOST_NEW_EPOCHS),
        };
        let n_epochs = match (options.epochs, options.freeze) {
            (Epochs::Fixed(n), _) => n,
            (Epochs::Auto, Freeze::All) => HEAD_EPOCHS,
            (Epochs::Auto, _) => steps.div_ceil(n_steps.max(1)).clamp(FEWEST_EPOCHS, most),
        };
        let every = match options.freeze {
            Freeze::All => n_epochs.div_ceil(HEAD_SCORES),
            _ => n_bytes(&scored).div_ceil(n_bytes(&gold.documents).max(1)).clamp(1, n_epochs.div_ceil(FEWEST_SCORES)),
        };
        let mut training = Training {
            course: &course,
            options,
            material,
            scored: &scored,
            n_epochs,
            total: n_epochs * n_steps,
            start: course.blueprint.first_trained(options.freeze),
            parameters,
            every,
            recall,
            begun,
        };
        tell(Event::Begun {
            documents: gold.documents.len(),
            dev: scored.len(),
            words: n_words,
            labels: &labels,
            epochs: n_epochs,
            steps: training.total,
            begun_as: begun_as.as_deref(),
        });
        let key = training.key(&gold, &dev);
        let ended = training.run(key, tell)?;
        let place = &ended.place;
        tell(Event::Finishing);
        training.parameters[training.start..].copy_from_slice(&ended.best);
        let files = course.files(&training.parameters, 1.0)?;
        let tag_set = TagSet::parse(&course.tags).expect("O, and two tags a label");
        let encoder: Box<dyn Encoder> = match &training.recall {
            Some(recall) => Box::new(Reheaded::new(recall, course.blueprint.network.head, &training.parameters)),
            None => Box::new(course.encoder(&files, Precision::Auto)?),
        };
        let temperature = temper::fit(&*encoder, (&planner, &tag_set), &scored)?;
        if temperature.is_none() {
            tell(Event::Note("too few mentions are found on dev to calibrate scores: the temperature is 1".to_owned()));
        }
        let files = course.files(&training.parameters, temperature.unwrap_or(1.0))?;
        let scores = course.score(&files, Precision::Auto, &scored)?;
        let exact = course.score(&files, Precision::F32, &scored)?;
        let kept = kept_heads(&course, &files, source, (&scored, options))?;
        let card = Card {
            from: source,
            gold: &gold,
            dev: &dev,
            options,
            labels: &labels,
            n_words,
            step_pieces,
            rate: options.rate(begun),
            n_epochs,
            place,
            begun_as: begun_as.as_deref(),
            temperature,
            scores: &scores,
            exact: &exact,
            kept: &kept,
            seconds: began.elapsed().as_secs_f64(),
        };
        let readme = card.to_string();
        let summary = Summary {
            scores,
            exact,
            history: place.history.clone(),
            best: place.history[place.best],
            temperature: temperature.unwrap_or(1.0),
            kept,
        };
        let tokenizer = course.tokenizer_json().to_vec();
        let ModelBytes { config, weights } = files;
        Ok(Trained { config, weights, tokenizer, readme, summary })
    })
}

/// The bytes of all texts.
fn n_bytes(documents: &[Document]) -> usize {
    documents.iter().map(|document| document.text.len()).sum()
}

/// How much the heads that stay find what they found before.
fn kept_heads(
    course: &Course,
    files: &ModelBytes,
    source: &Source,
    (documents, options): (&[Document], &Options),
) -> Result<Vec<(String, f64)>, Error> {
    if course.kept_heads().is_empty() {
        return Ok(Vec::new());
    }
    let load = LoadOptions::default().pool(options.pool.clone());
    let before = Tagger::load(source, &load)?;
    let mut kept = Vec::new();
    for head in course.kept_heads() {
        let request = Request::default().head(&head.name).linking(Linking::Off);
        let mut then = documents.to_vec();
        for outcome in before.tag_all(&mut then, &request)? {
            outcome?;
        }
        let now = course.tag(files, (Precision::Auto, Some(&head.name)), documents)?;
        let f1 = score(&then, &now)?.micro.f1;
        kept.push((head.name.clone(), f1.unwrap_or(1.0)));
    }
    Ok(kept)
}

/// Tells of the mentions that tags cannot express.
fn unfit(lessons: &[Lesson<'_>], name: &str, tell: &mut (dyn FnMut(Event<'_>) + Send)) {
    let mut all = Unfit::default();
    for Lesson { unfit, .. } in lessons {
        all.widened += unfit.widened;
        all.overlapping += unfit.overlapping;
        all.outside += unfit.outside;
        all.split += unfit.split;
    }
    for (n, what) in [
        (all.widened, "that begin or end inside a word are learnt as the whole word"),
        (all.overlapping, "that overlap with an earlier or longer one are not learnt"),
        (all.outside, "without a word are not learnt"),
        (all.split, "over the end of a line are learnt as one in each line"),
    ] {
        if n > 0 {
            tell(Event::Note(format!("{name}: {} {what}", plural(n as u64, "mention"))));
        }
    }
}
