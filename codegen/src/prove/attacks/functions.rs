//! Every function and procedure that the role may call, with ids of both tenants.

use super::arguments::{Choices, Slot, choose_values, combine_choices};
use super::{Stage, write_probe};
use crate::catalog_query::fetch_catalog_with;
use crate::prove::identities::Reach;
use crate::prove::probe::Probe;
use crate::prove::rows::StoredRow;
use sqlx::{PgConnection, Row as _};

/// A function or procedure that a role may call.
#[derive(Clone, Debug)]
pub(super) struct Callable {
    /// With the types of its arguments.
    name: String,
    /// Its qualified name.
    called: String,
    kind: String,
    oids: Vec<u32>,
    names: Vec<String>,
}

impl Callable {
    pub(super) fn object(&self) -> String {
        format!("function {}", self.name)
    }

    /// Its name, without schema and arguments.
    pub(super) fn bare_name(&self) -> &str {
        let name = self.name.split('(').next().unwrap_or_default();
        name.rsplit('.')
            .next()
            .unwrap_or_default()
            .trim_matches('"')
    }

    /// Aggregates and window functions have no rows of their own: they see those of the query that calls them.
    pub(super) fn is_covered(&self) -> bool {
        matches!(self.kind.as_str(), "f" | "p")
    }
}

pub(super) async fn read_functions(
    connection: &mut PgConnection,
    role: Option<&str>,
) -> Result<Vec<Callable>, sqlx::Error> {
    let role = role.map(str::to_owned);
    let sql = include_str!("functions.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(role)).await?;
    let read = rows.iter().map(|row| {
        let oids: Vec<i64> = row.try_get("oids")?;
        Ok(Callable {
            name: row.try_get("name")?,
            called: row.try_get("called")?,
            kind: row.try_get("kind")?,
            oids: oids
                .into_iter()
                .filter_map(|oid| u32::try_from(oid).ok())
                .collect(),
            names: row.try_get("names")?,
        })
    });
    read.collect()
}

/// How many calls one function gets: a function of many arguments is not called with every combination.
const MOST_CALLS: usize = 150;

pub(super) fn list_calls(stage: &Stage<'_>, function: &Callable, reach: Reach) -> Vec<Probe> {
    if !function.is_covered() {
        return Vec::new();
    }
    let choices: Vec<Choices> = function
        .oids
        .iter()
        .enumerate()
        .map(|(index, oid)| {
            let slot = Slot {
                name: function.names.get(index).map_or("", String::as_str),
                type_oid: *oid,
                key: None,
                origin: None,
            };
            let mut choices = choose_values(stage, &slot);
            choices.foreign.extend(list_keys(stage, *oid));
            choices
        })
        .collect();
    let combined = combine_choices(&choices, reach)
        .into_iter()
        .take(MOST_CALLS);
    combined
        .map(|values| {
            let call = format!("{}({})", function.called, values.join(", "));
            let object = function.object();
            if function.kind == "p" {
                write_probe(&object, "call", format!("CALL {call}"), false)
            } else {
                write_probe(&object, "call", format!("SELECT * FROM {call}"), true)
            }
        })
        .collect()
}

/// The primary key of a foreign row of each table, as far as it is of this type: nothing says which ids an argument takes.
fn list_keys(stage: &Stage<'_>, oid: u32) -> Vec<String> {
    let types = stage.tenants.types;
    let base = |oid: u32| types.base(oid).map(|found| found.oid);
    let tables = stage.tenants.tables.iter().enumerate();
    let keys = tables.filter_map(|(id, table)| {
        let key = table.table.columns_at(&table.table.primary_key()?.columns);
        let column = key
            .iter()
            .find(|column| base(column.type_oid.0) == base(oid))?;
        let row: &StoredRow = stage.foreign_rows(id).into_iter().next()?;
        super::arguments::write_text(types, oid, row.cell(stage.tenants, &column.name)?)
    });
    keys.collect()
}
