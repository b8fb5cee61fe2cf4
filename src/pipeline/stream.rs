//! Streams: any number of documents, one result each, in order.

use std::fmt;
use std::task::Poll;
use std::time::Duration;

use super::error::Error;
use super::ordered::{Ordered, Step};
use super::taker::Taker;
use crate::pool::Pool;
use crate::text::Document;

/// An item of a [`Stream`]: a document, perhaps with some context of the caller's.
pub trait HasDocument: Send + 'static {
    /// The document; `None` if the item has none to process.
    fn document(&self) -> Option<&Document>;

    /// The document, mutably; `None` if the item has none to process.
    fn document_mut(&mut self) -> Option<&mut Document>;

    /// The tagger that takes the document, where the caller knows already; by default `None`, and the pipeline finds out.
    fn taker(&self) -> Option<Taker> {
        None
    }
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

/// A document that could perhaps not be read: the error keeps its place in the stream.
impl<E: Send + 'static> HasDocument for Result<Document, E> {
    fn document(&self) -> Option<&Document> {
        self.as_ref().ok()
    }

    fn document_mut(&mut self) -> Option<&mut Document> {
        self.as_mut().ok()
    }
}

/// The results of a step over many documents: one per document, in order, in memory that does not grow with their number.
///
/// Documents are read on a separate thread and processed on the [`Pool`], chunk by chunk. When the input pauses, the results of what
/// was read so far come out right away. Dropping a stream stops the reading; its thread ends once the document it is waiting for
/// arrives.
///
/// [`Pipeline::stream`](super::Pipeline::stream) creates streams that tag and link. Here is a stream with a custom step:
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
    /// Runs `step` over all items on the threads of `pool`. It is called with a few items at a time and returns, for each, its number
    /// of words or an error.
    ///
    /// # Panics
    /// [`next`](Iterator::next) panics when `items` or `step` panics, or when `step` does not return one result per item.
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
            assert_eq!(results.len(), items.len(), "a step returns one result per item");
            items.into_iter().zip(results).collect()
        };
        let weigh = |item: &T| item.document().map_or(0, Document::weight);
        let results = Ordered::new(pool.clone(), items.into_iter(), Step { work: Box::new(work), weigh });
        Self { results, n_words: 0 }
    }

    /// The number of words in the documents returned so far; failed ones are not counted.
    pub fn n_words(&self) -> u64 {
        self.n_words
    }

    /// A call that ends the stream, from any thread: results that are available without waiting still come.
    #[cfg(feature = "cli")]
    pub(crate) fn stopper(&self) -> impl Fn() + Send + 'static {
        self.results.stopper()
    }

    /// The next result if it comes within `patience`, for a caller who has to look after something else meanwhile; `Ready(None)` at the end.
    ///
    /// ```
    /// use std::task::Poll;
    /// use std::time::Duration;
    ///
    /// use allonym::pipeline::Stream;
    /// use allonym::{Document, Pool};
    ///
    /// let (send, receive) = std::sync::mpsc::channel();
    /// let step = |items: &mut [Document]| -> Vec<Result<usize, std::convert::Infallible>> { vec![Ok(0); items.len()] };
    /// let mut stream = Stream::new(&Pool::new(1), receive, step);
    /// assert!(stream.poll_for(Duration::from_millis(1)).is_pending());
    ///
    /// send.send(Document::new("a", "Rain in Beirut"))?;
    /// drop(send);
    /// assert!(matches!(stream.poll_for(Duration::from_secs(60)), Poll::Ready(Some(Ok(_)))));
    /// assert!(matches!(stream.poll_for(Duration::from_secs(60)), Poll::Ready(None)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn poll_for(&mut self, patience: Duration) -> Poll<Option<<Self as Iterator>::Item>> {
        self.results.poll_for(patience).map(|next| next.map(|done| self.count(done)))
    }

    /// Counts the words of an item that is done.
    fn count(&mut self, (item, result): (T, Result<usize, E>)) -> Result<T, Failed<T, E>> {
        match result {
            Ok(n_words) => {
                self.n_words += n_words as u64;
                Ok(item)
            }
            Err(error) => Err(Failed { item, error }),
        }
    }

    /// The number of results available without waiting. At 0, flush any output, since the next call may wait.
    pub fn buffered(&self) -> usize {
        self.results.buffered()
    }
}

impl<T: HasDocument, E: Send + 'static> Iterator for Stream<T, E> {
    type Item = Result<T, Failed<T, E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let done = self.results.next()?;
        Some(self.count(done))
    }
}

impl<T, E> fmt::Debug for Stream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("n_words", &self.n_words).finish_non_exhaustive()
    }
}

/// An item that a step failed on.
#[derive(Debug)]
pub struct Failed<T, E = Error> {
    /// The item, as the step left it; [`Pipeline`](super::Pipeline) leaves it unchanged.
    pub item: T,
    /// The error that the step returned.
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
