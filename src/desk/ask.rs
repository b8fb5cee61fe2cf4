//! From a path to its answer, where there is no server.

use serde::de::DeserializeOwned;

use super::answers::{self, Answer, Export, Step};
use super::problem::{Code, Problem};
use super::room::Room;

/// The answer to a path below `api/`, such as `documents/3?with=gold`; with a body, to what is posted there.
pub(crate) fn answer(room: &impl Room, path: &str, body: Option<&str>) -> Answer {
    let (way, asked) = path.split_once('?').unwrap_or((path, ""));
    let names: Vec<&str> = way.split('/').collect();
    match (names.as_slice(), body.map(str::as_bytes)) {
        (["review"], None) => answers::review(room),
        (["documents"], None) => answers::list(room, &query(asked)?),
        (["documents", index], None) => answers::document(room, number(index)?, &query(asked)?),
        (["documents", index, "occurrences"], None) => answers::occurrences(room, number(index)?, &query(asked)?),
        (["documents", index, "ops"], Some(body)) => {
            answers::ops(room, number(index)?, &query(asked)?, &Step::read(body)?)
        }
        (["progress"], None) => answers::progress(room),
        (["disagreements"], None) => answers::disagreements(room, &query(asked)?),
        (["export"], Some(body)) => answers::export(room, &Export::read(body)?),
        _ => Err(Problem::new(Code::NotFound, format!("expected a path of the review, found {way:?}"))),
    }
}

fn number(text: &str) -> Result<usize, Problem> {
    text.parse()
        .map_err(|_| Problem::new(Code::Malformed, format!("expected the number of a document, found {text:?}")))
}

fn query<T: DeserializeOwned>(asked: &str) -> Result<T, Problem> {
    let malformed = |error| Problem::new(Code::Malformed, format!("Failed to deserialize query string: {error}"));
    serde_urlencoded::from_str(asked).map_err(malformed)
}
