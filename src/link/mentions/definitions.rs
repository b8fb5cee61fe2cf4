//! Short forms that the text defines in brackets: "Economic Cooperation Organisation (ECO)".

/// Whether the text between two mentions puts the second one in brackets.
pub(super) fn opens_bracket(gap: &str) -> bool {
    matches!(gap, " (" | "(" | " ( ")
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
