//! The rows of two tenants, valid under all constraints.
//!
//! Given: [`Tenants`] and a migrated database. Gives: rows in every table for tenant `a` and for tenant `b`, with a word in
//! every text, JSON, bytes and id column that no other row has. Foreign keys of a row refer to rows of the same tenant, so a
//! row belongs to the tenant it was made for, whatever policies say.
//!
//! Postgres judges every row. A check that refuses one is answered with the next value of its columns; a table for which that
//! does not end well is reported, with the SQL that a seed file needs.

mod fill;
mod foreign;
mod insert;
mod order;
mod patterns;
mod references;
mod seed;
mod stored;
mod values;

pub(super) use fill::{Filled, FilledRow, Person, fill_shared, fill_tenant};
pub(super) use foreign::find_unreachable;
pub(super) use insert::Unfilled;
pub(super) use seed::run_seed;
pub(super) use stored::{StoredRow, create_reader, read_own_roots, read_rows};
pub(super) use values::InsertValue;

use sqlx::{Executor as _, PgConnection};

/// Marks the place before the rows of the other tenant.
pub(super) async fn mark_other_tenant(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute("SAVEPOINT xact_other_tenant").await?;
    Ok(())
}

/// Takes back the rows of the other tenant, and everything since.
pub(super) async fn undo_other_tenant(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection
        .execute("ROLLBACK TO SAVEPOINT xact_other_tenant")
        .await?;
    Ok(())
}

/// Whose a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum World {
    /// Every tenant's: reference rows, and those that migrations wrote.
    Shared,
    /// The first tenant's.
    A,
    /// The other tenant's.
    B,
    /// A user who belongs to both.
    Both,
    /// A user who belongs to none.
    Outside,
}

impl World {
    /// The letter with which its words begin: a hexadecimal digit, so that they pass checks for ids.
    fn letter(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
            Self::Both => 'c',
            Self::Outside => 'd',
            Self::Shared => 'e',
        }
    }
}
