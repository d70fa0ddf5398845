//! The bodies of functions in SQL: the tree of their last statement, which gives their result.
//!
//! Given: OIDs of functions. Gives: the body of each that is written in SQL and was understood.
//! One that is kept as text is declared again, with the same text in SQL-standard form, of which
//! Postgres keeps the tree; that is rolled back. Nothing is ever called.

use crate::query::analysis::tree::{self, Expr, QueryTree};
use crate::query::pg_types::FIRST_NORMAL_OID;
use crate::report::Failure;
use crate::report::diagnostic::refusal_of;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use std::collections::{HashMap, HashSet};

/// The body of a function in SQL.
#[derive(Debug)]
pub(crate) struct Body {
    /// Its last statement.
    pub(crate) query: QueryTree,
    /// How many arguments it takes, those with a default included.
    pub(crate) arguments: usize,
    /// The defaults, which the last of its arguments have.
    pub(crate) defaults: Vec<Expr>,
}

/// A row of `bodies.sql`.
struct BodyRow {
    oid: u32,
    arguments: usize,
    tree: Option<String>,
    source: String,
    defaults: Option<String>,
    parameters: String,
    result: String,
    search_path: Option<String>,
    types: Vec<u32>,
}

const DOING: &str = "reading what functions do";

/// Reads the bodies of functions.
pub(super) async fn read(
    connection: &mut PgConnection,
    oids: &HashSet<u32>,
) -> Result<HashMap<u32, Body>, Failure> {
    let functions = read_declared(connection, oids).await?;
    Ok(functions.iter().filter_map(body).collect())
}

/// Reads the trees of all statements of functions in SQL, as text.
pub(crate) async fn read_trees(
    connection: &mut PgConnection,
    oids: &HashSet<u32>,
) -> Result<HashMap<u32, String>, Failure> {
    let functions = read_declared(connection, oids).await?.into_iter();
    let trees = functions.filter_map(|function| Some((function.oid, function.tree?)));
    Ok(trees.collect())
}

async fn read_declared(
    connection: &mut PgConnection,
    oids: &HashSet<u32>,
) -> Result<Vec<BodyRow>, Failure> {
    // Functions of `initdb` are judged by the reviewed lists alone.
    let oids = oids.iter().filter(|oid| **oid >= FIRST_NORMAL_OID);
    let oids: Vec<Oid> = oids.map(|oid| Oid(*oid)).collect();
    if oids.is_empty() {
        return Ok(Vec::new());
    }
    let read = in_a_transaction(connection, oids).await;
    read.map_err(Failure::connection(DOING))
}

async fn in_a_transaction(
    connection: &mut PgConnection,
    oids: Vec<Oid>,
) -> Result<Vec<BodyRow>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    // Until they are dropped with the transaction, the names of types are written out.
    let path = search_path(&mut transaction, "pg_catalog").await?;
    let rows = sqlx::query(include_str!("bodies.sql"))
        .bind(oids)
        .fetch_all(&mut *transaction)
        .await?;
    let mut functions: Vec<BodyRow> = rows.iter().map(declared).collect::<Result<_, _>>()?;
    // A body in quotes has no tree (`prosqlbody` is NULL): Postgres parses it when it is called, by
    // the search path of that moment.
    for function in functions.iter().filter(|function| function.tree.is_none()) {
        let own = function.search_path.as_deref().unwrap_or(&path);
        declare_again(&mut transaction, function, own).await?;
    }
    let rows = sqlx::query(include_str!("bodies.trees.sql"))
        .fetch_all(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    let mut trees: HashMap<u32, String> = HashMap::new();
    for row in &rows {
        trees.insert(oid(row.try_get("oid")?)?, row.try_get("tree")?);
    }
    for function in &mut functions {
        function.tree = function.tree.take().or_else(|| trees.remove(&function.oid));
    }
    Ok(functions)
}

/// Sets the search path until the end of the transaction, and gives the one before.
async fn search_path(connection: &mut PgConnection, path: &str) -> Result<String, sqlx::Error> {
    let query = "SELECT pg_catalog.current_setting('search_path'), pg_catalog.set_config('search_path', $1, true)";
    let row = sqlx::query(query).bind(path).fetch_one(connection).await?;
    row.try_get(0)
}

fn declared(row: &PgRow) -> Result<BodyRow, sqlx::Error> {
    let types: Vec<i64> = row.try_get("types")?;
    Ok(BodyRow {
        oid: oid(row.try_get("oid")?)?,
        arguments: usize::try_from(row.try_get::<i32, _>("arguments")?).unwrap_or(0),
        tree: row.try_get("tree")?,
        source: row.try_get("source")?,
        defaults: row.try_get("defaults")?,
        parameters: row.try_get("declared")?,
        result: row.try_get("result")?,
        search_path: row.try_get("search_path")?,
        // OIDs are unsigned and `bigint` is the smallest type of SQL that holds them all.
        types: types.into_iter().map(oid).collect::<Result<_, _>>()?,
    })
}

/// Postgres refuses a function that has no tree, such as one with arguments of any type; nothing is known of it then.
async fn declare_again(
    connection: &mut PgConnection,
    function: &BodyRow,
    path: &str,
) -> Result<(), sqlx::Error> {
    let BodyRow {
        oid,
        source,
        parameters,
        result,
        ..
    } = function;
    // The line break ends a comment at the end.
    let sql = format!(
        "CREATE FUNCTION pg_temp.xact_body_{oid}({parameters}) RETURNS {result} LANGUAGE sql BEGIN ATOMIC {source}\n; END"
    );
    // A refused declaration would otherwise abort the transaction, and with it the functions after
    // it.
    let mut savepoint = connection.begin().await?;
    search_path(&mut savepoint, path).await?;
    // Prepared, and so never more than the one statement, whatever the text holds.
    let statement = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    match statement.execute(&mut *savepoint).await {
        Ok(_) => savepoint.commit().await,
        Err(error) => {
            // The server's refusal is an answer; every other error is none, and ends the run.
            refusal_of(error)?;
            savepoint.rollback().await
        }
    }
}

fn body(function: &BodyRow) -> Option<(u32, Body)> {
    let (query, types) = tree::body(function.tree.as_deref()?)?;
    let same = types.len() == function.types.len();
    let mut pairs = types.iter().zip(&function.types);
    // The result of the last statement is cast to the declared type, and a cast of the user may
    // give NULL for a value. A single column that is the whole row differs in number or type, so it
    // is left out as well.
    let kept = same && pairs.all(|(given, returned)| keeps_null(*given, *returned));
    let defaults = function.defaults.as_deref();
    let body = Body {
        query,
        arguments: function.arguments,
        defaults: defaults
            .and_then(tree::read_expressions)
            .unwrap_or_default(),
    };
    kept.then_some((function.oid, body))
}

/// The OIDs of `time` and `timetz`: as one of them, an infinite timestamp is NULL.
const TIMES: [u32; 2] = [1083, 1266];

/// Whether only NULL becomes NULL where a value is cast to the type that is returned.
fn keeps_null(given: Option<u32>, returned: u32) -> bool {
    let built_in = |oid: u32| oid < FIRST_NORMAL_OID;
    let cast = |given: u32| built_in(given) && built_in(returned) && !TIMES.contains(&returned);
    given.is_some_and(|given| given == returned || cast(given))
}

fn oid(number: i64) -> Result<u32, sqlx::Error> {
    u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
}
