//! Turns errors and panics inside rust-bert or libtorch into errors of this crate.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_bert::RustBertError;

use super::super::error::Error;

/// Runs `work` and turns its errors and panics into an error that names the model.
pub(super) fn guarded<T>(model: &str, work: impl FnOnce() -> Result<T, RustBertError>) -> Result<T, Error> {
    let failed = |message: &str| Error::Libtorch {
        model: model.to_owned(),
        // The lines after the first are a backtrace of libtorch's C++ code.
        message: message.lines().next().unwrap_or_default().to_owned(),
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(|error| failed(&error.to_string())),
        Err(panic) => Err(failed(&text(panic.as_ref()))),
    }
}

fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let text = text.unwrap_or("a panic without a message");
    // tch unwraps its errors, which formats them with `Debug`.
    let text = text.strip_prefix("called `Result::unwrap()` on an `Err` value: ").unwrap_or(text);
    let text = text.strip_prefix("Torch(\"").map_or(text, |text| text.trim_end_matches("\")"));
    text.replace("\\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_panics_name_the_model() {
        let error = guarded::<()>("m", || Err(RustBertError::ValueError("no".into()))).expect_err("an error");
        assert_eq!(error.to_string(), "model m: libtorch failed: Value error: no");
        let error = guarded::<()>("m", || panic!("index out of range\nfrom C++")).expect_err("a panic");
        assert_eq!(error.to_string(), "model m: libtorch failed: index out of range");
        let as_tch = || panic!("called `Result::unwrap()` on an `Err` value: Torch(\"wrong shape\\nframe #0: c10\")");
        let error = guarded::<()>("m", as_tch).expect_err("a panic");
        assert_eq!(error.to_string(), "model m: libtorch failed: wrong shape");
        assert_eq!(guarded("m", || Ok(3)).expect("no error"), 3);
    }
}
