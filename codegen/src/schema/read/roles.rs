//! Roles that the schema mentions, and the settings that roles and databases carry.

use std::collections::HashMap;

use sqlx::{PgConnection, Row};

use crate::catalog_query::fetch_catalog_with;
use crate::schema::model::{Membership, Role};
use crate::sql::quote::quote_literal;

/// Parameters whose value is a list of identifiers that the catalog already quotes.
const LISTS: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// Roles that objects of this database mention and the roles `created`, sorted.
pub(super) async fn read(
    connection: &mut PgConnection,
    created: &[String],
) -> Result<Vec<Role>, sqlx::Error> {
    let sql = include_str!("roles.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(created)).await?;
    let roles = rows.iter().map(|row| {
        let settings: Vec<String> = row.try_get("settings")?;
        Ok(Role {
            name: row.try_get("name")?,
            sql: row.try_get("sql")?,
            attributes: row.try_get("attributes")?,
            member_of: Vec::new(),
            settings: settings
                .iter()
                .map(|configured| setting(configured))
                .collect(),
            comment: row.try_get("comment")?,
        })
    });
    let mut roles = roles.collect::<Result<Vec<_>, sqlx::Error>>()?;
    roles.sort_by(|a, b| a.name.cmp(&b.name));
    let mut memberships = read_memberships(connection, &roles).await?;
    for role in &mut roles {
        role.member_of = memberships.remove(&role.name).unwrap_or_default();
    }
    Ok(roles)
}

async fn read_memberships(
    connection: &mut PgConnection,
    roles: &[Role],
) -> Result<HashMap<String, Vec<Membership>>, sqlx::Error> {
    let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
    let sql = include_str!("memberships.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(names)).await?;
    let mut memberships: HashMap<String, Vec<Membership>> = HashMap::new();
    for row in rows {
        let membership = Membership {
            role: row.try_get("role")?,
            options: row.try_get("options")?,
        };
        memberships
            .entry(row.try_get("member")?)
            .or_default()
            .push(membership);
    }
    Ok(memberships)
}

/// A `name=value` of the catalog → the text behind `SET`.
pub(super) fn setting(configured: &str) -> String {
    let (name, value) = configured.split_once('=').unwrap_or((configured, ""));
    match value {
        // `SET search_path TO ""` would name a schema; an empty list is written `''`.
        "\"\"" if LISTS.contains(&name) => format!("{name} TO ''"),
        value if LISTS.contains(&name) => format!("{name} TO {value}"),
        value => format!("{name} TO {}", quote_literal(value)),
    }
}
