//! The fields of columns that are anonymous rows, `ROW(a, b)`, or arrays of such: Postgres calls their type `record`, and
//! only the expression shows their fields.

use super::Prover;
use super::expression::Place;
use crate::query::analysis::lineage::{Fold, FunctionColumn, Gap, Lineage, Source, Stored};
use crate::query::analysis::scope::{Scope, Stage};
use crate::query::analysis::tree::{Const, Expr, QueryTree, SublinkKind};

/// A field of an anonymous row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordField {
    /// The OID of its type.
    pub type_oid: u32,
    /// Whether it can be NULL in a row that is not NULL itself.
    pub nullable: bool,
}

/// The fields of all rows that an expression can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fields {
    /// There are no rows.
    None,
    Known(Vec<RecordField>),
    Unknown,
}

impl<'t> Prover<'t> {
    /// The fields of each column that is such a row or array; else nothing.
    pub(in crate::query::analysis) fn records_of_columns(
        &self,
        query: &'t QueryTree,
    ) -> Vec<Option<Vec<RecordField>>> {
        let scope = Scope::outermost(query);
        let columns = query.columns();
        columns
            .map(|target| {
                self.budget.start();
                match Records(self).of_column(&scope, target.number) {
                    Fields::Known(fields) => Some(fields),
                    Fields::None | Fields::Unknown => None,
                }
            })
            .collect()
    }

    fn record(&self, place: Place<'t, '_>, expression: &'t Expr) -> Fields {
        let records = Records(self);
        match expression {
            Expr::Row { fields, types } => {
                let field = |(field, type_oid): (&'t Expr, &Option<u32>)| {
                    Some(RecordField {
                        type_oid: (*type_oid)?,
                        nullable: self.expression(place, field).nullable,
                    })
                };
                let fields: Option<_> = fields.iter().zip(types).map(field).collect();
                fields.map_or(Fields::Unknown, Fields::Known)
            }
            Expr::Relabel(argument) | Expr::Convert(argument) => self.record(place, argument),
            // `array_agg` and its like: the only aggregates that give the rows they take.
            Expr::Aggregate(aggregate) => {
                let rows = Place::new(place.scope, Stage::Rows);
                self.same_record(rows, &aggregate.arguments)
            }
            Expr::Array(elements) | Expr::Coalesce(elements) => self.same_record(place, elements),
            Expr::Case {
                whens, otherwise, ..
            } => {
                let branches = whens.iter().map(|(_, then)| then).chain([&**otherwise]);
                self.same_record(place, branches)
            }
            Expr::Const(constant) if is_without_rows(constant) => Fields::None,
            Expr::Sublink(sublink) => match sublink.kind {
                SublinkKind::Value | SublinkKind::Array => {
                    records.of_column(&place.inside(&sublink.query), 1)
                }
                _ => Fields::Unknown,
            },
            Expr::Var(var) => records.follow(place.scope, place.stage, *var),
            _ => Fields::Unknown,
        }
    }

    /// The fields of all of them, if they agree; a field that can be NULL in one can be NULL.
    fn same_record(
        &self,
        place: Place<'t, '_>,
        expressions: impl IntoIterator<Item = &'t Expr>,
    ) -> Fields {
        let records = expressions.into_iter().map(|each| self.record(place, each));
        records.fold(Fields::None, |one, other| Records(self).either(one, other))
    }
}

/// The fields of records as a fold.
struct Records<'p, 't>(&'p Prover<'t>);

impl<'t> Fold<'t> for Records<'_, 't> {
    type Answer = Fields;

    fn lineage(&self) -> &Lineage<'t, Fields> {
        &self.0.records
    }

    fn of_expression(&self, scope: &Scope<'t, '_>, stage: Stage, expr: &'t Expr) -> Fields {
        self.0.record(Place::new(scope, stage), expr)
    }

    fn of_stored(&self, _: Stored<'t>) -> Fields {
        Fields::Unknown
    }

    fn of_functions(&self, _: &Scope<'t, '_>, _: FunctionColumn<'t>) -> Fields {
        Fields::Unknown
    }

    fn of_gap(&self, _: Gap<'t>) -> Fields {
        Fields::Unknown
    }

    fn of_nothing(&self) -> Fields {
        Fields::None
    }

    fn either(&self, one: Fields, other: Fields) -> Fields {
        match (one, other) {
            (Fields::None, same) | (same, Fields::None) => same,
            (Fields::Known(one), Fields::Known(other)) => join_fields(&one, &other),
            _ => Fields::Unknown,
        }
    }

    /// `SELECT s FROM (SELECT …) s`: each column of the query is a field.
    fn of_whole_row(&self, source: Source<'t, '_>) -> Fields {
        let Source::Query(scope) = source else {
            return Fields::Unknown;
        };
        let fields = scope.query.columns().map(|target| {
            Some(RecordField {
                type_oid: target.type_oid?,
                nullable: self.0.of_column(&scope, target.number).nullable,
            })
        });
        let fields: Option<_> = fields.collect();
        fields.map_or(Fields::Unknown, Fields::Known)
    }

    fn is_complete(&self) -> bool {
        !self.0.budget.is_spent()
    }
}

fn join_fields(one: &[RecordField], other: &[RecordField]) -> Fields {
    if one.len() != other.len() {
        return Fields::Unknown;
    }
    let field = |(one, other): (&RecordField, &RecordField)| {
        let agree = one.type_oid == other.type_oid;
        agree.then_some(RecordField {
            type_oid: one.type_oid,
            nullable: one.nullable || other.nullable,
        })
    };
    let fields: Option<_> = one.iter().zip(other).map(field).collect();
    fields.map_or(Fields::Unknown, Fields::Known)
}

/// NULL; a row is never a constant, and an array of rows only if it has none.
fn is_without_rows(constant: &Const) -> bool {
    constant.value.is_none() || !constant.is_array_with_elements()
}
