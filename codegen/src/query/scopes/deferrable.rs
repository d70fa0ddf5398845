//! ON CONFLICT on deferrable constraints, which Postgres plans and refuses for each row.
//!
//! Given: typed queries. Gives: a diagnostic for each whose plan uses such a constraint, also through views, rules and WITH. Which
//! indexes ON CONFLICT infers is the planner's answer: the arbiters in the output of EXPLAIN.

use super::attempt;
use super::refused::find_keywords;
use crate::catalog_query::fetch_catalog_with;
use crate::query::TypeCatalog;
use crate::query::analysis::Typed;
use crate::query::planned::fetch_plan;
use crate::report::diagnostic::Diagnostic;
use crate::sql::lexer;
use serde_json::Value;
use sqlx::{PgConnection, Row as _};

/// A diagnostic for each query that meets a deferrable constraint.
pub(super) async fn check_conflicts(
    connection: &mut PgConnection,
    queries: &[Typed],
    types: &TypeCatalog,
) -> Result<Vec<Diagnostic>, sqlx::Error> {
    let suspects: Vec<&Typed> = queries.iter().filter(|typed| has_conflict(typed)).collect();
    // Few schemas have one, and planning each statement once more takes longer than this.
    if suspects.is_empty() || !has_deferrable(connection).await? {
        return Ok(Vec::new());
    }
    let mut diagnostics = Vec::new();
    for typed in suspects {
        let Some(placeholders) = attempt::placeholders_of(typed, types) else {
            continue;
        };
        let plan = fetch_plan(connection, &typed.query.sql.text, &placeholders).await?;
        for arbiters in plan.iter().flat_map(list_arbiters) {
            if let Some(found) = find_deferrable(connection, &arbiters).await? {
                let diagnostic = refuse_deferrable(typed, &arbiters, &found);
                diagnostics.push(typed.query.in_variant(diagnostic));
            }
        }
    }
    Ok(diagnostics)
}

fn has_conflict(typed: &Typed) -> bool {
    let words = lexer::words(&typed.query.sql.text);
    words.iter().any(|word| word.is("CONFLICT"))
}

async fn has_deferrable(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_index AS i
               WHERE NOT i.indimmediate AND (i.indisunique OR i.indisexclusion))";
    let rows = fetch_catalog_with(connection, sql, |query| query).await?;
    rows.first().map_or(Ok(false), |row| row.try_get(0))
}

/// The relation that an INSERT writes to, and the indexes whose duplicates ON CONFLICT catches.
#[derive(Debug, PartialEq, Eq)]
struct PlannedArbiters {
    schema: String,
    relation: String,
    /// None for ON CONFLICT DO NOTHING without a key, which is about all indexes.
    indexes: Option<Vec<String>>,
}

/// Those of each INSERT in a plan.
fn list_arbiters(plan: &Value) -> Vec<PlannedArbiters> {
    let text = |key: &str| plan[key].as_str().map(str::to_owned);
    let names = |list: &Vec<Value>| {
        let names = list.iter().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    };
    let own = plan["Conflict Resolution"].as_str().and_then(|_| {
        Some(PlannedArbiters {
            schema: text("Schema")?,
            relation: text("Relation Name")?,
            indexes: plan["Conflict Arbiter Indexes"].as_array().map(names),
        })
    });
    // EXPLAIN has a list of statements, a plan in each, and plans within plans.
    let statements = plan.as_array().into_iter().flatten();
    let inner = plan["Plans"].as_array().into_iter().flatten();
    let within = statements.chain(plan.get("Plan")).chain(inner);
    own.into_iter()
        .chain(within.flat_map(list_arbiters))
        .collect()
}

/// A constraint that is checked at the end of the statement or the transaction.
struct DeferrableConstraint {
    /// Whether it is one of the relation itself, and not of a partition.
    is_target: bool,
    name: String,
    relation: String,
    quoted: String,
    definition: String,
}

async fn find_deferrable(
    connection: &mut PgConnection,
    arbiters: &PlannedArbiters,
) -> Result<Option<DeferrableConstraint>, sqlx::Error> {
    let sql = include_str!("deferrable.sql");
    let rows = fetch_catalog_with(connection, sql, |query| {
        let query = query.bind(arbiters.schema.clone());
        let query = query.bind(arbiters.relation.clone());
        query.bind(arbiters.indexes.clone())
    })
    .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(DeferrableConstraint {
        is_target: row.try_get("is_target")?,
        name: row.try_get("name")?,
        relation: row.try_get("relation")?,
        quoted: row.try_get("quoted")?,
        definition: row.try_get("definition")?,
    }))
}

fn refuse_deferrable(
    typed: &Typed,
    arbiters: &PlannedArbiters,
    found: &DeferrableConstraint,
) -> Diagnostic {
    let DeferrableConstraint {
        name,
        relation,
        quoted,
        definition,
        ..
    } = found;
    let span = &typed.query.span;
    let span = find_keywords("ON CONFLICT", span).unwrap_or_else(|| span.clone());
    let message = format!("ON CONFLICT meets `{name}` of `{relation}`, which is DEFERRABLE");
    // `DEFERRABLE` and `INITIALLY DEFERRED` are at the end (`pg_get_constraintdef`).
    let at_once = definition.split(" DEFERRABLE").next().unwrap_or(definition);
    let alter = format!(
        "ALTER TABLE {relation} DROP CONSTRAINT {quoted}, ADD CONSTRAINT {quoted} {at_once}"
    );
    let help = match arbiters.indexes {
        Some(_) => format!("have it checked at once, in a migration: `{alter}`"),
        None => format!(
            "name another key, `ON CONFLICT (…)`; or have it checked at once, in a migration: `{alter}`"
        ),
    };
    let diagnostic = Diagnostic::error("deferrable-key", span, message);
    if found.is_target {
        let note = "Postgres refuses each row when the statement runs";
        return diagnostic.note(note).help(help);
    }
    let note =
        format!("Postgres refuses each row of the partition `{relation}` when the statement runs");
    diagnostic.warning().note(note).help(help)
}

#[cfg(test)]
mod tests {
    use super::{PlannedArbiters, list_arbiters};
    use serde_json::json;

    #[test]
    fn arbiters_are_found_in_plans_within_plans() {
        let insert = json!({
            "Node Type": "ModifyTable", "Schema": "public", "Relation Name": "t",
            "Conflict Resolution": "NOTHING", "Conflict Arbiter Indexes": ["t_a_key"], "Plans": [{ "Node Type": "Result" }],
        });
        let plain = json!({ "Node Type": "ModifyTable", "Schema": "public", "Relation Name": "t", "Plans": [insert] });
        let found = PlannedArbiters {
            schema: "public".to_owned(),
            relation: "t".to_owned(),
            indexes: Some(vec!["t_a_key".to_owned()]),
        };
        assert_eq!(list_arbiters(&json!([{ "Plan": plain }])), [found]);
    }
}
