//! Reports: all figures of one system or more in one place.
//!
//! A [`Report`] serialises to JSON: counts are integers, ratios are from 0 to 1, and an undefined ratio (its denominator is
//! zero) is `null`. As text, Markdown or HTML it shows the same figures in percent.

mod agreement;
mod common_error;
mod content;
mod difference;
mod forms;
mod html;
mod inputs;
mod options;
mod section;
mod sections;
mod stamp;
mod summary;
mod system;
mod text;
mod unknown_labels;

pub use agreement::AgreementReport;
pub use content::Report;
pub use difference::DifferenceReport;
pub use inputs::{InputRole, InputStamp, SchemeStamp};
pub use options::ReportOptions;
pub use stamp::Stamp;
pub use system::{DocumentScores, SystemReport};
