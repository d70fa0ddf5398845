//! The servers that a pool accepts: the setting `target_session_attrs`, with the words of libpq.

use std::fmt;

/// The sessions that a pool accepts, as libpq's `target_session_attrs`. Any other session is closed, and the pool connects again
/// until a transaction's time to wait for a connection is over.
///
/// For one host whose address moves, for example to the primary of the moment. A URL with several hosts is not supported.
///
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS>
///
/// ```
/// use xact::{PoolSettings, TargetSessionAttrs};
///
/// # fn example() -> Result<(), xact::Error> {
/// let settings = PoolSettings::from_url("postgres://db.example.com/app?target_session_attrs=read-write")?;
/// let settings = settings.target_session_attrs(TargetSessionAttrs::Primary);
/// # let _ = settings; Ok(()) }
/// # example().unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetSessionAttrs {
    /// `any`: every session.
    #[default]
    Any,
    /// `read-write`: the server is not a standby, and `default_transaction_read_only` is off.
    ReadWrite,
    /// `read-only`: the server is a standby, or `default_transaction_read_only` is on.
    ReadOnly,
    /// `primary`: the server is not a standby.
    Primary,
    /// `standby`: the server is a standby.
    Standby,
    /// `prefer-standby`: every session, because there is one host; but writes are not expected.
    PreferStandby,
}

const NAMES: &[(&str, TargetSessionAttrs)] = &[
    ("any", TargetSessionAttrs::Any),
    ("read-write", TargetSessionAttrs::ReadWrite),
    ("read-only", TargetSessionAttrs::ReadOnly),
    ("primary", TargetSessionAttrs::Primary),
    ("standby", TargetSessionAttrs::Standby),
    ("prefer-standby", TargetSessionAttrs::PreferStandby),
];

impl TargetSessionAttrs {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(known, _)| *known == name.trim());
        found.map(|(_, attrs)| *attrs)
    }

    /// Whether a session may take writes.
    pub(crate) fn allows_writes(self) -> bool {
        matches!(self, Self::Any | Self::ReadWrite | Self::Primary)
    }

    /// Whether each session takes writes.
    pub(crate) fn needs_writes(self) -> bool {
        matches!(self, Self::ReadWrite | Self::Primary)
    }
}

impl fmt::Display for TargetSessionAttrs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = NAMES.iter().find(|(_, attrs)| attrs == self);
        f.write_str(found.map_or("any", |(name, _)| name))
    }
}
