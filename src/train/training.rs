//! The loop over epochs and steps.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::blueprint::Tensor;
use super::course::Course;
use super::draw::Step;
use super::error::Error;
use super::event::Event;
use super::gold::Gold;
use super::head::Begun;
use super::material::{AnyStep, Material};
use super::network::{Gradient, Network, Work};
use super::optimiser::{AdamW, Group};
use super::options::{Epochs, Freeze, Options, Resume};
use super::recall::{Recall, Reheaded};
use super::schedule;
use super::state::{Place, Score, State};
use crate::model::Precision;
use crate::text::Document;

/// How much faster a head learns than the layers below it.
const HEAD_FACTOR: f32 = 5.0;

/// How much of itself a matrix loses in a step, times the rate.
const DECAY: f32 = 0.01;

/// After so many scores on dev without a gain, training ends.
const PATIENCE: usize = 4;

/// How long it is between two states inside an epoch.
const BETWEEN_STATES: Duration = Duration::from_secs(300);

/// A training in work.
pub(crate) struct Training<'a> {
    pub(crate) course: &'a Course,
    pub(crate) options: &'a Options,
    pub(crate) material: Material<'a>,
    pub(crate) scored: &'a [Document],
    pub(crate) n_epochs: usize,
    /// The steps of all epochs.
    pub(crate) total: usize,
    /// The first parameter that is trained.
    pub(crate) start: usize,
    pub(crate) parameters: Vec<f32>,
    /// Epochs between two scores on dev.
    pub(crate) every: usize,
    /// The network, where only the head is trained.
    pub(crate) recall: Option<Arc<Recall>>,
    pub(crate) begun: Begun,
}

impl Training<'_> {
    fn network(&self) -> &Network {
        &self.course.blueprint.network
    }

    /// What tells this training from others.
    pub(crate) fn key(&self, gold: &Gold, dev: &Gold) -> String {
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
        let group = |tensor: &Tensor| {
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
        let scores = match &self.recall {
            Some(recall) => {
                let encoder = Reheaded::new(recall, self.network().head, &self.parameters);
                self.course.score_by(Box::new(encoder), self.scored)?
            }
            None => self.course.score(&self.course.files(&self.parameters, 1.0)?, Precision::Auto, self.scored)?,
        };
        Ok(scores.micro.f1.unwrap_or(0.0))
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
        let mut score = Score::default();
        if self.begun == Begun::Known {
            score.f1 = self.f1()?;
            tell(Event::Scored { score, best: score, left: self.n_epochs });
        }
        let place = Place { key, history: vec![score], ..Place::default() };
        Ok(State { place, optimiser: AdamW::new(parameters.len()), best: parameters.clone(), parameters })
    }

    /// Goes on until dev no longer gains, the epochs are done, or it is stopped.
    pub(crate) fn run(&mut self, key: String, tell: &mut (dyn FnMut(Event<'_>) + Send)) -> Result<State, Error> {
        let mut state = self.state(key, tell)?;
        self.parameters[self.start..].copy_from_slice(&state.parameters);
        let groups = self.groups();
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
            if place.epoch % self.every == 0 || place.epoch == self.n_epochs {
                let n_steps = self.total / self.n_epochs;
                let since = place.epoch - place.history.last().map_or(0, |score| score.epoch);
                let loss = place.loss / (n_steps * since).max(1) as f64;
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

    /// Whether dev has not gained for long. A head for new labels may find nothing in its first epochs, which says nothing.
    fn is_over(&self, place: &Place) -> bool {
        self.options.epochs == Epochs::Auto
            && place.history[place.best].f1 > 0.0
            && place.history.len() - 1 - place.best >= PATIENCE
            && place.step == 0
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
                return Err(Error::Diverged {
                    step: state.place.n_steps as usize,
                    rate: self.options.rate(self.begun),
                });
            }
            let rate = self.options.rate(self.begun) * schedule::rate(state.place.n_steps as usize, self.total);
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

/// Memory that steps use again.
struct Memory {
    work: Work,
    gradient: Gradient,
    logits: Vec<f32>,
}
