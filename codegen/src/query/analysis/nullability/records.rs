//! The fields of columns that are anonymous rows, `ROW(a, b)`, or arrays of such: Postgres calls
//! their type `record`, and only the expression says what is inside.

use super::super::scope::{self, Scope};
use super::super::tree::{Expr, QueryTree, RelationKind, SublinkKind, Var};
use super::Prover;
use super::expression::{Place, Stage};

/// A field of an anonymous row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordField {
    /// The OID of its type.
    pub type_oid: u32,
    /// Whether it can be NULL in a row that is not NULL itself.
    pub nullable: bool,
}

type Fields = Option<Vec<RecordField>>;

impl<'t> Prover<'t> {
    /// The fields of each column that is such a row or array; else nothing.
    pub(in super::super) fn records_of_columns(&self, query: &'t QueryTree) -> Vec<Fields> {
        let scope = Scope::outermost(query);
        let columns = query.columns();
        columns
            .map(|target| {
                self.budget.start();
                self.column_record(&scope, target.number)
            })
            .collect()
    }

    fn column_record(&self, scope: &Scope<'t, '_>, column: usize) -> Fields {
        // The arms of a set operation need not agree about what their records hold.
        if scope.query.set_operations.is_some() {
            return None;
        }
        let mut columns = scope.query.columns();
        let target = columns.find(|target| target.number == column)?;
        self.record(Place::new(scope, Stage::Output), &target.expr)
    }

    fn record(&self, place: Place<'t, '_>, expression: &'t Expr) -> Fields {
        match expression {
            Expr::Row { fields, types } => {
                let field = |(field, type_oid): (&'t Expr, &Option<u32>)| {
                    Some(RecordField {
                        type_oid: (*type_oid)?,
                        nullable: self.expression(place, field).nullable,
                    })
                };
                fields.iter().zip(types).map(field).collect()
            }
            Expr::Relabel(argument) | Expr::Convert(argument) => self.record(place, argument),
            // `array_agg` and its like: the only aggregates that give what they take.
            Expr::Aggregate(aggregate) => {
                let rows = Place::new(place.scope, Stage::Rows);
                self.same_record(rows, &aggregate.arguments)
            }
            Expr::Array(elements) | Expr::Coalesce(elements) => self.same_record(place, elements),
            Expr::Sublink(sublink) => match sublink.kind {
                SublinkKind::Value | SublinkKind::Array => {
                    self.column_record(&place.inside(&sublink.query), 1)
                }
                _ => None,
            },
            Expr::Var(var) => self.var_record(place.scope, *var),
            _ => None,
        }
    }

    /// What all of them hold, if they agree; what is NULL in one may be NULL.
    fn same_record(&self, place: Place<'t, '_>, expressions: &'t [Expr]) -> Fields {
        let mut records = expressions.iter().map(|each| self.record(place, each));
        let first = records.next()??;
        records.try_fold(first, |one, other| either(&one, &other?))
    }

    fn var_record(&self, scope: &Scope<'t, '_>, var: Var) -> Fields {
        let scope = scope.up(var.levels_up)?;
        let own = Var {
            levels_up: 0,
            ..var
        };
        let own = scope::underlying(scope.query, own);
        let column = usize::try_from(own.column).ok()?;
        match &scope.query.relation(own.relation)?.kind {
            RelationKind::Subquery(query) => self.column_record(&scope.inside(query), column),
            RelationKind::Cte { name, levels_up } => {
                let (owner, cte) = scope.cte(name, *levels_up)?;
                let query = (!cte.recursive).then_some(&cte.query)?;
                self.column_record(&owner.inside(query), column)
            }
            _ => None,
        }
    }
}

fn either(one: &[RecordField], other: &[RecordField]) -> Fields {
    if one.len() != other.len() {
        return None;
    }
    let field = |(one, other): (&RecordField, &RecordField)| {
        let agree = one.type_oid == other.type_oid;
        agree.then_some(RecordField {
            type_oid: one.type_oid,
            nullable: one.nullable || other.nullable,
        })
    };
    one.iter().zip(other).map(field).collect()
}
