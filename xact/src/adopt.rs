//! Generated queries in a transaction that sqlx began: its role and settings become those of a scope, and are set back before
//! sqlx goes on with it.

use std::fmt;
use std::ops::{Deref, DerefMut};

use sqlx::{Postgres, Transaction};

use crate::connection::{AdoptMessage, Connection};
use crate::error::{Cause, During, Error};
use crate::scope::list_parts;
use crate::{Scope, Xact};

/// A transaction that sqlx began, running as scope `S`. It is an [`Xact`] in all but its end: [`release`](Self::release) returns
/// the transaction, and sqlx commits it.
///
/// [`Xact::adopt`] returns it. Dropping it rolls the transaction back.
#[must_use = "a transaction that is not released is rolled back"]
pub struct Adopted<S>(Xact<S>);

impl<S: Scope> Xact<S> {
    /// Runs a transaction that sqlx began as scope `S`, until it is [released](Adopted::release).
    ///
    /// A generated scope is made by its `new`: `Customer::new(&user, &organization)`.
    ///
    /// Role and settings are those of the scope from here on, and the former ones after the release; a setting that had no value
    /// is empty then. The rest of the session stays as sqlx's code left it, because resetting it would take it from that code:
    /// `search_path`, temporary tables and settings of other scopes among them. Options and settings of a
    /// [`Pool`](crate::Pool) do not apply.
    ///
    /// The transaction is taken by value, so that no code can go on with it, or commit it, while it runs as the scope.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(pool: sqlx::PgPool, scope: S) -> Result<(), xact::Error> {
    /// # use xact::sqlx;
    /// let mut transaction = pool.begin().await?;
    /// sqlx::query("INSERT INTO notes (body) VALUES ('a')").execute(&mut *transaction).await?;
    ///
    /// let mut q = xact::Xact::adopt(transaction, scope).await?;
    /// let orm = q.orm();
    /// # drop(orm);
    /// let transaction = q.release().await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The transaction has ended or is aborted, a transaction within it was left open, the scope's role does not exist or may not
    /// be taken, or a setting is refused. The transaction is rolled back then.
    ///
    /// # Cancellation
    /// Dropping the future rolls the transaction back.
    pub async fn adopt(
        transaction: Transaction<'static, Postgres>,
        scope: S,
    ) -> Result<Adopted<S>, Error> {
        let message = AdoptMessage::new(list_parts(&scope))?;
        let connection = Connection::adopt(transaction, S::NAME, &message).await?;
        Ok(Adopted(Self::new(connection, scope)))
    }
}

impl<S: Scope> Adopted<S> {
    /// Sets role and settings back, and returns the transaction.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: xact::Adopted<S>) -> Result<(), xact::Error> {
    /// q.release().await?.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// An earlier query failed or was dropped before it finished, a transaction begun on the raw connection was left open, or a
    /// hook was given to [`Xact::after_commit`], which only a commit of an [`Xact`] runs. The transaction is rolled back then.
    ///
    /// # Cancellation
    /// Dropping the future rolls the transaction back.
    pub async fn release(self) -> Result<Transaction<'static, Postgres>, Error> {
        let Xact {
            connection, hooks, ..
        } = self.0;
        if hooks.len() > 0 {
            let problem = "sqlx commits an adopted transaction and runs no hook of `after_commit`: run it after the commit";
            return Err(Error::new(
                During::Release,
                Cause::Refused(problem.to_owned()),
            ));
        }
        connection.release_adopted().await
    }
}

impl<S> Deref for Adopted<S> {
    type Target = Xact<S>;

    fn deref(&self) -> &Xact<S> {
        &self.0
    }
}

impl<S> DerefMut for Adopted<S> {
    fn deref_mut(&mut self) -> &mut Xact<S> {
        &mut self.0
    }
}

impl<S: Scope> fmt::Debug for Adopted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Adopted").field(&self.0).finish()
    }
}
