//! Values for a parameter or an argument: the caller's own, those of the other tenant, and wildcards.

use super::AttackStage;
use crate::prove::identities::Reach;
use crate::prove::rows::{InsertValue, StoredRow, World};
use crate::prove::tenants::TableId;
use crate::query::{TypeCatalog, TypeKind};
use crate::schema::ColumnId;
use crate::sql::quote::quote_literal;

/// The facts about a parameter that decide about its values.
#[derive(Clone, Debug)]
pub(super) struct Slot<'q> {
    pub(super) name: &'q str,
    pub(super) type_oid: u32,
    /// The column whose values it has, if it is an id.
    pub(super) key: Option<ColumnId>,
    /// The column that it is assigned to.
    pub(super) origin: Option<ColumnId>,
}

/// The values of a slot, as SQL.
#[derive(Clone, Debug, Default)]
pub(super) struct SlotValues {
    /// The caller's own, one for each of several rows.
    pub(super) own: Vec<String>,
    /// Those of rows that are foreign to the caller.
    pub(super) foreign: Vec<String>,
    /// Values that match many rows.
    pub(super) wild: Vec<String>,
}

/// How many rows give values: more would repeat the same attack.
const MOST_ROWS: usize = 4;

pub(super) fn choose_values(stage: &AttackStage<'_>, slot: &Slot<'_>) -> SlotValues {
    let types = stage.tenants.types;
    let mut choices = SlotValues::default();
    let texts = |values: &mut Vec<String>, found: Vec<String>| {
        for text in found {
            values.extend(write_text(types, slot.type_oid, &text));
        }
    };
    if let Some((table, column)) = find_place(stage, slot) {
        let cells = |rows: Vec<&StoredRow>| -> Vec<String> {
            let cells = rows
                .into_iter()
                .filter_map(|row| row.cell(stage.tenants, &column));
            let mut cells: Vec<String> = cells.map(str::to_owned).collect();
            let mut seen = std::collections::BTreeSet::new();
            cells.retain(|cell| seen.insert(cell.clone()));
            cells.truncate(MOST_ROWS);
            cells
        };
        if slot.origin.is_some() && slot.key.is_none() {
            texts(&mut choices.own, find_spare_texts(stage, table, &column));
        }
        texts(&mut choices.own, cells(stage.own_rows(table)));
        texts(&mut choices.foreign, cells(stage.foreign_rows(table)));
    }
    choices.wild = list_wild(types, slot);
    if choices.own.is_empty() {
        choices.own = choices.wild.clone();
    }
    if choices.own.is_empty() {
        choices.own.push("NULL".to_owned());
    }
    choices
}

/// The table and column whose values a slot has: of its key, its origin, or a column of its name.
fn find_place(stage: &AttackStage<'_>, slot: &Slot<'_>) -> Option<(TableId, String)> {
    let tables = &stage.tenants.tables;
    let by_id = |(oid, number): ColumnId| {
        let table = tables.iter().position(|table| table.table.oid.0 == oid)?;
        let column = tables[table]
            .table
            .columns
            .iter()
            .find(|column| column.number.0 == number)?;
        Some((table, column.name.clone()))
    };
    let known = slot
        .key
        .and_then(by_id)
        .or_else(|| slot.origin.and_then(by_id));
    known.or_else(|| find_named(stage, slot))
}

/// `bookmark_id`, `p_bookmark_id` and `_bookmark_id` are ids of `bookmarks`; any other name is that of a column.
fn find_named(stage: &AttackStage<'_>, slot: &Slot<'_>) -> Option<(TableId, String)> {
    let types = stage.tenants.types;
    let name = slot
        .name
        .strip_prefix("p_")
        .unwrap_or(slot.name)
        .trim_matches('_');
    let base = types
        .base(element_of(types, slot.type_oid))
        .map(|found| found.oid);
    let fits = |oid: u32| types.base(oid).map(|found| found.oid) == base;
    for (id, table) in stage.tenants.tables.iter().enumerate() {
        let keys = table
            .table
            .primary_key()
            .map(|key| table.table.columns_at(&key.columns));
        let singular = crate::singular::singular(&table.table.name.name);
        let key = keys
            .iter()
            .flatten()
            .find(|column| format!("{singular}_{}", column.name) == name);
        if let Some(column) = key.filter(|column| fits(column.type_oid.0)) {
            return Some((id, column.name.clone()));
        }
    }
    let led = stage
        .tenants
        .tables
        .iter()
        .enumerate()
        .filter(|(_, table)| !table.leads.is_empty());
    let mut columns = led.filter_map(|(id, table)| Some((id, table.table.column(name)?)));
    let found = columns.find(|(_, column)| fits(column.type_oid.0));
    found.map(|(id, column)| (id, column.name.clone()))
}

/// The texts of a valid row that is not stored, so that an INSERT of them is no duplicate.
fn find_spare_texts(stage: &AttackStage<'_>, table: TableId, column: &str) -> Vec<String> {
    let spares = stage.filled.spares.iter();
    let own = spares.filter(|spare| spare.table == table && spare.world == World::A);
    let written = own.flat_map(|spare| &spare.written);
    let texts = written.filter_map(|(name, value)| match value {
        InsertValue::Text(text) if name == column => Some(text.clone()),
        _ => None,
    });
    texts.take(1).collect()
}

/// A text as a literal of the type: alone in its array, if it is one.
pub(super) fn write_text(types: &TypeCatalog, oid: u32, text: &str) -> Option<String> {
    let found = types.get(oid)?;
    // A cell of an array column is an array already: `{…}`.
    let is_array = matches!(types.base(oid)?.kind, TypeKind::Array(_));
    Some(if is_array && !text.starts_with('{') {
        let element = types.get(element_of(types, oid))?;
        format!(
            "ARRAY[{}::{}]::{}",
            quote_literal(text),
            element.sql_name,
            found.sql_name
        )
    } else {
        format!("{}::{}", quote_literal(text), found.sql_name)
    })
}

fn element_of(types: &TypeCatalog, oid: u32) -> u32 {
    match types.base(oid).map(|found| &found.kind) {
        Some(TypeKind::Array(element)) => *element,
        _ => oid,
    }
}

fn is_text(types: &TypeCatalog, oid: u32) -> bool {
    let names = ["text", "varchar", "bpchar", "citext", "name"];
    types
        .base(oid)
        .is_some_and(|found| names.contains(&found.name.as_str()))
}

/// Values that match as many rows as possible; lower bounds before upper ones unless the name says otherwise.
fn list_wild(types: &TypeCatalog, slot: &Slot<'_>) -> Vec<String> {
    let element = types.base(element_of(types, slot.type_oid));
    let Some(element) = element else {
        return Vec::new();
    };
    let mut texts: Vec<String> = match &element.kind {
        TypeKind::Enum(labels) => labels.clone(),
        TypeKind::Base => list_wild_scalars(&element.name)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    let is_upper = ["to", "until", "before", "end", "max", "upto"]
        .iter()
        .any(|word| slot.name.contains(word));
    if is_upper
        && element.name.starts_with(['d', 't', 'i'])
        && texts.len() > 1
        && !is_text(types, element.oid)
    {
        // The value that lets most rows through comes first. For an upper bound it is the greatest.
        texts.reverse();
    }
    texts
        .iter()
        .filter_map(|text| write_text(types, slot.type_oid, text))
        .collect()
}

fn list_wild_scalars(name: &str) -> Vec<&'static str> {
    match name {
        "text" | "varchar" | "bpchar" | "citext" | "name" => vec!["%", "", "zzzz", "_%"],
        "int2" => vec!["1000", "0"],
        "int4" | "int8" | "numeric" | "float4" | "float8" => vec!["100000", "0"],
        "bool" => vec!["true", "false"],
        "timestamptz" | "timestamp" | "date" => vec!["1900-01-01", "2100-01-01"],
        "interval" => vec!["100 years", "0"],
        "json" | "jsonb" => vec!["{}"],
        "uuid" => vec!["00000000-0000-4000-8000-000000000000"],
        "bytea" => vec!["\\x00"],
        "inet" => vec!["192.0.2.1"],
        "time" => vec!["00:00:00", "23:59:59"],
        "tsquery" => vec!["a:*"],
        _ => Vec::new(),
    }
}

/// The combinations to try: the caller's own of several rows, then one foreign or wild value at a time, then all foreign.
pub(super) fn combine_choices(choices: &[SlotValues], reach: Reach) -> Vec<Vec<String>> {
    let own = |turn: usize| -> Vec<String> {
        let values = choices
            .iter()
            .map(|choices| choices.own[turn % choices.own.len()].clone());
        values.collect()
    };
    let turns = choices
        .iter()
        .map(|choices| choices.own.len())
        .max()
        .unwrap_or(1);
    let mut combined: Vec<Vec<String>> = (0..turns.min(MOST_ROWS)).map(own).collect();
    if reach == Reach::Plain {
        return combined;
    }
    // One at a time for one identity: the others differ in their settings alone.
    let single = if reach == Reach::Everything {
        choices
    } else {
        &[]
    };
    for (index, choice) in single.iter().enumerate() {
        for value in choice
            .foreign
            .iter()
            .chain(&choice.wild)
            .chain([&"NULL".to_owned()])
        {
            let mut values = own(0);
            values[index].clone_from(value);
            combined.push(values);
        }
    }
    for turn in 0..MOST_ROWS {
        let foreign = choices.iter().map(|choices| {
            let values = if choices.foreign.is_empty() {
                &choices.own
            } else {
                &choices.foreign
            };
            values[turn % values.len()].clone()
        });
        combined.push(foreign.collect());
    }
    combined.push(
        choices
            .iter()
            .map(|choices| choices.wild.first().unwrap_or(&choices.own[0]).clone())
            .collect(),
    );
    let mut seen = std::collections::BTreeSet::new();
    combined.retain(|values| seen.insert(values.clone()));
    combined
}

/// The caller's own, all foreign, and all wild.
pub(super) fn combine_few(choices: &[SlotValues], reach: Reach) -> Vec<Vec<String>> {
    let all = |pick: &dyn Fn(&SlotValues) -> Option<&String>| -> Vec<String> {
        let values = choices
            .iter()
            .map(|choices| pick(choices).unwrap_or(&choices.own[0]));
        values.cloned().collect()
    };
    let mut combined = vec![all(&|choices| choices.own.first())];
    if reach != Reach::Plain {
        combined.push(all(&|choices| choices.foreign.first()));
        combined.push(all(&|choices| choices.foreign.get(1)));
        combined.push(all(&|choices| choices.wild.first()));
        let mut seen = std::collections::BTreeSet::new();
        combined.retain(|values| seen.insert(values.clone()));
    }
    combined
}
