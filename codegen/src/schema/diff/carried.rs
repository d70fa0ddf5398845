//! Names that Postgres derived from a table or column that is renamed: sequences, indexes and constraints.
//!
//! `ALTER TABLE crates RENAME TO packages` leaves `crates_pkey` and `crates_id_seq` as they are. Without a
//! rename of their own they would be dropped and recreated: an index is built once more, and a sequence
//! begins at 1.

use super::rename_target::{RenameTarget, object};
use super::renames::RenameSteps;
use crate::schema::Schema;
use crate::schema::model::{Name, Table};
use crate::sql::identifier::write_identifier;
use crate::sql::lexer::identifier;

/// The renames that follow from others: `renamed` is the schema after those, `wanted` the target.
pub fn carry_names(done: &[RenameSteps], renamed: &Schema, wanted: &Schema) -> Vec<RenameSteps> {
    let mut carried: Vec<RenameSteps> = Vec::new();
    for table in &renamed.tables {
        let Some(target) = wanted.tables.iter().find(|other| other.name == table.name) else {
            continue;
        };
        let words = renamed_words(done, table);
        carried.extend(carry_not_null_names(&words, table, target));
        let other = owned_names(wanted, target);
        let is_wanted = |owned: &Owned<'_>, name: &str| {
            let mut others = other.iter();
            others.any(|other| other.is_called(owned, name))
        };
        for owned in owned_names(renamed, table) {
            let derived = words
                .iter()
                .map(|(old, new)| owned.name().replacen(old, new, 1));
            let mut derived = derived.filter(|new| new != owned.name());
            let new = derived.find(|new| is_wanted(&owned, new));
            if let Some(new) = new.filter(|_| !is_wanted(&owned, owned.name())) {
                carried.push(
                    owned
                        .target(renamed, table)
                        .rename_to(&write_identifier(&new)),
                );
            }
        }
    }
    carried
}

/// From Postgres 18 on, NOT NULL is a constraint with a name, which stays as it was derived.
fn carry_not_null_names(
    words: &[(String, String)],
    table: &Table,
    target: &Table,
) -> Vec<RenameSteps> {
    let mut carried = Vec::new();
    for column in &table.columns {
        let after = target
            .columns
            .iter()
            .find(|after| after.name == column.name);
        let is_derived = after.is_some_and(|after| after.not_null_name.is_none());
        let Some(name) = column.not_null_name.as_ref().filter(|_| is_derived) else {
            continue;
        };
        let wanted = format!("{}_{}_not_null", table.name.name, column.name);
        let unquoted = identifier(name);
        let mut derived = words
            .iter()
            .map(|(old, new)| unquoted.replacen(old, new, 1));
        if derived.any(|derived| derived == wanted) {
            let owned = Owned::Constraint(&unquoted);
            let target = owned.target(&Schema::default(), table);
            carried.push(target.rename_to(&write_identifier(&wanted)));
        }
    }
    carried
}

/// The old and new names of the table and its columns, unquoted. Both together come first:
/// `crates_name_key` → `packages_title_key`.
fn renamed_words(done: &[RenameSteps], table: &Table) -> Vec<(String, String)> {
    let mut words = Vec::new();
    let mut old_table = table.name.name.clone();
    for step in done {
        if let RenameTarget::Object {
            word: "TABLE",
            name,
            ..
        } = &step.target
            && identifier(&step.new_name) == table.name.name
        {
            old_table = identifier(name);
            words.push((format!("{old_table}_"), format!("{}_", table.name.name)));
        }
    }
    for step in done {
        if let RenameTarget::Part {
            owner,
            word: "COLUMN",
            name,
        } = &step.target
            && owner.ends_with(&old_table)
        {
            let (old, new) = (identifier(name), identifier(&step.new_name));
            let both = (
                format!("{old_table}_{old}_"),
                format!("{}_{new}_", table.name.name),
            );
            // The more exact pair is tried first.
            words.insert(0, both);
            words.push((format!("_{old}_"), format!("_{new}_")));
        }
    }
    words
}

enum Owned<'a> {
    Constraint(&'a str),
    Index(&'a Name),
    Sequence(&'a Name),
    /// The sequence behind an identity column, as SQL.
    Identity(&'a str),
}

impl Owned<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Constraint(name) => name,
            Self::Index(name) | Self::Sequence(name) => &name.name,
            Self::Identity(sql) => sql.rsplit('.').next().unwrap_or(sql).trim_matches('"'),
        }
    }

    /// Whether this is of the same kind as `other`, with this name.
    fn is_called(&self, other: &Owned<'_>, name: &str) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.name() == name
    }

    fn target(&self, schema: &Schema, table: &Table) -> RenameTarget {
        match self {
            Self::Constraint(name) => RenameTarget::Part {
                owner: format!("TABLE {}", table.name.sql),
                word: "CONSTRAINT",
                name: write_identifier(name),
            },
            Self::Index(name) => object(schema, "INDEX", name),
            Self::Sequence(name) => object(schema, "SEQUENCE", name),
            Self::Identity(_) => {
                let name = Name {
                    schema: table.name.schema.clone(),
                    name: self.name().to_owned(),
                    sql: write_identifier(self.name()),
                };
                object(schema, "SEQUENCE", &name)
            }
        }
    }
}

fn owned_names<'a>(schema: &'a Schema, table: &'a Table) -> Vec<Owned<'a>> {
    let constraints = table.constraints.iter();
    let constraints = constraints.map(|item| Owned::Constraint(item.name.as_str()));
    let indexes = table.indexes.iter().map(|item| Owned::Index(&item.name));
    let owned = schema.sequences.iter().filter(|sequence| {
        let owner = sequence.owned_by.as_ref();
        owner.is_some_and(|owner| owner.table == table.name.sql)
    });
    let identities = table
        .columns
        .iter()
        .filter_map(|column| column.identity.as_ref());
    constraints
        .chain(indexes)
        .chain(owned.map(|sequence| Owned::Sequence(&sequence.name)))
        .chain(identities.map(|identity| Owned::Identity(&identity.sequence_sql)))
        .collect()
}
