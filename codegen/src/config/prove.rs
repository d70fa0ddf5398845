//! The table `prove` of `xact.toml`: the facts about tenants that the schema does not tell.
//!
//! ```toml
//! [prove]
//! tenant = "organizations.id"
//! membership = "memberships"
//! private = ["personas.user_id"]
//! shared = ["plans"]
//! seed = "prove.sql"
//!
//! [prove.settings]
//! "request.jwt.claims" = '{"sub": "{users.id}"}'
//!
//! [prove.columns]
//! "events.tenant" = "organizations.id"
//!
//! [prove.inactive]
//! "users.is_active" = "false"
//!
//! [prove.except]
//! "query invitations_get" = "whoever has the token may read the invitation"
//! ```

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The table `prove` of `xact.toml`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ProveConfiguration {
    /// The key of the tenants, if scopes have several keys among their settings: `organizations.id`.
    pub tenant: Option<Spanned<String>>,
    /// The table whose rows say which user belongs to which tenant.
    pub membership: Option<Spanned<String>>,
    /// Columns with the only user who may see the row: `personas.user_id`.
    #[serde(default)]
    pub private: Vec<Spanned<String>>,
    /// Tables whose rows all tenants share, and may write if they are granted it.
    #[serde(default)]
    pub shared: Vec<Spanned<String>>,
    /// Settings that the application has checked before it begins a transaction, so no policy does.
    #[serde(default)]
    pub trusted: Vec<Spanned<String>>,
    /// A file of SQL that adds rows, relative to the project. It runs once for each tenant.
    pub seed: Option<Spanned<String>>,
    /// The value of a setting, with keys between braces: `{"sub": "{users.id}"}`.
    #[serde(default)]
    pub settings: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Columns without a foreign key that hold a key: `"events.tenant" = "organizations.id"`.
    #[serde(default)]
    pub columns: BTreeMap<Spanned<String>, Spanned<String>>,
    /// The value of a column that makes a user inactive: `"users.is_active" = "false"`.
    #[serde(default)]
    pub inactive: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Leaks that are intended, by object, each with the reason: `"table invitations"`, `"query plans_list"`.
    #[serde(default)]
    pub except: BTreeMap<Spanned<String>, Spanned<String>>,
}
