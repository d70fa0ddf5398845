//! Reads of a table or view: plainly, by a foreign key, behind the back of a filter, and by a plan of another tenant.

use super::relations::AttackedRelation;
use super::{AttackStage, read_probe};
use crate::prove::identities::Reach;
use crate::prove::probe::Probe;
use crate::prove::rows::StoredRow;
use crate::prove::tenants::Tenants;
use crate::query::TypeCatalog;
use crate::schema::model::Column;
use crate::sql::quote::quote_literal;

pub(super) fn list_reads(
    stage: &AttackStage<'_>,
    relation: &AttackedRelation<'_>,
    reach: Reach,
) -> Vec<Probe> {
    let object = relation.object();
    let columns = relation.readable();
    if columns.is_empty() {
        return vec![read_probe(
            &object,
            "SELECT",
            format!("SELECT * FROM {}", relation.sql),
        )];
    }
    let names = list_names(&columns);
    let plain = format!("SELECT {names} FROM {}", relation.sql);
    let mut probes = vec![
        read_probe(&object, "SELECT", plain.clone()),
        aggregate_rows(stage.tenants.types, relation, &columns),
    ];
    if reach == Reach::Plain {
        return probes;
    }
    if let Some(row) = stage.foreign_row(relation)
        && let Some(condition) = match_key(stage.tenants, row)
    {
        probes.push(read_probe(
            &object,
            "SELECT",
            format!("{plain} WHERE {condition}"),
        ));
    }
    let texts: Vec<String> = columns
        .iter()
        .map(|column| format!("{}::pg_catalog.text", column.sql))
        .collect();
    // A condition that Postgres evaluates before the policies sees the rows that they hide.
    let peek = format!(
        "SELECT pg_catalog.count(*) FROM {} WHERE pg_temp.xact_peek(pg_catalog.concat_ws(' ', {}))",
        relation.sql,
        texts.join(", ")
    );
    let mut peek = read_probe(&object, "SELECT", peek);
    // The number of rows is compared by the plain one; this one counts those that the filter lets through.
    peek.is_vague = true;
    probes.push(peek);
    if let Some(other) = &stage.other {
        let mut before = other.prologue.clone();
        before.push(format!("PREPARE xact_plan AS {plain}"));
        before.push("EXECUTE xact_plan".to_owned());
        let mut cached = read_probe(&object, "SELECT", "EXECUTE xact_plan".to_owned());
        cached.before = before;
        cached.is_vague = true;
        probes.push(cached);
    }
    probes
}

/// The least and the greatest value of each column, the sums of numbers, and the number of rows.
///
/// Only as many rows of a result are read as fit into a message, and these are of all. A foreign server may compute them by itself.
fn aggregate_rows(
    types: &TypeCatalog,
    relation: &AttackedRelation<'_>,
    columns: &[&Column],
) -> Probe {
    let ends = columns.iter().flat_map(|column| {
        ["min", "max"].map(|name| format!("pg_catalog.{name}({}::pg_catalog.text)", column.sql))
    });
    let numbers = columns
        .iter()
        .filter(|column| is_number(types, column.type_oid.0));
    let sums = numbers.map(|column| {
        // Sums of floating-point numbers depend on the order of the rows, and those of `numeric` do not.
        format!(
            "pg_catalog.sum({}::pg_catalog.numeric)::pg_catalog.text",
            column.sql
        )
    });
    let values: Vec<String> = ends.chain(sums).collect();
    // An array, because a result has at most 1664 columns.
    let statement = format!(
        "SELECT pg_catalog.count(*), ARRAY[{}] FROM {}",
        values.join(", "),
        relation.sql
    );
    read_probe(&relation.object(), "SELECT", statement)
}

/// The types that can be cast to `numeric` without loss of a row: `money` depends on the locale.
const NUMBERS: &[&str] = &["int2", "int4", "int8", "float4", "float8", "numeric"];

fn is_number(types: &TypeCatalog, oid: u32) -> bool {
    types
        .base(oid)
        .is_some_and(|base| base.is_built_in() && NUMBERS.contains(&base.name.as_str()))
}

/// `id, title`
pub(super) fn list_names(columns: &[&Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.sql.as_str()).collect();
    names.join(", ")
}

/// The condition that is true of this row alone: its primary key.
pub(super) fn match_key(tenants: &Tenants<'_>, row: &StoredRow) -> Option<String> {
    let table = tenants.tables[row.table].table;
    let columns = table.columns_at(&table.primary_key()?.columns);
    let equal = columns.into_iter().map(|column| {
        let cell = row.cell(tenants, &column.name)?;
        Some(format!(
            "{} = {}::{}",
            column.sql,
            quote_literal(cell),
            column.data_type
        ))
    });
    let equal: Option<Vec<String>> = equal.collect();
    equal.map(|equal| equal.join(" AND "))
}
