//! Functions that give a caller the rights of their owner, by names that the caller resolves.

use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Function;

pub(super) const RULE: Rule = Rule {
    id: "definer-search-path",
    set: Set::General,
    promise: "a SECURITY DEFINER function sets its search_path, with pg_temp last",
    why: "Whoever calls it otherwise decides which tables and functions its names mean, and it reads and runs \
          those with the rights of its owner. Temporary tables come first unless pg_temp is named last.",
    bad: "
CREATE FUNCTION note_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE FUNCTION tag_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT 1';",
    good: "
CREATE FUNCTION note_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS 'SELECT 1';
CREATE FUNCTION tag_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1';",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let functions = context.schema.functions.iter();
    let definers = functions.filter(|function| function.security_definer);
    definers.filter_map(describe_violation).collect()
}

fn describe_violation(function: &Function) -> Option<Finding> {
    let mut settings = function.settings.iter();
    let path = settings.find_map(|setting| setting.strip_prefix("search_path="));
    let wrong = match path {
        Some("" | "\"\"") => return None,
        Some(path) if ends_in_temporary(path) => return None,
        Some(_) => "lets temporary tables come first",
        None => "takes the caller's search_path",
    };
    let name = &function.name.sql;
    Some(Finding {
        object: function.name.annotation_key(),
        message: format!("`{name}` runs as its owner and {wrong}"),
        place: LinePrefixes::function(function),
        fix: FindingFix::Sql(format!(
            "ALTER ROUTINE {name} SET search_path = {};",
            safe_path(path, &function.name.schema)
        )),
    })
}

/// The path as it is with `pg_temp` last, or that of the function's own schema.
fn safe_path(path: Option<&str>, schema: &str) -> String {
    match path {
        Some(path) => {
            let schemas = path.split(", ").filter(|schema| *schema != "pg_temp");
            schemas.chain(["pg_temp"]).collect::<Vec<_>>().join(", ")
        }
        None => format!("pg_catalog, \"{schema}\", pg_temp").replace("\"public\"", "public"),
    }
}

/// Whether temporary tables come last: the last element is `pg_temp`, not a schema whose name ends like it.
fn ends_in_temporary(path: &str) -> bool {
    let last = path.rsplit(',').next().unwrap_or(path);
    last.trim().trim_matches('"') == "pg_temp"
}
