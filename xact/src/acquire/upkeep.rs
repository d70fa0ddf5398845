//! The periodic work of a pool: returns idle connections to sqlx, and keeps the least number open.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::sleep;

use super::PoolInner;
use super::guard::ConnectionGuard;
use crate::deadlines::Deadline;

/// Runs until the pool is dropped.
pub(super) async fn keep_up(inner: Weak<PoolInner>, period: Duration) {
    loop {
        // Let go of before the sleep: held over it, the pool would live a period longer than its
        // last user.
        if let Some(inner) = inner.upgrade() {
            open_missing(&inner).await;
        }
        sleep(period).await;
        let Some(inner) = inner.upgrade() else {
            return;
        };
        while let Some(guard) = take_overdue(&inner) {
            guard.retire();
        }
        let limit = inner.deadlines.answer;
        inner.canceller.close_unused(period, limit).await;
    }
}

/// A connection that has to be returned to sqlx. It keeps a permit until then, so that no transaction with a permit finds sqlx's
/// places all taken.
fn take_overdue(inner: &Arc<PoolInner>) -> Option<ConnectionGuard> {
    let permit = Arc::clone(&inner.permits).try_acquire_owned().ok()?;
    let limit = inner.limit();
    let overdue = {
        let mut idle = inner.lock_idle();
        let found = idle.iter().position(|idle| idle.since.elapsed() >= limit)?;
        idle.swap_remove(found)
    };
    Some(ConnectionGuard::reuse(inner, overdue, Some(permit)))
}

/// Opens connections until there are as many as the pool has to keep.
///
/// sqlx would do so too, but at once for each connection that is closed, even while its session has not ended.
async fn open_missing(inner: &Arc<PoolInner>) {
    // Held until all are open: one that was released at once would be found idle and taken again.
    let mut kept = Vec::new();
    while inner.size() < inner.least {
        let Ok(permit) = Arc::clone(&inner.permits).try_acquire_owned() else {
            break;
        };
        let deadline = Deadline::after(inner.deadlines.acquire);
        match inner.acquire_with(permit, &deadline).await {
            Ok(guard) => kept.push(guard),
            Err(cause) => {
                tracing::debug!(%cause, "a connection to keep cannot be opened");
                break;
            }
        }
    }
    kept.into_iter().for_each(ConnectionGuard::release);
}
