//! Kept types and sequences, as far as Postgres can alter them.

use super::change::Script;
use super::parts::comment_statement;
use super::recreated::Recreated;
use super::{enums, sequences};
use crate::schema::Schema;
use crate::schema::model::{
    Attached, Composite, Domain, DomainConstraint, Enum, Name, ObjectId, Sequence,
};

/// Alters types that only gain labels or fields, and those with a statement for each change.
pub(super) fn alter_types(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    let stays = |name: &Name| !recreated.has(&ObjectId::data_type(name.sql.as_str()));
    for (before, after) in kept_pairs(&old.enums, &new.enums, |item: &Enum| &item.name.sql) {
        if stays(&after.name) {
            enums::add_labels(script, before, after);
        }
    }
    for (before, after) in kept_pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql) {
        if stays(&after.name) {
            alter_domain(script, before, after);
        }
    }
    for (before, after) in kept_pairs(&old.composites, &new.composites, |item: &Composite| {
        &item.name.sql
    }) {
        if stays(&after.name) {
            alter_composite(script, before, after);
        }
    }
    for (before, after) in kept_pairs(&old.sequences, &new.sequences, |item: &Sequence| {
        &item.name.sql
    }) {
        sequences::alter_sequence(script, before, after);
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

/// Checks of domains come last: they may need functions that need tables.
pub(super) fn create_domain_checks(
    script: &mut Script,
    old: &Schema,
    new: &Schema,
    recreated: &Recreated,
) {
    let domains = kept_pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql);
    let stay = |after: &Domain| !recreated.has(&ObjectId::data_type(after.name.sql.as_str()));
    for (before, after) in domains.into_iter().filter(|(_, after)| stay(after)) {
        let stale = stale_checks(before, after, recreated);
        for check in &after.constraints {
            let mut formers = before.constraints.iter();
            let former = formers.find(|former| former.name == check.name);
            let former =
                former.filter(|former| !stale.iter().any(|stale| stale.name == former.name));
            let (name, domain) = (&check.sql, &after.name.sql);
            if former.is_none() {
                script.run_with_note(
                    format!(
                        "ALTER DOMAIN {domain} ADD CONSTRAINT {name} {};\n",
                        check.definition
                    ),
                    "reads every table with a column of the domain",
                );
            }
            let none = Attached::default();
            let attached = former.map_or(&none, |former| &former.attached);
            if attached.comment != check.attached.comment {
                let place = format!("{name} ON DOMAIN {domain}");
                script.run(comment_statement("CONSTRAINT", &place, &check.attached));
            }
        }
    }
}

/// Drops checks of domains that are removed, changed, or depend on a dropped object.
pub(super) fn drop_checks(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    let domains = kept_pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql);
    let stay = |after: &Domain| !recreated.has(&ObjectId::data_type(after.name.sql.as_str()));
    for (before, after) in domains.into_iter().filter(|(_, after)| stay(after)) {
        for check in stale_checks(before, after, recreated) {
            let (domain, name) = (&before.name.sql, &check.sql);
            script.run(format!("ALTER DOMAIN {domain} DROP CONSTRAINT {name};\n"));
        }
    }
}

fn stale_checks<'a>(
    before: &'a Domain,
    after: &Domain,
    recreated: &Recreated,
) -> Vec<&'a DomainConstraint> {
    let goes = recreated.drops_any(&before.attached.needs);
    let same = |check: &DomainConstraint| {
        let mut others = after.constraints.iter();
        others.any(|other| other.name == check.name && other.definition == check.definition)
    };
    before
        .constraints
        .iter()
        .filter(|check| goes || !same(check))
        .collect()
}

fn alter_domain(script: &mut Script, before: &Domain, after: &Domain) {
    let name = &after.name.sql;
    let mut changes = Vec::new();
    if before.default != after.default {
        changes.push(match &after.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        });
    }
    if before.not_null != after.not_null {
        changes.push(format!(
            "{} NOT NULL",
            if after.not_null { "SET" } else { "DROP" }
        ));
    }
    for change in changes {
        script.run(format!("ALTER DOMAIN {name} {change};\n"));
    }
}

fn alter_composite(script: &mut Script, before: &Composite, after: &Composite) {
    let name = &after.name.sql;
    for field in &before.fields {
        if !after.fields.iter().any(|other| other.name == field.name) {
            let sql = format!("ALTER TYPE {name} DROP ATTRIBUTE {} CASCADE;\n", field.sql);
            script.run_losing(sql, format!("the values of field {} of {name}", field.sql));
        }
    }
    for field in &after.fields {
        let collation = field
            .collation
            .as_ref()
            .map(|c| format!(" COLLATE {c}"))
            .unwrap_or_default();
        let (sql, data_type) = (&field.sql, &field.data_type);
        match before.fields.iter().find(|other| other.name == field.name) {
            None => script.run(format!(
                "ALTER TYPE {name} ADD ATTRIBUTE {sql} {data_type}{collation} CASCADE;\n"
            )),
            Some(other) if other.data_type != *data_type || other.collation != field.collation => {
                script.run(format!(
                    "ALTER TYPE {name} ALTER ATTRIBUTE {sql} TYPE {data_type}{collation} CASCADE;\n"
                ));
            }
            Some(_) => {}
        }
    }
}
