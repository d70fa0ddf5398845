//! Facts about the way to a server and about its database, which decide which reset is enough.

use sqlx::{PgConnection, Row as _};

use super::{Reach, Reset};

/// The facts that were read; the default is the careful answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// There is no pooler between, so the session belongs to this connection alone.
    pub(crate) direct: bool,
    /// Which statements can leave more in a session than the usual reset undoes.
    pub(crate) reach: Reach,
    /// Identifies the state of the catalog that `reach` was read from; empty before the first reading.
    fingerprint: String,
    /// Grows with each reading of `reach`. Under an earlier number, a session may have kept something that was not looked
    /// for, so its next reset is thorough.
    pub(crate) generation: u64,
}

impl Environment {
    /// Reads it within a transaction whose `search_path` is `pg_catalog`, but `reach` only if the catalog has changed since
    /// `last`: that is a hundred times as much work.
    pub(crate) async fn read(
        connection: &mut PgConnection,
        last: &Self,
    ) -> Result<Self, sqlx::Error> {
        // Prepared by name, because the query looks for its own name.
        let row = sqlx::query(include_str!("environment.sql"))
            .fetch_one(&mut *connection)
            .await?;
        let (direct, fingerprint) = (row.try_get(0)?, row.try_get(1)?);
        // Nothing was created or changed since, so the larger query over the catalog need not run.
        if fingerprint == last.fingerprint {
            return Ok(Self {
                direct,
                ..last.clone()
            });
        }
        // Invariant: read after the fingerprint. A change in between gives the next reading another fingerprint.
        let row = sqlx::query(include_str!("reach.sql"))
            .persistent(false)
            .fetch_one(connection)
            .await?;
        Ok(Self {
            direct,
            reach: Reach::read(&row)?,
            fingerprint,
            generation: last.generation + 1,
        })
    }

    /// The careful answer again, in place of one that could not be renewed.
    pub(crate) fn forget(&self) -> Self {
        Self {
            generation: self.generation + 1,
            ..Self::default()
        }
    }

    /// The reset that is enough on a connection, after a transaction that may have left something or not.
    pub(crate) fn reset(&self, suspect: bool) -> Reset {
        if self.direct && self.reach.is_limited() && !suspect {
            Reset::Usual
        } else {
            Reset::Thorough
        }
    }
}
