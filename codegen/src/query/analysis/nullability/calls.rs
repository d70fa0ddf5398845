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
        if call.set {
            return self.set_in_columns(place, call, function);
        }
        match function.rule {
            // `VARIADIC NULL` makes even these NULL.
            Rule::Always if !call.variadic => Verdict::never(format!("{name} never gives NULL")),
            Rule::First if !call.variadic => {
                let first = call.arguments.get(..1).unwrap_or_default();
                self.all(place, first, &name)
            }
            Rule::Field if !is_endless(call) => {
                Verdict::maybe(format!("{name} of this field is NULL at infinity"))
            }
            Rule::Field | Rule::Always | Rule::First | Rule::Arguments => {
                self.all(place, &call.arguments, &name)
            }
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
            .is_some_and(|found| found.is_built_in() || matches!(found.kind, TypeKind::Enum(_)));
        if known {
            return self.expression(place, argument);
        }
        Verdict::maybe("no proof: a cast to a type that is not built in")
    }
}

/// The fields of a date, time or interval that are infinite where it is.
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
    let field = field.text();
    field.is_some_and(|field| ENDLESS.contains(&field.as_str()))
}
