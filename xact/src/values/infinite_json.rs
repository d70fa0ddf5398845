//! Infinities in JSON: the texts that Postgres has for them, in the place of a date or timestamp.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MaybeInfinite;
use crate::json::Typed;

/// `to_json('infinity'::date)` writes the same texts.
const INFINITY: &str = "infinity";
const NEGATIVE_INFINITY: &str = "-infinity";

impl<T: Serialize> Serialize for MaybeInfinite<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::NegativeInfinity => serializer.serialize_str(NEGATIVE_INFINITY),
            Self::Finite(value) => value.serialize(serializer),
            Self::Infinity => serializer.serialize_str(INFINITY),
        }
    }
}

impl<'de, T: for<'v> Deserialize<'v>> Deserialize<'de> for MaybeInfinite<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A text may be a date too, so it is read before it is known which of the two it is.
        let value = serde_json::Value::deserialize(deserializer)?;
        match value.as_str() {
            Some(INFINITY) => Ok(Self::Infinity),
            Some(NEGATIVE_INFINITY) => Ok(Self::NegativeInfinity),
            _ => T::deserialize(value)
                .map(Self::Finite)
                .map_err(D::Error::custom),
        }
    }
}

impl<Kind, T: Typed<Kind>> Typed<Kind> for MaybeInfinite<T> {
    type Written = MaybeInfinite<T::Written>;

    fn write(&self) -> Self::Written {
        match self {
            Self::NegativeInfinity => MaybeInfinite::NegativeInfinity,
            Self::Finite(value) => MaybeInfinite::Finite(value.write()),
            Self::Infinity => MaybeInfinite::Infinity,
        }
    }

    fn read(written: Self::Written) -> Self {
        match written {
            MaybeInfinite::NegativeInfinity => Self::NegativeInfinity,
            MaybeInfinite::Finite(value) => Self::Finite(T::read(value)),
            MaybeInfinite::Infinity => Self::Infinity,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::MaybeInfinite;
    use serde::{Deserialize, Serialize};
    use time::{Date, OffsetDateTime};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Stay {
        #[serde(with = "crate::json::rfc3339")]
        since: MaybeInfinite<OffsetDateTime>,
        #[serde(default, with = "crate::json::date")]
        until: Option<MaybeInfinite<Date>>,
    }

    #[test]
    fn infinities_are_texts_that_read_back() {
        let stay = Stay {
            since: MaybeInfinite::NegativeInfinity,
            until: Some(MaybeInfinite::Infinity),
        };
        let json = r#"{"since":"-infinity","until":"infinity"}"#;
        assert_eq!(serde_json::to_string(&stay).unwrap(), json);
        assert_eq!(serde_json::from_str::<Stay>(json).unwrap(), stay);
        let finite = Stay {
            since: OffsetDateTime::UNIX_EPOCH.into(),
            until: Some(OffsetDateTime::UNIX_EPOCH.date().into()),
        };
        let json = r#"{"since":"1970-01-01T00:00:00+00:00","until":{"__sentinel":"date","value":"1970-01-01"}}"#;
        assert_eq!(serde_json::to_string(&finite).unwrap(), json);
        assert_eq!(serde_json::from_str::<Stay>(json).unwrap(), finite);
        assert!(serde_json::from_str::<Stay>(r#"{"since":"Infinity"}"#).is_err());
    }
}
