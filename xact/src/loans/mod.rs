//! The connections of a pool, lent to one transaction each, with no word to the server before or after.
//!
//! sqlx's pool makes the connections, limits their number and retires them, but it pings a connection each time it takes it
//! back, which is one round trip in four of a short transaction. A connection whose transaction is known to have ended needs
//! no ping, so it waits here for the next one, and goes back to sqlx only when it has not been there for a while.

mod canceller;
mod connect;
mod letting_go;
mod loan;
mod session;
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
use self::letting_go::LettingGo;
pub(crate) use self::loan::Loan;
use self::session::Backend;
pub(crate) use self::session::Session;
use self::startup::Startup;
use crate::deadlines::{Deadline, Deadlines};
use crate::error::Cause;
use crate::nul;
use crate::session::{Known, Shared};
use crate::settings::TargetSessionAttrs;
use crate::span::ServerName;

/// How long a connection may stay away from sqlx's pool, which tests it and retires it when its time has come.
const LONGEST: Duration = Duration::from_secs(10);

/// Room for statements that are no query of a module. sqlx's own default.
const UNNAMED: usize = 100;

/// How long a transaction waits for a new connection alone, before it also takes one that is given back. Dropping each
/// attempt at once would cost the server a process that serves no one.
const GRACE: Duration = Duration::from_millis(100);

/// How long to wait before connecting again where the server is not the wanted one.
const PAUSE: Duration = Duration::from_millis(200);

/// The connections of a pool.
pub(crate) struct Loans {
    pub(crate) pool: PgPool,
    pub(crate) deadlines: Deadlines,
    pub(crate) wanted: TargetSessionAttrs,
    /// One for each connection there may be. sqlx counts them too, but wakes nobody when one is given back here.
    permits: Arc<Semaphore>,
    waiting: Mutex<Vec<Waiting>>,
    /// What is known of the sessions behind the connections.
    pub(crate) sessions: Shared,
    /// Told when a connection is given back, for transactions whose connection cannot be made.
    returned: Notify,
    longest: Duration,
    /// The number of connections that are kept open.
    least: usize,
    server: ServerName,
    /// Why no connection can be made: a part of the startup message would hold a NUL byte.
    refused: Option<String>,
    /// The number of statements that a new connection keeps prepared.
    prepared: AtomicUsize,
    pending: AtomicUsize,
    startup: Startup,
    /// The options without those of `startup`.
    plain: PgConnectOptions,
    canceller: Canceller,
    letting_go: LettingGo,
    /// Where connections are closed, for the pool may be dropped outside of any runtime.
    runtime: Handle,
}

/// A connection that waits for the next transaction.
struct Waiting {
    connection: PoolConnection<Postgres>,
    since: Instant,
    backend: Option<Backend>,
    known: Known,
}

/// A connection that no other transaction has.
enum Found {
    Idle(Waiting),
    /// Made, or one that sqlx kept.
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

impl Loans {
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
        let loans = Arc::new(Self {
            permits: Arc::new(Semaphore::new(options.get_max_connections() as usize)),
            deadlines: Deadlines::new(options.get_acquire_timeout()),
            wanted,
            waiting: Mutex::default(),
            returned: Notify::new(),
            longest: longest.into_iter().flatten().fold(LONGEST, Duration::min),
            least,
            refused,
            sessions: Shared::default(),
            server: ServerName::from_options(&connection),
            prepared: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            plain: connection.clone(),
            canceller: Canceller::default(),
            letting_go: LettingGo::default(),
            runtime: Handle::current(),
            pool: options
                .test_before_acquire(false)
                .min_connections(0)
                .connect_lazy_with(startup.add_to(connection)),
            startup,
        });
        tokio::spawn(upkeep::keep_up(Arc::downgrade(&loans), loans.longest));
        loans
    }

    /// A connection that no other transaction has; a new one if none waits.
    pub(crate) async fn lend(self: &Arc<Self>, deadline: &Deadline) -> Result<Loan, Cause> {
        self.check_startup()?;
        let waited = deadline.waited;
        let permit = match timeout_at(deadline.at, self.permit()).await {
            Ok(permit) => permit?,
            Err(_elapsed) => {
                let connections = self.pool.options().get_max_connections();
                return Err(Cause::Exhausted {
                    connections,
                    waited,
                });
            }
        };
        self.lend_with(permit, deadline).await
    }

    /// Whether a startup message can be made of the settings.
    pub(crate) fn check_startup(&self) -> Result<(), Cause> {
        match &self.refused {
            Some(problem) => Err(Cause::Refused(problem.clone())),
            None => Ok(()),
        }
    }

    async fn lend_with(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        deadline: &Deadline,
    ) -> Result<Loan, Cause> {
        let waited = deadline.waited;
        let found = match timeout_at(deadline.at, self.find()).await {
            Err(_) | Ok(Err(sqlx::Error::PoolTimedOut)) => {
                return Err(Cause::Unreachable { waited });
            }
            Ok(found) => found.map_err(Cause::Sqlx)?,
        };
        match found {
            Found::Idle(waiting) => Ok(Loan::reuse(self, waiting, Some(permit))),
            // From here on the connection is in the hands of a loan, which never waits when it is dropped.
            Found::Made(connection) => {
                let mut loan = Loan::new(self, connection, Some(permit));
                self.inspect(&mut loan).await?;
                Ok(loan)
            }
        }
    }

    /// Learns which session a new connection has, and whether it is one that is wanted.
    async fn inspect(&self, loan: &mut Loan) -> Result<(), Cause> {
        let behind_a_pooler = !self.startup.is_in(&self.pool.connect_options());
        if behind_a_pooler && self.wanted == TargetSessionAttrs::Any {
            return Ok(());
        }
        let session = loan.ask_session().await?;
        if session.has(self.wanted) {
            return Ok(());
        }
        Err(Cause::OtherSession(self.wanted))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Cause> {
        let _pending = Pending::new(&self.pending);
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        permit.map_err(|_closed| Cause::Sqlx(sqlx::Error::PoolClosed))
    }

    /// The one that waits, or a new one, or one that is given back while no new one can be made: the server or the role may
    /// have no connection left, and sqlx tries again until its time is over.
    async fn find(&self) -> Result<Found, sqlx::Error> {
        if let Some(waiting) = self.pop_waiting() {
            return Ok(Found::Idle(waiting));
        }
        let patience = Instant::now() + GRACE;
        let mut made = pin!(self.make());
        loop {
            let returned = async {
                sleep_until(patience).await;
                if self.waiting().is_empty() {
                    self.returned.notified().await;
                }
            };
            tokio::select! {
                biased;
                made = &mut made => return made.map(Found::Made),
                () = returned => {}
            }
            if let Some(waiting) = self.pop_waiting() {
                // Of two that are given back at once, the second leaves no word if the first was not heard yet.
                if !self.waiting().is_empty() {
                    self.returned.notify_one();
                }
                return Ok(Found::Idle(waiting));
            }
        }
    }

    fn pop_waiting(&self) -> Option<Waiting> {
        self.waiting().pop()
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

    /// Closes every connection that waits: one of them did not answer, and the same may have happened to all.
    pub(crate) fn distrust_idle(self: &Arc<Self>) {
        while let Some(loan) = Loan::take_idle(self) {
            loan.give_up();
        }
        while let Some(connection) = self.pool.try_acquire() {
            Loan::new(self, connection, None).give_up();
        }
    }

    /// Waits before the server is asked again for a session that is wanted.
    pub(crate) async fn pause() {
        sleep(PAUSE).await;
    }

    /// The number of connections, with those whose session the server has not let go of.
    pub(crate) fn size(&self) -> usize {
        self.pool.size() as usize + self.letting_go.now()
    }

    /// The number of connections that wait for a transaction.
    pub(crate) fn idle(&self) -> usize {
        self.waiting().len() + self.pool.num_idle()
    }

    /// The number of transactions that wait for a connection.
    pub(crate) fn waiting_for_one(&self) -> usize {
        self.pending.load(Ordering::Relaxed)
    }

    /// The number of connections that are closed and whose session the server has not let go of.
    pub(crate) fn closing(&self) -> usize {
        self.letting_go.now()
    }

    /// The number of sessions, since the pool was made, that the server did not let go of in time.
    pub(crate) fn given_up(&self) -> usize {
        self.letting_go.given_up()
    }

    /// Lends no more connections, and closes each when it is given back. Gives up waiting for them after a while.
    pub(crate) async fn close(self: &Arc<Self>) {
        self.permits.close();
        while let Some(loan) = Loan::take_idle(self) {
            loan.close();
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
        self.pool.close().await;
        while self.letting_go.now() > 0 {
            sleep(Duration::from_millis(5)).await;
        }
        self.canceller
            .rest(Duration::ZERO, self.deadlines.answer)
            .await;
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        // Nothing that holds the lock can leave the list half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Loans {
    fn drop(&mut self) {
        let _runtime = self.runtime.enter();
        let limit = self.deadlines.answer;
        for Waiting { connection, .. } in self.waiting().drain(..) {
            self.runtime.spawn(timeout(limit, connection.close()));
        }
    }
}
