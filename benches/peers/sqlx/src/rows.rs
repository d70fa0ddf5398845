//! Many rows: all at once, streamed, and parents with their children.

use futures_util::TryStreamExt as _;
use harness::{Error, Times, time_each};
use sqlx::{FromRow, PgConnection, PgPool};
use std::collections::HashMap;
use time::OffsetDateTime;

#[derive(FromRow)]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
pub(crate) struct Note {
    id: i64,
    created_at: OffsetDateTime,
    title: String,
    body: Option<String>,
}

#[derive(FromRow)]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct Wide {
    id: i64,
    created_at: OffsetDateTime,
    updated_at: Option<OffsetDateTime>,
    title: String,
    subtitle: Option<String>,
    author: String,
    publisher: Option<String>,
    language: String,
    url: String,
    r#abstract: Option<String>,
    pages: i32,
    edition: Option<i32>,
    year: i32,
    sales: i64,
    stock: Option<i64>,
    price: f64,
    discount: Option<f64>,
    available: bool,
    digital: Option<bool>,
    rank: i16,
}

#[derive(FromRow)]
struct Author {
    id: i64,
    name: String,
}

#[derive(FromRow)]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct Book {
    id: i64,
    author_id: i64,
    title: String,
    blurb: Option<String>,
}

#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct AuthorWithBooks {
    id: i64,
    name: String,
    books: Vec<Book>,
}

pub(crate) async fn notes(pool: &PgPool, count: i64, rows: i64) -> Result<Times, Error> {
    let mut transaction = pool.begin().await?;
    let times = time_each!(count, |_run| {
        let list = sqlx::query_as("SELECT id, created_at, title, body FROM notes ORDER BY id LIMIT $1");
        let notes: Vec<Note> = list.bind(rows).fetch_all(&mut *transaction).await?;
        assert_eq!(notes.len() as i64, rows);
        notes
    });
    transaction.rollback().await?;
    Ok(times)
}

pub(crate) async fn wide(pool: &PgPool, count: i64, rows: i64) -> Result<Times, Error> {
    let mut transaction = pool.begin().await?;
    let times = time_each!(count, |_run| {
        let list = sqlx::query_as(
            "SELECT id, created_at, updated_at, title, subtitle, author, publisher, language, url, abstract, pages,
                    edition, year, sales, stock, price, discount, available, digital, rank
             FROM wide ORDER BY id LIMIT $1",
        );
        let wide: Vec<Wide> = list.bind(rows).fetch_all(&mut *transaction).await?;
        assert_eq!(wide.len() as i64, rows);
        wide
    });
    transaction.rollback().await?;
    Ok(times)
}

pub(crate) async fn stream(pool: &PgPool, count: i64) -> Result<Times, Error> {
    let mut transaction = pool.begin().await?;
    let times = time_each!(count, |_run| {
        let list = sqlx::query_as::<_, Note>("SELECT id, created_at, title, body FROM events");
        let mut rows = list.fetch(&mut *transaction);
        let mut bytes = 0;
        while let Some(note) = rows.try_next().await? {
            bytes += note.title.len();
        }
        bytes
    });
    transaction.rollback().await?;
    Ok(times)
}

/// Two statements, and the children put to their parents by hand.
pub(crate) async fn related(pool: &PgPool, count: i64) -> Result<Times, Error> {
    let mut transaction = pool.begin().await?;
    let times = time_each!(count, |_run| {
        let authors = read_authors(&mut transaction).await?;
        assert_eq!(authors.len(), 100);
        authors
    });
    transaction.rollback().await?;
    Ok(times)
}

async fn read_authors(connection: &mut PgConnection) -> Result<Vec<AuthorWithBooks>, sqlx::Error> {
    let authors: Vec<Author> = sqlx::query_as("SELECT id, name FROM authors ORDER BY id")
        .fetch_all(&mut *connection)
        .await?;
    let ids: Vec<i64> = authors.iter().map(|author| author.id).collect();
    let books: Vec<Book> = sqlx::query_as(
        "SELECT id, author_id, title, blurb FROM books WHERE author_id = ANY($1) ORDER BY author_id, id",
    )
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    let mut books_of: HashMap<i64, Vec<Book>> = HashMap::new();
    for book in books {
        books_of.entry(book.author_id).or_default().push(book);
    }
    let join = |author: Author| AuthorWithBooks {
        books: books_of.remove(&author.id).unwrap_or_default(),
        id: author.id,
        name: author.name,
    };
    Ok(authors.into_iter().map(join).collect())
}
