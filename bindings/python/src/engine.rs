//! `Engine`: what a `Tagger` of Python runs. It has options, and finds the loaded model when it is asked to work.

use std::sync::{Arc, Mutex, PoisonError};

use allonym::model::{ForLanguage, LoadOptions, Models, Source};
use allonym::pipeline::Linking;
use allonym::text::Language;
use allonym::{Document, LinkOptions, Linker, Pipeline, Pool, Request, Tagger};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arrow::ArrowTable;
use crate::document::{Doc, Linked, utf8};
use crate::errors::{Class, Exception};
use crate::pipe::Pipe;
use crate::process::{self, Key, OfProcess};
use crate::waiting;

/// The models, the threads and the request of a tagger.
#[pyclass(frozen, module = "allonym._allonym")]
pub(crate) struct Engine {
    models: Models,
    threads: usize,
    request: Request,
    /// Once it was loaded in this process.
    pipeline: Mutex<Option<OfProcess<Pipeline>>>,
}

impl Engine {
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    pub(crate) fn pool(&self, py: Python<'_>) -> Pool {
        process::pool(py, self.threads)
    }

    /// The number of threads.
    pub(crate) fn n_threads(&self, py: Python<'_>) -> usize {
        self.pool(py).n_threads()
    }

    pub(crate) fn linked(&self) -> Linked {
        (self.request.linking == Linking::On).into()
    }

    /// The pipeline of this process, loaded if it was not yet.
    pub(crate) fn pipeline(&self, py: Python<'_>) -> PyResult<Pipeline> {
        let known =
            self.pipeline.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(OfProcess::get).cloned();
        if let Some(pipeline) = known {
            return Ok(pipeline);
        }
        let pool = self.pool(py);
        let tagger = self.tagger(py, self.models.name.as_deref(), &pool)?;
        tagger.labels(&self.request).map_err(|error| error.raised(py))?;
        let mut pipeline = Pipeline::new(tagger);
        if let Some(other) = &self.models.other {
            pipeline = pipeline.other(self.tagger(py, Some(&other.name), &pool)?, Language::is_foreign);
        }
        let pipeline = pipeline.linker(Linker::new(LinkOptions::default().pool(pool)));
        *self.pipeline.lock().unwrap_or_else(PoisonError::into_inner) = Some(OfProcess::new(pipeline.clone()));
        Ok(pipeline)
    }

    fn tagger(&self, py: Python<'_>, name: Option<&str>, pool: &Pool) -> PyResult<Arc<Tagger>> {
        let key = Key { model: name.map(str::to_owned), threads: self.threads };
        let (slot, options) = (process::slot(py, &key), LoadOptions::default().pool(pool.clone()));
        // A fork waits for it.
        let loading = py.import("allonym._fork")?.getattr("LOADING")?;
        loading.call_method0("acquire")?;
        let loaded = py.detach(move || {
            let mut tagger = slot.tagger.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(tagger) = &*tagger {
                return Ok(Arc::clone(tagger));
            }
            let loaded = Arc::new(Tagger::load(&source(key.model.as_deref())?, &options)?);
            warm(&loaded);
            *tagger = Some(Arc::clone(&loaded));
            Ok(loaded)
        });
        loading.call_method0("release")?;
        loaded.map_err(|error: allonym::pipeline::Error| error.raised(py))
    }
}

fn source(name: Option<&str>) -> Result<Source, allonym::model::Error> {
    Ok(match name {
        Some(name) => Source::find(name)?,
        None => Source::embedded()?,
    })
}

fn for_language(tag: &str) -> ForLanguage {
    let Ok(language) = tag.parse();
    language
}

/// Links one sentence, so that the tables of the library are read before the next fork, and not halfway.
fn warm(tagger: &Tagger) {
    let mut document = Document::new("", "Maria Lopez met Mario Lopez of the World Bank in Geneva.");
    let linker = Linker::new(LinkOptions::default().pool(tagger.pool().clone()));
    if tagger.tag(&mut document, &Request::default()).is_ok() {
        // A sentence of ours can be linked; if not, users will see it on their own documents.
        let _ = linker.link_document(&mut document);
    }
}

#[pymethods]
impl Engine {
    #[new]
    fn make(
        py: Python<'_>,
        chosen: (Option<String>, Option<String>),
        head: Option<String>,
        labels: Option<Vec<String>>,
        threads: usize,
        min_score: f32,
        link: bool,
    ) -> PyResult<Self> {
        let mut request = Request::default().min_score(min_score);
        request.head = head;
        request.labels = labels;
        if !(0.0..=1.0).contains(&min_score) {
            return Err(Class::Input.with(py, format!("expected a min_score from 0 to 1, found {min_score}")));
        }
        request.linking = if link { Linking::On } else { Linking::Off };
        let (model, language) = chosen;
        // A name that nothing has is best said at once; loading waits for the first text.
        let models = match language {
            Some(_) if model.is_some() => {
                return Err(Class::Input.with(py, "expected a model or a language, found both"));
            }
            Some(tag) => for_language(&tag).models(),
            None => source(model.as_deref()).map(|_| Models::named(model)),
        };
        let models = models.map_err(|error| error.raised(py))?;
        Ok(Self { models, threads, request, pipeline: Mutex::new(None) })
    }

    /// Loads the model, if it is not loaded.
    fn load(&self, py: Python<'_>) -> PyResult<()> {
        self.pipeline(py).map(|_| ())
    }

    #[getter]
    fn threads(&self, py: Python<'_>) -> usize {
        self.n_threads(py)
    }

    #[getter]
    fn labels(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let pipeline = self.pipeline(py)?;
        let labels = pipeline.tagger().labels(&self.request).map_err(|error| error.raised(py))?;
        Ok(labels.iter().map(ToString::to_string).collect())
    }

    #[getter]
    fn heads(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(self.pipeline(py)?.tagger().heads().iter().map(|head| head.name.clone()).collect())
    }

    fn tag(&self, text: &Bound<'_, PyString>, id: String) -> PyResult<Doc> {
        let py = text.py();
        let (pipeline, request) = (self.pipeline(py)?, self.request.clone());
        let mut document = Document::new(id, utf8(text)?);
        let pool = pipeline.tagger().pool().clone();
        let document = waiting::run(py, &pool, move |stop| {
            pipeline.process(&mut document, &request.stop(stop.clone())).map(|_| document)
        })?;
        let document = document.map_err(|error| error.raised(py))?;
        Ok(Doc::new(document, self.linked()).with_text(py, text.clone().unbind()))
    }

    /// The documents of an iterator, tagged; see `Pipe`.
    #[pyo3(signature = (items, *, text, id, batch_size))]
    fn pipe(&self, items: &Bound<'_, PyAny>, text: String, id: String, batch_size: usize) -> PyResult<Pipe> {
        Pipe::new(self, items, [text, id], batch_size)
    }

    #[pyo3(signature = (data, *, text, id, explode, on_error, lazy))]
    fn tag_arrow(
        &self,
        data: &Bound<'_, PyAny>,
        text: String,
        id: Option<String>,
        explode: bool,
        on_error: &str,
        lazy: bool,
    ) -> PyResult<ArrowTable> {
        ArrowTable::tagged(self, data, (text, id), explode, on_error, lazy)
    }
}
