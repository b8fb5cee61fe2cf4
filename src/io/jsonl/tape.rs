//! The bytes of a JSON text as they go by: what of them is kept, where they are, and when there are too many.

use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Most brackets that may be open in what is too large to be kept: the parser keeps each of them.
const MOST_OPEN: i64 = 1 << 20;

/// Reads a text byte by byte for a parser, and keeps the part that is to become a document.
#[derive(Clone)]
pub(super) struct Tape(Rc<RefCell<State>>);

struct State {
    reader: Box<dyn BufRead>,
    /// Most bytes that are kept, and most that may go by between two parts.
    limit: u64,
    /// The line of the next byte, from 1, and its offset, from 0.
    line: u64,
    byte: u64,
    last: u8,
    /// The value that is a document if it has no list of them, and the element that is being read.
    whole: Option<Part>,
    element: Option<Part>,
    /// Bytes since the last part began.
    passed: u64,
}

/// A part of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// Its first line, from 1, and its offset, from 0.
    pub(super) line: u64,
    pub(super) byte: u64,
    /// Empty where it is too large.
    pub(super) bytes: Vec<u8>,
    pub(super) is_too_large: bool,
    /// Brackets that were opened and not closed since it is too large, those in strings among them.
    open: i64,
}

impl Tape {
    pub(super) fn new(reader: Box<dyn BufRead>, limit: u64) -> Self {
        let (whole, element) = (None, None);
        Self(Rc::new(RefCell::new(State { reader, limit, line: 1, byte: 0, last: 0, whole, element, passed: 0 })))
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.0.borrow().line
    }

    /// Passes over blanks; returns whether anything follows.
    pub(super) fn skip_blanks(&self) -> io::Result<bool> {
        let mut state = self.0.borrow_mut();
        loop {
            match state.reader.fill_buf()?.first() {
                Some(byte) if byte.is_ascii_whitespace() => drop(state.next()?),
                first => return Ok(first.is_some()),
            }
        }
    }

    /// A value begins with the next byte.
    pub(super) fn begin_whole(&self) {
        let mut state = self.0.borrow_mut();
        state.whole = Some(Part { line: state.line, byte: state.byte, ..Part::default() });
        state.passed = 0;
    }

    /// The value since [`Tape::begin_whole`]; from now on it is not kept.
    pub(super) fn end_whole(&self) -> Part {
        self.0.borrow_mut().whole.take().unwrap_or_default()
    }

    /// An element begins with the last byte, which the parser has looked at.
    pub(super) fn begin_element(&self) {
        let mut state = self.0.borrow_mut();
        let (line, byte, bytes) = (state.line, state.byte.saturating_sub(1), vec![state.last]);
        state.element = Some(Part { line, byte, bytes, ..Part::default() });
        state.passed = 0;
    }

    pub(super) fn end_element(&self) -> Part {
        self.0.borrow_mut().element.take().unwrap_or_default()
    }

    /// A part begins that is not kept.
    pub(super) fn begin_other(&self) {
        self.0.borrow_mut().passed = 0;
    }
}

impl Read for Tape {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(place) = buffer.first_mut() else { return Ok(0) };
        Ok(self.0.borrow_mut().next()?.map_or(0, |byte| {
            *place = byte;
            1
        }))
    }
}

impl State {
    fn next(&mut self) -> io::Result<Option<u8>> {
        let Some(&byte) = self.reader.fill_buf()?.first() else { return Ok(None) };
        self.reader.consume(1);
        self.byte += 1;
        self.line += u64::from(byte == b'\n');
        self.last = byte;
        self.passed += 1;
        for part in [&mut self.whole, &mut self.element].into_iter().flatten() {
            part.push(byte, self.limit);
        }
        let is_deep = self.element.as_ref().is_some_and(|part| part.open > MOST_OPEN);
        // An element that is too large is passed over; anything else the parser would keep.
        if is_deep || self.element.is_none() && self.passed > self.limit {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(Some(byte))
    }
}

impl Part {
    fn push(&mut self, byte: u8, limit: u64) {
        if self.bytes.len() as u64 >= limit && !self.is_too_large {
            (self.is_too_large, self.bytes) = (true, Vec::new());
        }
        match self.is_too_large {
            true => self.open += i64::from(matches!(byte, b'[' | b'{')) - i64::from(matches!(byte, b']' | b'}')),
            false => self.bytes.push(byte),
        }
    }
}
