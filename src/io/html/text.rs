//! The text of HTML as a reader sees it: words apart, blocks on lines of their own.

use dom_query::{Document, NodeRef};

/// What an element does to the text around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Break {
    /// A blank line after it.
    Block,
    /// A line of its own.
    Line,
    /// A blank on both sides.
    Blank,
    None,
}

impl Break {
    fn of(name: &str) -> Self {
        match name {
            "article" | "blockquote" | "section" | "div" | "p" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
            | "ul" | "ol" | "dl" | "table" | "main" | "header" | "footer" | "aside" | "figure" | "address" | "form"
            | "fieldset" => Self::Block,
            "li" | "tr" | "dt" | "dd" | "figcaption" | "caption" | "legend" | "summary" | "details" | "option"
            | "button" | "thead" | "tbody" | "tfoot" | "hr" => Self::Line,
            "td" | "th" | "label" | "select" | "input" | "img" | "picture" | "video" | "audio" | "iframe" | "rt"
            | "rp" => Self::Blank,
            _ => Self::None,
        }
    }
}

/// Elements whose text nobody sees.
const UNSEEN: [&str; 6] = ["script", "style", "noscript", "template", "head", "svg"];

/// Classes of what only screen readers see.
const SPOKEN: [&str; 6] =
    ["off-screen", "offscreen", "visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text"];

/// What it takes for two words: the edge of an element that is not there for its type face, or two that are.
const EDGE: u32 = 2;

enum Step<'d> {
    Open(NodeRef<'d>),
    Close { end: Break, edge: u32 },
}

/// The visible text of HTML.
pub(super) fn text(html: &str) -> String {
    let document = Document::from(html);
    let mut out = Out::default();
    let mut steps = vec![Step::Open(document.root())];
    while let Some(step) = steps.pop() {
        match step {
            Step::Close { end, edge } => {
                out.edge += edge;
                out.end(end);
            }
            Step::Open(node) if node.is_text() => out.words(&node.text()),
            Step::Open(node) => {
                let name = node.node_name().unwrap_or_default();
                if UNSEEN.contains(&&*name) {
                    continue;
                }
                if &*name == "br" {
                    out.line();
                    continue;
                }
                if &*name == "pre" {
                    out.end(Break::Line);
                    out.text.push_str(&node.text());
                    out.end(Break::Block);
                    continue;
                }
                let is_spoken =
                    node.class().is_some_and(|all| all.split_whitespace().any(|class| SPOKEN.contains(&class)));
                let end = match Break::of(&name) {
                    Break::None if is_spoken || &*name == "sup" && is_reference(&node, &out.text) => Break::Blank,
                    end => end,
                };
                let edge = match &*name {
                    "b" | "strong" | "i" | "em" | "u" | "a" | "font" | "mark" | "q" | "abbr" | "acronym" => 1,
                    _ => u32::from(node.is_element()) * EDGE,
                };
                match end {
                    Break::None => out.edge += edge,
                    Break::Blank => out.blank(),
                    Break::Block | Break::Line => out.line(),
                }
                steps.push(Step::Close { end, edge });
                steps.extend(node.children_it(true).map(Step::Open));
            }
        }
    }
    out.text.trim().to_owned()
}

/// Whether a superscript is a reference to a note, not part of a word such as `1st` and `km2`.
fn is_reference(node: &NodeRef<'_>, before: &str) -> bool {
    const SHORT: usize = 3;
    let text = node.text();
    let is_number = text.chars().any(char::is_numeric) && !text.chars().any(char::is_alphabetic);
    let is_mark = text.trim().starts_with(['[', '(', '*', '†', '‡']);
    let word = before.chars().rev().take_while(|c| c.is_alphabetic()).count();
    is_mark || is_number && (word > SHORT || before.ends_with(|c: char| c.is_ascii_punctuation()))
}

#[derive(Default)]
struct Out {
    text: String,
    /// How much the elements that begin or end here speak for another word.
    edge: u32,
}

impl Out {
    fn words(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.blank();
        }
        // `<span>By</span>Clara Dunn`: two elements meet where a word ends and another one begins.
        let last = self.text.chars().next_back();
        if self.edge >= EDGE
            && last.is_some_and(|c| {
                c.is_lowercase() || c.is_numeric() || matches!(c, '.' | ',' | ':' | ';' | '!' | '?' | ')')
            })
            && text.starts_with(char::is_uppercase)
        {
            self.blank();
        }
        let mut words = text.split_whitespace();
        if let Some(first) = words.next() {
            self.text.push_str(first);
            self.edge = 0;
        }
        for word in words {
            self.text.push(' ');
            self.text.push_str(word);
        }
        if text.ends_with(char::is_whitespace) {
            self.blank();
        }
    }

    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    fn line(&mut self) {
        self.trim();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn end(&mut self, end: Break) {
        match end {
            Break::None => {}
            Break::Blank => self.blank(),
            Break::Line => self.line(),
            Break::Block => {
                self.line();
                if !self.text.is_empty() && !self.text.ends_with("\n\n") {
                    self.text.push('\n');
                }
            }
        }
    }

    fn trim(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_neighbouring_elements_stay_apart() {
        let cases = [
            ("<dl><dt>Clara Dunn</dt><dd>Oslo</dd></dl>", "Clara Dunn\nOslo"),
            ("<button>Share</button><button>Save</button>", "Share\nSave"),
            ("<figcaption><span class=\"off-screen\">caption</span>julia left</figcaption>", "caption julia left"),
            ("<span>By</span><a>Clara Dunn</a><time>Monday</time>", "By Clara Dunn Monday"),
            ("<a>Clara Dunn</a><a>Oslo</a>", "Clara Dunn Oslo"),
            ("<p><span>T</span>he ferry of <b>Mc</b>Neil, i<i>Phone</i></p>", "The ferry of McNeil, iPhone"),
            ("<p>Clara Dunn<sup>1</sup>, 5 km<sup>2</sup>, 1<sup>st</sup></p>", "Clara Dunn 1 , 5 km2, 1st"),
            ("<p>One <b>two</b>three<br>four</p><p>five</p>", "One twothree\nfour\n\nfive"),
            ("<table><tr><td>Oslo</td><td>3</td></tr><tr><td>Bonn</td></tr></table>", "Oslo 3\nBonn"),
            ("<p>a<script>x</script></p><pre>b\n  c</pre>", "a\n\nb\n  c"),
        ];
        for (html, want) in cases {
            assert_eq!(text(html), want, "{html}");
        }
    }
}
