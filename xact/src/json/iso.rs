//! ISO 8601 as text: what Python's `isoformat` writes, and whatever of the standard a reader may meet.

use std::fmt::Write as _;

use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

/// `2025-01-06T09:00:00.250000+00:00`, without a fraction if it is zero. `None` for a year without four digits.
pub(super) fn timestamp(value: OffsetDateTime) -> Option<String> {
    let mut text = local_timestamp(PrimitiveDateTime::new(value.date(), value.time()))?;
    let (hours, minutes, seconds) = value.offset().as_hms();
    let sign = if value.offset().is_negative() {
        '-'
    } else {
        '+'
    };
    let _infallible = write!(text, "{sign}{:02}:{:02}", hours.abs(), minutes.abs());
    if seconds != 0 {
        let _infallible = write!(text, ":{:02}", seconds.abs());
    }
    Some(text)
}

/// The same without the offset.
pub(super) fn local_timestamp(value: PrimitiveDateTime) -> Option<String> {
    let mut text = date(value.date())?;
    let (hour, minute, second, nanosecond) = value.as_hms_nano();
    let _infallible = write!(text, "T{hour:02}:{minute:02}:{second:02}");
    let _infallible = match (nanosecond, nanosecond % 1000) {
        (0, _) => Ok(()),
        (_, 0) => write!(text, ".{:06}", nanosecond / 1000),
        _ => write!(text, ".{nanosecond:09}"),
    };
    Some(text)
}

/// `2025-01-06`.
pub(super) fn date(value: Date) -> Option<String> {
    let (year, month, day) = value.to_calendar_date();
    let written = (0..=9999).contains(&year);
    written.then(|| format!("{year:04}-{:02}-{day:02}", u8::from(month)))
}

/// With an offset.
pub(super) fn read_timestamp(text: &str) -> Option<OffsetDateTime> {
    if let Ok(value) = OffsetDateTime::parse(text, &Iso8601::DEFAULT) {
        return Some(value);
    }
    // The standard has no seconds in an offset, but time zones of the nineteenth century do, and Python writes them.
    let (rest, seconds) = text.rsplit_once(':')?;
    let seconds: i32 = seconds
        .parse()
        .ok()
        .filter(|seconds| (0..60).contains(seconds))?;
    let value = OffsetDateTime::parse(rest, &Iso8601::DEFAULT).ok()?;
    let negative = rest
        .len()
        .checked_sub("-00:00".len())
        .map(|at| rest.as_bytes()[at])
        == Some(b'-');
    let whole = value.offset().whole_seconds() + if negative { -seconds } else { seconds };
    Some(value.replace_offset(time::UtcOffset::from_whole_seconds(whole).ok()?))
}

/// Without one; text with an offset is something else.
pub(super) fn read_local_timestamp(text: &str) -> Option<PrimitiveDateTime> {
    match read_timestamp(text) {
        Some(_) => None,
        None => PrimitiveDateTime::parse(text, &Iso8601::DEFAULT).ok(),
    }
}

pub(super) fn read_date(text: &str) -> Option<Date> {
    Date::parse(text, &Iso8601::DATE).ok()
}
