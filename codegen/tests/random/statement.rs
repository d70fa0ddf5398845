//! Whole statements: a query or a modification, with WITH before it.

use fastrand::Rng;

use super::kinds::Kind;
use super::world::{Relation, World};
use super::writer::{Sight, Writer};

/// A statement of a query file, with `:many`, `:exec` or `:batch`.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) command: &'static str,
    pub(super) text: String,
}

/// Any statement.
pub(super) fn any(world: &World, rng: Rng) -> Statement {
    let mut writer = Writer::new(world, rng);
    let with = writer.with();
    let (text, has_rows) = match writer.rng.u8(..10) {
        0..5 => (writer.query(None).0, true),
        5 => {
            let kind = Kind::any(&mut writer.rng);
            (writer.single_row(kind), true)
        }
        _ => {
            let (text, columns) = writer.modification();
            (text, !columns.is_empty())
        }
    };
    Statement {
        command: if has_rows { "many" } else { "exec" },
        text: format!("{with}{text}"),
    }
}

/// A statement that a slice can be given to.
pub(super) fn batch(world: &World, rng: Rng) -> Statement {
    let mut writer = Writer::new(world, rng);
    writer.parameter_share = 6;
    let table = writer.written();
    writer.sights.push(Sight::default());
    let (text, _) = match writer.rng.u8(..3) {
        0 => writer.insert(&table),
        1 => writer.update(&table),
        _ => writer.delete(&table),
    };
    Statement {
        command: "batch",
        text,
    }
}

impl Writer<'_> {
    /// A table that can be written to.
    fn written(&mut self) -> Relation {
        let all = self.world.relations.iter();
        let some: Vec<_> = all
            .filter(|relation| !relation.assignable.is_empty())
            .collect();
        some[self.rng.usize(..some.len())].clone()
    }

    /// WITH, or nothing.
    fn with(&mut self) -> String {
        let mut ctes = Vec::new();
        let mut recursive = "";
        while ctes.len() < 3 && self.percent(20) && self.burn() {
            if self.percent(20) {
                recursive = "RECURSIVE ";
                let (text, relation) = self.recursive();
                ctes.push(text);
                self.ctes.push(relation);
                continue;
            }
            let (text, columns) = if self.percent(50) {
                self.modification()
            } else {
                self.query(None)
            };
            let name = self.name("w");
            let how = self.one(&["", "", "MATERIALIZED ", "NOT MATERIALIZED "]);
            // Only a query can be said to be materialized, and one is refused where it is not.
            let how = if text.starts_with("SELECT") { how } else { "" };
            ctes.push(format!("{name} AS {how}({text})"));
            if !columns.is_empty() {
                self.ctes.push(Relation::named(&name, columns));
            }
        }
        if ctes.is_empty() {
            String::new()
        } else {
            format!("WITH {recursive}{} ", ctes.join(", "))
        }
    }
}
