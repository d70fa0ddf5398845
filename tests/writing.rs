//! Writes of a customer reach no row but the customer's own, with the privileges customers have and with every privilege.
//!
//! With every privilege on every column, the policies alone are in the way.

mod attempt;

use xact::sqlx::PgConnection;

use crate::world::{ADA, MEMBERS, Someone, Table, World, texts};

use self::attempt::{Intruder, Outcome, assert_denied_or_nothing};

/// The privileges of customers, which the policies restrict.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Privileges {
    AsMigrated,
    Every,
}

async fn world_with(privileges: Privileges) -> World {
    let world = World::seeded().await;
    if privileges == Privileges::Every {
        let grant = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO customer; \
            REVOKE INSERT, UPDATE, DELETE ON _sqlx_migrations FROM customer; \
            REVOKE SELECT ON _sqlx_migrations FROM customer";
        world.run(grant).await;
        // Labels belong to no organization.
        let labels = "SELECT format('REVOKE INSERT, UPDATE, DELETE ON %s FROM customer', c.oid::regclass) \
            FROM pg_class c WHERE c.relkind = 'r' AND c.relname LIKE '%\\_enum'";
        for revoke in texts(&mut world.owner().await, labels.to_owned()).await {
            world.run(&revoke).await;
        }
    }
    world
}

/// Runs each promise with the privileges that customers have, and with every privilege.
macro_rules! promises {
    ($($promise:ident, $with_every_privilege:ident: $test:ident;)+) => {$(
        #[tokio::test]
        async fn $promise() {
            $test(Privileges::AsMigrated).await;
        }

        #[tokio::test]
        async fn $with_every_privilege() {
            $test(Privileges::Every).await;
        }
    )+};
}

promises! {
    an_update_of_everything_reaches_no_row_of_others,
    an_update_of_everything_reaches_no_row_of_others_with_every_privilege: update;
    a_delete_of_everything_reaches_no_row_of_others,
    a_delete_of_everything_reaches_no_row_of_others_with_every_privilege: delete;
    a_row_cannot_be_inserted_for_others,
    a_row_cannot_be_inserted_for_others_with_every_privilege: insert;
    a_row_cannot_be_moved_to_others,
    a_row_cannot_be_moved_to_others_with_every_privilege: move_rows;
}

/// A condition would ask for the rows that may be read, so there is none, and the new value is a constant.
async fn update(privileges: Privileges) {
    let world = world_with(privileges).await;
    let mut owner = world.owner().await;
    let tables = world.tables().await;
    for who in MEMBERS {
        let intruder = Intruder::new(&world, &tables, who).await;
        for table in &tables {
            let mut touched = 0;
            for column in &table.columns {
                let Some(value) = own_value(&mut owner, table, who, column).await else {
                    continue;
                };
                for value in [value.as_str(), column] {
                    let sql = format!("UPDATE {} SET {column} = {value}", table.name);
                    match intruder.attempt(&sql).await {
                        Outcome::Rows(rows) => touched += rows,
                        Outcome::Refused(state) => {
                            assert!(
                                ["42501", "23505", "23503", "23514"].contains(&state.as_str()),
                                "{sql}: {state}"
                            );
                        }
                    }
                }
            }
            let may = !table.updatable.is_empty() && has_policy(&mut owner, table, "w").await;
            assert_eq!(
                touched > 0,
                may,
                "{who:?} updated {touched} rows of {}",
                table.name
            );
        }
    }
}

async fn delete(privileges: Privileges) {
    let world = world_with(privileges).await;
    let mut owner = world.owner().await;
    let tables = world.tables().await;
    for who in MEMBERS {
        let intruder = Intruder::new(&world, &tables, who).await;
        for table in &tables {
            let sql = format!("DELETE FROM {}", table.name);
            let outcome = intruder.attempt(&sql).await;
            let may = table.deletable && has_policy(&mut owner, table, "d").await;
            let deleted = matches!(outcome, Outcome::Rows(1..));
            assert_eq!(deleted, may, "{who:?}: {sql}: {outcome:?}");
            if !deleted {
                assert_denied_or_nothing(&sql, &outcome);
            }
        }
    }
}

/// The policy is asked before any constraint is, so a copy is refused for whom it is for, and for nothing else.
async fn insert(privileges: Privileges) {
    let world = world_with(privileges).await;
    let mut owner = world.owner().await;
    let tables = world.tables().await;
    for who in MEMBERS {
        let intruder = Intruder::new(&world, &tables, who).await;
        for table in &tables {
            let Table {
                name,
                columns,
                insertable,
                ..
            } = table;
            let not_own = format!("({}) IS NOT TRUE", table.visible_to(who));
            let rows = format!("SELECT quote_literal(to_jsonb(t)) FROM {name} t WHERE {not_own}");
            for row in texts(&mut owner, rows).await {
                for columns in [columns, insertable] {
                    let list = columns.join(", ");
                    let sql = if columns.is_empty() {
                        format!("INSERT INTO {name} DEFAULT VALUES")
                    } else {
                        format!(
                            "INSERT INTO {name} ({list}) SELECT {list} FROM jsonb_populate_record(NULL::{name}, {row})"
                        )
                    };
                    let outcome = intruder.attempt(&sql).await;
                    assert_eq!(
                        outcome,
                        Outcome::Refused("42501".to_owned()),
                        "{who:?}: {sql}"
                    );
                }
            }
        }
    }
}

async fn move_rows(privileges: Privileges) {
    let world = world_with(privileges).await;
    let mut owner = world.owner().await;
    let tables = world.tables().await;
    for who in MEMBERS {
        let intruder = Intruder::new(&world, &tables, who).await;
        for table in &tables {
            for column in ["organization_id", "user_id"] {
                if !table.columns.iter().any(|name| name == column) {
                    continue;
                }
                let values = format!(
                    "SELECT DISTINCT quote_literal({column}) FROM {} WHERE {column} NOT IN ('{}', '{}')",
                    table.name,
                    who.user(),
                    who.organization()
                );
                for value in texts(&mut owner, values).await {
                    let sql = format!("UPDATE {} SET {column} = {value}", table.name);
                    assert_denied_or_nothing(&sql, &intruder.attempt(&sql).await);
                }
            }
        }
    }
}

/// A value that the column has in a row of someone's own, as a literal, so that no check refuses it.
async fn own_value(
    owner: &mut PgConnection,
    table: &Table,
    who: Someone,
    column: &str,
) -> Option<String> {
    let own = table.visible_to(who);
    let sql = format!(
        "SELECT quote_nullable({column}::text) FROM {} WHERE {own} ORDER BY 1 LIMIT 1",
        table.name
    );
    let value = texts(owner, sql).await.pop()?;
    let kind = format!(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute \
        WHERE attrelid = '{}'::regclass AND quote_ident(attname) = '{column}'",
        table.name
    );
    let kind = texts(owner, kind).await.pop()?;
    Some(format!("{value}::{kind}"))
}

async fn has_policy(owner: &mut PgConnection, table: &Table, command: &str) -> bool {
    let sql = format!(
        "SELECT polname::text FROM pg_policy WHERE polrelid = '{}'::regclass \
        AND 'customer'::regrole = ANY (polroles) AND polcmd IN ('{command}', '*')",
        table.name
    );
    !texts(owner, sql).await.is_empty()
}

#[tokio::test]
async fn a_customer_renames_nobody_else() {
    let world = World::seeded().await;
    for who in MEMBERS {
        let mut q = world.customer(who).await;
        let renamed = texts(
            q.connection(),
            "UPDATE users SET full_name = 'X' RETURNING id".to_owned(),
        )
        .await;
        assert_eq!(renamed, [who.user().as_str()]);
    }
}

#[tokio::test]
async fn a_row_cannot_point_at_a_row_of_another_organization() {
    let world = World::seeded().await;
    let ada = Intruder::new(&world, &world.tables().await, ADA).await;
    for sql in [
        "UPDATE bookmarks SET import_job_id = 'imp_globex_1'",
        "INSERT INTO bookmarks (organization_id, import_job_id, url, title, domain) VALUES ('org_acme', 'imp_globex_1', '', '', '')",
        "INSERT INTO bookmark_clusters (organization_id, bookmark_id, cluster_id) VALUES ('org_acme', 'bkm_globex_1', 'cls_acme_1')",
        "INSERT INTO bookmark_clusters (organization_id, bookmark_id, cluster_id) VALUES ('org_acme', 'bkm_acme_1', 'cls_globex_1')",
    ] {
        let outcome = ada.attempt(sql).await;
        assert_eq!(outcome, Outcome::Refused("23503".to_owned()), "{sql}");
    }
}
