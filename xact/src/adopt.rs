//! Generated queries in a transaction that sqlx began: its role and settings become those of a scope, and are set back before
//! sqlx goes on with it.

use std::fmt;
use std::ops::{Deref, DerefMut};

use sqlx::{Postgres, Transaction};

use crate::begin::{write_literal, write_scope};
use crate::connection::Connection;
use crate::error::{Cause, During, Error};
use crate::{Scope, TransactionOptions, Xact};

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
        let message = AdoptMessage::new(&scope)?;
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

/// Fails where no transaction is open (25P01), because SET LOCAL would have no effect there, and the queries would run as the
/// login. Several statements of one message are a transaction too, but not one that SAVEPOINT accepts:
/// <https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT>.
const PROBE: &str = "SAVEPOINT xact; RELEASE SAVEPOINT xact";

/// The message that takes the scope, and the parts of the one that sets the former role and settings back.
pub(crate) struct AdoptMessage {
    /// Literals of the names, the role's first.
    names: Vec<String>,
    scope: String,
}

impl AdoptMessage {
    fn new<S: Scope>(scope: &S) -> Result<Self, Error> {
        let refused = |problem| Error::new(During::Begin(S::NAME), Cause::Refused(problem));
        let settings = scope.settings();
        let options = TransactionOptions::new();
        let mut sql = write_scope(&options, S::ROLE, &settings).map_err(refused)?;
        if S::ROLE.is_none() {
            // Such a scope has the role of the login, not one that other code took.
            sql.insert_str(0, "; SET LOCAL role TO DEFAULT");
        }
        let mut names = vec!["'role'".to_owned()];
        for (name, _) in settings {
            let mut literal = String::new();
            write_literal(&mut literal, name)
                .ok_or_else(|| refused("the name of a setting holds a NUL byte".to_owned()))?;
            names.push(literal);
        }
        Ok(Self { names, scope: sql })
    }

    /// Gives the former role and settings, and sets those of the scope.
    ///
    /// The former ones are in one row with the token of this message.
    pub(crate) fn text(&self, token: &str) -> String {
        let former: Vec<String> = self
            .names
            .iter()
            .map(|name| format!("pg_catalog.current_setting({name}, true)"))
            .collect();
        format!(
            "{PROBE}; SELECT '{token}' AS token, ARRAY[{}] AS former, pg_catalog.current_database()::pg_catalog.text AS database, \
             coalesce(pg_catalog.host(pg_catalog.inet_server_addr()), 'localhost') AS address, \
             pg_catalog.current_setting('port')::pg_catalog.int4 AS port{}",
            former.join(", "),
            self.scope
        )
    }

    /// The statement that sets these values: the settings first, while the role may still set them.
    pub(crate) fn restore(&self, former: &[Option<String>]) -> String {
        let mut calls = Vec::with_capacity(former.len());
        for (name, value) in self.names.iter().zip(former).rev() {
            let mut literal = String::new();
            // Invariant: a value that Postgres sent has no NUL byte.
            let _written = write_literal(&mut literal, value.as_deref().unwrap_or_default());
            calls.push(format!("pg_catalog.set_config({name}, {literal}, true)"));
        }
        // The raw connection may have ended the transaction.
        format!("{PROBE}; SELECT {}", calls.join(", "))
    }
}
