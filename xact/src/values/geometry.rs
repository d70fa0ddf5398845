//! Geometric types: floats one after the other.

use sqlx::error::BoxDynError;
use sqlx::postgres::types::{PgBox, PgCircle, PgLSeg, PgLine, PgPath, PgPoint, PgPolygon};

use super::wire::Reader;
use super::{FromSql, SqlValue};

/// Types whose bytes are the fields, in this order.
macro_rules! of_floats {
    ($($type:ident, $oid:literal, $name:literal: $($field:ident),+;)+) => {
        $(
            impl FromSql<'_> for $type {
                const OIDS: &'static [u32] = &[$oid];

                fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
                    let mut reader = Reader::new(value.as_bytes()?, $name);
                    Ok(Self { $($field: reader.read_f64()?),+ })
                }
            }
        )+
    };
}

of_floats! {
    PgPoint, 600, "point": x, y;
    PgLine, 628, "line": a, b, c;
    PgLSeg, 601, "lseg": start_x, start_y, end_x, end_y;
    PgBox, 603, "box": upper_right_x, upper_right_y, lower_left_x, lower_left_y;
    PgCircle, 718, "circle": x, y, radius;
}

fn read_points(reader: &mut Reader<'_>) -> Result<Vec<PgPoint>, BoxDynError> {
    let count = reader.read_count()?;
    let mut point = || {
        Ok(PgPoint {
            x: reader.read_f64()?,
            y: reader.read_f64()?,
        })
    };
    (0..count).map(|_| point()).collect()
}

impl FromSql<'_> for PgPath {
    const OIDS: &'static [u32] = &[602];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "path");
        Ok(Self {
            closed: reader.read_u8()? != 0,
            points: read_points(&mut reader)?,
        })
    }
}

impl FromSql<'_> for PgPolygon {
    const OIDS: &'static [u32] = &[604];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "polygon");
        Ok(Self {
            points: read_points(&mut reader)?,
        })
    }
}
