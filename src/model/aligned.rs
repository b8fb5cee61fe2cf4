//! Where do vectors lie in memory?

/// Bytes of a cache line, which no vector of the processor then reads or writes across.
pub(crate) const LINE_BYTES: usize = 64;

/// Memory for numbers that begin with a cache line; it grows when it must.
#[derive(Debug, Default)]
pub(crate) struct Aligned<T>(Vec<T>);

impl<T: Copy + Default> Aligned<T> {
    const LINE: usize = LINE_BYTES / size_of::<T>();

    /// The first `len` numbers; their values are whatever the last use left, or anything if the memory grew.
    pub(crate) fn first(&mut self, len: usize) -> &mut [T] {
        if self.0.len() < len + Self::LINE {
            self.0.resize(len + Self::LINE, T::default());
        }
        let start = self.start();
        &mut self.0[start..start + len]
    }

    /// All numbers, of which there are at least as many as were asked for last.
    pub(crate) fn all(&self) -> &[T] {
        self.0.get(self.start()..).unwrap_or_default()
    }

    /// As [`all`](Self::all), to be written.
    pub(crate) fn all_mut(&mut self) -> &mut [T] {
        let start = self.start();
        self.0.get_mut(start..).unwrap_or_default()
    }

    fn start(&self) -> usize {
        self.0.as_ptr().addr().wrapping_neg() % LINE_BYTES / size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_with_a_cache_line_and_stay() {
        let mut memory = Aligned::<f32>::default();
        assert!(memory.all().is_empty());
        for len in [1, 16, 100, 5_000, 300] {
            let numbers = memory.first(len);
            assert_eq!((numbers.len(), numbers.as_ptr().addr() % 64), (len, 0));
            numbers.fill(len as f32);
            assert_eq!(memory.first(len), vec![len as f32; len]);
            assert_eq!(memory.all()[..len], vec![len as f32; len]);
        }
        assert_eq!(memory.first(5_000)[300..], [5_000.0; 4_700]);
        memory.all_mut()[0] = 7.0;
        assert_eq!(memory.first(2), [7.0, 300.0]);
    }

    #[test]
    fn bytes_do_too() {
        let mut memory = Aligned::<u8>::default();
        assert_eq!((memory.first(3).len(), memory.first(3).as_ptr().addr() % 64), (3, 0));
    }
}
