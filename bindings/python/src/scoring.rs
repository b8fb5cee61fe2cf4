//! `score`: how good is a system, and what does it get wrong?

use allonym::Document;
use allonym::eval::report::{Report, ReportOptions};
use allonym::eval::{Input, Missing, Pairing, PairingOptions, pair};
use allonym::io::{Documents, Format, ReadOptions};
use allonym::label::{Repair, Scheme};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::document::Doc;
use crate::errors::{Class, Exception};
use crate::{process, waiting};

/// A report with all that its pages show.
#[pyclass(frozen, module = "allonym._allonym")]
pub(crate) struct Scored {
    report: Report,
    pairing: Pairing,
}

#[pymethods]
impl Scored {
    fn json(&self, py: Python<'_>) -> String {
        py.detach(|| serde_json::to_string(&self.report).expect("figures and strings are written as JSON"))
    }

    fn text(&self, py: Python<'_>) -> String {
        py.detach(|| self.report.text(str::to_owned))
    }

    fn brief(&self, py: Python<'_>) -> String {
        py.detach(|| self.report.brief())
    }

    fn markdown(&self, py: Python<'_>) -> String {
        py.detach(|| self.report.markdown())
    }

    fn html(&self, py: Python<'_>) -> String {
        py.detach(|| self.report.html(&self.pairing.corpus))
    }
}

/// A side: its name with its documents, or with its tags as the text of a CoNLL file.
enum Side {
    Documents(Vec<Document>),
    Tags(String),
}

impl Side {
    fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<PyString>() {
            return Ok(Self::Tags(given.extract()?));
        }
        let docs: Vec<Py<Doc>> = given.extract()?;
        Ok(Self::Documents(docs.iter().map(|doc| doc.get().document.clone()).collect()))
    }

    fn documents(self, scheme: Scheme, repair: Repair) -> Result<Vec<Document>, allonym::io::Error> {
        match self {
            Self::Documents(documents) => Ok(documents),
            Self::Tags(rows) => {
                let options = ReadOptions::default().format(Format::Conll).scheme(scheme).repair(repair);
                Documents::read(std::io::Cursor::new(rows.into_bytes()), "tags", &options).collect()
            }
        }
    }
}

/// What can be wrong with the sides.
enum Failure {
    Read(allonym::io::Error),
    Pairing(allonym::eval::PairingError),
}

/// Scores systems against the gold. Each side is a name with a list of `Doc`s, or with a `str` of CoNLL rows.
#[pyfunction]
#[pyo3(signature = (gold, systems, *, labels, label_map, missing, scheme, strict, samples, threads))]
#[expect(clippy::too_many_arguments, reason = "the arguments of the function in Python")]
pub(crate) fn score(
    py: Python<'_>,
    gold: &Bound<'_, PyAny>,
    systems: Vec<(String, Bound<'_, PyAny>)>,
    labels: Option<Vec<String>>,
    label_map: Vec<(String, String)>,
    missing: bool,
    scheme: &str,
    strict: bool,
    samples: u32,
    threads: usize,
) -> PyResult<Scored> {
    let pool = process::pool(py, threads);
    let scheme: Scheme =
        scheme.parse().map_err(|error: allonym::label::UnknownScheme| Class::Input.with(py, error.to_string()))?;
    let repair = if strict { Repair::Discard } else { Repair::Begin };
    let gold = Side::of(gold)?;
    let systems: Vec<(String, Side)> =
        systems.into_iter().map(|(name, side)| Ok((name, Side::of(&side)?))).collect::<PyResult<_>>()?;
    let missing = if missing { Missing::Count } else { Missing::Refuse };
    let mut pairing_options = PairingOptions::default().label_map(label_map).missing(missing).pool(pool.clone());
    pairing_options.labels = labels;
    let options = ReportOptions::default().samples(samples).repair(repair).pool(pool.clone());
    let work = move |_: &allonym::pipeline::Stop| -> Result<Scored, Failure> {
        let read = |side: Side| side.documents(scheme, repair).map_err(Failure::Read);
        let gold = Input::new("gold", read(gold)?);
        let systems = systems.into_iter().map(|(name, side)| Ok(Input::new(name, read(side)?)));
        let systems = systems.collect::<Result<Vec<_>, _>>()?;
        let pairing = pair(gold, systems, &pairing_options).map_err(Failure::Pairing)?;
        let report = Report::new(&pairing, &options);
        Ok(Scored { report, pairing })
    };
    waiting::run(py, &pool, work)?.map_err(|failure| match failure {
        Failure::Read(error) => error.raised(py),
        Failure::Pairing(error) => error.raised(py),
    })
}
