//! Slices that are copied.

use super::slices::{About, library, shelves, touch};
use crate::compiled::a_slice_travels_as_one_statement as slices;
use slices::Constraint;
use slices::books::{BooksLoadParams, ShelvesLoadParams};
use slices::types::{BookId, Mood, ShelfId};
use xact::types::{BitVec, JsonValue, OffsetDateTime, Range};

#[tokio::test]
async fn a_copied_slice_is_what_was_given() {
    let (server, mut q) = library().await;
    let names = ["one", "two"];
    let ids: [ShelfId; 2] = ["shf_1", "shf_2"].map(|id| id.parse().unwrap());
    let rows: Vec<_> = ids
        .iter()
        .zip(names)
        .map(|(id, name)| ShelvesLoadParams { name, id })
        .collect();
    assert_eq!(q.orm().shelves_load(&rows).await.unwrap(), 2);
    let about = About { stars: Some(3) };
    let raw = JsonValue::from(vec![1, 2]);
    let tags = ["x".to_owned(), String::new()];
    let flags = BitVec::from_elem(3, true);
    let during = Range::from(..OffsetDateTime::UNIX_EPOCH);
    let empty = BooksLoadParams {
        shelf_id: &ids[0],
        slug: "empty",
        title: "",
        code: None,
        flags: None,
        mood: None,
        pages: None,
        read_during: None,
        about: &about,
        raw: None,
        tags: None,
    };
    let full = BooksLoadParams {
        slug: "full",
        title: "tab\tnewline\n\\N",
        code: Some("abcd"),
        flags: Some(&flags),
        mood: Some(Mood::Calm),
        pages: Some(-1),
        read_during: Some(during),
        raw: Some(&raw),
        tags: Some(&tags),
        ..empty.clone()
    };
    let no_tags = BooksLoadParams {
        slug: "no-tags",
        tags: Some(&[]),
        ..empty.clone()
    };
    let loaded = q.orm().books_load(&[empty, full, no_tags]).await.unwrap();
    assert_eq!(loaded, 3);
    let ids: Vec<BookId> = (1..=3).map(BookId::from).collect();
    let touched = ids.into_iter().map(touch).collect::<Vec<_>>();
    let books = q.orm().books_touch(&touched).await.unwrap();
    let books: Vec<_> = books.into_iter().flatten().collect();
    let (empty, full) = (&books[0], &books[1]);
    assert_eq!((&empty.raw, &empty.tags, empty.pages), (&None, &None, None));
    assert_eq!(full.title, "tab\tnewline\n\\N!");
    assert_eq!(
        (full.code.as_deref(), full.flags.as_ref()),
        (Some("abcd"), Some(&flags))
    );
    assert_eq!(
        (full.mood, full.pages, &full.about),
        (Some(Mood::Calm), Some(-1), &about)
    );
    assert_eq!((&full.read_during, &full.raw), (&Some(during), &Some(raw)));
    assert_eq!(full.tags, Some(tags.map(Some).to_vec()));
    assert_eq!(books[2].tags, Some(Vec::new()));
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_refused_copy_leaves_no_row_and_a_usable_transaction() {
    let (server, mut q) = library().await;
    shelves(&mut q).await;
    let id = "shf_3".parse().unwrap();
    let twice = [("three", &id), ("one", &id)].map(|(name, id)| ShelvesLoadParams { name, id });
    let copied = q
        .savepoint(async |q| q.orm().shelves_load(&twice).await)
        .await;
    let error: xact::Error = copied.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(error.constraint(), Some(Constraint::ShelvesPkey));
    assert!(error.to_string().contains("shelves_load"), "{error}");
    let count: i64 = xact::sqlx::query_scalar("SELECT count(*) FROM shelves")
        .fetch_one(q.connection())
        .await
        .unwrap();
    assert_eq!(count, 2);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
