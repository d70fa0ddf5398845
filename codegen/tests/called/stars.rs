//! `*`: no value lands in another field, whichever migration came first and whatever column is added meanwhile.

use std::path::Path;

use xact::sqlx::postgres::PgPoolOptions;
use xact::sqlx::{AssertSqlSafe, PgConnection, raw_sql};
use xact_server::Server;

use crate::compiled::a_star_is_sent_as_the_columns_it_means as stars;
use stars::people::{PeopleAddParams, PeopleLoadParams, PeopleRenameParams};
use stars::types::Person;

const MIGRATIONS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cases/a_star_is_sent_as_the_columns_it_means/migrations"
);

/// A database in which the migrations ran in this order.
async fn database(migrations: [&str; 3]) -> (Server, PgConnection, stars::Database) {
    let server = Server::start(None).await.unwrap();
    let mut connection = server.connect().await.unwrap();
    for migration in migrations {
        let path = Path::new(MIGRATIONS).join(migration);
        let sql = std::fs::read_to_string(path).unwrap();
        run(&mut connection, &sql).await;
    }
    // One connection, so that a statement prepared before a change is used after it.
    let one = PgPoolOptions::new().max_connections(1);
    let pool = xact::Pool::from_options(one, server.options());
    (server, connection, stars::Database::new(pool))
}

async fn run(connection: &mut PgConnection, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    raw_sql(sql).execute(connection).await.unwrap();
}

fn person(id: i64, name: &str) -> Person {
    Person {
        id: id.into(),
        name: name.to_owned(),
        email: format!("{name}@example.org"),
        password_hash: format!("hash of {name}"),
    }
}

/// Writes and reads a person in every way; every field has its own value.
async fn write_and_read(db: &stars::Database, id: i64) -> Result<(), xact::Error> {
    let expected = person(id, "ada");
    let loaded = person(id + 1, "bob");
    let without_hash = Person {
        password_hash: String::new(),
        ..person(id + 2, "eve")
    };
    db.xact_admin(async |q| {
        let mut orm = q.orm();
        let Person {
            name,
            email,
            password_hash,
            ..
        } = &expected;
        let added = orm.person_add(expected.id, name, email, password_hash);
        assert_eq!(added.await?, expected);
        assert_eq!(orm.person(expected.id).await?, expected);
        let Person {
            name,
            email,
            password_hash,
            ..
        } = &loaded;
        let id = loaded.id;
        orm.people_load(&[PeopleLoadParams {
            id,
            name,
            email,
            password_hash,
        }])
        .await?;
        assert_eq!(orm.person(id).await?, loaded);
        let Person { name, email, .. } = &without_hash;
        let id = without_hash.id;
        let added = orm.people_add(&[PeopleAddParams { id, name, email }]);
        assert_eq!(added.await?, std::slice::from_ref(&without_hash));
        let renamed = orm
            .people_rename(&[PeopleRenameParams { name: "zoe", id }])
            .await?;
        let renamed = &renamed[0][0];
        assert_eq!((&*renamed.name, &*renamed.before), ("zoe", "eve"));
        assert_eq!(renamed.email, without_hash.email);
        let both = orm.people_with_length().await?.into_iter();
        let both = both.filter(|row| row.p.id == expected.id);
        let both = both.map(|row| (row.p.name, row.p.email, row.p.password_hash, row.length));
        let Person {
            name,
            email,
            password_hash,
            ..
        } = expected.clone();
        let values = (name, email, password_hash, 3);
        assert_eq!(both.collect::<Vec<_>>(), [values.clone(), values]);
        let row = orm.person_as_row(expected.id).await?;
        assert_eq!(row, Some(expected));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_field_has_its_own_value_whichever_migration_came_first() {
    let orders = [
        [
            "1_people.up.sql",
            "2_email.up.sql",
            "3_password_hash.up.sql",
        ],
        [
            "1_people.up.sql",
            "3_password_hash.up.sql",
            "2_email.up.sql",
        ],
    ];
    for order in orders {
        let (server, _connection, db) = database(order).await;
        write_and_read(&db, 1).await.unwrap();
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_column_that_is_added_while_the_program_runs_changes_nothing() {
    let order = [
        "1_people.up.sql",
        "2_email.up.sql",
        "3_password_hash.up.sql",
    ];
    let (server, mut connection, db) = database(order).await;
    write_and_read(&db, 1).await.unwrap();
    run(&mut connection, "ALTER TABLE people ADD COLUMN phone text").await;
    write_and_read(&db, 10).await.unwrap();
    // The same columns at other places.
    let moved = "ALTER TABLE people RENAME COLUMN email TO former; ALTER TABLE people ADD COLUMN email text; \
        UPDATE people SET email = former; ALTER TABLE people DROP COLUMN former; \
        ALTER TABLE people ALTER COLUMN email SET NOT NULL";
    run(&mut connection, moved).await;
    write_and_read(&db, 20).await.unwrap();
    server.stop().await.unwrap();
}
