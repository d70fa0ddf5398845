//! A value of the wrong shape is an error that names the column, never a wrong value.

use xact::generated::Query;
use xact::types::{Json, JsonValue, Uuid};

use crate::orm::Admin;
use crate::server::{database, pool};

macro_rules! query {
    ($sql:expr, $columns:expr) => {
        query!($sql, $columns, "")
    };
    ($sql:expr, $columns:expr, $names:expr) => {{
        static QUERY: Query = Query {
            name: "q",
            file: "queries/q.sql",
            sql: $sql,
            parameters: &[],
            columns: $columns,
            names: $names,
        };
        QUERY.arguments()
    }};
}

#[tokio::test]
async fn null_in_a_column_that_is_no_option_names_the_column() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm.run.one(
        query!("SELECT 1, NULL::text AS nickname", &[23, 25]),
        |row| row.get::<String>(1),
    );
    assert_eq!(
        call.await.unwrap_err().to_string(),
        "query `q` (queries/q.sql): column `nickname` (number 2) is NULL, but its Rust type is not an `Option`"
    );
    let call = orm.run.one(query!("SELECT NULL::text", &[25]), |row| {
        row.get::<Option<String>>(0)
    });
    assert_eq!(call.await.unwrap(), None);
}

#[tokio::test]
async fn null_inside_an_array_is_not_called_a_null_column() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm
        .run
        .one(query!("SELECT ARRAY['a', NULL] AS tags", &[1009]), |row| {
            row.get::<Vec<String>>(0)
        });
    let error = call.await.unwrap_err().to_string();
    assert!(
        error.contains("column `tags` (number 1) cannot be decoded"),
        "{error}"
    );
}

#[tokio::test]
async fn another_type_than_at_generation_is_an_error() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm
        .run
        .many(query!("SELECT 1::int8 AS total", &[25]), |row| {
            row.get::<String>(0)
        });
    assert_eq!(
        call.await.unwrap_err().to_string(),
        "query `q` (queries/q.sql): column `total` (number 1) has type `INT8`, not the type with OID 25: \
         the database differs from the schema this module was generated from"
    );
}

#[tokio::test]
async fn another_name_than_at_generation_is_an_error() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let same = query!("SELECT 1 AS one, 2 AS two", &[23, 23], "one, two");
    assert_eq!(orm.run.one(same, |row| row.get::<i32>(1)).await.unwrap(), 2);
    let call = orm.run.one(
        query!(
            "SELECT 'x' AS password_hash, 'a@b.c' AS email",
            &[25, 25],
            "email, password_hash"
        ),
        |row| row.get::<String>(0),
    );
    let error = call.await.unwrap_err();
    assert!(error.is_schema_mismatch());
    assert_eq!(
        error.to_string(),
        "query `q` (queries/q.sql): column `password_hash` (number 1) is in the place of `email`: \
         the database differs from the schema this module was generated from"
    );
}

#[tokio::test]
async fn another_number_of_columns_than_at_generation_is_an_error() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm
        .run
        .optional(query!("SELECT 1, 2", &[23]), |row| row.get::<i32>(0));
    let error = call.await.unwrap_err().to_string();
    assert!(error.contains("the result has 2 columns, not 1"), "{error}");
    // The rows were drained: the transaction goes on.
    assert_eq!(
        orm.run
            .one(query!("SELECT 7", &[23]), |row| row.get::<i32>(0))
            .await
            .unwrap(),
        7
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_read_leaves_the_transaction_usable() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm.run.many(
        query!("SELECT nullif(n, 3) FROM generate_series(1, 5000) n", &[23]),
        |row| row.get::<i32>(0),
    );
    assert!(call.await.is_err());
    q.orm().users_insert("a", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a"]);
}

#[tokio::test]
async fn columns_of_built_in_types_are_read() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm.run.one(
        query!(
            "SELECT '00000000-0000-0000-0000-000000000001'::uuid, '{\"a\": 1}'::jsonb, ARRAY[1, 2]",
            &[2950, 3802, 1007]
        ),
        |row| {
            Ok((
                row.get::<Uuid>(0)?,
                row.get::<Json<JsonValue>>(1)?,
                row.get::<Vec<i32>>(2)?,
            ))
        },
    );
    let (id, json, numbers) = call.await.unwrap();
    assert_eq!(
        (id.as_u128(), json["a"].as_i64(), numbers),
        (1, Some(1), vec![1, 2])
    );
}

fn pair(row: &xact::generated::Row<'_>) -> Result<(i32, String), xact::Error> {
    Ok((row.get(0)?, row.get(1)?))
}

#[tokio::test]
async fn a_part_of_a_row_is_read_from_its_first_column() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let arguments = query!(
        "SELECT 1, 'a', 2, 'b', NULL::int4, NULL::text",
        &[23, 25, 23, 25, 23, 25]
    );
    let call = orm.run.one(arguments, |row| {
        let inner = row.part(2..6);
        Ok((
            pair(&row.part(2..4))?,
            inner.part(0..2).optional(pair)?,
            inner.part(2..4).optional(pair)?,
            inner.part(2..2).optional(pair)?,
        ))
    });
    let second = (2, "b".to_owned());
    assert_eq!(
        call.await.unwrap(),
        (second.clone(), Some(second), None, None)
    );
}

#[tokio::test]
async fn a_part_of_a_row_has_no_columns_of_the_rest() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    for read in [
        |row: &xact::generated::Row<'_>| row.part(0..2).get::<i32>(2),
        |row: &xact::generated::Row<'_>| row.part(1..9).get::<i32>(2),
        |row: &xact::generated::Row<'_>| row.part(7..9).get::<i32>(0),
    ] {
        let call = orm.run.one(query!("SELECT 1, 2, 3", &[23, 23, 23]), read);
        let error = call.await.unwrap_err().to_string();
        assert!(error.contains("out of bounds"), "{error}");
    }
}

#[tokio::test]
async fn null_in_a_row_that_is_there_names_the_column() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let arguments = query!("SELECT 1, 2 AS id, NULL::text AS name", &[23, 23, 25]);
    let call = orm.run.one(arguments, |row| row.part(1..3).optional(pair));
    let error = call.await.unwrap_err().to_string();
    assert!(
        error.contains("column `name` (number 3) is NULL"),
        "{error}"
    );
}
