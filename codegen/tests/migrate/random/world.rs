//! A schema as a list of statements, each with its name and the names that it refers to.
//!
//! One statement for each part of an object, so that an edit changes one of them and a counterexample can be shrunk
//! by leaving some out: a table is created empty, and its columns, keys and triggers are added one by one.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use sqlx::{AssertSqlSafe, PgConnection};

use super::kinds::{KINDS, Kind};
use super::pen::Pen;

/// One statement of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The word of its [`Kind`].
    pub(super) kind: &'static str,
    /// The name as SQL.
    pub(super) name: String,
    /// The key of the part that it belongs to.
    pub(super) of: Option<String>,
    /// What others need to know of it: the type of a column, a label of an enum.
    pub(super) detail: String,
    /// The keys of the parts that it refers to.
    pub(super) needs: BTreeSet<String>,
    pub(super) sql: String,
}

impl Part {
    /// Identifies the part, in the old schema and in the new one.
    pub(super) fn key(&self) -> String {
        match &self.of {
            Some(of) => format!("{} {} of {of}", self.kind, self.name),
            None => format!("{} {}", self.kind, self.name),
        }
    }
}

/// A schema.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) parts: Vec<Part>,
    /// How many names were given; none is given twice.
    named: usize,
}

impl World {
    /// The part with this key.
    pub(super) fn find(&self, key: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.key() == key)
    }

    pub(super) fn of_kinds(&self, kinds: &[&str]) -> Vec<&Part> {
        let parts = self.parts.iter();
        parts.filter(|part| kinds.contains(&part.kind)).collect()
    }

    /// Adds a random part of a random kind; nothing if the kind needs a part that the schema lacks.
    pub(super) fn add_part(&mut self, rng: &mut Rng) -> Option<String> {
        let total: u32 = KINDS.iter().map(|kind| kind.weight).sum();
        let mut left = rng.u32(0..total);
        let chosen = KINDS.iter().find(|kind| {
            let is_chosen = left < kind.weight;
            left = left.saturating_sub(kind.weight);
            is_chosen
        });
        self.add_part_of(chosen?, rng)
    }

    /// Adds a random part of the kind with this word.
    pub(super) fn add_kind(&mut self, word: &str, rng: &mut Rng) -> Option<String> {
        let kind = KINDS.iter().find(|kind| kind.word == word)?;
        self.add_part_of(kind, rng)
    }

    fn add_part_of(&mut self, kind: &'static Kind, rng: &mut Rng) -> Option<String> {
        let of = match kind.of {
            [] => None,
            kinds => Some(rng.choice(self.of_kinds(kinds))?.clone()),
        };
        self.named += 1;
        let name = self.name_part(kind, of.as_ref(), rng)?;
        let part = self.write_part(kind, &name, of.as_ref(), rng)?;
        let key = part.key();
        if self.find(&key).is_some() {
            return None;
        }
        self.parts.push(part);
        Some(key)
    }

    fn name_part(&self, kind: &Kind, of: Option<&Part>, rng: &mut Rng) -> Option<String> {
        let number = self.named;
        if !kind.names.is_empty() {
            return rng.choice(kind.names).map(|&name| name.to_owned());
        }
        let stem = kind.word.replace(' ', "_");
        if of.is_some() || !kind.in_schema {
            return Some(format!("{stem}{number}"));
        }
        let name = match rng.u8(0..10) {
            0 => format!("\"{} {number}\"", kind.word.to_uppercase()),
            _ => format!("{stem}{number}"),
        };
        let schemas = self.of_kinds(&["schema"]);
        match rng.choice(schemas).filter(|_| rng.u8(0..10) < 2) {
            Some(schema) => Some(format!("{}.{name}", schema.name)),
            None => Some(name),
        }
    }

    fn write_part(
        &self,
        kind: &Kind,
        name: &str,
        of: Option<&Part>,
        rng: &mut Rng,
    ) -> Option<Part> {
        let mut pen = Pen::new(self, rng, name, of);
        let sql = (kind.write)(&mut pen)?;
        Some(Part {
            kind: kind.word,
            name: name.to_owned(),
            of: of.map(Part::key),
            detail: pen.detail,
            needs: pen.needs,
            sql,
        })
    }

    /// Writes a part a second time, with other choices.
    pub(super) fn redraw_part(&mut self, key: &str, rng: &mut Rng) -> Option<()> {
        let part = self.find(key)?.clone();
        let kind = KINDS.iter().find(|kind| kind.word == part.kind)?;
        let of = match &part.of {
            Some(of) => Some(self.find(of)?.clone()),
            None => None,
        };
        let mut drawn = self.write_part(kind, &part.name, of.as_ref(), rng)?;
        // Nothing that needs it may be among the parts that it needs.
        let dependents = self.dependents(key);
        if drawn.needs.iter().any(|need| dependents.contains(need)) {
            return None;
        }
        if part.kind == "column" && rng.bool() && drawn.detail != part.detail {
            // Half of the time the type stays, and the rest of the column changes.
            drawn.sql = drawn.sql.replacen(&drawn.detail, &part.detail, 1);
            drawn.needs.extend(part.needs.iter().cloned());
            drawn.detail.clone_from(&part.detail);
        }
        let place = self.parts.iter_mut().find(|part| part.key() == key)?;
        *place = drawn;
        Some(())
    }

    /// The keys of the part and of all that need it.
    pub(super) fn dependents(&self, key: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::from([key.to_owned()]);
        loop {
            let before = found.len();
            for part in &self.parts {
                let of = part.of.iter();
                if part.needs.iter().chain(of).any(|need| found.contains(need)) {
                    found.insert(part.key());
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// Removes a part and all that need it.
    pub(super) fn drop_part(&mut self, key: &str) {
        let dropped = self.dependents(key);
        self.parts.retain(|part| !dropped.contains(&part.key()));
    }

    /// The parts in an order in which each finds the parts that it needs, else in their own.
    pub(super) fn sort_parts(&mut self) {
        let mut left: Vec<Part> = std::mem::take(&mut self.parts);
        let mut done = BTreeSet::new();
        while !left.is_empty() {
            let keys: BTreeSet<String> = left.iter().map(Part::key).collect();
            let is_ready = |part: &Part| {
                let mut needs = part.needs.iter().chain(&part.of);
                needs.all(|need| !keys.contains(need) || done.contains(need))
            };
            // A part whose needs go in a circle stays where it is: Postgres refuses it, and it is left out.
            let next = left.iter().position(is_ready).unwrap_or(0);
            let part = left.remove(next);
            done.insert(part.key());
            self.parts.push(part);
        }
    }

    /// Leaves out the parts that Postgres refuses, with all that need them. Nothing stays in the database.
    pub(super) async fn settle(&mut self, connection: &mut PgConnection) {
        self.sort_parts();
        run_sql(
            connection,
            "BEGIN; SET LOCAL check_function_bodies = off; SET CONSTRAINTS ALL IMMEDIATE",
        )
        .await
        .unwrap();
        for part in self.parts.clone() {
            if self.find(&part.key()).is_none() {
                continue;
            }
            run_sql(connection, "SAVEPOINT part").await.unwrap();
            if let Err(error) = run_sql(connection, &part.sql).await {
                if std::env::var_os("XACT_RANDOM_REFUSED").is_some() {
                    eprintln!("{}: {error}\n    {}", part.key(), part.sql);
                }
                run_sql(connection, "ROLLBACK TO part").await.unwrap();
                self.drop_part(&part.key());
            }
        }
        run_sql(connection, "ROLLBACK").await.unwrap();
    }

    /// The whole schema as one file.
    pub(super) fn script(&self) -> String {
        let parts = self.parts.iter();
        let statements: Vec<String> = parts.map(|part| format!("{};\n", part.sql)).collect();
        statements.concat()
    }

    /// Each part by its key.
    pub(super) fn by_key(&self) -> BTreeMap<String, &Part> {
        let parts = self.parts.iter();
        parts.map(|part| (part.key(), part)).collect()
    }
}

/// Runs statements by the simple protocol.
pub(super) async fn run_sql(connection: &mut PgConnection, sql: &str) -> Result<(), String> {
    let sql = AssertSqlSafe(sql.to_owned());
    let run = sqlx::raw_sql(sql).execute(connection).await;
    run.map(drop).map_err(|error| error.to_string())
}
