//! A part of a transaction that can be undone alone.

use crate::{Error, Scope, Xact};

impl<S: Scope> Xact<S> {
    /// Runs `body` at a savepoint: if it returns `Err`, its changes are undone, and the transaction goes on.
    ///
    /// Savepoints nest. Each costs two round trips, and its changes are committed with the transaction.
    ///
    /// ```
    /// # struct Orm<'a>(xact::generated::Runner<'a>);
    /// # static INSERT: xact::generated::Query = xact::generated::Query {
    /// #     name: "users_insert", file: "queries/users.sql", sql: "INSERT INTO users VALUES ($1)", parameters: &[25], columns: &[], names: "" };
    /// # impl Orm<'_> {
    /// #     fn users_insert(&mut self, name: &str) -> xact::Execute<'_> { self.0.execute(INSERT.arguments().push(name)) }
    /// # }
    /// # async fn example<S: for<'a> xact::Scope<Orm<'a> = Orm<'a>>>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// let inserted = q.savepoint(async |q| q.orm().users_insert("Ada").await).await;
    /// let inserted: u64 = match inserted {
    ///     Err(error) if error.is_unique_violation() => 0,
    ///     other => other?,
    /// };
    /// # let _ = inserted; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The error of `body`; or the savepoint cannot be set or released. As with a commit, an error that `body` swallowed is an
    /// error here, and names the query.
    ///
    /// # Cancellation
    /// Dropping the future, and a panic in `body`, lose the transaction: it cannot be committed, and its connection is closed.
    pub async fn savepoint<T, E>(
        &mut self,
        body: impl AsyncFnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        self.connection.set_savepoint().await?;
        let hooks = self.hooks.len();
        let unfinished = Unfinished(self);
        let outcome = body(unfinished.0).await;
        // Its drop is for a future that is dropped or a panic in `body`. The awaits below write `Unknown` themselves.
        std::mem::forget(unfinished);
        let kept = match outcome {
            Ok(value) => match self.connection.release_savepoint().await {
                Ok(()) => Ok(value),
                Err(error) => Err(error.into()),
            },
            Err(error) => {
                self.undo_or_lose().await;
                Err(error)
            }
        };
        if kept.is_err() {
            // Hooks of the part that was undone must not run after the commit.
            self.hooks.truncate(hooks);
        }
        kept
    }

    async fn undo_or_lose(&mut self) {
        if let Err(error) = self.connection.undo_savepoint().await {
            tracing::debug!(%error, "the transaction is lost");
            self.connection.lose_transaction();
        }
    }
}

/// A savepoint whose body is running. Dropping it loses the transaction: a caller that went on would go on at the savepoint,
/// and commit half of the body's changes.
struct Unfinished<'a, S: Scope>(&'a mut Xact<S>);

impl<S: Scope> Drop for Unfinished<'_, S> {
    fn drop(&mut self) {
        self.0.connection.lose_transaction();
    }
}
