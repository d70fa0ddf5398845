//! Slices: inserted, changed and removed as one statement.

use super::pool;
use crate::compiled::a_slice_travels_as_one_statement as slices;
use slices::Admin;
use slices::books::{
    BooksAddParams, BooksCopyToParams, BooksMoveParams, BooksRemoveFromParams, BooksRemoveParams,
    BooksSetPagesParams, BooksSetTagsParams, BooksTouchParams, ShelvesPutParams,
};
use slices::people::PeoplePutParams;
use slices::types::{Address, Book, BookId, Mood, ShelfId};
use xact::Xact;

use xact::types::{BitVec, OffsetDateTime, Range};
use xact_server::Server;

/// The facts about a book, as JSON.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct About {
    pub(super) stars: Option<u8>,
}

/// A transaction on an empty library.
pub(super) async fn library() -> (Server, Xact<Admin>) {
    let (server, pool) = pool("a_slice_travels_as_one_statement").await;
    let q = slices::Database::new(pool).begin_admin().await.unwrap();
    (server, q)
}

/// Two shelves.
pub(super) async fn shelves(q: &mut Xact<Admin>) -> [ShelfId; 2] {
    let ids: [ShelfId; 2] = ["shf_1", "shf_2"].map(|id| id.parse().unwrap());
    let names = ["one", "two"];
    let rows: Vec<_> = ids
        .iter()
        .zip(names)
        .map(|(id, name)| ShelvesPutParams { id, name })
        .collect();
    assert_eq!(q.orm().shelves_put(&rows).await.unwrap(), 2);
    ids
}

fn book<'a>(shelf_id: &'a ShelfId, slug: &'a str, about: &'a About) -> BooksAddParams<'a> {
    BooksAddParams {
        shelf_id,
        slug,
        title: slug,
        code: None,
        flags: None,
        mood: None,
        pages: None,
        read_during: None,
        about,
    }
}

async fn all_books(q: &mut Xact<Admin>) -> Vec<(String, String, Option<i32>)> {
    xact::sqlx::query_as("SELECT slug::text, shelf_id, pages FROM books ORDER BY id")
        .fetch_all(q.connection())
        .await
        .unwrap()
}

#[tokio::test]
async fn every_row_of_a_slice_is_inserted_with_its_nulls() {
    let (server, mut q) = library().await;
    let [one, two] = shelves(&mut q).await;
    let (known, unknown) = (About { stars: Some(5) }, About::default());
    let flags = BitVec::from_fn(3, |bit| bit == 1);
    let during = Range::from(OffsetDateTime::UNIX_EPOCH..);
    let full = BooksAddParams {
        code: Some("c\"',"),
        flags: Some(&flags),
        mood: Some(Mood::Wild),
        pages: Some(7),
        read_during: Some(during),
        title: "A \\ {title}, 'quoted'",
        ..book(&two, "full", &known)
    };
    let rows = [book(&one, "empty", &unknown), full];
    let added = q.orm().books_add(&rows).await.unwrap();
    assert_eq!(added.len(), 2);
    assert_eq!(
        (added[0].slug.as_str(), added[1].slug.as_str()),
        ("empty", "full")
    );
    let touched = q
        .orm()
        .books_touch(&added.iter().map(|row| touch(row.id)).collect::<Vec<_>>())
        .await
        .unwrap();
    // The rows of each element, in the order of the slice.
    let [[empty], [full]] = [0, 1].map(|at| <[Book; 1]>::try_from(touched[at].clone()).unwrap());
    assert_eq!((empty.slug.as_str(), full.slug.as_str()), ("empty", "full"));
    assert_eq!(
        (&empty.code, &empty.mood, empty.pages),
        (&None, &None, None)
    );
    assert_eq!((&empty.about, &empty.read_during), (&unknown, &None));
    assert_eq!(full.title, "A \\ {title}, 'quoted'!");
    assert_eq!(full.code.as_deref(), Some("c\"',"));
    assert_eq!((full.flags.as_ref(), full.pages), (Some(&flags), Some(7)));
    assert_eq!((full.mood, &full.about), (Some(Mood::Wild), &known));
    assert_eq!((&full.shelf_id, &full.read_during), (&two, &Some(during)));
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

pub(super) fn touch(id: BookId) -> BooksTouchParams<'static> {
    BooksTouchParams {
        pages: Some(1),
        suffix: "!",
        id,
    }
}

#[tokio::test]
async fn what_is_there_already_is_what_on_conflict_says() {
    let (server, mut q) = library().await;
    let [one, two] = shelves(&mut q).await;
    let renamed = ShelvesPutParams {
        id: &two,
        name: "deux",
    };
    let three = "shf_3".parse().unwrap();
    let new = ShelvesPutParams {
        id: &three,
        name: "three",
    };
    assert_eq!(
        q.orm().shelves_put(&[renamed.clone(), new]).await.unwrap(),
        2
    );
    let names: Vec<String> = xact::sqlx::query_scalar("SELECT name FROM shelves ORDER BY id")
        .fetch_all(q.connection())
        .await
        .unwrap();
    assert_eq!(names, ["one", "deux", "three"]);
    // Postgres does not change one row twice in one statement.
    let twice = q.orm().shelves_put(&[renamed.clone(), renamed]).await;
    assert_eq!(twice.unwrap_err().code(), Some("21000"));
    drop((one, q));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn each_row_of_a_slice_changes_and_removes_its_own() {
    let (server, mut q) = library().await;
    let [one, two] = shelves(&mut q).await;
    let about = About::default();
    let rows = ["a", "b", "c"].map(|slug| book(&one, slug, &about));
    let added = q.orm().books_add(&rows).await.unwrap();
    let pages = |at: usize, pages| BooksSetPagesParams {
        pages,
        mood: None,
        id: added[at].id,
    };
    let changes = [pages(0, Some(10)), pages(1, None), pages(2, Some(30))];
    assert_eq!(q.orm().books_set_pages(&changes).await.unwrap(), 3);
    let moved = [("two", "c"), ("two", "nowhere"), ("one", "a")]
        .map(|(shelf_name, slug)| BooksMoveParams { shelf_name, slug });
    let moved = q.orm().books_move(&moved).await.unwrap();
    let counts: Vec<usize> = moved.iter().map(Vec::len).collect();
    assert_eq!(counts, [1, 0, 0], "`a` is there already");
    let first = &moved[0][0];
    assert_eq!((first.id, first.moved.as_str()), (added[2].id, "c"));
    let row = |slug: &str, shelf: &ShelfId, pages| (slug.to_owned(), shelf.to_string(), pages);
    assert_eq!(
        all_books(&mut q).await,
        [
            row("a", &one, Some(10)),
            row("b", &one, None),
            row("c", &two, Some(30))
        ]
    );
    let copies = [BooksCopyToParams {
        shelf_id: &two,
        slug: "copied",
        id: added[0].id,
    }];
    let added_again = q.orm().books_copy_to(&copies).await.unwrap();
    assert_eq!(added_again[0].title, "a");
    let removed = [("a", 9), ("c", 30)].map(|(slug, pages)| BooksRemoveParams { slug, pages });
    let removed = q.orm().books_remove(&removed).await.unwrap();
    assert_eq!(removed, [vec![added[0].id], vec![]]);
    let removed = [("one", "b"), ("one", "c")]
        .map(|(shelf_name, slug)| BooksRemoveFromParams { shelf_name, slug });
    assert_eq!(q.orm().books_remove_from(&removed).await.unwrap(), 1);
    let left: Vec<String> = all_books(&mut q)
        .await
        .into_iter()
        .map(|(slug, ..)| slug)
        .collect();
    assert_eq!(left, ["c", "copied"]);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn each_row_of_a_slice_may_hold_arrays() {
    let (server, mut q) = library().await;
    let [one, _] = shelves(&mut q).await;
    let about = About::default();
    let rows = ["a", "b", "c"].map(|slug| BooksAddParams {
        mood: Some(Mood::Calm),
        ..book(&one, slug, &about)
    });
    let added = q.orm().books_add(&rows).await.unwrap();
    let ids: Vec<[BookId; 1]> = added.iter().map(|row| [row.id]).collect();
    let tags = ["x".to_owned(), "y".to_owned()];
    let change = |at: usize, tags, moods| BooksSetTagsParams {
        tags,
        ids: &ids[at],
        moods,
    };
    let changes = [
        change(0, Some(tags.as_slice()), [].as_slice()),
        change(1, None, &[Mood::Wild]),
        change(2, Some(&[]), &[]),
        change(2, Some(&tags), &[Mood::Wild, Mood::Calm]),
    ];
    let tagged = q.orm().books_set_tags(&changes).await.unwrap();
    assert!(tagged[3].is_empty(), "its moods exclude the book");
    let found = tagged.into_iter().flatten();
    let found: Vec<_> = found.map(|row| (row.slug, row.tags)).collect();
    let both = tags.clone().map(Some).to_vec();
    let wanted = [("a", Some(both)), ("b", None), ("c", Some(Vec::new()))];
    assert_eq!(found, wanted.map(|(slug, tags)| (slug.to_owned(), tags)));
    // Nothing in any list: the arrays are empty, and still of their types.
    let nothing = [change(0, Some(&[]), &[])];
    let returned = q.orm().books_set_tags(&nothing).await.unwrap();
    assert_eq!(returned[0].len(), 1);
    // Two elements match one row: it changes once, and is a row of one of them.
    let twice = [change(0, Some(&[]), &[]), change(0, None, &[])];
    let returned = q.orm().books_set_tags(&twice).await.unwrap();
    assert_eq!(returned.iter().flatten().count(), 1);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn each_row_of_a_slice_may_hold_composites() {
    let (server, mut q) = library().await;
    let home = Address {
        street: Some("Main".to_owned()),
        number: None,
    };
    let nowhere = Address {
        street: None,
        number: Some(1),
    };
    let others = [home.clone(), nowhere.clone()];
    let rows =
        [(1, &home, Some(others.as_slice())), (2, &nowhere, None)].map(|(id, home, others)| {
            PeoplePutParams {
                id: id.into(),
                home,
                others,
            }
        });
    let put = q.orm().people_put(&rows).await.unwrap();
    assert_eq!(
        (&put[0].home, put[0].street.as_deref()),
        (&home, Some("Main"))
    );
    assert_eq!(put[0].others, Some(others.map(Some).to_vec()));
    assert_eq!(
        (&put[1].home, &put[1].street, &put[1].others),
        (&nowhere, &None, &None)
    );
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_slice_without_rows_sends_nothing() {
    let (server, mut q) = library().await;
    // In an aborted transaction everything that is sent fails.
    xact::sqlx::query("SELECT 1 / 0")
        .execute(q.connection())
        .await
        .unwrap_err();
    assert_eq!(q.orm().shelves_put(&[]).await.unwrap(), 0);
    assert!(q.orm().books_add(&[]).await.unwrap().is_empty());
    assert_eq!(q.orm().books_load(&[]).await.unwrap(), 0);
    drop(q);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_batch_of_thousands_is_one_statement() {
    let (server, mut q) = library().await;
    let [one, _] = shelves(&mut q).await;
    let about = About::default();
    let digits = |number: u32| char::from(b'a' + u8::try_from(number % 26).unwrap());
    let slug = |number: u32| {
        [number / 676, number / 26, number]
            .map(digits)
            .iter()
            .collect()
    };
    let slugs: Vec<String> = (0..10_000).map(slug).collect();
    let rows: Vec<_> = slugs.iter().map(|slug| book(&one, slug, &about)).collect();
    let added = q.orm().books_add(&rows).await.unwrap();
    assert!(added.iter().map(|row| &row.slug).eq(&slugs));
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
