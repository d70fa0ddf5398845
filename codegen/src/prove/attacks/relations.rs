//! The tables and views that a role may be refused, with its privileges on each column.

use crate::catalog_query::fetch_catalog_with;
use crate::prove::tenants::{TableId, Tenants};
use crate::schema::Schema;
use crate::schema::model::{Column, ViewKind};
use sqlx::{PgConnection, Row as _};
use std::collections::HashMap;

/// A relation as one role may use it.
#[derive(Clone, Debug)]
pub(super) struct AttackedRelation<'s> {
    /// `table` or `view`.
    pub(super) kind: &'static str,
    /// Its name as SQL.
    pub(super) sql: &'s str,
    /// The table that holds its rows, if it is one.
    pub(super) table: Option<TableId>,
    pub(super) columns: &'s [Column],
    pub(super) privileges: Privileges,
}

/// The columns by number, and the privileges on the whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Privileges {
    reads: Vec<i16>,
    inserts: Vec<i16>,
    updates: Vec<i16>,
    pub(super) deletes: bool,
    pub(super) truncates: bool,
}

impl<'s> AttackedRelation<'s> {
    pub(super) fn readable(&self) -> Vec<&'s Column> {
        self.columns_in(&self.privileges.reads)
    }

    pub(super) fn insertable(&self) -> Vec<&'s Column> {
        self.columns_in(&self.privileges.inserts)
    }

    pub(super) fn updatable(&self) -> Vec<&'s Column> {
        let mut columns = self.columns_in(&self.privileges.updates);
        columns.retain(|column| is_assignable(column));
        columns
    }

    fn columns_in(&self, numbers: &[i16]) -> Vec<&'s Column> {
        let columns = self.columns.iter();
        columns
            .filter(|column| numbers.contains(&column.number.0))
            .collect()
    }

    /// Its name in reports.
    pub(super) fn object(&self) -> String {
        format!("{} {}", self.kind, self.sql)
    }
}

/// Whether an UPDATE may name the column: Postgres refuses others before it looks at privileges.
pub(super) fn is_assignable(column: &Column) -> bool {
    let is_always = column
        .identity
        .as_ref()
        .is_some_and(|identity| identity.always);
    column.generated.is_none() && !is_always
}

/// Every table, partition and view.
pub(super) async fn read_relations<'s>(
    connection: &mut PgConnection,
    schema: &'s Schema,
    tenants: &Tenants<'_>,
    role: Option<&str>,
) -> Result<Vec<AttackedRelation<'s>>, sqlx::Error> {
    let mut privileges = read_privileges(connection, role).await?;
    let mut relations = Vec::new();
    for table in &schema.tables {
        let id = tenants
            .tables
            .iter()
            .position(|known| known.table.oid.0 == table.oid.0);
        relations.push(AttackedRelation {
            kind: "table",
            sql: &table.name.sql,
            table: id,
            columns: &table.columns,
            privileges: privileges.remove(&table.oid.0).unwrap_or_default(),
        });
    }
    for view in &schema.views {
        relations.push(AttackedRelation {
            kind: if view.kind == ViewKind::View {
                "view"
            } else {
                "materialized view"
            },
            sql: &view.name.sql,
            table: None,
            columns: &view.columns,
            privileges: privileges.remove(&view.oid.0).unwrap_or_default(),
        });
    }
    Ok(relations)
}

async fn read_privileges(
    connection: &mut PgConnection,
    role: Option<&str>,
) -> Result<HashMap<u32, Privileges>, sqlx::Error> {
    let role = role.map(str::to_owned);
    let sql = include_str!("privileges.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(role)).await?;
    let mut privileges: HashMap<u32, Privileges> = HashMap::new();
    for row in &rows {
        let oid = u32::try_from(row.try_get::<i64, _>("relation")?).unwrap_or_default();
        let own = privileges.entry(oid).or_default();
        if !row.try_get::<bool, _>("visible")? {
            continue;
        }
        let number: i16 = row.try_get("number")?;
        for (name, columns) in [
            ("reads", &mut own.reads),
            ("inserts", &mut own.inserts),
            ("updates", &mut own.updates),
        ] {
            if row.try_get(name)? {
                columns.push(number);
            }
        }
        own.deletes = row.try_get("deletes")?;
        own.truncates = row.try_get("truncates")?;
    }
    Ok(privileges)
}
