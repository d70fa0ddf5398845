//! Lists: of values, of rows, empty ones, and NULL beside them.

use super::pool;
use crate::compiled::a_parameter_alone_in_a_list_is_an_array as lists;
use lists::types::NoteId;
use xact::sqlx::Executor as _;

const FILL: &str = "
    INSERT INTO notes VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', NULL), (4, 'four', 40)";

#[tokio::test]
async fn a_list_may_be_empty_and_beside_null() {
    let (server, pool) = pool("a_parameter_alone_in_a_list_is_an_array").await;
    let db = lists::Database::new(pool);
    server.connect().await.unwrap().execute(FILL).await.unwrap();
    let mut q = db.begin_admin().await.unwrap();
    let ids = |ids: &[i64]| -> Vec<NoteId> { ids.iter().copied().map(NoteId::from).collect() };

    let among = q.orm().notes_among(&ids(&[2, 4, 7])).await.unwrap();
    assert_eq!(
        among
            .iter()
            .map(|row| row.title.as_str())
            .collect::<Vec<_>>(),
        ["two", "four"]
    );
    assert_eq!(q.orm().notes_among(&[]).await.unwrap(), []);

    // NULL is in no list, and outside of none but the empty one.
    let except = q.orm().notes_except(&[10]).await.unwrap();
    assert_eq!(
        except.iter().map(|row| row.id).collect::<Vec<_>>(),
        ids(&[2, 4])
    );
    assert_eq!(q.orm().notes_except(&[]).await.unwrap().len(), 4);

    let pairs = [
        ("one".to_owned(), 10),
        ("two".to_owned(), 10),
        ("four".to_owned(), 40),
    ];
    let found = q.orm().notes_by_pairs(&pairs).await.unwrap();
    assert_eq!(
        found.iter().map(|row| row.id).collect::<Vec<_>>(),
        ids(&[1, 4])
    );
    assert_eq!(q.orm().notes_by_pairs(&[]).await.unwrap(), []);

    let kept = [(NoteId::from(1), "one".to_owned(), 10)];
    assert_eq!(
        q.orm()
            .notes_except_rows(&kept, NoteId::from(4))
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        q.orm()
            .notes_except_rows(&[], NoteId::from(4))
            .await
            .unwrap(),
        1
    );
    q.rollback().await.unwrap();
}
