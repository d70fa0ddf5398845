//! Renames, which only a person can declare: between two schemas a rename looks like a drop and an add.

use super::change::Script;
use crate::schema::Schema;
use crate::schema::model::{Column, Table};

/// `notes` → `memos`, or `notes.body` → `notes.text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The table, as it is called before all renames, as SQL.
    pub table: String,
    /// The column, if it is one that is renamed.
    pub column: Option<String>,
    /// The new name, as SQL.
    pub to: String,
}

impl Rename {
    /// Reads `table=new` or `table.column=new`.
    ///
    /// # Errors
    /// If it is neither, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once('=').unwrap_or((text, ""));
        let (table, column) = match from.split_once('.') {
            Some((table, column)) => (table, Some(column.to_owned())),
            None => (from, None),
        };
        if table.is_empty() || to.is_empty() || column.as_deref() == Some("") {
            return Err(format!(
                "`{text}` is no rename: write `table=new` or `table.column=new`"
            ));
        }
        let (table, to) = (table.to_owned(), to.to_owned());
        Ok(Self { table, column, to })
    }

    /// The statement.
    pub fn sql(&self) -> String {
        let Self { table, column, to } = self;
        match column {
            Some(column) => format!("ALTER TABLE {table} RENAME COLUMN {column} TO {to};\n"),
            None => format!("ALTER TABLE {table} RENAME TO {to};\n"),
        }
    }

    /// The statement that takes it back, once all others are taken back.
    pub fn undo(&self) -> String {
        let Self { table, column, to } = self;
        match column {
            Some(column) => format!("ALTER TABLE {table} RENAME COLUMN {to} TO {column};\n"),
            None => format!("ALTER TABLE {to} RENAME TO {table};\n"),
        }
    }
}

/// Options that declare the likely renames that were not declared.
pub fn suggest_renames(old: &Schema, new: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    let gone = old
        .tables
        .iter()
        .filter(|table| !new.tables.iter().any(|t| t.name == table.name));
    for table in gone {
        let added = new
            .tables
            .iter()
            .filter(|t| !old.tables.iter().any(|o| o.name == t.name));
        for other in added.filter(|other| same_columns(table, other)) {
            found.push(format!("--rename {}={}", table.name.sql, other.name.sql));
        }
    }
    for table in &old.tables {
        let Some(other) = new.tables.iter().find(|other| other.name == table.name) else {
            continue;
        };
        let lacks =
            |table: &Table, column: &Column| !table.columns.iter().any(|c| c.name == column.name);
        for column in table.columns.iter().filter(|column| lacks(other, column)) {
            let added = other.columns.iter().filter(|column| lacks(table, column));
            for new in added.filter(|new| new.data_type == column.data_type) {
                found.push(format!(
                    "--rename {}.{}={}",
                    table.name.sql, column.sql, new.sql
                ));
            }
        }
    }
    found
}

fn same_columns(a: &Table, b: &Table) -> bool {
    let columns = |table: &Table| -> Vec<(String, String)> {
        table
            .columns
            .iter()
            .map(|c| (c.name.clone(), c.data_type.clone()))
            .collect()
    };
    columns(a) == columns(b)
}

impl Script {
    /// The statements of renames in front of the others.
    #[must_use]
    pub fn after(mut self, renames: &[Rename]) -> Self {
        let changes = renames.iter().map(|rename| super::Change {
            sql: rename.sql(),
            ..super::Change::default()
        });
        self.changes.splice(0..0, changes);
        self
    }

    /// The statements that take renames back behind the others, the last one first.
    #[must_use]
    pub fn before_undoing(mut self, renames: &[Rename]) -> Self {
        let changes = renames.iter().rev().map(|rename| super::Change {
            sql: rename.undo(),
            ..super::Change::default()
        });
        self.changes.extend(changes);
        self
    }
}
