//! Working memory for scoring.

use std::any::Any;
use std::fmt;

/// Working memory for an [`Encoder`](super::Encoder): one per scoring thread, reused from call to call.
///
/// An encoder keeps whatever it needs in here, in a type of its own. The memory survives between calls as long as the same type is
/// requested, so that scoring need not allocate once it has grown to the largest batch. Requesting another type, as a different
/// kind of encoder does, starts over with that type's default.
///
/// ```
/// use allonym::model::Scratch;
///
/// #[derive(Default)]
/// struct Workspace {
///     logits: Vec<f32>,
/// }
///
/// let mut scratch = Scratch::default();
/// scratch.get::<Workspace>().logits.push(0.5);
/// assert_eq!(scratch.get::<Workspace>().logits, [0.5]);
/// ```
#[derive(Default)]
pub struct Scratch {
    memory: Option<Box<dyn Any + Send>>,
}

impl Scratch {
    /// Returns the memory of type `T` as the last call left it, or `T::default()` if the last call used another type.
    pub fn get<T: Default + Send + 'static>(&mut self) -> &mut T {
        let memory = self.memory.get_or_insert_with(|| Box::<T>::default());
        if !memory.is::<T>() {
            *memory = Box::<T>::default();
        }
        memory.downcast_mut().expect("the memory was just checked to be of this type")
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("is_empty", &self.memory.is_none()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_survives_until_another_type_is_requested() {
        fn send<T: Send>(_: &T) {}
        let mut scratch = Scratch::default();
        send(&scratch);
        scratch.get::<Vec<f32>>().push(1.0);
        assert_eq!(*scratch.get::<Vec<f32>>(), [1.0]);
        assert!(scratch.get::<Vec<u8>>().is_empty());
        assert!(scratch.get::<Vec<f32>>().is_empty());
    }
}
