//! Titles that name an office.

/// Whether titles name an office that few people hold, and are not just a form of address.
pub(super) fn is_office(titles: &str) -> bool {
    titles.split(' ').any(|word| OFFICES.binary_search(&word).is_ok())
}

const OFFICES: &[&str] = &[
    "adviser",
    "advisor",
    "ambassador",
    "archbishop",
    "ayatollah",
    "bishop",
    "captain",
    "cardinal",
    "ceo",
    "chairman",
    "chairperson",
    "chairwoman",
    "chancellor",
    "chief",
    "coach",
    "commander",
    "commissioner",
    "director",
    "envoy",
    "governor",
    "judge",
    "justice",
    "leader",
    "mayor",
    "minister",
    "president",
    "prosecutor",
    "secretary",
    "senator",
    "speaker",
    "spokesman",
    "spokesperson",
    "spokeswoman",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert_eq!(OFFICES.windows(2).find(|two| two[0] >= two[1]), None);
    }

    #[test]
    fn forms_of_address_are_no_offices() {
        for (titles, want) in [("foreign minister", true), ("ceo", true), ("dr", false), ("sheikh", false), ("", false)]
        {
            assert_eq!(is_office(titles), want, "{titles}");
        }
    }
}
