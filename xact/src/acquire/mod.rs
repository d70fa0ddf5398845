//! The connections of a pool, each acquired by one transaction at a time, without a message to the server before or after.
//!
//! sqlx's pool opens the connections, limits their number and retires them, but it pings a connection each time it is returned,
//! which is one round trip in four of a short transaction. A connection whose transaction is known to have ended needs
//! no ping, so it is kept idle here for the next one, and is returned to sqlx only every few seconds.
//!
//! Lock order: a permit is acquired before the list of idle connections is locked, and that lock is never held over an await.

mod canceller;
mod connect;
mod ending;
mod guard;
mod session;
mod sharing;
mod startup;
mod upkeep;

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres};
use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use self::canceller::Canceller;
use self::ending::EndingSessions;
pub(crate) use self::guard::ConnectionGuard;
use self::session::Backend;
pub(crate) use self::session::Session;
use self::startup::Startup;
use crate::deadlines::{Deadline, Deadlines};
use crate::error::Cause;
use crate::nul;
use crate::session::{Known, Shared};
use crate::span::ServerName;
use crate::target_session::TargetSessionAttrs;
use crate::watch::Watch;

/// How long a connection may be kept here before it is returned to sqlx's pool, which enforces its idle time and lifetime. Ten
/// seconds make both exact enough, and the ping rare.
const LONGEST: Duration = Duration::from_secs(10);

/// Room for prepared statements that are no query of a module, beside those that are. sqlx's own default.
const UNNAMED: usize = 100;

/// How long a transaction waits for a new connection alone, before it also takes one that is released. Dropping each
/// attempt at once would cost the server a process that is never used.
const GRACE: Duration = Duration::from_millis(100);

/// How long to wait before connecting again if the server is not a wanted one: a failover takes seconds.
const PAUSE: Duration = Duration::from_millis(200);

/// The connections of a pool.
pub(crate) struct PoolInner {
    pub(crate) pool: PgPool,
    pub(crate) deadlines: Deadlines,
    /// The deadlines of answers to BEGIN.
    pub(crate) watch: Arc<Watch>,
    pub(crate) wanted: TargetSessionAttrs,
    /// Whether the pool is also that of other code.
    is_shared: bool,
    /// One for each connection there may be. sqlx counts them too, but wakes no waiting transaction when one is released here.
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<IdleConnection>>,
    /// The known facts about the sessions behind the connections.
    pub(crate) sessions: Shared,
    /// Notified when a connection is released, for transactions whose new connection cannot be opened.
    returned: Notify,
    longest: Duration,
    /// The number of connections that are kept open.
    least: usize,
    server: ServerName,
    /// The reason why no connection can be opened: a part of the startup message would hold a NUL byte.
    refused: Option<String>,
    /// The number of a module's statements that a new connection keeps prepared.
    prepared: AtomicUsize,
    pending: AtomicUsize,
    startup: Startup,
    /// The options without those of `startup`.
    plain: PgConnectOptions,
    canceller: Canceller,
    ending: EndingSessions,
    /// Where connections are closed, because the pool may be dropped outside of any runtime.
    runtime: Handle,
}

/// A connection that is idle until the next transaction.
struct IdleConnection {
    connection: PoolConnection<Postgres>,
    since: Instant,
    backend: Option<Backend>,
    known: Known,
}

/// A connection that no other transaction has.
enum Found {
    Idle(IdleConnection),
    /// A new one, or one that sqlx kept.
    Made(PoolConnection<Postgres>),
}

/// Counts a transaction that waits, for as long as it lives.
struct Pending<'a>(&'a AtomicUsize);

impl<'a> Pending<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl PoolInner {
    pub(crate) fn new(
        options: PgPoolOptions,
        connection: PgConnectOptions,
        wanted: TargetSessionAttrs,
    ) -> Arc<Self> {
        let longest = [options.get_idle_timeout(), options.get_max_lifetime()];
        let startup = Startup::new();
        let refused = nul::refuse_in_startup(&connection).err();
        let least = match refused {
            Some(_) => 0,
            None => options.get_min_connections() as usize,
        };
        let period = longest.into_iter().flatten().fold(LONGEST, Duration::min);
        let deadlines = Deadlines::new(options.get_acquire_timeout());
        let inner = Arc::new(Self {
            permits: Arc::new(Semaphore::new(options.get_max_connections() as usize)),
            deadlines,
            watch: Watch::new(deadlines.answer),
            wanted,
            is_shared: false,
            idle: Mutex::default(),
            returned: Notify::new(),
            longest: period,
            least,
            refused,
            sessions: Shared::default(),
            server: ServerName::from_options(&connection),
            prepared: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            plain: connection.clone(),
            canceller: Canceller::default(),
            ending: EndingSessions::default(),
            runtime: Handle::current(),
            pool: options
                // A dead connection is found by BEGIN, so a ping would cost a round trip and find it no earlier. The least
                // number of connections is kept by `upkeep`, which waits for sessions that are still ending.
                .test_before_acquire(false)
                .min_connections(0)
                .connect_lazy_with(startup.add_to(connection)),
            startup,
        });
        tokio::spawn(upkeep::keep_up(Arc::downgrade(&inner), period));
        inner
    }

    /// An idle connection, if there is one and no other transaction waits for it. Nothing is awaited.
    pub(crate) fn acquire_idle(self: &Arc<Self>) -> Option<ConnectionGuard> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        let idle = self.pop_idle()?;
        Some(ConnectionGuard::reuse(self, idle, Some(permit)))
    }

    /// A connection that no other transaction has; a new one if none is idle.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        deadline: &Deadline,
    ) -> Result<ConnectionGuard, Cause> {
        self.check_startup()?;
        let waited = deadline.waited;
        let permit = match timeout_at(deadline.at, self.acquire_permit()).await {
            Ok(permit) => permit?,
            Err(_elapsed) => return Err(self.exhausted(waited)),
        };
        self.acquire_with(permit, deadline).await
    }

    fn exhausted(&self, waited: Duration) -> Cause {
        Cause::Exhausted {
            connections: self.pool.options().get_max_connections(),
            waited,
        }
    }

    /// Whether a startup message can be made of the settings.
    pub(crate) fn check_startup(&self) -> Result<(), Cause> {
        match &self.refused {
            Some(problem) => Err(Cause::Refused(problem.clone())),
            None => Ok(()),
        }
    }

    async fn acquire_with(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        deadline: &Deadline,
    ) -> Result<ConnectionGuard, Cause> {
        let waited = deadline.waited;
        let found = match timeout_at(deadline.at, self.find_connection()).await {
            Err(_) | Ok(Err(sqlx::Error::PoolTimedOut)) => return Err(self.explain_wait(waited)),
            Ok(found) => found.map_err(Cause::Sqlx)?,
        };
        match found {
            Found::Idle(idle) => Ok(ConnectionGuard::reuse(self, idle, Some(permit))),
            // A guard from here on, because dropping a `PoolConnection` may wait for ever.
            Found::Made(connection) => {
                let mut guard = ConnectionGuard::new(self, connection, Some(permit));
                self.check_session(&mut guard).await?;
                Ok(guard)
            }
        }
    }

    /// Asks a new connection for its session, and refuses it if it is not a wanted one.
    async fn check_session(&self, guard: &mut ConnectionGuard) -> Result<(), Cause> {
        let behind_a_pooler = !self.startup.is_in(&self.pool.connect_options());
        if behind_a_pooler && self.wanted == TargetSessionAttrs::Any {
            return Ok(());
        }
        let session = guard.ask_session().await?;
        if session.is_wanted(self.wanted) {
            return Ok(());
        }
        Err(Cause::OtherSession(self.wanted))
    }

    async fn acquire_permit(&self) -> Result<OwnedSemaphorePermit, Cause> {
        let _pending = Pending::new(&self.pending);
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        permit.map_err(|_closed| Cause::Sqlx(sqlx::Error::PoolClosed))
    }

    /// An idle one, or a new one, or one that is released while no new one can be opened: the server or the role may
    /// have no connection left, and sqlx tries again until its time is over.
    async fn find_connection(&self) -> Result<Found, sqlx::Error> {
        if let Some(idle) = self.pop_idle() {
            return Ok(Found::Idle(idle));
        }
        let patience = Instant::now() + GRACE;
        let mut made = pin!(self.open_connection());
        loop {
            let returned = async {
                sleep_until(patience).await;
                if self.lock_idle().is_empty() {
                    self.returned.notified().await;
                }
            };
            tokio::select! {
                // The new connection first: if both are ready, dropping it would waste a process of the server.
                biased;
                made = &mut made => return made.map(Found::Made),
                () = returned => {}
            }
            if let Some(idle) = self.pop_idle() {
                // `Notify` stores one permit only: if two are released at once, the second wakes no one, so it is passed on here.
                if !self.lock_idle().is_empty() {
                    self.returned.notify_one();
                }
                return Ok(Found::Idle(idle));
            }
        }
    }

    fn pop_idle(&self) -> Option<IdleConnection> {
        self.lock_idle().pop()
    }

    /// Makes room for so many prepared statements on connections that are made from now on.
    pub(crate) fn prepare_up_to(&self, statements: usize) {
        if self.prepared.fetch_max(statements, Ordering::Relaxed) < statements {
            self.set_options((*self.pool.connect_options()).clone());
        }
    }

    fn set_options(&self, options: PgConnectOptions) {
        let options = match self.prepared.load(Ordering::Relaxed) {
            0 => options,
            statements => options.statement_cache_capacity(statements + UNNAMED),
        };
        self.pool.set_connect_options(options);
    }

    /// Closes every idle connection: one of them did not answer, and the network may have dropped all of them.
    pub(crate) fn distrust_idle(self: &Arc<Self>) {
        while let Some(guard) = ConnectionGuard::take_idle(self) {
            guard.give_up();
        }
        while let Some(connection) = self.pool.try_acquire() {
            ConnectionGuard::new(self, connection, None).give_up();
        }
    }

    /// Waits before the next attempt to find a wanted session.
    pub(crate) async fn pause() {
        sleep(PAUSE).await;
    }

    /// The number of connections, with those whose session has not ended yet.
    pub(crate) fn size(&self) -> usize {
        self.pool.size() as usize + self.ending.now()
    }

    /// The number of idle connections.
    pub(crate) fn idle(&self) -> usize {
        self.lock_idle().len() + self.pool.num_idle()
    }

    /// The number of transactions that wait for a connection.
    pub(crate) fn waiting_for_one(&self) -> usize {
        self.pending.load(Ordering::Relaxed)
    }

    /// The number of closed connections whose session has not ended yet.
    pub(crate) fn closing(&self) -> usize {
        self.ending.now()
    }

    /// The number of sessions, since the pool was created, that did not end in time.
    pub(crate) fn given_up(&self) -> usize {
        self.ending.given_up()
    }

    /// Refuses further transactions, and closes each connection when it is released. Waits for them within the acquire timeout.
    pub(crate) async fn close(self: &Arc<Self>) {
        // First the permits: a connection that is released from here on is closed and not kept idle.
        self.permits.close();
        while let Some(guard) = ConnectionGuard::take_idle(self) {
            guard.close();
        }
        let closed = timeout(self.deadlines.acquire, self.close_all()).await;
        if closed.is_err() {
            tracing::warn!(
                connections = self.size(),
                "the pool is closed, and transactions or connections of it are not"
            );
        }
    }

    async fn close_all(&self) {
        self.close_pool().await;
        while self.ending.now() > 0 {
            sleep(Duration::from_millis(5)).await;
        }
        self.canceller
            .close_unused(Duration::ZERO, self.deadlines.answer)
            .await;
    }

    fn lock_idle(&self) -> MutexGuard<'_, Vec<IdleConnection>> {
        // No code that holds the lock can leave the list half done, so a poisoned lock is as good as any.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PoolInner {
    fn drop(&mut self) {
        let _runtime = self.runtime.enter();
        let limit = self.deadlines.answer;
        for IdleConnection { connection, .. } in self.lock_idle().drain(..) {
            self.runtime.spawn(timeout(limit, connection.close()));
        }
    }
}
