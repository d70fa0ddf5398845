//! The rows as the database stores them, after defaults and triggers, with the keys that each leads to.

use super::World;
use super::fill::Filled;
use crate::prove::tenants::{KeyId, Link, TableId, Tenants};
use crate::sql::quote::quote_literal;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One stored row.
#[derive(Clone, Debug)]
pub(in crate::prove) struct StoredRow {
    pub(in crate::prove) table: TableId,
    /// Its place and its text: an UPDATE changes it, even to the same values.
    pub(in crate::prove) text: String,
    /// The texts of its columns, in their order.
    pub(in crate::prove) cells: Vec<Option<String>>,
    pub(in crate::prove) world: World,
    /// The values of the keys that it leads to.
    pub(in crate::prove) roots: BTreeMap<KeyId, BTreeSet<String>>,
}

/// Creates `pg_temp.xact_now`, which gives every row of every table.
pub(in crate::prove) async fn create_reader(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    filled: &Filled,
) -> Result<(), sqlx::Error> {
    let tables = tenants.tables.iter().enumerate();
    let stored = tables.filter(|(id, _)| filled.is_reachable(*id));
    let selects: Vec<String> = stored
        .map(|(id, table)| {
            let columns = table.table.columns.iter();
            let cells: Vec<String> = columns.map(|column| format!("xact_row_.{}::pg_catalog.text", column.sql)).collect();
            format!(
                "SELECT {id}, xact_row_.tableoid::pg_catalog.text || xact_row_.ctid::pg_catalog.text || xact_row_::pg_catalog.text, \
                 ARRAY[{}]::pg_catalog.text[] FROM {} AS xact_row_",
                cells.join(", "),
                table.sql()
            )
        })
        .collect();
    let body = if selects.is_empty() {
        "SELECT 0, '', ARRAY[]::pg_catalog.text[] WHERE false".to_owned()
    } else {
        selects.join(" UNION ALL ")
    };
    let create = format!(
        "CREATE FUNCTION pg_temp.xact_now() RETURNS TABLE (relation int4, entry text, cells text[]) LANGUAGE sql AS {}",
        quote_literal(&body)
    );
    connection.execute(AssertSqlSafe(create)).await?;
    Ok(())
}

/// Every row of every table; a row that was not there `before` is of this tenant.
pub(in crate::prove) async fn read_rows(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    filled: &Filled,
    before: &[StoredRow],
    world: World,
) -> Result<Vec<StoredRow>, sqlx::Error> {
    let known: HashMap<(TableId, Vec<Option<String>>), World> = before
        .iter()
        .map(|row| {
            (
                (row.table, identify_row(tenants, row.table, &row.cells)),
                row.world,
            )
        })
        .collect();
    let found = sqlx::query("SELECT relation, entry, cells FROM pg_temp.xact_now()")
        .persistent(false)
        .fetch_all(connection)
        .await?;
    let mut rows = Vec::new();
    for row in &found {
        let table = usize::try_from(row.try_get::<i32, _>("relation")?).unwrap_or_default();
        let cells: Vec<Option<String>> = row.try_get("cells")?;
        let identity = (table, identify_row(tenants, table, &cells));
        let own = || find_world(tenants, filled, table, &cells).unwrap_or(world);
        rows.push(StoredRow {
            table,
            text: row.try_get("entry")?,
            world: known.get(&identity).copied().unwrap_or_else(own),
            cells,
            roots: BTreeMap::new(),
        });
    }
    spread_roots(tenants, &mut rows);
    Ok(rows)
}

/// The primary key of a row, or all of it: a trigger may change the rest.
fn identify_row(
    tenants: &Tenants<'_>,
    table: TableId,
    cells: &[Option<String>],
) -> Vec<Option<String>> {
    let found = tenants.tables[table].table;
    let Some(key) = found.primary_key() else {
        return cells.to_vec();
    };
    let columns = found.columns.iter().zip(cells);
    let key =
        columns.filter(|(column, _)| key.columns.iter().any(|number| number.0 == column.number.0));
    key.map(|(_, cell)| cell.clone()).collect()
}

/// The world of a row that was inserted for no tenant in particular.
fn find_world(
    tenants: &Tenants<'_>,
    filled: &Filled,
    table: TableId,
    cells: &[Option<String>],
) -> Option<World> {
    let names = tenants.tables[table]
        .table
        .columns
        .iter()
        .map(|column| &column.name);
    let pairs: Vec<_> = names.zip(cells).collect();
    let same = |texts: &BTreeMap<String, Option<String>>| {
        pairs
            .iter()
            .all(|(name, cell)| texts.get(*name) == Some(cell))
    };
    let rows = filled.rows.iter().filter(|row| row.table == table);
    let mut rows =
        rows.filter(|row| matches!(row.world, World::Both | World::Outside | World::Shared));
    rows.find(|row| same(&row.texts)).map(|row| row.world)
}

impl StoredRow {
    /// The text of a column.
    pub(in crate::prove) fn cell(&self, tenants: &Tenants<'_>, column: &str) -> Option<&str> {
        let columns = &tenants.tables[self.table].table.columns;
        let index = columns.iter().position(|known| known.name == column)?;
        self.cells.get(index)?.as_deref()
    }

    /// Whether the foreign key of the other row refers to this one.
    pub(in crate::prove) fn is_target(
        &self,
        tenants: &Tenants<'_>,
        link: &Link,
        from: &StoredRow,
    ) -> bool {
        self.table == link.target
            && link
                .columns
                .iter()
                .zip(&link.target_columns)
                .all(|(own, target)| {
                    let own = from.cell(tenants, own);
                    own.is_some() && own == self.cell(tenants, target)
                })
    }
}

/// Follows foreign keys from each row to the keys.
fn spread_roots(tenants: &Tenants<'_>, rows: &mut [StoredRow]) {
    for row in rows.iter_mut() {
        row.roots = read_own_roots(tenants, row);
    }
    let targets = find_targets(tenants, rows);
    // A path has at most as many steps as there are tables.
    for _ in 0..tenants.tables.len() {
        let mut changed = false;
        for index in 0..rows.len() {
            for target in &targets[index] {
                for (key, values) in rows[*target].roots.clone() {
                    let own = rows[index].roots.entry(key).or_default();
                    let before = own.len();
                    own.extend(values);
                    changed |= own.len() > before;
                }
            }
        }
        if !changed {
            break;
        }
    }
}

fn find_targets(tenants: &Tenants<'_>, rows: &[StoredRow]) -> Vec<Vec<usize>> {
    let of = |row: &StoredRow| {
        let links = tenants.tables[row.table].links.iter();
        let targets = links.filter_map(|link| {
            rows.iter()
                .position(|other| other.is_target(tenants, link, row))
        });
        targets.collect()
    };
    rows.iter().map(of).collect()
}

/// The keys in the row itself.
pub(in crate::prove) fn read_own_roots(
    tenants: &Tenants<'_>,
    row: &StoredRow,
) -> BTreeMap<KeyId, BTreeSet<String>> {
    let mut roots: BTreeMap<KeyId, BTreeSet<String>> = BTreeMap::new();
    let places = tenants.keys.iter().enumerate();
    let own = places.filter_map(|(id, key)| {
        let (table, column) = key.place.as_ref()?;
        (*table == row.table).then_some((column, id))
    });
    let values = tenants.tables[row.table].values.iter();
    for (column, key) in own.chain(values.map(|(column, key)| (column, *key))) {
        let cell = row.cell(tenants, column).map(str::to_owned);
        roots.entry(key).or_default().extend(cell);
    }
    roots
}
