//! The reset of the session, as a part of the message that begins a scoped transaction with one read by primary key.
//!
//! The messages are written out, because the runtime has none without a reset.

use xact::sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, query};

use crate::measure::{print_table, shuffle_numbers, time_work};
use crate::orm::NOTE;
use crate::rows::migrate_notes;

const ROUNDS: usize = 600;

/// How many transactions are timed together: few, so that the candidates of a round meet the same load.
const BATCH: u32 = 8;

const ROLE: &str = "; SET LOCAL ROLE xact_bench_customer";
const BY_FUNCTION: &str = "; SELECT pg_catalog.set_config(E'app.user_id', E'usr_019438d6e1f07c5cb9a7d1c3b2a4f5e6', true), \
    pg_catalog.set_config(E'app.organization_id', E'org_019438d6e1f07c5cb9a7d1c3b2a4f5e7', true)";
const BY_SET: &str = "; SET LOCAL \"app\".\"user_id\" = E'usr_019438d6e1f07c5cb9a7d1c3b2a4f5e6'; \
    SET LOCAL \"app\".\"organization_id\" = E'org_019438d6e1f07c5cb9a7d1c3b2a4f5e7'";
const USUAL: &str =
    "; RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP; CLOSE ALL; DISCARD SEQUENCES";
const LOCKS: &str = "; SELECT pg_catalog.pg_advisory_unlock_all()";
/// After a transaction that may have left something, on a direct connection.
const THOROUGH: &str = "; SELECT CAST(CASE WHEN pg_catalog.bool_or(from_sql OR pg_listening_channels IS NOT NULL) \
    OR pg_catalog.count(*) FILTER (WHERE NOT from_sql) OPERATOR(pg_catalog.<) 1 THEN 'used' END AS pg_catalog.int4) \
    FROM ROWS FROM (pg_catalog.pg_prepared_statement(), pg_catalog.pg_listening_channels(), \
    pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed('0.512345678901234'))";
/// Through a pooler.
const POOLED: &str = "; SELECT CAST(pg_catalog.concat('used', name) AS pg_catalog.int4) \
    FROM ROWS FROM (pg_catalog.pg_prepared_statement(), pg_catalog.pg_listening_channels(), \
    pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed('0.512345678901234')) \
    WHERE from_sql OR pg_listening_channels IS NOT NULL";
/// With a scan for each list, and an aggregate.
const SCANS: &str = "; SELECT pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed(0.5), \
    CAST(CASE WHEN (SELECT pg_catalog.count(*) FILTER (WHERE from_sql) OPERATOR(pg_catalog.>) 0 \
    OR pg_catalog.count(*) FILTER (WHERE NOT from_sql) OPERATOR(pg_catalog.<) 1 FROM pg_catalog.pg_prepared_statement()) \
    OR EXISTS (SELECT FROM pg_catalog.pg_listening_channels()) THEN 'used' END AS pg_catalog.int4)";

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn compare_resets() {
    let test = migrate_notes().await;
    let messages = [
        (
            "settings by SET LOCAL, no reset",
            format!("BEGIN{ROLE}{BY_SET}"),
        ),
        // Its distance from 1 is the error of this comparison.
        ("the same again", format!("BEGIN{ROLE}{BY_SET}")),
        (
            "settings by set_config, no reset",
            format!("BEGIN{ROLE}{BY_FUNCTION}"),
        ),
        ("SET LOCAL and the usual reset", write_message("")),
        ("the same, and unlock every time", write_message(LOCKS)),
        ("the thorough reset through a pooler", write_message(POOLED)),
        (
            "the thorough reset on a direct connection",
            write_message(THOROUGH),
        ),
        ("the same with a scan for each list", write_message(SCANS)),
    ];
    for prepared in [20, 200] {
        let mut connection = test
            .options()
            .statement_cache_capacity(300)
            .connect()
            .await
            .unwrap();
        for number in 0..prepared {
            let sql = AssertSqlSafe(format!("{NOTE} AND {number} = {number}"));
            query(sql)
                .bind(1_i64)
                .execute(&mut connection)
                .await
                .unwrap();
        }
        let mut durations = messages
            .clone()
            .map(|(name, message)| (name, message, vec![]));
        for round in 0..=ROUNDS {
            for number in shuffle_numbers::<8>() {
                let (_, message, durations) = &mut durations[number];
                let time = time_work(run_batch(&mut connection, message)).await;
                if round > 0 {
                    durations.push(time / BATCH);
                }
            }
        }
        let candidates = durations.map(|(name, _, durations)| (name, durations));
        print_table(
            &format!(
                "the reset of a session with {prepared} prepared statements; the goal is 1.03x"
            ),
            candidates.into(),
        );
    }
    drop(test);
}

/// With the reset in a transaction of its own, as the runtime sends it.
fn write_message(query: &str) -> String {
    let reset = format!("BEGIN ISOLATION LEVEL READ COMMITTED{USUAL}{query}; COMMIT");
    format!("{reset}; BEGIN{ROLE}{BY_SET}")
}

async fn run_batch(connection: &mut PgConnection, message: &str) {
    for id in 1..=i64::from(BATCH) {
        let begin = AssertSqlSafe(message.to_owned());
        let mut transaction = connection.begin_with(begin).await.unwrap();
        let read = query(NOTE).bind(id).fetch_one(&mut *transaction);
        read.await.unwrap();
        transaction.commit().await.unwrap();
    }
}
