//! A pool that other code uses too, by sqlx alone.
//!
//! Each transaction here resets its session, and with it all that `after_connect` set: a role, a `search_path`. So that the other
//! code never meets such a session, a connection that a transaction had is not returned to the pool. It is kept for further
//! transactions, and closed in the end. In the other direction, a session is reset before a transaction runs in it.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::PgPool;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};
use tokio::time::sleep;

use super::canceller::Canceller;
use super::ending::EndingSessions;
use super::guard::ConnectionGuard;
use super::startup::Startup;
use super::{PoolInner, upkeep};
use crate::deadlines::Deadlines;
use crate::error::Cause;
use crate::session::Shared;
use crate::span::ServerName;
use crate::target_session::TargetSessionAttrs;
use crate::watch::Watch;

/// How long a connection is kept if the pool has no other left: the other code may wait for it. A new connection takes some
/// 20 ms, so that this costs a transaction that needs one 2 % at most.
const CROWDED: Duration = Duration::from_secs(1);

/// How long it is kept otherwise, unless the pool has a shorter limit.
const LONGEST: Duration = Duration::from_mins(10);

impl PoolInner {
    /// The connections of a pool that other code uses too. Its options are left as they are, so that it has no settings in the
    /// startup message, and no session of it is known to belong to one connection alone.
    pub(crate) fn share(pool: PgPool) -> Arc<Self> {
        let options = pool.options();
        let limits = [options.get_idle_timeout(), options.get_max_lifetime()];
        let plain = (*pool.connect_options()).clone();
        let deadlines = Deadlines::new(options.get_acquire_timeout());
        let inner = Arc::new(Self {
            permits: Arc::new(Semaphore::new(options.get_max_connections() as usize)),
            deadlines,
            watch: Watch::new(deadlines.answer),
            wanted: TargetSessionAttrs::Any,
            is_shared: true,
            idle: Mutex::default(),
            returned: Notify::new(),
            longest: limits.into_iter().flatten().fold(LONGEST, Duration::min),
            least: 0,
            refused: None,
            sessions: Shared::default(),
            server: ServerName::from_options(&plain),
            prepared: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            plain,
            canceller: Canceller::default(),
            ending: EndingSessions::default(),
            runtime: Handle::current(),
            startup: Startup::new(),
            pool,
        });
        // Weak, so that the task does not keep the pool alive.
        tokio::spawn(upkeep::keep_up(Arc::downgrade(&inner), CROWDED));
        inner
    }

    /// How long a connection may be kept here at this moment.
    pub(super) fn limit(&self) -> Duration {
        if self.is_shared && self.is_crowded() {
            CROWDED.min(self.longest)
        } else {
            self.longest
        }
    }

    /// Whether other code that needs a connection has to wait for one.
    fn is_crowded(&self) -> bool {
        self.pool.num_idle() == 0 && self.pool.size() >= self.pool.options().get_max_connections()
    }

    /// Why no connection was to be had, although fewer transactions are open than there may be connections.
    pub(super) fn explain_wait(&self, waited: Duration) -> Cause {
        if self.is_shared && self.is_crowded() {
            self.exhausted(waited)
        } else {
            Cause::Unreachable { waited }
        }
    }

    /// Closes the pool, but only the connections of transactions here if it is also that of other code. Waits for them.
    pub(super) async fn close_pool(&self) {
        if !self.is_shared {
            return self.pool.close().await;
        }
        let all = self.pool.options().get_max_connections() as usize;
        // All permits are back when no transaction of this pool is open, whatever other code does
        // with its own connections.
        while self.permits.available_permits() < all {
            sleep(Duration::from_millis(5)).await;
        }
    }
}

impl ConnectionGuard {
    /// Whether the session may be in a transaction that sqlx does not know of: when the future of a `begin()` is dropped, sqlx can
    /// return an open transaction to its pool.
    pub(crate) fn may_be_in_transaction(&self) -> bool {
        self.inner().is_shared && !self.is_reused()
    }

    /// Stops keeping the connection: returns it to a pool of ours, closes it if the pool is shared.
    pub(super) fn retire(self) {
        if self.inner().is_shared {
            self.close();
        } else {
            self.return_to_sqlx();
        }
    }
}
