//! `xact init --from-macros`: sqlx's macros become query files that generate, and the rest is listed.

use crate::command_line::xact;
use crate::server;
use std::path::Path;

const MIGRATION: &str =
    "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email text);\n";

const USERS: &str = r##"
use sqlx::PgPool;

pub async fn find_user(pool: &PgPool, id: i64) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(User, "SELECT id, name, email FROM users WHERE id = $1", id)
        .fetch_optional(pool)
        .await
}

impl Users {
    async fn rename(&self, user: &User) -> sqlx::Result<u64> {
        let done = sqlx::query!(
            r#"
            UPDATE users
            SET name = $1
            WHERE id = $2 AND name <> $1;
            "#,
            &user.name,
            user.id as _,
        )
        .execute(&self.pool)
        .await?;
        tokio::select! {
            count = sqlx::query_scalar!("SELECT count(*) " + "AS \"count!\" FROM users").fetch_one(&self.pool) => drop(count),
        }
        Ok(done.rows_affected())
    }
}

async fn from_file(pool: &PgPool) {
    let _ = query_file_as!(User, "sql/all.sql").fetch_all(pool).await;
    let _ = sqlx::query_as_unchecked!(User, "SELECT * FROM users LIMIT $1", 5 + 5).fetch(pool);
}

async fn built(pool: &PgPool) {
    let query = sqlx::query!("SELECT 1 AS one");
    query.fetch_one(pool).await;
    sqlx::query!(STATEMENT).execute(pool).await;
}
"##;

const EXPECTED: &str = r#"-- Of `find_user` in src/users/mod.rs.
-- name: find_user :optional
SELECT id, name, email FROM users WHERE id = :id;

-- Of `rename` in src/users/mod.rs.
-- name: rename :execrows
UPDATE users
SET name = :name
WHERE id = :id AND name <> :name;

-- Of `rename` in src/users/mod.rs.
-- name: rename_2 :one
SELECT count(*) AS "count!" FROM users;

-- Of `from_file` in src/users/mod.rs.
-- name: from_file :many
SELECT id FROM users;

-- Of `from_file` in src/users/mod.rs.
-- name: from_file_2 :stream
SELECT * FROM users LIMIT $1;
"#;

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[tokio::test]
async fn macros_become_queries_with_the_names_of_their_functions() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "migrations/1_users.up.sql", MIGRATION);
    write(root, "src/users/mod.rs", USERS);
    write(root, "sql/all.sql", "SELECT id FROM users;\n");
    write(root, "src/broken.rs", "fn (");
    let run = async |arguments: &[&str]| {
        let output = xact(root, arguments)
            .env("XACT_SERVER_URL", server::url().await)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        said
    };
    let said = run(&["init", "--from-macros"]).await;
    let path = root.join("queries/users.sql");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), EXPECTED);
    for line in [
        "wrote: queries/users.sql",
        "left: src/broken.rs: not taken\n    it cannot be read as Rust",
        "left: src/users/mod.rs: not taken",
        "    line 36, built: it is fetched elsewhere, so its command is unknown",
        "    line 38, built: its statement is no literal",
        "from macros: 5 queries",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(
        !root.join("queries/database.sql").exists(),
        "there are queries already"
    );
    run(&["codegen"]).await;
    let edited = format!("{EXPECTED}-- mine\n");
    std::fs::write(&path, &edited).unwrap();
    let said = run(&["init", "--from-macros"]).await;
    assert!(
        said.contains("left: queries/users.sql: it is there already"),
        "{said}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), edited);
}
