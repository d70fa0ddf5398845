//! The constraints that partitions and child tables have from the tables above them.

use super::row::{oid, rows};
use crate::schema::model::CopiedConstraint;
use sqlx::{PgConnection, Row as _};

/// All copies, by the names that errors have.
pub(super) async fn copied_constraints(
    connection: &mut PgConnection,
) -> Result<Vec<CopiedConstraint>, sqlx::Error> {
    let rows = rows(connection, include_str!("copied_constraints.sql")).await?;
    let mut copies = Vec::new();
    for row in &rows {
        let copy = CopiedConstraint {
            top: (oid(row, "top_table")?.0, row.try_get("top_name")?),
            relation: oid(row, "relation")?.0,
            schema: row.try_get("schema")?,
            table: row.try_get("table")?,
            name: row.try_get("name")?,
        };
        copies.extend(write_other_name(&copy));
        copies.push(copy);
    }
    copies.sort_by(|one, other| sort_key(one).cmp(&sort_key(other)));
    Ok(copies)
}

fn sort_key(copy: &CopiedConstraint) -> [&str; 3] {
    [&copy.schema, &copy.table, &copy.name]
}

/// The name that another major gives to a copy of a foreign key: `orders_fkey1` until 17, `orders_fkey_1` since 18. The
/// generated code has both, so that it is the same, and right, whichever server it was generated on.
fn write_other_name(copy: &CopiedConstraint) -> Option<CopiedConstraint> {
    let (table, name) = &copy.top;
    let suffix = copy.name.strip_prefix(name.as_str())?;
    let number = suffix.strip_prefix('_').unwrap_or(suffix);
    let is_chosen = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // Only a copy in the same table has such a name, one for each partition that is referred to.
    (is_chosen && *table == copy.relation).then(|| {
        let between = if suffix == number { "_" } else { "" };
        CopiedConstraint {
            name: format!("{name}{between}{number}"),
            ..copy.clone()
        }
    })
}
