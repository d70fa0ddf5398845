//! Statements in one transaction that is rolled back: each behind a savepoint, so that a refusal ends nothing.

use crate::schema::diff::{Change, Script};
use crate::schema::model::Table;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The values of each column of each table.
pub(super) type TrialValues = BTreeMap<(String, String), Vec<String>>;

/// A transaction on a database with rows.
pub(super) struct Trial<'c> {
    transaction: Transaction<'c, sqlx::Postgres>,
    /// Tables that are not compared: they were emptied, because a statement was refused for a row of them, or Postgres
    /// refuses to read them.
    left_out: BTreeSet<String>,
    impossible: Vec<String>,
}

/// A column with values that changed.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) table: String,
    column: String,
    before: String,
    after: String,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            column,
            before,
            after,
        } = self;
        write!(
            f,
            "part of the values of {table}.{column}: {before} is {after} after the migration is applied and reverted"
        )
    }
}

impl<'c> Trial<'c> {
    pub(super) async fn begin(connection: &'c mut PgConnection) -> Result<Self, sqlx::Error> {
        let transaction = connection.begin().await?;
        let mut trial = Self {
            transaction,
            left_out: BTreeSet::new(),
            impossible: Vec::new(),
        };
        // A table with events of a deferred constraint cannot be altered.
        trial
            .run("SET LOCAL check_function_bodies = off; SET CONSTRAINTS ALL IMMEDIATE")
            .await?;
        // Foreign keys and triggers of the user would refuse or change rows. A role that may not say so tries with them.
        trial
            .try_one_of(&["SET LOCAL session_replication_role = 'replica'".to_owned()])
            .await?;
        Ok(trial)
    }

    pub(super) async fn end(self) -> Result<Vec<String>, sqlx::Error> {
        self.transaction.rollback().await?;
        Ok(self.impossible)
    }

    async fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Runs the statements behind a savepoint; gives the message of Postgres if they are refused.
    async fn attempt(&mut self, sql: &str) -> Result<Option<String>, sqlx::Error> {
        // Without it the first refusal would abort the transaction, and with it the trial.
        self.run("SAVEPOINT attempt").await?;
        match self.run(sql).await {
            Ok(()) => {
                self.run("RELEASE attempt").await?;
                Ok(None)
            }
            Err(sqlx::Error::Database(error)) => {
                self.run("ROLLBACK TO attempt; RELEASE attempt").await?;
                Ok(Some(error.message().to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// Reads rows behind a savepoint; gives nothing if Postgres refuses, as it does where the plan calls a function of an
    /// index that only the owner of the table may call.
    async fn read_rows(&mut self, sql: String) -> Result<Option<Vec<PgRow>>, sqlx::Error> {
        self.run("SAVEPOINT reading").await?;
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        match query.fetch_all(&mut *self.transaction).await {
            Ok(rows) => {
                self.run("RELEASE reading").await?;
                Ok(Some(rows))
            }
            Err(sqlx::Error::Database(_)) => {
                self.run("ROLLBACK TO reading; RELEASE reading").await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Runs the first of the statements that Postgres takes.
    pub(super) async fn try_one_of(&mut self, statements: &[String]) -> Result<(), sqlx::Error> {
        for sql in statements {
            if self.attempt(sql).await?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Runs a script. A table with a row for which a statement is refused is emptied, and the statement repeated. Gives
    /// whether all statements ran.
    pub(super) async fn run_script(
        &mut self,
        script: &Script,
        tables: &[Table],
    ) -> Result<bool, sqlx::Error> {
        for change in &script.changes {
            let Some(message) = self.attempt(&change.sql).await? else {
                continue;
            };
            self.explain_refusal(change, tables, &message).await?;
            let chosen = tables
                .iter()
                .filter(|table| change.sql.contains(&table.name.sql));
            let names: Vec<String> = chosen.map(|table| table.name.sql.clone()).collect();
            if names.is_empty() {
                return Ok(false);
            }
            for name in names {
                // DELETE and not TRUNCATE, which refuses a table that a foreign key refers to.
                let emptied = self.attempt(&format!("DELETE FROM {name}")).await?;
                if emptied.is_some() {
                    return Ok(false);
                }
                self.left_out.insert(name);
            }
            if self.attempt(&change.sql).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Notes a conversion that is refused for each value alone.
    async fn explain_refusal(
        &mut self,
        change: &Change,
        tables: &[Table],
        message: &str,
    ) -> Result<(), sqlx::Error> {
        let Some((table, column)) = converted_column(&change.sql) else {
            return Ok(());
        };
        let Some(old) = tables.iter().find(|known| known.name.sql == table) else {
            return Ok(());
        };
        // By `ctid`, since a table need not have a key.
        let rows = format!("SELECT ctid::text FROM ONLY {table} WHERE {column} IS NOT NULL");
        let rows = self.read_rows(rows).await?.unwrap_or_default();
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let place: String = row.try_get(0)?;
            self.run("SAVEPOINT alone").await?;
            let others = format!("DELETE FROM ONLY {table} WHERE ctid <> '{place}'::tid");
            // A table that publishes deletes without a replica identity, or that others refer to, keeps its rows.
            let is_alone = self.attempt(&others).await?.is_none();
            let is_refused = is_alone && self.attempt(&change.sql).await?.is_some();
            self.run("ROLLBACK TO alone; RELEASE alone").await?;
            if !is_refused {
                return Ok(());
            }
        }
        let column_of = old.columns.iter().find(|known| known.sql == column);
        let from = column_of.map_or("the old type", |column| column.data_type.as_str());
        self.impossible.push(format!(
            "each value of {table}.{column}, which cannot be converted from {from} ({message}): the migration fails on a \
             row that has one; delete those rows first, or add a column of the new type and fill it with UPDATE"
        ));
        Ok(())
    }

    /// The values of all columns that are stored.
    pub(super) async fn read_tables(
        &mut self,
        tables: &[Table],
    ) -> Result<TrialValues, sqlx::Error> {
        let mut values = TrialValues::new();
        for table in tables {
            let name = &table.name.sql;
            // A short alias could be the name of a column, which would be taken before the row.
            let sql =
                format!("SELECT pg_catalog.to_jsonb(xact_row) AS row FROM ONLY {name} xact_row");
            let Some(rows) = self.read_rows(sql).await? else {
                self.left_out.insert(name.clone());
                continue;
            };
            for row in rows {
                let row: Value = row.try_get("row")?;
                for column in table
                    .columns
                    .iter()
                    .filter(|column| column.generated.is_none())
                {
                    let value = row.get(&column.name).unwrap_or(&Value::Null).to_string();
                    let place = (name.clone(), column.sql.clone());
                    values.entry(place).or_default().push(value);
                }
            }
        }
        // Sorted: rows of a table have no order, and a rewrite changes that in which they are read.
        for values in values.values_mut() {
            values.sort();
        }
        Ok(values)
    }

    /// The columns whose values are others, of tables that still have their rows.
    pub(super) fn compare_rows(&self, before: &TrialValues, after: &TrialValues) -> Vec<Lost> {
        let kept = before
            .iter()
            .filter(|((table, _), _)| !self.left_out.contains(table));
        let lost = kept.filter_map(|((table, column), values)| {
            let others = after.get(&(table.clone(), column.clone()));
            let none = Vec::new();
            let others = others.unwrap_or(&none);
            let before = values.iter().find(|value| !others.contains(value))?;
            let after = others.iter().find(|value| !values.contains(value));
            Some(Lost {
                table: table.clone(),
                column: column.clone(),
                before: before.clone(),
                after: after.cloned().unwrap_or_else(|| "lost".to_owned()),
            })
        });
        lost.collect()
    }
}

/// Table and column of `ALTER TABLE t ALTER COLUMN c TYPE …`.
fn converted_column(sql: &str) -> Option<(&str, &str)> {
    let (table, rest) = sql
        .trim_start()
        .strip_prefix("ALTER TABLE ")?
        .split_once(" ALTER COLUMN ")?;
    let (column, _) = rest.split_once(" TYPE ")?;
    Some((table.trim_start_matches("ONLY "), column))
}
