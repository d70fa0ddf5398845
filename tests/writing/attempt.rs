//! One statement of a customer, and a look at everything that is not the customer's.

use xact::sqlx::{AssertSqlSafe, raw_sql};

use crate::world::{Someone, Table, World, texts};

/// The outcome of a statement.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// It touched this many rows, all of them the customer's own.
    Rows(u64),
    /// Postgres refused it, with this SQLSTATE.
    Refused(String),
}

/// Someone who tries things, and every row that is not theirs.
pub(super) struct Intruder<'a> {
    world: &'a World,
    who: Someone,
    sql: String,
    before: Vec<String>,
}

impl<'a> Intruder<'a> {
    pub(super) async fn new(world: &'a World, tables: &[Table], who: Someone) -> Self {
        let others: Vec<String> = tables.iter().map(|table| table.others_than(who)).collect();
        let sql = format!("{} ORDER BY 1", others.join(" UNION ALL "));
        let before = texts(&mut world.owner().await, sql.clone()).await;
        assert!(!before.is_empty());
        Self {
            world,
            who,
            sql,
            before,
        }
    }

    /// Runs a statement, asserts that no row of others changed by it, and rolls back.
    pub(super) async fn attempt(&self, sql: &str) -> Outcome {
        let mut q = self.world.customer(self.who).await;
        let result = raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(q.connection())
            .await;
        let outcome = match result {
            Ok(done) => {
                // In the same transaction, which sees the statement's changes.
                raw_sql("RESET ROLE").execute(q.connection()).await.unwrap();
                let after = texts(q.connection(), self.sql.clone()).await;
                assert_eq!(after, self.before, "{:?}: {sql}", self.who);
                Outcome::Rows(done.rows_affected())
            }
            Err(error) => {
                let error = error.into_database_error().unwrap();
                Outcome::Refused(error.code().unwrap().into_owned())
            }
        };
        q.rollback().await.unwrap();
        outcome
    }
}

/// Asserts that a statement was refused for lack of a right, or found nothing that it could touch.
pub(super) fn assert_denied_or_nothing(sql: &str, outcome: &Outcome) {
    match outcome {
        Outcome::Rows(0) => println!("nothing to touch: {sql}"),
        Outcome::Refused(state) if state == "42501" => println!("permission denied: {sql}"),
        outcome => panic!("{sql}: {outcome:?}"),
    }
}
