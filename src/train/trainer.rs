//! Trains: the loop over epochs and steps.

use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::card::Card;
use super::course::{Course, ModelBytes};
use super::draw::{Drawing, Step};
use super::error::Error;
use super::event::Event;
use super::features::Features;
use super::gold::{Gold, n_shared};
use super::lesson::{Lesson, Unfit, is_complete};
use super::network::{Gradient, Network, Work};
use super::optimiser::{AdamW, Group};
use super::options::{Epochs, Freeze, Options, Resume};
use super::state::{Place, Score, State};
use super::summary::Summary;
use super::trained::Trained;
use super::{head, schedule, temper};
use crate::label::TagSet;
use crate::model::{Precision, Source};
use crate::text::{Document, plural};

/// How much faster a head learns than the layers below it.
const HEAD_FACTOR: f32 = 5.0;

/// How much of itself a matrix loses in a step, times the rate.
const DECAY: f32 = 0.01;

/// The fewest and the most pieces of a step, and how many steps an epoch has by default, if they can be had between these.
const STEP_PIECES: (usize, usize) = (256, 1536);
const STEPS: usize = 24;

/// How many steps a training has by default, and the fewest and the most epochs.
const ALL_STEPS: usize = 360;
const FEWEST_EPOCHS: usize = 4;
const MOST_EPOCHS: usize = 20;

/// Epochs for a head alone, and how often it is scored.
const HEAD_EPOCHS: usize = 40;
const HEAD_SCORES: usize = 8;

/// After so many scores on dev without a gain, training ends.
const PATIENCE: usize = 4;

/// How long it is between two states inside an epoch.
const BETWEEN_STATES: Duration = Duration::from_secs(300);

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
    let dev = match dev {
        Some(dev) => {
            let shared = n_shared(&gold, &dev);
            if shared > 0 {
                let documents = plural(shared as u64, "document");
                tell(Event::Note(format!(
                    "{documents} of {} have a text of {}: the scores will be too good",
                    dev.name, gold.name
                )));
            }
            dev
        }
        None => {
            let dev = gold.hold_out()?;
            let held = plural(dev.documents.len() as u64, "document");
            tell(Event::Note(format!("no --dev: {held} of {} are kept to score on, and not learnt from", gold.name)));
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
    let n_complete = gold.documents.iter().filter(|document| is_complete(document)).count();
    if n_complete == 0 {
        return Err(Error::NothingComplete { name: gold.name });
    }
    if n_complete < gold.documents.len() {
        let others = plural((gold.documents.len() - n_complete) as u64, "document");
        tell(Event::Note(format!(
            "{others} with a status other than \"complete\": words outside of their mentions teach nothing"
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
        let material = match options.freeze {
            Freeze::All => {
                let files = course.files(&parameters, 1.0)?;
                let encoder = course.encoder(&files, Precision::Auto)?;
                Material::Features(Features::new(&lessons, &encoder, (&course.tokenizer, course.size))?)
            }
            _ => Material::Windows(drawing),
        };
        let n_steps = material.n_steps(options.seed);
        let n_epochs = match (options.epochs, options.freeze) {
            (Epochs::Fixed(n), _) => n,
            (Epochs::Auto, Freeze::All) => HEAD_EPOCHS,
            (Epochs::Auto, _) => ALL_STEPS.div_ceil(n_steps.max(1)).clamp(FEWEST_EPOCHS, MOST_EPOCHS),
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
        let encoder = course.encoder(&files, Precision::Auto)?;
        let temperature = temper::fit(&encoder, (&planner, &tag_set), &scored)?;
        if temperature.is_none() {
            tell(Event::Note("too few mentions are found on dev to calibrate scores: the temperature is 1".to_owned()));
        }
        let files = course.files(&training.parameters, temperature.unwrap_or(1.0))?;
        let scores = course.score(&files, Precision::Auto, &scored)?;
        let exact = course.score(&files, Precision::F32, &scored)?;
        let kept = kept_heads(&course, (&training.parameters, &files), source, (&scored, options))?;
        let card = Card {
            from: source,
            gold: &gold,
            dev: &dev,
            options,
            labels: &labels,
            n_words,
            step_pieces,
            rate: options.rate(),
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

/// How much the heads that stay find what they found before.
fn kept_heads(
    course: &Course,
    (_, files): (&[f32], &ModelBytes),
    source: &Source,
    (documents, options): (&[Document], &Options),
) -> Result<Vec<(String, f64)>, Error> {
    if course.kept_heads().is_empty() {
        return Ok(Vec::new());
    }
    let load = crate::model::LoadOptions::default().pool(options.pool.clone());
    let before = crate::pipeline::Tagger::load(source, &load)?;
    let mut kept = Vec::new();
    for head in course.kept_heads() {
        let request = crate::pipeline::Request::default().head(&head.name).linking(crate::pipeline::Linking::Off);
        let mut then = documents.to_vec();
        for outcome in before.tag_all(&mut then, &request)? {
            outcome?;
        }
        let now = course.tag(files, (Precision::Auto, Some(&head.name)), documents)?;
        let f1 = crate::eval::score(&then, &now)?.micro.f1;
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

/// What the steps of an epoch are made of.
enum Material<'a> {
    Windows(Drawing<'a>),
    Features(Features),
}

impl Material<'_> {
    fn n_steps(&self, seed: u64) -> usize {
        match self {
            Self::Windows(drawing) => drawing.epoch(0).len(),
            Self::Features(features) => features.epoch(0, seed).len(),
        }
    }
}

/// A training in work.
struct Training<'a> {
    course: &'a Course,
    options: &'a Options,
    material: Material<'a>,
    scored: &'a [Document],
    n_epochs: usize,
    /// The steps of all epochs.
    total: usize,
    /// The first parameter that is trained.
    start: usize,
    parameters: Vec<f32>,
}

impl Training<'_> {
    fn network(&self) -> &Network {
        &self.course.blueprint.network
    }

    /// What tells this training from others.
    fn key(&self, gold: &Gold, dev: &Gold) -> String {
        let Options { labels, head, old_heads, freeze, epochs, seed, rate, step_pieces, .. } = self.options;
        let options = format!("{labels:?} {head} {old_heads:?} {freeze} {epochs} {seed} {rate:?} {step_pieces:?}");
        let bytes: Vec<u8> = self.parameters.iter().flat_map(|x| x.to_le_bytes()).collect();
        let model = crc32fast::hash(&bytes);
        format!("{} {} {model:08x} {options}", gold.sha256(), dev.sha256())
    }

    /// How the parameters are treated.
    fn groups(&self) -> Vec<Group> {
        let head = self.network().head.start;
        let trained = self.course.blueprint.tensors.iter().filter(|tensor| tensor.range.start >= self.start);
        let group = |tensor: &super::blueprint::Tensor| {
            let is_head = tensor.range.start >= head;
            Group {
                range: tensor.range.start - self.start..tensor.range.end - self.start,
                decay: if tensor.shape.len() > 1 && !is_head { DECAY } else { 0.0 },
                factor: if is_head && self.options.freeze != Freeze::All { HEAD_FACTOR } else { 1.0 },
            }
        };
        trained.map(group).collect()
    }

    fn f1(&self) -> Result<f64, Error> {
        let files = self.course.files(&self.parameters, 1.0)?;
        Ok(self.course.score(&files, Precision::Auto, self.scored)?.micro.f1.unwrap_or(0.0))
    }

    /// The state to begin with, or to go on from.
    fn state(&self, key: String, tell: &mut (dyn FnMut(Event<'_>) + Send)) -> Result<State, Error> {
        if let (Resume::FromState, Some(path)) = (self.options.resume, &self.options.state)
            && path.exists()
        {
            let state = State::load(path, &key)?;
            if state.parameters.len() == self.parameters.len() - self.start {
                tell(Event::Note(format!("goes on after step {} of {}", state.place.n_steps, self.total)));
                return Ok(state);
            }
            let what = "model";
            return Err(Error::OtherState { path: path.clone(), what });
        }
        let parameters = self.parameters[self.start..].to_vec();
        let score = Score { epoch: 0, loss: 0.0, f1: self.f1()? };
        tell(Event::Scored { score, best: score, left: self.n_epochs });
        let place = Place { key, history: vec![score], ..Place::default() };
        Ok(State { place, optimiser: AdamW::new(parameters.len()), best: parameters.clone(), parameters })
    }

    /// Goes on until dev no longer gains, the epochs are done, or it is stopped.
    fn run(&mut self, key: String, tell: &mut (dyn FnMut(Event<'_>) + Send)) -> Result<State, Error> {
        let mut state = self.state(key, tell)?;
        self.parameters[self.start..].copy_from_slice(&state.parameters);
        let groups = self.groups();
        let every = if self.options.freeze == Freeze::All { self.n_epochs.div_ceil(HEAD_SCORES) } else { 1 };
        let mut memory = Memory {
            work: Work::default(),
            gradient: Gradient::new(self.start, self.parameters.len()),
            logits: Vec::new(),
        };
        let mut saved = Instant::now();
        while state.place.epoch < self.n_epochs && !self.is_over(&state.place) {
            let done = self.epoch(&mut state, (&groups, &mut memory), &mut saved, tell)?;
            if !done {
                self.save(&mut state)?;
                tell(Event::Stopped { step: state.place.n_steps as usize, steps: self.total });
                break;
            }
            let place = &mut state.place;
            (place.epoch, place.step) = (place.epoch + 1, 0);
            if place.epoch % every == 0 || place.epoch == self.n_epochs {
                let n_steps = self.total / self.n_epochs;
                let loss = place.loss / (n_steps * every).max(1) as f64;
                let score = Score { epoch: place.epoch, loss, f1: self.f1()? };
                place.history.push(score);
                place.loss = 0.0;
                if score.f1 > place.history[place.best].f1 {
                    place.best = place.history.len() - 1;
                    state.best.copy_from_slice(&self.parameters[self.start..]);
                }
                let best = place.history[place.best];
                tell(Event::Scored { score, best, left: self.n_epochs - place.epoch });
            }
            if self.options.freeze != Freeze::All {
                self.save(&mut state)?;
                saved = Instant::now();
            }
        }
        Ok(state)
    }

    /// Whether dev has not gained for long.
    fn is_over(&self, place: &Place) -> bool {
        self.options.epochs == Epochs::Auto && place.history.len() - 1 - place.best >= PATIENCE && place.step == 0
    }

    /// The steps of an epoch that are left; false if it was stopped before.
    fn epoch(
        &mut self,
        state: &mut State,
        (groups, memory): (&[Group], &mut Memory),
        saved: &mut Instant,
        tell: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> Result<bool, Error> {
        let epoch = state.place.epoch;
        let steps = self.material.steps(epoch, self.options.seed);
        let n_steps = steps.len();
        for (nth, step) in steps.into_iter().enumerate().skip(state.place.step) {
            if self.options.stop.is_set() {
                return Ok(false);
            }
            let (loss, n_pieces) = self.learn(&step, memory);
            if !loss.is_finite() {
                return Err(Error::Diverged { step: state.place.n_steps as usize, rate: self.options.rate() });
            }
            let rate = self.options.rate() * schedule::rate(state.place.n_steps as usize, self.total);
            let trained = &mut self.parameters[self.start..];
            state.optimiser.step(trained, &memory.gradient.numbers, groups, rate);
            state.place.step = nth + 1;
            state.place.n_steps += 1;
            state.place.loss += loss;
            tell(Event::Step { epoch, step: state.place.n_steps as usize, steps: self.total, loss, pieces: n_pieces });
            if saved.elapsed() > BETWEEN_STATES && nth + 1 < n_steps {
                self.save(state)?;
                *saved = Instant::now();
            }
        }
        Ok(true)
    }

    fn learn(&self, step: &AnyStep, memory: &mut Memory) -> (f64, usize) {
        let Memory { work, gradient, logits } = memory;
        match (step, &self.material) {
            (AnyStep::Words(words), Material::Features(features)) => {
                let (hidden, targets) = features.of(words);
                let loss = self.network().learn_head(&self.parameters, (&hidden, &targets), logits, gradient);
                (loss, words.len())
            }
            (AnyStep::Windows(Step { batch, targets }), _) => {
                (self.network().learn(&self.parameters, (batch, targets), work, gradient), targets.len())
            }
            (AnyStep::Words(_), Material::Windows(_)) => unreachable!("steps are made of the material"),
        }
    }

    fn save(&self, state: &mut State) -> Result<(), Error> {
        let Some(path) = &self.options.state else { return Ok(()) };
        state.parameters.copy_from_slice(&self.parameters[self.start..]);
        state.save(path)
    }
}

/// A step of either material.
enum AnyStep {
    Windows(Step),
    Words(Vec<usize>),
}

impl Material<'_> {
    fn steps(&self, epoch: usize, seed: u64) -> Vec<AnyStep> {
        match self {
            Self::Windows(drawing) => drawing.epoch(epoch).into_iter().map(AnyStep::Windows).collect(),
            Self::Features(features) => features.epoch(epoch, seed).into_iter().map(AnyStep::Words).collect(),
        }
    }
}

/// Memory that steps use again.
struct Memory {
    work: Work,
    gradient: Gradient,
    logits: Vec<f32>,
}
