//! Calls of every statement until each listed constraint was violated; whatever else was violated must be listed.

use std::collections::BTreeSet;
use std::sync::Arc;

use fastrand::Rng;
use sqlx::AssertSqlSafe;
use xact_codegen::query::analysis::Typed;
use xact_codegen::schema::model::{Column, StatementKind, Table};

use super::attempt::{call, list_written, write_call, write_change};
use super::fill::fill_tables;
use super::project::{Listed, Place, Project};
use super::values::{Values, write};

/// Calls of each statement with random arguments.
const CALLS: usize = 150;
/// Calls for each constraint that these did not violate, with rows made for it.
const CALLS_FOR_ONE: usize = 2_000;

/// How many constraints were violated, and the faults of the lists.
pub(super) async fn judge_lists(mut project: Project, rows: &[&str]) -> (usize, Vec<String>) {
    let seed = std::env::var("XACT_RANDOM_SEED").ok();
    let mut rng = Rng::with_seed(seed.and_then(|seed| seed.parse().ok()).unwrap_or(1));
    let mut values = Values::new(&mut project.connection, &project.queries).await;
    fill_tables(
        &mut project.connection,
        &project.schema,
        &mut values,
        &mut rng,
    )
    .await;
    for sql in rows {
        let sql = AssertSqlSafe((*sql).to_owned());
        let added = sqlx::raw_sql(sql).execute(&mut project.connection).await;
        added.unwrap();
    }
    for table in &project.schema.tables {
        values.read_rows(&mut project.connection, table).await;
    }
    let (mut judged, mut faults) = (0, Vec::new());
    for query in std::mem::take(&mut project.queries) {
        if list_written(&project, &query).is_empty() || has_rule(&project, &query) {
            // Through a view or a rule: there is no list.
            continue;
        }
        let mut judge = Judge {
            project: &mut project,
            query: &query,
            values: &mut values,
            rng: &mut rng,
            violated: BTreeSet::new(),
        };
        judge.prepare().await;
        judge.call_at_random().await;
        faults.extend(judge.violate_each().await);
        faults.extend(judge.find_unlisted());
        judged += judge.violated.len();
    }
    (judged, faults)
}

/// One statement.
struct Judge<'a> {
    project: &'a mut Project,
    query: &'a Typed,
    values: &'a mut Values,
    rng: &'a mut Rng,
    /// As errors named them.
    violated: BTreeSet<Place>,
}

impl Judge<'_> {
    fn list(&self) -> BTreeSet<Listed> {
        let list = self.project.lists.get(&self.query.query.name);
        list.cloned().unwrap_or_default()
    }

    async fn prepare(&mut self) {
        for parameter in &self.query.parameters {
            if let Some(declared) = self.project.types.get(parameter.type_oid) {
                let element = declared.sql_name.trim_end_matches("[]");
                self.values
                    .learn_type(&mut self.project.connection, element)
                    .await;
            }
        }
        let (name, sql) = (&self.query.query.name, &self.query.query.sql.text);
        let sql = AssertSqlSafe(format!("PREPARE {name} AS {sql}"));
        let prepared = sqlx::raw_sql(sql)
            .execute(&mut self.project.connection)
            .await;
        prepared.unwrap();
    }

    async fn call_at_random(&mut self) {
        for number in 0..CALLS {
            // Every other call is on the rows as they were filled.
            let changes = if number % 2 == 0 {
                0
            } else {
                self.rng.u8(1..3)
            };
            let before = self.write_changes(changes, None);
            self.call(&before).await;
        }
    }

    /// Changes of rows of the tables that are written, and of the one that the constraint is of.
    fn write_changes(&mut self, count: u8, listed: Option<&Listed>) -> Vec<String> {
        let project = &*self.project;
        let mut tables = list_written(project, self.query);
        let tables_of_project = project.schema.tables.iter();
        tables.extend(tables_of_project.filter(|table| {
            listed.is_some_and(|listed| listed.iter().any(|(_, name, _)| *name == table.name.name))
        }));
        let changes = (0..count).filter_map(|_| write_change(&tables, self.values, self.rng));
        changes.collect()
    }

    async fn call(&mut self, before: &[String]) -> Option<Place> {
        let sql = write_call(self.project, self.query, self.values, self.rng)?;
        let violated = call(&mut self.project.connection, before, &sql).await?;
        self.violated.insert(violated.clone());
        Some(violated)
    }

    /// Violates each constraint that no random call did; gives those that are listed in vain.
    async fn violate_each(&mut self) -> Vec<String> {
        let mut faults = Vec::new();
        for listed in self.list() {
            if !self.is_violated(&listed) && !self.violate(&listed).await {
                let (name, (_, table, constraint)) = (&self.query.query.name, &listed[0]);
                faults.push(format!(
                    "{name} never violates {constraint} of {table}, which it lists"
                ));
            }
        }
        faults
    }

    fn is_violated(&self, listed: &Listed) -> bool {
        listed.iter().any(|place| self.violated.contains(place))
    }

    async fn violate(&mut self, listed: &Listed) -> bool {
        // Postgres reports one constraint of those that a row violates, so those that came first are dropped.
        let mut others = BTreeSet::new();
        for _ in 0..CALLS_FOR_ONE {
            // Now and then one stays: the key that a foreign key refers to would take it along.
            let dropped = others.iter().filter(|_| self.rng.u8(..4) > 0);
            let mut before: Vec<String> = dropped.map(write_drop).collect();
            let changes = self.rng.u8(..4);
            before.extend(self.write_changes(changes, Some(listed)));
            before.extend(self.prepare_rows(&listed[0]));
            if let Some(violated) = self.call(&before).await
                && !listed.contains(&violated)
            {
                others.insert(violated);
            }
            if self.is_violated(listed) {
                return true;
            }
        }
        false
    }

    /// Takes away the rows that a foreign key refers to, or lets a default give a value that is taken or refused. Only of a volatile
    /// default: a constant is part of the statement.
    fn prepare_rows(&mut self, (schema, table, name): &Place) -> Vec<String> {
        let schema_of_project = Arc::clone(&self.project.schema);
        let tables = schema_of_project.tables.iter();
        let mut tables = tables.filter(|found| found.name.schema == *schema);
        let Some(found) = tables.find(|found| found.name.name == *table) else {
            return Vec::new();
        };
        let constraint = found
            .constraints
            .iter()
            .find(|constraint| constraint.name == *name);
        let index = found.indexes.iter().find(|index| index.name.name == *name);
        let columns = constraint.map(|found| &found.columns);
        let columns = columns.or(index.map(|index| &index.columns));
        let mut prepared =
            self.change_defaults(found, &found.columns_at(columns.map_or(&[], |c| c)));
        if let Some(target) = constraint.and_then(|found| found.references.as_ref())
            && self.rng.bool()
        {
            let delete = format!(
                "SET LOCAL session_replication_role = replica; DELETE FROM {}; SET LOCAL session_replication_role = origin",
                target.table
            );
            prepared.push(if self.rng.bool() {
                delete
            } else {
                delete_meanwhile(&delete, found)
            });
        }
        prepared
    }

    fn change_defaults(&mut self, table: &Table, columns: &[&Column]) -> Vec<String> {
        let mut prepared = Vec::new();
        for column in columns {
            let is_identity = column.identity.is_some();
            if !column.default_is_volatile && !is_identity {
                continue;
            }
            let value = if self.rng.bool() {
                self.values.choose_of_column(&column.name, self.rng)
            } else {
                self.values.choose(&column.data_type, self.rng)
            };
            let (sql, name) = (&table.name.sql, &column.sql);
            if is_identity {
                prepared.push(format!("ALTER TABLE {sql} ALTER {name} DROP IDENTITY"));
            }
            let value = write(value.as_ref(), &column.data_type);
            prepared.push(format!(
                "ALTER TABLE {sql} ALTER {name} SET DEFAULT {value}"
            ));
        }
        prepared
    }

    /// The constraints that were violated and are not listed.
    fn find_unlisted(&self) -> Vec<String> {
        let list = self.list();
        let mut unlisted = self.violated.clone();
        unlisted.retain(|place| !list.iter().any(|listed| listed.contains(place)));
        let name = &self.query.query.name;
        let faults = unlisted.iter().map(|(_, table, constraint)| {
            format!("{name} violates {constraint} of {table}, which it does not list")
        });
        faults.collect()
    }
}

/// A trigger that deletes what the statement has in its snapshot already, as another transaction would.
fn delete_meanwhile(delete: &str, table: &Table) -> String {
    let sql = &table.name.sql;
    format!(
        "CREATE FUNCTION pg_temp.meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {delete}; RETURN NULL; END $$; \
         CREATE TRIGGER meanwhile BEFORE INSERT OR UPDATE ON {sql} FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.meanwhile()"
    )
}

fn has_rule(project: &Project, query: &Typed) -> bool {
    let statements = project.schema.statements.iter();
    let mut rules = statements.filter(|found| found.kind == StatementKind::Rule);
    rules.any(|rule| {
        let mut tables = list_written(project, query).into_iter();
        tables.any(|table| rule.name.sql.ends_with(&format!(" ON {}", table.name.sql)))
    })
}

fn write_drop((schema, table, name): &Place) -> String {
    format!(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}') \
         THEN ALTER TABLE \"{schema}\".\"{table}\" DROP CONSTRAINT \"{name}\" CASCADE; \
         ELSE DROP INDEX \"{schema}\".\"{name}\"; END IF; END $$"
    )
}
