//! The current phase of this process, for the progress display. It decides nothing.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

static NOW: Mutex<Option<String>> = Mutex::new(None);
static AT_ITS_END: OnceLock<fn()> = OnceLock::new();

/// Something that is being done. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Doing(());

/// Sets the current phase, in the continuous form: `reading the schema`.
#[must_use]
pub(crate) fn doing(what: impl Into<String>) -> Doing {
    *lock_current() = Some(what.into());
    Doing(())
}

impl Doing {
    /// Sets the next phase.
    #[must_use]
    pub(crate) fn then(self, what: impl Into<String>) -> Self {
        *lock_current() = Some(what.into());
        self
    }
}

impl Drop for Doing {
    fn drop(&mut self) {
        *lock_current() = None;
        if let Some(at_its_end) = AT_ITS_END.get() {
            at_its_end();
        }
    }
}

/// The current phase, if any.
///
/// ```
/// assert_eq!(xact_codegen::report::activity::now(), None);
/// ```
pub fn now() -> Option<String> {
    lock_current().clone()
}

/// Calls a function whenever something ends, so that it is not shown any longer. The first one counts.
///
/// ```
/// xact_codegen::report::activity::at_its_end(|| {});
/// ```
pub fn at_its_end(function: fn()) {
    let _ = AT_ITS_END.set(function);
}

/// A text is whole whatever happened to the thread that wrote it.
fn lock_current() -> MutexGuard<'static, Option<String>> {
    NOW.lock().unwrap_or_else(PoisonError::into_inner)
}
