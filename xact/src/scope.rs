//! The scope of a transaction: its role and settings.

use std::time::Duration;

use crate::begin::ScopeParts;
use crate::runner::Runner;

/// The scope of a transaction: a role, and settings that row-level policies read.
///
/// Generated from the scopes of the configuration. A value of a scope holds the settings, which differ between transactions; both
/// the role and the settings end with the transaction.
///
/// ```
/// struct Customer {
///     user_id: String,
/// }
///
/// struct Orm<'a>(xact::generated::Runner<'a>);
///
/// impl xact::Scope for Customer {
///     const NAME: &'static str = "customer";
///     const ROLE: Option<&'static str> = Some("customer");
///     type Orm<'a> = Orm<'a>;
///
///     fn settings(&self) -> Vec<(&'static str, &str)> {
///         vec![("app.user_id", &self.user_id)]
///     }
///
///     fn orm(run: xact::generated::Runner<'_>) -> Orm<'_> {
///         Orm(run)
///     }
/// }
/// ```
pub trait Scope: Send + Sync + 'static {
    /// The name of the scope, for errors and traces.
    const NAME: &'static str;
    /// The role taken with SET LOCAL ROLE; with `None` it stays the role that the connection logged in as.
    const ROLE: Option<&'static str>;
    /// The longest time of each statement, unless the transaction has another; none if it is that of the session. Postgres counts
    /// milliseconds. SET ROLE does not apply the settings of a role, so this is the limit that `ALTER ROLE … SET` cannot be.
    const STATEMENT_TIMEOUT: Option<Duration> = None;
    /// The queries that this scope may run.
    type Orm<'a>;

    /// The role of this transaction: [`ROLE`](Self::ROLE), unless the scope is known at run time only, as where `xact.toml` is read
    /// by the program that runs it.
    fn role(&self) -> Option<&str> {
        Self::ROLE
    }

    /// The timeout of this transaction's statements: [`STATEMENT_TIMEOUT`](Self::STATEMENT_TIMEOUT), unless the scope is known at run
    /// time only.
    fn statement_timeout(&self) -> Option<Duration> {
        Self::STATEMENT_TIMEOUT
    }

    /// The settings, by name and value, set for the transaction only.
    fn settings(&self) -> Vec<(&'static str, &str)>;

    /// The queries that this scope may run, on the connection of its transaction.
    fn orm(run: Runner<'_>) -> Self::Orm<'_>;
}

/// The parts of a scope that its messages need.
pub(crate) fn list_parts<S: Scope>(scope: &S) -> ScopeParts<'_> {
    ScopeParts {
        name: S::NAME,
        role: scope.role(),
        settings: scope.settings(),
        statement_timeout: scope.statement_timeout(),
    }
}
