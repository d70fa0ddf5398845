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
    Collations,
    Types,
    Sequences,
    Functions,
    Aggregates,
    Casts,
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
            Section::Collations => "Collations",
            Section::Types => "Types",
            Section::Sequences => "Sequences",
            Section::Functions => "Functions",
            Section::Aggregates => "Aggregates",
            Section::Casts => "Casts",
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
        Node::Statement(statement) => match statement.kind {
            StatementKind::Collation => Section::Collations,
            StatementKind::RangeType => Section::Types,
            StatementKind::Aggregate => Section::Aggregates,
            StatementKind::Cast => Section::Casts,
            StatementKind::Statistics => Section::Statistics,
            StatementKind::Rule | StatementKind::EventTrigger => Section::Rules,
        },
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
        StatementKind::RangeType => "type",
        StatementKind::Aggregate => "function",
        StatementKind::Collation => "collation",
        StatementKind::Cast => "cast",
        StatementKind::Statistics => "statistics",
        StatementKind::Rule | StatementKind::EventTrigger => "rule",
    }
}

/// The node as [`Attached::needs`] spells it.
pub(in crate::schema) fn key(node: &Node<'_>) -> String {
    let (kind, name, _) = parts(node);
    format!("{kind} {}", name.sql)
}
