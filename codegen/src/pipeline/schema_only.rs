//! The stages up to the schema, for commands without queries.

use super::build_database;
use super::known::KnownDatabase;
use super::parsed::read_project;
use crate::database::{Sharing, read_or_explain};
use crate::project::{Overlay, Project};
use crate::report::Stop;
use crate::report::activity::doing;
use crate::schema::Schema;
use std::path::Path;

/// The project at `root` and the schema that its migrations build, without its queries.
///
/// # Errors
/// [`Stop::Diagnostics`] if a file, a migration or an annotation is wrong; [`Stop::Failure`] if
/// something is wrong with the machine.
///
/// # Cancellation
/// Dropping the future stops and removes the server.
pub async fn read_schema(root: &Path, server: Option<&str>) -> Result<(Project, Schema), Stop> {
    let (project, mut findings) = read_project(root, &Overlay::default())?;
    // A kept database has its catalog beside it, so no server is needed.
    if let Some(schema) = KnownDatabase::find(&project, server).map(KnownDatabase::into_schema) {
        findings.extend(project.find_schema_problems(Vec::new(), &schema));
        findings.into_warnings()?;
        return Ok((project, schema));
    }
    let mut database = build_database(&project, server, Sharing::Join, &mut findings).await?;
    let at = doing("reading the schema");
    let connection = &mut database.session.connection;
    let read = read_or_explain(connection, &database.created_roles).await;
    drop(at);
    database.stop().await?;
    let (schema, unsupported) = read?;
    findings.extend(project.find_schema_problems(unsupported, &schema));
    // Warnings are printed by the commands that are about the migrations.
    findings.into_warnings()?;
    Ok((project, schema))
}
