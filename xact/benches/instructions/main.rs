//! Fixed loops of the runtime, whose instructions `scripts/count-instructions` counts: the name of one, and how often it runs.
//!
//! They run on one thread against a server that answers from memory. The count of one round is the difference of two runs.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on has failed"
)]

mod by_hand;
#[path = "../numbers/orm.rs"]
mod orm;
mod replay;
mod teams;

use xact::Pool;
use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use xact::types::OffsetDateTime;

use crate::orm::{Note, make_customer};
use crate::replay::{Answer, write_row};
use crate::teams::{PEOPLE, TEAMS, Team, write_teams};

/// The notes of one round of `rows`.
const NOTES: usize = 1000;

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    // `cargo bench` and `cargo test --benches` name no loop.
    let Some(name) = arguments.next() else {
        return;
    };
    let rounds: usize = arguments.next().unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        replay::start_server(folder.path(), list_answers());
        let options = PgConnectOptions::new_without_pgpass()
            .socket(folder.path())
            .ssl_mode(PgSslMode::Disable)
            .username("app")
            .database("app");
        if by_hand::run_loop(&name, options.clone(), rounds).await {
            return;
        }
        let pool = Pool::from_options(PgPoolOptions::new().max_connections(1), options);
        match name.as_str() {
            "transactions" => run_transactions(&pool, rounds).await,
            "reads" => read_one_by_one(&pool, rounds).await,
            "inserts" => insert_one_by_one(&pool, rounds).await,
            "rows" => read_rows(&pool, rounds).await,
            "borrowed" => read_borrowed(&pool, rounds).await,
            "nested" => read_nested(&pool, rounds).await,
            "arguments" => encode_arguments(&pool, rounds).await,
            name => panic!("there is no loop `{name}`"),
        }
    });
}

/// A transaction of one scope with one query.
async fn run_transactions(pool: &Pool, rounds: usize) {
    for _ in 0..rounds {
        let note = pool.xact(make_customer(), async |q| q.orm().notes_get(1).await);
        assert_eq!(
            note.await.map_err(|error: xact::Error| error).unwrap().id,
            1
        );
    }
}

async fn read_one_by_one(pool: &Pool, rounds: usize) {
    let mut q = pool.begin(make_customer()).await.unwrap();
    for _ in 0..rounds {
        assert_eq!(q.orm().notes_get(1).await.unwrap().id, 1);
    }
    q.commit().await.unwrap();
}

async fn insert_one_by_one(pool: &Pool, rounds: usize) {
    let note = make_note(1);
    let mut q = pool.begin(make_customer()).await.unwrap();
    for _ in 0..rounds {
        assert_eq!(q.orm().notes_insert(&note).await.unwrap(), 1);
    }
    q.commit().await.unwrap();
}

async fn read_rows(pool: &Pool, rounds: usize) {
    let mut q = pool.begin(make_customer()).await.unwrap();
    for _ in 0..rounds {
        assert_eq!(q.orm().notes_list().await.unwrap().len(), NOTES);
    }
    q.commit().await.unwrap();
}

/// The same rows one by one, each of which borrows its texts.
async fn read_borrowed(pool: &Pool, rounds: usize) {
    let mut q = pool.begin(make_customer()).await.unwrap();
    for _ in 0..rounds {
        let mut orm = q.orm();
        let mut notes = orm.notes_borrowed();
        let mut count = 0;
        while let Some(note) = notes.next().await.unwrap() {
            count += 1;
            assert!(note.id == count && !note.title.is_empty());
            std::hint::black_box((note.created_at, note.body));
        }
        assert_eq!(usize::try_from(count), Ok(NOTES));
    }
    q.commit().await.unwrap();
}

async fn read_nested(pool: &Pool, rounds: usize) {
    let mut q = pool.begin(make_customer()).await.unwrap();
    for _ in 0..rounds {
        let teams = q.orm().teams_list().await.unwrap();
        let whole =
            |team: &Team| team.id > 0 && team.name.len() == 9 && team.people.len() == PEOPLE;
        assert!(teams.len() == TEAMS && teams.iter().all(whole));
        let last = teams.last().and_then(|team| team.people.last()).unwrap();
        assert!(last.id > 0 && last.name.len() == 9 && last.email.is_some());
    }
    q.commit().await.unwrap();
}

/// The arguments of one row, of a slice, and the rows of a COPY. Nothing of them is sent.
async fn encode_arguments(pool: &Pool, rounds: usize) {
    let notes: Vec<Note> = (0..100).map(make_note).collect();
    let mut q = pool.begin(make_customer()).await.unwrap();
    for _ in 0..rounds {
        let mut orm = q.orm();
        for note in &notes {
            drop(std::hint::black_box(orm.notes_insert(note)));
        }
        drop(std::hint::black_box(orm.notes_batch(&notes)));
        drop(std::hint::black_box(orm.notes_copy(&notes)));
    }
    q.commit().await.unwrap();
}

fn make_note(id: i64) -> Note {
    Note {
        id,
        created_at: OffsetDateTime::UNIX_EPOCH,
        title: format!("The title of note {id}"),
        body: (id % 2 != 0).then(|| "A body of some words, as notes have".to_owned()),
    }
}

fn list_answers() -> Vec<Answer> {
    let columns = &[
        ("id", 20),
        ("created_at", 1184),
        ("title", 25),
        ("body", 25),
    ];
    let (mut one, mut many) = (Vec::new(), Vec::new());
    write_note(&mut one, 1);
    for id in 1..=i64::try_from(NOTES).unwrap() {
        write_note(&mut many, id);
    }
    let (mut direct, mut reach) = (Vec::new(), Vec::new());
    write_row(&mut direct, &[Some(vec![1]), Some(write_text("as before"))]);
    // No dimensions, no NULLs, elements of the type text.
    let empty = [[0; 8].as_slice(), &25_u32.to_be_bytes()].concat();
    write_row(
        &mut reach,
        &[Some(vec![0]), Some(empty.clone()), Some(empty)],
    );
    vec![
        make_answer(
            "AS fingerprint",
            &[],
            &[("direct", 16), ("fingerprint", 25)],
            direct,
            1,
        ),
        make_answer(
            "AS anywhere",
            &[],
            &[("anywhere", 16), ("used", 1009), ("written", 1009)],
            reach,
            1,
        ),
        make_answer("INSERT INTO notes", &[20, 1184, 25, 25], &[], Vec::new(), 1),
        make_answer("FROM notes WHERE id = $1", &[20], columns, one, 1),
        make_answer("FROM notes", &[], columns, many, NOTES),
        make_answer(
            "FROM teams",
            &[],
            &[("id", 20), ("name", 25), ("people", 2287)],
            write_teams(),
            TEAMS,
        ),
    ]
}

fn make_answer(
    contains: &'static str,
    parameters: &'static [u32],
    columns: &'static [(&'static str, u32)],
    rows: Vec<u8>,
    count: usize,
) -> Answer {
    Answer {
        contains,
        parameters,
        columns,
        rows,
        count,
    }
}

fn write_text(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn write_note(rows: &mut Vec<u8>, id: i64) {
    let note = make_note(id);
    // Twenty years of microseconds and a bit, after the year 2000.
    let created_at = 631_152_000_123_456 + id * 86_399_999_999;
    let values = [
        Some(id.to_be_bytes().to_vec()),
        Some(created_at.to_be_bytes().to_vec()),
        Some(write_text(&note.title)),
        note.body.as_deref().map(write_text),
    ];
    write_row(rows, &values);
}
