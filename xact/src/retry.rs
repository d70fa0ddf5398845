//! Repeating a transaction that failed because of a conflict with another.

use std::time::Duration;

use crate::{Error, Pool, Scope, Xact};

/// How often a transaction is repeated, and how long to wait before.
///
/// The wait is random, between nothing and a limit that doubles with each try, so that transactions which met once do not meet
/// again.
///
/// ```
/// use std::time::Duration;
/// use xact::Retry;
///
/// let patient = Retry::times(10).backoff(Duration::from_millis(5), Duration::from_secs(2));
/// assert_eq!(Retry::default(), Retry::times(5));
/// # let _ = patient;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    limit: u32,
    first: Duration,
    longest: Duration,
}

impl Retry {
    /// Repeats a transaction at most so many times.
    pub fn times(limit: u32) -> Self {
        Self {
            limit,
            first: Duration::from_millis(10),
            longest: Duration::from_secs(1),
        }
    }

    /// Waits at most `first` before the first repetition, twice that before the next, and never more than `longest`. 10 ms and
    /// 1 s unless said otherwise.
    #[must_use]
    pub fn backoff(self, first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            ..self
        }
    }

    /// How long to wait before a repetition, counted from 0.
    pub(crate) fn draw_wait(&self, repetition: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(repetition);
        let limit = self.first.saturating_mul(doubled).min(self.longest);
        // Full jitter: conflicting transactions fail at the same moment, and equal waits would let them meet again.
        limit.mul_f64(fastrand::f64())
    }
}

/// Five times.
impl Default for Retry {
    fn default() -> Self {
        Self::times(5)
    }
}

impl Pool {
    /// Runs `body` in a transaction, as [`xact`](Self::xact) does, and again in a new one when it failed because of a serialization
    /// failure, a deadlock, or a statement that was prepared before a migration: of a query, also one whose error `body` wrapped
    /// or swallowed, or of the commit.
    ///
    /// Each run is one of a clone of `body`, so values that it captures are cloned, and nothing can be captured by `&mut`. Side
    /// effects outside of the transaction have to be harmless to repeat, or belong in [`Xact::after_commit`]. Errors of the [raw
    /// connection](Xact::connection) are seen by `body` alone, and are not retried; those of [`Xact::sql`] are.
    ///
    /// ```
    /// # async fn example<S: xact::Scope + Clone>(pool: &xact::Pool, scope: S) -> Result<(), xact::Error> {
    /// use xact::{Isolation, Retry, TransactionOptions};
    ///
    /// let serializable = pool.with(TransactionOptions::new().isolation(Isolation::Serializable));
    /// let answer = serializable
    ///     .retry(Retry::default(), scope, async |q| {
    ///         let _orm = q.orm();
    ///         Ok::<_, xact::Error>(42)
    ///     })
    ///     .await?;
    /// # let _ = answer; Ok(()) }
    /// ```
    ///
    /// A transaction whose commit is unknown ([`Error::is_commit_unknown`]) is not repeated: it might be done twice.
    ///
    /// # Errors
    /// Those of [`xact`](Self::xact); of a conflict, when the last repetition met one too.
    ///
    /// # Cancellation
    /// As with [`xact`](Self::xact), at any of its runs.
    pub async fn retry<S, T, E>(
        &self,
        retry: Retry,
        scope: S,
        body: impl AsyncFnOnce(&mut Xact<S>) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        S: Scope + Clone,
        E: From<Error>,
    {
        for repetition in 0..retry.limit {
            match self.run_once(scope.clone(), body.clone()).await {
                // The conflict of the transaction decides and not the error of the body, which may
                // have wrapped it.
                Err(failure) if failure.conflict => {
                    let wait = retry.draw_wait(repetition);
                    tracing::debug!(scope = S::NAME, ?wait, "running again after a conflict");
                    tokio::time::sleep(wait).await;
                }
                ended => return ended.map_err(|failure| failure.error),
            }
        }
        let ended = self.run_once(scope, body).await;
        ended.map_err(|failure| failure.error)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Retry;

    #[test]
    fn a_wait_is_random_within_a_limit_that_doubles_up_to_the_longest() {
        let retry = Retry::times(3).backoff(Duration::from_millis(8), Duration::from_millis(30));
        for (repetition, limit) in [(0, 8), (1, 16), (2, 30), (3, 30), (u32::MAX, 30)] {
            let waits: Vec<Duration> = (0..1000).map(|_| retry.draw_wait(repetition)).collect();
            let limit = Duration::from_millis(limit);
            assert!(waits.iter().all(|wait| *wait <= limit));
            assert!(waits.iter().any(|wait| *wait > limit / 2));
            assert!(waits.iter().any(|wait| *wait < limit / 2));
        }
    }
}
