//! Types of the extensions that come with Postgres: `cube`, `hstore`, `ltree`, `lquery`.

use std::fmt::Display;
use std::str::FromStr;

use sqlx::error::BoxDynError;
use sqlx::postgres::types::{PgCube, PgHstore, PgLQuery, PgLTree};

use super::wire::Reader;
use super::{FromSql, SqlValue, Unreadable};

impl FromSql<'_> for PgHstore {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "hstore");
        let mut all = Self::default();
        for _ in 0..reader.read_count()? {
            let key = reader.read_value()?.ok_or_else(|| reader.malformed())?;
            let value = reader.read_value()?.map(std::str::from_utf8).transpose()?;
            all.insert(
                std::str::from_utf8(key)?.to_owned(),
                value.map(str::to_owned),
            );
        }
        Ok(all)
    }
}

/// Set if both corners are the same, and only one is sent: `cubedata.h` in Postgres's `contrib/cube`.
const IS_POINT: u32 = 1 << 31;

impl FromSql<'_> for PgCube {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "cube");
        let header = reader.read_u32()?;
        let dimensions = usize::try_from(header & !IS_POINT)?;
        let mut corner = || -> Result<Vec<f64>, BoxDynError> {
            let coordinates = (0..dimensions).map(|_| reader.read_f64());
            coordinates.collect()
        };
        let first = corner()?;
        Ok(match (header & IS_POINT != 0, first.as_slice()) {
            (true, [only]) => Self::Point(*only),
            (true, _) => Self::ZeroVolume(first),
            (false, [from]) => {
                let from = *from;
                let to = corner()?.first().copied().unwrap_or(from);
                Self::OneDimensionInterval(from, to)
            }
            (false, _) => {
                let second = corner()?;
                Self::MultiDimension(vec![first, second])
            }
        })
    }
}

/// Text with a version in front, as `ltree` and `lquery` are sent.
fn versioned_text<'r>(
    value: SqlValue<'r, '_>,
    postgres_type: &'static str,
) -> Result<&'r str, BoxDynError> {
    let text = value.as_bytes()?.strip_prefix(&[1]);
    let text = text.ok_or_else(|| Unreadable::malformed(postgres_type))?;
    Ok(std::str::from_utf8(text)?)
}

/// Reads text by sqlx, whose types cannot hold every value of Postgres: text that is not written back unchanged is an error.
fn parse_faithfully<T: FromStr + Display>(
    text: &str,
    problem: &'static str,
) -> Result<T, BoxDynError> {
    let read = text.parse::<T>().ok();
    let same = read.filter(|read| read.to_string() == text);
    same.ok_or_else(|| Unreadable::new(problem).into())
}

impl FromSql<'_> for PgLTree {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        match versioned_text(value, "ltree")? {
            // The path without labels; sqlx would read one label that is empty.
            "" => Ok(Self::new()),
            text => parse_faithfully(
                text,
                "sqlx's `PgLTree` cannot hold its labels; cast it to `text`",
            ),
        }
    }
}

impl FromSql<'_> for PgLQuery {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let text = versioned_text(value, "lquery")?;
        parse_faithfully(text, "sqlx's `PgLQuery` cannot hold it; cast it to `text`")
    }
}
