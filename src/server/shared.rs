//! What all requests share.

use std::sync::{Arc, OnceLock};

use super::budget::Budget;
use super::connections::Connections;
use super::engine::Engine;
use super::metrics::{Metrics, Now};
use super::options::Options;
use super::problem::{Code, Problem};
use super::queue::Queue;
use super::stop::Stopper;
use super::work::Work;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) metrics: Arc<Metrics>,
    pub(super) budget: Budget,
    pub(super) queue: Queue,
    pub(super) work: Work,
    pub(super) connections: Arc<Connections>,
    pub(super) stopper: Stopper,
    /// Empty until the model is loaded.
    pub(super) engine: OnceLock<Engine>,
}

impl Shared {
    /// The engine, while requests are taken.
    pub(super) fn engine(&self) -> Result<&Engine, Problem> {
        if self.stopper.is_stopped() {
            return Err(Problem::new(Code::Stopping, "the server is about to end"));
        }
        self.engine.get().ok_or_else(|| Problem::new(Code::Loading, "the model is being loaded"))
    }

    pub(super) fn now(&self) -> Now {
        Now {
            waiting: self.queue.waiting(),
            held: self.budget.taken(),
            connections: self.connections.count(),
            is_ready: self.engine().is_ok(),
        }
    }
}
