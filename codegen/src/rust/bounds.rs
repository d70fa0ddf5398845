//! The traits that make a query which a scope may not run a compile error.
//!
//! Queries that every scope may run have no bound. The others share one trait for each way of
//! being refused, so that the compiler can say which privilege is missing.

use super::names::{Unique, doc_text, message_literal, pascal_case};
use super::view::BoundView;
use crate::query::{Finished, ScopeVerdict};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The traits, by who is refused and why.
#[derive(Default)]
pub(super) struct Bounds {
    bounds: BTreeMap<Vec<Refusal>, BoundView>,
}

/// The type of a scope, and why it may not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Refusal {
    scope: String,
    words: String,
}

impl Bounds {
    /// The traits that these queries need.
    pub(super) fn of(queries: &[Arc<Finished>]) -> Self {
        let mut names = Unique::default();
        // A scope may be called `may_insert_on_bookmarks`.
        for verdict in queries.iter().flat_map(|query| &query.scopes) {
            let scope = pascal_case(&verdict.scope);
            if names.is_free(&scope) {
                names.name(&scope);
            }
        }
        let mut bounds = BTreeMap::new();
        for query in queries {
            let refusals = find_refusals(query);
            if !refusals.is_empty() && !bounds.contains_key(&refusals) {
                let name = names.name(&trait_name(query));
                bounds.insert(refusals.clone(), bound_view(name, query, &refusals));
            }
        }
        Self { bounds }
    }

    /// The name of the trait that a scope must have for this query.
    pub(super) fn for_query(&self, query: &Finished) -> Option<String> {
        Some(self.bounds.get(&find_refusals(query))?.name.clone())
    }

    /// The traits, sorted by name.
    pub(super) fn into_views(self) -> Vec<BoundView> {
        let mut views: Vec<BoundView> = self.bounds.into_values().collect();
        // By name, so that another order of the queries changes nothing in the file.
        views.sort_by(|a, b| a.name.cmp(&b.name));
        views
    }
}

fn find_refusals(query: &Finished) -> Vec<Refusal> {
    let refused = query.scopes.iter().filter_map(|verdict| {
        Some(Refusal {
            words: verdict.refusal()?,
            scope: pascal_case(&verdict.scope),
        })
    });
    refused.collect()
}

/// `MayInsertOnBookmarks`, by the privilege that the first refused scope lacks; or by the query, because other
/// privileges are named in a message only, whose language is the server's.
fn trait_name(query: &Finished) -> String {
    let refused = query.scopes.iter().find(|verdict| !verdict.allowed);
    match refused.map(ScopeVerdict::list_missing) {
        Some(missing) if !missing.is_empty() => format!("May{}", pascal_case(&missing)),
        _ => format!("MayRun{}", pascal_case(&query.query.name)),
    }
}

fn bound_view(name: String, query: &Finished, refusals: &[Refusal]) -> BoundView {
    let allowed = query.scopes.iter().filter(|verdict| verdict.allowed);
    let scopes: Vec<String> = allowed.map(|verdict| pascal_case(&verdict.scope)).collect();
    let (message, notes) = match refusals {
        [Refusal { scope, words }] => (
            format!("this query may not run in scope `{scope}`: {words}"),
            Vec::new(),
        ),
        several => {
            let note = |Refusal { scope, words }: &Refusal| format!("scope `{scope}`: {words}");
            let notes = several.iter().map(|each| message_literal(&note(each)));
            (
                "this query may not run in scope `{Self}`".to_owned(),
                notes.collect(),
            )
        }
    };
    // `{Self}` is a placeholder that the compiler fills, so its braces are kept.
    let message = match refusals {
        [_] => message_literal(&message),
        _ => format!("{message:?}"),
    };
    BoundView {
        name,
        message,
        notes,
        doc: doc_of(&scopes),
        scopes: scopes.join(", "),
    }
}

fn doc_of(scopes: &[String]) -> String {
    let links: Vec<String> = scopes.iter().map(|scope| format!("[`{scope}`]")).collect();
    doc_text(&format!(
        "Queries that only {} may run.",
        links.join(" and ")
    ))
}
