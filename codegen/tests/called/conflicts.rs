//! ON CONFLICT on deferrable constraints: the queries that codegen refuses are those that Postgres refuses.

use super::pool;
use std::path::Path;

const CASE: &str = "on_conflict_on_a_deferrable_key_is_an_error";

#[tokio::test]
async fn postgres_refuses_on_conflict_on_a_deferrable_key() {
    let (server, _) = pool(CASE).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(CASE);
    let queries = std::fs::read_to_string(folder.join("queries/shelves.sql")).unwrap();
    let diagnostics = std::fs::read_to_string(folder.join("diagnostics.txt")).unwrap();
    assert!(!diagnostics.contains("accepted_"));
    let mut connection = server.connect().await.unwrap();
    for query in queries.split("-- name: ").skip(1) {
        let (name, statement) = query.split_once('\n').unwrap();
        let sql = statement.split_once(';').unwrap().0;
        let ran = xact::sqlx::raw_sql(xact::sqlx::AssertSqlSafe(sql))
            .execute(&mut connection)
            .await;
        let state = ran.err().and_then(|error| {
            let error = error.into_database_error()?;
            error.code().map(std::borrow::Cow::into_owned)
        });
        // `object_not_in_prerequisite_state`, for each row and not for the plan.
        let expected = name.starts_with("refused_").then_some("55000");
        assert_eq!(state.as_deref(), expected, "{name}");
    }
    let refused = queries.matches("-- name: refused_").count();
    assert_eq!(diagnostics.matches("[deferrable-key]").count(), refused);
    server.stop().await.unwrap();
}
