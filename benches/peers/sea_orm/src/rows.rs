//! Many rows: all at once, streamed, and parents with their children.

use crate::entities::{author, book, event, note, wide};
use futures_util::TryStreamExt as _;
use harness::{Error, Times, time_each};
use sea_orm::{DatabaseTransaction, EntityTrait as _, QueryOrder as _, QuerySelect as _};

pub(crate) async fn notes(db: &DatabaseTransaction, count: i64, rows: u64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let list = note::Entity::find().order_by_asc(note::Column::Id).limit(rows);
        let notes = list.all(db).await?;
        assert_eq!(notes.len() as u64, rows);
        notes
    }))
}

pub(crate) async fn wide(db: &DatabaseTransaction, count: i64, rows: u64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let list = wide::Entity::find().order_by_asc(wide::Column::Id).limit(rows);
        let wide = list.all(db).await?;
        assert_eq!(wide.len() as u64, rows);
        wide
    }))
}

pub(crate) async fn stream(db: &DatabaseTransaction, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let mut rows = event::Entity::find().stream(db).await?;
        let mut bytes = 0;
        while let Some(event) = rows.try_next().await? {
            bytes += event.title.len();
        }
        bytes
    }))
}

/// The loader of SeaORM 2: one statement for each entity.
pub(crate) async fn related(db: &DatabaseTransaction, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let load = author::Entity::load()
            .with(book::Entity)
            .order_by_asc(author::Column::Id);
        let authors = load.all(db).await?;
        assert_eq!(authors.len(), 100);
        authors
    }))
}
