//! Slices: inserted, changed and removed as one statement, and copied.

use super::pool;
use crate::compiled::a_slice_travels_as_one_statement as slices;
use crate::compiled::arrays_say_what_their_elements_are as arrays;
use slices::books::{
    BooksAddParams, BooksCopyToParams, BooksLoadParams, BooksMoveParams, BooksRemoveFromParams,
    BooksRemoveParams, BooksSetPagesParams, BooksSetTagsParams, BooksTouchParams,
    ShelvesLoadParams, ShelvesPutParams,
};
use slices::people::PeoplePutParams;
use slices::types::{Address, Book, BookId, Mood, ShelfId};
use slices::{Admin, Constraint};
use xact::Xact;
use xact::testing::Server;
use xact::types::{BitVec, IpNetwork, JsonValue, OffsetDateTime, Oid, PgRange};

/// What is known of a book, as JSON.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct About {
    stars: Option<u8>,
}

/// A transaction on an empty library.
async fn library() -> (Server, Xact<Admin>) {
    let (server, pool) = pool("a_slice_travels_as_one_statement").await;
    let q = slices::Database::new(pool).begin_admin().await.unwrap();
    (server, q)
}

/// Two shelves.
async fn shelves(q: &mut Xact<Admin>) -> [ShelfId; 2] {
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
        .fetch_all(q.conn())
        .await
        .unwrap()
}

#[tokio::test]
async fn every_row_of_a_slice_is_inserted_with_its_nulls() {
    let (server, mut q) = library().await;
    let [one, two] = shelves(&mut q).await;
    let (known, unknown) = (About { stars: Some(5) }, About::default());
    let flags = BitVec::from_fn(3, |bit| bit == 1);
    let during = PgRange::from(OffsetDateTime::UNIX_EPOCH..);
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
    let find = |slug: &str| touched.iter().find(|book| book.slug == slug).unwrap();
    let (empty, full): (&Book, &Book) = (find("empty"), find("full"));
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

fn touch(id: BookId) -> BooksTouchParams<'static> {
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
        .fetch_all(q.conn())
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
    assert_eq!(moved.len(), 1, "`a` is there already");
    assert_eq!((moved[0].id, moved[0].moved.as_str()), (added[2].id, "c"));
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
    assert_eq!(q.orm().books_remove(&removed).await.unwrap(), [added[0].id]);
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
    let mut tagged = q.orm().books_set_tags(&changes).await.unwrap();
    tagged.sort_by(|a, b| a.slug.cmp(&b.slug));
    let found: Vec<_> = tagged.into_iter().map(|row| (row.slug, row.tags)).collect();
    let both = tags.clone().map(Some).to_vec();
    let wanted = [("a", Some(both)), ("b", None), ("c", Some(Vec::new()))];
    assert_eq!(found, wanted.map(|(slug, tags)| (slug.to_owned(), tags)));
    // Nothing in any list: the arrays are empty, and still of their types.
    let nothing = [change(0, Some(&[]), &[])];
    assert_eq!(q.orm().books_set_tags(&nothing).await.unwrap().len(), 1);
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
        .execute(q.conn())
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
    let during = PgRange::from(..OffsetDateTime::UNIX_EPOCH);
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
    let mut books = q.orm().books_touch(&touched).await.unwrap();
    books.sort_by_key(|book| book.id);
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
        .fetch_one(q.conn())
        .await
        .unwrap();
    assert_eq!(count, 2);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn arrays_of_every_spelling_of_text_survive() {
    let (server, pool) = pool("arrays_say_what_their_elements_are").await;
    let db = arrays::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let texts = ["a".to_owned(), String::new()];
    let json = [JsonValue::from(1), JsonValue::Null];
    let networks: [IpNetwork; 1] = ["10.0.0.0/8".parse().unwrap()];
    let bits = [BitVec::from_elem(3, true)];
    let classes = [Oid(1259)];
    let params = arrays::lists::ListsAddParams {
        a: &texts,
        b: Some(&texts),
        c: Some(&texts),
        d: Some(&json),
        e: Some(&networks),
        f: Some(&bits),
        g: Some(&classes),
        h: Some(&texts[..1]),
        i: &texts,
        j: Some(&texts[..1]),
    };
    q.orm().lists_add(params.clone()).await.unwrap();
    let none = arrays::lists::ListsAddParams {
        a: &[],
        b: None,
        c: Some(&[]),
        ..params
    };
    q.orm().lists_add(none).await.unwrap();
    let line = arrays::lists::ListsLoadParams {
        a: &texts,
        b: Some(&texts),
        c: Some(&[]),
        e: Some(&networks),
        f: Some(&bits),
        g: Some(&classes),
        h: None,
        i: &texts,
    };
    assert_eq!(q.orm().lists_load(&[line.clone(), line]).await.unwrap(), 2);
    let rows = q.orm().lists_all().await.unwrap();
    let wanted = texts.clone().map(Some).to_vec();
    assert_eq!((&rows[0].a, &rows[0].c), (&wanted, &Some(wanted.clone())));
    // sqlx begins json with a blank.
    assert_eq!(
        rows[0].d,
        Some(vec![Some(" 1".to_owned()), Some(" null".to_owned())])
    );
    assert_eq!(
        (&rows[1].a, &rows[1].b, &rows[1].c),
        (&Vec::new(), &None, &Some(Vec::new()))
    );
    assert_eq!((&rows[2].a, &rows[2].c), (&wanted, &Some(Vec::new())));
    assert_eq!(rows[3].f, Some(vec![Some(bits[0].clone())]));
    assert_eq!(
        (rows[2].g.clone(), &rows[2].h),
        (Some(vec![Some(classes[0])]), &None)
    );
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
