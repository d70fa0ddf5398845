//! The fields of columns that are anonymous rows, `ROW(a, b)`, or arrays of such: Postgres calls their type `record`, and
//! only the expression shows their fields.
//!
//! Given: an expression. Gives: its [`Record`], each field proved like a column, rows inside of rows to any depth. The rows of
//! two places are one record only if their fields agree by position and type; names are kept only where both have them.

use super::columns::find_column_names;
use super::elements::{ARRAY_AGG, ElementFold};
use super::expression::ExprPlace;
use super::predicates::Conditions;
use super::{Evidence, NullabilityProver};
use crate::query::analysis::key_lineage::KeyLineage;
use crate::query::analysis::lineage::{Fold, FunctionColumn, Gap, Lineage, Source, Stored};
use crate::query::analysis::origin::Origins;
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{
    Aggregate, Const, Expr, QueryTree, SublinkKind, TargetEntry, WindowCall,
};
use crate::query::analysis::{TypedColumn, dimensions, is_anonymous, is_array};
use crate::schema::ColumnId;
use serde::{Deserialize, Serialize};

/// The fields of an anonymous row, or of the elements of an array of such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its fields, in the order in which the statement writes them.
    pub columns: Vec<TypedColumn>,
    /// Whether it is the whole row of a relation, whose columns name the fields.
    pub named: bool,
}

/// The fields of all rows that an expression can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query::analysis) enum Fields {
    /// There are no rows.
    None,
    Known(Record),
    Unknown,
}

/// The fields of records as a fold.
pub(in crate::query::analysis) struct Records<'p, 't> {
    prover: &'p NullabilityProver<'t>,
    keys: &'p KeyLineage<'t>,
    origins: &'p Origins<'t>,
    lineage: Lineage<'t, Fields>,
}

impl<'p, 't> Records<'p, 't> {
    pub(in crate::query::analysis) fn new(
        prover: &'p NullabilityProver<'t>,
        keys: &'p KeyLineage<'t>,
        origins: &'p Origins<'t>,
    ) -> Self {
        Self {
            prover,
            keys,
            origins,
            lineage: Lineage::new(prover.catalog),
        }
    }

    /// The fields of each column that is such a row or array; else nothing.
    pub(in crate::query::analysis) fn find_records(
        &self,
        query: &'t QueryTree,
    ) -> Vec<Option<Record>> {
        let scope = QueryScope::outermost(query);
        let columns = query.columns();
        columns
            .map(|target| {
                self.prover.budget.start();
                match self.of_column(&scope, target.number) {
                    // A record without rows would have no fields, and a struct without fields is of
                    // no use to the caller.
                    Fields::Known(record) => Some(record),
                    Fields::None | Fields::Unknown => None,
                }
            })
            .collect()
    }

    fn record(&self, place: ExprPlace<'t, '_>, expression: &'t Expr) -> Fields {
        match expression {
            Expr::Row { fields, types } => self.row(place, fields, types),
            Expr::Relabel(argument) | Expr::Convert(argument) => self.record(place, argument),
            Expr::Aggregate(aggregate) => self.aggregated(place, aggregate),
            Expr::Window(call) => self.windowed(place, call),
            Expr::Array(elements) | Expr::Coalesce(elements) => self.same_record(place, elements),
            Expr::Case {
                argument,
                whens,
                otherwise,
            } => {
                let argument = argument.as_deref();
                let branches = self.prover.find_branches(place, argument, whens, otherwise);
                let records = branches.iter().map(|branch| {
                    let place = ExprPlace {
                        branch: &branch.known,
                        ..place
                    };
                    self.record(place, branch.value)
                });
                records.fold(Fields::None, |one, other| self.either(one, other))
            }
            Expr::Const(constant) if is_without_rows(constant) => Fields::None,
            Expr::Sublink(sublink) => match sublink.kind {
                SublinkKind::Value | SublinkKind::Array => {
                    self.of_column(&place.inside(&sublink.query), 1)
                }
                _ => Fields::Unknown,
            },
            Expr::Var(var) => self.follow(place.scope, place.stage, *var),
            _ => Fields::Unknown,
        }
    }

    fn row(&self, place: ExprPlace<'t, '_>, fields: &'t [Expr], types: &[Option<u32>]) -> Fields {
        let names = find_column_names(place.scope, fields);
        let columns = fields
            .iter()
            .zip(types)
            .enumerate()
            .map(|(at, (field, oid))| {
                let name = match &names {
                    Some(names) => names.get(at).copied()?.to_owned(),
                    None => format!("f{}", at + 1),
                };
                self.field(place, name, field, *oid)
            });
        let columns: Option<_> = columns.collect();
        columns.map_or(Fields::Unknown, |columns| {
            Fields::Known(Record {
                columns,
                named: names.is_some(),
            })
        })
    }

    fn field(
        &self,
        place: ExprPlace<'t, '_>,
        name: String,
        expr: &'t Expr,
        type_oid: Option<u32>,
    ) -> Option<TypedColumn> {
        let type_oid = self.base_type(type_oid.or_else(|| self.array_of_subquery(expr))?)?;
        let holds_null = || self.prover.elements(place, expr).nullable;
        let origin = self.origins.find_origin(place.scope, place.stage, expr);
        Some(TypedColumn {
            nullable: self.prover.expression(place, expr).nullable,
            elements_nullable: !is_array(type_oid, self.prover.types) || holds_null(),
            key: self.keys.find_key(place.scope, place.stage, expr),
            record: self.find_fields(type_oid, || self.record(place, expr)),
            ..self.describe_field(name, type_oid, expr, origin)
        })
    }

    /// A field of which nothing is proved yet.
    fn describe_field(
        &self,
        name: String,
        type_oid: u32,
        expr: &Expr,
        origin: Option<ColumnId>,
    ) -> TypedColumn {
        TypedColumn {
            label: name.clone(),
            name,
            type_oid,
            nullable: true,
            elements_nullable: true,
            dimensions: dimensions::has_dimensions(expr),
            rust_type: None,
            evidence: Evidence::default(),
            elements_checked: origin
                .is_some_and(|origin| self.prover.catalog.has_checked_elements(origin)),
            origin,
            key: None,
            record: None,
        }
    }

    /// The fields of a field that is itself an anonymous row, if they are known.
    fn find_fields(&self, type_oid: u32, fields: impl FnOnce() -> Fields) -> Option<Record> {
        if !is_anonymous(type_oid, self.prover.types) {
            return None;
        }
        match fields() {
            Fields::Known(record) => Some(record),
            // An array that is always empty has no fields to name.
            Fields::None | Fields::Unknown => None,
        }
    }

    /// The type of `ARRAY(SELECT …)`, which its node does not have.
    fn array_of_subquery(&self, expr: &Expr) -> Option<u32> {
        let Expr::Sublink(sublink) = expr else {
            return None;
        };
        let element = sublink
            .column_type
            .filter(|_| sublink.kind == SublinkKind::Array)?;
        // ARRAY of arrays has their type.
        if is_array(element, self.prover.types) {
            return Some(element);
        }
        let array = self.prover.types.get(element)?.array;
        (array != 0).then_some(array)
    }

    fn base_type(&self, oid: u32) -> Option<u32> {
        self.prover.types.base(oid).map(|base| base.oid)
    }

    /// `array_agg` and its like: the only aggregates that give the rows they take, of those that FILTER lets through.
    fn aggregated(&self, place: ExprPlace<'t, '_>, aggregate: &'t Aggregate) -> Fields {
        let conditions = Conditions {
            query: place.scope.query,
            catalog: self.prover.catalog,
        };
        // The rows of an aggregate further out are not those of this query.
        let filter = aggregate.filter.as_deref();
        let filter = filter.filter(|_| aggregate.levels_up == 0);
        let known = filter.map_or_else(Vec::new, |filter| conditions.when_true(filter));
        let rows = ExprPlace {
            branch: &known,
            ..ExprPlace::new(place.scope, Stage::Rows)
        };
        self.same_record(rows, &aggregate.arguments)
    }

    fn windowed(&self, place: ExprPlace<'t, '_>, call: &'t WindowCall) -> Fields {
        match (call.function, call.arguments.as_slice()) {
            (ARRAY_AGG, [row]) => self.record(ExprPlace::new(place.scope, place.stage), row),
            _ => Fields::Unknown,
        }
    }

    /// The fields of all of them, if they agree; a field that can be NULL in one can be NULL.
    fn same_record(
        &self,
        place: ExprPlace<'t, '_>,
        expressions: impl IntoIterator<Item = &'t Expr>,
    ) -> Fields {
        let records = expressions.into_iter().map(|each| self.record(place, each));
        records.fold(Fields::None, |one, other| self.either(one, other))
    }

    /// A column of a query as a field of its whole row.
    fn query_column(
        &self,
        scope: &QueryScope<'t, '_>,
        number: usize,
        name: &str,
        type_oid: Option<u32>,
        expr: &'t Expr,
    ) -> Option<TypedColumn> {
        let type_oid = self.base_type(type_oid.or_else(|| self.array_of_subquery(expr))?)?;
        let holds_null = || ElementFold(self.prover).of_column(scope, number).nullable;
        let origin = self.origins.find_column_origin(scope, number);
        Some(TypedColumn {
            nullable: self.prover.of_column(scope, number).nullable,
            elements_nullable: !is_array(type_oid, self.prover.types) || holds_null(),
            key: self.keys.find_column_key(scope, number),
            record: self.find_fields(type_oid, || self.of_column(scope, number)),
            ..self.describe_field(name.to_owned(), type_oid, expr, origin)
        })
    }
}

impl<'t> Fold<'t> for Records<'_, 't> {
    type Answer = Fields;

    fn lineage(&self) -> &Lineage<'t, Fields> {
        &self.lineage
    }

    fn of_expression(&self, scope: &QueryScope<'t, '_>, stage: Stage, expr: &'t Expr) -> Fields {
        self.record(ExprPlace::new(scope, stage), expr)
    }

    fn of_stored(&self, _: Stored<'t>) -> Fields {
        // A stored column of type `record` cannot exist ("column has pseudo-type record", heap.c),
        // so this is a composite type or unknown.
        Fields::Unknown
    }

    fn of_functions(&self, _: &QueryScope<'t, '_>, _: FunctionColumn<'t>) -> Fields {
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
            (Fields::Known(one), Fields::Known(other)) => {
                join_records(one, other).map_or(Fields::Unknown, Fields::Known)
            }
            _ => Fields::Unknown,
        }
    }

    /// `SELECT s FROM (SELECT …) s`: each column of the query is a field.
    fn of_whole_row(&self, source: Source<'t, '_>) -> Fields {
        let Source::Query(scope) = source else {
            return Fields::Unknown;
        };
        let columns = scope.query.columns().map(|target| {
            let TargetEntry {
                number,
                name,
                type_oid,
                expr,
                ..
            } = target;
            self.query_column(&scope, *number, name, *type_oid, expr)
        });
        let columns: Option<_> = columns.collect();
        columns.map_or(Fields::Unknown, |columns| {
            Fields::Known(Record {
                columns,
                named: true,
            })
        })
    }

    fn is_complete(&self) -> bool {
        !self.prover.budget.is_spent()
    }
}

/// One record for the rows of two places, whose fields Postgres matches by position.
fn join_records(one: Record, other: Record) -> Option<Record> {
    if one.columns.len() != other.columns.len() {
        return None;
    }
    // Positions agree, but two names for one position would name a value by the wrong one.
    let named = one.named && other.named && have_same_names(&one, &other);
    let pairs = one.columns.into_iter().zip(other.columns).enumerate();
    let columns = pairs.map(|(at, (one, other))| {
        let name = if named {
            one.name.clone()
        } else {
            format!("f{}", at + 1)
        };
        join_fields(name, one, other)
    });
    let columns = columns.collect::<Option<_>>()?;
    Some(Record { columns, named })
}

fn have_same_names(one: &Record, other: &Record) -> bool {
    let names = |record: &'_ Record| -> Vec<String> {
        let columns = record.columns.iter();
        columns.map(|column| column.name.clone()).collect()
    };
    names(one) == names(other)
}

fn join_fields(name: String, one: TypedColumn, other: TypedColumn) -> Option<TypedColumn> {
    // No coercion happens between fields of anonymous rows, so different types mean that one
    // decoder would misread the other's bytes.
    if one.type_oid != other.type_oid {
        return None;
    }
    let record = match (one.record, other.record) {
        (Some(one), Some(other)) => Some(join_records(one, other)?),
        // A field without a record is of no anonymous row, or one whose fields are not known.
        (None, None) => None,
        _ => return None,
    };
    Some(TypedColumn {
        label: name.clone(),
        name,
        type_oid: one.type_oid,
        nullable: one.nullable || other.nullable,
        elements_nullable: one.elements_nullable || other.elements_nullable,
        dimensions: one.dimensions || other.dimensions,
        rust_type: None,
        evidence: Evidence::default(),
        elements_checked: one.elements_checked && one.origin == other.origin,
        origin: one.origin.filter(|_| one.origin == other.origin),
        // An id type is given only if both rows hold ids of the same key.
        key: one.key.filter(|_| one.key == other.key),
        record,
    })
}

/// NULL; a row is never a constant, and an array of rows only if it has none.
fn is_without_rows(constant: &Const) -> bool {
    constant.value.is_none() || !constant.is_array_with_elements()
}
