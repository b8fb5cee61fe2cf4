//! What a server has done, as Prometheus reads it.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::problem::Code;
use crate::text::Document;

/// The media type of [`Metrics::text`].
pub(super) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A stage on the way of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "the names of variants are those in the output")]
enum StageName {
    read,
    wait,
    tag,
    link,
    eval,
    write,
}

/// A stage on the way of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The body arrives and is parsed.
    Read,
    /// It waits in the queue.
    Wait,
    /// A batch is tagged, and linked within its documents.
    Tag,
    /// Documents are linked with each other.
    Link,
    /// Documents are scored.
    Eval,
    /// The answer is made.
    Write,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    stage: StageName,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabel {
    code: &'static str,
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// What a server has done.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<AnswerLabels, Counter>,
    answer_seconds: Histograms<RouteLabel>,
    documents: Counter,
    words: Counter,
    mentions: Counter,
    stage_seconds: Histograms<StageLabel>,
    failures: Family<CodeLabel, Counter>,
    /// Work that nobody waited for any more.
    pub(super) abandoned: Counter,
    /// Connections that made room for others.
    pub(super) evicted: Counter,
    /// Connections that found no room.
    pub(super) refused: Counter,
    waiting: Gauge,
    held: Gauge<u64, AtomicU64>,
    connections: Gauge,
    ready: Gauge,
}

/// What is true now, as opposed to what was counted.
pub(super) struct Now {
    /// Pieces of work that wait or are in work.
    pub(super) waiting: usize,
    /// Bytes of bodies in memory.
    pub(super) held: usize,
    pub(super) connections: usize,
    pub(super) is_ready: bool,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let histogram: fn() -> Histogram = || {
            Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 60.0])
        };
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            answer_seconds: Family::new_with_constructor(histogram),
            documents: Counter::default(),
            words: Counter::default(),
            mentions: Counter::default(),
            stage_seconds: Family::new_with_constructor(histogram),
            failures: Family::default(),
            abandoned: Counter::default(),
            evicted: Counter::default(),
            refused: Counter::default(),
            waiting: Gauge::default(),
            held: Gauge::default(),
            connections: Gauge::default(),
            ready: Gauge::default(),
        };
        let mut all = Registry::with_prefix("allonym");
        all.register("requests", "Requests that were answered, by route and status", metrics.requests.clone());
        let seconds = || Unit::Seconds;
        all.register_with_unit(
            "answer",
            "Time to the head of an answer, by route",
            seconds(),
            metrics.answer_seconds.clone(),
        );
        all.register("documents", "Documents that were tagged", metrics.documents.clone());
        all.register("words", "Words of the documents that were tagged", metrics.words.clone());
        all.register("mentions", "Mentions that were found", metrics.mentions.clone());
        all.register_with_unit(
            "stage",
            "Time in a stage: of a request, or of a batch (tag)",
            seconds(),
            metrics.stage_seconds.clone(),
        );
        all.register(
            "failures",
            "Requests and documents that failed, by the code of the problem",
            metrics.failures.clone(),
        );
        all.register(
            "abandoned",
            "Pieces of work whose caller was gone before they were done",
            metrics.abandoned.clone(),
        );
        all.register("connections_evicted", "Idle connections that were closed to make room", metrics.evicted.clone());
        all.register("connections_refused", "Connections that found no room", metrics.refused.clone());
        all.register("waiting", "Pieces of work that wait or are in work", metrics.waiting.clone());
        all.register_with_unit("held", "Bodies in memory", Unit::Bytes, metrics.held.clone());
        all.register("connections", "Open connections", metrics.connections.clone());
        all.register("ready", "Whether the model is loaded and requests are taken", metrics.ready.clone());
        metrics.registry = all;
        metrics
    }

    /// All of it, in the text form of OpenMetrics.
    pub(super) fn text(&self, now: &Now) -> String {
        self.waiting.set(now.waiting as i64);
        self.held.set(now.held as u64);
        self.connections.set(now.connections as i64);
        self.ready.set(i64::from(now.is_ready));
        let mut all = String::new();
        text::encode(&mut all, &self.registry).expect("a string takes everything");
        all
    }

    /// A document was tagged.
    pub(super) fn tagged(&self, document: &Document, n_words: usize) {
        self.documents.inc();
        self.words.inc_by(n_words as u64);
        self.mentions.inc_by(document.mentions.len() as u64);
    }

    /// A stage took so long.
    pub(super) fn took(&self, stage: Stage, time: Duration) {
        let stage = match stage {
            Stage::Read => StageName::read,
            Stage::Wait => StageName::wait,
            Stage::Tag => StageName::tag,
            Stage::Link => StageName::link,
            Stage::Eval => StageName::eval,
            Stage::Write => StageName::write,
        };
        self.stage_seconds.get_or_create(&StageLabel { stage }).observe(time.as_secs_f64());
    }

    /// A request was answered.
    pub(super) fn answered(&self, route: &str, status: u16, time: Duration) {
        self.requests.get_or_create(&AnswerLabels { route: route.to_owned(), status }).inc();
        self.answer_seconds.get_or_create(&RouteLabel { route: route.to_owned() }).observe(time.as_secs_f64());
    }

    /// A request or a document failed.
    pub(super) fn failed(&self, code: Code) {
        self.failures.get_or_create(&CodeLabel { code: code.name() }).inc();
    }
}
