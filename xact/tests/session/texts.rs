//! Texts of the caller stay what they are, wherever they are sent.

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{database, pool};
use crate::orm::Admin;

#[tokio::test]
async fn a_nul_byte_in_the_name_of_a_lock_is_refused_before_anything_is_sent() {
    let pool = pool(database("").await, 2);
    let name = "import\0user\0eve\0";
    let session = [
        pool.lock(name).await.map(drop),
        pool.try_lock(name).await.map(drop),
        pool.lock_timeout(name, std::time::Duration::from_secs(1))
            .await
            .map(drop),
        pool.lock_holders(name).await.map(drop),
    ];
    let mut q = pool.begin(Admin).await.unwrap();
    let in_transaction = [
        q.lock(name).await,
        q.try_lock(name).await.map(drop),
        q.lock_timeout(name, std::time::Duration::from_secs(1))
            .await
            .map(drop),
    ];
    for refused in session.into_iter().chain(in_transaction) {
        let error = refused.unwrap_err().to_string();
        assert!(
            error.ends_with("the name of the lock holds a NUL byte"),
            "{error}"
        );
    }
    q.lock("import").await.unwrap();
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_nul_byte_in_a_startup_message_or_a_statement_is_refused() {
    let options = database("").await;
    let named = |change: fn(PgConnectOptions) -> PgConnectOptions| {
        let pool = PgPoolOptions::new().min_connections(1);
        xact::Pool::from_options(pool, change(options.clone()))
    };
    for (pool, problem) in [
        (named(|o| o.username("postgres\0x")), "the name of the user"),
        (named(|o| o.database("a\0b")), "the name of the database"),
        (
            named(|o| o.application_name("a\0user\0eve")),
            "the application name",
        ),
        (named(|o| o.options([("a.b", "c\0d")])), "a startup option"),
        (named(|o| o.password("a\0b")), "the password"),
    ] {
        let error = pool.begin(Admin).await.unwrap_err();
        let expected = format!("begin in scope `admin`: {problem} holds a NUL byte");
        assert_eq!(error.to_string(), expected);
        assert_eq!(pool.size(), 0);
        let expected = format!("lock `import`: {problem} holds a NUL byte");
        assert_eq!(pool.lock("import").await.unwrap_err().to_string(), expected);
        let limit = std::time::Duration::from_secs(1);
        assert!(pool.wait_until_ready(limit).await.is_err());
    }
    let pool = pool(options, 1);
    let mut q = pool.begin(Admin).await.unwrap();
    let error = q
        .sql("nul", "SELECT 1\0; SELECT 2")
        .execute()
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("the statement holds a NUL byte"),
        "{error}"
    );
    q.sql("none", "SELECT 1").execute().await.unwrap();
}

#[tokio::test]
async fn a_setting_of_the_pool_is_one_of_every_transaction() {
    let pool = pool(database("CREATE SCHEMA app").await, 1)
        .with_setting("search_path", "app, public")
        .with_setting("app.region", "it's \\ north")
        .with_setting("app.region", "south");
    for _ in 0..3 {
        let settings = pool.xact(Admin, async |q| {
            let sql = "SELECT current_setting('search_path'), current_setting('app.region')";
            q.sql("settings", sql).one::<(String, String)>().await
        });
        let expected = ("app, public".to_owned(), "south".to_owned());
        assert_eq!(settings.await.unwrap(), expected);
    }
    let error = pool
        .with_setting("app.a", "\0")
        .begin(Admin)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("the value of setting `app.a` holds a NUL byte")
    );
    let error = pool
        .with_setting("work_mem", "much")
        .begin(Admin)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("22023"));
}

#[tokio::test]
async fn startup_options_are_settings_of_every_transaction() {
    let options = database("CREATE SCHEMA app")
        .await
        .options([("search_path", "app,public")]);
    let pool = pool(options, 1);
    for _ in 0..3 {
        let path = pool.xact(Admin, async |q| {
            q.sql("reset", "SELECT set_config('search_path', 'public', false)")
                .execute()
                .await?;
            q.sql(
                "path",
                "SELECT reset_val FROM pg_settings WHERE name = 'search_path'",
            )
            .value::<String>()
            .await
        });
        assert_eq!(path.await.unwrap(), "app,public");
        let path = pool.xact(Admin, async |q| {
            q.sql("path", "SELECT current_setting('search_path')")
                .value::<String>()
                .await
        });
        assert_eq!(path.await.unwrap(), "app,public");
    }
}
