//! Where an id of a knowledge base leads.
#![cfg(feature = "files")]

use super::markup::{attribute, visible};
use crate::text::Entity;

/// The address of a page about an entity: of Wikidata for its ids, and of an id that is an address itself. Other ids lead nowhere.
pub(crate) fn address(base: &str, id: &str) -> Option<String> {
    let is_web = ["https://", "http://"].iter().any(|scheme| id.len() > scheme.len() && id.starts_with(scheme));
    if is_web && !id.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some(id.to_owned());
    }
    let may_be_wikidata = base.eq_ignore_ascii_case("wikidata") || base == Entity::UNNAMED_BASE;
    let number = id.strip_prefix('Q').filter(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    (may_be_wikidata && number.is_some()).then(|| format!("https://www.wikidata.org/wiki/{id}"))
}

/// An id as a page shows it: a link, if it leads somewhere.
pub(crate) fn link(base: &str, id: &str) -> String {
    let text = visible(&format!("{base}:{id}"));
    match address(base, id) {
        Some(address) => format!("<a href=\"{}\" rel=\"noreferrer\">{text}</a>", attribute(&address)),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_that_are_known_to_lead_somewhere_are_links() {
        for (base, id, want) in [
            ("wikidata", "Q585", Some("https://www.wikidata.org/wiki/Q585")),
            ("Wikidata", "Q585", Some("https://www.wikidata.org/wiki/Q585")),
            ("kb", "Q585", Some("https://www.wikidata.org/wiki/Q585")),
            ("user", "Q585", None),
            ("wikidata", "Q", None),
            ("wikidata", "Q5/../x", None),
            ("geonames", "3143244", None),
            ("user", "https://example.org/oslo", Some("https://example.org/oslo")),
            ("user", "http://example.org/?a=1&b=\"2\"", Some("http://example.org/?a=1&b=\"2\"")),
            ("user", "https://", None),
            ("user", "https://example.org/a b", None),
            ("user", "javascript:alert(1)", None),
            ("user", "//example.org", None),
        ] {
            assert_eq!(address(base, id).as_deref(), want, "{base}:{id}");
        }
    }
}
