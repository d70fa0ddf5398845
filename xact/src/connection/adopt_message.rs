//! The texts that take a scope for a transaction of sqlx and set the former role and settings back: given a scope, gives one simple
//! message for each.

use crate::TransactionOptions;
use crate::begin::{ScopeParts, write_literal, write_scope};
use crate::error::{Cause, During, Error};

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
    pub(crate) fn new(scope: ScopeParts<'_>) -> Result<Self, Error> {
        let ScopeParts {
            name,
            role,
            settings,
            statement_timeout,
        } = scope;
        let refused = |problem| Error::new(During::Begin(name), Cause::Refused(problem));
        let options = TransactionOptions::new().or_statement_timeout(statement_timeout);
        let mut sql = write_scope(&options, role, &settings).map_err(refused)?;
        if role.is_none() {
            // Such a scope has the role of the login, not one that other code took.
            sql.insert_str(0, "; SET LOCAL role TO DEFAULT");
        }
        let mut names = vec!["'role'".to_owned()];
        if statement_timeout.is_some() {
            names.push("'statement_timeout'".to_owned());
        }
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
    pub(super) fn text(&self, token: &str) -> String {
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
    pub(super) fn restore(&self, former: &[Option<String>]) -> String {
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
