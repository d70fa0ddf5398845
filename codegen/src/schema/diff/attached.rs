//! Owners, comments and grants of objects that stay.

use super::comparison::Comparison;
use super::graph::GraphItem;
use super::objects::{object_name, object_word};
use super::operation::Rank;
use super::parts::comment_statement;
use super::plan::Plan;
use crate::schema::dump::attached::{grant_object, write_grant};
use crate::schema::dump::nodes::{DumpNode, parts};
use crate::schema::model::{Attached, Column, Grant, PrivilegeChange};
use crate::sql::lexer::identifier;
use crate::sql::quote::quote_literal;

/// Changes owner, comment and grants of each kept object to those of the new schema.
pub(super) fn alter_attachments(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (id, item) in &comparison.after.items {
        let (GraphItem::Object(node), Some(GraphItem::Object(former))) =
            (item, comparison.before.items.get(id))
        else {
            continue;
        };
        if comparison.fates.is_gone(id) {
            continue;
        }
        let (_, name, new) = parts(node);
        let owners = list_changed_owners(parts(former).2, new);
        let old = with_owner_of(node, parts(former).2, new);
        let named = (object_word(node), object_name(node));
        alter_with_grants(plan, (named.0, &named.1), &owners, (&old, new));
        let (mut stay, columns) = (list_columns(former).to_vec(), list_columns(node));
        if let (DumpNode::Table(former), DumpNode::Table(table)) = (former, node) {
            let recreated = comparison.recreated_columns(former, table);
            stay.retain(|column| !recreated.contains(&column.name));
            alter_identities(plan, &owners, (&stay, columns));
        }
        let revoked = list_revoked(&old.grants, &new.grants);
        let roles = ChangedRoles {
            owners: &owners,
            revoked: &revoked,
        };
        alter_column_attachments(plan, &name.sql, &roles, (&stay, columns));
    }
}

/// The columns of a table or view, or the fields of a composite type.
fn list_columns<'a>(node: &DumpNode<'a>) -> &'a [Column] {
    match node {
        DumpNode::Table(table) => &table.columns,
        DumpNode::View(view) => &view.columns,
        DumpNode::Composite(item) => &item.fields,
        _ => &[],
    }
}

/// The attachments before the change, without an owner that is not to be altered: a sequence that a column owns changes its owner
/// with the table, and Postgres refuses to change it alone (`ATExecChangeOwner`).
fn with_owner_of(node: &DumpNode<'_>, old: &Attached, new: &Attached) -> Attached {
    let is_owned = matches!(node, DumpNode::Sequence(sequence) if sequence.owned_by.is_some());
    let owner = if is_owned { &new.owner } else { &old.owner };
    Attached {
        owner: owner.clone(),
        ..old.clone()
    }
}

/// Comments and grants of the sequences behind identity columns, which have the owner of their table.
fn alter_identities(plan: &mut Plan, owners: &[&str], (old, new): (&[Column], &[Column])) {
    for column in new {
        let Some(identity) = &column.identity else {
            continue;
        };
        let former = old.iter().find(|former| former.name == column.name);
        let former = former.and_then(|former| former.identity.as_ref());
        // A new sequence has none: the default privileges are away while it is created.
        let before = former.map_or_else(Attached::default, |former| former.attached.clone());
        let before = Attached {
            owner: identity.attached.owner.clone(),
            ..before
        };
        let named = ("SEQUENCE", identity.sequence_sql.as_str());
        alter_with_grants(plan, named, owners, (&before, &identity.attached));
    }
}

/// The old and the new owner, if they differ.
fn list_changed_owners<'a>(old: &'a Attached, new: &'a Attached) -> Vec<&'a str> {
    if old.owner == new.owner {
        return Vec::new();
    }
    let owner = |attached: &'a Attached| attached.owner.as_deref().unwrap_or("CURRENT_USER");
    vec![owner(old), owner(new)]
}

/// The grants that ALTER OWNER leaves as they are: it makes the privileges of the old owner those of the new one, and merges
/// them with those that the new one was granted before (`aclnewowner`).
fn without_owners(grants: &[Grant], owners: &[&str]) -> Vec<Grant> {
    let others = grants.iter();
    let others = others.filter(|grant| !owners.contains(&grant.grantee.as_str()));
    others.cloned().collect()
}

/// Owner, comment and grants of the object `kind name`.
pub(super) fn alter_one(plan: &mut Plan, named: (&str, &str), old: &Attached, new: &Attached) {
    alter_with_grants(plan, named, &list_changed_owners(old, new), (old, new));
}

/// [`alter_one`], where the owners may be those of another object, which it follows.
fn alter_with_grants(
    plan: &mut Plan,
    (kind, name): (&str, &str),
    owners: &[&str],
    (old, new): (&Attached, &Attached),
) {
    let object = grant_object(kind, name);
    let all = |grant: &Grant| grant.privileges.join(", ");
    // Revoked before the owner changes, and granted after it.
    let stay = without_owners(&new.grants, owners);
    revoke_grants(plan, &object, &old.grants, &stay, all);
    if old.owner != new.owner {
        let owner = new.owner.as_deref().unwrap_or("CURRENT_USER");
        plan.run(
            Rank::AlterOwner,
            format!("ALTER {kind} {name} OWNER TO {owner};\n"),
        );
    }
    let stayed = without_owners(&old.grants, owners);
    add_grants(plan, &object, &stayed, &new.grants, all);
    if old.row_type_comment != new.row_type_comment {
        let text = new
            .row_type_comment
            .as_deref()
            .map_or("NULL".to_owned(), quote_literal);
        plan.run(
            Rank::Attachment,
            format!("COMMENT ON TYPE {name} IS {text};\n"),
        );
    }
    if old.comment != new.comment {
        plan.run(Rank::Attachment, write_comment(kind, name, new));
    }
}

/// `COMMENT ON`; where the schema has none, that of the object is the one that Postgres gave it.
fn write_comment(kind: &str, name: &str, new: &Attached) -> String {
    match (kind, name, &new.comment) {
        // The comment that every new database has.
        ("SCHEMA", "public", None) => {
            "COMMENT ON SCHEMA public IS 'standard public schema';\n".to_owned()
        }
        // The one of its control file, which differs between versions of the extension.
        ("EXTENSION", _, None) => {
            let known = format!(
                "SELECT comment FROM pg_catalog.pg_available_extensions WHERE name = {}",
                quote_literal(&identifier(name))
            );
            let set = format!("COMMENT ON EXTENSION {name} IS %L");
            let set = quote_literal(&set);
            format!("DO $$ BEGIN EXECUTE pg_catalog.format({set}, ({known})); END $$;\n")
        }
        _ => comment_statement(kind, name, new),
    }
}

/// The roles from which a privilege on the whole relation is revoked.
fn list_revoked<'a>(old: &'a [Grant], new: &'a [Grant]) -> Vec<&'a str> {
    let is_of = |change: PrivilegeChange| move |grant: &&Grant| grant.change == change;
    let removed = old.iter().filter(|grant| !new.contains(grant));
    let added = new.iter().filter(|grant| !old.contains(grant));
    let revoked = removed.filter(is_of(PrivilegeChange::Grant));
    let revoked = revoked.chain(added.filter(is_of(PrivilegeChange::Revoke)));
    revoked.map(|grant| grant.grantee.as_str()).collect()
}

/// Roles whose privileges on columns change with the relation.
struct ChangedRoles<'a> {
    /// Its old and its new owner, if they differ.
    owners: &'a [&'a str],
    /// Those that lost a privilege on it.
    revoked: &'a [&'a str],
}

/// Comments and grants of columns.
fn alter_column_attachments(
    plan: &mut Plan,
    relation: &str,
    roles: &ChangedRoles<'_>,
    (old, new): (&[Column], &[Column]),
) {
    for column in new {
        let former = old.iter().find(|former| former.name == column.name);
        let nothing = Attached::default();
        let before = former.map_or(&nothing, |former| &former.attached);
        let on_column = |grant: &Grant| {
            let privileges = grant.privileges.iter();
            let privileges = privileges.map(|privilege| format!("{privilege} ({})", column.sql));
            privileges.collect::<Vec<_>>().join(", ")
        };
        let grants = &column.attached.grants;
        let stay = without_owners(grants, roles.owners);
        revoke_grants(plan, relation, &before.grants, &stay, on_column);
        let stayed = without_owners(&before.grants, roles.owners);
        add_grants(plan, relation, &stayed, grants, on_column);
        // Surprise: REVOKE on a table revokes the privilege on each of its columns too (REVOKE, Notes).
        let kept = grants.iter().filter(|grant| stayed.contains(grant));
        let lost: Vec<Grant> = kept
            .filter(|grant| roles.revoked.contains(&grant.grantee.as_str()))
            .cloned()
            .collect();
        add_grants(plan, relation, &[], &lost, on_column);
        if before.comment != column.attached.comment {
            let place = format!("{relation}.{}", column.sql);
            plan.run(
                Rank::Attachment,
                comment_statement("COLUMN", &place, &column.attached),
            );
        }
    }
}

/// Revokes the grants that only the old schema has.
fn revoke_grants(
    plan: &mut Plan,
    object: &str,
    old: &[Grant],
    new: &[Grant],
    privileges: impl Fn(&Grant) -> String,
) {
    let on = format!(" ON {object}");
    // The last one first: others may depend on the one that lets a role grant.
    for grant in old.iter().rev().filter(|grant| !new.contains(grant)) {
        plan.run(
            Rank::RevokeGrant,
            write_grant(&reverse_grant(grant), &privileges(grant), &on),
        );
    }
}

/// Grants those that only the new schema has.
fn add_grants(
    plan: &mut Plan,
    object: &str,
    old: &[Grant],
    new: &[Grant],
    privileges: impl Fn(&Grant) -> String,
) {
    let on = format!(" ON {object}");
    for grant in new.iter().filter(|grant| !old.contains(grant)) {
        plan.run(
            Rank::Attachment,
            write_grant(grant, &privileges(grant), &on),
        );
    }
}

/// The grant that undoes another one.
pub(super) fn reverse_grant(grant: &Grant) -> Grant {
    let change = match grant.change {
        PrivilegeChange::Grant => PrivilegeChange::Revoke,
        PrivilegeChange::Revoke => PrivilegeChange::Grant,
    };
    Grant {
        change,
        ..grant.clone()
    }
}
