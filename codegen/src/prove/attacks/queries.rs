//! Every generated query, with its own ids, with those of the other tenant, and with wildcards.

use super::arguments::{Choices, Slot, choose_values, combine_choices};
use super::functions::Callable;
use super::{Stage, write_probe};
use crate::prove::identities::Reach;
use crate::prove::probe::Probe;
use crate::query::{Finished, Kind};
use crate::sql::lexer::{TokenKind, tokens};

pub(super) fn object_of(query: &Finished) -> String {
    format!("query {}", query.query.name)
}

pub(super) fn list_calls(
    stage: &Stage<'_>,
    query: &Finished,
    functions: &[Callable],
    reach: Reach,
) -> Vec<Probe> {
    let choices: Vec<Choices> = query
        .parameters
        .iter()
        .map(|parameter| {
            let slot = Slot {
                name: &parameter.name,
                type_oid: parameter.type_oid,
                key: parameter.key,
                origin: parameter.origin,
            };
            choose_values(stage, &slot)
        })
        .collect();
    let object = object_of(query);
    let with_rows = !query.columns.is_empty();
    let combined = combine_choices(&choices, reach);
    let is_watched = may_write(query, functions);
    let mut probes: Vec<Probe> = combined
        .iter()
        .map(|values| {
            let statement = put_arguments(&query.query.sql.text, values);
            let mut probe = write_probe(&object, "run", statement, with_rows);
            probe.is_watched = is_watched;
            probe
        })
        .collect();
    if let (Some(values), true) = (
        combined.first(),
        reach != Reach::Plain && query.query.kind == Kind::Analysed,
    ) {
        probes.extend(repeat_plan(stage, query, values));
    }
    probes
}

/// Whether it may change rows: by its own words, or by a function that it calls.
fn may_write(query: &Finished, functions: &[Callable]) -> bool {
    let reads_only = query
        .tables
        .as_ref()
        .is_some_and(|tables| tables.writes.is_empty());
    !reads_only
        || functions
            .iter()
            .any(|function| query.query.sql.text.contains(function.bare_name()))
}

/// The statement with literals in place of its parameters.
fn put_arguments(sql: &str, values: &[String]) -> String {
    let mut statement = String::new();
    for token in tokens(sql) {
        let text = &sql[token.range.clone()];
        let number = (token.kind == TokenKind::Positional)
            .then(|| text[1..].parse::<usize>().ok())
            .flatten();
        match number.and_then(|number| values.get(number.checked_sub(1)?)) {
            Some(value) => statement.push_str(value),
            None => statement.push_str(text),
        }
    }
    statement
}

/// The query by the plan that it has from another tenant on the same connection.
fn repeat_plan(stage: &Stage<'_>, query: &Finished, values: &[String]) -> Option<Probe> {
    let other = stage.other?;
    let types = query.parameters.iter().map(|parameter| {
        let found = stage.tenants.types.get(parameter.type_oid);
        found.map(|found| found.sql_name.clone())
    });
    let types: Option<Vec<String>> = types.collect();
    let (types, arguments) = match types? {
        types if types.is_empty() => (String::new(), String::new()),
        types => (
            format!("({})", types.join(", ")),
            format!("({})", values.join(", ")),
        ),
    };
    let run = format!("EXECUTE xact_plan{arguments}");
    let mut before = vec!["SET LOCAL plan_cache_mode = force_generic_plan".to_owned()];
    before.extend(other.prologue.iter().cloned());
    before.push(format!(
        "PREPARE xact_plan{types} AS {}",
        query.query.sql.text
    ));
    before.push(run.clone());
    let mut probe = write_probe(&object_of(query), "run", run, !query.columns.is_empty());
    probe.before = before;
    probe.is_watched = false;
    probe.is_vague = true;
    Some(probe)
}
