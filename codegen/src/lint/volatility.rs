//! The declared volatility of functions, and the settings and tables that their bodies read, by the words of their definitions.

use crate::query::{QualifiedName, read_body};
use crate::schema::Schema;
use crate::schema::model::{Function, Name};
use crate::sql::lexer::{self, TokenKind, Word};
use crate::sql::quote::read_literal;
use std::collections::BTreeSet;

/// A function with its declaration taken apart.
#[derive(Debug)]
pub(super) struct DeclaredFunction<'a> {
    pub(super) function: &'a Function,
    pub(super) immutable: bool,
    pub(super) leakproof: bool,
    pub(super) volatile: bool,
    /// The text of its body.
    body: String,
}

/// Every function of a schema.
pub(super) struct Functions<'a> {
    schema: &'a Schema,
    declared: Vec<DeclaredFunction<'a>>,
}

impl<'a> Functions<'a> {
    pub(super) fn of(schema: &'a Schema) -> Self {
        let declared = schema.functions.iter().map(read_declaration).collect();
        Self { schema, declared }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &DeclaredFunction<'a>> {
        self.declared.iter()
    }

    /// The first thing a function reads that changes without its arguments, in words: `the setting app.tenant`.
    pub(super) fn read_by(&self, declared: &DeclaredFunction<'a>) -> Option<String> {
        self.first_read(declared, &mut BTreeSet::new())
    }

    fn first_read(
        &self,
        declared: &DeclaredFunction<'a>,
        seen: &mut BTreeSet<&'a str>,
    ) -> Option<String> {
        // Functions may call each other in a circle.
        if !seen.insert(&declared.function.name.sql) {
            return None;
        }
        let own = read_directly(&declared.body).or_else(|| self.relation_in(&declared.body));
        own.or_else(|| {
            let mut called = self.called_in(&declared.body).into_iter();
            called.find_map(|called| {
                let read = self.first_read(called, seen)?;
                Some(format!("{read} by `{}`", called.function.name.sql))
            })
        })
    }

    fn relation_in(&self, body: &str) -> Option<String> {
        let named = read_body(body, &[]).relations;
        let tables = self.schema.tables.iter().map(|table| &table.name);
        let views = self.schema.views.iter().map(|view| &view.name);
        let mut relations = tables.chain(views);
        let found = relations.find(|name| named.keys().any(|named| means_object(named, name)))?;
        Some(format!("the rows of `{}`", found.sql))
    }

    /// The functions of the project that a text calls.
    pub(super) fn called_in(&self, text: &str) -> Vec<&DeclaredFunction<'a>> {
        let calls = read_body(text, &[]).calls;
        let declared = self.declared.iter();
        // By name alone: which overload is meant depends on types, which only Postgres knows.
        let called = declared.filter(|declared| {
            let name = &declared.function.name;
            calls.iter().any(|call| means_object(call, name))
        });
        called.collect()
    }

    /// The functions of the project that run when an expression does, through functions and views at any depth.
    pub(super) fn reached_from(&self, expression: &str) -> Vec<&DeclaredFunction<'a>> {
        let mut reached: Vec<&DeclaredFunction<'a>> = Vec::new();
        let (mut texts, mut views) = (vec![expression], BTreeSet::new());
        while let Some(text) = texts.pop() {
            for called in self.called_in(text) {
                if !reached.iter().any(|known| std::ptr::eq(*known, called)) {
                    reached.push(called);
                    texts.push(&called.body);
                }
            }
            let relations = read_body(text, &[]).relations;
            for view in &self.schema.views {
                let is_read = relations
                    .keys()
                    .any(|named| means_object(named, &view.name));
                if is_read && views.insert(&view.name.sql) {
                    texts.push(&view.query);
                }
            }
        }
        reached
    }
}

fn means_object((schema, name): &QualifiedName, object: &Name) -> bool {
    *name == object.name
        && schema
            .as_ref()
            .is_none_or(|schema| *schema == object.schema)
}

/// Functions whose result depends on who asks, when, or in which session.
const SESSION: &[&str] = &[
    "clock_timestamp",
    "current_database",
    "current_schema",
    "current_schemas",
    "inet_client_addr",
    "now",
    "pg_backend_pid",
    "pg_has_role",
    "statement_timestamp",
    "transaction_timestamp",
];

/// The same, written without brackets.
const KEYWORDS: &[&str] = &[
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "user",
];

fn read_directly(body: &str) -> Option<String> {
    let words = lexer::words(body);
    let is_part = |index: usize| index > 0 && words[index - 1].text == ".";
    (0..words.len()).find_map(|index| {
        let word = &words[index];
        let name = word.name()?;
        let next = words.get(index + 1).map_or("", |next| next.text);
        match (name.as_str(), next) {
            ("current_setting", "(") => Some(read_setting(words.get(index + 2))),
            (name, "(") if SESSION.contains(&name) => Some(format!("`{name}()`")),
            (name, next) if KEYWORDS.contains(&name) => {
                // `t.user`, `"user"` and `user.name` mean a column or a table.
                let is_column = is_part(index) || next == "." || word.kind != TokenKind::Word;
                (!is_column).then(|| format!("`{name}`"))
            }
            _ => None,
        }
    })
}

fn read_setting(argument: Option<&Word<'_>>) -> String {
    match argument {
        Some(word) if word.kind == TokenKind::String => {
            format!("the setting `{}`", read_literal(word.text))
        }
        _ => "a setting".to_owned(),
    }
}

/// `pg_get_functiondef` writes the options after the arguments and before the body.
fn read_declaration(function: &Function) -> DeclaredFunction<'_> {
    let words = lexer::words(&function.definition);
    let arguments = words
        .iter()
        .position(|word| word.depth == 0 && word.text == ")");
    let after = &words[arguments.map_or(0, |end| end + 1)..];
    let begins_body = |word: &Word<'_>| {
        word.depth == 0
            && ["AS", "BEGIN", "RETURN"]
                .iter()
                .any(|keyword| word.is(keyword))
    };
    let end = after.iter().position(begins_body).unwrap_or(after.len());
    let (options, body) = after.split_at(end);
    let has = |option: &str| {
        options
            .iter()
            .any(|word| word.depth == 0 && word.is(option))
    };
    let body = match body {
        [keyword, text, ..] if keyword.is("AS") => read_literal(text.text),
        [first, ..] => function.definition[first.range.start..].to_owned(),
        [] => String::new(),
    };
    DeclaredFunction {
        function,
        immutable: has("IMMUTABLE"),
        leakproof: has("LEAKPROOF"),
        // The default, which is not written.
        volatile: !has("IMMUTABLE") && !has("STABLE"),
        body,
    }
}
