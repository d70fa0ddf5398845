//! Closures that run after the commit, and only then.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

type Hook = Box<dyn FnOnce() + Send + Sync>;

/// The hooks of one transaction, in the order they were given.
#[derive(Default)]
pub(crate) struct Hooks(Vec<Hook>);

impl Hooks {
    pub(crate) fn add(&mut self, hook: Hook) {
        self.0.push(hook);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets all hooks but the first `length`: those given since a savepoint.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// Runs every hook, also after one that panics; the first panic goes on when all have run.
    pub(crate) fn run_all(&mut self) {
        let mut panic = None;
        // The transaction is committed: a hook that panics must not keep the others from running.
        for hook in self.0.drain(..) {
            if let Err(payload) = catch_unwind(AssertUnwindSafe(hook)) {
                panic.get_or_insert(payload);
            }
        }
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
    }
}
