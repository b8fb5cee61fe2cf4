//! Short forms that the text defines in brackets: "Economic Cooperation Organisation (ECO)".

/// Whether the text between two mentions puts the second one in brackets.
pub(super) fn opens_bracket(gap: &str) -> bool {
    matches!(gap, " (" | "(" | " ( ")
}

/// Words before another name of a person, an organisation or a place.
const BEFORE_OTHER_NAME: [&str; 13] = [
    "born",
    "also known as",
    "better known as",
    "formerly",
    "previously",
    "formerly known as",
    "previously known as",
    "who is also known as",
    "known as",
    "aka",
    "a.k.a.",
    "née",
    "alias",
];

/// Whether the text between two mentions says that the second is another name of the first: ", born ", " (also known as ".
pub(super) fn says_other_name(gap: &str) -> bool {
    let words = gap.trim_start_matches([' ', ',', '(']).trim_end_matches([' ', '“', '"', '‘', '\'']);
    let is_set_off = gap.trim_start().starts_with([',', '(']);
    BEFORE_OTHER_NAME.contains(&words)
        && (is_set_off || !matches!(words, "born" | "known as" | "formerly" | "previously"))
}

/// The short form in brackets right after a name: one word of two to ten characters with a capital letter.
pub(super) fn bracketed(after: &str) -> Option<&str> {
    let inner = after.trim_start_matches(' ').strip_prefix('(')?.trim_start_matches(['“', '"', ' ']);
    let end = inner.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '&'))?;
    let close = inner[end..].trim_start_matches(['”', '"', ' ']);
    let short = &inner[..end];
    let n = short.chars().count();
    (close.starts_with([')', ',', ';']) && (2..=10).contains(&n) && short.contains(char::is_uppercase)).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_brackets_open() {
        for gap in [" (", "(", " ( "] {
            assert!(opens_bracket(gap), "{gap:?}");
        }
        for gap in ["", " ", "  ", "**", " *", "* ", ") ("] {
            assert!(!opens_bracket(gap), "{gap:?}");
        }
    }

    #[test]
    fn other_names() {
        for gap in
            [", born ", " (born ", ", also known as ", " aka ", ", also known as “", ", formerly ", " (previously "]
        {
            assert!(says_other_name(gap), "{gap:?}");
        }
        for gap in
            [" born ", ", born to ", ", born in ", ", formerly of ", " formerly ", ", who was born ", ", ", " (", ""]
        {
            assert!(!says_other_name(gap), "{gap:?}");
        }
    }

    #[test]
    fn short_forms_in_brackets() {
        for (text, want) in [
            (" (ECO), emphasized", Some("ECO")),
            (" (“ECO”) met", Some("ECO")),
            (" (left) met", None),
            (" (ECO Charter)", None),
            (" met (ECO)", None),
        ] {
            assert_eq!(bracketed(text), want, "{text}");
        }
    }
}
