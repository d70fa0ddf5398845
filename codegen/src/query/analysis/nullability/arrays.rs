//! Functions that give arrays: where none of the elements can be NULL.

use super::expression::ExprPlace;
use super::{NullVerdict, NullabilityProver};
use crate::query::analysis::tree::{Call, Expr};

/// The OIDs of `array_append` and `array_prepend`, which `||` calls as well, and of `array_cat`.
// Hand-assigned OIDs of `pg_proc.dat` keep their meaning in every major version; a name would have
// to be looked up by schema and argument types.
const APPEND: u32 = 378;
const PREPEND: u32 = 379;
const CONCATENATE: u32 = 383;

/// Functions of `pg_catalog` that never put NULL into the array they make, by their number of
/// arguments, for `string_to_array` can be told to with a third.
const WITHOUT_NULL: &[(&str, usize)] = &[
    ("array_positions", 2),
    ("enum_range", 1),
    ("enum_range", 2),
    ("parse_ident", 1),
    ("parse_ident", 2),
    ("regexp_split_to_array", 2),
    ("regexp_split_to_array", 3),
    ("string_to_array", 2),
    ("tsvector_to_array", 1),
];

impl<'t> NullabilityProver<'t> {
    pub(super) fn call_elements(&self, place: ExprPlace<'t, '_>, call: &'t Call) -> NullVerdict {
        match (call.function, call.arguments.as_slice()) {
            // Both accept a NULL array and give an array of the one value, so a nullable array does
            // no harm.
            (APPEND, [array, value]) | (PREPEND, [value, array]) => {
                let verdict = self.elements(place, array);
                if verdict.nullable {
                    return verdict;
                }
                self.expression(place, value)
            }
            (CONCATENATE, arrays) => self.elements_of_all(place, arrays),
            (_, arguments) => self.named_elements(place, call, arguments),
        }
    }

    fn named_elements(
        &self,
        place: ExprPlace<'t, '_>,
        call: &Call,
        arguments: &'t [Expr],
    ) -> NullVerdict {
        let function = self.catalog.functions.get(&call.function);
        // A user's function may share the name, so that the name proves something in `pg_catalog`
        // only.
        let Some(function) = function.filter(|function| function.built_in) else {
            return NullVerdict::maybe("no proof: an element of the array may be NULL");
        };
        let name = function.name.as_str();
        match (name, arguments) {
            // It compares by IS NOT DISTINCT FROM (9.19 "Array Functions and Operators"), so NULL
            // removes the NULL elements.
            ("array_remove", [_, Expr::Const(removed)]) if removed.value.is_none() => {
                NullVerdict::never("`array_remove` left no NULL")
            }
            ("array_remove" | "trim_array", [array, _]) => self.elements(place, array),
            _ if WITHOUT_NULL.contains(&(name, arguments.len())) => {
                NullVerdict::never(format!("`{name}` makes no NULL elements"))
            }
            _ => NullVerdict::maybe("no proof: an element of the array may be NULL"),
        }
    }
}
