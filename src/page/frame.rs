//! The frame of a page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::markup::visible;

const STYLE: &str = include_str!("base.css");
const SCRIPT: &str = include_str!("base.js");

/// A page is one file, which loads nothing and runs nothing but its own script.
pub(crate) struct Frame<'a> {
    /// The title, as text.
    pub(crate) title: &'a str,
    /// The style, beside the one that all pages have.
    pub(crate) style: &'a str,
    /// The script, which runs after the one that all pages have; without it the page has none.
    pub(crate) script: Option<&'a str>,
    /// Whether elements may have a style of their own.
    pub(crate) attributes: StyleAttributes,
    /// What the script may ask for.
    pub(crate) fetches: Fetches,
}

/// What the script of a page may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fetches {
    /// Nothing: the page is a file.
    Nothing,
    /// The server that the page is of.
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only a server has such a page"))]
    Own,
}

/// Whether elements may have a style of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StyleAttributes {
    /// They may: bars, shades and pictures have sizes and colours of their own.
    #[cfg_attr(
        not(any(feature = "eval", feature = "cli")),
        expect(dead_code, reason = "the page of tagged documents draws nothing")
    )]
    Allowed,
    /// The style is all in its element.
    #[cfg_attr(not(feature = "files"), expect(dead_code, reason = "reports draw"))]
    Refused,
}

impl Frame<'_> {
    /// Everything before the content.
    pub(crate) fn head(&self) -> String {
        let (title, style) = (visible(self.title), self.style_text());
        let policy = self.policy();
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n\
             <style>{style}</style>\n</head>\n<body>\n"
        )
    }

    /// Everything after the content.
    pub(crate) fn foot(&self) -> String {
        let script = self.script_text().map(|script| format!("<script>{script}</script>\n"));
        format!("{}</body>\n</html>\n", script.unwrap_or_default())
    }

    /// Browsers may use only what is in the page, and run only the script whose hash this is.
    fn policy(&self) -> String {
        let style = match self.attributes {
            StyleAttributes::Allowed => "'unsafe-inline'".to_owned(),
            StyleAttributes::Refused => hash(&self.style_text()),
        };
        let script = self.script_text().map_or_else(|| "'none'".to_owned(), |script| hash(&script));
        let fetches = match self.fetches {
            Fetches::Nothing => "",
            Fetches::Own => "; connect-src 'self'",
        };
        format!(
            "default-src 'none'; style-src {style}; script-src {script}{fetches}; base-uri 'none'; form-action 'none'"
        )
    }

    fn style_text(&self) -> String {
        format!("\n{STYLE}{}", self.style)
    }

    fn script_text(&self) -> Option<String> {
        self.script.map(|script| format!("\n{SCRIPT}{script}"))
    }
}

/// The source expression of Content Security Policy Level 3 for an element with this content.
fn hash(content: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_browsers() {
        // The example of the standard's section on hashes.
        assert_eq!(hash("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }

    #[test]
    fn pages_run_their_own_script_or_none() {
        let frame = Frame {
            title: "</title>",
            style: "b{}",
            script: None,
            attributes: StyleAttributes::Allowed,
            fetches: Fetches::Nothing,
        };
        let (head, foot) = (frame.head(), frame.foot());
        assert!(head.contains("script-src 'none'") && head.contains("style-src 'unsafe-inline'"), "{head}");
        assert!(head.contains("<title>&lt;/title&gt;</title>") && head.contains("b{}</style>"), "{head}");
        assert_eq!(foot, "</body>\n</html>\n");
        let frame = Frame { script: Some("go();\n"), ..frame };
        let content = frame.foot();
        let content = content.split_once("<script>").and_then(|(_, rest)| rest.split_once("</script>"));
        let content = content.expect("the script is in the page").0;
        assert!(content.ends_with("go();\n") && frame.head().contains(&hash(content)));
    }

    /// The contrast of two colours such as `#1b1b1f`, by WCAG 2.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |colour: &str| {
            let digits = colour.trim_start_matches('#');
            let digits: String =
                if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
            let part = |at: usize| {
                let value = u8::from_str_radix(&digits[at..at + 2], 16).expect("two hexadecimal digits");
                let value = f64::from(value) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn words_can_be_read_on_every_colour_light_and_dark() {
        assert!((contrast("#fff", "#000") - 21.0).abs() < 1e-9);
        let (light, dark) = STYLE.split_once("@media(prefers-color-scheme:dark)").expect("a dark side");
        let dark = dark.split_once("}}").expect("its end").0;
        for (side, text) in [("light", light), ("dark", dark)] {
            let colour = |name: &str| {
                let (_, rest) = text.split_once(&format!("{name}:#")).unwrap_or_else(|| panic!("{side} has {name}"));
                rest.split([';', '}']).next().expect("a value").trim().to_owned()
            };
            let grounds =
                ["--paper", "--panel", "--l0", "--l1", "--l2", "--l3", "--l4", "--l5", "--l6", "--l7", "--found"];
            for ground in grounds {
                let ratio = contrast(&colour("--ink"), &colour(ground));
                assert!(ratio >= 7.0, "{side}: ink on {ground}: {ratio:.2}");
            }
            for (words, ground) in
                ["--dim", "--link", "--error"].iter().flat_map(|words| [(words, "--paper"), (words, "--panel")])
            {
                let ratio = contrast(&colour(words), &colour(ground));
                assert!(ratio >= 4.5, "{side}: {words} on {ground}: {ratio:.2}");
            }
        }
    }
}
