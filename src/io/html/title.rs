//! The headline of an article, without the name of the site.

use dom_query::Document;

/// The headings of a page.
pub(super) struct Headings(Vec<String>);

impl Headings {
    pub(super) fn of(page: &Document) -> Self {
        let all = page.select("h1, h2");
        Self(all.iter().map(|heading| plain(&heading.text())).filter(|heading| !heading.is_empty()).collect())
    }
}

/// What stands between a headline and the name of a site.
const SEPARATORS: [&str; 9] = [" - ", " | ", " – ", " — ", " · ", " » ", " :: ", " • ", " / "];

/// The longest name of a site, in words.
const LONGEST: usize = 6;

/// The title without the name of the site behind (or before) it.
///
/// A part goes if the rest is a heading of the page, if it is the name that the page gives its site, or if it looks like such a name: a few
/// words, each with a capital, behind a headline that is longer.
pub(super) fn headline(title: &str, headings: &Headings, site: Option<&str>) -> String {
    let mut title = title;
    while let Some((rest, _)) = split(title, headings, site) {
        title = rest;
    }
    title.to_owned()
}

/// The headline and the name of the site.
fn split<'t>(title: &'t str, headings: &Headings, site: Option<&str>) -> Option<(&'t str, &'t str)> {
    let is_heading = |part: &str| headings.0.contains(&plain(part));
    if is_heading(title)
        && !site.is_some_and(|site| plain(title).ends_with(&plain(site)) && plain(title) != plain(site))
    {
        return None;
    }
    let places = SEPARATORS.iter().flat_map(|separator| title.match_indices(separator));
    let mut parts: Vec<(&str, &str)> =
        places.map(|(at, separator)| (title[..at].trim(), title[at + separator.len()..].trim())).collect();
    parts.retain(|(head, tail)| !head.is_empty() && !tail.is_empty());
    parts.sort_by_key(|(head, _)| std::cmp::Reverse(head.len()));
    if let Some(&(head, tail)) = parts.iter().find(|(head, _)| is_heading(head)) {
        return Some((head, tail));
    }
    if let Some(&(head, tail)) = parts.iter().find(|(_, tail)| is_heading(tail)) {
        return Some((tail, head));
    }
    let site = site.map(plain);
    if let Some(&(head, tail)) = parts.iter().find(|(_, tail)| site.as_deref() == Some(plain(tail).as_str())) {
        return Some((head, tail));
    }
    if let Some(&(head, tail)) = parts.iter().find(|(head, _)| site.as_deref() == Some(plain(head).as_str())) {
        return Some((tail, head));
    }
    let &(head, tail) = parts.first()?;
    let words = |part: &str| part.split_whitespace().count();
    (words(tail) <= LONGEST && words(head) >= 3 && words(head) > words(tail) && is_name(tail)).then_some((head, tail))
}

/// Whether every word of a part begins with a capital or a digit, but for the small words of names.
fn is_name(part: &str) -> bool {
    part.split_whitespace().all(|word| {
        let small = matches!(
            word,
            "the" | "of" | "and" | "&" | "de" | "la" | "le" | "el" | "der" | "die" | "das" | "for" | "in"
        );
        small
            || word.chars().next().is_some_and(|first| first.is_uppercase() || first.is_numeric())
            || word.contains('.')
    })
}

/// Letters and digits in lower case: what is the same on a page and in its title.
fn plain(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_site_goes() {
        let headings = |list: &[&str]| Headings(list.iter().map(|heading| plain(heading)).collect());
        let cases = [
            ("Ferry runs again - The Daily Post", &["Ferry runs again"][..], None, "Ferry runs again"),
            ("Ferry runs again | Sport | The Daily Post", &["Ferry runs again"], None, "Ferry runs again"),
            ("The Daily Post: Ferry runs again", &[], Some("The Daily Post"), "The Daily Post: Ferry runs again"),
            ("The Daily Post - Ferry", &[], Some("The Daily Post"), "Ferry"),
            ("Ferry to Bergen runs again – Nordpost", &[], None, "Ferry to Bergen runs again"),
            ("Ferry runs again | nordpost", &[], Some("Nordpost"), "Ferry runs again"),
            ("Bergen - Oslo: the long way by train", &[], None, "Bergen - Oslo: the long way by train"),
            ("The train - a love story", &["The train - a love story"], None, "The train - a love story"),
            ("Clara Dunn - Omar Diaz", &[], None, "Clara Dunn - Omar Diaz"),
        ];
        for (title, found, site, want) in cases {
            assert_eq!(headline(title, &headings(found), site), want, "{title}");
        }
    }
}
