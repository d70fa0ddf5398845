//! Arrays whose elements sqlx would take for those of another type.

use super::pool;
use crate::compiled::{
    a_row_cast_to_a_composite_is_its_struct as composites,
    array_parameters_may_hold_null as nullable, arrays_of_domains_and_citext_are_cast as cast,
    arrays_say_what_their_elements_are as arrays,
    domains_and_checks_that_exclude_null_are_used as full,
};
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

#[tokio::test]
async fn elements_that_are_null_arrive() {
    use nullable::people::PeopleTagParams;
    use nullable::types::Mood;

    let (server, pool) = pool("array_parameters_may_hold_null").await;
    let db = nullable::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let own = |text: &str| text.to_owned();
    let emails = [own("a"), own("b")];
    let put = q
        .orm()
        .people_put(
            &emails,
            &[Some(own("A")), None],
            &[None, Some(own("x"))],
            &[Some(Mood::Wild), None],
        )
        .await
        .unwrap();
    let found: Vec<_> = put
        .into_iter()
        .map(|row| (row.email, row.nick, row.code, row.mood))
        .collect();
    let wanted = [
        (own("a"), Some(own("A")), None, Some(Mood::Wild)),
        (own("b"), None, Some(own("x")), None),
    ];
    assert_eq!(found, wanted);
    let tags = [Some(own("x")), None];
    let rows = [("a", Some(tags.as_slice())), ("b", None)]
        .map(|(email, tags)| PeopleTagParams { tags, email });
    let tagged = q.orm().people_tag(&rows).await.unwrap();
    assert_eq!(tagged[0][0].tags, Some(tags.to_vec()));
    assert_eq!(tagged[1][0].tags, None);
    let asked = q
        .orm()
        .people_of(&[Some(own("A")), None], &emails)
        .await
        .unwrap();
    assert_eq!((asked[0].known, asked[1].known), (Some(true), None));
    assert_eq!(asked[0].asked, [Some(own("A")), None]);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn arrays_of_domains_and_of_citext_arrive() {
    let (server, pool) = pool("arrays_of_domains_and_citext_are_cast").await;
    let db = cast::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let own = |text: &str| text.to_owned();
    let slugs = [own("a-b")];
    q.orm()
        .people_put(1.into(), "Ada@x", &slugs, Some(&[own("abc")]))
        .await
        .unwrap();
    let found = q.orm().people_by_email(&[own("ADA@X")]).await.unwrap();
    assert_eq!(found.len(), 1, "citext compares without case");
    assert_eq!(found[0].slugs, [Some(own("a-b"))]);
    assert_eq!(
        q.orm()
            .people_first(&[own("ada@x")], &[])
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        q.orm()
            .people_first(&[], &[Some(own("a-b")), None])
            .await
            .unwrap()
            .len(),
        1
    );
    q.orm()
        .people_put(2.into(), "b@x", &[own("No Slug")], None)
        .await
        .unwrap_err();
    drop(q);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn rows_that_are_cast_arrive_as_structs() {
    use composites::types::{Entry, Mood, Price};

    let (server, pool) = pool("a_row_cast_to_a_composite_is_its_struct").await;
    let db = composites::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let insert = "INSERT INTO items VALUES (1, (7, 'EUR')), (2, (8, NULL))";
    xact::sqlx::query(insert)
        .execute(q.connection())
        .await
        .unwrap();
    let price = |amount: i32, currency: &str| Price {
        amount: Some(amount),
        currency: Some(currency.to_owned()),
    };
    assert_eq!(q.orm().items_prices().await.unwrap()[0], price(7, "EUR"));
    let made = q.orm().items_made().await.unwrap();
    assert_eq!(made[1].price, price(2, "EUR"));
    assert_eq!(made[1].perhaps, Some(price(2, "x")));
    assert_eq!(made[0].perhaps, None);
    let entry = Entry {
        label: Some("a".to_owned()),
        feeling: Some(Mood::Sunny),
    };
    assert_eq!((&made[0].entry, made[0].wide.j), (&entry, Some(1)));
    let together = q.orm().items_together().await.unwrap();
    assert_eq!(together.prices, Some(vec![price(1, "x"), price(2, "x")]));
    assert_eq!(together.later, [price(2, "x")]);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn values_that_cannot_be_null_are_plain() {
    let (server, pool) = pool("domains_and_checks_that_exclude_null_are_used").await;
    let db = full::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let person = q.orm().people_put("m", "n", "w", None).await.unwrap();
    assert_eq!((person.motto.as_str(), person.name.as_str()), ("m", "n"));
    let tags = ["x".to_owned()];
    assert_eq!(
        q.orm().people_tag(&tags, person.id).await.unwrap(),
        [tags.to_vec()]
    );
    let lists = q.orm().people_lists().await.unwrap().remove(0);
    assert_eq!(
        (lists.tags, lists.codes, lists.numbers),
        (tags.to_vec(), None, None)
    );
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
