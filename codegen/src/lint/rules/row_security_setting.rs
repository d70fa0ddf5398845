//! `row_security = off` of a function or role.

use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Function, Role};

pub(super) const RULE: Rule = Rule {
    id: "row-security-setting",
    set: Set::General,
    promise: "no function or role has `row_security = off`",
    why: "With `row_security = off`, a query that a policy would filter fails instead, and one of a role that bypasses policies reads \
          everything. It is a setting of dumps, and in a function it hides that the function depends on such a role.",
    bad: "
CREATE TABLE notes (body text NOT NULL);
CREATE FUNCTION all_notes() RETURNS SETOF notes LANGUAGE sql STABLE SET row_security = off AS 'SELECT body FROM notes';",
    good: "
CREATE TABLE notes (body text NOT NULL);
CREATE FUNCTION all_notes() RETURNS SETOF notes LANGUAGE sql STABLE AS 'SELECT body FROM notes';",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let functions = context.schema.functions.iter();
    let functions =
        functions.filter(|function| function.settings.iter().any(|setting| turns_off(setting)));
    let roles = context.schema.roles.iter();
    let roles = roles.filter(|role| role.settings.iter().any(|setting| turns_off(setting)));
    functions
        .map(describe_function)
        .chain(roles.map(describe_role))
        .collect()
}

/// `row_security=off` of a function, `row_security TO 'off'` of a role.
fn turns_off(setting: &str) -> bool {
    let rest = setting.strip_prefix("row_security").map(str::to_lowercase);
    rest.is_some_and(|rest| {
        ["off", "false", "no", "0"]
            .iter()
            .any(|word| rest.contains(word))
    })
}

fn describe_function(function: &Function) -> Finding {
    let name = &function.name.sql;
    Finding {
        object: function.name.annotation_key(),
        message: format!("`{name}` runs with `row_security = off`"),
        place: LinePrefixes::function(function),
        fix: FindingFix::Sql(format!("ALTER FUNCTION {name} RESET row_security;")),
    }
}

fn describe_role(role: &Role) -> Finding {
    let name = &role.sql;
    Finding {
        object: name.clone(),
        message: format!("`{name}` has `row_security = off` in every session"),
        place: LinePrefixes::block([format!("    CREATE ROLE {name} ")]),
        fix: FindingFix::Sql(format!("ALTER ROLE {name} RESET row_security;")),
    }
}
