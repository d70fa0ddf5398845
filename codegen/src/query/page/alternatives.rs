//! The alternatives of a query's shape that are the statements of its pages.
//!
//! Every order has its own keys, and every key a parameter of its own, because a parameter has one type. The columns that only
//! pages select are the same in all orders, so that all variants give the same columns.

use super::operators::SortOperators;
use super::refuse;
use super::seek::SeekDirection;
use super::shaped::{InOrder, OrderOfPage, ShapedPage, describe_one, mask_switches};
use super::statements::{ALIAS, Numbers, PageWriter};
use crate::query::analysis::Uniqueness;
use crate::query::shapes::{Alternatives, choose_variants, find_parameters};
use crate::query::{
    Condition, DescribedQuery, Finished, Parameter, Segment, Shape, TypeCatalog, WireSql,
};
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use sqlx::PgConnection;
use std::collections::HashMap;

/// Everything that the statements are written from.
pub(super) struct ShapedWriter<'q> {
    query: &'q Finished,
    shape: &'q Shape,
    orders: &'q [InOrder],
    writers: Vec<PageWriter<'q>>,
    /// The parameters of the query, without LIMIT.
    own: usize,
    seeks: usize,
}

impl<'q> ShapedWriter<'q> {
    /// A diagnostic if a key cannot be a column of the subquery.
    pub(super) fn new(
        query: &'q Finished,
        shape: &'q Shape,
        orders: &'q [InOrder],
        operators: &'q HashMap<u32, SortOperators>,
    ) -> Result<Self, Diagnostic> {
        let limit = orders[0].layout.limit;
        let own = shape.parameters.len() - usize::from(limit.is_some());
        // LIMIT follows the query's own parameters, then come the keys of each order.
        let (mut writers, mut hidden, mut first_key) = (Vec::new(), 0, own + 2);
        for order in orders {
            let numbers = Numbers {
                limit: own + 1,
                first_key,
                // The numbers have to be the same in all variants, so a key that is NULL keeps its
                // number unused.
                has_gaps: true,
            };
            let parts = (&order.layout, &order.order);
            let writer =
                PageWriter::with_numbers(&order.query, parts, operators, (numbers, hidden))?;
            hidden += writer.count_hidden();
            first_key += order.order.keys.len();
            writers.push(writer);
        }
        let nullable = |order: &InOrder| {
            let keys = order.order.keys.iter();
            keys.filter(|key| key.nullable).count()
        };
        let most = orders.iter().map(nullable).max().unwrap_or(0);
        Ok(Self {
            query,
            shape,
            orders,
            writers,
            own,
            // Each nullable key is NULL in the cursor or not; the order with the most of them
            // decides how many choices there are.
            seeks: 1 << most,
        })
    }

    /// The pages, and the shape with their statements; Postgres has prepared its variants.
    pub(super) async fn write(
        &self,
        connection: &mut PgConnection,
        catalog: &TypeCatalog,
        schema: &Schema,
    ) -> Result<Result<(ShapedPage, Shape), Diagnostic>, Failure> {
        let Some((mut shape, group)) = self.around() else {
            return Ok(Err(refuse::too_many_choices(self.query)));
        };
        for writer in 0..self.writers.len() {
            let end = self.writers[writer].plain_end(SeekDirection::Forward);
            self.push_end(&mut shape, writer, &Condition::of_bit(group.first), &end);
        }
        // The first page needs no types; it says those of the keys.
        let first = self.query.query.as_variant(&shape, shape.whole());
        let columns = match describe_one(connection, self.query, first, schema).await? {
            Ok(described) => described,
            Err(diagnostic) => return Ok(Err(diagnostic)),
        };
        let orders = match self.add_ends(&mut shape, &group, &columns, catalog) {
            Ok(orders) => orders,
            Err(diagnostic) => return Ok(Err(diagnostic)),
        };
        let page = ShapedPage {
            orders,
            columns: columns.columns,
            group: group.first,
            seeks: self.seeks,
        };
        let refused = self
            .check_variants(connection, &shape, &page, schema)
            .await?;
        Ok(refused.map_or(Ok((page, shape)), Err))
    }

    /// The shape as a subquery, and the group of the ways to choose a page.
    fn around(&self) -> Option<(Shape, Alternatives)> {
        let names = (0..self.seeks).map(|nulls| format!("after {nulls}"));
        let names = names.chain((0..self.seeks).map(|nulls| format!("before {nulls}")));
        let own = ["first", "last", "total"].map(str::to_owned);
        let names: Vec<String> = own.into_iter().chain(names).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut shape = self.shape.clone();
        let group = shape.add_alternatives("page", &names)?.clone();
        let total = Condition::of_bit(group.first + TOTAL);
        let page = group
            .bits()
            .filter(|bit| *bit != group.first + TOTAL)
            .fold(Condition::never(), |any, bit| {
                any.or(&Condition::of_bit(bit))
            });
        shape.segments = self.wrap_segments(&page, &total);
        shape.parameters = self.all_parameters();
        Some((shape, group))
    }

    /// The segments up to ORDER BY, with the outer SELECT around them and the hidden columns in them.
    fn wrap_segments(&self, page: &Condition, total: &Condition) -> Vec<Segment> {
        let layout = &self.orders[0].layout;
        let hidden: String = self
            .writers
            .iter()
            .map(PageWriter::hidden_columns)
            .collect();
        let select = format!("SELECT {ALIAS}.*\nFROM (\n");
        let count = "SELECT count(*)\nFROM (\n".to_owned();
        let mut inserts = vec![
            (layout.main, select, page.clone()),
            (layout.main, count, total.clone()),
        ];
        let end_of_columns = layout.columns_end.filter(|_| !hidden.is_empty());
        inserts.extend(end_of_columns.map(|end| (end, hidden, Condition::always())));
        let mut segments = Vec::new();
        let mut start = 0;
        for segment in &self.shape.segments {
            // The layout counts bytes of the text in the first order, and the other orders'
            // segments are not in it.
            if !segment.when.holds(self.orders[0].choices) {
                // The other orders are in the ends of the statements.
                let stays = segment.order.is_none() && start <= layout.body_end;
                segments.extend(stays.then(|| self.renumber(segment, &segment.sql)));
                continue;
            }
            let end = start + segment.sql.text.len();
            let mut from = start;
            let is_last = end >= layout.body_end;
            for (place, text, when) in &inserts {
                // A place at the very end belongs to the last segment, not to the one that begins
                // there.
                let is_here = (start..end).contains(place) || (is_last && *place == end);
                if is_here && start <= layout.body_end {
                    let before = segment.sql.slice(from - start..place - start);
                    segments.push(self.renumber(segment, &before));
                    segments.push(piece(segment.source, text, when.clone()));
                    from = *place;
                }
            }
            let to = end.min(layout.body_end);
            if from < to {
                let rest = segment.sql.slice(from - start..to - start);
                segments.push(self.renumber(segment, &rest));
            }
            start = end;
        }
        segments.retain(|segment| !segment.sql.text.is_empty());
        let source = segments.last().map_or(0, |last| last.source);
        segments.push(piece(
            source,
            &format!("\n) AS {ALIAS}"),
            Condition::always(),
        ));
        segments
    }

    /// A piece of a segment. LIMIT is no parameter of the query any more, so those behind it move up.
    fn renumber(&self, segment: &Segment, sql: &WireSql) -> Segment {
        let limit = self.orders[0].layout.limit.unwrap_or(usize::MAX);
        let numbered = find_parameters(&sql.text).filter(|(_, index)| *index >= limit);
        let edits = numbered.map(|(range, index)| (range, format!("${index}")));
        let edits: Vec<_> = edits.collect();
        Segment {
            sql: sql.with_edits(&edits),
            order: None,
            ..segment.clone()
        }
    }

    /// The parameters of the query, then LIMIT and the keys of each order.
    fn all_parameters(&self) -> Vec<Parameter> {
        let mut parameters = self.shape.parameters.clone();
        let limit = self.orders[0].layout.limit;
        let span = self.query.query.name_span.clone();
        let parameter = |name: String| Parameter {
            name: Some(name),
            nullable: false,
            elements_nullable: false,
            part: None,
            span: span.clone(),
        };
        let size = match limit {
            Some(limit) => parameters.remove(limit - 1),
            None => parameter("xact_limit".to_owned()),
        };
        parameters.push(size);
        let keys = self.orders.iter().flat_map(|order| &order.order.keys);
        let keys = keys.enumerate();
        parameters.extend(keys.map(|(index, _)| parameter(format!("xact_value_{index}"))));
        parameters
    }

    fn condition_of(&self, order: usize) -> Condition {
        let choice = self.choice_of(order);
        (0..u64::BITS)
            .filter(|bit| choice & (1 << bit) != 0)
            .fold(Condition::always(), |all, bit| {
                all.and(&Condition::of_bit(bit))
            })
    }

    /// The bit of an order; 0 if there is a single one.
    fn choice_of(&self, order: usize) -> u64 {
        if self.shape.orders.is_empty() {
            return 0;
        }
        let switches = mask_switches(self.shape);
        self.orders[order].choices.0 & !switches
    }

    fn push_end(&self, shape: &mut Shape, order: usize, choice: &Condition, end: &str) {
        let when = self.condition_of(order).and(choice);
        let source = shape.segments.last().map_or(0, |last| last.source);
        shape.segments.push(piece(source, end, when));
    }

    /// The other ends of the statements, now that the types of the keys are known.
    fn add_ends(
        &self,
        shape: &mut Shape,
        group: &Alternatives,
        first: &DescribedQuery,
        catalog: &TypeCatalog,
    ) -> Result<Vec<OrderOfPage>, Diagnostic> {
        let mut orders = Vec::new();
        let all: Vec<&str> = self
            .shape
            .segments
            .iter()
            .map(|s| s.sql.text.as_str())
            .collect();
        let all = all.join("\n");
        let mut parameter = self.own + 1;
        for (index, writer) in self.writers.iter().enumerate() {
            let (keys, types) = writer.type_keys(first, catalog)?;
            let last = Condition::of_bit(group.first + 1);
            self.push_end(
                shape,
                index,
                &last,
                &writer.plain_end(SeekDirection::Backward),
            );
            let nullable = keys.iter().filter(|key| key.nullable).count();
            let mut bit = group.first + TOTAL + 1;
            for direction in [SeekDirection::Forward, SeekDirection::Backward] {
                let choices = bit..bit + u32::try_from(self.seeks).unwrap_or_default();
                for nulls in 0..1 << nullable {
                    // Of an order with fewer nullable keys than another, several choices are the same statement.
                    let same = choices.clone().skip(nulls).step_by(1 << nullable);
                    let any = same.fold(Condition::never(), |any, bit| {
                        any.or(&Condition::of_bit(bit))
                    });
                    let end = writer.seek(nulls, direction, &types);
                    self.push_end(shape, index, &any, &end.sql);
                }
                bit = choices.end;
            }
            let Uniqueness::Proved(evidence) = &self.orders[index].order.uniqueness else {
                return Err(refuse::other_columns(self.query));
            };
            let count = keys.len();
            let name = self.shape.orders.get(index).map_or("", |order| &order.name);
            orders.push(OrderOfPage {
                choice: self.choice_of(index),
                parameter,
                evidence: evidence.clone(),
                fingerprint: writer.fingerprint(&format!("{all}\n{name}"), &types),
                keys,
            });
            parameter += count;
        }
        Ok(orders)
    }

    /// The first diagnostic of a variant that Postgres does not accept, or that has other columns.
    async fn check_variants(
        &self,
        connection: &mut PgConnection,
        shape: &Shape,
        page: &ShapedPage,
        schema: &Schema,
    ) -> Result<Option<Diagnostic>, Failure> {
        let total = page.group + TOTAL;
        // Prepared again, because the subquery around it is other SQL than the variants that were
        // checked before.
        for choices in choose_variants(shape) {
            let variant = self.query.query.as_variant(shape, choices);
            let described = match describe_one(connection, self.query, variant, schema).await? {
                Ok(described) => described,
                Err(diagnostic) => return Ok(Some(diagnostic)),
            };
            let is_page = described.columns == page.columns;
            let is_total = described.columns.len() == 1;
            if !(if choices.has(total) {
                is_total
            } else {
                is_page
            }) {
                return Ok(Some(refuse::other_columns(self.query)));
            }
        }
        Ok(None)
    }
}

/// The place of the total among the alternatives.
const TOTAL: u32 = 2;

fn piece(source: usize, text: &str, when: Condition) -> Segment {
    let mut sql = WireSql::default();
    sql.append_replacement(source, text);
    Segment {
        sql,
        when,
        source,
        order: None,
    }
}
