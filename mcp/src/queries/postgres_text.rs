//! Values whose text only Postgres reads or prints: ranges, intervals, addresses, and every type that this crate does not know.
//!
//! The text is a bind parameter of a statement that names a type of the catalog and nothing else; the bytes that come back are the
//! argument of the query, whose text stays as it was checked.

use crate::scope::AgentScope;
use crate::values::{Foreign, RawValue, encode_array_header, read_raw_row};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use xact::Xact;
use xact::generated::Query;

/// The OID of `text`.
const TEXT: u32 = 25;

/// The statements by their text. There are at most two for each type of the project.
static STATEMENTS: Mutex<Option<HashMap<String, &'static Query>>> = Mutex::new(None);

/// Has Postgres read the text of a value, and gives its bytes.
pub(super) async fn parse_text(
    xact: &mut Xact<AgentScope>,
    type_name: &str,
    text: &str,
) -> Result<RawValue, xact::Error> {
    let sql = format!("SELECT ($1::pg_catalog.text)::{type_name} AS value");
    let query = find_statement(sql, &[TEXT], &[0]);
    let arguments = query.arguments().push(text);
    let row = xact.orm().one(arguments, read_raw_row).await?;
    Ok(row.into_iter().next().unwrap_or_default())
}

/// Has Postgres print values, and gives the text of each, in their order.
pub(super) async fn print_values(
    xact: &mut Xact<AgentScope>,
    values: &[Foreign],
) -> Result<Vec<Option<String>>, xact::Error> {
    let mut texts = vec![None; values.len()];
    let mut by_type: HashMap<(&str, u32), Vec<usize>> = HashMap::new();
    for (index, value) in values.iter().enumerate() {
        let key = (value.type_name.as_str(), value.oid);
        by_type.entry(key).or_default().push(index);
    }
    for ((type_name, oid), indexes) in by_type {
        let sql = format!(
            "SELECT v::pg_catalog.text AS value FROM pg_catalog.unnest($1::{type_name}[]) WITH ORDINALITY AS u(v, n) ORDER BY n"
        );
        let elements = indexes.iter().map(|index| values[*index].bytes.as_slice());
        let array = RawValue::of_bytes(Some(encode_array_header(oid, elements)));
        let arguments = find_statement(sql, &[0], &[TEXT]).arguments().push(array);
        let printed = xact.orm().many(arguments, |row| row.get(0)).await?;
        for (index, text) in indexes.into_iter().zip(printed) {
            texts[index] = Some(text);
        }
    }
    Ok(texts)
}

/// The statement with this text, which stays in memory: the runtime takes static ones.
fn find_statement(
    sql: String,
    parameters: &'static [u32],
    columns: &'static [u32],
) -> &'static Query {
    let mut statements = STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let statements = statements.get_or_insert_default();
    if let Some(known) = statements.get(&sql) {
        return known;
    }
    let query: &'static Query = Box::leak(Box::new(Query {
        name: "xact_mcp_value",
        file: "xact",
        sql: Box::leak(sql.clone().into_boxed_str()),
        parameters,
        columns,
        names: "value",
    }));
    statements.insert(sql, query);
    query
}
