//! Entities in Python: objects of the class in `allonym/_types.py`.

use allonym::text::{Entity, Fields};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

/// Some entities.
pub(crate) fn of(py: Python<'_>, entities: &[Entity]) -> PyResult<Py<PyTuple>> {
    let made = entities.iter().map(|entity| one(py, entity)).collect::<PyResult<Vec<_>>>()?;
    Ok(PyTuple::new(py, made)?.unbind())
}

fn one<'py>(py: Python<'py>, entity: &Entity) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = CLASS.import(py, "allonym._types", "Entity")?;
    let aliases = PyTuple::new(py, entity.aliases.iter().map(|alias| alias.name.as_str()))?;
    let kb = PyDict::new(py);
    entity.kb.iter().try_for_each(|(base, id)| kb.set_item(base, id))?;
    class.call1((
        entity.id.as_str(),
        entity.name.as_str(),
        entity.label.as_str(),
        aliases,
        // A count of the input that is not the sum over the aliases.
        entity.extra.raw("mentions").and_then(|raw| raw.parse().ok()).unwrap_or_else(|| entity.mentions()),
        kb,
        entity.documents,
        fields(py, &entity.extra, "mentions")?,
    ))
}

/// Fields that allonym does not know, as Python's `json` reads them. One of them is known: the library keeps how the input wrote it.
pub(crate) fn fields<'py>(py: Python<'py>, fields: &Fields, known: &str) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    if !fields.is_empty() {
        let loads = py.import("json")?.getattr("loads")?;
        for (name, value) in fields.iter().filter(|(name, _)| *name != known) {
            dict.set_item(name, loads.call1((value.get(),))?)?;
        }
    }
    Ok(dict)
}
