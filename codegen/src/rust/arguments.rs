//! The expression that makes the request of a function's parameters: the values of one row, the arrays of a slice, or the rows
//! of a COPY.

use super::fields::ParameterField;
use super::types::{Sending, TypeMap};
use crate::query::Finished;
use crate::query::{BulkForm, BulkValue, Command};

/// The request of a call.
pub(super) struct SentArguments {
    /// The OIDs that are declared: of the parameters, or of the columns of COPY.
    pub(super) oids: Vec<u32>,
    /// The calls on the query.
    pub(super) arguments: String,
}

impl SentArguments {
    /// `fields` are the parameters, in order.
    pub(super) fn of(typed: &Finished, fields: &[ParameterField], map: &TypeMap<'_>) -> Self {
        match (typed.query.command, &typed.bulk) {
            (Command::Copy, Some(_)) => Self::rows(typed, fields, map),
            (_, Some(_)) => Self::arrays(typed, fields, map),
            (_, None) => Self::values(typed, fields, map),
        }
    }

    /// `.arguments().push(id).push_array(1043, names)`
    fn values(typed: &Finished, fields: &[ParameterField], map: &TypeMap<'_>) -> Self {
        let pushed = typed.parameters.iter().zip(fields);
        let pushed = pushed.map(|(parameter, field)| match field.part {
            Some(part) => push_part(parameter.type_oid, field, part.index, map),
            None => push_value(parameter.type_oid, field, map),
        });
        Self {
            oids: typed.parameters.iter().map(|p| p.type_oid).collect(),
            arguments: format!(".arguments(){}", pushed.collect::<String>()),
        }
    }

    /// `.arguments().push_each(25, rows, |row| &row.name)`
    fn arrays(typed: &Finished, fields: &[ParameterField], map: &TypeMap<'_>) -> Self {
        let push = |(taken, field): (BulkValue, &ParameterField)| {
            let element = map.stable_oid(taken.type_oid);
            let sending = field.rust_type.sending();
            match (taken.shape, sending) {
                (BulkForm::Value, _) => {
                    let value = sending.wrap(&field.value);
                    format!(".push_each({element}, rows, |row| {value})")
                }
                (BulkForm::List, Sending::Plain) => {
                    format!(".push_lists({element}, rows, |row| {})", field.value)
                }
                (BulkForm::List, _) => {
                    format!(".push_lists_for_sqlx(rows, |row| {})", field.value)
                }
            }
        };
        let oids = |(taken, _): (BulkValue, &ParameterField)| {
            let array = map.array_of(taken.type_oid).unwrap_or(0);
            match taken.shape {
                BulkForm::Value => vec![array],
                BulkForm::List => vec![INT4_ARRAY, INT4_ARRAY, array],
            }
        };
        let pushed: String = taken_values(typed, fields).map(push).collect();
        Self {
            oids: taken_values(typed, fields).flat_map(oids).collect(),
            arguments: format!(".arguments(){pushed}"),
        }
    }

    /// `.copy(rows, |row, into| into.push(&row.name))`
    fn rows(typed: &Finished, fields: &[ParameterField], map: &TypeMap<'_>) -> Self {
        let taken = taken_values(typed, fields);
        let pushed: String = taken
            .map(|(taken, field)| push_value(taken.type_oid, field, map))
            .collect();
        Self {
            oids: taken_values(typed, fields)
                .map(|(taken, _)| taken.type_oid)
                .collect(),
            arguments: format!(".copy(rows, |row, into| into{pushed})"),
        }
    }
}

/// The OID of `int4[]`.
const INT4_ARRAY: u32 = 1007;

/// The values that are taken of each element of the slice, with their fields.
fn taken_values<'t>(
    typed: &'t Finished,
    fields: &'t [ParameterField],
) -> impl Iterator<Item = (BulkValue, &'t ParameterField)> {
    let values = typed.bulk.iter().flat_map(|bulk| &bulk.values);
    values.filter_map(|value| Some((*value, fields.get(value.parameter)?)))
}

/// `.push_part(25, pairs, |row| &row.1)`
fn push_part(array: u32, field: &ParameterField, index: usize, map: &TypeMap<'_>) -> String {
    let value = &field.value;
    match field.part_sending {
        Sending::Plain => {
            let element = map.element_of(array).map_or(0, |oid| map.stable_oid(oid));
            format!(".push_part({element}, {value}, |row| &row.{index})")
        }
        _ => format!(".push_part_for_sqlx({value}, |row| &row.{index})"),
    }
}

/// An array says which type its elements have, because sqlx would declare another for some Rust types.
fn push_value(type_oid: u32, field: &ParameterField, map: &TypeMap<'_>) -> String {
    let value = &field.value;
    match map.unlike_element(type_oid) {
        Some(element) => format!(".push_array({element}, {value})"),
        None => format!(".push({})", field.rust_type.sending().wrap(value)),
    }
}
