//! The option itself.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::cli::files::Files;

/// Where a run reports on itself.
#[derive(Debug, Args)]
pub(crate) struct ReportTo {
    /// Write a report on this run as JSON: inputs, options, model, counts, failures, and how it ended
    #[arg(id = "report", long, value_name = "FILE.json")]
    pub(crate) path: Option<PathBuf>,
}

impl ReportTo {
    /// Lists the file.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn list(&self, files: &mut Files) -> Result<()> {
        if self.path.as_ref().is_some_and(|path| path.as_os_str() == "-") {
            bail!("--report: expected a file, such as run.json, found -");
        }
        files.writes("--report", self.path.as_deref());
        Ok(())
    }
}
