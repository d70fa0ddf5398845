//! A query that is the same as before, at another place in its file, because something above it was edited.
//!
//! Given: everything that was learned of the query, with spans of the old text. Gives: the same with spans of the new text.
//! Invariant: every field with a span or a byte offset of the file is visited. A test compares the result with that of a run from
//! scratch.

use super::analysis::Embedded;
use super::{Embed, Finished, NamedOrder, Parameter, PartSwitch, Query, Segment, Shape, WireSql};
use crate::report::diagnostic::{Diagnostic, Fix, Place};
use crate::report::source::{SourceFile, Span};
use std::sync::Arc;

/// From one place of a query to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relocation<'a> {
    from: &'a Query,
    to: &'a Arc<SourceFile>,
    /// Where its name begins in the new text.
    start: usize,
}

impl<'a> Relocation<'a> {
    /// From the place of a query to that of another, which may be the same query.
    pub(crate) fn between(from: &'a Query, to: &'a Query) -> Self {
        Self {
            from,
            to: &to.span.file,
            start: to.name_span.range.start,
        }
    }

    /// The query at its new place.
    pub(crate) fn query(self, mut query: Query) -> Query {
        self.move_query(&mut query);
        query
    }

    /// A finished query at its new place.
    pub(crate) fn finished(self, mut finished: Finished) -> Finished {
        self.move_query(&mut finished.query);
        for Embedded { span, .. } in &mut finished.embedded {
            self.move_span(span);
        }
        finished
    }

    /// A diagnostic at its new place.
    pub(crate) fn diagnostic(self, mut diagnostic: Diagnostic) -> Diagnostic {
        if let Place::Span(span) = &mut diagnostic.place {
            self.move_span(span);
        }
        for Fix { span, .. } in &mut diagnostic.fixes {
            self.move_span(span);
        }
        diagnostic
    }

    fn move_query(self, query: &mut Query) {
        let Query {
            name_span,
            span,
            sql,
            parameters,
            embeds,
            shape,
            ..
        } = query;
        self.move_span(name_span);
        self.move_span(span);
        self.move_sql(sql);
        for Parameter { span, .. } in parameters {
            self.move_span(span);
        }
        for Embed { span, .. } in embeds {
            self.move_span(span);
        }
        if let Some(shape) = shape {
            self.move_shape(Arc::make_mut(shape));
        }
    }

    fn move_shape(self, shape: &mut Shape) {
        for PartSwitch { span, .. } in &mut shape.switches {
            self.move_span(span);
        }
        for NamedOrder { span, .. } in &mut shape.orders {
            self.move_span(span);
        }
        for Segment { sql, source, .. } in &mut shape.segments {
            self.move_sql(sql);
            *source = self.move_offset(*source);
        }
        for Parameter { span, .. } in &mut shape.parameters {
            self.move_span(span);
        }
    }

    fn move_sql(self, sql: &mut WireSql) {
        sql.move_sources(|source| self.move_offset(source));
    }

    fn move_span(self, span: &mut Span) {
        span.range = self.move_offset(span.range.start)..self.move_offset(span.range.end);
        span.file = Arc::clone(self.to);
    }

    fn move_offset(self, offset: usize) -> usize {
        match offset.checked_sub(self.from.name_span.range.start) {
            Some(inside) => self.start + inside,
            // Text without a piece comes from byte 0, wherever the query is.
            None => offset,
        }
    }
}
