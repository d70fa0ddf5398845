//! Reads the schema of a database; an object that cannot be represented becomes a diagnostic.

use crate::config::MIGRATIONS;
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Stop};
use crate::schema::{Schema, SchemaReadError, UnsupportedObject, read};
use sqlx::PgConnection;

/// Reads the schema. Where it cannot be represented the diagnostics say why, and the schema is
/// empty, so that the queries are still checked.
///
/// # Errors
/// If the connection breaks.
pub async fn read_or_explain(
    connection: &mut PgConnection,
    created_roles: &[String],
) -> Result<(Schema, Vec<Diagnostic>), Failure> {
    match read(connection, created_roles).await {
        Ok(schema) => Ok((schema, Vec::new())),
        Err(SchemaReadError::Query(error)) => Err(Failure::connection("reading the schema")(error)),
        Err(SchemaReadError::Unsupported(objects)) => Ok((
            Schema::default(),
            objects.iter().map(report_unsupported).collect(),
        )),
    }
}

/// Reads the schema of any database, or lists the objects that cannot be represented.
///
/// # Errors
/// A diagnostic for each object; a failure if the connection breaks.
///
/// # Cancellation
/// Nothing was changed.
pub async fn read_whole(
    connection: &mut PgConnection,
    created_roles: &[String],
) -> Result<Schema, Stop> {
    match read(connection, created_roles).await {
        Ok(schema) => Ok(schema),
        Err(SchemaReadError::Query(error)) => {
            Err(Failure::connection("reading the schema")(error).into())
        }
        Err(SchemaReadError::Unsupported(objects)) => Err(Stop::Diagnostics(
            objects.iter().map(report_unsupported).collect(),
        )),
    }
}

fn report_unsupported(object: &UnsupportedObject) -> Diagnostic {
    let message = format!("schema.sql cannot represent the {object} yet");
    Diagnostic::in_file("unsupported-object", MIGRATIONS, None, message).help(object.help())
}
