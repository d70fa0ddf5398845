//! Functions, operators and casts, by the reviewed list.

use super::expression::ExprPlace;
use super::{NullVerdict, NullabilityProver};
use crate::query::TypeKind;
use crate::query::analysis::catalog::{CatalogFunction, NotNullRule};
use crate::query::analysis::tree::{Call, Expr};

impl<'t> NullabilityProver<'t> {
    pub(super) fn call(&self, place: ExprPlace<'t, '_>, call: &'t Call) -> NullVerdict {
        let Some(function) = self.catalog.functions.get(&call.function) else {
            return NullVerdict::maybe("no proof: a function that the catalog does not have");
        };
        let name = format!("`{}`", function.name);
        // A set among the columns is expanded after everything else (`ProjectSet`), and its rows
        // are padded beside a longer one.
        if call.set {
            return self.set_in_columns(place, call, function);
        }
        match function.rule {
            // `VARIADIC NULL` makes even these NULL.
            // `concat` and `num_nulls` take any number of values and skip the NULL ones.
            NotNullRule::Always if !call.variadic => {
                NullVerdict::never(format!("{name} never gives NULL"))
            }
            // `concat_ws` is NULL for a NULL separator alone; the other arguments are skipped.
            NotNullRule::First if !call.variadic => {
                let first = call.arguments.get(..1).unwrap_or_default();
                self.all(place, first, &name)
            }
            // `extract(day from 'infinity')` is NULL (9.9.1 "EXTRACT"): a field that oscillates has
            // no limit.
            NotNullRule::Field if !is_endless(call) => {
                NullVerdict::maybe(format!("{name} of this field is NULL at infinity"))
            }
            NotNullRule::Field
            | NotNullRule::Always
            | NotNullRule::First
            | NotNullRule::Arguments => self.all(place, &call.arguments, &name),
            // Bodies are read of user functions only; a built-in function is judged by the list
            // alone.
            _ if function.body.is_some() => self.called(place, call, function),
            _ => NullVerdict::maybe(format!("no proof: {name} may return NULL")),
        }
    }

    /// `x = ANY (array)` is NULL if no element matches and one of them is NULL.
    pub(super) fn any_array(
        &self,
        place: ExprPlace<'t, '_>,
        function: u32,
        arguments: &'t [Expr],
    ) -> NullVerdict {
        let listed = self.catalog.functions.get(&function);
        // `= ANY` accepts any operator that gives boolean; one of the user may give NULL for two
        // values.
        if !listed.is_some_and(|function| function.rule == NotNullRule::Arguments) {
            return NullVerdict::maybe("no proof: the operator may give NULL");
        }
        let [_, array] = arguments else {
            return NullVerdict::maybe("no proof: a comparison that is not understood");
        };
        let verdict = self.all(place, arguments, "a comparison");
        if verdict.nullable {
            return verdict;
        }
        // The array is there and the value is, so only an element can make a comparison NULL.
        self.elements(place, array)
    }

    /// `IS DISTINCT FROM` decides for NULL itself, and asks `=` of two values; one of the user may give NULL for them.
    pub(super) fn distinct(&self, function: u32) -> NullVerdict {
        let equal = self.catalog.functions.get(&function);
        let is_reviewed =
            |equal: &CatalogFunction| equal.built_in || equal.rule == NotNullRule::Arguments;
        if equal.is_some_and(is_reviewed) {
            return NullVerdict::never("an IS test is true or false");
        }
        NullVerdict::maybe("no proof: the operator `=` may give NULL")
    }

    /// A cast by way of text: only the input function of a type could make a NULL of a value.
    pub(super) fn input_output(
        &self,
        place: ExprPlace<'t, '_>,
        argument: &'t Expr,
        result: u32,
    ) -> NullVerdict {
        let known = self
            .types
            .get(result)
            // A domain is neither: its base type's input function runs, but a CHECK of it may be
            // anything.
            .is_some_and(|found| found.is_built_in() || matches!(found.kind, TypeKind::Enum(_)));
        if known {
            return self.expression(place, argument);
        }
        NullVerdict::maybe("no proof: a cast to a type that is not built in")
    }
}

/// The fields of a date, time or interval that are infinite where it is.
// The units for which `NonFiniteTimestampTzPart` (timestamp.c) gives infinity and not NULL.
// Synonyms (`y`, `mil`) and upper case in `date_part` are not listed: they stay unproved.
const ENDLESS: &[&str] = &[
    "century",
    "decade",
    "epoch",
    "isoyear",
    "julian",
    "millennium",
    "year",
];

fn is_endless(call: &Call) -> bool {
    let Some(Expr::Const(field)) = call.arguments.first() else {
        return false;
    };
    // `date_part(column, …)` can ask for any field, so that the field has to be a constant.
    let field = field.text();
    field.is_some_and(|field| ENDLESS.contains(&field.as_str()))
}
