//! The parameter of a list of rows, `(a, b) IN (:pairs)`: one slice of tuples, sent as an array for each column.

use super::fields::{ParameterField, is_switch};
use super::types::RustType;
use crate::query::RowPart;
use crate::query::analysis::Typed;

impl ParameterField {
    /// Whether it is a parameter of the function: of the columns of a list of rows the first is.
    pub(super) fn is_passed(&self) -> bool {
        self.part.is_none_or(|part| part.index == 0)
    }
}

/// Gives the fields of the columns of a list of rows the type of the list: a slice of tuples.
pub(super) fn join_row_lists(
    typed: &Typed,
    mut fields: Vec<ParameterField>,
) -> Vec<ParameterField> {
    for first in 0..fields.len() {
        let Some(RowPart { index: 0, of }) = fields[first].part else {
            continue;
        };
        let columns = fields[first..].iter().take(of);
        let row = RustType::Tuple(columns.map(|field| field.rust_type.element()).collect());
        let list = RustType::Borrowed(Box::new(RustType::Slice(Box::new(row))));
        let list = if is_switch(typed, &typed.query.parameters[first]) {
            list.or_left_out()
        } else {
            list
        };
        // The fields of a tuple have no names, so that one secret hides all of it.
        let secret = fields[first..].iter().take(of).any(|field| field.secret);
        let (name, value) = (fields[first].name.clone(), fields[first].value.clone());
        for field in fields.iter_mut().skip(first).take(of) {
            field.rust_type = list.clone();
            field.secret = secret;
            field.name.clone_from(&name);
            field.value.clone_from(&value);
        }
    }
    fields
}
