//! Postgres's own analysed tree of each query, as text.
//!
//! A query stored as the body of a function in SQL-standard form is kept as it was analysed, not
//! as it was written: `pg_proc.prosqlbody`. Everything is rolled back. A query whose tree cannot
//! be had (`SELECT … INTO`, a parameter of a pseudo-type) is no error: nothing is proved of it, and
//! that is said.

mod stand_ins;

use crate::catalog_query::fetch_catalog;
use crate::query::{DescribedQuery, Kind, TypeCatalog};
use crate::report::Failure;
use crate::report::diagnostic::refusal_of;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use std::collections::HashSet;

/// How many functions are created in one round trip.
// Large enough that the round trip costs little, small enough that one refused query sends few of
// them a second time.
const BATCH: usize = 200;

/// How many queries are stored in one transaction, which locks each function and each relation: a server has places for 6,400 locks by
/// default (`max_locks_per_transaction`).
const IN_ONE_TRANSACTION: usize = 1000;

/// How many arguments a function can have (`FUNC_MAX_ARGS`); a query can have 65,535 parameters.
const MAX_ARGUMENTS: usize = 100;

const DOING: &str = "storing the queries to read their trees";

/// The trees that Postgres keeps of the queries.
#[derive(Default)]
pub(in crate::query) struct Fetched {
    /// The tree of each query, in the same order.
    pub(in crate::query) trees: Vec<Result<String, NoTree>>,
    /// The OIDs of the functions that stand for parameters in the trees.
    pub(super) stand_ins: HashSet<u32>,
}

/// Why a query has no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query) enum NoTree {
    /// It is a utility statement, which has none.
    Utility,
    /// Postgres refused to store it, in its words.
    Refused(String),
    /// There is one, but it nests too deep or holds an unknown node.
    NotUnderstood,
}

/// A statement that stores a query.
struct StoredQuery {
    number: usize,
    sql: String,
}

/// The trees of the queries.
pub(in crate::query) async fn fetch_trees(
    connection: &mut PgConnection,
    queries: &[DescribedQuery],
    types: &TypeCatalog,
) -> Result<Fetched, Failure> {
    let mut all = Fetched::default();
    for queries in queries.chunks(IN_ONE_TRANSACTION) {
        let fetched = fetch_at_once(connection, queries, types).await;
        let fetched = fetched.map_err(Failure::connection(DOING))?;
        all.trees.extend(fetched.trees);
        all.stand_ins.extend(fetched.stand_ins);
    }
    Ok(all)
}

async fn fetch_at_once(
    connection: &mut PgConnection,
    queries: &[DescribedQuery],
    types: &TypeCatalog,
) -> Result<Fetched, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let fetched = create_and_read(&mut transaction, queries, types).await;
    transaction.rollback().await?;
    fetched
}

/// The statement that stores a query.
fn write_function(
    number: usize,
    described: &DescribedQuery,
    types: &TypeCatalog,
) -> Result<StoredQuery, NoTree> {
    if described.query.kind != Kind::Analysed {
        return Err(NoTree::Utility);
    }
    let mut arguments = Vec::new();
    for oid in &described.parameters {
        let found = types.get(*oid);
        let found = found.ok_or_else(|| NoTree::Refused(format!("there is no type {oid}")))?;
        arguments.push(found.sql_name.as_str());
    }
    let sql = &described.query.sql.text;
    let (arguments, sql) = match arguments.len() {
        ..=MAX_ARGUMENTS => (arguments.join(", "), sql.clone()),
        _ => (
            String::new(),
            stand_ins::replace_parameters(sql, &described.parameters),
        ),
    };
    let rows = match described.columns.as_slice() {
        [] => "void",
        // `record` needs no list of columns, whatever the query gives; `void` accepts a statement
        // without rows.
        _ => "SETOF record",
    };
    // The line break ends a comment at the query's end.
    let sql = format!(
        "CREATE FUNCTION pg_temp.xact_query_{number}({arguments}) RETURNS {rows} LANGUAGE sql BEGIN ATOMIC {sql}\n; END"
    );
    Ok(StoredQuery { number, sql })
}

async fn create_and_read(
    connection: &mut PgConnection,
    queries: &[DescribedQuery],
    types: &TypeCatalog,
) -> Result<Fetched, sqlx::Error> {
    // The types of the rows are not wanted, so the validator need not compare them.
    connection
        .execute("SET LOCAL check_function_bodies = off")
        .await?;
    let many = queries
        .iter()
        .filter(|described| described.parameters.len() > MAX_ARGUMENTS);
    let stand_ins = stand_ins::create_stand_ins(connection, many, types).await?;
    let mut trees = Vec::new();
    let mut functions = Vec::new();
    for (number, described) in queries.iter().enumerate() {
        let function = write_function(number, described, types);
        // Each starts as the answer for "no tree found" and is replaced by the tree below.
        trees.push(Err(match &function {
            Ok(_) => NoTree::NotUnderstood,
            Err(reason) => reason.clone(),
        }));
        functions.extend(function.ok());
    }
    for batch in functions.chunks(BATCH) {
        for (number, message) in create_functions(connection, batch).await? {
            trees[number] = Err(NoTree::Refused(message));
        }
    }
    // In one query for all: a tree is large, and a round trip for each would be slower than Parse.
    for row in fetch_catalog(connection, include_str!("fetch.sql")).await? {
        let number = usize::try_from(row.try_get::<i32, _>("number")?).unwrap_or(usize::MAX);
        let tree: Option<String> = row.try_get("tree")?;
        if let (Some(place), Some(tree)) = (trees.get_mut(number), tree) {
            *place = Ok(tree);
        }
    }
    Ok(Fetched { trees, stand_ins })
}

/// All at once, or one by one if one of them is refused; gives those that are, with the reason.
async fn create_functions(
    connection: &mut PgConnection,
    functions: &[StoredQuery],
) -> Result<Vec<(usize, String)>, sqlx::Error> {
    let all: Vec<&str> = functions.iter().map(|stored| stored.sql.as_str()).collect();
    let mut refused = Vec::new();
    // Only the failing batch pays for single round trips, and those name the query that Postgres
    // refuses.
    if try_statement(connection, all.join(";\n")).await?.is_some() {
        for function in functions {
            let message = try_statement(connection, function.sql.clone()).await?;
            refused.extend(message.map(|message| (function.number, message)));
        }
    }
    Ok(refused)
}

/// The refusal of Postgres; then it did not happen.
async fn try_statement(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Option<String>, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    match savepoint.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await {
        Ok(_) => savepoint.commit().await.map(|()| None),
        // A refusal aborts the transaction up to the savepoint, not the functions that were stored
        // before.
        Err(error) => {
            let message = refusal_of(error)?.message().to_owned();
            savepoint.rollback().await.map(|()| Some(message))
        }
    }
}
