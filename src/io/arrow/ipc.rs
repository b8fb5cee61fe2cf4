//! Reads Arrow: a stream message after message, a file by the places that its end tells.

use std::io::{self, BufRead, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::file::reader::Length;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{
    Block, Endianness, Message, MessageHeader, MetadataVersion, RecordBatch as Header, root_as_footer, root_as_message,
};
use arrow_schema::{ArrowError, SchemaRef};

use super::batches::{Batch, Batches};
use super::bytes::Chunks;
use super::texts::unchecked_texts;
use crate::io::error::clip;
use crate::io::{Error, RowGroup, RowPlace};

/// What precedes the length of a message.
const CONTINUATION: [u8; 4] = [0xFF; 4];
/// A compressed buffer is at most so many times smaller than its content, beyond so many bytes.
const RATIO: i64 = 250;
const FREE: i64 = 16 << 20;

/// The rows of a stream or file of Arrow.
pub(super) struct IpcBatches {
    path: String,
    messages: Messages,
    schema: SchemaRef,
    decoder: FileDecoder,
    /// The number of batches that were read.
    batch: u64,
    /// The number of rows that were read.
    rows: u64,
    is_done: bool,
}

/// Where messages come from.
enum Messages {
    Stream(Box<dyn BufRead + Send>),
    /// A file, and where its messages are.
    File(Chunks, std::vec::IntoIter<Block>),
}

impl Messages {
    /// The next message; `None` at the end. The inner error is about what was read; after it nothing more can be read of a stream.
    fn next(&mut self) -> io::Result<Result<Option<Whole>, String>> {
        let (chunks, block) = match self {
            Self::Stream(reader) => return read_message(reader),
            Self::File(chunks, blocks) => match blocks.next() {
                Some(block) => (chunks, block),
                None => return Ok(Ok(None)),
            },
        };
        let number = |n: i64| u64::try_from(n).ok();
        let places = (number(block.offset()), number(i64::from(block.metaDataLength())), number(block.bodyLength()));
        let (Some(offset), Some(head), Some(body)) = places else {
            return Ok(Err("a place before the beginning".to_owned()));
        };
        let Some(length) = head.checked_add(body).and_then(|length| usize::try_from(length).ok()) else {
            return Ok(Err(cut()));
        };
        match chunks.part(offset, length) {
            Ok(bytes) => Ok(Whole::of_block(bytes, head as usize).map(Some)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Err(cut())),
            Err(error) => Err(error),
        }
    }

    fn is_stream(&self) -> bool {
        matches!(self, Self::Stream(_))
    }
}

/// A message with its body.
struct Whole {
    bytes: Vec<u8>,
    /// Of the head, with what precedes it.
    head: usize,
}

impl Whole {
    /// A block of a file, of which so many bytes are the head.
    fn of_block(mut bytes: Vec<u8>, mut head: usize) -> Result<Self, String> {
        // Before Arrow 0.15, nothing preceded the length.
        if !bytes.starts_with(&CONTINUATION) {
            bytes.splice(0..0, CONTINUATION);
            head += CONTINUATION.len();
        }
        if head < 8 || head > bytes.len() || i32::try_from(head).is_err() {
            return Err(format!("a head of {head} bytes"));
        }
        Ok(Self { bytes, head })
    }

    fn message(&self) -> Result<Message<'_>, String> {
        root_as_message(&self.bytes[8..self.head]).map_err(|error| error.to_string())
    }
}

impl IpcBatches {
    /// A stream, read message after message.
    pub(super) fn of_stream(mut reader: Box<dyn BufRead + Send>, path: &str, texts: &[&str]) -> Result<Self, Error> {
        let wrong = |found: String| wrong(path, "a stream or file of Arrow", found);
        let failed = |error| Error::read(path, error);
        let mut head = Vec::new();
        fill(&mut reader, &mut head, 8).map_err(failed)?;
        if !head.starts_with(&CONTINUATION) {
            let first = String::from_utf8_lossy(&head).into_owned();
            return Err(wrong(if head.is_empty() { "nothing".to_owned() } else { format!("{first:?}") }));
        }
        let mut reader: Box<dyn BufRead + Send> = Box::new(Cursor::new(head).chain(reader));
        let read = read_message(&mut reader).map_err(failed)?;
        let read = read.map_err(&wrong)?.ok_or_else(|| wrong("its end".to_owned()))?;
        let message = read.message().map_err(&wrong)?;
        let Some(columns) = message.header_as_schema() else {
            return Err(wrong(format!("{:?} in place of the columns", message.header_type())));
        };
        Self::new(Messages::Stream(reader), columns, message.version(), path, texts)
    }

    /// A file, whose end says where everything is.
    pub(super) fn of_file(chunks: Chunks, path: &str, texts: &[&str]) -> Result<Self, Error> {
        let wrong = |found: String| wrong(path, "a file of Arrow", found);
        let cut = |_| wrong("no end of one: it may be cut".to_owned());
        let size = chunks.len();
        let end = chunks.part(size.saturating_sub(10), 10).map_err(cut)?;
        let end = end.try_into().expect("ten bytes");
        let length = read_footer_length(end).map_err(|error| wrong(clip(&error.to_string())))?;
        let start = size.checked_sub(10 + length as u64).ok_or_else(|| wrong(format!("an end of {length} bytes")))?;
        let footer = chunks.part(start, length).map_err(cut)?;
        let footer = root_as_footer(&footer).map_err(|error| wrong(clip(&error.to_string())))?;
        let columns = footer.schema().ok_or_else(|| wrong("no columns".to_owned()))?;
        let dictionaries = footer.dictionaries().into_iter().flatten();
        let blocks: Vec<Block> = dictionaries.chain(footer.recordBatches().into_iter().flatten()).copied().collect();
        Self::new(Messages::File(chunks, blocks.into_iter()), columns, footer.version(), path, texts)
    }

    fn new(
        messages: Messages,
        columns: arrow_ipc::Schema<'_>,
        version: MetadataVersion,
        path: &str,
        texts: &[&str],
    ) -> Result<Self, Error> {
        let wrong = |found: String| wrong(path, "a stream or file of Arrow", found);
        if columns.endianness() != Endianness::Little {
            return Err(wrong("numbers with the most significant byte first".to_owned()));
        }
        let schema = guarded(|| try_fb_to_schema(columns)).map_err(|error| wrong(clip(&error)))?;
        let schema = Arc::new(unchecked_texts(&schema, texts));
        let decoder = FileDecoder::new(Arc::clone(&schema), version);
        Ok(Self { path: path.to_owned(), messages, schema, decoder, batch: 0, rows: 0, is_done: false })
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
                let decoded = sound.and_then(|()| guarded(|| self.decoder.read_record_batch(&block, &buffer)));
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
                let decoded = sound.and_then(|()| guarded(|| self.decoder.read_dictionary(&block, &buffer)));
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
            match self.messages.next() {
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(Error::read(&self.path, error)));
                }
                Ok(Err(found)) => {
                    self.is_done = self.messages.is_stream();
                    self.batch += u64::from(!self.is_done);
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

/// What a decoder gives; damage that it does not expect is an error as well.
fn guarded<T>(decode: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(decoded) => decoded.map_err(|error| error.to_string()),
        Err(_) => Err("damage that stops the reader".to_owned()),
    }
}

fn wrong(path: &str, expected: &str, found: String) -> Error {
    Error::row(path, RowPlace::default(), expected, found)
}

/// Checks what a batch says about the places of its buffers, and about their sizes, which are allocated before they are filled.
fn check(header: &Header<'_>, body: &[u8]) -> Result<(), String> {
    let is_compressed = header.compression().is_some();
    for buffer in header.buffers().into_iter().flatten() {
        let (offset, length) = (usize::try_from(buffer.offset()).ok(), usize::try_from(buffer.length()).ok());
        let Some(bytes) = offset.zip(length).and_then(|(offset, length)| body.get(offset..offset.checked_add(length)?))
        else {
            return Err("a buffer beyond the body".to_owned());
        };
        // -1 says that it is not compressed.
        let Some(first) = bytes.first_chunk::<8>().filter(|_| is_compressed) else { continue };
        let size = i64::from_le_bytes(*first);
        if size > FREE && size / RATIO > buffer.length() || size < -1 {
            return Err(format!("a buffer of {} bytes that says it holds {size}", buffer.length()));
        }
    }
    Ok(())
}
