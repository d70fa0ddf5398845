//! Deadlines of short waits without a timer for each.
//!
//! Almost every BEGIN is answered long before its deadline, but a timer that is due before all others wakes the thread that waits for
//! the network: on a runtime of several threads that is a system call and two thread switches for each transaction. So one
//! task looks at all waits of a pool every now and then, and runs only while there are some.

use std::future::poll_fn;
use std::mem::{replace, swap};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// A wait ends late by a tenth of its limit at most, which no caller notices; ten looks a second cost nothing.
const LONGEST_TICK: Duration = Duration::from_millis(100);
const SHORTEST_TICK: Duration = Duration::from_millis(1);

/// The waits of a pool.
pub(crate) struct Watch {
    tick: Duration,
    waits: Mutex<Waits>,
}

#[derive(Default)]
struct Waits {
    list: Vec<Wait>,
    /// The number of the next wait.
    next: u64,
    /// Whether the task runs.
    is_ticking: bool,
    /// Whether a wait began since the task last looked. The task ends after a tick without any, not as soon as the list
    /// is empty: between two transactions it is.
    is_used: bool,
}

struct Wait {
    number: u64,
    until: Instant,
    waker: Waker,
}

impl Watch {
    /// For waits of about this limit.
    pub(crate) fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self {
            tick: (limit / 10).clamp(SHORTEST_TICK, LONGEST_TICK),
            waits: Mutex::default(),
        })
    }

    /// Waits for a future, but no longer than `limit` and a tick. `None` if it was not ready by then.
    ///
    /// The future is given pinned, because an argument that is pinned here would be stored twice.
    pub(crate) async fn limit<F: Future>(
        self: &Arc<Self>,
        limit: Duration,
        mut future: Pin<&mut F>,
    ) -> Option<F::Output> {
        let until = Instant::now() + limit;
        let mut registration = Registration {
            watch: self,
            number: None,
        };
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            if Instant::now() >= until {
                return Poll::Ready(None);
            }
            registration.update(until, context.waker());
            Poll::Pending
        })
        .await
    }

    fn start_ticking(self: &Arc<Self>) {
        let ticking = Ticking {
            watch: Arc::clone(self),
            is_over: false,
        };
        tokio::spawn(wake_periodically(ticking));
    }

    /// Wakes the waits that are over. Whether to go on looking.
    fn wake_overdue(&self) -> bool {
        let now = Instant::now();
        let mut waits = self.lock_waits();
        let goes_on = std::mem::take(&mut waits.is_used) || !waits.list.is_empty();
        waits.is_ticking = goes_on;
        let overdue = waits.copy_wakers(|wait| wait.until <= now);
        drop(waits);
        overdue.iter().for_each(Waker::wake_by_ref);
        goes_on
    }

    fn lock_waits(&self) -> MutexGuard<'_, Waits> {
        // No code that holds the lock can leave the list half done, so a poisoned lock is as good as any.
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Invariant: no waker is woken or dropped under the lock. It may own a task that has another wait.
impl Waits {
    fn copy_wakers(&self, is_wanted: impl Fn(&Wait) -> bool) -> Vec<Waker> {
        let wanted = self.list.iter().filter(|wait| is_wanted(wait));
        wanted.map(|wait| wait.waker.clone()).collect()
    }

    fn add_wait(&mut self, until: Instant, waker: Waker) -> u64 {
        let number = self.next;
        self.next += 1;
        self.is_used = true;
        self.list.push(Wait {
            number,
            until,
            waker,
        });
        number
    }

    fn find_wait(&self, number: u64) -> Option<usize> {
        self.list.iter().position(|wait| wait.number == number)
    }
}

/// One wait, in the list from its first pending poll until it is dropped.
struct Registration<'a> {
    watch: &'a Arc<Watch>,
    number: Option<u64>,
}

impl Registration<'_> {
    fn update(&mut self, until: Instant, waker: &Waker) {
        let mut replaced = waker.clone();
        let mut waits = self.watch.lock_waits();
        match self.number.and_then(|number| waits.find_wait(number)) {
            Some(place) => swap(&mut waits.list[place].waker, &mut replaced),
            None => self.number = Some(waits.add_wait(until, waker.clone())),
        }
        // On each poll: the runtime that the task ran on may have been shut down.
        let is_ticking = replace(&mut waits.is_ticking, true);
        drop(waits);
        drop(replaced);
        if !is_ticking {
            self.watch.start_ticking();
        }
    }
}

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else {
            return;
        };
        let mut waits = self.watch.lock_waits();
        let place = waits.find_wait(number);
        let removed = place.map(|place| waits.list.swap_remove(place));
        drop(waits);
        drop(removed);
    }
}

/// The right to tick. If its runtime is shut down, the waits of other runtimes are woken, and the first of them starts another
/// task.
struct Ticking {
    watch: Arc<Watch>,
    is_over: bool,
}

impl Drop for Ticking {
    fn drop(&mut self) {
        // Once it is over, the mark belongs to the next task.
        if self.is_over {
            return;
        }
        let mut waits = self.watch.lock_waits();
        waits.is_ticking = false;
        let all = waits.copy_wakers(|_| true);
        drop(waits);
        all.iter().for_each(Waker::wake_by_ref);
    }
}

async fn wake_periodically(mut ticking: Ticking) {
    while !ticking.is_over {
        sleep(ticking.watch.tick).await;
        ticking.is_over = !ticking.watch.wake_overdue();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use std::future::{pending, ready};
    use std::pin::pin;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use tokio::runtime::{Builder, Runtime};

    use super::Watch;

    const LIMIT: Duration = Duration::from_millis(50);

    fn start_runtime() -> Runtime {
        Builder::new_multi_thread().enable_all().build().unwrap()
    }

    /// Waits for a future that is never ready. Gives how long that took.
    async fn wait(watch: &Arc<Watch>) -> Duration {
        let started = Instant::now();
        assert_eq!(watch.limit(LIMIT, pin!(pending::<()>())).await, None);
        started.elapsed()
    }

    #[tokio::test]
    async fn a_wait_ends_with_its_future_or_at_its_limit() {
        let watch = Watch::new(LIMIT);
        let at_once = watch.limit(Duration::ZERO, pin!(ready(7))).await;
        assert_eq!(at_once, Some(7));
        for _ in 0..3 {
            let took = wait(&watch).await;
            assert!(took >= LIMIT && took < LIMIT * 10, "{took:?}");
        }
    }

    #[tokio::test]
    async fn the_task_ends_when_nothing_waits() {
        let watch = Watch::new(LIMIT);
        wait(&watch).await;
        for _ in 0..100 {
            if Arc::strong_count(&watch) == 1 {
                let waits = watch.lock_waits();
                return assert!(waits.list.is_empty() && !waits.is_ticking);
            }
            tokio::time::sleep(watch.tick).await;
        }
        panic!("the task still runs");
    }

    #[test]
    fn a_wait_outlives_the_runtime_that_ticks_for_it() {
        let watch = Watch::new(LIMIT);
        let (first, second) = (start_runtime(), start_runtime());
        first.block_on(wait(&watch));
        let waiting = second.spawn({
            let watch = Arc::clone(&watch);
            async move { wait(&watch).await }
        });
        first.shutdown_background();
        let took = second.block_on(waiting).unwrap();
        assert!(took < LIMIT * 20, "{took:?}");
    }
}
