//! Columns of a kept table.

use super::affected::recreated_columns;
use super::change::Script;
use super::identity;
use super::recreated::Recreated;
use super::renamed_types::column_after_renames;
use super::retype::{Conversion, retype};
use super::tables::alter_options;
use crate::schema::Schema;
use crate::schema::dump::columns::columns as definitions;
use crate::schema::model::{Column, Table};

/// Adds, alters and drops columns; `before` is the table after the statements above.
pub(super) fn alter_columns(
    script: &mut Script,
    old: &Schema,
    (before, after): (&Table, &Table),
    recreated: &Recreated,
) {
    let remade = recreated_columns(before, after, recreated);
    for column in &before.columns {
        let is_gone = !after.columns.iter().any(|other| other.name == column.name);
        // A generated column that is recreated was dropped above.
        let goes = remade.contains(&column.name) && column.generated.is_none();
        if is_gone || goes {
            drop_column(script, after, column);
        }
    }
    let table = &after.name.sql;
    for column in &after.columns {
        let wanted = Column {
            default: column
                .default
                .clone()
                .filter(|_| !recreated.sets_default_late(column)),
            ..column.clone()
        };
        let mut formers = before.columns.iter();
        match formers.find(|former| former.name == column.name) {
            Some(former) if !remade.contains(&column.name) => {
                let former = column_before_alter(former, recreated, old);
                let conversion = Conversion::of(column, recreated);
                change_column(script, (table, conversion), &former, &wanted);
            }
            _ => add_column(script, after, &wanted),
        }
    }
}

/// The column after the statements above.
fn column_before_alter(former: &Column, recreated: &Recreated, old: &Schema) -> Column {
    let mut left = column_after_renames(former, recreated, old);
    if recreated.drops_any(&former.default_needs) && former.generated.is_none() {
        left.default = None;
    }
    left
}

/// Sets NOT NULL on columns that could not be added with it, once the rows have values.
pub(super) fn require_values(script: &mut Script, before: &Table, after: &Table) {
    for column in after
        .columns
        .iter()
        .filter(|column| is_filled_later(before, after, column))
    {
        let (table, name) = (&after.name.sql, &column.sql);
        script.run(format!(
            "ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL;\n"
        ));
    }
}

/// Whether the rows in the schema give the new column its values.
fn is_filled_later(before: &Table, after: &Table, column: &Column) -> bool {
    let is_new = !before
        .columns
        .iter()
        .any(|former| former.name == column.name);
    is_new && column.not_null && !has_value(column) && !after.rows.is_empty()
}

fn has_value(column: &Column) -> bool {
    column.default.is_some() || column.generated.is_some() || column.identity.is_some()
}

fn drop_column(script: &mut Script, table: &Table, column: &Column) {
    let (table, name) = (&table.name.sql, &column.sql);
    let sql = format!("ALTER TABLE {table} DROP COLUMN {name};\n");
    match column.generated {
        Some(_) => script.run(sql),
        None => script.run_losing(sql, format!("the values of {table}.{name}")),
    }
}

fn add_column(script: &mut Script, table: &Table, column: &Column) {
    let is_stated = !table.rows.is_empty() && !has_value(column);
    let column = &Column {
        not_null: column.not_null && !is_stated,
        ..column.clone()
    };
    let table = &table.name.sql;
    let definition = definitions(std::slice::from_ref(column), &[]).concat();
    // The dump aligns types; a single line has nothing to align with.
    let definition = definition
        .strip_prefix(&column.sql)
        .unwrap_or(&definition)
        .trim_start();
    let sql = format!(
        "ALTER TABLE {table} ADD COLUMN {} {definition};\n",
        column.sql
    );
    if column.not_null && !has_value(column) {
        script.run_with_note(
            sql,
            "fails if the table has rows, which would have no value for it",
        );
    } else {
        script.run(sql);
    }
    for setting in &column.settings {
        script.run(format!(
            "ALTER TABLE {table} ALTER COLUMN {} {setting};\n",
            column.sql
        ));
    }
}

fn change_column(
    script: &mut Script,
    (table, conversion): (&str, Conversion),
    old: &Column,
    new: &Column,
) {
    let alter = |change: &str| format!("ALTER TABLE {table} ALTER COLUMN {} {change};\n", new.sql);
    if old.generated.is_some() && new.generated.is_none() {
        script.run(alter("DROP EXPRESSION"));
    }
    let retyped = old.data_type != new.data_type || old.collation != new.collation;
    let default_goes = old.default.is_some() && (retyped || new.default.is_none());
    if default_goes && old.generated.is_none() {
        script.run(alter("DROP DEFAULT"));
    }
    if retyped {
        retype(script, (table, conversion), old, new);
    }
    if old.not_null && !new.not_null {
        script.run(alter("DROP NOT NULL"));
    }
    if let Some(default) = &new.default
        && (default_goes || old.default != new.default)
    {
        script.run(alter(&format!("SET DEFAULT {default}")));
    }
    if new.not_null && !old.not_null {
        script.run_with_note(
            alter("SET NOT NULL"),
            "reads the whole table, and fails if there is a NULL in it",
        );
    }
    identity::alter_identity(script, table, old, new);
    alter_column_settings(script, old, new, &alter);
}

/// Storage settings, and those that are taken back.
fn alter_column_settings(
    script: &mut Script,
    old: &Column,
    new: &Column,
    alter: &impl Fn(&str) -> String,
) {
    let is_set =
        |columns: &Column, word: &str| columns.settings.iter().any(|s| s.starts_with(word));
    let defaults = [
        (
            "SET STORAGE",
            format!("SET STORAGE {}", default_storage(&new.data_type)),
        ),
        ("SET COMPRESSION", "SET COMPRESSION default".to_owned()),
        ("SET STATISTICS", "SET STATISTICS -1".to_owned()),
    ];
    for (word, default) in defaults {
        if is_set(old, word) && !is_set(new, word) {
            script.run(alter(&default));
        }
    }
    let parameters = |column: &Column| -> Vec<String> {
        let mut settings = column.settings.iter();
        let set = settings.find_map(|s| s.strip_prefix("SET (")?.strip_suffix(')'));
        set.map(|set| set.split(", ").map(str::to_owned).collect())
            .unwrap_or_default()
    };
    for change in alter_options(&parameters(old), &parameters(new)) {
        script.run(alter(&change));
    }
    let fresh = new
        .settings
        .iter()
        .filter(|setting| !setting.starts_with("SET ("));
    for setting in fresh.filter(|setting| !old.settings.contains(setting)) {
        script.run(alter(setting));
    }
}

/// How Postgres stores long values of the type unless told otherwise.
fn default_storage(data_type: &str) -> &'static str {
    match data_type.split('(').next().unwrap_or_default() {
        "numeric" | "inet" | "cidr" => "MAIN",
        _ => "EXTENDED",
    }
}
