//! The lines of CoNLL in a pickle.

use allonym::text::{Layout, Line, LineEnd, Mark, Span};

/// Whether lines end in `\r\n`; whether a byte order mark comes first; for each line the bytes of its token in the text, if it has one,
/// and the line itself.
pub(crate) type Pickled = (bool, bool, Vec<(Option<(usize, usize)>, String)>);

pub(crate) fn pickled(layout: &Layout) -> Pickled {
    let line = |line: &Line| match line {
        Line::Token { span, row } => (Some((span.start(), span.end())), row.clone()),
        Line::Other { row } => (None, row.clone()),
    };
    (layout.line_end == LineEnd::CrLf, layout.mark == Mark::ByteOrder, layout.lines.iter().map(line).collect())
}

pub(crate) fn restored((crlf, bom, lines): Pickled) -> Layout {
    let line = |(token, row): (Option<(usize, usize)>, String)| match token {
        Some((start, end)) => Line::Token { span: Span::new(start, end), row },
        None => Line::Other { row },
    };
    Layout {
        lines: lines.into_iter().map(line).collect(),
        line_end: if crlf { LineEnd::CrLf } else { LineEnd::Lf },
        mark: if bom { Mark::ByteOrder } else { Mark::None },
    }
}
