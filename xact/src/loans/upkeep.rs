//! The periodic work of a pool: returns idle connections to sqlx, and keeps the least number open.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::sleep;

use super::Loans;
use super::loan::Loan;
use crate::deadlines::Deadline;

/// Runs until the pool is dropped.
pub(super) async fn keep_up(loans: Weak<Loans>, period: Duration) {
    loop {
        // Let go of before the sleep: held over it, the pool would live a period longer than its
        // last user.
        if let Some(loans) = loans.upgrade() {
            open_missing(&loans).await;
        }
        sleep(period).await;
        let Some(loans) = loans.upgrade() else {
            return;
        };
        while let Some(loan) = take_overdue(&loans) {
            loan.retire();
        }
        let limit = loans.deadlines.answer;
        loans.canceller.close_unused(period, limit).await;
    }
}

/// A connection that has to be returned to sqlx. It keeps a permit until then, so that no transaction with a permit finds sqlx's
/// places all taken.
fn take_overdue(loans: &Arc<Loans>) -> Option<Loan> {
    let permit = Arc::clone(&loans.permits).try_acquire_owned().ok()?;
    let limit = loans.limit();
    let overdue = {
        let mut idle = loans.lock_idle();
        let found = idle.iter().position(|idle| idle.since.elapsed() >= limit)?;
        idle.swap_remove(found)
    };
    Some(Loan::reuse(loans, overdue, Some(permit)))
}

/// Opens connections until there are as many as the pool has to keep.
///
/// sqlx would do so too, but at once for each connection that is closed, even while its session has not ended.
async fn open_missing(loans: &Arc<Loans>) {
    // Held until all are open: one that was released at once would be found idle and taken again.
    let mut kept = Vec::new();
    while loans.size() < loans.least {
        let Ok(permit) = Arc::clone(&loans.permits).try_acquire_owned() else {
            break;
        };
        let deadline = Deadline::after(loans.deadlines.acquire);
        match loans.acquire_with(permit, &deadline).await {
            Ok(loan) => kept.push(loan),
            Err(cause) => {
                tracing::debug!(%cause, "a connection to keep cannot be opened");
                break;
            }
        }
    }
    kept.into_iter().for_each(Loan::release);
}
