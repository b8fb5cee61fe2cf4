//! What looks like a name and is none: addresses, files, handles, money, ticker symbols.

use std::ops::Range;

use super::limits::Limits;
use super::passage::Passage;
use crate::decode::Limit;
use crate::lexicon::Lexicon;
use crate::text::Kind;

/// The words of non-names are in no mention.
pub(super) fn limits(passage: Passage<'_>, limits: &mut Limits) {
    for chunk in chunks(passage.text) {
        let text = &passage.text[chunk.clone()];
        if is_address(text) || is_file(text) {
            limits.outside(passage.touched(chunk));
        } else if let Some(money) = money(text) {
            for word in passage.touched(chunk.start + money.start..chunk.start + money.end) {
                limits.add(word, Limit::Outside);
            }
        }
    }
    for word in 0..passage.len() {
        match passage.word(word) {
            mark if !mark.is_empty() && mark.chars().all(|c| matches!(c, '*' | '_' | '~' | '#' | '@')) => {
                limits.add(word, Limit::Outside);
            }
            "\\" => line_end(passage, word, limits),
            "$" => dollar(passage, word, limits),
            ":" => ticker(passage, word, limits),
            _ => {}
        }
    }
}

/// Stretches without blanks, brackets, quotation marks, commas and the punctuation at their ends.
fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let separates = |c: char| {
        c.is_whitespace()
            || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '“' | '”' | ',' | ';' | '|')
    };
    let mut start = 0;
    let pieces = text.split(separates).map(move |piece| {
        let at = start;
        start += piece.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
        (at, piece)
    });
    pieces.filter_map(|(at, piece)| {
        let end = piece.trim_end_matches(['.', ':', '!', '?', '\'', '’', '*', '`', '…']);
        let begin = end.trim_start_matches(['\'', '‘', '*', '`', '¿', '¡']);
        (begin.len() > 2).then(|| at + end.len() - begin.len()..at + end.len())
    })
}

/// Whether a stretch is an address of e-mail or of the web, a handle or a hashtag.
fn is_address(text: &str) -> bool {
    let is_name =
        |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-')) && !text.is_empty();
    if let Some(name) = text.strip_prefix(['@', '#']) {
        return name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && is_name(name.trim_end_matches("'s").trim_end_matches("’s"));
    }
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    if let Some((user, host)) = text.split_once('@') {
        let is_user = user.chars().all(|c| c.is_alphanumeric() || "._%+-'".contains(c)) && !user.is_empty();
        return is_user && is_host(host);
    }
    if text
        .split_once("://")
        .is_some_and(|(scheme, rest)| !rest.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric()))
    {
        return true;
    }
    let is_www = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    // A host alone may be a company: "Booking.com".
    is_www && is_host(text.split('/').next().unwrap_or_default())
        || text
            .split_once(['/', '?'])
            .is_some_and(|(host, path)| is_host(host) && host.chars().all(|c| !c.is_uppercase()) && !path.is_empty())
}

/// Whether a text is a host: labels, and a domain of two letters or more.
fn is_host(text: &str) -> bool {
    let mut labels = text.split('.');
    let domain = labels.next_back().unwrap_or_default();
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    domain.len() >= 2 && domain.chars().all(char::is_alphabetic) && text.contains('.') && labels.all(is_label)
}

/// Whether a stretch is the name of a file or a path.
fn is_file(text: &str) -> bool {
    // Not "end.Key" of two sentences without a blank.
    let is_even = |ending: &str| ending == ending.to_ascii_lowercase() || ending == ending.to_ascii_uppercase();
    let is_ending = |(name, ending): (&str, &str)| {
        !name.is_empty() && is_even(ending) && Lexicon::english().is_file_ending(&ending.to_ascii_lowercase())
    };
    let is_drive = || text.as_bytes().get(1..3) == Some(br":\") && text.as_bytes()[0].is_ascii_alphabetic();
    text.rsplit_once('.').is_some_and(is_ending)
        || is_drive()
        || text.starts_with("~/")
        || text.starts_with(r"\\") && text.len() > 3
}

/// The part of a stretch that is money: `R4bn`, `RM500`, `N20bn`, `$4m`. It may be followed by more (`R4bn-a-year`).
fn money(text: &str) -> Option<Range<usize>> {
    let english = Lexicon::english();
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (unit, rest) = text.split_at(digits);
    let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
    let letters = &rest[number..];
    let letters = &letters[..letters.find(|c: char| !c.is_alphabetic()).unwrap_or(letters.len())];
    let is_amount = english.is_amount(&letters.to_lowercase());
    let is_letters = !unit.is_empty() && unit.chars().all(char::is_alphabetic) && unit.chars().count() <= 3;
    let has_sign = unit.char_indices().next_back().is_some_and(|(at, _)| english.is_currency_sign(&unit[at..]));
    let is_money =
        has_sign || english.is_currency(unit) || is_letters && is_amount && unit.chars().all(char::is_uppercase);
    // Letters before a sign are for `dollar`.
    let start = if has_sign { unit.char_indices().next_back()?.0 } else { 0 };
    (is_money && (letters.is_empty() || is_amount)).then(|| start..digits + number + letters.len())
}

/// The letter of a line end that is written out: `\n`.
fn line_end(passage: Passage<'_>, backslash: usize, limits: &mut Limits) {
    let is_letter = |&at: &usize| passage.is_glued(at) && matches!(passage.word(at), "n" | "r" | "t");
    let end = passage.after(backslash).filter(is_letter).unwrap_or(backslash);
    limits.outside(backslash..end + 1);
}

/// The word before a dollar sign is a country where it is that of the United States, and a sign else; one after it is a ticker symbol.
fn dollar(passage: Passage<'_>, sign: usize, limits: &mut Limits) {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let Some(after) = passage.after(sign) else { return };
    let symbol = passage.word(after);
    if passage.is_glued(after) && symbol.len() <= 6 && symbol.chars().all(|c| c.is_ascii_uppercase()) {
        limits.outside(sign..after + 1);
    }
    let Some(before) = passage.before(sign).filter(|_| is_number(symbol)) else { return };
    limits.add(sign, Limit::Outside);
    match passage.word(before) {
        "US" | "U.S." => limits.mention(before..before + 1, Kind::Place),
        letters if passage.is_glued(sign) && letters.len() <= 3 && letters.chars().all(|c| c.is_ascii_uppercase()) => {
            limits.add(before, Limit::Outside);
        }
        _ => {}
    }
}

/// The ticker symbols after an exchange: `(NASDAQ: AAPL)`. The exchange stays what the tagger says.
fn ticker(passage: Passage<'_>, colon: usize, limits: &mut Limits) {
    let is_exchange = |at: usize| {
        let word: String = passage.word(at).chars().filter(|c| c.is_alphanumeric()).collect();
        Lexicon::english().is_exchange(&word)
    };
    let is_bracketed = |exchange: usize| {
        passage.before(exchange).is_some_and(|at| matches!(passage.word(at), "(" | "[" | ";" | "," | "/" | "and"))
    };
    if !passage.before(colon).is_some_and(|at| is_exchange(at) && is_bracketed(at)) {
        return;
    }
    let is_symbol = |word: &str| {
        word.len() <= 8 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
    };
    let Some(symbol) = passage.after(colon).filter(|&at| is_symbol(passage.word(at))) else { return };
    let mut end = symbol + 1;
    while end < passage.len() && passage.is_glued(end) && is_symbol(passage.word(end)) {
        end += 1;
    }
    limits.outside(colon..end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    #[test]
    fn words_of_non_names_are_outside() {
        for (text, want) in [
            ("Write to Clara.Dunn@Reuters.com.", "Clara.Dunn @ Reuters.com"),
            (
                "See www.Bbc.co.uk/news, t.me/Uz or https://Un.org/X!",
                "www.Bbc.co.uk / news t.me / Uz https : // Un.org / X",
            ),
            ("Follow @JoeBiden (#Iran)", "@ JoeBiden # Iran"),
            ("Booking.com and AT&T", ""),
            ("the file Iran_Deal.PDF is", "Iran_Deal . PDF"),
            ("R4bn, RM500 and N20bn of G20", "R4bn RM500 N20bn"),
            ("N$310m or HK$20,000", "N $ 310m HK $ 20,000"),
            ("Apple (NASDAQ: AAPL)", ": AAPL"),
            ("**Iran**", "** **"),
            ("_Iran_ said \\nOman\\n", "_ _ \\ n \\ n"),
        ] {
            let words = words_of_text(text);
            let mut found = Limits::default();
            limits(Passage::new(text, &words), &mut found);
            let outside: Vec<&str> = found
                .into_list()
                .iter()
                .filter(|(_, limit)| *limit == Limit::Outside)
                .map(|(word, _)| &text[words[*word].span.range()])
                .collect();
            assert_eq!(outside.join(" "), want, "{text}");
        }
    }

    #[test]
    fn the_country_of_a_dollar_is_a_place() {
        let text = "some US $3 billion";
        let words = words_of_text(text);
        let mut found = Limits::default();
        limits(Passage::new(text, &words), &mut found);
        assert_eq!(found.into_list()[0], (1, Limit::Begins(Kind::Place)));
    }
}
