//! Many rows: all at once, streamed, and parents with their children.

use crate::orm::Plain;
use futures_util::TryStreamExt as _;
use harness::{Error, Times, time_each};
use xact::Xact;

pub(crate) async fn notes(q: &mut Xact<Plain>, count: i64, rows: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let notes = q.orm().notes_list(rows).await?;
        assert_eq!(notes.len() as i64, rows);
        notes
    }))
}

pub(crate) async fn wide(q: &mut Xact<Plain>, count: i64, rows: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let wide = q.orm().wide_list(rows).await?;
        assert_eq!(wide.len() as i64, rows);
        wide
    }))
}

pub(crate) async fn stream(q: &mut Xact<Plain>, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let mut orm = q.orm();
        let mut rows = orm.events_stream();
        let mut bytes = 0;
        while let Some(event) = rows.try_next().await? {
            bytes += event.title.len();
        }
        bytes
    }))
}

/// One statement: each author with an array of books.
pub(crate) async fn related(q: &mut Xact<Plain>, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let authors = q.orm().authors_with_books().await?;
        assert_eq!(authors.len(), 100);
        authors
    }))
}
