//! Rows that a plain SELECT does not show: in aggregates, in foreign tables, in COPY, and in large objects.

use super::diagnostics::{NOTES, TENANT, open, write_project};
use super::{leaks, prove};
use crate::server;
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::os::unix::fs::PermissionsExt as _;
use xact_codegen::prove::{AttackResult, Proof, ProofEvidence};

const OWN: &str = "CREATE POLICY own ON notes TO xact_tenant USING (tenant = current_setting('app.tenant', true));\n";

async fn prove_project(migration: &str, queries: &str) -> Proof {
    let root = tempfile::tempdir().unwrap();
    let migration = format!("{NOTES}{OWN}{migration}");
    write_project(root.path(), TENANT, &migration, queries);
    let mut prover = open(root.path()).await;
    let proof = prove(&mut prover, None, &[]).await;
    prover.close().await.unwrap();
    proof
}

fn find<'p>(proof: &'p Proof, object: &str, operation: &str) -> &'p AttackResult {
    let mut verdicts = proof.verdicts.iter();
    let found = verdicts.find(|verdict| verdict.object == object && verdict.operation == operation);
    &found
        .unwrap_or_else(|| panic!("{operation} of {object}: {:?}", proof.verdicts))
        .finding
}

/// The caller needs no privilege on the functions of an aggregate, and these run as their owner.
#[tokio::test]
async fn aggregates_whose_functions_read_other_tenants_rows_leak() {
    let migration = "
        CREATE FUNCTION add_all(state text, value text) RETURNS text LANGUAGE sql SECURITY DEFINER
            AS $$ SELECT string_agg(body, ' ') FROM notes $$;
        CREATE FUNCTION keep(state text, value text) RETURNS text LANGUAGE sql AS $$ SELECT value $$;
        CREATE FUNCTION end_all(state text, part float8) RETURNS text LANGUAGE sql SECURITY DEFINER
            AS $$ SELECT string_agg(body, ' ') FROM notes $$;
        REVOKE EXECUTE ON FUNCTION add_all(text, text), end_all(text, float8) FROM PUBLIC;
        CREATE AGGREGATE all_bodies(text) (SFUNC = add_all, STYPE = text);
        CREATE AGGREGATE nth_body(float8 ORDER BY text) (SFUNC = keep, STYPE = text, FINALFUNC = end_all);";
    let proof = prove_project(migration, "").await;
    let expected = [
        "call of function all_bodies(text): shows `notes.body` of a row that this user should not see",
        "call of function nth_body(double precision,text): shows `notes.body` of a row that this user should not see",
    ];
    assert_eq!(leaks(&proof), expected);
}

/// The first 500 rows of a result are read.
#[tokio::test]
async fn an_aggregate_shows_rows_behind_many_others() {
    let migration = "
        CREATE TABLE fillers (body text NOT NULL);
        INSERT INTO fillers SELECT 'aaa' FROM generate_series(1, 600);
        CREATE VIEW everything AS SELECT body FROM fillers UNION ALL SELECT body FROM notes;
        GRANT SELECT ON everything TO xact_tenant;";
    let root = tempfile::tempdir().unwrap();
    write_project(root.path(), TENANT, &format!("{NOTES}{OWN}{migration}"), "");
    let mut prover = open(root.path()).await;
    // With a change the first leak ends the attacks, before results are compared with those without the other tenant.
    let proof = prove(&mut prover, Some("SELECT 1"), &[]).await;
    prover.close().await.unwrap();
    let found = leaks(&proof);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("SELECT of view everything: shows `notes.body`"),
        "{found:?}"
    );
}

#[tokio::test]
async fn rows_of_a_file_that_other_tenants_own_leak() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logs.csv");
    std::fs::write(&file, "acme,logfeed12345678\n").unwrap();
    // The server runs as another user.
    for (path, mode) in [(folder.path(), 0o755), (file.as_path(), 0o644)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let proof = prove_project(&write_file_table(&file.display().to_string()), "").await;
    assert_eq!(
        leaks(&proof),
        [
            "SELECT of table logs: shows `logs.line` of a row outside of the tenant",
            "COPY of table logs: shows `logs.line` of a row outside of the tenant",
        ]
    );
}

fn write_file_table(file: &str) -> String {
    format!(
        "CREATE EXTENSION file_fdw;
         CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
         CREATE FOREIGN TABLE logs (tenant text, line text) SERVER files OPTIONS (filename '{file}', format 'csv');
         GRANT SELECT ON logs TO xact_tenant;"
    )
}

#[tokio::test]
async fn a_foreign_table_that_cannot_be_read_is_not_covered_and_the_others_are_proved() {
    let proof = prove_project(&write_file_table("/nowhere/logs.csv"), "").await;
    assert_eq!(leaks(&proof), [""; 0]);
    let AttackResult::NotCovered(reason) = find(&proof, "table logs", "SELECT") else {
        panic!("{:?}", proof.verdicts);
    };
    assert!(
        reason.contains("it cannot be read in a throwaway database: could not open file"),
        "{reason}"
    );
    assert_eq!(
        find(&proof, "table notes", "SELECT"),
        &AttackResult::Proved(ProofEvidence::Isolated)
    );
}

#[tokio::test]
async fn a_table_of_another_server_that_the_role_may_read_leaks() {
    let mut admin = PgConnection::connect(server::url().await).await.unwrap();
    admin.execute("CREATE DATABASE prove_remote").await.unwrap();
    let mut remote = PgConnection::connect(&server::url_of("prove_remote").await)
        .await
        .unwrap();
    let create = "CREATE TABLE notes (tenant text NOT NULL, body text NOT NULL)";
    remote.execute(create).await.unwrap();
    let folder = server::url().await.split_once("?host=").unwrap().1;
    let migration = format!(
        "CREATE EXTENSION postgres_fdw;
         CREATE SERVER reports FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{folder}', dbname 'prove_remote');
         CREATE USER MAPPING FOR PUBLIC SERVER reports OPTIONS (user 'postgres', password_required 'false');
         CREATE FOREIGN TABLE reports_notes (tenant text NOT NULL, body text NOT NULL) SERVER reports
             OPTIONS (schema_name 'public', table_name 'notes');
         GRANT SELECT ON reports_notes TO xact_tenant;"
    );
    let proof = prove_project(&migration, "").await;
    let found = leaks(&proof);
    let starts = [
        "SELECT of table reports_notes: shows ",
        "COPY of table reports_notes: shows ",
    ];
    assert_eq!(found.len(), starts.len(), "{found:?}");
    for (leak, start) in found.iter().zip(starts) {
        assert!(leak.starts_with(start), "{found:?}");
    }
    // The rows on the other server are taken back with those of the proof.
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM notes")
        .fetch_one(&mut remote)
        .await
        .unwrap();
    assert_eq!(count, 0);
}

#[tokio::test]
async fn a_query_that_copies_is_attacked_with_copy() {
    let migration = "
        CREATE TABLE inbox (tenant text NOT NULL, body text NOT NULL);
        CREATE TABLE outbox (tenant text NOT NULL, body text NOT NULL);
        GRANT INSERT ON inbox, outbox TO xact_tenant;
        CREATE FUNCTION take_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.tenant := coalesce(nullif(current_setting('app.tenant', true), ''), NEW.tenant);
            RETURN NEW;
        END $$;
        CREATE TRIGGER take_tenant BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION take_tenant();";
    let queries = "\
-- name: inbox_fill :copy
INSERT INTO inbox (tenant, body) VALUES (:tenant, :body);

-- name: outbox_fill :copy
INSERT INTO outbox (tenant, body) VALUES (:tenant, :body);
";
    let proof = prove_project(migration, queries).await;
    let AttackResult::Leak(leak) = find(&proof, "query inbox_fill", "run") else {
        panic!("{:?}", proof.verdicts);
    };
    assert_eq!(
        leak.reason,
        "writes a row of `inbox` into a tenant that is not the caller's"
    );
    assert!(
        leak.script
            .contains("COPY inbox (tenant, body) FROM STDIN;\n"),
        "{}",
        leak.script
    );
    assert_eq!(
        find(&proof, "query outbox_fill", "run"),
        &AttackResult::Proved(ProofEvidence::Isolated)
    );
}

#[tokio::test]
async fn large_objects_of_the_role_are_an_oracle_until_a_query_creates_them() {
    let proof = prove_project("", "").await;
    assert_eq!(leaks(&proof), [""; 0]);
    let found = find(&proof, "database", "large objects it may create");
    assert!(matches!(found, AttackResult::Oracle(_)), "{found:?}");

    let query = "-- name: files_create :one\nSELECT lo_from_bytea(0, :content)::bigint AS id;\n";
    let proof = prove_project("", query).await;
    let found = find(&proof, "database", "created large objects");
    assert!(matches!(found, AttackResult::Leak(_)), "{found:?}");
}
