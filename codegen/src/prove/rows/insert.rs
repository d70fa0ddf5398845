//! One row: its values are tried until Postgres takes them.

use super::values::{InsertValue, Mark, list_values};
use crate::prove::tenants::{TableId, Tenants};
use crate::schema::model::Column;
use crate::sql::quote::quote_literal;
use sqlx::postgres::{PgDatabaseError, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use std::collections::BTreeMap;

/// The texts of a row's columns; no text is NULL.
pub(in crate::prove) type Texts = BTreeMap<String, Option<String>>;

/// A value of the default of each column, by table and number: a default is asked once.
pub(super) type Samples = BTreeMap<(TableId, i16), Option<String>>;

/// A table without rows of its own, and why.
#[derive(Clone, Debug)]
pub(in crate::prove) struct Unfilled {
    pub(in crate::prove) table: TableId,
    /// Postgres's words, or the row that is missing elsewhere.
    pub(in crate::prove) reason: String,
    /// The INSERT that was refused, to be completed in a seed file.
    pub(in crate::prove) sql: String,
}

/// A row that Postgres took.
#[derive(Clone, Debug)]
pub(super) struct Inserted {
    /// Its columns as they are stored, after triggers.
    pub(super) texts: Texts,
    /// Its columns as they were written.
    pub(super) written: Vec<(String, InsertValue)>,
    pub(super) sql: String,
}

/// Why there is no row.
#[derive(Clone, Debug)]
pub(super) enum NoRow {
    /// A row with the same key exists, and no column is free to differ.
    Duplicate,
    Refused {
        reason: String,
        sql: String,
    },
}

/// How often values are changed before a table is given up: a check of two columns with ten values each is covered.
const MOST_ATTEMPTS: usize = 120;

/// Whether the row stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stay {
    Kept,
    Undone,
}

/// The column of a row, with the values that are left to try.
struct TrialCell<'s> {
    column: &'s Column,
    values: Vec<InsertValue>,
    chosen: usize,
}

/// Inserts a row whose `fixed` columns have these texts.
pub(super) async fn insert_row(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    table: TableId,
    fixed: &Texts,
    (next_mark, samples, stay): (&mut impl FnMut() -> Mark, &mut Samples, Stay),
) -> Result<Result<Inserted, NoRow>, sqlx::Error> {
    let mut cells = list_cells(connection, (tenants, table), fixed, next_mark, samples).await?;
    let found = &tenants.tables[table];
    let mut refusal = None;
    for _ in 0..MOST_ATTEMPTS {
        let sql = write_insert(found.sql(), &cells);
        let error = match try_insert(connection, found.table.columns.as_slice(), &sql, stay).await?
        {
            Ok(texts) => {
                let written = cells
                    .iter()
                    .map(|cell| (cell.column.name.clone(), cell.value().clone()));
                let written = written.collect();
                return Ok(Ok(Inserted {
                    texts,
                    written,
                    sql,
                }));
            }
            Err(error) => error,
        };
        // A row that is there already is no reason to report the table.
        let is_duplicate = error.code() == "23505";
        let blamed = blame_columns(tenants, table, &error, &cells);
        refusal = Some((error.message().to_owned(), sql));
        if !advance_cells(&mut cells, &blamed) {
            if is_duplicate {
                return Ok(Err(NoRow::Duplicate));
            }
            break;
        }
    }
    let (reason, sql) = refusal.unwrap_or_default();
    Ok(Err(NoRow::Refused { reason, sql }))
}

impl TrialCell<'_> {
    fn value(&self) -> &InsertValue {
        self.values.get(self.chosen).unwrap_or(&InsertValue::Null)
    }
}

async fn list_cells<'s>(
    connection: &mut PgConnection,
    (tenants, table): (&Tenants<'s>, TableId),
    fixed: &Texts,
    next_mark: &mut impl FnMut() -> Mark,
    samples: &mut Samples,
) -> Result<Vec<TrialCell<'s>>, sqlx::Error> {
    let found = tenants.tables[table].table;
    let mut cells = Vec::new();
    for column in found
        .columns
        .iter()
        .filter(|column| column.generated.is_none())
    {
        let values = if let Some(text) = fixed.get(&column.name) {
            vec![text.clone().map_or(InsertValue::Null, InsertValue::Text)]
        } else {
            let known = samples.get(&(table, column.number.0)).cloned();
            let sample = match known {
                Some(sample) => sample,
                None => sample_default(connection, column).await?,
            };
            samples.insert((table, column.number.0), sample.clone());
            list_values(
                found,
                column,
                tenants.types,
                &next_mark(),
                sample.as_deref(),
            )
        };
        cells.push(TrialCell {
            column,
            values,
            chosen: 0,
        });
    }
    Ok(cells)
}

/// A value of the column's default, whose shape its check probably wants: `bkm_0193…`.
async fn sample_default(
    connection: &mut PgConnection,
    column: &Column,
) -> Result<Option<String>, sqlx::Error> {
    let Some(default) = column
        .default
        .as_ref()
        .filter(|_| column.default_is_volatile)
    else {
        return Ok(None);
    };
    let mut savepoint = connection.begin().await?;
    let sql = format!("SELECT ({default})::pg_catalog.text");
    let sampled = sqlx::query_scalar(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_one(&mut *savepoint)
        .await;
    savepoint.rollback().await?;
    // A default that fails alone, such as one of `currval`, has no sample.
    Ok(sampled.ok().flatten())
}

/// A value as SQL, of the column's type.
pub(super) fn write_value(value: &InsertValue, column: &Column) -> String {
    match value {
        InsertValue::Text(text) => format!("{}::{}", quote_literal(text), column.data_type),
        InsertValue::Null => "NULL".to_owned(),
        InsertValue::Default => "DEFAULT".to_owned(),
    }
}

fn write_insert(table: &str, cells: &[TrialCell<'_>]) -> String {
    if cells.is_empty() {
        return format!("INSERT INTO {table} DEFAULT VALUES");
    }
    let names: Vec<&str> = cells.iter().map(|cell| cell.column.sql.as_str()).collect();
    let values: Vec<String> = cells
        .iter()
        .map(|cell| write_value(cell.value(), cell.column))
        .collect();
    format!(
        "INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}

async fn try_insert(
    connection: &mut PgConnection,
    columns: &[Column],
    sql: &str,
    stay: Stay,
) -> Result<Result<Texts, Box<PgDatabaseError>>, sqlx::Error> {
    let texts: Vec<String> = columns
        .iter()
        .map(|column| format!("{}::pg_catalog.text", column.sql))
        .collect();
    let sql = format!("{sql} RETURNING {}", texts.join(", "));
    // A row that is refused must not abort the transaction with all the others.
    let mut savepoint = connection.begin().await?;
    let inserted = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(&mut *savepoint)
        .await;
    let inserted = match inserted {
        // A deferred constraint is as good as any other.
        Ok(rows) => sqlx::query("SET CONSTRAINTS ALL IMMEDIATE")
            .execute(&mut *savepoint)
            .await
            .map(|_| rows),
        Err(error) => Err(error),
    };
    match (&inserted, stay) {
        (Ok(_), Stay::Kept) => savepoint.commit().await?,
        _ => savepoint.rollback().await?,
    }
    match inserted {
        Ok(rows) => Ok(Ok(read_texts(columns, rows.first())?)),
        Err(sqlx::Error::Database(error)) => match error.try_downcast::<PgDatabaseError>() {
            Ok(error) => Ok(Err(error)),
            Err(other) => Err(sqlx::Error::Database(other)),
        },
        Err(error) => Err(error),
    }
}

/// No row comes back if a trigger or rule stores it elsewhere.
fn read_texts(columns: &[Column], row: Option<&PgRow>) -> Result<Texts, sqlx::Error> {
    let Some(row) = row else {
        return Ok(Texts::new());
    };
    let read = columns.iter().enumerate();
    read.map(|(index, column)| Ok((column.name.clone(), row.try_get(index)?)))
        .collect()
}

/// The places of the cells that the error is about and that have another value to try.
fn blame_columns(
    tenants: &Tenants<'_>,
    table: TableId,
    error: &PgDatabaseError,
    cells: &[TrialCell<'_>],
) -> Vec<usize> {
    let found = tenants.tables[table].table;
    let of = |wanted: &dyn Fn(&TrialCell<'_>) -> bool| -> Vec<usize> {
        let cells = cells.iter().enumerate();
        let wanted = cells.filter(|(_, cell)| cell.values.len() > 1 && wanted(cell));
        wanted.map(|(index, _)| index).collect()
    };
    if let Some(name) = error.column() {
        return of(&|cell| cell.column.name == name);
    }
    let constraint = error.constraint();
    let own = found
        .constraints
        .iter()
        .find(|known| Some(known.name.as_str()) == constraint);
    if let Some(own) = own {
        return of(&|cell| {
            own.columns
                .iter()
                .any(|number| number.0 == cell.column.number.0)
        });
    }
    let index = found
        .indexes
        .iter()
        .find(|known| Some(known.name.name.as_str()) == constraint);
    if let Some(index) = index {
        return of(&|cell| {
            index
                .columns
                .iter()
                .any(|number| number.0 == cell.column.number.0)
        });
    }
    match error.code() {
        // A check of a domain names the domain's constraint.
        "23514" => of(&|cell| {
            let declared = tenants.types.get(cell.column.type_oid.0);
            declared.is_some_and(|declared| tenants.types.base(declared.oid) != Some(declared))
        }),
        // A value that its type refuses: Postgres does not say of which column.
        code if code.starts_with("22") => of(&|cell| cell.chosen + 1 < cell.values.len()),
        _ => Vec::new(),
    }
}

/// Goes to the next combination of the values of these cells, like an odometer; `false` after the last one.
fn advance_cells(cells: &mut [TrialCell<'_>], blamed: &[usize]) -> bool {
    for index in blamed {
        let cell = &mut cells[*index];
        if cell.chosen + 1 < cell.values.len() {
            cell.chosen += 1;
            return true;
        }
        cell.chosen = 0;
    }
    false
}
