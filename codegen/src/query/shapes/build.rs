//! Builds the shape of a statement: given its tokens and comments, cuts its text into pieces with conditions.

use super::cells::{Solid, find_solids};
use super::condition::Condition;
use super::lists::{Lists, connect_parts};
use super::parts::{MOST_CHOICES, OrderComment, PartSwitch, ShapeComments, too_many};
use super::shape::{Alternatives, NamedOrder, Segment, Shape};
use crate::query::parameter::Embed;
use crate::query::parameters::Numbering;
use crate::query::wire_sql::WireSql;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{Token, TokenKind, tokens as lex};
use std::ops::Range;
use std::sync::Arc;

/// Builds the shape; also the rows of relations that it embeds.
pub(super) fn build_shape(
    file: &Arc<SourceFile>,
    tokens: &[Token],
    comments: ShapeComments,
) -> Result<(Shape, Vec<Embed>), Diagnostic> {
    let solids = find_solids(&file.text, tokens);
    let mut lists = connect_parts(&solids, &comments.parts)?;
    let first_order = u32::try_from(comments.switches.len()).unwrap_or(u32::MAX);
    check_orders(&solids, &lists, &comments.orders)?;
    if comments.switches.len() + comments.orders.len() > MOST_CHOICES
        && let Some(last) = comments.orders.last()
    {
        return Err(too_many(last.span.clone()));
    }
    // The statement's own ORDER BY is sent for the default order only, once another has a name.
    if let (Some(range), false) = (&lists.order, comments.orders.is_empty()) {
        lists.when[range.clone()].fill(Condition::of_bit(first_order));
    }
    let mut builder = Builder {
        file,
        tokens,
        solids: &solids,
        numbering: Numbering::new(file, tokens),
        segments: Vec::new(),
    };
    builder.add_statement(&lists, &comments.orders, first_order)?;
    let orders = name_orders(file, tokens, &solids, &lists, &comments.orders);
    let Builder {
        numbering,
        segments,
        ..
    } = builder;
    check_parameters(file, &comments.switches, &numbering, &segments)?;
    let shape = Shape {
        switches: comments.switches,
        alternatives: orders_as_alternatives(&orders, first_order),
        orders,
        segments,
        parameters: numbering.parameters.into_values().collect(),
        required: lists.required,
    };
    Ok((shape, numbering.embeds))
}

fn orders_as_alternatives(orders: &[NamedOrder], first: u32) -> Vec<Alternatives> {
    let group = Alternatives {
        name: super::shape::ORDER.to_owned(),
        choices: orders.iter().map(|order| order.name.clone()).collect(),
        first,
    };
    (!orders.is_empty()).then_some(group).into_iter().collect()
}

/// Runs of tokens with one condition, cut also around the order.
fn cut_pieces(lists: &Lists, count: usize) -> Vec<Range<usize>> {
    let order = lists.order.iter();
    let wanted: Vec<usize> = order.flat_map(|order| [order.start, order.end]).collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in 1..=count {
        // Also around ORDER BY, whose expressions are replaced by those of another order.
        if at == count || lists.when[at] != lists.when[at - 1] || wanted.contains(&at) {
            pieces.push(start..at);
            start = at;
        }
    }
    pieces
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    tokens: &'a [Token],
    solids: &'a [Solid],
    numbering: Numbering<'a>,
    segments: Vec<Segment>,
}

impl Builder<'_> {
    /// Adds the whole statement, and the other orders behind the default.
    fn add_statement(
        &mut self,
        lists: &Lists,
        orders: &[OrderComment],
        first_order: u32,
    ) -> Result<(), Diagnostic> {
        for piece in cut_pieces(lists, self.solids.len()) {
            let order = lists.order.as_ref();
            let is_order = order.is_some_and(|order| order.contains(&piece.start));
            let is_last = order.is_some_and(|order| order.end == piece.end);
            let when = lists.when[piece.start].clone();
            self.add_piece(piece, when, is_order.then_some(0))?;
            // Behind the last piece of the default, so that every order is in the same place of the
            // text.
            if is_order && is_last {
                self.add_orders(orders, first_order)?;
            }
        }
        Ok(())
    }

    /// Adds a run of tokens with the blanks before it.
    fn add_piece(
        &mut self,
        solids: Range<usize>,
        when: Condition,
        order: Option<usize>,
    ) -> Result<(), Diagnostic> {
        let from = match solids.start {
            0 => self.solids[0].raw,
            start => self.solids[start - 1].raw + 1,
        };
        let to = self.solids[solids.end - 1].raw + 1;
        let tokens = &self.tokens[from..to];
        // A comment would comment out the piece that follows, if its line break belongs to one that is left out. The blanks before
        // it would be left at the end of the line.
        let is_comment = |at: usize| {
            let token = tokens.get(at);
            token.is_some_and(|token| token.kind == TokenKind::LineComment)
        };
        let is_dropped = |at: usize| {
            is_comment(at) || (tokens[at].kind == TokenKind::Space && is_comment(at + 1))
        };
        let kept: Vec<Token> = (0..tokens.len())
            .filter(|at| !is_dropped(*at))
            .map(|at| tokens[at].clone())
            .collect();
        self.add_tokens(&kept, when, order)
    }

    fn add_tokens(
        &mut self,
        tokens: &[Token],
        when: Condition,
        order: Option<usize>,
    ) -> Result<(), Diagnostic> {
        let Some(first) = tokens.first() else {
            return Ok(());
        };
        let source = first.range.start;
        let mut sql = WireSql::default();
        // `SET` and `b = 2` of `SET a = 1,b = 2` would be one word.
        if first.kind != TokenKind::Space && !self.segments.is_empty() {
            sql.append_replacement(source, " ");
        }
        sql.append(&self.numbering.number(tokens)?);
        self.segments.push(Segment {
            sql,
            when,
            source,
            order,
        });
        Ok(())
    }

    /// Adds the expressions of the other orders, which are in comments, behind those of the default.
    fn add_orders(&mut self, orders: &[OrderComment], first: u32) -> Result<(), Diagnostic> {
        for ((index, order), bit) in orders.iter().enumerate().zip(first..) {
            let Some(range) = &order.expressions else {
                continue;
            };
            let tokens: Vec<Token> = lex(&self.file.text[range.clone()])
                .into_iter()
                .map(|token| Token {
                    range: token.range.start + range.start..token.range.end + range.start,
                    ..token
                })
                .collect();
            let breaks = [
                TokenKind::Semicolon,
                TokenKind::Unterminated,
                TokenKind::LineComment,
            ];
            if let Some(wrong) = tokens.iter().find(|token| breaks.contains(&token.kind)) {
                let span = Span {
                    file: self.file.clone(),
                    range: wrong.range.clone(),
                };
                let message = "an order is one line of expressions";
                let help = "write them as behind ORDER BY: `-- order title: b.title, b.id`";
                return Err(Diagnostic::error("order-comment", span, message).help(help));
            }
            self.add_tokens(&tokens, Condition::of_bit(bit), Some(index))?;
        }
        Ok(())
    }
}

/// The default order is the one of the statement's own ORDER BY, which has no parts.
fn check_orders(
    solids: &[Solid],
    lists: &Lists,
    orders: &[OrderComment],
) -> Result<(), Diagnostic> {
    let Some(default) = orders.first() else {
        return Ok(());
    };
    let refuse = |message: &str, help: &str| {
        Err(Diagnostic::error("order-comment", default.span.clone(), message).help(help))
    };
    let before = solids.partition_point(|solid| solid.raw < default.token);
    let Some(range) = lists.order.as_ref().filter(|range| range.end == before) else {
        return refuse(
            "this comment names no order",
            "write it at the end of the last line of ORDER BY, which is that of the whole statement",
        );
    };
    let has_part = lists.when[range.start - 1..range.end]
        .iter()
        .any(|when| !when.is_always());
    if has_part {
        return refuse(
            "an ORDER BY whose order has a name cannot have parts",
            "write an order for each: `-- order title: b.title, b.id`",
        );
    }
    Ok(())
}

fn name_orders(
    file: &Arc<SourceFile>,
    tokens: &[Token],
    solids: &[Solid],
    lists: &Lists,
    orders: &[OrderComment],
) -> Vec<NamedOrder> {
    let own = lists.order.as_ref().map(|range| {
        let start = tokens[solids[range.start].raw].range.start;
        let end = tokens[solids[range.end - 1].raw].range.end;
        start..end
    });
    let named = orders.iter().filter_map(|order| {
        let range = order.expressions.clone().or_else(|| own.clone())?;
        let words = file.text[range].split_whitespace();
        Some(NamedOrder {
            name: order.name.clone(),
            sql: words.collect::<Vec<_>>().join(" "),
            span: order.span.clone(),
        })
    });
    named.collect()
}

/// A parameter that switches a part is there only in this part, a flag has a name of its own, and both are named.
fn check_parameters(
    file: &Arc<SourceFile>,
    switches: &[PartSwitch],
    numbering: &Numbering<'_>,
    segments: &[Segment],
) -> Result<(), Diagnostic> {
    let refuse = |span: &Span, message: String, help: String| {
        Err(Diagnostic::error("part-parameter", span.clone(), message).help(help))
    };
    if let Some(positional) = numbering.find_positional() {
        let message = "a query with parts or orders has named parameters".to_owned();
        let help = "give it a name: `:domain`".to_owned();
        return refuse(&positional.span, message, help);
    }
    for (switch, bit) in switches.iter().zip(0u32..) {
        let PartSwitch { name, span, .. } = switch;
        let found = numbering.find(name);
        match (switch.is_parameter, found) {
            (false, None) => {}
            (false, Some(_)) => {
                let message = format!("the flag `{name}` has the name of a parameter");
                let help = format!(
                    "write `-- if :{name}` if the parameter switches the part, or rename the flag"
                );
                return refuse(span, message, help);
            }
            (true, None) => {
                let message = format!("there is no parameter `:{name}` in this statement");
                let help = format!("use it in the part, or write a flag: `-- if {name}`");
                return refuse(span, message, help);
            }
            (true, Some(index)) => {
                // A parameter that is not given has no value, so a text that is sent without its
                // part must not use it.
                let outside = segments.iter().find(|segment| {
                    let mut used = super::shape::find_parameters(&segment.sql.text);
                    !segment.when.implies(bit) && used.any(|(_, used)| used == index)
                });
                let Some(outside) = outside else { continue };
                let mut uses = numbering.uses.iter();
                let place =
                    uses.find(|(used, range)| *used == index && range.start >= outside.source);
                let span = place.map_or_else(
                    || span.clone(),
                    |(_, range)| Span {
                        file: file.clone(),
                        range: range.clone(),
                    },
                );
                let message = format!("`:{name}` is used outside of the parts that it switches");
                let help = format!(
                    "write `-- if :{name}` behind this line too, or switch the part by a flag"
                );
                return refuse(&span, message, help);
            }
        }
    }
    Ok(())
}
