//! Rows in every table, valid under all constraints: random values are tried until Postgres takes them.

use std::collections::BTreeMap;

use fastrand::Rng;
use sqlx::{AssertSqlSafe, PgConnection};
use xact_codegen::schema::Schema;
use xact_codegen::schema::model::{Column, Table};

use super::values::{Values, write};

/// Rows that each table should have.
const ROWS: usize = 6;
/// How often a row is tried: keys of a few columns and checks of one or two find a value long before.
const ATTEMPTS: usize = 150;

/// Fills all tables, those first that others refer to.
pub(super) async fn fill_tables(
    connection: &mut PgConnection,
    schema: &Schema,
    values: &mut Values,
    rng: &mut Rng,
) {
    for table in &schema.tables {
        for column in &table.columns {
            values.learn_type(connection, &column.data_type).await;
        }
        values.read_rows(connection, table).await;
    }
    // Twice, so that foreign keys that lead in a circle find rows.
    for _ in 0..2 {
        for table in sort_tables(schema) {
            // The rows of a partitioned table are in its partitions, whichever of them was asked for.
            for _ in 0..ATTEMPTS {
                if values.rows[&table.name.sql].len() >= ROWS {
                    break;
                }
                if let Some(sql) = write_insert(schema, table, values, rng)
                    && try_insert(connection, sql).await
                {
                    values.read_rows(connection, table).await;
                }
            }
        }
    }
    for table in &schema.tables {
        values.read_rows(connection, table).await;
    }
}

/// A table comes after those that it refers to, unless they refer to it.
fn sort_tables(schema: &Schema) -> Vec<&Table> {
    let mut sorted: Vec<&Table> = Vec::new();
    for _ in &schema.tables {
        for table in &schema.tables {
            let is_sorted = |oid: u32| sorted.iter().any(|found| found.oid.0 == oid);
            let mut targets = table
                .foreign_keys()
                .filter_map(|key| key.references.as_ref());
            let is_ready = targets
                .all(|target| target.table_oid.0 == table.oid.0 || is_sorted(target.table_oid.0));
            if is_ready && !is_sorted(table.oid.0) {
                sorted.push(table);
            }
        }
    }
    let rest = schema.tables.iter();
    let rest: Vec<&Table> = rest
        .filter(|table| !sorted.iter().any(|found| found.oid.0 == table.oid.0))
        .collect();
    sorted.extend(rest);
    sorted
}

async fn try_insert(connection: &mut PgConnection, sql: String) -> bool {
    let sql = format!("BEGIN; {sql}; SET CONSTRAINTS ALL IMMEDIATE; COMMIT");
    let result = sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut *connection)
        .await;
    if result.is_err() {
        sqlx::raw_sql("ROLLBACK").execute(connection).await.unwrap();
    }
    result.is_ok()
}

/// None if a row that it has to refer to is missing.
fn write_insert(schema: &Schema, table: &Table, values: &Values, rng: &mut Rng) -> Option<String> {
    let mut row: BTreeMap<&str, Option<String>> = BTreeMap::new();
    refer_to_parents(schema, table, values, &mut row, rng)?;
    let free = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none());
    let free: Vec<&Column> = free.collect();
    for column in free {
        let has_default = column.default.is_some() || column.identity.is_some();
        let is_left = has_default && rng.u8(..10) < 7;
        if is_left || row.contains_key(column.name.as_str()) {
            continue;
        }
        let is_null = !column.not_null && rng.u8(..10) < 3;
        let value = if is_null {
            None
        } else {
            values.choose(&column.data_type, rng)
        };
        row.insert(&column.name, value);
    }
    let (mut names, mut texts) = (Vec::new(), Vec::new());
    for (name, value) in &row {
        let column = table.column(name)?;
        names.push(column.sql.as_str());
        texts.push(write(value.as_ref(), &column.data_type));
    }
    let (names, texts) = (names.join(", "), texts.join(", "));
    let sql = &table.name.sql;
    Some(format!(
        "INSERT INTO {sql} ({names}) OVERRIDING SYSTEM VALUE VALUES ({texts})"
    ))
}

/// Foreign keys that share columns must lead to rows that agree.
fn refer_to_parents<'t>(
    schema: &Schema,
    table: &'t Table,
    values: &Values,
    row: &mut BTreeMap<&'t str, Option<String>>,
    rng: &mut Rng,
) -> Option<()> {
    let mut keys: Vec<_> = table.foreign_keys().collect();
    rng.shuffle(&mut keys);
    for key in keys {
        let target = key.references.as_ref()?;
        let parent = schema.table(target.table_oid)?;
        let own = table.columns_at(&key.columns);
        // The default of a status is the one that most statements look for.
        if own.iter().any(|column| column.default.is_some()) && rng.bool() {
            continue;
        }
        let there = parent.columns_at(&target.columns);
        let rows = values.rows.get(&parent.name.sql)?;
        let fits = rows.iter().filter(|parent| {
            own.iter().zip(&there).all(|(own, there)| {
                let known = row.get(own.name.as_str());
                known.is_none_or(|known| parent.get(&there.name) == Some(known))
            })
        });
        let fits: Vec<_> = fits.collect();
        let nullable = own
            .iter()
            .find(|c| !c.not_null && !row.contains_key(c.name.as_str()));
        match (rng.choice(&fits), nullable) {
            (found, Some(nullable)) if found.is_none() || rng.u8(..10) < 3 => {
                row.insert(&nullable.name, None);
            }
            (Some(found), _) => {
                for (own, there) in own.iter().zip(&there) {
                    row.insert(&own.name, found.get(&there.name)?.clone());
                }
            }
            (None, _) => return None,
        }
    }
    Some(())
}
