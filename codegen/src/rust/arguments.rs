//! The expression that makes of a function's parameters what is sent: the values of one row, the arrays of a slice, or its lines.

use super::types::TypeMap;
use super::view::Field;
use crate::query::analysis::Typed;
use crate::query::{BulkValue, Command, Shape};

/// What a call sends.
pub(super) struct Sent {
    /// The OIDs that are declared: of the parameters, or of the columns of COPY.
    pub(super) oids: Vec<u32>,
    /// What is called on the query.
    pub(super) arguments: String,
}

impl Sent {
    /// `fields` are the parameters, in order.
    pub(super) fn of(typed: &Typed, fields: &[Field], map: &TypeMap<'_>) -> Self {
        match (typed.query.command, &typed.bulk) {
            (Command::Copy, Some(_)) => Self::lines(typed, fields, map),
            (_, Some(_)) => Self::arrays(typed, fields, map),
            (_, None) => Self::values(typed, fields, map),
        }
    }

    /// `.arguments().push(id).push_array(1043, names)`
    fn values(typed: &Typed, fields: &[Field], map: &TypeMap<'_>) -> Self {
        let pushed = typed.parameters.iter().zip(fields);
        let pushed = pushed.map(|(parameter, field)| push(parameter.type_oid, &field.value, map));
        Self {
            oids: typed.parameters.iter().map(|p| p.type_oid).collect(),
            arguments: format!(".arguments(){}", pushed.collect::<String>()),
        }
    }

    /// `.arguments().push_each(25, rows, |row| &row.name)`
    fn arrays(typed: &Typed, fields: &[Field], map: &TypeMap<'_>) -> Self {
        let push = |(taken, field): (BulkValue, &Field)| {
            let method = match taken.shape {
                Shape::Value => "push_each",
                Shape::List => "push_lists",
            };
            let element = map.stable_oid(taken.type_oid);
            format!(".{method}({element}, rows, |row| {})", field.value)
        };
        let oids = |(taken, _): (BulkValue, &Field)| {
            let array = map.array_of(taken.type_oid).unwrap_or(0);
            match taken.shape {
                Shape::Value => vec![array],
                Shape::List => vec![INT4_ARRAY, INT4_ARRAY, array],
            }
        };
        let pushed: String = taken(typed, fields).map(push).collect();
        Self {
            oids: taken(typed, fields).flat_map(oids).collect(),
            arguments: format!(".arguments(){pushed}"),
        }
    }

    /// `.copy(rows, |row, line| line.push(&row.name))`
    fn lines(typed: &Typed, fields: &[Field], map: &TypeMap<'_>) -> Self {
        let pushed =
            taken(typed, fields).map(|(taken, field)| push(taken.type_oid, &field.value, map));
        let line: String = pushed.collect();
        Self {
            oids: taken(typed, fields)
                .map(|(taken, _)| taken.type_oid)
                .collect(),
            arguments: format!(".copy(rows, |row, line| line{line})"),
        }
    }
}

/// The OID of `int4[]`.
const INT4_ARRAY: u32 = 1007;

/// What is taken of each element of the slice, with its field.
fn taken<'t>(
    typed: &'t Typed,
    fields: &'t [Field],
) -> impl Iterator<Item = (BulkValue, &'t Field)> {
    let values = typed.bulk.iter().flat_map(|bulk| &bulk.values);
    values.filter_map(|value| Some((*value, fields.get(value.parameter)?)))
}

/// An array says what its elements are, which for some types is not what their Rust type says.
fn push(type_oid: u32, value: &str, map: &TypeMap<'_>) -> String {
    match map.unlike_element(type_oid) {
        Some(element) => format!(".push_array({element}, {value})"),
        None => format!(".push({value})"),
    }
}
