//! The results of the queries that did not change since the last check, so that one changed query costs one query.
//!
//! Given: the queries as they are now. Gives: those that have to be asked about, and everything that is known of the others, at
//! their new places. A result depends on the text of its query and on the [`Environment`], which is compared as a whole.

use super::ask::Asked;
use crate::config::{Scope, SessionFunctions};
use crate::project::Project;
use crate::query::{Finished, Query, QueryPlace, Relocation, TypeCatalog, TypedSchema};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

/// How many checks a result is kept that no query has any more: an edit that is undone costs nothing.
const KEPT_CHECKS: u64 = 16;

/// Everything that the result of a query depends on, besides its own text.
#[derive(Debug)]
struct Environment {
    /// The catalog that the migrations built; another build is another allocation, and this one is held.
    types: Arc<TypeCatalog>,
    scopes: BTreeMap<String, Scope>,
    session: SessionFunctions,
    /// The types that the annotations map, which are sent as they are.
    mapped_types: Vec<String>,
}

impl Environment {
    fn of(project: &Project, catalog: &TypedSchema) -> Self {
        Self {
            types: Arc::clone(&catalog.types),
            scopes: project.config.scopes.clone(),
            session: project.config.session.clone(),
            mapped_types: project.annotations.types.keys().cloned().collect(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
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
}

/// What is known of one query.
#[derive(Clone, Debug)]
pub(crate) struct KeptQuery {
    /// The query as it was parsed.
    written: Query,
    /// The result; none if a stage refused the query.
    pub(crate) finished: Option<Arc<Finished>>,
    /// Who composes SQL at run time for it; none if the query was refused before that is known.
    pub(crate) composed: Option<Vec<String>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The last check that used it.
    used: u64,
}

/// The results of queries, by the hash of their text.
#[derive(Debug, Default)]
pub(crate) struct KeptQueries {
    environment: Option<Environment>,
    by_text: HashMap<u64, Vec<KeptQuery>>,
    check: u64,
}

impl KeptQueries {
    /// Begins a check. Results of another environment are forgotten.
    pub(crate) fn begin(&mut self, project: &Project, catalog: &TypedSchema) {
        let environment = Environment::of(project, catalog);
        let kept = self.environment.as_ref();
        // With other types or scopes, the same text may have another result.
        if !kept.is_some_and(|kept| kept.is_same(&environment)) {
            self.by_text.clear();
        }
        self.environment = Some(environment);
        self.check += 1;
    }

    /// Whether nothing has to be asked about this query.
    pub(crate) fn knows(&self, query: &Query) -> bool {
        let kept = self.by_text.get(&hash_text(query));
        kept.is_some_and(|kept| kept.iter().any(|kept| kept.is_of(query)))
    }

    /// Everything known of a query, at its place.
    pub(crate) fn find(&mut self, query: &Query) -> Option<&KeptQuery> {
        let kept = self.by_text.get_mut(&hash_text(query))?;
        let kept = kept.iter_mut().find(|kept| kept.is_of(query))?;
        kept.move_to(query);
        kept.used = self.check;
        Some(kept)
    }

    /// Adds the results of these queries. Gives the diagnostics that belong to none of them, and the places of the queries that
    /// have to be asked about in the next check again.
    pub(super) fn add(
        &mut self,
        queries: Vec<Query>,
        asked: Asked,
    ) -> (Vec<Diagnostic>, Vec<QueryPlace>) {
        let Asked {
            finished,
            mut composed,
            diagnostics,
        } = asked;
        let places: Vec<QueryPlace> = queries.iter().map(Query::place).collect();
        let (mut found, others) = assign_diagnostics(&places, diagnostics);
        let mut unkept: Vec<QueryPlace> = if others.is_empty() {
            let found = found.iter();
            let fixed =
                found.filter(|(place, found)| !found.iter().all(|one| is_inside(one, place)));
            fixed.map(|(place, _)| place.clone()).collect()
        } else {
            places.clone()
        };
        unkept.sort();
        let finished = finished.into_iter();
        let mut finished: HashMap<QueryPlace, Arc<Finished>> = finished
            .map(|finished| (finished.query.place(), Arc::new(finished)))
            .collect();
        for (written, place) in queries.into_iter().zip(&places) {
            let kept = self.by_text.entry(hash_text(&written)).or_default();
            kept.push(KeptQuery {
                finished: finished.remove(place),
                composed: composed.remove(place),
                diagnostics: found.remove(place).unwrap_or_default(),
                used: self.check,
                written,
            });
        }
        (others, unkept)
    }

    /// Ends a check: forgets results of queries that were removed long ago, and those of `unkept`.
    pub(crate) fn end(&mut self, unkept: &[QueryPlace]) {
        let oldest = self.check.saturating_sub(KEPT_CHECKS);
        self.by_text.retain(|_, kept| {
            kept.retain(|kept| {
                kept.used >= oldest && unkept.binary_search(&kept.written.place()).is_err()
            });
            !kept.is_empty()
        });
    }
}

impl KeptQuery {
    /// Whether it is of this query, at whatever place.
    fn is_of(&self, query: &Query) -> bool {
        if self.is_at(query) {
            return true;
        }
        // The text is compared too, because the stages read it through the span.
        let moved = Relocation::between(&self.written, query);
        text_of(&self.written) == text_of(query) && moved.query(self.written.clone()) == *query
    }

    /// Whether it is of the query at this place of this very text.
    fn is_at(&self, query: &Query) -> bool {
        let (own, other) = (&self.written.name_span, &query.name_span);
        Arc::ptr_eq(&own.file, &other.file) && own.range.start == other.range.start
    }

    fn move_to(&mut self, query: &Query) {
        if self.is_at(query) {
            return;
        }
        let relocation = Relocation::between(&self.written, query);
        let finished = self.finished.as_deref().cloned();
        self.finished = finished.map(|finished| Arc::new(relocation.finished(finished)));
        let diagnostics = std::mem::take(&mut self.diagnostics).into_iter();
        self.diagnostics = diagnostics
            .map(|diagnostic| relocation.diagnostic(diagnostic))
            .collect();
        self.written = query.clone();
    }
}

/// The text of a query, from its name on.
fn text_of(query: &Query) -> &str {
    let range = query.name_span.range.start..query.span.range.end;
    query.span.file.text.get(range).unwrap_or_default()
}

fn hash_text(query: &Query) -> u64 {
    let mut hasher = DefaultHasher::new();
    text_of(query).hash(&mut hasher);
    hasher.finish()
}

/// The diagnostics of each query, and those that belong to none.
///
/// A query owns its file from its name to the name of the next one.
fn assign_diagnostics(
    places: &[QueryPlace],
    diagnostics: Vec<Diagnostic>,
) -> (HashMap<QueryPlace, Vec<Diagnostic>>, Vec<Diagnostic>) {
    let mut sorted = places.to_vec();
    sorted.sort();
    let owner = |span: &Span| {
        let place = (span.file.path.clone(), span.range.start);
        let after = sorted.partition_point(|known| *known <= place);
        let found = sorted.get(after.checked_sub(1)?)?;
        (found.0 == place.0).then(|| found.clone())
    };
    let (mut found, mut others) = (HashMap::new(), Vec::new());
    for diagnostic in diagnostics {
        match diagnostic.span().and_then(owner) {
            Some(place) => {
                let found: &mut Vec<Diagnostic> = found.entry(place).or_default();
                found.push(diagnostic);
            }
            None => others.push(diagnostic),
        }
    }
    (found, others)
}

/// Whether all of a diagnostic is in the file of its query. A fix of xact.toml would have to move with another file.
fn is_inside(diagnostic: &Diagnostic, (path, _): &QueryPlace) -> bool {
    let mut fixes = diagnostic.fixes.iter();
    fixes.all(|fix| fix.span.file.path == *path)
}
