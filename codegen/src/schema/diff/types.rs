//! Kept types and sequences, as far as Postgres can alter them.

use super::comparison::Comparison;
use super::ids::check_id;
use super::operation::{DatabaseFact, Operation, Rank};
use super::parts::comment_statement;
use super::plan::Plan;
use super::{enums, sequences};
use crate::schema::model::{
    Attached, Composite, Domain, DomainConstraint, Enum, Name, ObjectId, Sequence,
};
use crate::sql::quote::quote_identifier;

/// The cost of a new check of a domain.
const READS_DOMAIN: &str = "blocks writes while it reads every table with a column of the domain, and fails if a value breaks it";

/// Alters types that only gain labels or fields, and those with a statement for each change.
pub(super) fn alter_types(plan: &mut Plan, comparison: &Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let stays = |name: &Name| {
        !comparison
            .fates
            .is_gone(&ObjectId::data_type(name.sql.as_str()))
    };
    for (before, after) in kept_pairs(&old.enums, &new.enums, |item: &Enum| &item.name.sql) {
        if stays(&after.name) {
            enums::add_labels(plan, before, after);
        }
    }
    for (before, after) in kept_pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql) {
        if stays(&after.name) {
            alter_domain(plan, comparison, before, after);
        }
    }
    for (before, after) in kept_pairs(&old.composites, &new.composites, |item: &Composite| {
        &item.name.sql
    }) {
        if stays(&after.name) {
            alter_composite(plan, comparison, before, after);
        }
    }
    for (before, after) in kept_pairs(&old.sequences, &new.sequences, |item: &Sequence| {
        &item.name.sql
    }) {
        sequences::alter_sequence(plan, comparison, before, after);
    }
}

/// Objects of both schemas with the same name.
fn kept_pairs<'a, T>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&T) -> &String,
) -> Vec<(&'a T, &'a T)> {
    let pair = |before: &'a T| {
        Some((
            before,
            new.iter().find(|after| name(after) == name(before))?,
        ))
    };
    old.iter().filter_map(pair).collect()
}

/// Domains of both schemas that are not recreated.
fn kept_domains<'a>(comparison: &Comparison<'a>) -> Vec<(&'a Domain, &'a Domain)> {
    let (old, new) = (&comparison.old.domains, &comparison.new.domains);
    let mut domains = kept_pairs(old, new, |item: &Domain| &item.name.sql);
    domains.retain(|(_, after)| {
        let id = ObjectId::data_type(after.name.sql.as_str());
        !comparison.fates.is_gone(&id)
    });
    domains
}

/// Creates checks of kept domains, once the functions that they call are there.
pub(super) fn create_domain_checks(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in kept_domains(comparison) {
        for check in &after.constraints {
            let id = check_id(after, check);
            let mut formers = before.constraints.iter();
            let former = formers.find(|former| former.name == check.name);
            let former = former.filter(|_| !comparison.fates.is_gone(&id));
            if former.is_none() {
                add_check(plan, comparison, after, check);
            }
            let none = Attached::default();
            let attached = former.map_or(&none, |former| &former.attached);
            if attached.comment != check.attached.comment {
                let place = format!("{} ON DOMAIN {}", check.sql, after.name.sql);
                let sql = comment_statement("CONSTRAINT", &place, &check.attached);
                plan.run(Rank::Attachment, sql);
            }
        }
    }
}

fn add_check(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    domain: &Domain,
    check: &DomainConstraint,
) {
    let (name, sql) = (&domain.name.sql, &check.sql);
    let definition = &check.definition;
    let sql = format!("ALTER DOMAIN {name} ADD CONSTRAINT {sql} {definition};\n");
    let mut add = Operation::new(Rank::CreateConstraint, sql);
    // NOT VALID reads no rows.
    if check.valid {
        add = add.note(READS_DOMAIN);
    }
    plan.add(add.creates(comparison, &[check_id(domain, check)]));
}

/// Drops checks of domains that are removed, changed, or depend on a dropped object.
pub(super) fn drop_checks(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, _) in kept_domains(comparison) {
        for check in &before.constraints {
            let id = check_id(before, check);
            if comparison.fates.is_gone(&id) {
                let (domain, name) = (&before.name.sql, &check.sql);
                let sql = format!("ALTER DOMAIN {domain} DROP CONSTRAINT {name};\n");
                let free = DatabaseFact::Free(ObjectId::data_type(domain.as_str()));
                let drop = Operation::new(Rank::DropPart, sql).drops(comparison, &[id]);
                plan.add(drop.provides([free]));
            }
        }
    }
}

fn alter_domain(plan: &mut Plan, comparison: &Comparison<'_>, before: &Domain, after: &Domain) {
    let name = &after.name.sql;
    let id = ObjectId::data_type(name.as_str());
    let depends_on_gone = comparison.fates.is_any_gone(&before.attached.needs);
    let is_dropped = before.default.is_some() && (after.default.is_none() || depends_on_gone);
    if is_dropped && (depends_on_gone || before.default != after.default) {
        let sql = format!("ALTER DOMAIN {name} DROP DEFAULT;\n");
        let free = DatabaseFact::Free(id.clone());
        let drop = Operation::new(Rank::DropPart, sql).on(id.clone());
        plan.add(drop.provides([free]));
    }
    let former = before.default.as_ref().filter(|_| !is_dropped);
    if let Some(default) = after
        .default
        .as_ref()
        .filter(|default| former != Some(default))
    {
        let sql = format!("ALTER DOMAIN {name} SET DEFAULT {default};\n");
        let set = Operation::new(Rank::AlterType, sql);
        let set = set.needs_objects(comparison.after.needs(&id));
        plan.add(
            set.provides([
                DatabaseFact::Free(id.clone()),
                DatabaseFact::Ready(id.clone()),
            ])
            .on(id),
        );
    }
    if let Some(sql) = alter_not_null(before, after) {
        let operation = Operation::new(Rank::AlterType, sql);
        plan.add(if after.not_null && !before.not_null {
            operation.note(READS_DOMAIN)
        } else {
            operation
        });
    }
}

/// Since Postgres 17 the constraint has a name.
fn alter_not_null(before: &Domain, after: &Domain) -> Option<String> {
    let name = &after.name.sql;
    let (was_set, is_set) = (before.not_null, after.not_null);
    let old = before.not_null_constraint.as_ref();
    match (was_set, is_set, old, &after.not_null_name) {
        (true, false, ..) => Some(format!("ALTER DOMAIN {name} DROP NOT NULL;\n")),
        (false, true, _, Some(new)) => Some(format!(
            "ALTER DOMAIN {name} ADD CONSTRAINT {new} NOT NULL;\n"
        )),
        (false, true, _, None) => Some(format!("ALTER DOMAIN {name} SET NOT NULL;\n")),
        (true, true, Some(old), new) if before.not_null_name != *new => {
            let chosen = quote_identifier(&format!("{}_not_null", after.name.name));
            let new = new.as_ref().unwrap_or(&chosen);
            Some(format!(
                "ALTER DOMAIN {name} RENAME CONSTRAINT {old} TO {new};\n"
            ))
        }
        _ => None,
    }
}

fn alter_composite(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    before: &Composite,
    after: &Composite,
) {
    let name = &after.name.sql;
    let id = ObjectId::data_type(name.as_str());
    let change_type = |sql: String| Operation::new(Rank::AlterType, sql).on(id.clone());
    for field in &before.fields {
        if !after.fields.iter().any(|other| other.name == field.name) {
            // CASCADE reaches the tables that are declared to be of this type.
            let sql = format!("ALTER TYPE {name} DROP ATTRIBUTE {} CASCADE;\n", field.sql);
            let lost = format!("the values of field {} of {name}", field.sql);
            let free = DatabaseFact::Free(id.clone());
            plan.add(change_type(sql).loses(lost).provides([free]));
        }
    }
    for field in &after.fields {
        let collation = field
            .collation
            .iter()
            .map(|name| format!(" COLLATE {name}"));
        let collation: String = collation.collect();
        let (sql, data_type) = (&field.sql, &field.data_type);
        let change = match before.fields.iter().find(|other| other.name == field.name) {
            None => format!("ADD ATTRIBUTE {sql} {data_type}{collation}"),
            Some(other) if other.data_type != *data_type || other.collation != field.collation => {
                format!("ALTER ATTRIBUTE {sql} TYPE {data_type}{collation}")
            }
            Some(_) => continue,
        };
        let change = change_type(format!("ALTER TYPE {name} {change} CASCADE;\n"));
        let facts = [
            DatabaseFact::Ready(id.clone()),
            DatabaseFact::Free(id.clone()),
        ];
        let change = change.needs_objects(comparison.after.needs(&id));
        plan.add(change.provides(facts));
    }
}
