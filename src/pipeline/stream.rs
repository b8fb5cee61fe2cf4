//! Documents of any number, one result each, in order.

use std::fmt;

use super::error::Error;
use super::ordered::{Ordered, Step};
use crate::pool::Pool;
use crate::text::Document;

/// What can go through a [`Stream`]: a document, perhaps with something of the caller's that travels with it.
pub trait HasDocument: Send + 'static {
    /// The document; `None` where there is none to work on.
    fn document(&self) -> Option<&Document>;

    /// The document, to be changed.
    fn document_mut(&mut self) -> Option<&mut Document>;
}

impl HasDocument for Document {
    fn document(&self) -> Option<&Document> {
        Some(self)
    }

    fn document_mut(&mut self) -> Option<&mut Document> {
        Some(self)
    }
}

/// A document with the caller's context.
impl<C: Send + 'static> HasDocument for (Document, C) {
    fn document(&self) -> Option<&Document> {
        Some(&self.0)
    }

    fn document_mut(&mut self) -> Option<&mut Document> {
        Some(&mut self.0)
    }
}

/// A document that may not have been read: the error keeps its place in the stream.
impl<E: Send + 'static> HasDocument for Result<Document, E> {
    fn document(&self) -> Option<&Document> {
        self.as_ref().ok()
    }

    fn document_mut(&mut self) -> Option<&mut Document> {
        self.as_mut().ok()
    }
}

/// The results of a step over many documents: one for each, in their order, in memory that does not grow with their number.
///
/// The documents are read in a thread of their own and worked on in the [`Pool`], chunk by chunk. When the input pauses, what it has
/// given comes out at once. A stream that is dropped stops reading; its thread ends with the document that it is waiting for.
///
/// [`Pipeline::stream`](super::Pipeline::stream) makes streams that tag and link. A step of your own:
///
/// ```
/// use allonym::pipeline::Stream;
/// use allonym::{Document, Pool};
///
/// let texts = ["Rain in Beirut.", "Sun in Oslo."];
/// let documents = texts.into_iter().map(|text| (Document::new("", text), text.len()));
/// let step = |items: &mut [(Document, usize)]| -> Vec<Result<usize, std::convert::Infallible>> {
///     items.iter().map(|(document, _)| Ok(document.text.split(' ').count())).collect()
/// };
/// let mut stream = Stream::new(&Pool::new(1), documents, step);
/// let lengths: Vec<usize> = stream.by_ref().map(|item| item.map(|(_, length)| length)).collect::<Result<_, _>>()?;
/// assert_eq!((lengths, stream.n_words()), (vec![15, 12], 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Stream<T, E = Error> {
    results: Ordered<T, (T, Result<usize, E>)>,
    n_words: u64,
}

impl<T: HasDocument, E: Send + 'static> Stream<T, E> {
    /// Runs `step` over all items on the threads of `pool`. It gets some items at a time and returns for each its number of words, or
    /// why it failed.
    ///
    /// # Panics
    /// [`next`](Iterator::next) panics when the items or the step do, or when the step does not return one result for each item.
    pub fn new<I>(
        pool: &Pool,
        items: I,
        step: impl Fn(&mut [T]) -> Vec<Result<usize, E>> + Send + Sync + 'static,
    ) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        let work = move |mut items: Vec<T>| {
            let results = step(&mut items);
            assert_eq!(results.len(), items.len(), "a step returns one result for each item");
            items.into_iter().zip(results).collect()
        };
        let weigh = |item: &T| item.document().map_or(0, |document| document.text.len());
        let results = Ordered::new(pool.clone(), items.into_iter(), Step { work: Box::new(work), weigh });
        Self { results, n_words: 0 }
    }

    /// The number of words of the documents that have come out so far.
    pub fn n_words(&self) -> u64 {
        self.n_words
    }

    /// How many results can be taken without waiting. At 0 it is time to flush what was made of them.
    pub fn buffered(&self) -> usize {
        self.results.buffered()
    }
}

impl<T: HasDocument, E: Send + 'static> Iterator for Stream<T, E> {
    type Item = Result<T, Failed<T, E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (item, result) = self.results.next()?;
        Some(match result {
            Ok(n_words) => {
                self.n_words += n_words as u64;
                Ok(item)
            }
            Err(error) => Err(Failed { item, error }),
        })
    }
}

impl<T, E> fmt::Debug for Stream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("n_words", &self.n_words).finish_non_exhaustive()
    }
}

/// An item that a step failed on, as it was before.
#[derive(Debug)]
pub struct Failed<T, E = Error> {
    /// The item.
    pub item: T,
    /// Why it failed.
    pub error: E,
}

impl<T, E: fmt::Display> fmt::Display for Failed<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<T: fmt::Debug, E: std::error::Error> std::error::Error for Failed<T, E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
