//! Numbers → names, and values that depend on the history of a database → one form.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::omitted::UNORDERED;
use super::{CatalogRow, ColumnOrder};

/// Columns that refer to a row of another catalog.
#[derive(Debug)]
pub(super) struct CatalogReference {
    /// One column with an object's number, or a column with a table's number and one with numbers of its columns.
    pub(super) columns: Vec<String>,
    pub(super) target: String,
}

/// The names of the objects and columns of one database.
#[derive(Debug)]
pub(super) struct CatalogNames {
    /// By catalog and number.
    pub(super) objects: HashMap<(String, String), String>,
    /// By the table's number and the column's.
    columns: HashMap<(String, i64), String>,
    /// `pg_class.relkind` by the relation's number.
    kinds: HashMap<String, String>,
    /// The places of columns among those that are not dropped.
    ranks: HashMap<(String, i64), usize>,
    classes: HashMap<String, String>,
    order: ColumnOrder,
}

impl CatalogNames {
    /// Without any name yet; `classes` are the names of the catalogs by their numbers.
    pub(super) fn new(order: ColumnOrder, classes: HashMap<String, String>) -> Self {
        Self {
            classes,
            objects: HashMap::new(),
            columns: HashMap::new(),
            kinds: HashMap::new(),
            ranks: HashMap::new(),
            order,
        }
    }

    /// Notes the names that only the rows themselves tell.
    pub(super) fn note_row(&mut self, catalog: &str, row: &Map<String, Value>) {
        match catalog {
            "pg_attribute" => {
                let number = row
                    .get("attnum")
                    .and_then(Value::as_i64)
                    .unwrap_or_default();
                self.columns
                    .insert((text_of(row, "attrelid"), number), text_of(row, "attname"));
            }
            "pg_class" => {
                self.kinds
                    .insert(text_of(row, "oid"), text_of(row, "relkind"));
            }
            "pg_constraint" => self.rename_constraint(row),
            "pg_trigger" if row.get("tgisinternal") == Some(&Value::Bool(true)) => {
                let name = self
                    .objects
                    .get_mut(&("pg_trigger".to_owned(), text_of(row, "oid")));
                // `RI_ConstraintTrigger_a_16413`: the number is the trigger's own.
                if let Some(name) = name
                    && let Some((trigger, table)) = name.split_once("\" on ")
                {
                    let trigger = trigger.trim_end_matches(|letter: char| letter.is_ascii_digit());
                    *name = format!("{trigger}\" on {table}");
                }
            }
            _ => {}
        }
    }

    /// Postgres chooses the names of the foreign keys that partitions get, and since 18 those of NOT NULL: they depend on
    /// the order in which objects were created, and on the names that they had.
    fn rename_constraint(&mut self, row: &Map<String, Value>) {
        if !is_renamed(row) {
            return;
        }
        let relation = |names: &Self, column: &str| {
            let number = text_of(row, column);
            names.object("pg_class", &number)
        };
        let on = relation(self, "conrelid");
        let renamed = match text_of(row, "contype").as_str() {
            "f" => format!("foreign key to {} on {on}", relation(self, "confrelid")),
            _ => format!("NOT NULL on {on}"),
        };
        self.objects
            .insert(("pg_constraint".to_owned(), text_of(row, "oid")), renamed);
    }

    /// Numbers the columns of each relation without those that are dropped.
    pub(super) fn rank_columns(&mut self) {
        let mut places: Vec<(String, i64)> = self
            .columns
            .keys()
            .filter(|(_, number)| *number > 0)
            .cloned()
            .collect();
        places.sort();
        for relation in places.chunk_by(|a, b| a.0 == b.0) {
            let is_live =
                // A dropped column keeps its row in `pg_attribute` under this name
                // (`RemoveAttributeById`, heap.c).
                |place: &&(String, i64)| !self.columns[*place].starts_with("........pg.dropped.");
            let ranks = relation.iter().filter(is_live).cloned().zip(1..);
            self.ranks.extend(ranks.collect::<Vec<_>>());
        }
    }

    fn object(&self, catalog: &str, number: &str) -> String {
        let known = self.objects.get(&(catalog.to_owned(), number.to_owned()));
        // A number below those of users means the same in every database.
        known.cloned().unwrap_or_else(|| number.to_owned())
    }

    fn column(&self, relation: &str, number: &str) -> String {
        let known = number
            .parse()
            .ok()
            .and_then(|number| self.columns.get(&(relation.to_owned(), number)));
        known.cloned().unwrap_or_else(|| number.to_owned())
    }
}

/// Whether Postgres chose the name of a constraint, so that it is not compared.
fn is_renamed(row: &Map<String, Value>) -> bool {
    match text_of(row, "contype").as_str() {
        "f" => text_of(row, "conparentid") != "0",
        "n" => is_chosen_by_postgres(&text_of(row, "conname")),
        _ => false,
    }
}

/// Whether this is a name that Postgres chose for a NOT NULL constraint.
fn is_chosen_by_postgres(name: &str) -> bool {
    name.trim_end_matches(|digit: char| digit.is_ascii_digit())
        .ends_with("_not_null")
}

pub(super) fn text_of(row: &Map<String, Value>, column: &str) -> String {
    row.get(column).map(print_value).unwrap_or_default()
}

/// A value as the report prints it.
fn print_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The number of `pg_subscription` in every version (`SubscriptionRelationId`).
const SUBSCRIPTIONS: &str = "6100";

/// Whether the row says something that no other row says.
pub(super) fn is_compared(catalog: &str, row: &Map<String, Value>) -> bool {
    match catalog {
        // System columns, dropped ones, and those of indexes, whose names stay when columns are renamed.
        "pg_attribute" => {
            let is_live = !text_of(row, "attname").starts_with("........pg.dropped.");
            is_live && row.get("attnum").and_then(Value::as_i64) > Some(0)
        }
        // Which object belongs to an extension or waits for one, and which column owns a sequence: the others follow from
        // the definitions.
        "pg_depend" => {
            let kind = text_of(row, "deptype");
            matches!(kind.as_str(), "e" | "x")
                || text_of(row, "refobjsubid") != "0" && text_of(row, "objsubid") == "0"
        }
        // No schema has a subscription, and DROP SUBSCRIPTION leaves its comment behind.
        "pg_description" => text_of(row, "classoid") != SUBSCRIPTIONS,
        _ => true,
    }
}

/// The row with names in place of numbers.
pub(super) fn resolve_row(
    catalog: &str,
    row: &Map<String, Value>,
    references: &[CatalogReference],
    names: &CatalogNames,
) -> CatalogRow {
    let mut resolved = row.clone();
    for reference in references {
        resolve_reference(row, &mut resolved, reference, names);
    }
    resolve_any_object(row, &mut resolved, names);
    if let Some(number) = row.get("oid") {
        let name = names.object(catalog, &print_value(number));
        resolved.insert("oid".to_owned(), Value::String(name));
    }
    unify_row(catalog, row, &mut resolved, names);
    for (column, value) in &mut resolved {
        if let Value::Array(values) = value
            && is_unordered(catalog, column, row)
        {
            values.sort_by_key(print_value);
        }
    }
    resolved
        .iter()
        .map(|(column, value)| (column.clone(), print_value(value)))
        .collect()
}

fn is_unordered(catalog: &str, column: &str, row: &Map<String, Value>) -> bool {
    // Postgres lists the columns of a check as the table has them.
    let of_check = column == "conkey" && text_of(row, "contype") == "c";
    of_check || UNORDERED.contains(&format!("{catalog}.{column}").as_str())
}

fn resolve_reference(
    row: &Map<String, Value>,
    resolved: &mut Map<String, Value>,
    reference: &CatalogReference,
    names: &CatalogNames,
) {
    match reference.columns.as_slice() {
        [column] => replace(row, resolved, column, &|number| {
            names.object(&reference.target, number)
        }),
        [relation, column] if reference.target == "pg_attribute" => {
            let relation = text_of(row, relation);
            replace(row, resolved, column, &|number| {
                names.column(&relation, number)
            });
        }
        _ => {}
    }
}

/// Puts a name in place of a number, or of each number of a list.
fn replace(
    row: &Map<String, Value>,
    resolved: &mut Map<String, Value>,
    column: &str,
    name: &dyn Fn(&str) -> String,
) {
    let named = |number: &Value| Value::String(name(&print_value(number)));
    let value = match row.get(column) {
        None | Some(Value::Null) => return,
        Some(Value::Array(numbers)) => Value::Array(numbers.iter().map(named).collect()),
        Some(number) => named(number),
    };
    resolved.insert(column.to_owned(), value);
}

/// The objects of any catalog that a comment, label or dependency is of.
fn resolve_any_object(
    row: &Map<String, Value>,
    resolved: &mut Map<String, Value>,
    names: &CatalogNames,
) {
    for (class, object, part) in [
        // `pg_get_catalog_foreign_keys` does not list these: their target differs from row to row.
        ("classoid", "objoid", "objsubid"),
        ("classid", "objid", "objsubid"),
        ("refclassid", "refobjid", "refobjsubid"),
    ] {
        let (Some(class), Some(number)) = (row.get(class), row.get(object)) else {
            continue;
        };
        let Some(catalog) = names.classes.get(&print_value(class)) else {
            continue;
        };
        let number = print_value(number);
        resolved.insert(
            object.to_owned(),
            Value::String(names.object(catalog, &number)),
        );
        if catalog == "pg_class" {
            replace(row, resolved, part, &|column| match column {
                "0" => String::new(),
                column => names.column(&number, column),
            });
        }
    }
}

/// Replaces the values that depend on how the database came about.
fn unify_row(
    catalog: &str,
    row: &Map<String, Value>,
    resolved: &mut Map<String, Value>,
    names: &CatalogNames,
) {
    match catalog {
        "pg_attribute" => unify_column(row, resolved, names),
        // The name of an array type depends on the names that were taken when it was created.
        "pg_type" if text_of(row, "typcategory") == "A" => {
            resolved.remove("typname");
        }
        "pg_enum" => {
            resolved.remove("oid");
        }
        "pg_trigger" if row.get("tgisinternal") == Some(&Value::Bool(true)) => {
            resolved.remove("tgname");
        }
        // Of a key it says whether the key came with that of the parent or was attached to it.
        "pg_constraint" if matches!(text_of(row, "contype").as_str(), "p" | "u" | "x" | "f") => {
            resolved.remove("connoinherit");
            if is_renamed(row) {
                resolved.remove("conname");
            }
        }
        // The names that were unified in [`CatalogNames::note_row`] are unified here too.
        "pg_constraint" if is_renamed(row) => {
            resolved.remove("conname");
        }
        _ => {}
    }
}

fn unify_column(row: &Map<String, Value>, resolved: &mut Map<String, Value>, names: &CatalogNames) {
    let relation = text_of(row, "attrelid");
    let number = row
        .get("attnum")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let kind = names.kinds.get(&relation).map_or("", String::as_str);
    let is_table = matches!(kind, "r" | "p" | "f");
    if is_table && names.order == ColumnOrder::Ignored {
        resolved.remove("attnum");
    } else {
        let rank = names
            .ranks
            .get(&(relation, number))
            .copied()
            .unwrap_or_default();
        resolved.insert("attnum".to_owned(), Value::from(rank));
    }
    // A column of an index keeps its name when the table's column is renamed, and its compression depends on whether the index
    // or that of the table's column was there first.
    if matches!(kind, "i" | "I") {
        resolved.insert("attname".to_owned(), Value::from(number));
        resolved.remove("attcompression");
    }
}

/// The name of the row in a report, by which the rows of two databases are paired.
pub(super) fn label_row(catalog: &str, row: &CatalogRow, key: &[String]) -> String {
    let named: Vec<&str> = match catalog {
        "pg_attribute" => vec!["attrelid", "attname"],
        "pg_enum" => vec!["enumtypid", "enumlabel"],
        "pg_depend" => vec!["objid", "refobjid", "refobjsubid"],
        _ => key.iter().map(String::as_str).collect(),
    };
    let values: Vec<&str> = named
        .iter()
        .filter_map(|column| row.get(*column))
        .map(String::as_str)
        .collect();
    format!("{catalog} {}", values.join(" ").trim_end())
}
