//! Bodies of any length: a document a line, in and out.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};

use super::body::{PLACE, too_large};
use super::budget::Held;
use super::documents::{Form, Item};
use super::flow::{Flow, PIECE_BYTES};
use super::metrics::Stage;
use super::problem::{Code, Problem};
use super::queue::NoPlace;
use super::shared::Shared;
use crate::io::{Place, jsonl};
use crate::text::Document;

/// Answers line by line. While the caller does not take what is done, no more is read.
pub(super) fn answer(shared: Arc<Shared>, body: Body, flow: Flow, form: Form) -> Body {
    let (sender, answer) = Channel::<Bytes>::new(1);
    tokio::spawn(run(Lines::new(Arc::clone(&shared), body), flow, form, sender, shared));
    Body::new(answer)
}

async fn run(mut lines: Lines, mut flow: Flow, form: Form, mut sender: Sender<Bytes>, shared: Arc<Shared>) {
    let mut is_open = true;
    while is_open || !flow.is_empty() {
        tokio::select! {
            biased;
            done = flow.next(), if !flow.is_empty() => {
                let mut text = form.items(&done.unwrap_or_default(), &shared.metrics).join("\n");
                text.push('\n');
                if sender.send_data(text.into()).await.is_err() {
                    return;
                }
            }
            read = tokio::time::timeout(shared.options.timeout, lines.read()), if is_open && !flow.is_full() => {
                let (items, goes_on) = match read {
                    Ok(Ok(read)) => read,
                    // The caller is gone.
                    Ok(Err(Gone)) => return,
                    Err(_) => (vec![Err(lines.slow())], false),
                };
                is_open = goes_on;
                if items.is_empty() {
                    continue;
                }
                let bytes = items.iter().flatten().map(Document::weight).sum();
                let held = Arc::new(shared.budget.wait(bytes).await);
                flow.push(items, held, NoPlace::Waits).await.expect("it waits for a place");
            }
        }
    }
}

/// The body broke off.
struct Gone;

/// Cuts a body into lines.
struct Lines {
    shared: Arc<Shared>,
    body: Body,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    /// The share of the memory that a long beginning has.
    held: Held,
    place: Place,
    /// The rest of a line that is too long is left out.
    skips: bool,
}

impl Lines {
    fn new(shared: Arc<Shared>, body: Body) -> Self {
        let held = shared.budget.none();
        Self { shared, body, rest: Vec::new(), held, place: Place { line: 1, byte: 0 }, skips: false }
    }

    /// The problem of a caller that sends nothing more.
    fn slow(&self) -> Problem {
        let most = self.shared.options.timeout.as_secs_f32();
        let detail = format!("{PLACE}:{}: expected more or the end within {most} s, found nothing", self.place.line);
        Problem::new(Code::SlowBody, detail).at_line(self.place.line)
    }

    /// The documents that come next, and whether more may come. May be given up and called again.
    async fn read(&mut self) -> Result<(Vec<Item>, bool), Gone> {
        let Some(frame) = self.body.frame().await else {
            let rest = std::mem::take(&mut self.rest);
            return Ok((self.document(&rest).into_iter().collect(), false));
        };
        let Ok(data) = frame.map_err(|_| Gone)?.into_data() else { return Ok((Vec::new(), true)) };
        let began = Instant::now();
        let mut items = Vec::new();
        for part in data.split_inclusive(|&byte| byte == b'\n') {
            if !self.add(part, &mut items) {
                return Ok((items, false));
            }
        }
        self.shared.metrics.took(Stage::Read, began.elapsed());
        Ok((items, true))
    }

    /// Adds a line, or a part of one; says whether reading can go on.
    fn add(&mut self, part: &[u8], items: &mut Vec<Item>) -> bool {
        let most = self.shared.options.max_body;
        let is_end = part.ends_with(b"\n");
        if !self.skips && self.rest.len() + part.len() > most.saturating_add(2) {
            items.push(Err(too_large(most).at_line(self.place.line)));
            (self.skips, self.rest) = (true, Vec::new());
            self.held = self.shared.budget.none();
        }
        if self.skips {
            self.skips = !is_end;
        } else if is_end {
            let mut line = std::mem::take(&mut self.rest);
            line.extend_from_slice(part);
            self.held = self.shared.budget.none();
            items.extend(self.document(&line));
        } else {
            self.rest.extend_from_slice(part);
            if self.rest.len() > PIECE_BYTES
                && let Err(full) = self.shared.budget.grow(&mut self.held, part.len())
            {
                items.push(Err(Problem::from(full).at_line(self.place.line)));
                return false;
            }
        }
        if is_end {
            self.place.line += 1;
        }
        self.place.byte += part.len() as u64;
        true
    }

    /// The document on a line; `None` for a blank one.
    fn document(&self, line: &[u8]) -> Option<Item> {
        let line = if self.place.line == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
        let line = line.trim_ascii_end();
        if line.trim_ascii().is_empty() {
            return None;
        }
        let read = jsonl::from_part(line, PLACE, self.place, self.place.line);
        Some(read.map_err(|error| Problem::from(error).at_line(self.place.line)))
    }
}
