//! Roles that a customer's transaction can become.

use crate::lint::access::Customer;
use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Role;

pub(super) const RULE: Rule = Rule {
    id: "reachable-role",
    set: Set::General,
    promise: "no customer's role is a member of a role that sees more, and no login of the project bypasses policies",
    why: "A member has the policies and privileges of its groups, and may become any of them by SET ROLE. A login with BYPASSRLS \
          or SUPERUSER sees every row as soon as a statement writes RESET ROLE.",
    bad: "
DO $$ BEGIN
    CREATE ROLE staff NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
CREATE TABLE notes (organization_id text NOT NULL);
ALTER TABLE notes OWNER TO staff;
GRANT SELECT ON notes TO customer;
GRANT staff TO customer;",
    good: "
CREATE TABLE notes (organization_id text NOT NULL);
GRANT SELECT ON notes TO customer;",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let customers = context.customers.iter();
    let reached = customers.flat_map(|customer| {
        let roles = context.schema.roles.iter();
        let groups =
            roles.filter(|role| role.sql != customer.role && customer.is_member_of(&role.sql));
        groups.filter_map(|role| describe_group(context, customer, role))
    });
    let logins = context
        .schema
        .roles
        .iter()
        .filter(|role| has_attribute(role, &["LOGIN"]) && has_attribute(role, BYPASSING));
    reached.chain(logins.map(describe_login)).collect()
}

const BYPASSING: &[&str] = &["SUPERUSER", "BYPASSRLS"];

fn has_attribute(role: &Role, wanted: &[&str]) -> bool {
    role.attributes
        .iter()
        .any(|attribute| wanted.contains(&attribute.as_str()))
}

fn describe_group(context: &Context<'_>, customer: &Customer, role: &Role) -> Option<Finding> {
    let (name, group) = (&customer.role, &role.sql);
    // Policies do not hold for the owner of a table unless they are forced, and the owner may drop
    // them.
    let owns = |table: &&crate::schema::model::Table| table.attached.owner.as_ref() == Some(group);
    let owned = context.schema.tables.iter().find(owns);
    let reason = if has_attribute(role, BYPASSING) {
        "which bypasses row-level security".to_owned()
    } else if context.scope_roles.contains(group) {
        "the role of another scope".to_owned()
    } else if let Some(table) = owned {
        format!("which owns `{}`", table.name.sql)
    } else {
        return None;
    };
    Some(Finding {
        object: name.clone(),
        message: format!("`{name}` is a member of `{group}`, {reason}"),
        place: LinePrefixes::block([format!("    CREATE ROLE {name} ")]),
        fix: FindingFix::Sql(format!("REVOKE {group} FROM {name};")),
    })
}

fn describe_login(role: &Role) -> Finding {
    let name = &role.sql;
    Finding {
        object: name.clone(),
        message: format!("`{name}` may log in and bypasses row-level security"),
        place: LinePrefixes::block([format!("    CREATE ROLE {name} ")]),
        fix: FindingFix::Sql(format!("ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS;")),
    }
}
