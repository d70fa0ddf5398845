//! The completeness guard: every object of the database that no reader represents is named.

use std::collections::HashSet;

use sqlx::postgres::types::Oid as SqlOid;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, CatalogId};
use super::error::{SchemaReadError, UnsupportedObject};
use super::row::{oid, optional_oid, rows};
use crate::catalog_query::fetch_catalog_with;

/// Compares the objects of the catalog with those that the readers took.
///
/// # Errors
///
/// [`SchemaReadError::Unsupported`] with everything that is left.
pub(super) async fn nothing_missed(
    connection: &mut PgConnection,
    attachments: Attachments,
) -> Result<(), SchemaReadError> {
    let mut missed = missed_objects(connection, &attachments).await?;
    let missed_ids: HashSet<CatalogId> = missed.iter().map(|(_, id)| id.clone()).collect();
    // An object that is missed as a whole is named once, without its comment and grants.
    let unknown = |(class, oid, _): &CatalogId| !missed_ids.contains(&(class.clone(), *oid, 0));
    missed.extend(
        attachments
            .comments
            .into_keys()
            .filter(unknown)
            .map(|id| ("comment on ".to_owned(), id)),
    );
    missed.extend(
        attachments
            .grants
            .into_keys()
            .filter(unknown)
            .map(|id| ("privileges on ".to_owned(), id)),
    );
    missed.extend(missed_details(connection).await?);
    let unsupported = name_missed(connection, &missed).await?;
    if unsupported.is_empty() {
        Ok(())
    } else {
        Err(SchemaReadError::Unsupported(unsupported))
    }
}

/// Objects that no reader took; of a missed table only the table itself, not its parts.
async fn missed_objects(
    connection: &mut PgConnection,
    attachments: &Attachments,
) -> Result<Vec<(String, CatalogId)>, sqlx::Error> {
    let mut missed = Vec::new();
    for row in rows(connection, include_str!("objects.sql")).await? {
        let (class, number): (String, u32) = (row.try_get("class")?, oid(&row, "oid")?.0);
        let whole = optional_oid(&row, "relation")?;
        // A part is missed with its whole, which is named then.
        let whole_is_read = whole.is_none_or(|whole| is_read(attachments, "pg_class", whole.0));
        if whole_is_read && !is_read(attachments, &class, number) {
            missed.push((String::new(), (class, number, 0)));
        }
    }
    Ok(missed)
}

/// Properties of the read objects that no reader reads.
async fn missed_details(
    connection: &mut PgConnection,
) -> Result<Vec<(String, CatalogId)>, sqlx::Error> {
    let rows = rows(connection, include_str!("details.sql")).await?;
    let details = rows.iter().map(|row| {
        let id = (
            row.try_get("class")?,
            oid(row, "oid")?.0,
            row.try_get("part")?,
        );
        Ok((row.try_get("prefix")?, id))
    });
    details.collect()
}

fn is_read(attachments: &Attachments, class: &str, number: u32) -> bool {
    attachments
        .represented
        .contains(&(class.to_owned(), number))
}

/// The names Postgres gives to `missed`, each with its prefix, sorted.
async fn name_missed(
    connection: &mut PgConnection,
    missed: &[(String, CatalogId)],
) -> Result<Vec<UnsupportedObject>, sqlx::Error> {
    let prefixes: Vec<&str> = missed.iter().map(|(prefix, _)| prefix.as_str()).collect();
    let ids = missed.iter().map(|(_, id)| id);
    let classes: Vec<&str> = ids.clone().map(|(class, ..)| class.as_str()).collect();
    let numbers: Vec<SqlOid> = ids.clone().map(|(_, number, _)| SqlOid(*number)).collect();
    let parts: Vec<_> = ids.map(|(.., part)| *part).collect();
    let rows = fetch_catalog_with(connection, include_str!("identify.sql"), |query| {
        query.bind(prefixes).bind(classes).bind(numbers).bind(parts)
    });
    let rows = rows.await?;
    let objects = rows.iter().map(|row| {
        Ok(UnsupportedObject {
            kind: row.try_get("kind")?,
            name: row.try_get("name")?,
        })
    });
    let mut objects = objects.collect::<Result<Vec<_>, sqlx::Error>>()?;
    objects.sort();
    objects.dedup();
    Ok(objects)
}
