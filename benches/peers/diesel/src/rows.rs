//! Many rows: all at once, streamed, and parents with their children.

use crate::schema;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::TryStreamExt as _;
use harness::{Error, Times, time_each};
use time::OffsetDateTime;

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::notes, check_for_backend(diesel::pg::Pg))]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
pub(crate) struct Note {
    id: i64,
    created_at: OffsetDateTime,
    title: String,
    body: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::documents, check_for_backend(diesel::pg::Pg))]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
pub(crate) struct Document {
    id: i64,
    created_at: OffsetDateTime,
    title: String,
    body: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::events, check_for_backend(diesel::pg::Pg))]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct Event {
    id: i64,
    created_at: OffsetDateTime,
    title: String,
    body: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::wide, check_for_backend(diesel::pg::Pg))]
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
    abstract_: Option<String>,
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

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = schema::authors, check_for_backend(diesel::pg::Pg))]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct Author {
    id: i64,
    name: String,
}

#[derive(Queryable, Selectable, Associations, Identifiable)]
#[diesel(table_name = schema::books, belongs_to(Author), check_for_backend(diesel::pg::Pg))]
#[expect(dead_code, reason = "the fields are decoded, which is the work that is timed")]
struct Book {
    id: i64,
    author_id: i64,
    title: String,
    blurb: Option<String>,
}

pub(crate) async fn notes(connection: &mut AsyncPgConnection, count: i64, rows: i64) -> Result<Times, Error> {
    use schema::notes::{id, table};
    Ok(time_each!(count, |_run| {
        let list = table.select(Note::as_select()).order(id).limit(rows);
        let notes: Vec<Note> = list.load(connection).await?;
        assert_eq!(notes.len() as i64, rows);
        notes
    }))
}

pub(crate) async fn wide(connection: &mut AsyncPgConnection, count: i64, rows: i64) -> Result<Times, Error> {
    use schema::wide::{id, table};
    Ok(time_each!(count, |_run| {
        let list = table.select(Wide::as_select()).order(id).limit(rows);
        let wide: Vec<Wide> = list.load(connection).await?;
        assert_eq!(wide.len() as i64, rows);
        wide
    }))
}

pub(crate) async fn stream(connection: &mut AsyncPgConnection, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |_run| {
        let mut rows = schema::events::table
            .select(Event::as_select())
            .load_stream::<Event>(connection)
            .await?;
        let mut bytes = 0;
        while let Some(event) = rows.try_next().await? {
            bytes += event.title.len();
        }
        bytes
    }))
}

/// Two statements, joined by `grouped_by`: the way of diesel's guide.
pub(crate) async fn related(connection: &mut AsyncPgConnection, count: i64) -> Result<Times, Error> {
    use schema::{authors, books};
    Ok(time_each!(count, |_run| {
        let authors: Vec<Author> = authors::table
            .select(Author::as_select())
            .order(authors::id)
            .load(connection)
            .await?;
        let of_authors = Book::belonging_to(&authors).select(Book::as_select()).order(books::id);
        let books: Vec<Book> = of_authors.load(connection).await?;
        let joined: Vec<(Vec<Book>, Author)> = books.grouped_by(&authors).into_iter().zip(authors).collect();
        assert_eq!(joined.len(), 100);
        joined
    }))
}
