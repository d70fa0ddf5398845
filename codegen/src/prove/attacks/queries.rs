//! Every generated query, with its own ids, with those of the other tenant, and with wildcards.

use super::arguments::{Slot, SlotValues, choose_values, combine_choices, combine_few};
use super::functions::Callable;
use super::{AttackStage, write_probe};
use crate::prove::identities::Reach;
use crate::prove::probe::Probe;
use crate::query::analysis::TypedParameter;
use crate::query::{BulkForm, Command, Finished, Kind, choose_variants};
use crate::sql::lexer::{TokenKind, tokens};

pub(super) fn object_of(query: &Finished) -> String {
    format!("query {}", query.query.name)
}

/// A statement of a query, and the parameters of the query that its own are.
struct SentStatement {
    sql: String,
    parameters: Vec<usize>,
    with_rows: bool,
}

pub(super) fn list_calls(
    stage: &AttackStage<'_>,
    query: &Finished,
    functions: &[Callable],
    reach: Reach,
) -> Vec<Probe> {
    // COPY is sent in place of its INSERT: no policy lets it pass, and no rule rewrites it. `copies.rs` runs it.
    if query.query.command == Command::Copy {
        return Vec::new();
    }
    let all = choose_parameters(stage, query);
    let is_watched = may_write(query, functions);
    let object = object_of(query);
    let mut probes = Vec::new();
    for (number, sent) in list_statements(query).iter().enumerate() {
        let choices: Vec<SlotValues> = sent
            .parameters
            .iter()
            .map(|index| all[*index].clone())
            .collect();
        // The other variants differ in parts of the text: their parameters were tried one at a time in the first.
        let combined = match number {
            0 => combine_choices(&choices, reach),
            _ => combine_few(&choices, reach),
        };
        for values in combined {
            let statement = put_arguments(&sent.sql, &values);
            let mut probe = write_probe(&object, "run", statement, sent.with_rows);
            probe.is_watched = is_watched;
            probes.push(probe);
        }
    }
    if reach != Reach::Plain {
        probes.extend(send_slices(stage, query, &all));
        let own: Vec<String> = all.iter().map(|choices| choices.own[0].clone()).collect();
        probes.extend(repeat_plan(stage, query, &own));
    }
    probes
}

pub(super) fn choose_parameters(stage: &AttackStage<'_>, query: &Finished) -> Vec<SlotValues> {
    let parameters = query.parameters.iter();
    parameters
        .map(|parameter| choose_parameter(stage, parameter))
        .collect()
}

fn choose_parameter(stage: &AttackStage<'_>, parameter: &TypedParameter) -> SlotValues {
    let slot = Slot {
        name: &parameter.name,
        type_oid: parameter.type_oid,
        key: parameter.key,
        origin: parameter.origin,
    };
    choose_values(stage, &slot)
}

/// How many variants of one query are attacked: the whole statement, and those that differ in one part or two.
const MOST_VARIANTS: usize = 24;

/// The statement as it is written, its other variants, and those of its pages.
fn list_statements(query: &Finished) -> Vec<SentStatement> {
    let with_rows = !query.columns.is_empty();
    let count = query.parameters.len();
    let mut statements = vec![SentStatement {
        sql: query.query.sql.text.clone(),
        parameters: (0..count).collect(),
        with_rows,
    }];
    if let Some(shape) = query.query.shape.as_deref() {
        let variants = choose_variants(shape)
            .into_iter()
            .map(|choices| shape.write_variant(choices));
        // A parameter of a page's cursor has no type of its own.
        let known =
            variants.filter(|variant| variant.parameters.iter().all(|index| *index < count));
        statements.extend(known.take(MOST_VARIANTS).map(|variant| SentStatement {
            sql: variant.sql.text,
            parameters: variant.parameters,
            with_rows,
        }));
    }
    if let Some(page) = &query.page {
        let none = String::new();
        let ends = [
            (&page.select, &page.first),
            (&page.select, &page.last),
            (&page.count, &none),
        ];
        statements.extend(ends.map(|(select, end)| {
            SentStatement {
                sql: [&page.with, select, &page.rows, end]
                    .map(String::as_str)
                    .concat(),
                parameters: (0..count).collect(),
                with_rows: true,
            }
        }));
    }
    statements
}

/// The statement for a slice of one element, own and foreign.
fn send_slices(stage: &AttackStage<'_>, query: &Finished, all: &[SlotValues]) -> Vec<Probe> {
    let Some(bulk) = query
        .bulk
        .as_ref()
        .filter(|_| query.query.command == Command::Batch)
    else {
        return Vec::new();
    };
    let types = stage.tenants.types;
    let write = |foreign: bool| -> Option<String> {
        let arrays = bulk.values.iter().map(|value| {
            let choices = all
                .get(value.parameter)
                .filter(|_| value.shape == BulkForm::Value)?;
            let found = if foreign {
                choices.foreign.first()
            } else {
                None
            };
            let element = types.get(value.type_oid)?;
            let array = types.get(element.array)?;
            let text = found.unwrap_or(&choices.own[0]);
            Some(format!("ARRAY[{text}]::{}", array.sql_name))
        });
        let arrays: Option<Vec<String>> = arrays.collect();
        Some(put_arguments(&bulk.sql, &arrays?))
    };
    let statements = [write(false), write(true)].into_iter().flatten();
    let probes = statements.map(|statement| {
        write_probe(
            &object_of(query),
            "run",
            statement,
            !query.columns.is_empty(),
        )
    });
    probes.collect()
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
    // By tokens: `$1` in a string or a comment is no parameter.
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
fn repeat_plan(stage: &AttackStage<'_>, query: &Finished, values: &[String]) -> Option<Probe> {
    let other = stage.other.filter(|_| query.query.kind == Kind::Analysed)?;
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
    // Postgres would otherwise plan each of the first five executions.
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
