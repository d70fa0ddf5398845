//! The database itself, its schemas, extensions and default privileges.

use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, grant, take, take_row};
use super::roles::setting;
use super::row::{oid, rows};
use crate::schema::model::{
    Database, DefaultPrivileges, Extension, Namespace, Number, PrivilegeChange, Setting,
};

/// Comment, grants and settings of the database.
pub(super) async fn database(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Database, sqlx::Error> {
    let number = "SELECT oid FROM pg_database WHERE datname = current_database()";
    let number = match rows(connection, number).await?.first() {
        Some(row) => oid(row, "oid")?,
        None => return Err(sqlx::Error::RowNotFound),
    };
    let mut settings = Vec::new();
    for row in rows(connection, include_str!("settings.sql")).await? {
        let role: Option<String> = row.try_get("role")?;
        let configured: Vec<String> = row.try_get("settings")?;
        settings.extend(configured.iter().map(|sql| Setting {
            role: role.clone(),
            sql: setting(sql),
        }));
    }
    let mut attached = take(attachments, "pg_database", number, None);
    // Notes of the tool are not the project's: a throwaway database on an external server has the roles to be dropped, and a
    // local one has its branch.
    let notes = ["xact_throwaway roles: ", "xact dev: "];
    let is_note = |comment: &String| notes.iter().any(|note| comment.starts_with(note));
    attached.comment.take_if(|comment| is_note(comment));
    Ok(Database { attached, settings })
}

/// Schemas, sorted.
pub(super) async fn schemas(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<Namespace>, sqlx::Error> {
    let rows = rows(connection, include_str!("schemas.sql")).await?;
    let schemas = rows.iter().map(|row| {
        Ok(Namespace {
            oid: oid(row, "oid")?,
            name: row.try_get("name")?,
            sql: row.try_get("sql")?,
            attached: take_row(attachments, "pg_namespace", row)?,
        })
    });
    let mut schemas = schemas.collect::<Result<Vec<_>, sqlx::Error>>()?;
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(schemas)
}

/// Extensions, in the order in which they can be created.
pub(super) async fn extensions(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<Extension>, sqlx::Error> {
    let rows = rows(connection, include_str!("extensions.sql")).await?;
    let extensions = rows.iter().map(|row| {
        Ok(Extension {
            oid: oid(row, "oid")?,
            name: row.try_get("name")?,
            sql: row.try_get("sql")?,
            schema: row.try_get("schema")?,
            attached: take_row(attachments, "pg_extension", row)?,
        })
    });
    extensions.collect()
}

/// Default privileges, sorted by role, schema and kind of object.
pub(super) async fn default_privileges(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<DefaultPrivileges>, sqlx::Error> {
    let mut privileges: Vec<DefaultPrivileges> = Vec::new();
    for row in rows(connection, include_str!("default_privileges.sql")).await? {
        let Number(number) = oid(&row, "oid")?;
        take(attachments, "pg_default_acl", Number(number), None);
        match privileges.iter_mut().find(|known| known.oid.0 == number) {
            Some(known) => known.grants.push(grant(&row)?),
            None => privileges.push(DefaultPrivileges {
                oid: Number(number),
                role: row.try_get("role")?,
                schema: row.try_get("schema")?,
                objects: row.try_get("objects")?,
                grants: vec![grant(&row)?],
            }),
        }
    }
    for entry in &mut privileges {
        entry.grants.sort_by_key(|grant| {
            (
                grant.change == PrivilegeChange::Grant,
                grant.grantee.clone(),
                grant.grantable,
            )
        });
    }
    privileges
        .sort_by(|a, b| (&a.role, &a.schema, &a.objects).cmp(&(&b.role, &b.schema, &b.objects)));
    Ok(privileges)
}
