//! Every function and procedure that the role may call, with ids of both tenants.

use super::arguments::{Slot, SlotValues, choose_values, combine_choices};
use super::{AttackStage, write_probe};
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
    /// How many arguments of an ordered-set aggregate are in front of WITHIN GROUP.
    direct: Option<usize>,
    oids: Vec<u32>,
    names: Vec<String>,
    body: String,
}

impl Callable {
    pub(super) fn object(&self) -> String {
        format!("function {}", self.name)
    }

    /// Its source, or an empty text if it is in C.
    pub(super) fn body(&self) -> &str {
        &self.body
    }

    /// Its name, without schema and arguments.
    pub(super) fn bare_name(&self) -> &str {
        let name = self.name.split('(').next().unwrap_or_default();
        name.rsplit('.')
            .next()
            .unwrap_or_default()
            .trim_matches('"')
    }

    /// The statement that calls it with these arguments. An aggregate can be more than its rows: its own functions run with the
    /// privileges of their owners, and the caller needs none on them.
    fn write_call(&self, values: &[String]) -> String {
        let called = &self.called;
        let listed = values.join(", ");
        match (self.kind.as_str(), self.direct) {
            ("p", _) => format!("CALL {called}({listed})"),
            ("a", Some(direct)) => {
                let (direct, sorted) = values.split_at(direct.min(values.len()));
                let (direct, sorted) = (direct.join(", "), sorted.join(", "));
                format!("SELECT {called}({direct}) WITHIN GROUP (ORDER BY {sorted})")
            }
            ("a", None) if values.is_empty() => format!("SELECT {called}(*)"),
            ("a", None) => format!("SELECT {called}({listed})"),
            ("w", _) => format!("SELECT {called}({listed}) OVER ()"),
            _ => format!("SELECT * FROM {called}({listed})"),
        }
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
            direct: row
                .try_get::<Option<i16>, _>("direct")?
                .and_then(|count| usize::try_from(count).ok()),
            oids: oids
                .into_iter()
                .filter_map(|oid| u32::try_from(oid).ok())
                .collect(),
            names: row.try_get("names")?,
            body: row.try_get("body")?,
        })
    });
    read.collect()
}

/// How many calls one function gets: a function of many arguments is not called with every combination.
const MOST_CALLS: usize = 150;

pub(super) fn list_calls(stage: &AttackStage<'_>, function: &Callable, reach: Reach) -> Vec<Probe> {
    let choices: Vec<SlotValues> = function
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
            let statement = function.write_call(&values);
            write_probe(&function.object(), "call", statement, function.kind != "p")
        })
        .collect()
}

/// The primary key of a foreign row of each table, as far as it is of this type: nothing says which ids an argument takes.
fn list_keys(stage: &AttackStage<'_>, oid: u32) -> Vec<String> {
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
