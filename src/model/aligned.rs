//! Buffers aligned to cache lines.

/// The size of a cache line in bytes. Vector loads and stores in aligned buffers do not cross one.
pub(crate) const LINE_BYTES: usize = 64;

/// A buffer whose first element starts a cache line; it grows on demand.
#[derive(Debug, Default)]
pub(crate) struct Aligned<T>(Vec<T>);

impl<T: Copy + Default> Aligned<T> {
    const LINE: usize = LINE_BYTES / size_of::<T>();

    /// The first `len` elements, as the last use left them; unspecified if the buffer had to grow.
    pub(crate) fn first(&mut self, len: usize) -> &mut [T] {
        if self.0.len() < len + Self::LINE {
            self.0.resize(len + Self::LINE, T::default());
        }
        let start = self.start();
        &mut self.0[start..start + len]
    }

    /// All elements: at least as many as were last requested.
    pub(crate) fn all(&self) -> &[T] {
        self.0.get(self.start()..).unwrap_or_default()
    }

    /// Like [`all`](Self::all), but mutable.
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
    fn elements_start_at_a_cache_line_and_keep_their_values() {
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
    fn bytes_start_at_a_cache_line() {
        let mut memory = Aligned::<u8>::default();
        assert_eq!((memory.first(3).len(), memory.first(3).as_ptr().addr() % 64), (3, 0));
    }
}
