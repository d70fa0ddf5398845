//! One call of a statement, in a transaction that is taken back: with the values of a row, some of them replaced.

use fastrand::Rng;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, PgConnection};
use xact_codegen::query::analysis::{Typed, TypedParameter};
use xact_codegen::schema::model::{Column, Table};

use super::project::{Place, Project};
use super::values::{Texts, Values, write};

/// Calls a statement that was prepared under its name, after other statements.
pub(super) async fn call(
    connection: &mut PgConnection,
    before: &[String],
    call: &str,
) -> Option<Place> {
    run(connection, "BEGIN").await.unwrap();
    let mut violated = None;
    let mut is_ready = true;
    for sql in before {
        run(connection, "SAVEPOINT ready").await.unwrap();
        // A change of the rows that is refused is left out.
        // A deferred constraint is checked here, so that the statement is not blamed for it.
        let checked = format!("{sql}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
        if run(connection, &checked).await.is_err() {
            run(connection, "ROLLBACK TO ready").await.unwrap();
            is_ready = !sql.starts_with("ALTER");
        }
    }
    if is_ready {
        // A deferred constraint is as good as any other.
        let sql = format!("{call}; SET CONSTRAINTS ALL IMMEDIATE");
        violated = run(connection, &sql).await.err().and_then(read_place);
    }
    run(connection, "ROLLBACK").await.unwrap();
    violated
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ())
}

/// None for an error of another kind, and for one that names no table: that of a domain, a column or a view.
fn read_place(error: sqlx::Error) -> Option<Place> {
    let sqlx::Error::Database(error) = error else {
        panic!("{error}");
    };
    let error: &PgDatabaseError = error.downcast_ref();
    let is_violation = error.code().starts_with("23");
    let place = (error.schema()?, error.table()?, error.constraint()?);
    let owned = |text: &str| text.to_owned();
    is_violation.then(|| (owned(place.0), owned(place.1), owned(place.2)))
}

/// The call with arguments: those of a row that the statement may be about, and at random others.
pub(super) fn write_call(
    project: &Project,
    query: &Typed,
    values: &Values,
    rng: &mut Rng,
) -> Option<String> {
    let written = list_written(project, query);
    let row = rng
        .choice(&written)
        .and_then(|table| values.choose_row(&table.name.sql, rng));
    let replaced = rng.u8(..5) * 25;
    let parameters = query.parameters.iter();
    let arguments = parameters.map(|parameter| {
        let keeps = rng.u8(..100) >= replaced;
        choose_argument(project, parameter, row.filter(|_| keeps), values, rng)
    });
    let arguments: Option<Vec<String>> = arguments.collect();
    let arguments = arguments?;
    let name = &query.query.name;
    Some(if arguments.is_empty() {
        format!("EXECUTE {name}")
    } else {
        format!("EXECUTE {name}({})", arguments.join(", "))
    })
}

/// The tables that a statement names, those first that it writes to.
pub(super) fn list_written<'p>(project: &'p Project, query: &Typed) -> Vec<&'p Table> {
    let tables = query.tables.as_ref();
    let named = tables.into_iter().flat_map(|tables| &tables.writes);
    let find = |name: &String| {
        let mut tables = project.schema.tables.iter();
        tables.find(|table| table.name.sql == *name)
    };
    named.filter_map(find).collect()
}

/// None for a type of which no value is known.
fn choose_argument(
    project: &Project,
    parameter: &TypedParameter,
    row: Option<&Texts>,
    values: &Values,
    rng: &mut Rng,
) -> Option<String> {
    let declared = &project.types.get(parameter.type_oid)?.sql_name;
    if rng.u8(..100) < if parameter.nullable { 15 } else { 2 } {
        return Some(write(None, declared));
    }
    let mut columns = list_columns(project, parameter);
    rng.shuffle(&mut columns);
    let of_row = columns
        .iter()
        .find_map(|column| row?.get(&column.name)?.clone());
    let of_others = |rng: &mut Rng| {
        let column = columns.first()?;
        values.choose_of_column(&column.name, rng)
    };
    let of_others = of_others(rng).filter(|_| rng.bool());
    let element = declared.strip_suffix("[]").unwrap_or(declared);
    let value = of_row
        .or(of_others)
        .or_else(|| values.choose(element, rng))?;
    Some(if element == declared {
        write(Some(&value), declared)
    } else {
        format!("ARRAY[{}]::{declared}", write(Some(&value), element))
    })
}

/// The columns that a parameter meets in the statement.
fn list_columns<'p>(project: &'p Project, parameter: &TypedParameter) -> Vec<&'p Column> {
    let met = parameter.met.iter().chain(&parameter.origin);
    met.filter_map(|(oid, number)| {
        let mut tables = project.schema.tables.iter();
        let table = tables.find(|table| table.oid.0 == *oid)?;
        let mut columns = table.columns.iter();
        columns.find(|column| column.number.0 == *number)
    })
    .collect()
}

/// A change of one column of one row, so that statements find rows in every state.
pub(super) fn write_change(tables: &[&Table], values: &Values, rng: &mut Rng) -> Option<String> {
    let table = rng.choice(tables)?;
    let column = rng.choice(&table.columns)?;
    let value = match rng.u8(..4) {
        0 if !column.not_null => None,
        0 | 1 => values.choose(&column.data_type, rng),
        _ => values.choose_of_column(&column.name, rng),
    };
    let (name, sql) = (&column.sql, &table.name.sql);
    let value = write(value.as_ref(), &column.data_type);
    let one = format!("ctid = (SELECT ctid FROM {sql} ORDER BY random() LIMIT 1)");
    Some(format!("UPDATE {sql} SET {name} = {value} WHERE {one}"))
}
