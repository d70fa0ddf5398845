//! The objects with a block of their own in schema.sql, and its heading.

use crate::schema::model::{
    Attached, Composite, Domain, Enum, Function, Name, ObjectId, ObjectKind, Sequence, Statement,
    StatementKind, Table, View, ViewKind,
};

/// One object with a block of its own.
#[derive(Clone, Copy)]
pub(in crate::schema) enum DumpNode<'a> {
    Enum(&'a Enum),
    Composite(&'a Composite),
    Domain(&'a Domain),
    Sequence(&'a Sequence),
    Function(&'a Function),
    Table(&'a Table),
    View(&'a View),
    Statement(&'a Statement),
}

/// The parts of schema.sql that nodes are in, in their order.
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

/// The section of a node.
pub(super) fn section(node: &DumpNode<'_>) -> Section {
    match node {
        DumpNode::Enum(_) | DumpNode::Composite(_) | DumpNode::Domain(_) => Section::Types,
        DumpNode::Sequence(_) => Section::Sequences,
        DumpNode::Function(_) => Section::Functions,
        DumpNode::Table(_) => Section::Tables,
        DumpNode::View(view) if view.kind == ViewKind::View => Section::Views,
        DumpNode::View(_) => Section::MaterializedViews,
        DumpNode::Statement(statement) => statement_section(statement.kind),
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

pub(in crate::schema) fn parts<'a>(node: &DumpNode<'a>) -> (ObjectKind, &'a Name, &'a Attached) {
    match node {
        DumpNode::Enum(item) => (ObjectKind::Type, &item.name, &item.attached),
        DumpNode::Composite(item) => (ObjectKind::Type, &item.name, &item.attached),
        DumpNode::Domain(item) => (ObjectKind::Type, &item.name, &item.attached),
        DumpNode::Sequence(item) => (ObjectKind::Relation, &item.name, &item.attached),
        DumpNode::Function(item) => (ObjectKind::Function, &item.name, &item.attached),
        DumpNode::Table(item) => (ObjectKind::Relation, &item.name, &item.attached),
        DumpNode::View(item) => (ObjectKind::Relation, &item.name, &item.attached),
        DumpNode::Statement(item) => (statement_key(item.kind), &item.name, &item.attached),
    }
}

/// The kind by which others need it; no object needs one of the last kinds.
fn statement_key(kind: StatementKind) -> ObjectKind {
    match kind {
        StatementKind::ShellType | StatementKind::RangeType => ObjectKind::Type,
        StatementKind::Aggregate => ObjectKind::Function,
        StatementKind::AccessMethod => ObjectKind::AccessMethod,
        StatementKind::Collation => ObjectKind::Collation,
        StatementKind::Operator => ObjectKind::Operator,
        StatementKind::OperatorFamily => ObjectKind::OperatorFamily,
        StatementKind::OperatorClass => ObjectKind::OperatorClass,
        StatementKind::TextSearchParser => ObjectKind::Parser,
        StatementKind::TextSearchTemplate => ObjectKind::Template,
        StatementKind::TextSearchDictionary => ObjectKind::Dictionary,
        StatementKind::TextSearchConfiguration => ObjectKind::Configuration,
        StatementKind::ForeignDataWrapper => ObjectKind::Wrapper,
        StatementKind::Server => ObjectKind::Server,
        StatementKind::Cast => ObjectKind::Cast,
        StatementKind::Conversion => ObjectKind::Conversion,
        StatementKind::Transform => ObjectKind::Transform,
        StatementKind::UserMapping => ObjectKind::UserMapping,
        StatementKind::Statistics => ObjectKind::Statistics,
        StatementKind::Rule | StatementKind::Publication | StatementKind::EventTrigger => {
            ObjectKind::Rule
        }
    }
}

/// The node as [`Attached::needs`] spells it.
pub(in crate::schema) fn key(node: &DumpNode<'_>) -> ObjectId {
    let (kind, name, _) = parts(node);
    ObjectId::new(kind, name.sql.as_str())
}
