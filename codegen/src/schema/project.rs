//! The schema of a project: what is wrong with it becomes diagnostics.

use super::annotations::unknown_keys;
use super::{ReadError, Schema, UnsupportedObject, read};
use crate::project::{ANNOTATIONS, MIGRATIONS, Project};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Position;
use crate::report::{Failure, Stop};
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
        Err(ReadError::Query(error)) => Err(Failure::connection("reading the schema")(error)),
        Err(ReadError::Unsupported(objects)) => {
            Ok((Schema::default(), objects.iter().map(unsupported).collect()))
        }
    }
}

/// Reads the schema of any database, or says what of it cannot be represented.
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
        Err(ReadError::Query(error)) => {
            Err(Failure::connection("reading the schema")(error).into())
        }
        Err(ReadError::Unsupported(objects)) => {
            Err(Stop::Diagnostics(objects.iter().map(unsupported).collect()))
        }
    }
}

fn unsupported(object: &UnsupportedObject) -> Diagnostic {
    let message = format!("schema.sql cannot represent the {object} yet");
    Diagnostic::in_file("unsupported-object", MIGRATIONS, None, message).help(object.remedy())
}

/// Everything wrong with a schema: what of it cannot be represented, or else what the annotations
/// name and it has not.
pub(crate) fn problems(
    unsupported: Vec<Diagnostic>,
    schema: &Schema,
    project: &Project,
) -> Vec<Diagnostic> {
    if unsupported.is_empty() {
        unknown_annotations(project, schema)
    } else {
        unsupported
    }
}

fn unknown_annotations(project: &Project, schema: &Schema) -> Vec<Diagnostic> {
    let unknown = unknown_keys(&project.annotations, schema).into_iter();
    let diagnostic = |key: super::annotations::UnknownKey| {
        let message = match &key.column {
            Some(column) => format!("table `{}` has no column `{column}`", key.table),
            None => format!("there is no table `{}`", key.table),
        };
        let position = Position {
            line: key.place.line,
            column: key.place.column,
        };
        let file = project
            .settings
            .iter()
            .find(|file| file.path == ANNOTATIONS);
        let code = "unknown-annotation";
        let diagnostic = match file {
            Some(file) => Diagnostic::error(code, file.word_at(position), message),
            None => Diagnostic::in_file(code, ANNOTATIONS, Some(position), message),
        };
        match &key.nearest {
            Some(nearest) => diagnostic.help(format!("perhaps you meant `{nearest}`")),
            None => diagnostic,
        }
    };
    unknown.map(diagnostic).collect()
}
