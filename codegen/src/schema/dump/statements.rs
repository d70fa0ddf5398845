//! Objects that are one statement each.

use super::attached::attached;
use super::parts::{Late, Step, later};
use crate::schema::model::{Schema, Statement, StatementKind};

/// The object with its parts beneath.
pub(super) fn statement(statement: &Statement, late: &mut Vec<Late>) -> String {
    let name = match statement.kind {
        StatementKind::Aggregate => statement.name.sql.replace("()", "(*)"),
        _ => statement.name.sql.clone(),
    };
    let alteration = statement.alteration.as_ref().map(|sql| {
        let sql = format!("{sql};\n");
        if statement.kind == StatementKind::ForeignDataWrapper {
            later(sql, Step::Validator, late)
        } else {
            sql
        }
    });
    let alteration = alteration.unwrap_or_default();
    format!("{};\n{alteration}", statement.definition)
        + &attached(word(statement.kind), &name, &statement.attached)
}

/// Those of one kind, each a block.
pub(super) fn of_kind(schema: &Schema, kind: StatementKind, late: &mut Vec<Late>) -> Vec<String> {
    let statements = schema.statements.iter();
    let own = statements.filter(|statement| statement.kind == kind);
    own.map(|own| statement(own, late)).collect()
}

/// Its name in `ALTER` and `COMMENT ON`.
pub(in crate::schema) fn word(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::AccessMethod => "ACCESS METHOD",
        StatementKind::Collation => "COLLATION",
        StatementKind::Conversion => "CONVERSION",
        StatementKind::ShellType | StatementKind::RangeType => "TYPE",
        StatementKind::Aggregate => "AGGREGATE",
        StatementKind::Operator => "OPERATOR",
        StatementKind::OperatorFamily => "OPERATOR FAMILY",
        StatementKind::OperatorClass => "OPERATOR CLASS",
        StatementKind::Cast => "CAST",
        StatementKind::Transform => "TRANSFORM",
        StatementKind::TextSearchParser => "TEXT SEARCH PARSER",
        StatementKind::TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        StatementKind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        StatementKind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        StatementKind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        StatementKind::Server => "SERVER",
        StatementKind::UserMapping => "USER MAPPING",
        StatementKind::Statistics => "STATISTICS",
        StatementKind::Rule => "RULE",
        StatementKind::Publication => "PUBLICATION",
        StatementKind::EventTrigger => "EVENT TRIGGER",
    }
}
