//! The connections of a pool, lent to one transaction each, with no word to the server before or after.
//!
//! sqlx's pool makes the connections, limits their number and retires them, but it pings a connection each time it takes it
//! back, which is one round trip in four of a short transaction. A connection whose transaction is known to have ended needs
//! no ping, so it waits here for the next one, and goes back to sqlx only when it has not been there for a while.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

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
    longest: Duration,
    /// The number of statements that a new connection keeps prepared.
    prepared: AtomicUsize,
    /// Where connections are closed, for the pool may be dropped outside of any runtime.
    runtime: Handle,
}

/// A connection on loan to one transaction. Dropping it has sqlx test it before anybody gets it.
pub(crate) struct Loan {
    connection: PoolConnection<Postgres>,
    /// When it came from sqlx.
    since: Instant,
    loans: Arc<Loans>,
    _permit: OwnedSemaphorePermit,
}

/// A connection that waits for the next transaction.
struct Waiting {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

impl Loans {
    pub(crate) fn new(options: PgPoolOptions, connection: PgConnectOptions) -> Arc<Self> {
        let longest = [options.get_idle_timeout(), options.get_max_lifetime()];
        let loans = Arc::new(Self {
            permits: Arc::new(Semaphore::new(options.get_max_connections() as usize)),
            waiting: Mutex::default(),
            longest: longest.into_iter().flatten().fold(LONGEST, Duration::min),
            prepared: AtomicUsize::new(0),
            runtime: Handle::current(),
            pool: options
                .test_before_acquire(false)
                .connect_lazy_with(connection),
        });
        tokio::spawn(review(Arc::downgrade(&loans), loans.longest));
        loans
    }

    /// A connection that nobody else has; a new one if none waits.
    pub(crate) async fn lend(self: &Arc<Self>) -> Result<Loan, sqlx::Error> {
        let limit = self.pool.options().get_acquire_timeout();
        match timeout(limit, self.lend_at_leisure()).await {
            Ok(loan) => loan,
            Err(_elapsed) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    async fn lend_at_leisure(self: &Arc<Self>) -> Result<Loan, sqlx::Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_closed| sqlx::Error::PoolClosed)?;
        let waiting = self.waiting().pop();
        let Waiting { connection, since } = match waiting {
            Some(waiting) => waiting,
            None => Waiting {
                connection: self.pool.acquire().await?,
                since: Instant::now(),
            },
        };
        Ok(Loan {
            connection,
            since,
            loans: Arc::clone(self),
            _permit: permit,
        })
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
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Gives the connection to the next transaction. It has to be idle, with nothing unread.
    pub(crate) fn give_back(self) {
        let Self {
            connection,
            since,
            loans,
            _permit: permit,
        } = self;
        if since.elapsed() < loans.longest && !loans.permits.is_closed() {
            loans.waiting().push(Waiting { connection, since });
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
