//! Where else a name stands.

use crate::text::Span;

/// Where a name stands as whole words in a text, in order. Between its words any blanks may stand.
pub(crate) fn occurrences<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Span> + 't {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    let starts = (!first.is_empty()).then(|| text.match_indices(first)).into_iter().flatten();
    let mut last = 0;
    starts.filter_map(move |(start, _)| {
        let mut end = start + first.len();
        for word in &rest {
            let blanks = text[end..].len() - text[end..].trim_start().len();
            if blanks == 0 || !text[end + blanks..].starts_with(word) {
                return None;
            }
            end += blanks + word.len();
        }
        let is_free = start >= last && is_edge(text, start) && is_edge(text, end);
        is_free.then(|| {
            last = end;
            Span::new(start, end)
        })
    })
}

/// Whether no word goes on over a place.
fn is_edge(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    !matches!((before, after), (Some(a), Some(b)) if a.is_alphanumeric() && b.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_with_any_blanks_between() {
        let text = "Iran, Iranian Iran's Tehran-Iran; Abbas\nAraghchi, Abbas  Araghchi and AbbasAraghchi";
        let found =
            |name: &str| -> Vec<String> { occurrences(text, name).map(|span| text[span.range()].to_owned()).collect() };
        assert_eq!(found("Iran"), ["Iran", "Iran", "Iran"]);
        assert_eq!(found("Abbas Araghchi"), ["Abbas\nAraghchi", "Abbas  Araghchi"]);
        assert_eq!(found(" "), [""; 0]);
        assert_eq!(occurrences("aa aa", "aa").map(Span::start).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(occurrences("é éé", "é").count(), 1);
    }
}
