//! Ten thousand rows of four columns into structs: this runtime, sqlx and tokio-postgres.

use xact::Xact;
use xact::sqlx::postgres::{PgPoolOptions, PgRow};
use xact::sqlx::{FromRow, PgPool, query_as};
use xact::testing::TestDatabase;
use xact::types::OffsetDateTime;

use crate::measure::{print_table, shuffle_numbers, time_work};
use crate::orm::{Customer, NOTES, Note, make_customer};
use crate::transactions::decode_note;

const ROUNDS: usize = 200;
const ROWS: usize = 10_000;

/// A database with that many notes.
pub(crate) async fn migrate_notes() -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("1_notes.up.sql"),
        include_str!("notes.sql"),
    )
    .unwrap();
    TestDatabase::isolated_from(&folder).await.unwrap()
}

impl FromRow<'_, PgRow> for Note {
    fn from_row(row: &PgRow) -> Result<Self, xact::sqlx::Error> {
        decode_note(row)
    }
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn compare_rows() {
    let test = migrate_notes().await;
    let xact = test.pool();
    let sqlx = PgPoolOptions::new()
        .connect_with(test.options())
        .await
        .unwrap();
    let postgres = connect_client(&test).await;
    let statement = postgres.prepare(NOTES).await.unwrap();
    let mut candidates = [
        ("xact", vec![]),
        ("xact, borrowed rows one by one", vec![]),
        ("sqlx::query_as", vec![]),
        ("tokio-postgres", vec![]),
    ];
    for round in 0..=ROUNDS {
        let mut q = xact.begin(make_customer()).await.unwrap();
        for number in shuffle_numbers::<4>() {
            let time = match number {
                0 => time_work(async { check_notes(&q.orm().notes_list().await.unwrap()) }).await,
                1 => time_work(check_borrowed(&mut q)).await,
                2 => time_work(async { check_notes(&read_all(&sqlx).await) }).await,
                _ => {
                    time_work(async { check_notes(&query_client(&postgres, &statement).await) })
                        .await
                }
            };
            if round > 0 {
                candidates[number].1.push(time);
            }
        }
        q.rollback().await.unwrap();
    }
    print_table(
        "10,000 rows of four columns; the goals are 1.35x for query_as, and 0.83x for tokio-postgres",
        candidates.into(),
    );
    drop(test);
}

fn check_notes(notes: &[Note]) {
    assert_eq!(notes.len(), ROWS);
    let whole =
        |note: &Note| !note.title.is_empty() && note.created_at > OffsetDateTime::UNIX_EPOCH;
    assert!(
        notes
            .iter()
            .all(|note| whole(note) && note.body.is_some() == (note.id % 2 != 0))
    );
}

async fn check_borrowed(q: &mut Xact<Customer>) {
    let mut orm = q.orm();
    let mut notes = orm.notes_borrowed();
    let mut count = 0;
    while let Some(note) = notes.next().await.unwrap() {
        count += 1;
        assert!(!note.title.is_empty() && note.created_at > OffsetDateTime::UNIX_EPOCH);
        assert_eq!(note.body.is_some(), note.id % 2 != 0);
    }
    assert_eq!(count, ROWS);
}

async fn read_all(pool: &PgPool) -> Vec<Note> {
    query_as(NOTES).fetch_all(pool).await.unwrap()
}

async fn connect_client(test: &TestDatabase) -> tokio_postgres::Client {
    let options = test.options();
    let mut config = tokio_postgres::Config::new();
    config
        .user(options.get_username())
        .dbname(options.get_database().unwrap());
    match options.get_socket() {
        Some(socket) => config.host_path(socket),
        None => config.host(options.get_host()),
    };
    config.port(options.get_port());
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn query_client(
    client: &tokio_postgres::Client,
    statement: &tokio_postgres::Statement,
) -> Vec<Note> {
    let rows = client.query(statement, &[]).await.unwrap();
    rows.iter().map(from_postgres).collect()
}

fn from_postgres(row: &tokio_postgres::Row) -> Note {
    Note {
        id: row.get(0),
        created_at: row.get(1),
        title: row.get(2),
        body: row.get(3),
    }
}
