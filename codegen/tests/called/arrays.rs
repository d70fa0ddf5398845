//! Arrays whose elements sqlx would take for those of another type.

use super::pool;
use crate::compiled::arrays_say_what_their_elements_are as arrays;
use xact::types::{BitVec, IpNetwork, JsonValue, Oid};

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
