//! As whom the attacks run, and which rows are foreign to each.

use super::rows::{Filled, StoredRow, World};
use super::tenants::{KeyId, ProvedScope, Tenants, fill_template};
use super::words::split_words;
use crate::sql::quote::{quote_identifier, quote_literal};
use std::collections::BTreeSet;

/// The settings of a transaction, and the rows that it should see.
#[derive(Clone, Debug)]
pub(super) struct ScopeIdentity {
    /// `a member of tenant a`, for reports.
    pub(super) name: &'static str,
    /// The statements with which the runtime begins its transaction.
    pub(super) prologue: Vec<String>,
    pub(super) claim: Claim,
    /// The words of rows that are foreign to it.
    pub(super) foreign_words: BTreeSet<String>,
}

/// The tenant and user that an identity claims to be.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// The tenant, if the settings are those of one.
    pub(super) world: Option<World>,
    /// The values of all keys.
    pub(super) values: Vec<Option<String>>,
    /// Whether the user belongs to the tenant, so that its rows are theirs.
    pub(super) valid: bool,
}

/// Which attacks an identity makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Every attack, and once more without the other tenant's rows.
    Everything,
    /// Every attack.
    Attacks,
    /// Plain reads and writes, and every query.
    Plain,
}

/// The identities of a scope, the one without settings first: a setting that was once set in a session never becomes missing.
pub(super) fn list_identities(
    tenants: &Tenants<'_>,
    scope: &ProvedScope,
    filled: &Filled,
) -> Vec<(ScopeIdentity, Reach)> {
    let mut found = vec![(build_without_settings(scope, tenants), Reach::Plain)];
    let members = list_members(tenants, filled);
    let outsiders = list_outsiders(tenants, filled);
    for (name, claim, reach) in members.into_iter().chain(outsiders) {
        // A table of users that could not be filled has no user to claim.
        if claim.values.iter().all(Option::is_some) {
            found.push((build_identity(tenants, scope, name, claim), reach));
        }
    }
    for (name, value) in [
        ("empty settings", ""),
        ("the setting `%`", "%"),
        ("the setting `' OR true --`", "' OR true --"),
        ("the setting `{}`", "{}"),
    ] {
        found.push((build_malformed(scope, tenants, name, value), Reach::Plain));
    }
    found
}

type Claimed = (&'static str, Claim, Reach);

/// Those whose own tenant is a.
fn list_members(tenants: &Tenants<'_>, filled: &Filled) -> Vec<Claimed> {
    let valid = |values| Claim {
        world: Some(World::A),
        values,
        valid: true,
    };
    let first = find_values(tenants, filled, World::A, 0);
    let mut members = vec![(
        "a member of tenant a",
        valid(first.clone()),
        Reach::Everything,
    )];
    let Some(user) = tenants.user else {
        return members;
    };
    // The second one has no rows of their own yet, so that an INSERT of one is no duplicate.
    let names = [
        "a member of both tenants, in tenant a",
        "another member of both tenants, in tenant a",
    ];
    let both = filled.key_values(tenants, World::Both, user);
    for (name, value) in names.into_iter().zip(both) {
        let mut values = first.clone();
        values[user] = Some(value);
        members.push((name, valid(values), Reach::Attacks));
    }
    members
}

/// Those who claim a tenant that they do not belong to, if the database can know it.
fn list_outsiders(tenants: &Tenants<'_>, filled: &Filled) -> Vec<Claimed> {
    let Some(user) = tenants.user.filter(|_| tenants.checks_claims) else {
        return Vec::new();
    };
    let claim = |world, value: Option<String>| {
        let mut values = find_values(tenants, filled, world, 0);
        values[user] = value;
        Claim {
            world: Some(world),
            values,
            valid: false,
        }
    };
    let member = find_values(tenants, filled, World::A, 0)[user].clone();
    let outside = filled.key_values(tenants, World::Outside, user);
    let mut outsiders = vec![
        (
            "a member of tenant a who claims tenant b",
            claim(World::B, member),
            Reach::Plain,
        ),
        (
            "a user without membership, in tenant b",
            claim(World::B, outside.into_iter().next()),
            Reach::Plain,
        ),
    ];
    if let Some(inactive) = find_inactive(tenants, filled) {
        let claim = claim(World::A, Some(inactive));
        outsiders.push(("an inactive member, in tenant a", claim, Reach::Plain));
    }
    outsiders
}

fn find_values(
    tenants: &Tenants<'_>,
    filled: &Filled,
    world: World,
    turn: usize,
) -> Vec<Option<String>> {
    let keys = 0..tenants.keys.len();
    let value = |key: KeyId| {
        let values = filled.key_values(tenants, world, key);
        values.get(turn).or(values.first()).cloned()
    };
    keys.map(value).collect()
}

fn find_inactive(tenants: &Tenants<'_>, filled: &Filled) -> Option<String> {
    let (table, column) = tenants.keys[tenants.user?].place.as_ref()?;
    let mut rows = filled
        .rows
        .iter()
        .filter(|row| row.table == *table && row.world == World::A);
    let is_inactive = |row: &&super::rows::FilledRow| row.person == super::rows::Person::Inactive;
    rows.find(is_inactive)?.texts.get(column)?.clone()
}

fn build_identity(
    tenants: &Tenants<'_>,
    scope: &ProvedScope,
    name: &'static str,
    claim: Claim,
) -> ScopeIdentity {
    let value = |key: KeyId| claim.values[key].clone().unwrap_or_default();
    let settings = scope.settings.iter().map(|setting| {
        let value = fill_template(&setting.template, &tenants.keys, value);
        (setting.name.as_str(), value)
    });
    let prologue = write_prologue(scope, settings);
    ScopeIdentity {
        name,
        prologue,
        claim,
        foreign_words: BTreeSet::new(),
    }
}

fn build_without_settings(scope: &ProvedScope, tenants: &Tenants<'_>) -> ScopeIdentity {
    let none = std::iter::empty::<(&str, String)>();
    let prologue = write_prologue(scope, none);
    let values = vec![None; tenants.keys.len()];
    let claim = Claim {
        world: None,
        values,
        valid: false,
    };
    ScopeIdentity {
        name: "no settings",
        prologue,
        claim,
        foreign_words: BTreeSet::new(),
    }
}

fn build_malformed(
    scope: &ProvedScope,
    tenants: &Tenants<'_>,
    name: &'static str,
    value: &str,
) -> ScopeIdentity {
    let settings = scope
        .settings
        .iter()
        .map(|setting| (setting.name.as_str(), value.to_owned()));
    let prologue = write_prologue(scope, settings);
    let values = vec![None; tenants.keys.len()];
    let claim = Claim {
        world: None,
        values,
        valid: false,
    };
    ScopeIdentity {
        name,
        prologue,
        claim,
        foreign_words: BTreeSet::new(),
    }
}

/// The role and the settings, as the runtime's BEGIN message sets them.
fn write_prologue<'n>(
    scope: &ProvedScope,
    settings: impl Iterator<Item = (&'n str, String)>,
) -> Vec<String> {
    let role = scope
        .role
        .iter()
        .map(|role| format!("SET LOCAL ROLE {}", quote_identifier(role)));
    let settings = settings.map(|(name, value)| {
        let parts: Vec<String> = name.split('.').map(quote_identifier).collect();
        format!("SET LOCAL {} = {}", parts.join("."), quote_literal(&value))
    });
    role.chain(settings).collect()
}

impl ScopeIdentity {
    /// Notes the words of foreign rows that no other row has.
    pub(super) fn learn_words(&mut self, tenants: &Tenants<'_>, rows: &[StoredRow]) {
        let (mut foreign, mut own) = (BTreeSet::new(), BTreeSet::new());
        for row in rows {
            let words = row
                .cells
                .iter()
                .flatten()
                .flat_map(|cell| split_words(cell));
            if self.is_foreign(tenants, row) {
                foreign.extend(words);
            } else {
                own.extend(words);
            }
        }
        // A word that the user's own rows have as well proves nothing when it is seen.
        self.foreign_words = foreign.difference(&own).cloned().collect();
    }

    /// Whether the row is none of those that the identity should see.
    pub(super) fn is_foreign(&self, tenants: &Tenants<'_>, row: &StoredRow) -> bool {
        if tenants.is_reference(row.table) {
            return false;
        }
        let table = &tenants.tables[row.table];
        let is_tenants = row
            .roots
            .get(&tenants.tenant)
            .is_some_and(|values| !values.is_empty());
        let is_of_user = self.is_of_user(tenants, row);
        if !is_tenants && is_of_user {
            return false;
        }
        let claimed = self.claim.values[tenants.tenant].as_ref();
        let in_tenant = if is_tenants {
            claimed.is_some_and(|claimed| row.roots[&tenants.tenant].contains(claimed))
        } else {
            row.world == World::Both || Some(row.world) == self.claim.world
        };
        let private = table
            .private
            .as_ref()
            .and_then(|column| row.cell(tenants, column));
        let user = tenants
            .user
            .and_then(|user| self.claim.values[user].as_deref());
        !self.claim.valid || !in_tenant || private.is_some_and(|private| Some(private) != user)
    }

    fn is_of_user(&self, tenants: &Tenants<'_>, row: &StoredRow) -> bool {
        let Some(user) = tenants.user else {
            return false;
        };
        let claimed = self.claim.values[user].as_ref();
        let values = row.roots.get(&user);
        claimed.is_some_and(|claimed| values.is_some_and(|values| values.contains(claimed)))
    }
}

/// The role and the settings of a member of tenant b.
pub(super) fn build_member_of_b(
    tenants: &Tenants<'_>,
    scope: &ProvedScope,
    filled: &Filled,
) -> Option<Vec<String>> {
    let values = find_values(tenants, filled, World::B, 0);
    let known = values.iter().all(Option::is_some);
    let claim = Claim {
        world: Some(World::B),
        values,
        valid: true,
    };
    known.then(|| build_identity(tenants, scope, "a member of tenant b", claim).prologue)
}
