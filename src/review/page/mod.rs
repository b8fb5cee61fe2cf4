//! The page of a review.

use crate::page::{Fetches, Frame, StyleAttributes};

/// The script, in the order in which its parts need each other.
const SCRIPT: &str = concat!(
    include_str!("query.js"),
    include_str!("server.js"),
    include_str!("words.js"),
    include_str!("reviewed.js"),
    include_str!("passage.js"),
    include_str!("bar.js"),
    include_str!("handles.js"),
    include_str!("card.js"),
    include_str!("entities.js"),
    include_str!("documents.js"),
    include_str!("differences.js"),
    include_str!("review.js"),
);

/// The page, which is the same for all reviews: it asks the server for what it shows.
pub(crate) fn html() -> String {
    let frame = Frame {
        title: "allonym review",
        style: include_str!("review.css"),
        script: Some(SCRIPT),
        attributes: StyleAttributes::Refused,
        fetches: Fetches::Own,
    };
    frame.head() + include_str!("review.html") + &frame.foot()
}
