//! Functions, operators and casts, by the reviewed list.

use super::expression::Place;
use super::{Prover, Verdict};
use crate::query::TypeKind;
use crate::query::analysis::catalog::Rule;
use crate::query::analysis::tree::{Call, Expr};

impl<'t> Prover<'t> {
    pub(super) fn call(&self, place: Place<'t, '_>, call: &'t Call) -> Verdict {
        let Some(function) = self.catalog.functions.get(&call.function) else {
            return Verdict::maybe("no proof: a function that the catalog does not have");
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
            Rule::Always if !call.variadic => Verdict::never(format!("{name} never gives NULL")),
            // `concat_ws` is NULL for a NULL separator alone; the other arguments are skipped.
            Rule::First if !call.variadic => {
                let first = call.arguments.get(..1).unwrap_or_default();
                self.all(place, first, &name)
            }
            // `extract(day from 'infinity')` is NULL (9.9.1 "EXTRACT"): a field that oscillates has
            // no limit.
            Rule::Field if !is_endless(call) => {
                Verdict::maybe(format!("{name} of this field is NULL at infinity"))
            }
            Rule::Field | Rule::Always | Rule::First | Rule::Arguments => {
                self.all(place, &call.arguments, &name)
            }
            // Bodies are read of user functions only; a built-in function is judged by the list
            // alone.
            _ if function.body.is_some() => self.called(place, call, function),
            _ => Verdict::maybe(format!("no proof: {name} may return NULL")),
        }
    }

    /// `x = ANY (array)` is NULL if no element matches and one of them is NULL.
    pub(super) fn any_array(
        &self,
        place: Place<'t, '_>,
        function: u32,
        arguments: &'t [Expr],
    ) -> Verdict {
        let listed = self.catalog.functions.get(&function);
        // `= ANY` accepts any operator that gives boolean; one of the user may give NULL for two
        // values.
        if !listed.is_some_and(|function| function.rule == Rule::Arguments) {
            return Verdict::maybe("no proof: the operator may give NULL");
        }
        let [_, array] = arguments else {
            return Verdict::maybe("no proof: a comparison that is not understood");
        };
        let verdict = self.all(place, arguments, "a comparison");
        if verdict.nullable {
            return verdict;
        }
        // The array is there and the value is, so only an element can make a comparison NULL.
        self.elements(place, array)
    }

    /// A cast by way of text: only the input function of a type could make a NULL of a value.
    pub(super) fn input_output(
        &self,
        place: Place<'t, '_>,
        argument: &'t Expr,
        result: u32,
    ) -> Verdict {
        let known = self
            .types
            .get(result)
            // A domain is neither: its base type's input function runs, but a CHECK of it may be
            // anything.
            .is_some_and(|found| found.is_built_in() || matches!(found.kind, TypeKind::Enum(_)));
        if known {
            return self.expression(place, argument);
        }
        Verdict::maybe("no proof: a cast to a type that is not built in")
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
