//! Options of a linker.

use super::{AliasTable, Constraints};
use crate::Pool;

/// How to link.
///
/// ```
/// use allonym::Pool;
/// use allonym::link::{Constraints, LinkOptions};
///
/// let constraints = Constraints::new(&[], &[("Nawaz Sharif", "Shehbaz Sharif")])?;
/// let options = LinkOptions::default().constraints(constraints).pool(Pool::new(2));
/// # assert_eq!(options.pool.n_threads(), 2);
/// # Ok::<(), allonym::link::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LinkOptions {
    /// Names that the user knows: their entities get the user's name, label and id. Default: none.
    pub aliases: AliasTable,
    /// Pairs of names that are forced to be one entity or forbidden to be. Default: none.
    pub constraints: Constraints,
    /// Threads that linking runs on. Default: a pool of the linker's own, with one thread a processor, started at first use.
    pub pool: Pool,
}

impl LinkOptions {
    /// Sets [`aliases`](Self::aliases).
    #[must_use]
    pub fn aliases(mut self, aliases: AliasTable) -> Self {
        self.aliases = aliases;
        self
    }

    /// Sets [`constraints`](Self::constraints).
    #[must_use]
    pub fn constraints(mut self, constraints: Constraints) -> Self {
        self.constraints = constraints;
        self
    }

    /// Sets [`pool`](Self::pool).
    #[must_use]
    pub fn pool(mut self, pool: Pool) -> Self {
        self.pool = pool;
        self
    }
}
