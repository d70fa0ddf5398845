//! The periodic work of a pool: gives connections that were not needed back to sqlx, and keeps the least number open.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::sleep;

use super::Loans;
use super::loan::Loan;
use crate::deadlines::Deadline;

/// Runs until the pool is gone.
pub(super) async fn keep_up(loans: Weak<Loans>, period: Duration) {
    loop {
        if let Some(loans) = loans.upgrade() {
            fill(&loans).await;
        }
        sleep(period).await;
        let Some(loans) = loans.upgrade() else {
            return;
        };
        while let Some(loan) = take_overdue(&loans, period) {
            loan.rest();
        }
        let limit = loans.deadlines.answer;
        loans.canceller.rest(period, limit).await;
    }
}

/// A connection that has to go back to sqlx. It keeps a permit until it is there, so that no transaction waits for its
/// place in vain.
fn take_overdue(loans: &Arc<Loans>, period: Duration) -> Option<Loan> {
    let permit = Arc::clone(&loans.permits).try_acquire_owned().ok()?;
    let overdue = {
        let mut waiting = loans.waiting();
        let found = waiting
            .iter()
            .position(|waiting| waiting.since.elapsed() >= period)?;
        waiting.swap_remove(found)
    };
    Some(Loan::reuse(loans, overdue, Some(permit)))
}

/// Opens connections until there are as many as the pool has to keep.
///
/// sqlx would do so too, but at once for each connection that is closed, also while the server has not let go of it.
async fn fill(loans: &Arc<Loans>) {
    let mut kept = Vec::new();
    while loans.size() < loans.least {
        let Ok(permit) = Arc::clone(&loans.permits).try_acquire_owned() else {
            break;
        };
        let deadline = Deadline::after(loans.deadlines.acquire);
        match loans.lend_with(permit, &deadline).await {
            Ok(loan) => kept.push(loan),
            Err(cause) => {
                tracing::debug!(%cause, "a connection to keep cannot be made");
                break;
            }
        }
    }
    kept.into_iter().for_each(Loan::give_back);
}
