//! The results of the queries that did not change since the last check, so that one changed query costs one query.
//!
//! Given: the queries as they are now. Gives: those that have to be asked about, and everything that is known of the others, at
//! their new places. A result depends on the text of its query and on the [`Environment`], which is compared as a whole. Results of
//! other processes come from `records/`.

use super::ask::Asked;
use super::environment::Environment;
use super::records::{QueryRecords, encode_query, find_folder};
use crate::project::Project;
use crate::query::{Finished, Query, QueryPlace, Relocation, TypedSchema};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use xact::generated::content_hash;

/// How many checks a result is kept that no query has any more: an edit that is undone costs nothing.
const KEPT_CHECKS: u64 = 16;

/// Whether results that other processes recorded are used. Those of this one are recorded in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordUse {
    Read,
    /// Postgres is asked about every query.
    Ignore,
}

/// Everything known of one query.
#[derive(Clone, Debug)]
pub(crate) struct KeptQuery {
    /// The query as it was parsed.
    pub(super) written: Query,
    /// The result; none if a stage refused the query.
    pub(crate) finished: Option<Arc<Finished>>,
    /// Who composes SQL at run time for it; none if the query was refused before that is known.
    pub(crate) composed: Option<Vec<String>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The last check that used it.
    pub(super) used: u64,
    /// Whether it is among the records, or can never be.
    pub(super) is_recorded: bool,
}

/// The results of queries, by the hash of their text.
#[derive(Debug)]
pub(crate) struct KeptQueries {
    environment: Option<Environment>,
    by_text: HashMap<u64, Vec<KeptQuery>>,
    check: u64,
    /// The folder of the records; none where there is no cache folder.
    folder: Option<PathBuf>,
    record_use: RecordUse,
    records: Option<QueryRecords>,
}

impl KeptQueries {
    /// Nothing is kept yet. Records are those in the user's cache folder.
    pub(crate) fn new(record_use: RecordUse) -> Self {
        Self::in_folder(find_folder(), record_use)
    }

    pub(super) fn in_folder(folder: Option<PathBuf>, record_use: RecordUse) -> Self {
        Self {
            environment: None,
            by_text: HashMap::new(),
            check: 0,
            folder,
            record_use,
            records: None,
        }
    }

    /// Begins a check on the database that was built from `origin`. Results of another environment are forgotten.
    pub(crate) fn begin(&mut self, origin: Option<u64>, project: &Project, catalog: &TypedSchema) {
        let environment = Environment::of(project, catalog);
        let kept = self.environment.as_ref();
        self.check += 1;
        // With other types or scopes, the same text may have another result.
        if kept.is_some_and(|kept| kept.is_same(&environment)) {
            return;
        }
        self.by_text.clear();
        self.records = match (origin, &self.folder) {
            (Some(origin), Some(folder)) => {
                QueryRecords::open(folder, origin, catalog, &environment.describe())
            }
            _ => None,
        };
        self.environment = Some(environment);
    }

    /// The results that are known of these queries, in their order.
    pub(crate) fn list_known(&mut self, queries: &[Query]) -> Vec<Arc<Finished>> {
        let known = queries
            .iter()
            .filter_map(|query| self.find(query)?.finished.clone());
        known.collect()
    }

    /// Takes the results of queries that are not known here from the records.
    pub(crate) fn restore(&mut self, queries: &[Query]) {
        let unknown = queries.iter().filter(|query| !self.knows(query));
        let unknown: Vec<&Query> = unknown.collect();
        let Some(records) = self.records.as_mut().filter(|_| !unknown.is_empty()) else {
            return;
        };
        if self.record_use == RecordUse::Ignore {
            return;
        }
        records.refresh();
        for query in unknown {
            let key = hash_text(query);
            if let Some(found) = records.find(key, query) {
                self.by_text.entry(key).or_default().push(found);
            }
        }
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
                is_recorded: false,
                written,
            });
        }
        (others, unkept)
    }

    /// Ends a check: forgets results of queries that were removed long ago, and those of `unkept`. Records the others.
    pub(crate) fn end(&mut self, unkept: &[QueryPlace]) {
        let oldest = self.check.saturating_sub(KEPT_CHECKS);
        self.by_text.retain(|_, kept| {
            kept.retain(|kept| {
                kept.used >= oldest && unkept.binary_search(&kept.written.place()).is_err()
            });
            !kept.is_empty()
        });
        self.write_records();
    }

    /// Writes the results that are not recorded yet. Those that cannot be written now are left to the next check.
    fn write_records(&mut self) {
        let Some(records) = &mut self.records else {
            return;
        };
        let mut new = Vec::new();
        for (key, kept) in &mut self.by_text {
            for kept in kept.iter_mut().filter(|kept| !kept.is_recorded) {
                match encode_query(kept) {
                    Some(bytes) => new.push((*key, bytes)),
                    None => kept.is_recorded = true,
                }
            }
        }
        if new.is_empty() {
            return;
        }
        let in_use: HashSet<u64> = self.by_text.keys().copied().collect();
        if records.append(new, &in_use) {
            let written = self.by_text.values_mut().flatten();
            written.for_each(|kept| kept.is_recorded = true);
        }
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
pub(super) fn text_of(query: &Query) -> &str {
    let range = query.name_span.range.start..query.span.range.end;
    query.span.file.text.get(range).unwrap_or_default()
}

/// The same in every process. The comments above the name are a part of the query too, but not of its text.
fn hash_text(query: &Query) -> u64 {
    let lines = query.docs.iter().chain(&query.remarks);
    let mut text: String = lines.flat_map(|line| [line, "\n"]).collect();
    text.push_str(text_of(query));
    content_hash(text.as_bytes())
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
