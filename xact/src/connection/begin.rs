//! The begin of a transaction: stale statements are forgotten, the environment is read, then one message is sent.

use sqlx::postgres::PgTransactionManager;
use sqlx::{AssertSqlSafe, Connection as _, SqlSafeStr as _};
use sqlx_core::transaction::TransactionManager as _;

use super::held::Held;
use super::{Connection, HELD, State};
use crate::acquire::ConnectionGuard;
use crate::begin::BeginMessage;
use crate::session::{Environment, Reset, send_checked};

impl Connection {
    /// Begins the transaction with one simple message: BEGIN, the reset of the session, role and settings.
    ///
    /// sqlx is told that this is a BEGIN, so that a transaction begun on the raw connection is a savepoint of this one.
    /// When it fails, the state stays unknown: an error after BEGIN leaves an aborted transaction.
    pub(crate) async fn begin(&mut self, message: &BeginMessage) -> Result<(), sqlx::Error> {
        // The rare steps are boxed, because their futures would be a part of that of each transaction.
        if self.guard().may_be_in_transaction() {
            // Without a transaction, ROLLBACK alone would be a warning.
            Box::pin(send_checked(self.raw(), "BEGIN; ROLLBACK")).await?;
        }
        if self.has_outdated() {
            Box::pin(self.forget_statements()).await?;
        }
        if self.guard().shared().claim_reading() {
            Box::pin(self.learn_environment()).await?;
        }
        self.send_begin(message).await?;
        self.begun = Some(message.clone());
        Ok(())
    }

    /// Begins the transaction a second time, after its first statement turned out to be prepared for an older schema.
    /// Nothing has run in it yet, so nothing is lost.
    pub(crate) async fn begin_again(&mut self) -> Result<(), sqlx::Error> {
        let Some(message) = self.begun.clone() else {
            return Err(sqlx::Error::BeginFailed);
        };
        self.status.state = State::Unknown;
        PgTransactionManager::rollback(self.raw()).await?;
        // Postgres refuses the kept ones with "cached plan must not change result type".
        self.raw().clear_cached_statements().await?;
        self.status.outdated = false;
        self.guard().shared().outdate_statements();
        let outdated = self.guard().shared().outdated();
        self.guard().known().forgot = outdated;
        let suspect = self.guard().known().suspect;
        self.send_begin(&message).await?;
        // The statement that runs again may be the reason.
        self.guard().known().suspect = suspect;
        Ok(())
    }

    /// Invariant: only a connection of a pool begins transactions; an adopted transaction has no message to begin it again.
    fn guard(&mut self) -> &mut ConnectionGuard {
        match self.held.as_mut().expect(HELD) {
            Held::Pooled(guard) => guard,
            Held::Adopted(_) => unreachable!("an adopted transaction is open already"),
        }
    }

    async fn send_begin(&mut self, message: &BeginMessage) -> Result<(), sqlx::Error> {
        let environment = self.guard().shared().environment();
        let known = self.guard().known();
        let suspect = known.suspect || known.generation != environment.generation;
        let pooled = (!environment.direct).then(|| self.guard().options());
        // A pooler shares those of all its clients.
        let prepared = match pooled {
            None => self.raw().cached_statements_size(),
            Some(_) => 0,
        };
        let text = message.text(environment.reset(suspect), prepared, pooled.as_deref());
        PgTransactionManager::begin(self.raw(), Some(text)).await?;
        // Only after BEGIN was answered: a future that is dropped before leaves the session
        // suspect.
        let known = self.guard().known();
        known.suspect = false;
        known.generation = environment.generation;
        self.status.state = State::Open;
        self.status.fresh = true;
        Ok(())
    }

    /// Whether statements of another connection turned out to be outdated since this one dropped its own.
    fn has_outdated(&mut self) -> bool {
        let outdated = self.guard().shared().outdated();
        self.guard().known().forgot != outdated
    }

    /// Drops the prepared statements of this connection.
    async fn forget_statements(&mut self) -> Result<(), sqlx::Error> {
        let outdated = self.guard().shared().outdated();
        self.raw().clear_cached_statements().await?;
        self.guard().known().forgot = outdated;
        Ok(())
    }

    /// Reads the environment. It is asked in a session that was reset, so that no object of an earlier transaction answers in
    /// place of the catalog.
    async fn learn_environment(&mut self) -> Result<(), sqlx::Error> {
        let last = self.guard().shared().environment();
        let mut text = String::from("BEGIN READ ONLY");
        Reset::Thorough.write(&mut text, 0);
        // No operator of the project is chosen in place of one of Postgres.
        text.push_str("; SET LOCAL search_path = pg_catalog");
        let text = AssertSqlSafe(text).into_sql_str();
        PgTransactionManager::begin(self.raw(), Some(text)).await?;
        let environment = match Environment::read(self.raw(), &last).await {
            Ok(environment) => environment,
            Err(error) => {
                tracing::debug!(%error, "every session is reset thoroughly");
                last.forget()
            }
        };
        self.guard().shared().learn(environment);
        PgTransactionManager::rollback(self.raw()).await
    }
}
