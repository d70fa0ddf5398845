//! A random schema: types and tables, and the objects on them. Objects that Postgres refuses are left out.

use fastrand::Rng;
use sqlx::PgConnection;

use super::batch::{Choice, choice};
use super::kinds::{Kind, TYPES, percent};
use super::run;
use super::table::{self, Table};

/// A table, a view, or a query of WITH.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Kind)>,
    /// The columns that INSERT and UPDATE can give a value; none for relations that are only read.
    pub(super) assignable: Vec<Assignable>,
    /// The keys that ON CONFLICT can name.
    pub(super) conflicts: Vec<String>,
}

impl Relation {
    /// One that is only read.
    pub(super) fn named(name: &str, columns: Vec<(String, Kind)>) -> Self {
        Self {
            name: name.to_owned(),
            columns,
            assignable: Vec::new(),
            conflicts: Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Assignable {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether every row has to be given a value.
    pub(super) required: bool,
}

/// The names of the arguments of a function, in their order.
pub(super) const ARGUMENTS: &[&str] = &["x", "y"];

#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) arguments: Vec<Kind>,
    /// The columns of its rows; one without a set has one.
    pub(super) columns: Vec<(String, Kind)>,
    pub(super) is_set: bool,
}

/// One statement of the script.
enum Step {
    Table(Table),
    Sql(String),
}

pub(super) struct World {
    /// `server_version_num`
    pub(super) version: u32,
    pub(super) relations: Vec<Relation>,
    pub(super) functions: Vec<Function>,
    pub(super) tables: Vec<Table>,
    steps: Vec<Step>,
}

const TABLES: usize = 5;
const VIEWS: usize = 4;
const FUNCTIONS: usize = 7;

impl World {
    /// Builds a schema in the namespace that is first in the search path.
    pub(super) async fn build(connection: &mut PgConnection, version: u32, rng: &mut Rng) -> Self {
        let mut world = Self {
            version,
            relations: Vec::new(),
            functions: Vec::new(),
            tables: Vec::new(),
            steps: Vec::new(),
        };
        world.run(connection, TYPES.to_owned()).await;
        for number in 0..TABLES {
            world.add_table(connection, number, rng).await;
        }
        for number in 0..FUNCTIONS {
            world.add_function(connection, number, rng).await;
        }
        for number in 0..VIEWS {
            world.add_view(connection, number, rng).await;
        }
        world
    }

    /// Runs a statement, which becomes one of the script if Postgres takes it.
    pub(super) async fn run(&mut self, connection: &mut PgConnection, sql: String) -> bool {
        let taken = attempt(connection, &sql).await;
        if taken {
            self.steps.push(Step::Sql(sql));
        }
        taken
    }

    async fn add_table(&mut self, connection: &mut PgConnection, number: usize, rng: &mut Rng) {
        let table = table::table(rng, number, &self.tables);
        if !attempt(connection, &table.create()).await {
            return;
        }
        self.steps.push(Step::Table(table.clone()));
        for sql in table.after.clone() {
            self.run(connection, sql).await;
        }
        let relation = table.relation();
        for part in ["child", "low", "high"] {
            let part = format!("{}_{part}", table.name);
            if self.has(&part) && percent(rng, 40) {
                let part = Relation {
                    name: part,
                    ..relation.clone()
                };
                self.relations.push(part);
            }
        }
        self.relations.push(relation);
        if percent(rng, 30) {
            self.add_trigger(connection, &table, rng).await;
        }
        if percent(rng, 6) {
            self.add_rule(connection, &table, rng).await;
        }
        self.tables.push(table);
    }

    /// Whether a statement of the script made a table of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        let made = format!("CREATE TABLE {name} ");
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step, Step::Sql(sql) if sql.starts_with(&made)))
    }

    /// The script.
    pub(super) fn script(&self) -> String {
        let steps = self.steps.iter().map(|step| match step {
            Step::Table(table) => table.create(),
            Step::Sql(sql) => sql.trim().to_owned(),
        });
        let steps: Vec<String> = steps.collect();
        steps.join(";\n") + ";\n"
    }

    /// The same schema as another order of deployments would have made it: columns in another order, and one more.
    pub(super) async fn build_otherwise(
        &self,
        connection: &mut PgConnection,
        rng: &mut Rng,
    ) -> bool {
        for step in &self.steps {
            let sql = match step {
                Step::Table(table) => table.create_otherwise(rng),
                Step::Sql(sql) => self.with_added(sql),
            };
            if !attempt(connection, &sql).await {
                return false;
            }
        }
        true
    }

    /// The statement with the column that the twin has more: a partition needs all the columns of its table.
    fn with_added(&self, sql: &str) -> String {
        let mut tables = self.tables.iter();
        let partition =
            |table: &&Table| sql.starts_with(&format!("CREATE TABLE {}_high (", table.name));
        tables.find(partition).map_or_else(
            || sql.to_owned(),
            |table| sql.replacen('(', &format!("({} text, ", table.added()), 1),
        )
    }

    /// Rows for each table, as many as keys and checks allow; the statements are those that Postgres took.
    pub(super) async fn fill(&self, connection: &mut PgConnection, rng: &mut Rng) -> Vec<String> {
        let mut taken = Vec::new();
        for table in &self.tables {
            for _ in 0..rng.usize(..7) {
                let row = table.row(rng);
                if attempt(connection, &row).await {
                    taken.push(row);
                }
            }
        }
        let views = self.steps.iter().filter_map(|step| match step {
            Step::Sql(sql) => sql
                .strip_prefix("CREATE MATERIALIZED VIEW ")?
                .split(' ')
                .next(),
            Step::Table(_) => None,
        });
        for view in views {
            let refresh = format!("REFRESH MATERIALIZED VIEW {view}");
            if attempt(connection, &refresh).await {
                taken.push(refresh);
            }
        }
        taken
    }
}

impl World {
    /// The statement that takes the open transaction back to its initial rows, and sequences to where they were.
    pub(super) fn back(&self) -> String {
        let counted = self.tables.iter().filter(|table| table.has_identity);
        let restarts: Vec<String> = counted
            .map(|table| format!("PERFORM setval('{}_id_seq', 50);", table.name))
            .collect();
        match restarts.concat().as_str() {
            "" => run::BACK.to_owned(),
            restarts => format!(
                "{}; DO 'BEGIN {} END'",
                run::BACK,
                restarts.replace('\'', "''")
            ),
        }
    }

    /// All rows, and where each is stored. Numbers that a sequence gave depend on how many were asked for.
    pub(super) fn stored_rows(&self) -> String {
        let tables = self.tables.iter().map(|table| {
            let (name, numbered) = (&table.name, if table.has_identity { " - 'id'" } else { "" });
            format!("SELECT tableoid::regclass::text || ctid::text, (to_jsonb(stored){numbered})::text FROM {name} stored")
        });
        tables.collect::<Vec<_>>().join(" UNION ALL ")
    }

    /// The parts of a result that depend on the plan, in its own words or in those of the views and functions that it reads. Rules of
    /// its tables run once for a batch, after all of its rows.
    pub(super) fn choice(&self, sql: &str) -> Choice {
        let reached = self.reached(sql);
        let is_free =
            |text: &&str| matches!(choice(text), Choice::Free) || gives_its_first_row(text);
        let has_rule = self.sql_steps().any(|step| {
            let table = step
                .strip_prefix("CREATE RULE ")
                .and_then(|rule| rule.split_once(" TO "))
                .and_then(|(_, rest)| rest.split(' ').next());
            table.is_some_and(|table| reached.iter().any(|text| names(text, table)))
        });
        if has_rule || reached.iter().any(is_free) {
            return Choice::Free;
        }
        choice(sql)
    }

    /// A statement, with the definitions of the views and functions that it reads.
    fn reached<'s>(&'s self, sql: &'s str) -> Vec<&'s str> {
        let mut reached = vec![sql];
        let mut at = 0;
        while let Some(text) = reached.get(at).copied() {
            at += 1;
            for step in self.sql_steps() {
                let name = ["VIEW ", "FUNCTION "].iter().find_map(|kind| {
                    let (_, rest) = step.split_once(kind)?;
                    rest.split([' ', '(']).next()
                });
                let defines = step.starts_with("CREATE") && !reached.contains(&step);
                if defines && name.is_some_and(|name| names(text, name)) {
                    reached.push(step);
                }
            }
        }
        reached
    }

    fn sql_steps(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Sql(sql) => Some(sql.as_str()),
            Step::Table(_) => None,
        })
    }

    /// Whether a statement names tables alone, and none whose triggers and rules have a say.
    pub(super) fn is_quiet(&self, sql: &str) -> bool {
        let named = |name: &str| {
            sql.split(|c: char| !c.is_alphanumeric())
                .any(|word| word == name)
        };
        let views = self
            .relations
            .iter()
            .filter(|relation| relation.name.starts_with('v'));
        let fire = self.steps.iter().filter_map(|step| match step {
            Step::Sql(sql)
                if sql.starts_with("CREATE TRIGGER") || sql.starts_with("CREATE RULE") =>
            {
                Some(sql)
            }
            _ => None,
        });
        let fires = |table: &Table| fire.clone().any(|sql| sql.contains(&table.name));
        !views.into_iter().any(|view| named(&view.name))
            && !self
                .tables
                .iter()
                .any(|table| named(&table.name) && fires(table))
    }
}

/// Whether a text has this name as a word.
fn names(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word == name)
}

/// Whether Postgres takes a statement of the open transaction; if not, it did not happen.
pub(super) async fn attempt(connection: &mut PgConnection, sql: &str) -> bool {
    run::execute(connection, "SAVEPOINT attempt").await;
    let released = format!("{sql}; RELEASE attempt");
    let taken = run::rows(connection, released).await.is_some();
    if !taken {
        run::execute(connection, "ROLLBACK TO attempt; RELEASE attempt").await;
    }
    taken
}

/// Whether it is a function that reads rows and gives one value: that of its first row, which depends on the plan, and in a
/// VOLATILE function on the rows that the calling statement has changed so far
/// (<https://www.postgresql.org/docs/current/xfunc-volatility.html>), so not even two runs of a statement need agree.
fn gives_its_first_row(definition: &str) -> bool {
    definition.starts_with("CREATE FUNCTION ")
        && definition.contains(" FROM ")
        && !definition.contains(" RETURNS TABLE ")
        && !definition.contains(" RETURNS SETOF ")
}
