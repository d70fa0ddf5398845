//! Generated functions, called: each value that is written is read back, for every kind of type.

mod arrays;
mod batches_that_read;
mod chosen_crates;
mod conflicts;
mod copies;
mod derives;
mod embedded_rows;
mod fits;
mod ids;
mod json_schemas;
mod lists;
mod nested_rows;
mod openapi;
mod overridden;
mod pages;
mod parts;
mod secrets;
mod slices;
mod stars;
mod system_types;
mod text_search;
mod values;
mod violations;

pub(crate) use overridden::{Cents, Words};
pub(crate) use slices::About;

use crate::compiled::utility_statements_give_nothing as utility;
use crate::compiled::{
    anonymous_rows_become_tuples as tuples,
    arrays_without_null_elements_are_plain_vectors as vectors,
    enums_and_composites_become_rust_types as own_types,
    every_common_type_has_a_rust_type as common,
    numbered_parameters_are_called_like_their_columns as numbered,
};
use std::path::Path;
use xact::sqlx::postgres::PgPoolOptions;
use xact::types::{
    BitVec, Date, Decimal, IpNetwork, JsonValue, MacAddress, OffsetDateTime, Oid, PgInterval,
    PgMoney, PgPoint, PgPolygon, PgTid, PgTimeTz, PrimitiveDateTime, Range, Time, UtcOffset, Uuid,
};
use xact_server::Server;

/// A pool to a database with the schema of a case.
async fn pool(case: &str) -> (Server, xact::Pool) {
    let mut server = Server::start(None).await.unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut connection = server.connect().await.unwrap();
    let migrations = root.join(case).join("migrations");
    server.migrate(&mut connection, &migrations).await.unwrap();
    let pool = xact::Pool::from_options(PgPoolOptions::new(), server.options());
    (server, pool)
}

/// The elements of an array without NULL.
fn values<T>(elements: Vec<Option<T>>) -> Vec<T> {
    elements.into_iter().flatten().collect()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a line for each type")]
async fn values_of_every_common_type_survive() {
    let (server, pool) = pool("every_common_type_has_a_rust_type").await;
    let db = common::Database::new(pool);
    let interval = PgInterval {
        months: 1,
        days: -2,
        microseconds: 3,
    };
    let json = JsonValue::from(vec![1, 2]);
    let texts = ["a".to_owned(), String::new(), "ü\"{},\\".to_owned()];
    let range = Range::from(1_i64..5);
    let point = PgPoint { x: 1.5, y: -2.0 };
    let polygon = PgPolygon {
        points: vec![point.clone(), PgPoint { x: 0.0, y: 0.0 }],
    };
    let time_tz = PgTimeTz {
        time: Time::MIDNIGHT,
        offset: UtcOffset::from_hms(2, 0, 0).unwrap(),
    };
    let date = Date::from_ordinal_date(2024, 60).unwrap();
    let mut q = db.begin_admin().await.unwrap();
    let params = common::notes::ThingsCreateParams {
        a: true,
        b: -1,
        c: 2,
        d: i64::MAX,
        e: 1.5,
        f: f64::MIN_POSITIVE,
        g: Decimal::new(-12_345, 3),
        h: "text",
        i: "varchar",
        j: "bpc",
        k: "name",
        l: &[0, 255],
        m: Uuid::from_u128(7),
        n: Date::MIN.replace_year(2000).unwrap(),
        o: Time::MIDNIGHT,
        p: PrimitiveDateTime::new(date, Time::MIDNIGHT),
        q: OffsetDateTime::UNIX_EPOCH,
        r: &interval,
        s: &json,
        t: &json,
        u: "10.0.0.0/8".parse::<IpNetwork>().unwrap(),
        v: &texts,
        w: range,
        x: 1,
        y: Oid(26),
        z: MacAddress::new([1, 2, 3, 4, 5, 6]),
        aa: &BitVec::from_fn(3, |bit| bit == 1),
        ab: &BitVec::from_elem(9, true),
        ac: &point,
        ad: &polygon,
        ae: "<a>&lt;</a>",
        af: PgTid {
            block: 70_000,
            offset: 3,
        },
        ag: Oid(1259),
        ah: -1,
        ai: time_tz,
        aj: "10.0.0.0/8".parse::<IpNetwork>().unwrap(),
        ak: &[Uuid::from_u128(8)],
        al: &[JsonValue::Null, json.clone()],
        am: &[OffsetDateTime::UNIX_EPOCH],
        an: &[Decimal::ONE, Decimal::new(-5, 2)],
        ao: &[date],
        ap: &[true, false],
        aq: &["::1".parse::<IpNetwork>().unwrap()],
        ar: &[vec![0, 255], Vec::new()],
        at: PgMoney(-12_345),
    };
    q.orm().things_create(params.clone()).await.unwrap();
    let row = q.orm().notes_list().await.unwrap().remove(0);
    q.commit().await.unwrap();
    assert_eq!((row.a, row.b, row.c, row.d), (true, -1, 2, i64::MAX));
    assert_eq!((row.e, row.f, row.g), (params.e, params.f, params.g));
    assert_eq!(
        [row.h, row.i, row.j, row.k],
        ["text", "varchar", "bpc", "name"]
    );
    assert_eq!((row.l.as_slice(), row.m), (params.l, params.m));
    assert_eq!(
        (row.n, row.o, row.p, row.q),
        (params.n, params.o, params.p, params.q)
    );
    assert_eq!((row.r, &row.s, &row.t), (interval, &json, &json));
    assert_eq!(row.u, params.u);
    assert_eq!(values(row.v), params.v);
    assert_eq!((row.w, row.x, row.y), (range, 1, Oid(26)));
    assert_eq!((row.z, &row.aa, &row.ab), (params.z, params.aa, params.ab));
    assert_eq!((&row.ac, &row.ad), (params.ac, params.ad));
    assert_eq!((row.ae.as_str(), row.af), (params.ae, params.af));
    assert_eq!((row.ag, row.ah, row.ai), (params.ag, params.ah, time_tz));
    assert_eq!((row.aj, row.at), (params.aj, params.at));
    assert_eq!(values(row.ak), params.ak);
    assert_eq!(values(row.al), params.al);
    assert_eq!(values(row.am), params.am);
    assert_eq!(values(row.an), params.an);
    assert_eq!(values(row.ao), params.ao);
    assert_eq!(values(row.ap), params.ap);
    assert_eq!(values(row.aq), params.aq);
    assert_eq!(values(row.ar), params.ar);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn enums_composites_and_arrays_of_them_survive() {
    use own_types::types::{Mood, Place};

    let (server, pool) = pool("enums_and_composites_become_rust_types").await;
    let db = own_types::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let insert = "INSERT INTO people VALUES (1, 'sad', '{}', NULL, '{}')";
    xact::sqlx::query(insert)
        .execute(q.connection())
        .await
        .unwrap();
    let place = Place {
        street: Some("Long, \"quoted\" Road".to_owned()),
        number: Some(-5),
        felt: Some(Mood::VeryHappy),
    };
    let nowhere = Place {
        street: None,
        number: None,
        felt: None,
    };
    let places = [place.clone(), nowhere.clone()];
    q.orm()
        .people_move(Mood::SoSo, Some(&place), Mood::ALL, &places, 1.into())
        .await
        .unwrap();
    let person = q.orm().notes_list().await.unwrap().remove(0);
    assert_eq!(person.mood, Mood::SoSo);
    assert_eq!(
        person.moods,
        Mood::ALL.iter().copied().map(Some).collect::<Vec<_>>()
    );
    assert_eq!(person.place, Some(place.clone()));
    assert_eq!(person.places, [Some(place), Some(nowhere)]);
    for mood in Mood::ALL {
        assert_eq!(mood.as_str().parse(), Ok(*mood));
    }
    assert_eq!(
        "glad".parse::<Mood>().unwrap_err().to_string(),
        "`glad` is not a value of `public.mood` that this module was generated from"
    );
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn anonymous_rows_arrive_as_tuples() {
    let (server, pool) = pool("anonymous_rows_become_tuples").await;
    let db = tuples::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let insert = "WITH n AS (INSERT INTO notes VALUES (1, 'one'), (2, 'two')) \
        INSERT INTO tags VALUES (1, 'a', 0.5), (1, 'b', NULL)";
    xact::sqlx::query(insert)
        .execute(q.connection())
        .await
        .unwrap();
    let rows = q.orm().notes_list().await.unwrap();
    assert_eq!(
        rows[0].pair,
        (tuples::types::NoteId::from(1), "one".to_owned())
    );
    let tags = vec![("a".to_owned(), Some(0.5)), ("b".to_owned(), None)];
    assert_eq!(rows[0].tags, Some(tags));
    assert_eq!(rows[1].tags, None);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn arrays_without_null_arrive_as_plain_vectors() {
    let (server, pool) = pool("arrays_without_null_elements_are_plain_vectors").await;
    let db = vectors::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    assert!(q.orm().tags_names().await.unwrap().is_empty());
    let insert = "WITH n AS (INSERT INTO notes VALUES (1, '{x,NULL}'), (2, '{}')) \
        INSERT INTO tags VALUES (1, 'a', 0.5), (1, 'b', NULL)";
    xact::sqlx::query(insert)
        .execute(q.connection())
        .await
        .unwrap();
    let rows = q.orm().notes_list().await.unwrap();
    let (a, b) = ("a".to_owned(), "b".to_owned());
    assert_eq!(rows[0].labels, [Some("x".to_owned()), None]);
    assert_eq!(rows[0].names, [a.clone(), b.clone()]);
    assert_eq!(rows[0].weights, [Some(0.5), None]);
    assert_eq!(rows[0].known, Some(vec![0.5]));
    let tags = [(a.clone(), Some(0.5)), (b.clone(), None)];
    assert_eq!(rows[0].tags, tags);
    assert!(rows[1].names.is_empty() && rows[1].known.is_none() && rows[1].tags.is_empty());
    assert_eq!(q.orm().tags_names().await.unwrap(), [a, b.clone()]);
    let names = [b];
    let chosen = q.orm().tags_chosen(&names).await.unwrap();
    assert_eq!([chosen[0].chosen, chosen[1].chosen], [false, true]);
    assert_eq!(chosen[0].names, names);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn numbered_parameters_arrive_in_their_places() {
    let (server, pool) = pool("numbered_parameters_are_called_like_their_columns").await;
    let db = numbered::Database::new(pool);
    let ids = db
        .xact_admin(async |q| {
            let insert = "INSERT INTO notes VALUES (1, 'a'), (2, 'b')";
            xact::sqlx::query(insert).execute(q.connection()).await?;
            q.orm().notes_rename("renamed", 2.into()).await?;
            q.orm().notes_list("renamed", 10).await
        })
        .await;
    assert_eq!(ids.unwrap(), [2.into()]);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn utility_statements_run_inside_the_transaction() {
    let (server, pool) = pool("utility_statements_give_nothing").await;
    let db = utility::Database::new(pool);
    let titles = db
        .xact_admin(async |q| {
            let mut orm = q.orm();
            orm.wait_briefly().await?;
            orm.notes_clear().await?;
            orm.notes_lock().await?;
            orm.notes_add(1, "called").await?;
            orm.titles_refresh().await?;
            orm.notes_changed().await?;
            orm.titles_list().await
        })
        .await;
    assert_eq!(titles.unwrap(), ["called"]);
    server.stop().await.unwrap();
}
