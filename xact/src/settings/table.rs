//! The settings by their names, in a URL and in the environment, as data.

use std::time::Duration;

use super::PoolSettings;
use crate::target_session::TargetSessionAttrs;

/// One setting.
pub(super) struct Entry {
    /// Its name in a URL.
    pub(super) parameter: &'static str,
    /// Its name in the environment.
    pub(super) variable: &'static str,
    /// The values that it can have, for an error.
    pub(super) expected: &'static str,
    /// `None` for any other value.
    pub(super) apply: fn(PoolSettings, &str) -> Option<PoolSettings>,
}

const NUMBER: &str = "a whole number";
const POSITIVE: &str = "a whole number from 1 on";
const SECONDS: &str = "a number of seconds";
const YES_OR_NO: &str = "`true` or `false`";
const TEXT: &str = "text";
const ATTRS: &str = "`any`, `read-write`, `read-only`, `primary`, `standby` or `prefer-standby`";

pub(super) const TABLE: &[Entry] = &[
    Entry {
        parameter: "pool_size",
        variable: "DATABASE_POOL_SIZE",
        expected: POSITIVE,
        apply: |settings, value| Some(settings.size(parse_number(value).filter(|size| *size > 0)?)),
    },
    Entry {
        parameter: "max_overflow",
        variable: "DATABASE_MAX_OVERFLOW",
        expected: NUMBER,
        apply: |settings, value| {
            let overflow = parse_number(value)?;
            Some(PoolSettings {
                overflow,
                ..settings
            })
        },
    },
    Entry {
        parameter: "pool_min_size",
        variable: "DATABASE_POOL_MIN_SIZE",
        expected: NUMBER,
        apply: |settings, value| Some(settings.min_size(parse_number(value)?)),
    },
    Entry {
        parameter: "pool_timeout",
        variable: "DATABASE_POOL_TIMEOUT",
        expected: SECONDS,
        apply: |settings, value| Some(settings.acquire_timeout(parse_seconds(value)?)),
    },
    Entry {
        parameter: "pool_recycle",
        variable: "DATABASE_POOL_RECYCLE",
        expected: SECONDS,
        apply: |settings, value| {
            let limit = if is_forever(value) {
                None
            } else {
                Some(parse_seconds(value)?)
            };
            Some(settings.max_lifetime(limit))
        },
    },
    Entry {
        parameter: "pool_idle_timeout",
        variable: "DATABASE_POOL_IDLE_TIMEOUT",
        expected: SECONDS,
        apply: |settings, value| {
            let limit = if is_forever(value) {
                None
            } else {
                Some(parse_seconds(value)?)
            };
            Some(settings.idle_timeout(limit))
        },
    },
    Entry {
        parameter: "echo",
        variable: "DATABASE_ECHO",
        expected: YES_OR_NO,
        apply: |settings, value| {
            let log = yes_or_no(value)?;
            Some(PoolSettings { log, ..settings })
        },
    },
    Entry {
        parameter: "slow_query",
        variable: "DATABASE_SLOW_QUERY",
        expected: SECONDS,
        apply: |settings, value| Some(settings.log_slow_statements(parse_seconds(value)?)),
    },
    Entry {
        parameter: "target_session_attrs",
        variable: "DATABASE_TARGET_SESSION_ATTRS",
        expected: ATTRS,
        apply: |settings, value| {
            Some(settings.target_session_attrs(TargetSessionAttrs::from_name(value)?))
        },
    },
    Entry {
        parameter: "application_name",
        variable: "DATABASE_APPLICATION_NAME",
        expected: TEXT,
        apply: |settings, value| Some(settings.application_name(value)),
    },
];

fn parse_number(value: &str) -> Option<u32> {
    value.trim().parse().ok()
}

fn parse_seconds(value: &str) -> Option<Duration> {
    let seconds: f64 = value.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// 0 is no limit, and so is the -1 of `SQLAlchemy`.
fn is_forever(value: &str) -> bool {
    matches!(value.trim(), "0" | "-1")
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Some(true),
        "false" | "off" | "no" | "0" => Some(false),
        _ => None,
    }
}
