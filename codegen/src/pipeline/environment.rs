//! Everything that the result of a query depends on, besides its own text.

use crate::config::{Scope, SessionFunctions};
use crate::project::Project;
use crate::query::{TypeCatalog, TypedSchema};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// Everything that the result of a query depends on, besides its own text.
#[derive(Debug)]
pub(super) struct Environment {
    /// The catalog that the migrations built; another build is another allocation, and this one is held.
    types: Arc<TypeCatalog>,
    scopes: BTreeMap<String, Scope>,
    session: SessionFunctions,
    /// The types that the annotations map, which are sent as they are.
    mapped_types: Vec<String>,
}

impl Environment {
    pub(super) fn of(project: &Project, catalog: &TypedSchema) -> Self {
        Self {
            types: Arc::clone(&catalog.types),
            scopes: project.config.scopes.clone(),
            session: project.config.session.clone(),
            mapped_types: project.annotations.types.keys().cloned().collect(),
        }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        let Self {
            types,
            scopes,
            session,
            mapped_types,
        } = self;
        Arc::ptr_eq(types, &other.types)
            && *scopes == other.scopes
            && *session == other.session
            && *mapped_types == other.mapped_types
    }

    /// Everything but the catalog as text, for the key of records. Where xact.toml has a name is left out, as in comparisons.
    pub(super) fn describe(&self) -> String {
        let Self {
            types: _,
            scopes,
            session,
            mapped_types,
        } = self;
        let scopes = scopes.iter().map(|(name, scope)| (name, scope.describe()));
        let scopes: Vec<_> = scopes.collect();
        let SessionFunctions { allow } = session;
        let allowed: Vec<&String> = allow.iter().map(Spanned::get_ref).collect();
        format!("{scopes:?} {allowed:?} {mapped_types:?}")
    }
}
