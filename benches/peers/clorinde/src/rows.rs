//! Many rows: all at once, streamed, and parents with their children.

use clorinde::queries::bench::{AuthorsList, Book};
use clorinde::queries::bench::{authors_list, books_of_authors, events_stream, notes_list, wide_list};
use deadpool_postgres::Transaction;
use futures_util::{TryStreamExt as _, pin_mut};
use harness::{Error, Times, time_each};
use std::collections::HashMap;

pub(crate) async fn notes(transaction: &Transaction<'_>, count: i64, rows: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let notes = notes_list()
            .prepare(transaction)
            .await?
            .bind(transaction, &rows)
            .all()
            .await?;
        assert_eq!(notes.len() as i64, rows);
        notes
    }))
}

pub(crate) async fn wide(transaction: &Transaction<'_>, count: i64, rows: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let wide = wide_list()
            .prepare(transaction)
            .await?
            .bind(transaction, &rows)
            .all()
            .await?;
        assert_eq!(wide.len() as i64, rows);
        wide
    }))
}

pub(crate) async fn stream(transaction: &Transaction<'_>, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let statement = events_stream().prepare(transaction).await?;
        let query = statement.bind(transaction);
        let rows = query.iter().await?;
        pin_mut!(rows);
        let mut bytes = 0;
        while let Some(note) = rows.try_next().await? {
            bytes += note.title.len();
        }
        bytes
    }))
}

/// Two statements, and the children put to their parents by hand.
pub(crate) async fn related(transaction: &Transaction<'_>, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let authors = read_authors(transaction).await?;
        assert_eq!(authors.len(), 100);
        authors
    }))
}

async fn read_authors(transaction: &Transaction<'_>) -> Result<Vec<(AuthorsList, Vec<Book>)>, Error> {
    let authors = authors_list()
        .prepare(transaction)
        .await?
        .bind(transaction)
        .all()
        .await?;
    let ids: Vec<i64> = authors.iter().map(|author| author.id).collect();
    let mut books_of: HashMap<i64, Vec<Book>> = HashMap::new();
    for book in books_of_authors()
        .prepare(transaction)
        .await?
        .bind(transaction, &ids)
        .all()
        .await?
    {
        books_of.entry(book.author_id).or_default().push(book);
    }
    let join = |author: AuthorsList| {
        let books = books_of.remove(&author.id).unwrap_or_default();
        (author, books)
    };
    Ok(authors.into_iter().map(join).collect())
}
