//! Dates and timestamps as ISO 8601 writes them.

use time::{Date, Duration, PrimitiveDateTime, Time, macros};

/// The day that Postgres counts from: `POSTGRES_EPOCH_JDATE`.
const EPOCH: Date = macros::date!(2000 - 01 - 01);

/// A date; none for one before the year 1 or after 9999, which Postgres prints better.
pub(super) fn write_date(days: i32) -> Option<String> {
    match days {
        i32::MAX => Some("infinity".to_owned()),
        i32::MIN => Some("-infinity".to_owned()),
        days => {
            let date = EPOCH.checked_add(Duration::days(days.into()))?;
            (date.year() > 0).then(|| date.to_string())
        }
    }
}

/// A timestamp, with `Z` behind it if it is a moment.
pub(super) fn write_timestamp(microseconds: i64, is_moment: bool) -> Option<String> {
    match microseconds {
        i64::MAX => return Some("infinity".to_owned()),
        i64::MIN => return Some("-infinity".to_owned()),
        _ => {}
    }
    let epoch = PrimitiveDateTime::new(EPOCH, Time::MIDNIGHT);
    let moment = epoch.checked_add(Duration::microseconds(microseconds))?;
    if moment.year() <= 0 {
        return None;
    }
    let (hour, minute, second) = moment.time().as_hms();
    let fraction = match moment.microsecond() {
        0 => String::new(),
        micros => format!(".{micros:06}").trim_end_matches('0').to_owned(),
    };
    let offset = if is_moment { "Z" } else { "" };
    let date = moment.date();
    Some(format!(
        "{date}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}"
    ))
}
