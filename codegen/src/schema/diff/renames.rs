//! Renames, which only a person can declare: between two schemas a rename looks like a drop and an add.

use super::change::Script;
use super::rename_target::{RenameTarget, find_target};
use crate::schema::Schema;
use crate::sql::lexer::identifier;
use crate::sql::quote::quote_literal;
use std::fmt::Write as _;

/// `notes` → `memos`, `notes.body` → `notes.text`, `mood.sad` → `mood.unhappy`, `notes` → `archive.notes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The name before all renames, in its parts, each as SQL.
    from: Vec<String>,
    /// The new name: its parts, as SQL.
    to: Vec<String>,
}

/// A rename as statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameSteps {
    /// The order among renames: parts of objects come before objects, and those before schemas, so that
    /// each declaration names everything as it is called before all renames.
    rank: RenameRank,
    /// The renamed object.
    pub target: RenameTarget,
    /// The new name, without a schema.
    pub new_name: String,
    /// The statements that rename.
    pub sql: String,
    /// The statements that take them back, once all later ones are taken back.
    pub undo: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum RenameRank {
    Part,
    Object,
    Schema,
}

impl RenameSteps {
    /// Statements that keep more of an object than a drop and an add would.
    pub(super) fn conversion(target: RenameTarget, sql: String, undo: String) -> Self {
        Self {
            rank: RenameRank::Part,
            target,
            new_name: String::new(),
            sql,
            undo,
        }
    }
}

impl Rename {
    /// Reads `old=new`.
    ///
    /// # Errors
    /// If it is no rename, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no rename: write `table=new`, `table.column=new`, `type.label=new`, \
                 `table=schema.table`, or the same with another kind of object"
            )
        };
        let sides = split_outside_quotes(text, '=');
        let [from, to] = sides.as_slice() else {
            return Err(wrong());
        };
        let (from, to) = (
            split_outside_quotes(from, '.'),
            split_outside_quotes(to, '.'),
        );
        let is_empty = |part: &String| part.is_empty();
        if from.iter().chain(&to).any(is_empty) || from.len() > 3 || to.len() > 3 {
            return Err(wrong());
        }
        Ok(Self { from, to })
    }

    /// Finds the object in the schema before all renames.
    ///
    /// # Errors
    /// If there is none, or it cannot be renamed like this, in words.
    fn resolve(&self, schema: &Schema) -> Result<RenameSteps, String> {
        let names: Vec<String> = self.from.iter().map(|part| identifier(part)).collect();
        let shown = self.from.join(".");
        let target = find_target(schema, &names).ok_or_else(|| {
            format!(
                "there is no table, column, constraint, index, sequence, view, type, label or schema \
                 `{shown}` before the migration"
            )
        })?;
        let last = self.to.last().cloned().unwrap_or_default();
        let new_schema = match self.to.as_slice() {
            [schema, _] if target.is_object() => Some(schema),
            [_] => None,
            // `notes.body=notes.text` is how a person may write it too.
            [owner @ .., _] if !target.is_object() && self.from.ends_with_owner(owner) => None,
            _ => {
                return Err(format!(
                    "`{}` is no new name for `{shown}`",
                    self.to.join(".")
                ));
            }
        };
        Ok(match new_schema {
            Some(schema_name) => target.move_to(schema, schema_name, &last),
            None => target.rename_to(&last),
        })
    }
}

trait EndsWithOwner {
    fn ends_with_owner(&self, owner: &[String]) -> bool;
}

impl EndsWithOwner for Vec<String> {
    /// Whether the name without its last part ends with these parts.
    fn ends_with_owner(&self, owner: &[String]) -> bool {
        self[..self.len() - 1].ends_with(owner)
    }
}

/// Resolves the declared renames, in the order in which they run.
///
/// # Errors
/// The first that names nothing, in words.
pub fn resolve_renames(renames: &[Rename], schema: &Schema) -> Result<Vec<RenameSteps>, String> {
    let steps = renames.iter().map(|rename| rename.resolve(schema));
    let mut steps: Vec<RenameSteps> = steps.collect::<Result<_, _>>()?;
    steps.sort_by_key(|steps| steps.rank);
    // The second object that moves into a new schema finds it there.
    let mut created = Vec::new();
    for step in &mut steps {
        let first = step.sql.lines().next().unwrap_or_default().to_owned();
        if first.starts_with("CREATE SCHEMA ") {
            if created.contains(&first) {
                step.sql = step.sql.replacen(&format!("{first}\n"), "", 1);
                let end = step.undo.rfind("DROP SCHEMA ").unwrap_or(step.undo.len());
                step.undo.truncate(end);
            }
            created.push(first);
        }
    }
    Ok(steps)
}

impl RenameTarget {
    pub(super) fn rename_to(&self, new: &str) -> RenameSteps {
        let (sql, undo) = match self {
            Self::Object {
                word, schema, name, ..
            } => {
                let (old, renamed) = (qualify_name(schema, name), qualify_name(schema, new));
                (
                    format!("ALTER {word} {old} RENAME TO {new};\n"),
                    format!("ALTER {word} {renamed} RENAME TO {name};\n"),
                )
            }
            Self::Part { owner, word, name } => (
                format!("ALTER {owner} RENAME {word} {name} TO {new};\n"),
                format!("ALTER {owner} RENAME {word} {new} TO {name};\n"),
            ),
            Self::Label { owner, label } => {
                let (old, new) = (quote_literal(label), quote_literal(&identifier(new)));
                (
                    format!("ALTER TYPE {owner} RENAME VALUE {old} TO {new};\n"),
                    format!("ALTER TYPE {owner} RENAME VALUE {new} TO {old};\n"),
                )
            }
            Self::Schema { name } => (
                format!("ALTER SCHEMA {name} RENAME TO {new};\n"),
                format!("ALTER SCHEMA {new} RENAME TO {name};\n"),
            ),
        };
        RenameSteps {
            rank: self.rank(),
            target: self.clone(),
            new_name: new.to_owned(),
            sql,
            undo,
        }
    }

    /// Moves an object to another schema, which is created if there is none, and renames it there.
    fn move_to(&self, schemas: &Schema, new_schema: &str, new: &str) -> RenameSteps {
        let Self::Object {
            word, schema, name, ..
        } = self
        else {
            return self.rename_to(new);
        };
        let wanted = identifier(new_schema);
        let exists = wanted == "public" || schemas.schemas.iter().any(|item| item.name == wanted);
        let (mut sql, mut undo) = (String::new(), String::new());
        if !exists {
            sql = format!("CREATE SCHEMA {new_schema};\n");
        }
        if identifier(schema) != wanted {
            let old = qualify_name(schema, name);
            let _ = writeln!(sql, "ALTER {word} {old} SET SCHEMA {new_schema};");
        }
        if name != new {
            let moved = qualify_name(new_schema, name);
            let _ = writeln!(sql, "ALTER {word} {moved} RENAME TO {new};");
            let renamed = qualify_name(new_schema, new);
            undo = format!("ALTER {word} {renamed} RENAME TO {name};\n");
        }
        if identifier(schema) != wanted {
            let moved = qualify_name(new_schema, name);
            let _ = writeln!(undo, "ALTER {word} {moved} SET SCHEMA {schema};");
        }
        if !exists {
            let _ = writeln!(undo, "DROP SCHEMA {new_schema};");
        }
        RenameSteps {
            rank: RenameRank::Object,
            target: self.clone(),
            new_name: new.to_owned(),
            sql,
            undo,
        }
    }

    fn rank(&self) -> RenameRank {
        match self {
            Self::Part { .. } | Self::Label { .. } => RenameRank::Part,
            Self::Object { .. } => RenameRank::Object,
            Self::Schema { .. } => RenameRank::Schema,
        }
    }

    fn is_object(&self) -> bool {
        matches!(self, Self::Object { .. })
    }
}

/// A name with its schema, unless that is `public`: generated scripts leave that out everywhere.
fn qualify_name(schema: &str, name: &str) -> String {
    match schema {
        "public" => name.to_owned(),
        schema => format!("{schema}.{name}"),
    }
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= c == '"';
        match parts.last_mut() {
            Some(part) if c != separator || quoted => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

impl Script {
    /// The statements of renames in front of the others.
    #[must_use]
    pub fn after(mut self, renames: &[RenameSteps]) -> Self {
        let changes = renames.iter().map(|rename| super::Change {
            sql: rename.sql.clone(),
            ..super::Change::default()
        });
        self.changes.splice(0..0, changes);
        self
    }

    /// The statements that take renames back behind the others, the last one first.
    #[must_use]
    pub fn before_undoing(mut self, renames: &[RenameSteps]) -> Self {
        // The last one first, because it may name what those before it made.
        let changes = renames.iter().rev().map(|rename| super::Change {
            sql: rename.undo.clone(),
            ..super::Change::default()
        });
        self.changes.extend(changes);
        self
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::Rename;

    #[test]
    fn a_rename_has_two_names_whose_parts_may_be_quoted() {
        let rename = Rename::parse("s.\"a.b=\"=c").unwrap();
        assert_eq!(rename.from, ["s", "\"a.b=\""]);
        assert_eq!(rename.to, ["c"]);
        for wrong in ["a", "a=", "=b", "a.=b", "a=b=c", "a.b.c.d=e"] {
            assert!(Rename::parse(wrong).is_err(), "{wrong}");
        }
    }
}
