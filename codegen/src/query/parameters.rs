//! Parameters: `:name`, `:name?`, `:names[?]`, `@name`, `sqlc.arg(name)`, `sqlc.narg(name)`,
//! `sqlc.slice(name)`, or `$1`; lists of one parameter, `IN (:ids)`; and `sqlc.embed(name)`, which becomes `name.*`,
//! or in a subquery or a call `ROW(name.*)`.
//!
//! A query may have both: as in sqlc, names get the numbers that no `$n` has, in the order of the text.

use super::lists::{ListCall, find_list};
use super::parameter::{Embed, Parameter, RowPart};
use super::sqlc::{self, List, SqlcCall};
use super::wire_sql::WireSql;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{Token, TokenKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// The statement as sent, its parameters numbered.
pub(super) struct Numbered {
    pub(super) sql: WireSql,
    pub(super) parameters: Vec<Parameter>,
    pub(super) embeds: Vec<Embed>,
}

/// Numbers the parameters of one statement: `$n` as written, and names in the order they first appear.
pub(super) fn number_parameters(
    file: &Arc<SourceFile>,
    tokens: &[Token],
) -> Result<Numbered, Diagnostic> {
    let mut numbering = Numbering::new(file, tokens);
    let sql = numbering.number(tokens)?;
    numbering.refuse_gaps()?;
    Ok(Numbered {
        sql,
        parameters: numbering.parameters.into_values().collect(),
        embeds: numbering.embeds,
    })
}

/// The parameters of a statement so far.
pub(super) struct Numbering<'a> {
    file: &'a Arc<SourceFile>,
    sql: WireSql,
    /// By number, from 1.
    pub(super) parameters: BTreeMap<usize, Parameter>,
    /// The number of each parameter that has a name.
    by_name: HashMap<String, usize>,
    pub(super) embeds: Vec<Embed>,
    /// Every `n` of a `$n`, also of those further down: a name never takes one of these.
    positional: BTreeSet<usize>,
    /// Each use of a parameter by its name: its index, and where.
    pub(super) uses: Vec<(usize, Range<usize>)>,
    /// How many brackets are open.
    depth: usize,
}

/// Every `n` of a `$n`.
fn written_numbers(file: &SourceFile, tokens: &[Token]) -> BTreeSet<usize> {
    let positional = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Positional);
    let numbers = positional.filter_map(|token| file.text[token.range.clone()][1..].parse().ok());
    numbers.collect()
}

impl<'a> Numbering<'a> {
    /// `tokens` are those of the whole statement.
    pub(super) fn new(file: &'a Arc<SourceFile>, tokens: &[Token]) -> Self {
        Self {
            file,
            sql: WireSql::default(),
            parameters: BTreeMap::new(),
            by_name: HashMap::new(),
            embeds: Vec::new(),
            positional: written_numbers(file, tokens),
            uses: Vec::new(),
            depth: 0,
        }
    }

    /// The next tokens of the statement, with numbers in place of names.
    pub(super) fn number(&mut self, tokens: &[Token]) -> Result<WireSql, Diagnostic> {
        let mut index = 0;
        while index < tokens.len() {
            index += self.take_parameter(tokens, index)?;
        }
        Ok(std::mem::take(&mut self.sql))
    }

    /// The index of the parameter of this name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|number| number - 1)
    }

    /// The first parameter that is written as a number.
    pub(super) fn find_positional(&self) -> Option<&Parameter> {
        let mut parameters = self.parameters.values();
        parameters.find(|parameter| parameter.name.is_none())
    }
}

impl Numbering<'_> {
    /// Handles the token at `at`, or the few that make one parameter; gives how many.
    fn take_parameter(&mut self, all: &[Token], at: usize) -> Result<usize, Diagnostic> {
        let tokens = &all[at..];
        let token = &tokens[0];
        if self.add_written(token)? {
            return Ok(1);
        }
        if let Some(call) = sqlc::find_call(&self.file.text, tokens) {
            self.add_sqlc(&call, &tokens[call.length..])?;
            return Ok(call.length);
        }
        // After the known macros, and before Postgres would call it an unknown schema.
        if let Some(word) = sqlc::find_unknown(&self.file.text, tokens) {
            return Err(unsupported_macro(word, self.span_of(&token.range)));
        }
        if let Some(list) = find_list(&self.file.text, all, at) {
            self.add_list(&list, tokens)?;
            return Ok(list.length);
        }
        match self.text_of(token) {
            "(" | "[" => self.depth += 1,
            ")" | "]" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.sql.append_copy(&self.file.text, token.range.clone());
        Ok(1)
    }

    /// Adds a token that is a parameter; whether it is one.
    fn add_written(&mut self, token: &Token) -> Result<bool, Diagnostic> {
        match token.kind {
            TokenKind::Named => self.add_named(
                &self.file.text[token.range.start + 1..token.range.end],
                &token.range,
            )?,
            TokenKind::Positional => self.add_positional(token)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// `IN (:ids)` as `= ANY ($1)`; a list of rows as one row, until the types of its columns are known.
    fn add_list(&mut self, list: &ListCall, tokens: &[Token]) -> Result<(), Diagnostic> {
        let start = tokens[0].range.start;
        if list.columns > 1 {
            return self.add_row_list(list, tokens);
        }
        self.sql.append_replacement(start, list.list.before());
        self.add_written(&tokens[list.parameter])?;
        self.sql.append_copy(&self.file.text, list.cast.clone());
        self.sql
            .append_replacement(tokens[list.length - 1].range.start, ")");
        Ok(())
    }

    /// `IN (:pairs)` as `IN (($1, $2))`.
    fn add_row_list(&mut self, list: &ListCall, tokens: &[Token]) -> Result<(), Diagnostic> {
        let start = tokens[0].range.start;
        let range = &tokens[list.parameter].range;
        let name = &self.file.text[range.start + 1..range.end];
        let before = match list.list {
            List::In => "IN ((",
            List::NotIn => "NOT IN ((",
        };
        // A written `$2` could fall between the numbers of one row, which have to follow each
        // other.
        if !self.positional.is_empty() {
            let message = "a list of rows needs parameters with names alone";
            let help = "give every parameter a name: `:name`";
            let span = self.span_of(range);
            return Err(Diagnostic::error("row-list", span, message).help(help));
        }
        self.sql.append_replacement(start, before);
        for index in 0..list.columns {
            let part = RowPart {
                index,
                of: list.columns,
            };
            // Without numbers in the text, those of one list follow each other.
            let number = self.number_of(&part.key(name));
            let span = self.span_of(range);
            let parameter = self.parameters.entry(number).or_insert_with(|| Parameter {
                name: Some(name.to_owned()),
                nullable: false,
                elements_nullable: false,
                part: Some(part),
                span: span.clone(),
            });
            // One name in two lists of other widths would be two Rust types.
            if parameter.part != Some(part) {
                return Err(other_list(span));
            }
            self.uses.push((number - 1, range.clone()));
            let comma = if index == 0 { "" } else { ", " };
            self.sql
                .append_replacement(range.start, &format!("{comma}${number}"));
        }
        self.sql.append_replacement(range.start, "))");
        Ok(())
    }

    fn text_of(&self, token: &Token) -> &str {
        &self.file.text[token.range.clone()]
    }

    fn span_of(&self, range: &Range<usize>) -> Span {
        Span {
            file: self.file.clone(),
            range: range.clone(),
        }
    }

    /// `written` is the name, perhaps with the mark.
    fn add_named(&mut self, written: &str, range: &Range<usize>) -> Result<(), Diagnostic> {
        let span = self.span_of(range);
        // `:names[?]?` has both marks: the outer one is of the array, the inner one of its elements.
        let marked = written.trim_end_matches('?');
        let nullable = written.len() > marked.len();
        let name = marked.strip_suffix("[?]").unwrap_or(marked);
        let elements_nullable = marked.len() > name.len();
        let number = self.number_of(name);
        let parameter = self.parameters.entry(number).or_insert_with(|| Parameter {
            name: Some(name.to_owned()),
            nullable: false,
            elements_nullable: false,
            part: None,
            span: span.clone(),
        });
        if parameter.part.is_some() {
            return Err(other_list(span));
        }
        self.uses.push((number - 1, range.clone()));
        // One mark suffices: other uses of the parameter need not repeat it.
        parameter.nullable |= nullable;
        parameter.elements_nullable |= elements_nullable;
        self.sql
            .append_replacement(range.start, &format!("${number}"));
        Ok(())
    }

    /// The number of a name: the one it has, or the lowest that is free.
    fn number_of(&mut self, name: &str) -> usize {
        if let Some(number) = self.by_name.get(name) {
            return *number;
        }
        let is_free = |number: &usize| {
            !self.positional.contains(number) && !self.parameters.contains_key(number)
        };
        // There are fewer parameters than numbers, so the search ends.
        let number = (1..usize::MAX).find(is_free).unwrap_or(usize::MAX);
        self.by_name.insert(name.to_owned(), number);
        number
    }

    fn add_positional(&mut self, token: &Token) -> Result<(), Diagnostic> {
        let span = self.span_of(&token.range);
        let number: usize = self.text_of(token)[1..].parse().unwrap_or(0);
        // "The parameter number must be between 1 and 65535": the protocol's Bind message.
        if !(1..=65_535).contains(&number) {
            let message = format!("there is no parameter {}", self.text_of(token));
            let help = "parameters are numbered from `$1`";
            let diagnostic = Diagnostic::error("unknown-parameter", span, message).help(help);
            return Err(diagnostic);
        }
        self.parameters.entry(number).or_insert(Parameter {
            name: None,
            nullable: false,
            elements_nullable: false,
            part: None,
            span,
        });
        self.sql.append_copy(&self.file.text, token.range.clone());
        Ok(())
    }

    /// A number that is skipped would be a parameter without a type.
    fn refuse_gaps(&self) -> Result<(), Diagnostic> {
        let Some((last, parameter)) = self.parameters.last_key_value() else {
            return Ok(());
        };
        match (1..*last).find(|number| !self.parameters.contains_key(number)) {
            None => Ok(()),
            Some(number) => {
                let message = format!("`${last}` is used, but `${number}` is not");
                let span = parameter.span.clone();
                let help = "number the parameters from `$1` without a gap, or name them: `:name`";
                Err(Diagnostic::error("unused-parameter", span, message).help(help))
            }
        }
    }

    fn add_sqlc(&mut self, call: &SqlcCall, after: &[Token]) -> Result<(), Diagnostic> {
        let (start, name) = (call.range.start, call.parameter());
        match (call.word.as_str(), call.list) {
            ("slice", Some(list)) => {
                self.sql.append_replacement(start, list.before());
                self.add_named(name, &call.range)?;
                self.sql.append_replacement(start, ")");
                Ok(())
            }
            ("arg" | "slice", None) => self.add_named(name, &call.range),
            ("narg", None) => self.add_named(&format!("{name}?"), &call.range),
            // In a subquery or a call a row is one value, so that it has to be a row constructor.
            ("embed", None) if self.depth > 0 => {
                let row = format!("ROW({})", call.all_columns());
                self.sql.append_replacement(start, &row);
                Ok(())
            }
            ("embed", None) => {
                self.refuse_alias(call, after)?;
                self.sql.append_replacement(start, &call.all_columns());
                self.embeds.push(Embed {
                    relation: call.relation(),
                    span: self.span_of(&call.range),
                });
                Ok(())
            }
            (word, _) => {
                let span = self.span_of(&call.range);
                Err(unsupported_macro(word, span))
            }
        }
    }

    /// `sqlc.embed(…) AS name` would be `name.* AS name`, of which Postgres only says that it is a syntax error.
    fn refuse_alias(&self, call: &SqlcCall, after: &[Token]) -> Result<(), Diagnostic> {
        let next = after.iter().find(|token| !token.kind.is_trivia());
        match next.filter(|next| self.text_of(next).eq_ignore_ascii_case("AS")) {
            None => Ok(()),
            Some(alias) => {
                let message = "a row is called as FROM calls its relation";
                let help = format!("name it there: `FROM {} AS …`", call.relation());
                let span = self.span_of(&alias.range);
                Err(Diagnostic::error("unsupported-sqlc", span, message).help(help))
            }
        }
    }
}

/// A parameter that is a list of rows in one place and something else in another.
fn other_list(span: Span) -> Diagnostic {
    let message = "a list of rows cannot be used in another way, or with other columns";
    let help = "give this parameter another name";
    Diagnostic::error("row-list", span, message).help(help)
}

fn unsupported_macro(word: &str, span: Span) -> Diagnostic {
    let message = format!("`sqlc.{word}` is not supported");
    let help = match word {
        "optional" => {
            "write the condition so that NULL leaves it out: `(:city? IS NULL OR city = :city)`"
        }
        _ => "`sqlc.arg`, `sqlc.narg`, `sqlc.slice` and `sqlc.embed` are",
    };
    Diagnostic::error("unsupported-sqlc", span, message).help(help)
}
