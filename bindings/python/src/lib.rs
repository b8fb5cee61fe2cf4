//! The extension module of the Python package `allonym`: what its Python files make a package of.
//!
//! Three rules hold in all of it. The lock of the interpreter is released while the library works. Signals are looked for while
//! something waits for it. And what has threads belongs to the process that made it: see [`process`].

mod arrow;
mod document;
mod engine;
mod entities;
mod errors;
mod files;
mod layout;
mod linking;
mod mentions;
mod names;
mod pipe;
mod process;
mod program;
mod scoring;
mod waiting;

#[pyo3::pymodule]
mod _allonym {
    #[pymodule_export]
    use crate::arrow::{ArrowTable, added_columns};
    #[pymodule_export]
    use crate::document::Doc;
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::files::{Reader, formats, page, write};
    #[pymodule_export]
    use crate::linking::{Links, link_documents};
    #[pymodule_export]
    use crate::names::compare;
    #[pymodule_export]
    use crate::pipe::Pipe;
    #[pymodule_export]
    use crate::program::run;
    #[pymodule_export]
    use crate::scoring::{Scored, score};

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        use pyo3::types::PyModuleMethods;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
