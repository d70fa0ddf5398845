//! The roles of customers, and the privileges granted to them or to their groups.

use crate::config::Scope;
use crate::schema::Schema;
use crate::schema::model::{Attached, Column, Grant, Policy, PrivilegeChange, Table};
use std::collections::{BTreeMap, BTreeSet};

/// The role of a scope with settings.
#[derive(Clone, Debug)]
pub struct Customer {
    /// The role as SQL.
    pub role: String,
    /// The settings of the scope.
    pub settings: Vec<String>,
    /// Whether row-level security does not hold for it.
    pub bypasses: bool,
    /// Whom grants and policies may name to mean it: itself, its groups, `PUBLIC`.
    names: BTreeSet<String>,
}

/// The customers of a project, by role.
pub(super) fn list_customers(schema: &Schema, scopes: &BTreeMap<String, Scope>) -> Vec<Customer> {
    let restricted = scopes.values().filter(|scope| !scope.settings.is_empty());
    let customers = restricted.filter_map(|scope| {
        let role = schema
            .roles
            .iter()
            .find(|role| Some(role.name.as_str()) == scope.role())?;
        let bypass = |attribute: &String| attribute == "SUPERUSER" || attribute == "BYPASSRLS";
        let settings = scope.settings.iter();
        Some(Customer {
            role: role.sql.clone(),
            settings: settings.map(|setting| setting.name().to_owned()).collect(),
            // Only the role's own attributes: members of a group do not inherit them.
            bypasses: role.attributes.iter().any(bypass),
            names: collect_role_names(schema, &role.sql),
        })
    });
    let mut customers: Vec<Customer> = customers.collect();
    customers.sort_by(|a, b| a.role.cmp(&b.role));
    customers.dedup_by(|a, b| a.role == b.role);
    customers
}

/// The roles of all scopes, as SQL.
pub(super) fn scope_roles(schema: &Schema, scopes: &BTreeMap<String, Scope>) -> Vec<String> {
    let names: BTreeSet<&str> = scopes.values().filter_map(Scope::role).collect();
    let roles = schema.roles.iter();
    let found = roles.filter(|role| names.contains(role.name.as_str()));
    found.map(|role| role.sql.clone()).collect()
}

/// The role, every group it is in, and everybody.
fn collect_role_names(schema: &Schema, role: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["PUBLIC".to_owned()]);
    let mut left = vec![role.to_owned()];
    while let Some(role) = left.pop() {
        let member = schema.roles.iter().find(|known| known.sql == role);
        let groups = member.into_iter().flat_map(|role| &role.member_of);
        left.extend(
            groups
                .map(|membership| membership.role.clone())
                .filter(|group| !names.contains(group)),
        );
        names.insert(role);
    }
    names
}

impl Customer {
    /// Whether the customer may read the relation, or a column of it.
    pub fn reads(&self, attached: &Attached, columns: &[Column]) -> bool {
        self.may(&["SELECT"], attached, columns) || self.names.contains("pg_read_all_data")
    }

    /// Whether the customer is a member of this role, directly or through others.
    pub fn is_member_of(&self, role: &str) -> bool {
        self.names.contains(role)
    }

    /// Whether the customer may change this column.
    pub fn updates(&self, table: &Table, column: &Column) -> bool {
        let mut grants = table.attached.grants.iter().chain(&column.attached.grants);
        let owns = table
            .attached
            .owner
            .as_ref()
            .is_some_and(|owner| self.names.contains(owner));
        owns || grants.any(|grant| self.is_given(grant, &["UPDATE"]))
            || self.names.contains("pg_write_all_data")
    }

    /// Whether the customer may change the relation's rows, or a column of them.
    pub fn writes(&self, attached: &Attached, columns: &[Column]) -> bool {
        self.may(
            &["INSERT", "UPDATE", "DELETE", "TRUNCATE"],
            attached,
            columns,
        ) || self.names.contains("pg_write_all_data")
    }

    fn may(&self, privileges: &[&str], attached: &Attached, columns: &[Column]) -> bool {
        // The owner needs no grant.
        let owns = attached
            .owner
            .as_ref()
            .is_some_and(|owner| self.names.contains(owner));
        let of_columns = columns.iter().flat_map(|column| &column.attached.grants);
        let mut grants = attached.grants.iter().chain(of_columns);
        owns || grants.any(|grant| self.is_given(grant, privileges))
    }

    /// Who was granted any of the privileges in this customer's stead: itself, a group or `PUBLIC`.
    pub fn grantees<'a>(&self, attached: &'a Attached, columns: &'a [Column]) -> BTreeSet<&'a str> {
        let of_columns = columns.iter().flat_map(|column| &column.attached.grants);
        let grants = attached.grants.iter().chain(of_columns);
        let given = grants.filter(|grant| self.is_given(grant, &["SELECT"]));
        given.map(|grant| grant.grantee.as_str()).collect()
    }

    fn is_given(&self, grant: &Grant, privileges: &[&str]) -> bool {
        let given =
            |privilege: &String| privilege == "ALL" || privileges.contains(&privilege.as_str());
        grant.change == PrivilegeChange::Grant
            && self.names.contains(&grant.grantee)
            && grant.privileges.iter().any(given)
    }

    /// Whether the policy is for this customer, among others perhaps.
    pub fn is_under(&self, policy: &Policy) -> bool {
        policy.roles.is_empty() || policy.roles.iter().any(|role| self.names.contains(role))
    }
}
