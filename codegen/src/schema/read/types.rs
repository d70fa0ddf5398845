//! Enum types, composite types and domains.

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take, take_row};
use super::relations::Parts;
use super::row::{grouped, name, oid, rows};
use crate::schema::model::{Composite, Domain, DomainConstraint, Enum, Oid};

/// Enum types, sorted.
pub(super) async fn enums(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<Enum>, sqlx::Error> {
    let rows = rows(connection, include_str!("enums.sql")).await?;
    let enums = rows.iter().map(|row| {
        Ok(Enum {
            oid: oid(row, "oid")?,
            name: name(row)?,
            labels: row.try_get("labels")?,
            attached: take_row(attachments, "pg_type", row)?,
        })
    });
    let mut enums = enums.collect::<Result<Vec<_>, sqlx::Error>>()?;
    enums.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(enums)
}

/// Composite types with the fields that `parts` holds, sorted.
pub(super) async fn composites(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
    parts: &mut Parts,
) -> Result<Vec<Composite>, sqlx::Error> {
    let rows = rows(connection, include_str!("composites.sql")).await?;
    let composites = rows.iter().map(|row| {
        Ok(Composite {
            oid: oid(row, "oid")?,
            name: name(row)?,
            fields: parts
                .columns
                .remove(&oid(row, "relation")?.0)
                .unwrap_or_default(),
            attached: take_row(attachments, "pg_type", row)?,
        })
    });
    let mut composites = composites.collect::<Result<Vec<_>, sqlx::Error>>()?;
    composites.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(composites)
}

/// Domains with their checks, sorted.
pub(super) async fn domains(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<Domain>, sqlx::Error> {
    let checks = rows(connection, include_str!("domain_constraints.sql")).await?;
    let checks = checks.iter().map(|row| read_check(row, attachments));
    let mut checks = grouped(checks.collect::<Result<Vec<_>, _>>()?);
    let rows = rows(connection, include_str!("domains.sql")).await?;
    let domains = rows.iter().map(|row| {
        let mut constraints = checks.remove(&oid(row, "oid")?.0).unwrap_or_default();
        constraints.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Domain {
            oid: oid(row, "oid")?,
            name: name(row)?,
            base: row.try_get("base")?,
            base_oid: oid(row, "base_oid")?,
            collation: row.try_get("collation")?,
            default: row.try_get("default")?,
            not_null: row.try_get("not_null")?,
            not_null_name: row.try_get("not_null_name")?,
            not_null_constraint: row.try_get("not_null_constraint")?,
            constraints,
            attached: take_row(attachments, "pg_type", row)?,
        })
    });
    let mut domains = domains.collect::<Result<Vec<_>, sqlx::Error>>()?;
    domains.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(domains)
}

fn read_check(
    row: &PgRow,
    attachments: &mut Attachments,
) -> Result<(Oid, DomainConstraint), sqlx::Error> {
    let check = DomainConstraint {
        oid: oid(row, "oid")?,
        name: row.try_get("name")?,
        sql: row.try_get("sql")?,
        definition: row.try_get("definition")?,
        valid: row.try_get("valid")?,
        attached: take(attachments, "pg_constraint", oid(row, "oid")?, None),
    };
    Ok((oid(row, "parent")?, check))
}
