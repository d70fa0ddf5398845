//! Leaks as diagnostics, with the statement that repeats them; and projects that do not tell who their tenants are.

use super::{leaks, prove};
use crate::server;
use std::path::Path;
use xact_codegen::Stop;
use xact_codegen::prove::{Prover, diagnose};
use xact_codegen::report::diagnostic::{Style, render};

/// A project of one migration and one query file.
pub(super) fn write_project(root: &Path, configuration: &str, migration: &str, queries: &str) {
    for folder in ["migrations", "queries"] {
        std::fs::create_dir(root.join(folder)).unwrap();
    }
    std::fs::write(root.join("xact.toml"), configuration).unwrap();
    std::fs::write(root.join("migrations/1_all.up.sql"), migration).unwrap();
    std::fs::write(root.join("queries/all.sql"), queries).unwrap();
}

pub(super) const TENANT: &str =
    "[scopes.tenant]\nrole = \"xact_tenant\"\nsettings = [\"app.tenant\"]\n";

pub(super) const NOTES: &str = "\
CREATE ROLE xact_tenant;
CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant text NOT NULL, body text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON notes TO xact_tenant;
";

pub(super) async fn open(root: &Path) -> Prover {
    Prover::open(root, Some(server::url().await)).await.unwrap()
}

/// A policy helper that is IMMUTABLE: the plan of one tenant answers another.
#[tokio::test]
async fn a_plan_that_keeps_another_tenants_answer_is_a_leak() {
    let root = tempfile::tempdir().unwrap();
    let migration = format!(
        "{NOTES}CREATE FUNCTION cur_tenant() RETURNS text LANGUAGE plpgsql IMMUTABLE AS
            $$ BEGIN RETURN current_setting('app.tenant'); END $$;
         CREATE POLICY own ON notes TO xact_tenant USING (tenant = cur_tenant());"
    );
    let queries = "-- name: notes_list :many\nSELECT body FROM notes;\n";
    write_project(root.path(), TENANT, &migration, queries);
    let mut prover = open(root.path()).await;
    let proof = prove(&mut prover, None, &[]).await;
    let expected = [
        "SELECT of table notes: shows `notes.id` of a row of tenant b",
        "run of query notes_list: shows `notes.body` of a row of tenant b",
    ];
    assert_eq!(leaks(&proof), expected);
    let (_, leak) = proof.leaks().last().unwrap();
    let output = prover.replay(None, &proof, leak).await.unwrap();
    assert!(output.contains("bfeed"), "{}\n{output}", leak.script);
    let printed = render(&diagnose(&proof), Style::Plain);
    assert!(
        printed.contains(
            "queries/all.sql:1:10: error[tenant-leak]: query `notes_list` leaks in scope `tenant`"
        ),
        "{printed}"
    );
    assert!(
        printed.contains("PREPARE xact_plan AS SELECT body FROM notes"),
        "{printed}"
    );
    prover.close().await.unwrap();
}

#[tokio::test]
async fn a_setting_whose_key_is_not_known_is_a_diagnostic() {
    let root = tempfile::tempdir().unwrap();
    let configuration = TENANT.replace("app.tenant", "app.claims");
    write_project(root.path(), &configuration, NOTES, "");
    let mut prover = open(root.path()).await;
    let stop = prover
        .prove(None, &xact_codegen::prove::Focus::default())
        .await;
    prover.close().await.unwrap();
    let Err(Stop::Diagnostics(found)) = stop else {
        panic!("{stop:?}");
    };
    let expected = "\
xact.toml:3:14: error[prove-configuration]: no column tells which key the setting `app.claims` holds
  |
3 | settings = [\"app.claims\"]
  |              ^^^^^^^^^^
  = help: name it in xact.toml: [prove.settings] \"app.claims\" = \"{organizations.id}\"

";
    assert_eq!(
        render(&found, Style::Plain).replace("   =", "  ="),
        expected
    );
}

const PUZZLE: &str = "\
CREATE FUNCTION solves(puzzle text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    $$ SELECT md5(puzzle) LIKE '0000%' $$;
CREATE TABLE puzzles (id bigint PRIMARY KEY, tenant text NOT NULL, answer text NOT NULL CHECK (solves(answer)));
ALTER TABLE puzzles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON puzzles TO xact_tenant USING (tenant = current_setting('app.tenant', true));
CREATE POLICY own ON notes TO xact_tenant USING (tenant = current_setting('app.tenant', true));
GRANT SELECT ON puzzles TO xact_tenant;
";

#[tokio::test]
async fn a_table_that_cannot_be_filled_is_named_with_the_sql_and_a_seed_file_fills_it() {
    let root = tempfile::tempdir().unwrap();
    write_project(root.path(), TENANT, &format!("{NOTES}{PUZZLE}"), "");
    let mut prover = open(root.path()).await;
    let proof = prove(&mut prover, None, &[]).await;
    prover.close().await.unwrap();
    let printed = render(&diagnose(&proof), Style::Plain);
    assert!(printed.contains("warning[not-proved]: `puzzles` has no rows to attack: new row for relation \"puzzles\" violates check constraint"), "{printed}");
    assert!(
        printed.contains("complete this in it: `INSERT INTO puzzles (id, tenant, answer)"),
        "{printed}"
    );

    let seeded = format!("{TENANT}\n[prove]\nseed = \"prove.sql\"\n");
    std::fs::write(root.path().join("xact.toml"), seeded).unwrap();
    let seed = "\
INSERT INTO puzzles SELECT CASE current_setting('xact.letter') WHEN 'a' THEN 1 ELSE 2 END, current_setting('xact.tenant'),
    (SELECT n::text FROM generate_series(1, 1000000) n WHERE md5(n::text) LIKE '0000%'
     ORDER BY n OFFSET CASE current_setting('xact.letter') WHEN 'a' THEN 0 ELSE 1 END LIMIT 1);
";
    std::fs::write(root.path().join("prove.sql"), seed).unwrap();
    let mut prover = open(root.path()).await;
    let proof = prove(&mut prover, None, &[]).await;
    prover.close().await.unwrap();
    assert_eq!(
        (leaks(&proof).len(), proof.not_covered().count()),
        (0, 0),
        "{:?}",
        proof.verdicts
    );
    assert_eq!(proof.count("tenant", "table "), (2, 2));
}

#[tokio::test]
async fn a_leak_with_a_reason_is_excepted() {
    let root = tempfile::tempdir().unwrap();
    let configuration =
        format!("{TENANT}\n[prove.except]\n\"table notes\" = \"all may read notes\"\n");
    let migration = format!("{NOTES}CREATE POLICY own ON notes TO xact_tenant USING (true);");
    write_project(root.path(), &configuration, &migration, "");
    let mut prover = open(root.path()).await;
    let proof = prove(&mut prover, None, &[]).await;
    prover.close().await.unwrap();
    assert_eq!(leaks(&proof), [""; 0]);
    let words: Vec<&str> = proof
        .verdicts
        .iter()
        .map(|verdict| verdict.finding.word())
        .collect();
    assert!(words.contains(&"excepted"), "{words:?}");
}
