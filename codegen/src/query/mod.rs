//! Queries: from `.sql` files to statements whose every parameter and column is known.
//!
//! ```text
//! file → Query          parse: lexer, annotations, parameters
//! Query → Described     describe: the types of Postgres's Parse and Describe
//! Described → Described row_lists: lists of rows as arrays; stars: the columns in place of `*`
//! Described → Query     shapes: the variants of a query whose parts can be left out; they take the same way
//! Described → Typed     analyse: nullability, parameter names, tables
//! Typed → Authorised    scopes: which scope may run it
//!                       session: which change the session or leave their scope
//! Authorised → Authorised shapes: the variants into their query
//! Authorised → Finished bulk: the statement for a slice; casts: arrays that travel as others; page: the statements of pages
//! ```
//! The only way to a later type is the function of its stage.

mod annotation;
mod collisions;
mod directives;
mod lists;
mod parameter;
mod parameters;
mod parse;
mod quoted;
mod row_directives;
mod row_lists;
mod shapes;
mod similar;
mod sqlc;
mod wire_sql;

mod catalog;
mod describe;
mod kind;
mod pg_types;
mod refusal;

pub mod analysis;

mod stars;

mod planned;
mod scopes;
mod session;

mod bulk;
mod casts;
mod page;
mod stages;

mod relocation;

pub use annotation::{Command, is_annotation};
pub use bulk::{Bulk, BulkForm, BulkValue, take_slices};
pub use casts::cast_arrays;
pub(crate) use catalog::TypedSchema;
pub use collisions::find_collisions;
pub use describe::{DescribedColumn, DescribedQuery, describe};
pub(crate) use directives::{BORROWED_ROWS, asks_for_borrowed_rows};
pub use kind::Kind;
pub use page::{OrderOfPage, Page, PageKey, Seek, ShapedPage, write_pages};
pub use parameter::{Embed, Parameter, RowPart};
pub use parse::{lex_sections, parse};
pub use row_directives::RowDirectives;
pub use row_lists::write_row_lists;
pub(crate) use session::{
    Composed, QualifiedName, check_session, find_unknown_functions, read_body,
};

pub use pg_types::{PgType, TypeCatalog, TypeKind};
pub(crate) use relocation::Relocation;
pub(crate) use scopes::find_unknown_roles;
pub use scopes::{MissingPrivilege, ScopeVerdict, prove_scopes};
pub use shapes::{
    Alternatives, Choices, Condition, NamedOrder, PartSwitch, Segment, Shape, Variant, VariantSql,
    add_variants, choose_variants, fold_variants,
};
pub(crate) use shapes::{count_variants, find_parameters};
pub use stages::{Authorised, Finished};
pub use stars::expand_stars;
pub use wire_sql::WireSql;

use crate::report::source::Span;
use crate::sql::lexer::{self, TokenKind};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One named statement of a query file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// As written after `-- name:`.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// How many rows the caller wants.
    pub command: Command,
    /// The comment lines above it, without `--`.
    pub docs: Vec<String>,
    /// Comment lines above it that are for this tool, `xact: …`, and no documentation.
    pub remarks: Vec<String>,
    /// The statement as written, from its first token to its last.
    pub span: Span,
    /// The statement as sent to Postgres.
    pub sql: WireSql,
    /// Its parameters; the first is `$1`.
    pub parameters: Vec<Parameter>,
    /// The rows of relations that are fields of its row, in the order they stand.
    pub embeds: Vec<Embed>,
    /// Whether Postgres analyses it, or only runs it.
    pub kind: Kind,
    /// Its parts and orders, if it has any. The statement is the one with every part, in the default order.
    pub shape: Option<Arc<Shape>>,
    /// Which variant it is, if it is one of a query with parts.
    pub variant: Option<Variant>,
}

/// The file and the byte of its name, which identify a query of a project also if another has the same name.
pub(crate) type QueryPlace = (String, usize);

impl Query {
    /// The place that identifies the query, and all variants of it.
    pub(crate) fn place(&self) -> QueryPlace {
        (self.span.file.path.clone(), self.name_span.range.start)
    }

    /// The piece of source that Postgres means by a character position (from 1), widened to the
    /// token that begins there.
    pub fn locate(&self, position: usize) -> Option<Span> {
        Some(self.token_at(self.sql.source_offset(position)?))
    }

    /// The word `:one` behind its name.
    pub(crate) fn command_span(&self) -> Span {
        let file = self.name_span.file.clone();
        let name_end = self.name_span.range.end;
        let behind = &file.text[name_end..];
        let start = name_end + behind.len() - behind.trim_start().len();
        let length = file.text[start..].find(|c: char| c.is_whitespace() || c == '*');
        let end = length.map_or(file.text.len(), |length| start + length);
        Span {
            file,
            range: start..end,
        }
    }

    /// The token, or whole name, that begins at this byte of the file.
    fn token_at(&self, offset: usize) -> Span {
        let file = &self.span.file;
        let end = self.span.range.end.max(offset);
        let length = name_length(&file.text[offset..end]);
        Span {
            file: file.clone(),
            range: offset..offset + length,
        }
    }
}

/// The length of the token that `text` begins with, or of a whole `schema.table.column`.
fn name_length(text: &str) -> usize {
    let mut end = 0;
    let mut name_may_follow = true;
    for token in lexer::tokens(text) {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        let is_dot = &text[token.range.clone()] == ".";
        if end > 0 && !(if name_may_follow { is_name } else { is_dot }) {
            break;
        }
        name_may_follow = is_dot;
        end = token.range.end;
        if !is_name && !is_dot {
            break;
        }
    }
    text[..end].trim_end_matches('.').len()
}
