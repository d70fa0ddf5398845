//! A thread with room for trees that nest deep: their depth is bounded when they are read, and
//! this stack is large enough for every walk over a tree of that depth.

use crate::report::Failure;
use std::thread::Builder;

/// Only the used part of it takes memory.
const STACK: usize = 256 << 20;

/// Runs `work` to its end on a thread of its own.
pub(in crate::query) fn run<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    std::thread::scope(|scope| {
        let thread = Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| Failure::Internal(format!("no thread to analyse queries: {error}")))?;
        thread
            .join()
            // A panic there is a bug, and has to end the command as it would on this thread.
            .or_else(|panic| std::panic::resume_unwind(panic))
    })
}
