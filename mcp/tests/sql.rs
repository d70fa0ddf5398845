//! The tool that takes SQL: it is there only if it is asked for, and it stays in the scope.

use crate::world::{World, ada};
use serde_json::json;

/// Statements that are refused before they run.
const REFUSED: &[&str] = &[
    "DELETE FROM bookmarks",
    "WITH deleted AS (DELETE FROM bookmarks RETURNING id) SELECT * FROM deleted",
    "SELECT 1; DELETE FROM bookmarks",
    "COPY users TO STDOUT",
    "COPY (SELECT 1) TO PROGRAM 'touch /tmp/xact_mcp'",
    "SET ROLE admin",
    "RESET ROLE",
    "DO $$ BEGIN END $$",
    "EXPLAIN ANALYZE DELETE FROM bookmarks",
    "BEGIN",
    "COMMIT",
    "SELECT set_config('app.organization_id', 'org_globex', true)",
    "SELECT pg_catalog.\"set_config\"('role', 'admin', true)",
    "SELECT U&\"\\0073et_config\"('role', 'admin', true)",
    "SELECT query_to_xml('SELECT set_config(''app.organization_id'', ''org_globex'', true)', true, true, ''), count(*) FROM bookmarks",
    "SELECT pg_advisory_lock(1)",
    "SELECT hashed_password FROM users",
    "SELECT $1::text",
    "SELECT :organization_id",
    "SELECT 1\n-- name: other :exec\n; DELETE FROM bookmarks",
    "-- name: other :exec\nDELETE FROM bookmarks",
    "SELECT * INTO stolen FROM bookmarks",
    "SELECT id FROM bookmarks FOR UPDATE",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT 'unterminated",
    "",
];

#[tokio::test]
async fn sql_runs_read_only_in_the_scope_and_nothing_else_does() {
    let world = World::seeded().await;
    let client = world.connect(ada().allow_sql(true)).await;
    let rows = client
        .call(
            "run_sql",
            json!({"sql": "SELECT id, title FROM bookmarks ORDER BY id -- all"}),
        )
        .await;
    let expected = json!([
        {"id": "bkm_acme_1", "title": "Acme reads"},
        {"id": "bkm_acme_2", "title": "Acme reads"},
    ]);
    assert_eq!(rows, json!({"rows": expected}));
    let before = world
        .read_text("SELECT count(*)::text FROM bookmarks")
        .await;
    for sql in REFUSED {
        let refused = client.refuse("run_sql", json!({"sql": sql})).await;
        assert!(!refused.is_empty(), "{sql}");
        assert!(!refused.contains("Globex"), "{sql}: {refused}");
    }
    let after = world
        .read_text("SELECT count(*)::text FROM bookmarks")
        .await;
    assert_eq!(before, after);
    let wrong = client
        .refuse("run_sql", json!({"sql": "SELECT titel FROM bookmarks"}))
        .await;
    assert!(
        wrong.contains("title"),
        "the diagnostic names the column: {wrong}"
    );
}
