//! One result as bytes, and back.
//!
//! Given: a result with spans of one text. Gives: bytes without that text; and from them the same result with spans of another text, if the
//! query is the same. Invariant: all spans of a record are between the name of its query and its end, so they can be moved as one.

use crate::pipeline::kept::{KeptQuery, text_of};
use crate::query::{Finished, Query, Relocation};
use crate::report::diagnostic::{Diagnostic, UNNAMED};
use crate::report::source::Span;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// Everything known of one query; written from borrowed parts, read into owned ones.
#[derive(Serialize, Deserialize)]
struct QueryRecord<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    written: Cow<'a, Query>,
    finished: Option<Cow<'a, Finished>>,
    composed: Option<Cow<'a, [String]>>,
    diagnostics: Cow<'a, [Diagnostic]>,
}

/// None if the next attempt could have another result, or if a diagnostic is about text outside of the query, which can change while
/// the query does not.
pub(in crate::pipeline) fn encode_query(kept: &KeptQuery) -> Option<Vec<u8>> {
    let written = &kept.written;
    let mut diagnostics = kept.diagnostics.iter();
    let is_settled = kept.finished.as_ref().is_none_or(|query| query.is_settled);
    if !is_settled || !diagnostics.all(|found| is_certain(found) && is_inside(found, written)) {
        return None;
    }
    let record = QueryRecord {
        text: Cow::Borrowed(text_of(written)),
        written: Cow::Borrowed(written),
        finished: kept.finished.as_deref().map(Cow::Borrowed),
        composed: kept.composed.as_deref().map(Cow::Borrowed),
        diagnostics: Cow::Borrowed(&kept.diagnostics),
    };
    postcard::to_allocvec(&record).ok()
}

/// None if the bytes are no record, or the record is of another query.
pub(in crate::pipeline) fn decode_query(bytes: &[u8], query: &Query) -> Option<KeptQuery> {
    let record: QueryRecord<'_> = postcard::from_bytes(bytes).ok()?;
    let written = record.written.into_owned();
    let relocation = Relocation::between(&written, query);
    // The key of a record is a hash, and two queries can have the same.
    if record.text != text_of(query) || relocation.query(written.clone()) != *query {
        return None;
    }
    let diagnostics = record.diagnostics.into_owned().into_iter();
    let finished = record.finished.map(Cow::into_owned);
    Some(KeptQuery {
        finished: finished.map(|finished| Arc::new(relocation.finished(finished))),
        composed: record.composed.map(Cow::into_owned),
        diagnostics: diagnostics
            .map(|diagnostic| relocation.diagnostic(diagnostic))
            .collect(),
        written: query.clone(),
        used: 0,
        is_recorded: true,
    })
}

/// Errors of Postgres that have no name of their own include those of a full disk, of a timeout, and of a server that is stopping.
fn is_certain(diagnostic: &Diagnostic) -> bool {
    diagnostic.code != UNNAMED
}

fn is_inside(diagnostic: &Diagnostic, query: &Query) -> bool {
    let text = query.name_span.range.start..=query.span.range.end;
    let is_own = |span: &Span| {
        Arc::ptr_eq(&span.file, &query.span.file)
            && text.contains(&span.range.start)
            && text.contains(&span.range.end)
    };
    let mut fixes = diagnostic.fixes.iter();
    diagnostic.span().is_some_and(is_own) && fixes.all(|fix| is_own(&fix.span))
}
