//! The parts and orders of a statement, by its comments.
//!
//! Given: the tokens of a statement with everything around them. Gives: the range of tokens of each part with its condition,
//! and the named orders; or a diagnostic at the comment that is wrong.

use super::condition::Condition;
use super::switch::{Operand, Switch, read_switch};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{Token, TokenKind};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// The bits of a mask, which are all that a variant is told by.
pub(super) const MOST_CHOICES: usize = 64;

/// One thing that turns parts on: a parameter that is given, or a flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartSwitch {
    /// The parameter or the flag, as written.
    pub name: String,
    /// Whether it is a parameter.
    pub is_parameter: bool,
    /// Where it is first named.
    pub span: Span,
    /// The comment above the first part that it turns on, line by line.
    pub docs: Vec<String>,
    /// The parts that it turns on, as written.
    pub parts: Vec<String>,
}

/// A run of tokens that is sent only if its switches are on.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The indexes of its tokens, from its first to its last that is not trivia.
    pub(super) tokens: Range<usize>,
    /// Its own condition, without those of the parts around it.
    pub(super) when: Condition,
    /// The comment that begins it.
    pub(super) span: Span,
    /// Whether it is the line of its comment, and no block.
    pub(super) is_line: bool,
}

/// A named order, the default first.
#[derive(Clone, Debug)]
pub(super) struct OrderComment {
    pub(super) name: String,
    pub(super) span: Span,
    /// The index of the comment's token.
    pub(super) token: usize,
    /// The expressions in the file; none of the default, whose expressions are those of the statement.
    pub(super) expressions: Option<Range<usize>>,
}

/// Everything that the comments say.
#[derive(Default)]
pub(super) struct ShapeComments {
    pub(super) switches: Vec<PartSwitch>,
    pub(super) parts: Vec<Part>,
    pub(super) orders: Vec<OrderComment>,
}

impl ShapeComments {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.orders.is_empty()
    }
}

/// Whether a comment is a switch or nearly one.
pub(in crate::query) fn is_switch(comment: &str) -> bool {
    read_switch(comment).is_some()
}

/// Reads the comments among the tokens of a statement.
pub(super) fn read_comments(
    file: &Arc<SourceFile>,
    tokens: &[Token],
) -> Result<ShapeComments, Diagnostic> {
    let mut reader = PartReader {
        file,
        tokens,
        found: ShapeComments::default(),
        open: Vec::new(),
    };
    for (index, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::LineComment {
            reader.read(index)?;
        }
    }
    match reader.open.pop() {
        None => Ok(reader.found),
        Some(block) => {
            let message = "this part has no end";
            let help = "write `-- end` on a line of its own below the last line of the part";
            Err(Diagnostic::error("part-comment", block.span, message).help(help))
        }
    }
}

/// A block whose end has not come yet.
struct OpenBlock {
    operands: Vec<Operand>,
    any: bool,
    token: usize,
    span: Span,
}

struct PartReader<'a> {
    file: &'a Arc<SourceFile>,
    tokens: &'a [Token],
    found: ShapeComments,
    open: Vec<OpenBlock>,
}

impl PartReader<'_> {
    fn span_of(&self, index: usize) -> Span {
        Span {
            file: self.file.clone(),
            range: self.tokens[index].range.clone(),
        }
    }

    fn read(&mut self, index: usize) -> Result<(), Diagnostic> {
        let span = self.span_of(index);
        match read_switch(span.text()) {
            None => Ok(()),
            Some(Switch::If { operands, any }) => {
                if let Some(line) = self.line_before(index) {
                    return self.add_part(line, &operands, any, span, index);
                }
                self.open.push(OpenBlock {
                    operands,
                    any,
                    token: index,
                    span,
                });
                Ok(())
            }
            Some(Switch::End) => self.end_block(index, span),
            Some(Switch::Order(name)) => self.add_order(name, None, index, span),
            Some(Switch::Alternative(name, range)) => {
                let start = span.range.start;
                let range = start + range.start..start + range.end;
                self.add_order(name, Some(range), index, span)
            }
            Some(Switch::Nearly(meant)) => {
                let message = "this comment is nearly a switch";
                let diagnostic = Diagnostic::error("part-comment", span, message);
                Err(diagnostic.help(format!(
                    "write `{meant}`, or begin the comment with another word"
                )))
            }
        }
    }

    /// The tokens before a comment on its line; a token of several lines is on all of them.
    fn line_before(&self, index: usize) -> Option<Range<usize>> {
        let before = &self.file.text[..self.tokens[index].range.start];
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let on_line = (0..index).filter(|&at| {
            let token = &self.tokens[at];
            !token.kind.is_trivia() && token.range.end > line
        });
        let on_line: Vec<usize> = on_line.collect();
        Some(*on_line.first()?..on_line.last()? + 1)
    }

    fn end_block(&mut self, index: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(block) = self.open.pop() else {
            let message = "no part is open here";
            let help = "begin one with `-- if …` on a line of its own, or remove this line";
            return Err(Diagnostic::error("part-comment", span, message).help(help));
        };
        let inside: Vec<usize> = (block.token..index)
            .filter(|&at| !self.tokens[at].kind.is_trivia())
            .collect();
        let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
            let message = "there is nothing in this part";
            let help = "write the lines that it switches before `-- end`, or remove it";
            return Err(Diagnostic::error("part-comment", block.span, message).help(help));
        };
        let OpenBlock {
            operands,
            any,
            token,
            span,
        } = block;
        self.add_part(*first..last + 1, &operands, any, span, token)
    }

    fn add_part(
        &mut self,
        tokens: Range<usize>,
        operands: &[Operand],
        any: bool,
        span: Span,
        comment: usize,
    ) -> Result<(), Diagnostic> {
        let tokens_start = tokens.start;
        let docs = self.docs_above(comment.min(tokens_start));
        let text = self.text_of(&tokens);
        let mut when = None;
        for operand in operands {
            let bit = Condition::of_bit(self.bit_of(operand, &span)?);
            let switch = self.found.switches.iter_mut();
            if let Some(switch) = { switch }.find(|switch| switch.name == operand.name) {
                switch.parts.push(text.clone());
                if switch.docs.is_empty() {
                    switch.docs.clone_from(&docs);
                }
            }
            when = Some(match when {
                None => bit,
                Some(when) if any => bit.or(&when),
                Some(when) => bit.and(&when),
            });
        }
        self.found.parts.push(Part {
            tokens,
            when: when.unwrap_or_else(Condition::always),
            is_line: comment > tokens_start,
            span,
        });
        Ok(())
    }

    /// The bit of a switch; a new one has the next.
    fn bit_of(&mut self, operand: &Operand, span: &Span) -> Result<u32, Diagnostic> {
        let mut known = self.found.switches.iter();
        if let Some(index) = known.position(|known| known.name == operand.name) {
            let first = &self.found.switches[index];
            if first.is_parameter != operand.is_parameter {
                let message = format!(
                    "`{}` is a flag in one part and a parameter in another",
                    operand.name
                );
                let help = format!(
                    "write `-- if :{}` in both, or rename the flag",
                    operand.name
                );
                return Err(Diagnostic::error("part-parameter", span.clone(), message).help(help));
            }
            return Ok(u32::try_from(index).unwrap_or(u32::MAX));
        }
        let index = self.found.switches.len();
        if index >= MOST_CHOICES {
            return Err(too_many(span.clone()));
        }
        self.found.switches.push(PartSwitch {
            name: operand.name.clone(),
            is_parameter: operand.is_parameter,
            span: span.clone(),
            docs: Vec::new(),
            parts: Vec::new(),
        });
        Ok(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn add_order(
        &mut self,
        name: String,
        expressions: Option<Range<usize>>,
        token: usize,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let orders = &mut self.found.orders;
        let problem = if orders.iter().any(|order| order.name == name) {
            Some("an order of this name is there already")
        } else if expressions.is_none() && !orders.is_empty() {
            Some("a query has one ORDER BY whose order has a name")
        } else if expressions.is_some() && orders.is_empty() {
            Some("the order of the statement itself has no name yet")
        } else {
            None
        };
        match problem {
            None => {
                orders.push(OrderComment {
                    name,
                    span,
                    token,
                    expressions,
                });
                Ok(())
            }
            Some(message) => {
                let help = "write `-- order newest` at the end of the line of ORDER BY, and below it a line for each other order: \
                    `-- order title: b.title, b.id`";
                Err(Diagnostic::error("order-comment", span, message).help(help))
            }
        }
    }

    /// The comment lines directly above a token, which is the first of its line.
    fn docs_above(&self, index: usize) -> Vec<String> {
        let mut lines = Vec::new();
        // The lexer joins blanks to one token, so comments and blanks alternate.
        for pair in self.tokens[..index].rchunks(2) {
            let [comment, space] = pair else { break };
            let gap = &self.file.text[space.range.clone()];
            let is_doc = comment.kind == TokenKind::LineComment && space.kind == TokenKind::Space;
            let text = &self.file.text[comment.range.clone()];
            let line = &self.file.text[..comment.range.start];
            let alone = line
                .rsplit('\n')
                .next()
                .is_none_or(|line| line.trim().is_empty());
            if !is_doc || gap.matches('\n').count() != 1 || !alone || is_switch(text) {
                break;
            }
            lines.push(text.trim_start_matches('-').trim().to_owned());
        }
        lines.reverse();
        lines
    }

    /// The text of a part in one line, without comments.
    fn text_of(&self, tokens: &Range<usize>) -> String {
        let mut text = String::new();
        for token in &self.tokens[tokens.clone()] {
            if token.kind.is_trivia() {
                text.push(' ');
            } else {
                text.push_str(&self.file.text[token.range.clone()]);
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

pub(super) fn too_many(span: Span) -> Diagnostic {
    let message = format!("a query has at most {MOST_CHOICES} switches and orders");
    let help = "give parts that belong together one switch, or write two queries";
    Diagnostic::error("part-limit", span, message).help(help)
}
