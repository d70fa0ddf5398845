//! Types and sequences that stay, as far as Postgres can alter them.

use super::again::Again;
use super::change::Script;
use super::parts::remark;
use super::{enums, sequences};
use crate::schema::Schema;
use crate::schema::model::{
    Attached, Composite, Domain, DomainConstraint, Enum, Name, ObjectId, Sequence,
};

/// Alters what only grows, and what has a statement for each change.
pub(super) fn alter(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    let stays = |name: &Name| !again.has(&ObjectId::data_type(name.sql.as_str()));
    for (before, after) in pairs(&old.enums, &new.enums, |item: &Enum| &item.name.sql) {
        if stays(&after.name) {
            enums::grow(script, before, after);
        }
    }
    for (before, after) in pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql) {
        if stays(&after.name) {
            domain(script, before, after);
        }
    }
    for (before, after) in pairs(&old.composites, &new.composites, |item: &Composite| {
        &item.name.sql
    }) {
        if stays(&after.name) {
            composite(script, before, after);
        }
    }
    for (before, after) in pairs(&old.sequences, &new.sequences, |item: &Sequence| {
        &item.name.sql
    }) {
        sequences::alter(script, before, after);
    }
}

/// Objects of both schemas with the same name.
fn pairs<'a, T>(old: &'a [T], new: &'a [T], name: impl Fn(&T) -> &String) -> Vec<(&'a T, &'a T)> {
    let pair = |before: &'a T| {
        Some((
            before,
            new.iter().find(|after| name(after) == name(before))?,
        ))
    };
    old.iter().filter_map(pair).collect()
}

/// Checks of domains come last: they may need functions that need tables.
pub(super) fn check(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    let domains = pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql);
    let stay = |after: &Domain| !again.has(&ObjectId::data_type(after.name.sql.as_str()));
    for (before, after) in domains.into_iter().filter(|(_, after)| stay(after)) {
        let stale = stale_checks(before, after, again);
        for check in &after.constraints {
            let mut formers = before.constraints.iter();
            let former = formers.find(|former| former.name == check.name);
            let former =
                former.filter(|former| !stale.iter().any(|stale| stale.name == former.name));
            let (name, domain) = (&check.sql, &after.name.sql);
            if former.is_none() {
                script.warn(
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
                script.run(remark("CONSTRAINT", &place, &check.attached));
            }
        }
    }
}

/// Drops checks of domains that are gone, changed, or rest on what goes away.
pub(super) fn drop_checks(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    let domains = pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql);
    let stay = |after: &Domain| !again.has(&ObjectId::data_type(after.name.sql.as_str()));
    for (before, after) in domains.into_iter().filter(|(_, after)| stay(after)) {
        for check in stale_checks(before, after, again) {
            let (domain, name) = (&before.name.sql, &check.sql);
            script.run(format!("ALTER DOMAIN {domain} DROP CONSTRAINT {name};\n"));
        }
    }
}

fn stale_checks<'a>(
    before: &'a Domain,
    after: &Domain,
    again: &Again,
) -> Vec<&'a DomainConstraint> {
    let goes = again.goes(&before.attached.needs);
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

fn domain(script: &mut Script, before: &Domain, after: &Domain) {
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

fn composite(script: &mut Script, before: &Composite, after: &Composite) {
    let name = &after.name.sql;
    for field in &before.fields {
        if !after.fields.iter().any(|other| other.name == field.name) {
            let sql = format!("ALTER TYPE {name} DROP ATTRIBUTE {} CASCADE;\n", field.sql);
            script.lose(sql, format!("the values of field {} of {name}", field.sql));
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
