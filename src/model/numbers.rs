//! Where do vectors of numbers lie in memory?

/// Numbers of a cache line, which no vector of the processor then reads or writes across.
const LINE: usize = 16;

/// Memory for numbers that begin with a cache line; it grows when it must.
#[derive(Debug, Default)]
pub(crate) struct Numbers(Vec<f32>);

impl Numbers {
    /// The first `len` numbers; their values are whatever the last use left, or anything if the memory grew.
    pub(crate) fn first(&mut self, len: usize) -> &mut [f32] {
        if self.0.len() < len + LINE {
            self.0.resize(len + LINE, 0.0);
        }
        let start = self.0.as_ptr().addr().wrapping_neg() % (LINE * size_of::<f32>()) / size_of::<f32>();
        &mut self.0[start..start + len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_with_a_cache_line_and_stay() {
        let mut memory = Numbers::default();
        for len in [1, 16, 100, 5_000, 300] {
            let numbers = memory.first(len);
            assert_eq!((numbers.len(), numbers.as_ptr().addr() % 64), (len, 0));
            numbers.fill(len as f32);
            assert_eq!(memory.first(len), vec![len as f32; len]);
        }
        assert_eq!(memory.first(5_000)[300..], [5_000.0; 4_700]);
    }
}
