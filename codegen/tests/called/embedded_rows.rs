//! Rows in rows: a row that an outer join does not find is `None`, one that it finds is whole.

use super::pool;
use crate::compiled::a_relation_that_is_embedded_is_a_row_in_the_row as embedded;
use embedded::books::{AuthorsCreateParams, MarksRow};
use embedded::types::{Author, AuthorId, Book, BookId, ShelfMark};

#[tokio::test]
async fn a_row_that_an_outer_join_does_not_find_is_none() {
    let (server, pool) = pool("a_relation_that_is_embedded_is_a_row_in_the_row").await;
    let db = embedded::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let author = |id: i64, name: &str| Author {
        id: AuthorId::from(id),
        name: name.to_owned(),
        born: None,
    };
    let rows = ["Ann", "Ben"];
    let rows = (1..).zip(rows).map(|(id, name)| AuthorsCreateParams {
        id: AuthorId::from(id),
        name,
    });
    let created = q.orm().authors_create(&rows.collect::<Vec<_>>()).await;
    assert_eq!(created.unwrap(), [author(1, "Ann"), author(2, "Ben")]);
    let found = q.orm().author(AuthorId::from(2)).await.unwrap();
    assert_eq!(found, Some(author(2, "Ben")));

    let (ann, ben) = (AuthorId::from(1), AuthorId::from(2));
    let mut orm = q.orm();
    orm.book_create(BookId::from(1), "One", ann, None)
        .await
        .unwrap();
    orm.book_create(BookId::from(2), "Two", ann, Some(ben))
        .await
        .unwrap();
    let books = q.orm().books_with_people().await.unwrap();
    let people = books
        .iter()
        .map(|row| (&row.book.title, &row.author, &row.reviewer));
    assert_eq!(
        people.collect::<Vec<_>>(),
        [
            (&"One".to_owned(), &author(1, "Ann"), &None),
            (
                &"Two".to_owned(),
                &author(1, "Ann"),
                &Some(author(2, "Ben"))
            ),
        ]
    );
    let counts = q.orm().authors_with_counts().await.unwrap();
    let ann = counts.iter().find(|row| row.name == "Ann").unwrap();
    assert_eq!(ann.book_count.as_ref().map(|count| count.books), Some(2));
    assert_eq!(
        ann.latest.as_ref().map(|latest| latest.loud.as_str()),
        Some("TWO")
    );
    let ben = counts.iter().find(|row| row.name == "Ben").unwrap();
    assert_eq!((&ben.book_count, &ben.latest), (&None, &None));

    q.orm().mark_create(2.into()).await.unwrap();
    q.orm().mark_create(3.into()).await.unwrap();
    let book = |id: i64, title: &str, reviewer: Option<i64>| Book {
        id: BookId::from(id),
        title: title.to_owned(),
        author_id: AuthorId::from(1),
        reviewer_id: reviewer.map(AuthorId::from),
    };
    let mark = |book_id: i64| ShelfMark {
        book_id: book_id.into(),
        mark: None,
    };
    let row = |shelf_mark, book| MarksRow { shelf_mark, book };
    assert_eq!(
        q.orm().marks().await.unwrap(),
        [
            row(None, Some(book(1, "One", None))),
            row(Some(mark(2)), Some(book(2, "Two", Some(2)))),
            row(Some(mark(3)), None),
        ]
    );
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
