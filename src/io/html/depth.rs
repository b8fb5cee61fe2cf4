//! How deeply are the elements of a page nested? Known before the page is parsed: parsing what is nested without end takes time without end.

/// Most elements inside each other. Browsers stop at 512.
pub(crate) const MOST: usize = 1000;

/// Elements that have no content.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements whose end may be left out; only others between them can nest them.
const IMPLIED: [&str; 18] = [
    "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "caption",
    "rt", "rp", "rb", "rtc",
];
/// Elements that a parser opens again after their parent has ended.
const FORMATTING: [&str; 13] =
    ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements that hold text, whatever it looks like.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The byte at which the elements are nested more deeply than [`MOST`]; `None` in a page that can be parsed.
///
/// The count is near that of a parser, and errs towards more where tags are not closed.
pub(crate) fn too_deep(page: &str) -> Option<usize> {
    let mut open: Vec<String> = Vec::new();
    // Tags with their attributes: of equal ones, a parser keeps three.
    let mut formatting: Vec<(String, &str)> = Vec::new();
    let mut at = 0;
    while let Some(start) = page[at..].find('<').map(|found| at + found) {
        let rest = &page[start + 1..];
        if rest.starts_with("!--") {
            at = rest.find("-->").map_or(page.len(), |end| start + 1 + end + 3);
            continue;
        }
        let is_end = rest.starts_with('/');
        let name = rest[usize::from(is_end)..].split(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').next();
        let name = name.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).unwrap_or_default();
        let tag = tag(rest);
        at = start + 1 + tag.len();
        // A name of any length is no reason to copy a page.
        if name.is_empty() || name.len() > 64 {
            if !name.is_empty() && !is_end {
                open.push(String::new());
            }
        } else {
            let name = name.to_ascii_lowercase();
            match (is_end, name.as_str()) {
                (_, name) if VOID.contains(&name) || IMPLIED.contains(&name) => {}
                (true, name) if FORMATTING.contains(&name) => {
                    if let Some(last) = formatting.iter().rposition(|(open, _)| open == name) {
                        formatting.remove(last);
                    }
                }
                (true, name) => {
                    if let Some(last) = open.iter().rposition(|open| open == name) {
                        open.truncate(last);
                    }
                }
                (false, raw) if RAW.contains(&raw) => at = after_raw(page, at, raw),
                (false, name) if FORMATTING.contains(&name) => {
                    if formatting.iter().filter(|(_, open)| *open == tag).count() < 3 {
                        formatting.push((name.to_owned(), tag));
                    }
                }
                // A link ends the one before.
                (false, "a") if open.last().is_some_and(|open| open == "a") => {}
                (false, _) => open.push(name),
            }
        }
        if open.len() + formatting.len() > MOST {
            return Some(start);
        }
    }
    None
}

/// A tag up to its end, which is no `>` inside of quotation marks.
fn tag(rest: &str) -> &str {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &rest[..at],
            (None, b'"' | b'\'') if rest.as_bytes()[..at].trim_ascii_end().ends_with(b"=") => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    rest
}

/// Where a page goes on behind an element of raw text.
fn after_raw(page: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = page[at..].find("</") {
        at += found + 2;
        let end = page.as_bytes().get(at..at + name.len());
        if end.is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes())) {
            return at;
        }
    }
    page.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_elements_are_counted_and_others_are_not() {
        let n = MOST + 1;
        let page = |part: &str| format!("<!DOCTYPE html><body>{}", part.repeat(n));
        for deep in
            ["<span>", "<DIV class='a > b'>", "<table><tr><td>", "<ul><li>", "<blockquote>", "<div></span>", "<x-y>"]
        {
            assert!(too_deep(&page(deep)).is_some(), "{deep}");
        }
        let numbered: String = (0..n).map(|i| format!("<div><font size={i}>x</div>")).collect();
        assert!(too_deep(&numbered).is_some(), "a parser opens them again");
        for flat in [
            "<p>",
            "<li>x",
            "<tr><td>x",
            "<br>",
            "<img src=a>",
            "<div>x</div>",
            "<p><b>x",
            "<a href=x>",
            "a < b ",
            "<!-- <div> -->",
            "<script>'<div>'</script>",
            "<i>x</i>",
            "<SCRIPT>if (a<b) '</div'</Script>",
            "<option>",
            "</div>",
            "<3",
            "<",
            "<>",
            "</",
            "<\u{e9}",
        ] {
            assert_eq!(too_deep(&page(flat)), None, "{flat}");
        }
    }
}
