//! Catalog → [`Schema`]: a handful of queries over `pg_catalog`, each in its own SQL file.
//!
//! Each kind of object is one reader and one query. Comments, grants and dependencies are
//! read once for all kinds and taken by the object they belong to. One that no object took, and an
//! object that no reader read, end in [`SchemaReadError::Unsupported`].

mod attachments;
mod row;

mod copied_constraints;
mod database;
mod functions;
mod relations;
mod roles;
mod rows;
mod sequences;
mod statements;
mod tables;
mod types;
mod views;

mod conditions;
mod scalars;
mod unnamed;
mod unnamed_arguments;
mod unqualified;

mod error;
mod foreign_grants;
mod guard;
mod unsupported_help;

pub use rows::read_all_rows;

use sqlx::{Connection, PgConnection};

use super::model::{Number, Schema};
pub use error::{SchemaReadError, UnsupportedObject};

/// Reads everything that migrations made in the connected database.
///
/// `created_roles` are the roles the migrations created: they are read even if no object mentions
/// them. The table `_sqlx_migrations` is left out. Nothing is changed in the database, and the
/// connection's settings are as before.
///
/// # Errors
///
/// [`SchemaReadError::Unsupported`] names every object that a [`Schema`] cannot represent, all at once.
///
/// # Cancellation
///
/// Dropping the future leaves a transaction that the connection rolls back before its next use.
pub async fn read(
    connection: &mut PgConnection,
    created_roles: &[String],
) -> Result<Schema, SchemaReadError> {
    let mut transaction = connection.begin().await?;
    sqlx::query(include_str!("session.sql"))
        .execute(&mut *transaction)
        .await?;
    let schema = read_in_transaction(&mut transaction, created_roles).await;
    transaction.rollback().await?;
    schema
}

async fn read_in_transaction(
    connection: &mut PgConnection,
    created_roles: &[String],
) -> Result<Schema, SchemaReadError> {
    // Attachments first, because each reader takes those of its objects.
    let mut attachments = attachments::load(connection).await?;
    let mut parts = relations::parts(connection, &mut attachments).await?;
    let mut sequences = sequences::read(connection, &mut attachments).await?;
    relations::place_identities(&mut parts, &mut sequences);
    let mut schema = Schema {
        roles: roles::read(connection, created_roles).await?,
        schemas: database::schemas(connection, &mut attachments).await?,
        extensions: database::extensions(connection, &mut attachments).await?,
        default_privileges: database::default_privileges(connection, &mut attachments).await?,
        database: database::database(connection, &mut attachments).await?,
        enums: types::enums(connection, &mut attachments).await?,
        domains: types::domains(connection, &mut attachments).await?,
        composites: types::composites(connection, &mut attachments, &mut parts).await?,
        statements: statements::read(connection, &mut attachments).await?,
        functions: functions::read(connection, &mut attachments).await?,
        tables: tables::read(connection, &mut attachments, &mut parts).await?,
        views: views::read(connection, &mut attachments, &mut parts).await?,
        sequences: sequences.separate,
        foreign_grants: Vec::new(),
        copied_constraints: Number(copied_constraints::copied_constraints(connection).await?),
    };
    schema.foreign_grants = foreign_grants::read(connection, &mut attachments).await?;
    // Consumes the attachments: a reader that is added below it would not compile.
    guard::nothing_missed(connection, attachments).await?;
    rows::read(connection, &mut schema.tables).await?;
    Ok(schema)
}
