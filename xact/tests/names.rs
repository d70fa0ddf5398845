//! Tables and columns by names that the compiler knows, in SQL that is made at run time.

use std::collections::BTreeSet;

use xact::sea_query::{Expr, ExprTrait as _, Func, OnConflict, Order, Query};
use xact::sqlx::{QueryBuilder, raw_sql};
use xact::{Columns as _, Table};

use crate::orm::Admin;
use crate::server::{database, pool};

xact::generated::columns! {
    pub enum Users(None, "users") {
        Id = "id",
        Email = "email",
        Age = "age",
        Mood = "mood",
    }
}

xact::generated::columns! {
    /// Each of its names needs quotes.
    pub enum Awkward(Some("My schema"), "order") {
        Select = "select",
        CamelCase = "camelCase",
        Quote = "a \"b\"",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct UserId(i64);
xact::generated::id_type!(UserId, i64, "users.id");

xact::generated::enum_type! {
    pub enum Mood("public.mood", "public.mood[]") {
        Calm = "calm",
        Busy = "busy",
    }
}

#[test]
fn a_column_is_found_by_its_name_and_nothing_else_is() {
    assert_eq!(Users::from_name("age"), Some(Users::Age));
    for wrong in ["Age", "age ", "\"age\"", "age; DROP TABLE users", ""] {
        assert_eq!(Users::from_name(wrong), None);
    }
    let names: BTreeSet<&str> = Awkward::ALL.iter().map(|column| column.name()).collect();
    assert_eq!(names, BTreeSet::from(["select", "camelCase", "a \"b\""]));
}

#[tokio::test]
async fn every_name_is_quoted_for_the_query_builder() {
    let (pool, mut observer) = database(1).await;
    let create = r#"CREATE SCHEMA "My schema"; CREATE TABLE "My schema"."order" ("select" int, "camelCase" int, "a ""b""" int);
        INSERT INTO "My schema"."order" VALUES (1, 2, 3)"#;
    raw_sql(create).execute(&mut observer.0).await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    let mut sum = QueryBuilder::new("SELECT ");
    sum.push(Awkward::Select)
        .push(" + ")
        .push(Awkward::CamelCase.qualified());
    sum.push(" + o.").push(Awkward::Quote).push(" FROM ");
    sum.push(Awkward::TABLE)
        .push(" CROSS JOIN ")
        .push(Awkward::TABLE)
        .push(" AS o");
    let error = q
        .sql("ambiguous", &mut sum)
        .value::<i32>()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("42702"), "{error}");
    q.rollback().await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    let mut sum = QueryBuilder::new("SELECT ");
    sum.push(Awkward::Select)
        .push(" + ")
        .push(Awkward::CamelCase.qualified());
    sum.push(" + ")
        .push(Awkward::Quote)
        .push(" FROM ")
        .push(Awkward::TABLE);
    assert_eq!(q.sql("sum", sum).value::<i32>().await.unwrap(), 6);
    let select = Query::select()
        .column(Awkward::Quote)
        .column(Awkward::CamelCase.qualified())
        .from(Awkward::TABLE)
        .and_where(Expr::col(Awkward::Select).eq(1))
        .take();
    assert_eq!(
        q.sql("select", select).one::<(i32, i32)>().await.unwrap(),
        (3, 2)
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn statements_of_sea_query_run_in_the_transaction() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let insert = Query::insert()
        .into_table(Users::TABLE)
        .columns([Users::Email, Users::Age])
        .values_panic(["ada".into(), 36.into()])
        .values_panic(["bob".into(), None::<i32>.into()])
        .values_panic(["it's".into(), 40.into()])
        .on_conflict(OnConflict::column(Users::Email).do_nothing().to_owned())
        .returning_col(Users::Id)
        .take();
    let ids: Vec<i64> = q.sql("users_import", &insert).values().await.unwrap();
    assert_eq!(ids.len(), 3);
    assert_eq!(q.sql("users_import", insert).execute().await.unwrap(), 0);
    let id = UserId(ids[0]);
    let update = Query::update()
        .table(Users::TABLE)
        .value(Users::Age, Expr::col(Users::Age).add(1))
        .value(Users::Mood, Expr::val(Mood::Busy).as_enum("mood"))
        .and_where(Expr::col(Users::Id).eq(&id))
        .take();
    assert_eq!(q.sql("users_age", update).execute().await.unwrap(), 1);
    let mut select = Query::select();
    select
        .columns([Users::Email, Users::Age])
        .from_as(Users::TABLE, "u")
        .and_where(Expr::col(("u", Users::Age)).gte(37))
        .and_where(
            Expr::col(Users::Email)
                .ne("it's")
                .or(Expr::col(Users::Id).is_in(ids)),
        )
        .order_by(Users::Age, Order::Desc);
    let rows: Vec<(String, i32)> = q.sql("users_filter", &mut select).many().await.unwrap();
    assert_eq!(rows, [("it's".to_owned(), 40), ("ada".to_owned(), 37)]);
    let busy = Query::select()
        .expr(Func::count(Expr::col(Users::Id)))
        .from(Users::TABLE)
        .and_where(Expr::col(Users::Mood).eq(Expr::val(Mood::Busy).as_enum("mood")))
        .take();
    assert_eq!(q.sql("busy", busy).value::<i64>().await.unwrap(), 1);
    let delete = Query::delete().from_table(Users::TABLE).take();
    assert_eq!(q.sql("users_clear", delete).execute().await.unwrap(), 3);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_number_that_no_type_of_postgres_holds_is_an_error() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let select = Query::select().expr(Expr::val(u64::MAX)).take();
    let error = q.sql("large", select).execute().await.unwrap_err();
    let number = "18446744073709551615";
    assert!(!error.to_string().contains(number), "{error}");
    let reason = error.sensitive_source().unwrap().to_string();
    assert!(
        reason.contains(&format!("{number} does not fit into a bigint")),
        "{reason}"
    );
    q.commit().await.unwrap();
}

#[test]
fn a_table_of_another_schema_is_written_with_it() {
    let audit = Table {
        schema: Some("audit"),
        name: "log",
    };
    let sql = Query::select()
        .column("at")
        .from(audit)
        .to_string(xact::sea_query::PostgresQueryBuilder);
    assert_eq!(sql, r#"SELECT "at" FROM "audit"."log""#);
}
