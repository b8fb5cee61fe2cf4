//! The memory that one thread scores in.

use std::any::Any;
use std::fmt;

/// Working memory for an [`Encoder`](super::Encoder): one for each thread that scores, reused from call to call.
///
/// An encoder keeps in it whatever it needs, as a type of its own choice. The memory survives from one call to the next as long as the
/// same type is asked for, so that scoring need not allocate once it has grown to the largest batch; a scratch that another kind of
/// encoder used before starts anew.
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
    /// The memory of this type: as the last call left it, or its default.
    pub fn get<T: Default + Send + 'static>(&mut self) -> &mut T {
        let memory = self.memory.get_or_insert_with(|| Box::<T>::default());
        if !memory.is::<T>() {
            *memory = Box::<T>::default();
        }
        memory.downcast_mut().expect("it was just made of this type")
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
    fn memory_stays_until_another_type_is_asked_for() {
        fn send<T: Send>(_: &T) {}
        let mut scratch = Scratch::default();
        send(&scratch);
        scratch.get::<Vec<f32>>().push(1.0);
        assert_eq!(*scratch.get::<Vec<f32>>(), [1.0]);
        assert!(scratch.get::<Vec<u8>>().is_empty());
        assert!(scratch.get::<Vec<f32>>().is_empty());
    }
}
