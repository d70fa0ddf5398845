//! The deadlines of waits that the pool starts by itself.
//!
//! A network that stops carrying packets gives no error, so a wait for an answer would never end. So each wait that the
//! pool starts by itself has a deadline: BEGIN, ROLLBACK, a return, a health check, a cancellation, `close()`. A query and
//! a COMMIT have none, because only the user knows how long they may take.

use std::time::Duration;

use tokio::time::Instant;

/// An answer to a message that needs no work of the server takes a round trip, and longer only if the server is overloaded.
const LONGEST_ANSWER: Duration = Duration::from_secs(5);

/// A busy machine may need this long to serve a connection, however short the time to acquire one is.
const SHORTEST_ANSWER: Duration = Duration::from_secs(1);

/// The limits of one pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// For a connection with a transaction on it.
    pub(crate) acquire: Duration,
    /// For one answer.
    pub(crate) answer: Duration,
}

impl Deadlines {
    /// Several attempts fit into the time that a transaction waits for a connection.
    pub(crate) fn new(acquire: Duration) -> Self {
        // A sixth: two silent connections, a new one with TLS, and its BEGIN fit, with as much again in reserve.
        let answer = (acquire / 6).clamp(SHORTEST_ANSWER.min(acquire / 2), LONGEST_ANSWER);
        Self { acquire, answer }
    }
}

/// A moment, and the time that was given to reach it, which errors show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) waited: Duration,
}

impl Deadline {
    pub(crate) fn after(limit: Duration) -> Self {
        Self {
            // `Duration::MAX` means no limit and overflows the clock; a year is as good as none.
            at: Instant::now()
                .checked_add(limit)
                .unwrap_or_else(|| Instant::now() + Duration::from_hours(24 * 365)),
            waited: limit,
        }
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    pub(crate) fn is_over(&self) -> bool {
        self.remaining().is_zero()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Deadlines;

    #[test]
    fn an_answer_has_a_fraction_of_the_time_for_a_connection() {
        for (acquire, answer) in [
            (60_000, 5_000),
            (30_000, 5_000),
            (12_000, 2_000),
            (5_000, 1_000),
            (1_000, 500),
            (0, 0),
        ] {
            let deadlines = Deadlines::new(Duration::from_millis(acquire));
            assert_eq!(deadlines.answer, Duration::from_millis(answer));
        }
        assert_eq!(Deadlines::new(Duration::MAX).answer, Duration::from_secs(5));
    }
}
