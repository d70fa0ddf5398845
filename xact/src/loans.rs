//! The connections of a pool, lent to one transaction each, with no word to the server before or after.
//!
//! sqlx's pool makes the connections, limits their number and retires them, but it pings a connection each time it takes it
//! back, which is one round trip in four of a short transaction. A connection whose transaction is known to have ended needs
//! no ping, so it waits here for the next one, and goes back to sqlx only when it has not been there for a while.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};

use crate::error::Cause;
use crate::nul;
use crate::session::{Known, Shared};
use crate::span::ServerName;

/// How long a connection may stay away from sqlx's pool, which tests it and retires it when its time has come.
const LONGEST: Duration = Duration::from_secs(10);

/// Room for statements that are no query of a module. sqlx's own default.
const UNNAMED: usize = 100;

/// The connections of a pool.
pub(crate) struct Loans {
    pub(crate) pool: PgPool,
    /// One for each connection there may be. sqlx counts them too, but wakes nobody when one is given back here.
    permits: Arc<Semaphore>,
    waiting: Mutex<Vec<Waiting>>,
    /// What is known of the sessions behind the connections.
    pub(crate) session: Shared,
    longest: Duration,
    server: ServerName,
    /// Why no connection can be made: a part of the startup message would hold a NUL byte.
    refused: Option<String>,
    /// The number of statements that a new connection keeps prepared.
    prepared: AtomicUsize,
    pending: AtomicUsize,
    /// Where connections are closed, for the pool may be dropped outside of any runtime.
    runtime: Handle,
}

/// A connection on loan to one transaction. Dropping it has sqlx test it before anybody gets it.
pub(crate) struct Loan {
    connection: PoolConnection<Postgres>,
    /// When it came from sqlx.
    since: Instant,
    loans: Arc<Loans>,
    known: Known,
    _permit: OwnedSemaphorePermit,
}

/// A connection that waits for the next transaction.
struct Waiting {
    connection: PoolConnection<Postgres>,
    since: Instant,
    known: Known,
}

impl Waiting {
    fn new(connection: PoolConnection<Postgres>) -> Self {
        let since = Instant::now();
        Self {
            connection,
            since,
            known: Known::default(),
        }
    }
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
    pub(crate) fn new(options: PgPoolOptions, connection: PgConnectOptions) -> Arc<Self> {
        let longest = [options.get_idle_timeout(), options.get_max_lifetime()];
        let refused = nul::refuse_in_startup(&connection).err();
        // sqlx connects by itself to keep a minimum.
        let options = match refused {
            Some(_) => options.min_connections(0),
            None => options,
        };
        let loans = Arc::new(Self {
            permits: Arc::new(Semaphore::new(options.get_max_connections() as usize)),
            waiting: Mutex::default(),
            session: Shared::default(),
            longest: longest.into_iter().flatten().fold(LONGEST, Duration::min),
            server: ServerName::of(&connection),
            refused,
            prepared: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            runtime: Handle::current(),
            pool: options
                .test_before_acquire(false)
                .connect_lazy_with(connection),
        });
        tokio::spawn(review(Arc::downgrade(&loans), loans.longest));
        loans
    }

    /// A connection that nobody else has; a new one if none waits.
    pub(crate) async fn lend(self: &Arc<Self>) -> Result<Loan, Cause> {
        self.check_startup()?;
        let waited = self.pool.options().get_acquire_timeout();
        let deadline = Instant::now() + waited;
        let permit = match timeout_at(deadline, self.permit()).await {
            Ok(permit) => permit?,
            Err(_elapsed) => {
                let connections = self.pool.options().get_max_connections();
                return Err(Cause::Exhausted {
                    connections,
                    waited,
                });
            }
        };
        let Waiting {
            connection,
            since,
            known,
        } = match timeout_at(deadline, self.connection()).await {
            Err(_) | Ok(Err(sqlx::Error::PoolTimedOut)) => {
                return Err(Cause::Unreachable { waited });
            }
            Ok(connection) => connection.map_err(Cause::Sqlx)?,
        };
        Ok(Loan {
            connection,
            since,
            loans: Arc::clone(self),
            known,
            _permit: permit,
        })
    }

    /// Whether a startup message can be made of the settings.
    pub(crate) fn check_startup(&self) -> Result<(), Cause> {
        match &self.refused {
            Some(problem) => Err(Cause::Refused(problem.clone())),
            None => Ok(()),
        }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Cause> {
        let _pending = Pending::new(&self.pending);
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        permit.map_err(|_closed| Cause::Sqlx(sqlx::Error::PoolClosed))
    }

    async fn connection(&self) -> Result<Waiting, sqlx::Error> {
        let waiting = self.waiting().pop();
        match waiting {
            Some(waiting) => Ok(waiting),
            None => Ok(Waiting::new(self.pool.acquire().await?)),
        }
    }

    /// Makes room for so many prepared statements on connections that are made from now on.
    pub(crate) fn prepare_up_to(&self, statements: usize) {
        if self.prepared.fetch_max(statements, Ordering::Relaxed) < statements {
            let options = (*self.pool.connect_options()).clone();
            self.pool
                .set_connect_options(options.statement_cache_capacity(statements + UNNAMED));
        }
    }

    /// The number of connections that wait for a transaction.
    pub(crate) fn idle(&self) -> usize {
        self.waiting().len() + self.pool.num_idle()
    }

    /// The number of transactions that wait for a connection.
    pub(crate) fn waiting_for_one(&self) -> usize {
        self.pending.load(Ordering::Relaxed)
    }

    /// Lends no more connections, and closes each when it is given back.
    pub(crate) async fn close(&self) {
        self.permits.close();
        self.waiting().clear();
        self.pool.close().await;
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        // Nothing that holds the lock can leave the list half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Loans {
    fn drop(&mut self) {
        let _runtime = self.runtime.enter();
        self.waiting().clear();
    }
}

impl Loan {
    pub(crate) fn server(&self) -> &ServerName {
        &self.loans.server
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// What is known of this session.
    pub(crate) fn known(&mut self) -> &mut Known {
        &mut self.known
    }

    /// What is known of all sessions of the pool.
    pub(crate) fn shared(&self) -> &Shared {
        &self.loans.session
    }

    /// How the pool connects.
    pub(crate) fn options(&self) -> Arc<PgConnectOptions> {
        self.loans.pool.connect_options()
    }

    /// Gives the connection to the next transaction. It has to be idle, with nothing unread.
    pub(crate) fn give_back(self) {
        let Self {
            connection,
            since,
            loans,
            known,
            _permit: permit,
        } = self;
        if since.elapsed() < loans.longest && !loans.permits.is_closed() {
            loans.waiting().push(Waiting {
                connection,
                since,
                known,
            });
        }
        // Only now, so that whoever gets the permit finds the connection.
        drop(permit);
    }

    /// Closes the connection.
    pub(crate) fn close(mut self) {
        self.connection.close_on_drop();
    }
}

/// Gives connections that nobody needed for a while back to sqlx, until the pool is gone.
async fn review(loans: Weak<Loans>, period: Duration) {
    loop {
        sleep(period).await;
        let Some(loans) = loans.upgrade() else {
            return;
        };
        let mut waiting = loans.waiting();
        waiting.retain(|waiting| waiting.since.elapsed() < period);
    }
}
