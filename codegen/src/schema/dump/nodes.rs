//! What has a block of its own in schema.sql, and under which heading.

use crate::schema::model::{
    Attached, Composite, Domain, Enum, Function, Name, Sequence, Statement, StatementKind, Table,
    View, ViewKind,
};

/// One object with a block of its own.
#[derive(Clone, Copy)]
pub(in crate::schema) enum Node<'a> {
    Enum(&'a Enum),
    Composite(&'a Composite),
    Domain(&'a Domain),
    Sequence(&'a Sequence),
    Function(&'a Function),
    Table(&'a Table),
    View(&'a View),
    Statement(&'a Statement),
}

/// The parts of schema.sql that nodes stand in, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    AccessMethods,
    Collations,
    Types,
    Sequences,
    Functions,
    Aggregates,
    Operators,
    Casts,
    TextSearch,
    Foreign,
    Tables,
    Views,
    Statistics,
    Rules,
    MaterializedViews,
}

impl Section {
    /// The heading.
    pub(super) fn title(self) -> &'static str {
        match self {
            Section::AccessMethods => "Access methods",
            Section::Collations => "Collations and conversions",
            Section::Types => "Types",
            Section::Sequences => "Sequences",
            Section::Functions => "Functions",
            Section::Aggregates => "Aggregates",
            Section::Operators => "Operators",
            Section::Casts => "Casts and transforms",
            Section::TextSearch => "Text search",
            Section::Foreign => "Foreign servers",
            Section::Tables => "Tables",
            Section::Views => "Views",
            Section::Statistics => "Statistics",
            Section::Rules => "Rules",
            Section::MaterializedViews => "Materialized views",
        }
    }
}

/// The section a node stands in.
pub(super) fn section(node: &Node<'_>) -> Section {
    match node {
        Node::Enum(_) | Node::Composite(_) | Node::Domain(_) => Section::Types,
        Node::Sequence(_) => Section::Sequences,
        Node::Function(_) => Section::Functions,
        Node::Table(_) => Section::Tables,
        Node::View(view) if view.kind == ViewKind::View => Section::Views,
        Node::View(_) => Section::MaterializedViews,
        Node::Statement(statement) => statement_section(statement.kind),
    }
}

fn statement_section(kind: StatementKind) -> Section {
    match kind {
        StatementKind::AccessMethod => Section::AccessMethods,
        StatementKind::Collation | StatementKind::Conversion => Section::Collations,
        StatementKind::ShellType | StatementKind::RangeType => Section::Types,
        StatementKind::Aggregate => Section::Aggregates,
        StatementKind::Operator | StatementKind::OperatorFamily | StatementKind::OperatorClass => {
            Section::Operators
        }
        StatementKind::Cast | StatementKind::Transform => Section::Casts,
        StatementKind::TextSearchParser
        | StatementKind::TextSearchTemplate
        | StatementKind::TextSearchDictionary
        | StatementKind::TextSearchConfiguration => Section::TextSearch,
        StatementKind::ForeignDataWrapper | StatementKind::Server | StatementKind::UserMapping => {
            Section::Foreign
        }
        StatementKind::Statistics => Section::Statistics,
        StatementKind::Rule | StatementKind::Publication | StatementKind::EventTrigger => {
            Section::Rules
        }
    }
}

pub(in crate::schema) fn parts<'a>(node: &Node<'a>) -> (&'static str, &'a Name, &'a Attached) {
    match node {
        Node::Enum(item) => ("type", &item.name, &item.attached),
        Node::Composite(item) => ("type", &item.name, &item.attached),
        Node::Domain(item) => ("type", &item.name, &item.attached),
        Node::Sequence(item) => ("relation", &item.name, &item.attached),
        Node::Function(item) => ("function", &item.name, &item.attached),
        Node::Table(item) => ("relation", &item.name, &item.attached),
        Node::View(item) => ("relation", &item.name, &item.attached),
        Node::Statement(item) => (statement_key(item.kind), &item.name, &item.attached),
    }
}

/// The first word of what others need it by; others never need the last ones.
fn statement_key(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::ShellType | StatementKind::RangeType => "type",
        StatementKind::Aggregate => "function",
        StatementKind::AccessMethod => "access method",
        StatementKind::Collation => "collation",
        StatementKind::Operator => "operator",
        StatementKind::OperatorFamily => "operator family",
        StatementKind::OperatorClass => "operator class",
        StatementKind::TextSearchParser => "parser",
        StatementKind::TextSearchTemplate => "template",
        StatementKind::TextSearchDictionary => "dictionary",
        StatementKind::TextSearchConfiguration => "configuration",
        StatementKind::ForeignDataWrapper => "wrapper",
        StatementKind::Server => "server",
        StatementKind::Cast => "cast",
        StatementKind::Conversion => "conversion",
        StatementKind::Transform => "transform",
        StatementKind::UserMapping => "mapping",
        StatementKind::Statistics => "statistics",
        StatementKind::Rule | StatementKind::Publication | StatementKind::EventTrigger => "rule",
    }
}

/// The node as [`Attached::needs`] spells it.
pub(in crate::schema) fn key(node: &Node<'_>) -> String {
    let (kind, name, _) = parts(node);
    format!("{kind} {}", name.sql)
}
