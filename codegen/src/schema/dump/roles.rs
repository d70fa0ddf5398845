//! Roles, guarded: they belong to the cluster, which may have them already.

use super::attached::write_comment;
use crate::schema::model::{Attached, Membership, Role};
use crate::sql::quote::dollar_quote;

/// One block for each role, then the memberships.
pub(super) fn write_roles(roles: &[Role]) -> Vec<String> {
    let mut blocks: Vec<String> = roles.iter().map(write_role).collect();
    let memberships: String = roles
        .iter()
        .flat_map(|role| role.member_of.iter().map(move |of| write_member(role, of)))
        .collect();
    if !memberships.is_empty() {
        blocks.push(memberships);
    }
    blocks
}

fn write_role(role: &Role) -> String {
    let (name, attributes) = (&role.sql, role.attributes.join(" "));
    let settings = role
        .settings
        .iter()
        .map(|setting| format!("    ALTER ROLE {name} SET {setting};\n"));
    let attached = Attached {
        comment: role.comment.clone(),
        ..Attached::default()
    };
    let comment = write_comment("ROLE", name, &attached);
    let comment = if comment.is_empty() {
        comment
    } else {
        format!("    {comment}")
    };
    let body = format!(
        // There is no CREATE ROLE IF NOT EXISTS. Two databases that are loaded at once race for the
        // role: one of them meets the unique index in place of the check.
        " BEGIN\n    CREATE ROLE {name} {attributes};\n{}{comment}\
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- the cluster has it already\n\
         END ",
        settings.collect::<String>()
    );
    format!("DO {};\n", dollar_quote(&body))
}

fn write_member(role: &Role, membership: &Membership) -> String {
    let options = if membership.options.is_empty() {
        String::new()
    } else {
        format!(" WITH {}", membership.options.join(", "))
    };
    format!("GRANT {} TO {}{options};\n", membership.role, role.sql)
}
