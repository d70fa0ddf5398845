//! Many rows: all at once, streamed, and parents with their children.

use deadpool_postgres::{Pool, Transaction};
use futures_util::{TryStreamExt as _, pin_mut};
use harness::{Error, Times, time_each};
use std::collections::HashMap;
use time::OffsetDateTime;
use tokio_postgres::Row;

#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
pub(crate) struct Note {
    id: i64,
    created_at: OffsetDateTime,
    title: String,
    body: Option<String>,
}

pub(crate) fn note(row: &Row) -> Result<Note, tokio_postgres::Error> {
    Ok(Note {
        id: row.try_get(0)?,
        created_at: row.try_get(1)?,
        title: row.try_get(2)?,
        body: row.try_get(3)?,
    })
}

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

fn read_wide(row: &Row) -> Result<Wide, tokio_postgres::Error> {
    Ok(Wide {
        id: row.try_get(0)?,
        created_at: row.try_get(1)?,
        updated_at: row.try_get(2)?,
        title: row.try_get(3)?,
        subtitle: row.try_get(4)?,
        author: row.try_get(5)?,
        publisher: row.try_get(6)?,
        language: row.try_get(7)?,
        url: row.try_get(8)?,
        r#abstract: row.try_get(9)?,
        pages: row.try_get(10)?,
        edition: row.try_get(11)?,
        year: row.try_get(12)?,
        sales: row.try_get(13)?,
        stock: row.try_get(14)?,
        price: row.try_get(15)?,
        discount: row.try_get(16)?,
        available: row.try_get(17)?,
        digital: row.try_get(18)?,
        rank: row.try_get(19)?,
    })
}

#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct Book {
    id: i64,
    author_id: i64,
    title: String,
    blurb: Option<String>,
}

fn read_book(row: &Row) -> Result<Book, tokio_postgres::Error> {
    Ok(Book {
        id: row.try_get(0)?,
        author_id: row.try_get(1)?,
        title: row.try_get(2)?,
        blurb: row.try_get(3)?,
    })
}

#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct AuthorWithBooks {
    id: i64,
    name: String,
    books: Vec<Book>,
}

pub(crate) async fn notes(pool: &Pool, count: i64, rows: i64) -> Result<Times, Error> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let times = time_each!(count, |_run| {
        let list = "SELECT id, created_at, title, body FROM notes ORDER BY id LIMIT $1";
        let list = transaction.prepare_cached(list).await?;
        // As `query_raw` streams, no row is kept once it has been decoded.
        let found = transaction.query_raw(&list, [rows]).await?;
        let notes: Vec<Note> = found.and_then(async |row| note(&row)).try_collect().await?;
        assert_eq!(notes.len() as i64, rows);
        notes
    });
    transaction.rollback().await?;
    Ok(times)
}

pub(crate) async fn wide(pool: &Pool, count: i64, rows: i64) -> Result<Times, Error> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let times = time_each!(count, |_run| {
        let list = "SELECT id, created_at, updated_at, title, subtitle, author, publisher, language, url, abstract, pages, \
                    edition, year, sales, stock, price, discount, available, digital, rank FROM wide ORDER BY id LIMIT $1";
        let list = transaction.prepare_cached(list).await?;
        let found = transaction.query_raw(&list, [rows]).await?;
        let wide: Vec<Wide> = found.and_then(async |row| read_wide(&row)).try_collect().await?;
        assert_eq!(wide.len() as i64, rows);
        wide
    });
    transaction.rollback().await?;
    Ok(times)
}

pub(crate) async fn stream(pool: &Pool, count: i64) -> Result<Times, Error> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let times = time_each!(count, |_run| {
        let list = transaction
            .prepare_cached("SELECT id, created_at, title, body FROM events")
            .await?;
        let rows = transaction.query_raw(&list, [0_i64; 0]).await?;
        pin_mut!(rows);
        let mut bytes = 0;
        while let Some(row) = rows.try_next().await? {
            bytes += note(&row)?.title.len();
        }
        bytes
    });
    transaction.rollback().await?;
    Ok(times)
}

/// Two statements, and the children put to their parents by hand.
pub(crate) async fn related(pool: &Pool, count: i64) -> Result<Times, Error> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let times = time_each!(count, |_run| {
        let authors = read_authors(&transaction).await?;
        assert_eq!(authors.len(), 100);
        authors
    });
    transaction.rollback().await?;
    Ok(times)
}

async fn read_authors(transaction: &Transaction<'_>) -> Result<Vec<AuthorWithBooks>, Error> {
    let authors = transaction
        .prepare_cached("SELECT id, name FROM authors ORDER BY id")
        .await?;
    let authors = transaction.query(&authors, &[]).await?;
    let ids: Vec<i64> = authors.iter().map(|author| author.get(0)).collect();
    let books = "SELECT id, author_id, title, blurb FROM books WHERE author_id = ANY($1) ORDER BY author_id, id";
    let books = transaction.prepare_cached(books).await?;
    let mut books_of: HashMap<i64, Vec<Book>> = HashMap::new();
    for row in transaction.query(&books, &[&ids]).await? {
        let book = read_book(&row)?;
        books_of.entry(book.author_id).or_default().push(book);
    }
    let mut joined = Vec::with_capacity(authors.len());
    for author in authors {
        let id = author.try_get(0)?;
        joined.push(AuthorWithBooks {
            id,
            name: author.try_get(1)?,
            books: books_of.remove(&id).unwrap_or_default(),
        });
    }
    Ok(joined)
}
