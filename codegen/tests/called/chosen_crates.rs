//! Dates and numbers of chrono, jiff and bigdecimal, through every way that a value travels.

use super::pool;
use crate::compiled::dates_and_numbers_are_those_of_the_chosen_crates as chosen;
use crate::compiled::dates_may_be_those_of_jiff as zoned;
use chosen::events::{EventAddParams, EventChangeParams, EventsAddParams, EventsCopyParams};
use chosen::types::{Event, EventId, Visit};
use std::ops::Bound;
use xact::types::chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use xact::types::jiff::{Timestamp, civil};
use xact::types::{BigDecimal, MaybeInfinite, Range};

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, number).unwrap()
}

fn price(text: &str) -> BigDecimal {
    text.parse().unwrap()
}

/// An event of the `number`-th day.
fn event<'a>(
    number: u32,
    price: &'a BigDecimal,
    days: &'a [NaiveDate],
    prices: &'a [BigDecimal],
    visit: Option<&'a Visit>,
    valid_until: &'a MaybeInfinite<DateTime<Utc>>,
) -> EventAddParams<'a> {
    let local = day(number).and_hms_micro_opt(1, 2, 3, 456_789).unwrap();
    EventAddParams {
        at: local.and_utc(),
        local,
        day: day(number),
        hour: local.time(),
        price,
        ended: Some(local.and_utc() + TimeDelta::hours(1)),
        days,
        prices,
        during: Range::Between(Bound::Included(local.and_utc()), Bound::Unbounded),
        costs: Some(Range::from(BigDecimal::from(1)..BigDecimal::from(2))),
        visit,
        valid_until,
    }
}

fn assert_same(event: &Event, params: &EventAddParams<'_>) {
    assert_eq!(event.at, params.at);
    assert_eq!(event.local, params.local);
    assert_eq!(event.day, params.day);
    assert_eq!(event.hour, params.hour);
    assert_eq!(event.price.to_string(), params.price.to_string());
    assert_eq!(event.ended, params.ended);
    assert_eq!(event.days, params.days);
    let prices: Vec<BigDecimal> = event.prices.iter().flatten().cloned().collect();
    assert_eq!(prices, params.prices);
    assert_eq!(event.during, params.during);
    assert_eq!(event.costs, params.costs);
    assert_eq!(event.visit.as_ref(), params.visit);
    assert_eq!(event.valid_until, *params.valid_until);
}

#[tokio::test]
async fn values_of_chrono_and_bigdecimal_survive_every_way() {
    let (server, pool) = pool("dates_and_numbers_are_those_of_the_chosen_crates").await;
    let mut q = chosen::Database::new(pool).begin_admin().await.unwrap();
    let (cheap, dear) = (price("1.50"), price("123456789012345678901234567890.5"));
    let days = [day(1), day(29)];
    let prices = [cheap.clone(), dear.clone()];
    let visit = Visit {
        day: Some(day(2)),
        at: None,
        price: Some(dear.clone()),
    };
    let forever = MaybeInfinite::Infinity;
    let one = event(1, &cheap, &days, &prices, Some(&visit), &forever);
    let added = q.orm().event_add(one.clone()).await.unwrap();
    assert_same(&added, &one);

    // A batch, and a copy.
    let two = event(2, &dear, &[], &prices, None, &forever);
    let as_batch = |event: &EventAddParams<'_>| EventsAddParams {
        at: event.at,
        local: event.local,
        day: event.day,
        hour: event.hour,
        price: &dear,
        ended: None,
        days: &[],
        prices: &prices,
        during: Range::Empty,
        costs: None,
        visit: Some(&visit),
        valid_until: &forever,
    };
    let ids = q.orm().events_add(&[as_batch(&one), as_batch(&two)]).await;
    assert_eq!(ids.unwrap(), [2, 3].map(EventId::from));
    let copy = EventsCopyParams {
        at: two.at,
        local: two.local,
        day: two.day,
        hour: two.hour,
        price: &cheap,
        ended: two.ended,
        days: &days,
        prices: &prices,
        during: two.during,
        valid_until: &forever,
    };
    assert_eq!(q.orm().events_copy(&[copy]).await.unwrap(), 1);
    let all = q.orm().events_all().await.unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(all[1].visit.as_ref(), Some(&visit));
    assert_eq!(all[1].during, Range::Empty);
    assert_eq!((all[1].days.len(), &all[2].costs), (0, &None));
    assert_eq!((all[3].at, all[3].days.as_slice()), (two.at, &days[..]));

    // Lists of values and of rows.
    let slots: [(NaiveDate, NaiveTime); 2] = [(one.day, one.hour), (two.day, NaiveTime::MIN)];
    let found = q.orm().events_on(&slots, &prices, &[one.at, two.at]).await;
    assert_eq!(found.unwrap(), [1, 2].map(EventId::from));
    assert_eq!(
        q.orm().events_on(&[], &prices, &[one.at]).await.unwrap(),
        []
    );

    // Pages by a moment and a number.
    let first = q.orm().events_page().first(2).await.unwrap();
    let cursor = first.next.clone().unwrap();
    let second = q.orm().events_page().after(&cursor, 3).await.unwrap();
    let mut ids: Vec<EventId> = first.rows.iter().map(|row| row.id).collect();
    ids.extend(second.rows.iter().map(|row| row.id));
    ids.sort();
    assert_eq!(ids, [1, 2, 3, 4].map(EventId::from));

    // Patches, rows in rows, and an alias.
    let changed = EventChangeParams {
        ended: xact::Patch::Null,
        day: Some(day(28)),
        ..EventChangeParams::new(EventId::from(1))
    };
    q.orm().event_change(changed).await.unwrap();
    let by_day = q.orm().events_by_day().await.unwrap();
    let last = by_day.last().unwrap();
    assert_eq!((last.day, last.events.len()), (day(28), 1));
    assert_eq!(last.events[0].ended, None);
    assert_eq!(last.last.as_ref().unwrap().price, cheap);
    let average = q.orm().average_price().await.unwrap();
    assert!(average.average.unwrap() > price("1.5"));
    assert_eq!(average.last.unwrap(), two.ended.unwrap());
    drop((q, server));
}

#[tokio::test]
async fn values_of_jiff_survive_and_are_json() {
    let (server, pool) = pool("dates_may_be_those_of_jiff").await;
    let mut q = zoned::Database::new(pool).begin_admin().await.unwrap();
    let at: Timestamp = "2024-02-29T01:02:03.456789Z".parse().unwrap();
    let (day, hour) = (
        civil::date(2024, 2, 29),
        civil::time(23, 59, 59, 999_999_000),
    );
    let params = zoned::events::EventAddParams {
        at,
        local: day.to_datetime(hour),
        day,
        hour,
        ended: None,
        days: &[day],
    };
    let event = q.orm().event_add(params).await.unwrap();
    assert_eq!((event.at, event.local), (at, day.to_datetime(hour)));
    assert_eq!((event.day, event.hour), (day, hour));
    assert_eq!(event.days, [Some(day)]);
    let json = serde_json::to_string(&event).unwrap();
    assert!(
        json.contains("\"at\":\"2024-02-29T01:02:03.456789Z\""),
        "{json}"
    );
    assert_eq!(
        serde_json::from_str::<zoned::types::Event>(&json).unwrap(),
        event
    );
    let earlier = at - xact::types::jiff::SignedDuration::from_secs(1);
    assert_eq!(
        q.orm().events_since(earlier, None).await.unwrap(),
        [event.id]
    );
    assert_eq!(q.orm().events_since(earlier, Some(&[])).await.unwrap(), []);

    let nights = Range::from(day..);
    let until = MaybeInfinite::Infinity;
    assert_eq!(
        q.orm()
            .stay_put(zoned::types::StayId::from(1), nights, &until)
            .await
            .unwrap(),
        nights
    );
    assert_eq!(
        q.orm()
            .stay_until(zoned::types::StayId::from(1))
            .await
            .unwrap(),
        until
    );
    drop((q, server));
}
