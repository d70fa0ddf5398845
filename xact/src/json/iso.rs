//! The text of a date and of a timestamp: one grammar, for sentinels in free-form JSON and in typed fields alike.
//!
//! It is the extended format of ISO 8601 for calendar dates, which Python's `isoformat` and JavaScript's `toISOString` write:
//!
//! ```text
//! date       YYYY-MM-DD                                   a day that there is, of the years 0000 to 9999
//! timestamp  YYYY-MM-DDThh:mm:ss[.fraction][offset]       hh from 00 to 23, mm and ss from 00 to 59
//! fraction   one to nine digits
//! offset     Z  or  +hh:mm[:ss]  or  -hh:mm[:ss]          hh from 00 to 23; without one it is a local timestamp
//! ```
//!
//! All other text stays text, even if the standard allows it: dates by weeks or days of the year, `24:00`, leap seconds, a
//! space or a small `t` between date and time, offsets without a colon. Seconds in an offset are no part of the standard, but
//! time zones of the nineteenth century have them, and Python writes them.

use std::fmt::Write as _;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// `2025-01-06T09:00:00.250000+00:00`, without a fraction if it is zero. `None` for a year without four digits.
pub(super) fn write_timestamp(value: OffsetDateTime) -> Option<String> {
    let mut text = write_local_timestamp(PrimitiveDateTime::new(value.date(), value.time()))?;
    let (hours, minutes, seconds) = value.offset().as_hms();
    // `UtcOffset` goes up to 25 hours; the grammar above, which has to read this again, does not.
    if hours.abs() > 23 {
        return None;
    }
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
pub(super) fn write_local_timestamp(value: PrimitiveDateTime) -> Option<String> {
    let mut text = write_date(value.date())?;
    let (hour, minute, second, nanosecond) = value.as_hms_nano();
    let _infallible = write!(text, "T{hour:02}:{minute:02}:{second:02}");
    // Six digits wherever they suffice: they are Postgres's resolution, and Python's `isoformat` writes the same text.
    let _infallible = match (nanosecond, nanosecond % 1000) {
        (0, _) => Ok(()),
        (_, 0) => write!(text, ".{:06}", nanosecond / 1000),
        _ => write!(text, ".{nanosecond:09}"),
    };
    Some(text)
}

/// `2025-01-06`.
pub(super) fn write_date(value: Date) -> Option<String> {
    let (year, month, day) = value.to_calendar_date();
    let written = (0..=9999).contains(&year);
    written.then(|| format!("{year:04}-{:02}-{day:02}", u8::from(month)))
}

/// With an offset.
pub(super) fn read_timestamp(text: &str) -> Option<OffsetDateTime> {
    let (local, offset) = read_parts(text)?;
    Some(local.assume_offset(offset?))
}

/// Without one; text with an offset is something else.
pub(super) fn read_local_timestamp(text: &str) -> Option<PrimitiveDateTime> {
    let (local, offset) = read_parts(text)?;
    offset.is_none().then_some(local)
}

pub(super) fn read_date(text: &str) -> Option<Date> {
    let mut text = UnreadText(text.as_bytes());
    let date = text.read_date()?;
    text.0.is_empty().then_some(date)
}

fn read_parts(text: &str) -> Option<(PrimitiveDateTime, Option<UtcOffset>)> {
    let mut text = UnreadText(text.as_bytes());
    let date = text.read_date()?;
    text.skip_byte(b'T')?;
    let time = text.read_time()?;
    let offset = match text.0 {
        [] => None,
        _ => Some(text.read_offset()?),
    };
    let is_read = text.0.is_empty();
    is_read.then_some((PrimitiveDateTime::new(date, time), offset))
}

/// The unread rest of a text.
struct UnreadText<'t>(&'t [u8]);

impl UnreadText<'_> {
    fn skip_byte(&mut self, expected: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        (*first == expected).then_some(())
    }

    /// So many digits.
    fn read_digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, digit| {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
            Some(number * 10 + u32::from(digit))
        })
    }

    fn read_two_digits(&mut self) -> Option<u8> {
        self.read_digits(2)?.try_into().ok()
    }

    fn read_date(&mut self) -> Option<Date> {
        let year = i32::try_from(self.read_digits(4)?).ok()?;
        self.skip_byte(b'-')?;
        let month = Month::try_from(self.read_two_digits()?).ok()?;
        self.skip_byte(b'-')?;
        Date::from_calendar_date(year, month, self.read_two_digits()?).ok()
    }

    fn read_time(&mut self) -> Option<Time> {
        let hour = self.read_two_digits()?;
        self.skip_byte(b':')?;
        let minute = self.read_two_digits()?;
        self.skip_byte(b':')?;
        let second = self.read_two_digits()?;
        let nanosecond = if self.0.first() == Some(&b'.') {
            self.skip_byte(b'.')?;
            self.read_fraction()?
        } else {
            0
        };
        Time::from_hms_nano(hour, minute, second, nanosecond).ok()
    }

    /// In nanoseconds.
    fn read_fraction(&mut self) -> Option<u32> {
        let count = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let missing = 9_usize.checked_sub(count)?;
        let digits = if count == 0 {
            None
        } else {
            self.read_digits(count)
        };
        Some(digits? * 10_u32.pow(u32::try_from(missing).ok()?))
    }

    fn read_offset(&mut self) -> Option<UtcOffset> {
        let sign = match self.0.first()? {
            b'Z' => {
                self.skip_byte(b'Z')?;
                return Some(UtcOffset::UTC);
            }
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        self.0 = &self.0[1..];
        let hours = self.read_two_digits().filter(|hours| *hours < 24)?;
        self.skip_byte(b':')?;
        let minutes = self.read_two_digits().filter(|minutes| *minutes < 60)?;
        let seconds = if self.0.is_empty() {
            0
        } else {
            self.skip_byte(b':')?;
            self.read_two_digits().filter(|seconds| *seconds < 60)?
        };
        let whole = i32::from(hours) * 3600 + i32::from(minutes) * 60 + i32::from(seconds);
        UtcOffset::from_whole_seconds(sign * whole).ok()
    }
}
