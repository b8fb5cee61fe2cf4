//! Reads Arrow, as a stream or as a file, message after message.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, Endianness, Message, MessageHeader, RecordBatch as Header, root_as_message};
use arrow_schema::SchemaRef;

use super::read::{Batch, Batches};
use super::texts::unchecked_texts;
use crate::io::error::clip;
use crate::io::{Error, RowGroup, RowPlace};

/// What a file begins with, before the same messages as those of a stream.
const MAGIC: &[u8] = b"ARROW1\0\0";
/// What precedes the length of a message.
const CONTINUATION: [u8; 4] = [0xFF; 4];
/// A compressed buffer is at most so many times smaller than its content, beyond so many bytes.
const RATIO: i64 = 250;
const FREE: i64 = 16 << 20;

/// The rows of a stream or file of Arrow.
pub(super) struct IpcBatches {
    path: String,
    reader: Box<dyn BufRead + Send>,
    schema: SchemaRef,
    decoder: FileDecoder,
    /// The number of batches that were read.
    batch: u64,
    /// The number of rows that were read.
    rows: u64,
    is_done: bool,
}

/// A message with its body.
struct Whole {
    bytes: Vec<u8>,
    /// Of the head, with what precedes it.
    head: usize,
}

impl Whole {
    fn message(&self) -> Result<Message<'_>, String> {
        root_as_message(&self.bytes[8..self.head]).map_err(|error| error.to_string())
    }
}

impl IpcBatches {
    pub(super) fn open(mut reader: Box<dyn BufRead + Send>, path: &str, texts: &[&str]) -> Result<Self, Error> {
        let wrong = |found: String| Error::row(path, RowPlace::default(), "a stream or file of Arrow", found);
        let failed = |error| Error::read(path, error);
        let head = reader.fill_buf().map_err(failed)?;
        if head.starts_with(MAGIC) {
            reader.consume(MAGIC.len());
        } else if !head.starts_with(&CONTINUATION) {
            let first = String::from_utf8_lossy(&head[..head.len().min(8)]).into_owned();
            return Err(wrong(if head.is_empty() { "nothing".to_owned() } else { format!("{first:?}") }));
        }
        let read = read_message(&mut reader).map_err(failed)?;
        let read = read.map_err(&wrong)?.ok_or_else(|| wrong("its end".to_owned()))?;
        let message = read.message().map_err(&wrong)?;
        let Some(columns) = message.header_as_schema() else {
            return Err(wrong(format!("{:?} in place of the columns", message.header_type())));
        };
        if columns.endianness() != Endianness::Little {
            return Err(wrong("numbers with the most significant byte first".to_owned()));
        }
        let schema = try_fb_to_schema(columns).map_err(|error| wrong(clip(&error.to_string())))?;
        let schema = Arc::new(unchecked_texts(&schema, texts));
        let decoder = FileDecoder::new(Arc::clone(&schema), message.version());
        let path = path.to_owned();
        Ok(Self { path, reader, schema, decoder, batch: 0, rows: 0, is_done: false })
    }

    /// What a message brings; `None` where it is no rows.
    fn take(&mut self, read: Whole) -> Option<Result<Batch, Error>> {
        let place = RowPlace::default().in_group(RowGroup::Arrow(self.batch + 1));
        let first = self.rows + 1;
        let head = read.head;
        let (kind, rows, sound) = match read.message() {
            Err(error) => return Some(Err(self.broken(place, &error))),
            Ok(message) => {
                let body = &read.bytes[head..];
                let batch = message.header_as_record_batch();
                let dictionary = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
                let sound = [batch, dictionary].into_iter().flatten().try_for_each(|header| check(&header, body));
                (message.header_type(), batch.map_or(0, |batch| batch.length()), sound)
            }
        };
        let rows = u64::try_from(rows).unwrap_or(0);
        let buffer = Buffer::from_vec(read.bytes);
        let metadata = i32::try_from(head).expect("read_message has checked it");
        let block = Block::new(0, metadata, (buffer.len() - head) as i64);
        match kind {
            MessageHeader::RecordBatch => {
                self.batch += 1;
                self.rows += rows;
                let decoded = sound
                    .and_then(|()| self.decoder.read_record_batch(&block, &buffer).map_err(|error| error.to_string()));
                match decoded {
                    Ok(Some(columns)) => Some(Ok(Batch { columns, place, first })),
                    Ok(None) => None,
                    Err(error) => {
                        let place = if rows > 0 { place.rows(first, first + rows - 1) } else { place };
                        Some(Err(self.broken(place, &error)))
                    }
                }
            }
            MessageHeader::DictionaryBatch => {
                let decoded = sound
                    .and_then(|()| self.decoder.read_dictionary(&block, &buffer).map_err(|error| error.to_string()));
                decoded.err().map(|error| Err(self.broken(place, &error)))
            }
            other => Some(Err(self.broken(place, &format!("{other:?}")))),
        }
    }

    fn broken(&self, place: RowPlace, error: &str) -> Error {
        Error::row(&self.path, place, "a record batch of Arrow", clip(error))
    }
}

impl Batches for IpcBatches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next(&mut self) -> Option<Result<Batch, Error>> {
        while !self.is_done {
            let place = RowPlace::default().in_group(RowGroup::Arrow(self.batch + 1));
            match read_message(&mut self.reader) {
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(Error::read(&self.path, error)));
                }
                Ok(Err(found)) => {
                    self.is_done = true;
                    return Some(Err(self.broken(place, &found)));
                }
                Ok(Ok(None)) => self.is_done = true,
                Ok(Ok(Some(message))) => {
                    if let Some(taken) = self.take(message) {
                        return Some(taken);
                    }
                }
            }
        }
        None
    }
}

/// The next message with its body; `None` at the end. The inner error is about what was read.
fn read_message(reader: &mut impl Read) -> io::Result<Result<Option<Whole>, String>> {
    let mut bytes = Vec::new();
    if !fill(reader, &mut bytes, 4)? {
        // A stream may end without a mark.
        return Ok(if bytes.is_empty() { Ok(None) } else { Err(cut()) });
    }
    if bytes != CONTINUATION {
        // Before Arrow 0.15, nothing preceded the length.
        bytes.splice(0..0, CONTINUATION);
    } else if !fill(reader, &mut bytes, 8)? {
        return Ok(Err(cut()));
    }
    let length = i32::from_le_bytes(bytes[4..8].try_into().expect("four bytes"));
    if length == 0 {
        return Ok(Ok(None));
    }
    let Some(head) = usize::try_from(length).ok().filter(|&length| length < i32::MAX as usize - 8) else {
        return Ok(Err(format!("a length of {length}")));
    };
    let head = head + 8;
    if !fill(reader, &mut bytes, head)? {
        return Ok(Err(cut()));
    }
    let body = match root_as_message(&bytes[8..]) {
        Ok(message) => message.bodyLength(),
        Err(error) => return Ok(Err(format!("a broken message: {error}"))),
    };
    let Some(end) = usize::try_from(body).ok().and_then(|body| head.checked_add(body)) else {
        return Ok(Err(format!("a length of {body}")));
    };
    match fill(reader, &mut bytes, end)? {
        true => Ok(Ok(Some(Whole { bytes, head }))),
        false => Ok(Err(cut())),
    }
}

/// Reads until there are so many bytes; false where the input ends before. Takes no more memory than there are bytes.
fn fill(reader: &mut impl Read, bytes: &mut Vec<u8>, length: usize) -> io::Result<bool> {
    let missing = length.saturating_sub(bytes.len());
    reader.take(missing as u64).read_to_end(bytes)?;
    Ok(bytes.len() == length)
}

fn cut() -> String {
    "the end of the input in the middle of it".to_owned()
}

/// Checks what a batch says about the sizes of its buffers, which are allocated before they are filled.
fn check(header: &Header<'_>, body: &[u8]) -> Result<(), String> {
    if header.compression().is_none() {
        return Ok(());
    }
    for buffer in header.buffers().into_iter().flatten() {
        let (offset, length) = (usize::try_from(buffer.offset()).ok(), usize::try_from(buffer.length()).ok());
        let Some(bytes) = offset.zip(length).and_then(|(offset, length)| body.get(offset..offset.checked_add(length)?))
        else {
            return Err("a buffer beyond the body".to_owned());
        };
        // -1 says that it is not compressed.
        let Some(first) = bytes.first_chunk::<8>() else { continue };
        let size = i64::from_le_bytes(*first);
        if size > FREE && size / RATIO > buffer.length() || size < -1 {
            return Err(format!("a buffer of {} bytes that says it holds {size}", buffer.length()));
        }
    }
    Ok(())
}
