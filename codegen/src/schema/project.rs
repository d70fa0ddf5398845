//! The schema of a project: what is wrong with it becomes diagnostics.

use super::annotations::unknown_keys;
use super::{ReadError, Schema, read};
use crate::Failure;
use crate::diagnostic::Diagnostic;
use crate::project::{ANNOTATIONS, MIGRATIONS, Project};
use crate::source::Position;
use sqlx::PgConnection;

/// Reads the schema. Where it cannot be represented the diagnostics say why, and the schema is
/// empty, so that the queries are still checked.
///
/// # Errors
/// If the connection breaks.
pub async fn read_project(
    connection: &mut PgConnection,
    created_roles: &[String],
    project: &Project,
) -> Result<(Schema, Vec<Diagnostic>), Failure> {
    match read(connection, created_roles).await {
        Ok(schema) => {
            let diagnostics = unknown_annotations(project, &schema);
            Ok((schema, diagnostics))
        }
        Err(ReadError::Query(error)) => Err(Failure::connection("reading the schema")(error)),
        Err(ReadError::Unsupported(objects)) => {
            let diagnostics = objects.iter().map(|object| {
                let message = format!("schema.sql cannot represent the {object} yet");
                let help = "leave it out of the migrations";
                Diagnostic::in_file("unsupported-object", MIGRATIONS, None, message).help(help)
            });
            Ok((Schema::default(), diagnostics.collect()))
        }
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
