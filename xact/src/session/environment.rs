//! What a pool learns about the way to its server and about its database, to know which reset is enough.

use sqlx::{PgConnection, Row as _};

use super::Reset;

const SQL: &str = include_str!("environment.sql");

/// What was learnt; nothing is the careful answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Environment {
    /// There is no pooler between, so the session belongs to this connection alone.
    pub(crate) direct: bool,
    /// No function of the database can leave more in a session than the usual reset undoes.
    quiet: bool,
}

impl Environment {
    pub(crate) async fn read(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        // Prepared by name, because the name is what is looked at.
        let row = sqlx::query(SQL).fetch_one(connection).await?;
        Ok(Self {
            direct: row.try_get(0)?,
            quiet: row.try_get(1)?,
        })
    }

    /// The reset that is enough on a connection, after a transaction that may have left something or not.
    pub(crate) fn reset(self, suspect: bool) -> Reset {
        if self.direct && self.quiet && !suspect {
            Reset::Usual
        } else {
            Reset::Thorough
        }
    }
}
