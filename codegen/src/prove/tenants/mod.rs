//! The tenants of a schema: which keys the settings of scopes hold, and which tables lead to these keys.
//!
//! Given: schema and `xact.toml`. Gives: [`Tenants`], or a diagnostic for each setting whose key is not known. Foreign keys
//! decide; the names of columns only where there is no foreign key; `[prove]` before both.

mod keys;
mod scopes;
mod tables;

pub(super) use keys::{TenantKey, find_column, report_at};
pub(super) use scopes::{ProvedScope, fill_template};
pub(super) use tables::{Link, TenantTable};

use crate::project::Project;
use crate::query::TypeCatalog;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use std::collections::BTreeSet;

/// A key by its place among those of [`Tenants`].
pub(super) type KeyId = usize;
/// A table by its place among those of [`Tenants`].
pub(super) type TableId = usize;

/// Who the tenants and users are, and which rows are theirs.
#[derive(Debug)]
pub(super) struct Tenants<'s> {
    pub(super) types: &'s TypeCatalog,
    /// Tables in the order of the schema, without partitions, whose rows their partitioned table holds.
    pub(super) tables: Vec<TenantTable<'s>>,
    /// The keys that the settings of scopes hold.
    pub(super) keys: Vec<TenantKey>,
    /// The restricted scopes: those with settings.
    pub(super) scopes: Vec<ProvedScope>,
    /// The key of the tenants.
    pub(super) tenant: KeyId,
    /// The key of the users, if the scopes have one beside the tenant.
    pub(super) user: Option<KeyId>,
    /// The table that says which user belongs to which tenant.
    pub(super) membership: Option<TableId>,
    /// Whether the database can know that a user does not belong to a tenant, and is not told to trust the application.
    pub(super) checks_claims: bool,
    /// The columns of the users that make one inactive, with the value that does.
    pub(super) inactive: Vec<(String, String)>,
}

/// Reads the tenants; none if no scope is restricted.
pub(super) fn find_tenants<'s>(
    project: &Project,
    schema: &'s Schema,
    types: &'s TypeCatalog,
) -> Result<Option<Tenants<'s>>, Vec<Diagnostic>> {
    let mut tables = tables::list_tables(schema);
    let (scopes, mut keys, mut problems) = scopes::read_scopes(project, &tables);
    if scopes.is_empty() {
        return Ok(None);
    }
    problems.extend(tables::read_configured(project, &mut tables, &mut keys));
    tables::find_named_columns(&mut tables, &keys, types);
    tables::find_leads(&mut tables, &keys);
    let tenant = keys::choose_tenant(project, &tables, &keys, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let user = (0..keys.len()).find(|key| *key != tenant);
    let membership = find_membership(project, &tables, &keys, tenant, user);
    let leads = user.and_then(|user| keys[user].place.as_ref());
    let user_leads = leads.is_some_and(|(table, _)| tables[*table].leads.contains(&tenant));
    let trusted = !project.config.prove.trusted.is_empty();
    let inactive = project.config.prove.inactive.iter();
    let inactive = inactive.filter_map(|(column, value)| {
        let (_, name) = column.get_ref().rsplit_once('.')?;
        Some((name.to_owned(), value.get_ref().clone()))
    });
    let inactive = inactive.collect();
    Ok(Some(Tenants {
        types,
        tables,
        keys,
        scopes,
        tenant,
        user,
        checks_claims: (membership.is_some() || user_leads) && !trusted,
        membership,
        inactive,
    }))
}

/// The table named in `xact.toml`, or the only one that refers to both keys itself and says so once for each pair.
fn find_membership(
    project: &Project,
    tables: &[TenantTable<'_>],
    keys: &[TenantKey],
    tenant: KeyId,
    user: Option<KeyId>,
) -> Option<TableId> {
    if let Some(named) = &project.config.prove.membership {
        return tables
            .iter()
            .position(|table| table.key() == *named.get_ref());
    }
    let (tenant_table, _) = keys[tenant].place.as_ref()?;
    let (user_table, _) = keys[user?].place.as_ref()?;
    if tables[*user_table].leads.contains(&tenant) {
        return None;
    }
    let joins = |table: &TenantTable<'_>| {
        let to = |target: TableId| table.links.iter().find(|link| link.target == target);
        let (Some(first), Some(second)) = (to(*tenant_table), to(*user_table)) else {
            return false;
        };
        let pair: BTreeSet<&String> = first.columns.iter().chain(&second.columns).collect();
        let mut unique = table.unique.iter();
        unique.any(|unique| unique.iter().collect::<BTreeSet<_>>() == pair)
    };
    // Others may be unique for the pair too, such as preferences: those refer to the membership itself.
    let mut found = (0..tables.len()).filter(|table| joins(&tables[*table]));
    let refers = |table: &TableId| {
        let links = tables[*table].links.iter();
        let mut targets = links.map(|link| link.target);
        targets.any(|target| target != *table && joins(&tables[target]))
    };
    found.find(|table| !refers(table))
}

impl Tenants<'_> {
    /// Whether rows of the table belong to no tenant and no user.
    pub(super) fn is_reference(&self, table: TableId) -> bool {
        self.tables[table].leads.is_empty()
    }

    /// The table of the users, if there is one.
    pub(super) fn user_table(&self) -> Option<TableId> {
        let place = self.keys[self.user?].place.as_ref();
        place.map(|(table, _)| *table)
    }

    /// Whether users are rows of their own that a membership ties to tenants.
    pub(super) fn has_free_users(&self) -> bool {
        let table = self.user_table();
        table.is_some_and(|table| !self.tables[table].leads.contains(&self.tenant))
    }
}
