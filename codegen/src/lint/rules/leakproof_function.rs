//! Functions that Postgres may call with rows that policies hide.

use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::lint::volatility::{DeclaredFunction, Functions};

pub(super) const RULE: Rule = Rule {
    id: "leakproof-function",
    set: Set::General,
    promise: "no function of the project is LEAKPROOF",
    why: "Postgres calls a LEAKPROOF function before the policies, with values of rows that they hide. An error that shows its \
          argument, a message or a write then gives them away, and in SQL or PL/pgSQL nearly every expression can fail.",
    bad: "
CREATE FUNCTION as_number(value text) RETURNS int LANGUAGE sql IMMUTABLE LEAKPROOF AS 'SELECT value::int';",
    good: "
CREATE FUNCTION as_number(value text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT value::int';",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let functions = Functions::of(context.schema);
    let leakproof = functions.iter().filter(|declared| declared.leakproof);
    leakproof.map(describe_violation).collect()
}

fn describe_violation(declared: &DeclaredFunction<'_>) -> Finding {
    let function = declared.function;
    let name = &function.name.sql;
    Finding {
        object: function.name.annotation_key(),
        message: format!("`{name}` is LEAKPROOF, so it is called with rows that policies hide"),
        place: LinePrefixes::function(function),
        fix: FindingFix::Sql(format!("ALTER FUNCTION {name} NOT LEAKPROOF;")),
    }
}
