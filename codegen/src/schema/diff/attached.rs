//! Owners, comments and grants of objects that stay.

use super::again::Again;
use super::change::Script;
use super::objects::{Objects, name, word};
use super::parts::remark;
use super::touched::remade;
use crate::schema::dump::attached::statement;
use crate::schema::dump::nodes::{Node, parts};
use crate::schema::model::{Attached, Change, Column, Grant};

/// Makes what is attached to each object of both schemas what the new one says.
pub(super) fn alter(script: &mut Script, before: &Objects<'_>, after: &Objects<'_>, again: &Again) {
    for (key, node) in &after.by_key {
        let Some(former) = before.by_key.get(key).filter(|_| !again.has(key)) else {
            continue;
        };
        let (old, new) = (parts(former).2, parts(node).2);
        one(script, (word(node), &name(node)), old, new);
        if let (Node::Table(former), Node::Table(table)) = (former, node) {
            let remade = remade(former, table, again);
            let stays = |column: &&Column| !remade.contains(&column.name);
            let stay: Vec<Column> = former.columns.iter().filter(stays).cloned().collect();
            columns(script, &table.name.sql, &stay, &table.columns);
        }
        if let (Node::View(former), Node::View(view)) = (former, node) {
            columns(script, &view.name.sql, &former.columns, &view.columns);
        }
        if let (Node::Composite(former), Node::Composite(item)) = (former, node) {
            columns(script, &item.name.sql, &former.fields, &item.fields);
        }
    }
}

/// Owner, comment and grants of the object `kind name`.
pub(super) fn one(script: &mut Script, (kind, name): (&str, &str), old: &Attached, new: &Attached) {
    if old.owner != new.owner {
        let owner = new.owner.as_deref().unwrap_or("CURRENT_USER");
        script.run(format!("ALTER {kind} {name} OWNER TO {owner};\n"));
    }
    let object = match kind {
        "TABLE" | "FOREIGN TABLE" | "VIEW" | "MATERIALIZED VIEW" => name.to_owned(),
        "SERVER" | "FOREIGN DATA WRAPPER" => {
            format!("FOREIGN {} {name}", kind.trim_start_matches("FOREIGN "))
        }
        "DOMAIN" => format!("TYPE {name}"),
        "AGGREGATE" => format!("FUNCTION {}", name.replace("(*)", "()")),
        kind => format!("{kind} {name}"),
    };
    let all = |grant: &Grant| grant.privileges.join(", ");
    grants(script, &object, &old.grants, &new.grants, all);
    if old.comment != new.comment {
        let every = (kind, name) == ("SCHEMA", "public") && new.comment.is_none();
        // What every database starts with is no comment of this one's.
        script.run(if every {
            "COMMENT ON SCHEMA public IS 'standard public schema';\n".to_owned()
        } else {
            remark(kind, name, new)
        });
    }
}

fn columns(script: &mut Script, relation: &str, old: &[Column], new: &[Column]) {
    for column in new {
        let former = old.iter().find(|former| former.name == column.name);
        let nothing = Attached::default();
        let before = former.map_or(&nothing, |former| &former.attached);
        let on_column = |grant: &Grant| {
            let privileges = grant.privileges.iter();
            let privileges = privileges.map(|privilege| format!("{privilege} ({})", column.sql));
            privileges.collect::<Vec<_>>().join(", ")
        };
        grants(
            script,
            relation,
            &before.grants,
            &column.attached.grants,
            on_column,
        );
        if before.comment != column.attached.comment {
            let place = format!("{relation}.{}", column.sql);
            script.run(remark("COLUMN", &place, &column.attached));
        }
    }
}

/// What was granted and is not any more is revoked, then what is new is granted.
fn grants(
    script: &mut Script,
    object: &str,
    old: &[Grant],
    new: &[Grant],
    privileges: impl Fn(&Grant) -> String,
) {
    let on = format!(" ON {object}");
    for grant in old.iter().filter(|grant| !new.contains(grant)) {
        script.run(statement(&opposite(grant), &privileges(grant), &on));
    }
    for grant in new.iter().filter(|grant| !old.contains(grant)) {
        script.run(statement(grant, &privileges(grant), &on));
    }
}

/// What takes a grant back.
pub(super) fn opposite(grant: &Grant) -> Grant {
    let change = match grant.change {
        Change::Grant => Change::Revoke,
        Change::Revoke => Change::Grant,
    };
    Grant {
        change,
        ..grant.clone()
    }
}
