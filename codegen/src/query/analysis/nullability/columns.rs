//! Columns of relations: first what joins and conditions do to them, then what they are.

use super::super::catalog::{Table, TableKind};
use super::super::scope::{self, Scope};
use super::super::tree::{Expr, QueryTree, Relation, RelationKind, RowVersion, Statement, Var};
use super::expression::{Place, Stage};
use super::facts::Fact;
use super::{Prover, Verdict};

/// What is proved of a relation as one row.
pub(in super::super) struct RowVerdict {
    /// Of each of its columns, where the row is there.
    pub(in super::super) columns: Vec<Verdict>,
    /// Whether it may not be there.
    pub(in super::super) missing: bool,
}

impl<'t> Prover<'t> {
    pub(super) fn column(&self, place: Place<'t, '_>, var: Var) -> Verdict {
        let Some((scope, relation)) = place.scope.relation(var) else {
            return Verdict::maybe("no proof: a column of an unknown relation");
        };
        let stage = place.scope.stage(var.levels_up, place.stage);
        let own = Var {
            levels_up: 0,
            ..var
        };
        if var.version != RowVersion::Default {
            return Verdict::maybe(format!(
                "a row of `{}` may be missing before or after",
                relation.name
            ));
        }
        let verdict = self.own_column(Place::new(scope, stage), relation, own);
        let fact = Fact::Column(scope::underlying(scope.query, own));
        let in_branch = var.levels_up == 0 && place.branch.contains(&fact);
        if verdict.nullable && (in_branch || self.holds_in(scope, stage, &fact)) {
            return Verdict::never(format!(
                "a condition excludes that `{}` is NULL",
                name(relation, own)
            ));
        }
        verdict
    }

    /// A column, whatever conditions say of it.
    fn own_column(&self, place: Place<'t, '_>, relation: &'t Relation, var: Var) -> Verdict {
        let scope = place.scope;
        if scope.query.grouping_sets && place.stage == Stage::Output {
            return Verdict::maybe("grouping sets give NULL for what they do not group by");
        }
        if let Some(expr) = scope::stands_for(scope.query, var) {
            return self.stand_in(place, var.relation, expr);
        }
        match self.emptied(scope, relation, var.relation) {
            Some(verdict) => verdict,
            None => self.inherent(place, relation, var),
        }
    }

    /// What is proved of a relation of a query, which has this number there, as one row.
    pub(in super::super) fn row(
        &self,
        query: &'t QueryTree,
        number: usize,
        relation: &'t Relation,
    ) -> RowVerdict {
        let scope = Scope::outermost(query);
        let emptied = self.emptied(&scope, relation, number);
        let columns = relation.existing_columns().map(|(column, _)| {
            let own = Var::own(number, column);
            let verdict = self.of_relation(&scope, relation, own);
            let verdict = match self.returned(&scope, relation, (number, column)) {
                Some(returned) if returned.nullable => returned,
                _ => verdict,
            };
            match &emptied {
                Some(emptied) => Verdict {
                    evidence: format!(
                        "{}, where the row is there: {}",
                        verdict.evidence, emptied.evidence
                    ),
                    ..verdict
                },
                None => verdict,
            }
        });
        RowVerdict {
            columns: columns.collect(),
            missing: emptied.is_some(),
        }
    }

    /// A column of a join or of a grouping, which is an expression over others.
    fn stand_in(&self, place: Place<'t, '_>, join: usize, expr: &'t Expr) -> Verdict {
        if self.is_full_join_key(place, join, expr) {
            return Verdict::never("one side of the FULL JOIN is always there");
        }
        self.expression(place, expr)
    }

    /// `USING (x)` of a FULL JOIN: either side's `x`, and only this join can make one of them NULL.
    fn is_full_join_key(&self, place: Place<'t, '_>, join: usize, expr: &'t Expr) -> bool {
        let Expr::Coalesce(sides) = expr else {
            return false;
        };
        let scope = place.scope;
        let joins = self.joins(scope.query);
        sides.iter().all(|side| {
            let Expr::Var(var) = side else { return false };
            let only_this = joins
                .nulled(var.relation)
                .is_some_and(|nulled| nulled.joins == [join]);
            let relation = scope.query.relation(var.relation);
            let value = relation.map(|relation| self.inherent(place, relation, *var));
            var.levels_up == 0 && only_this && value.is_some_and(|verdict| !verdict.nullable)
        })
    }

    /// Whether the whole relation can be missing.
    fn emptied(
        &self,
        scope: &Scope<'t, '_>,
        relation: &Relation,
        number: usize,
    ) -> Option<Verdict> {
        let joins = self.joins(scope.query);
        let is_target = number == scope.query.result_relation;
        if let Some(nulled) = joins.nulled(number) {
            let (name, word) = (&relation.name, nulled.word);
            return Some(Verdict::maybe(format!(
                "`{name}` is on the nullable side of a {word}"
            )));
        }
        if joins.unknown && !is_target {
            return Some(Verdict::maybe("no proof: FROM is not understood"));
        }
        if scope.query.statement == Statement::Merge && !is_target {
            let name = &relation.name;
            return Some(Verdict::maybe(format!(
                "`{name}` is missing for rows that do not match"
            )));
        }
        None
    }

    /// Whether a column can be NULL in the rows of its relation that an expression sees.
    fn inherent(&self, place: Place<'t, '_>, relation: &'t Relation, var: Var) -> Verdict {
        let scope = place.scope;
        let stored = self.of_relation(scope, relation, var);
        let decided = match relation.kind {
            RelationKind::Table { oid, .. } if var.relation == scope.query.excluded => {
                let table = self.catalog.tables.get(&oid);
                table.and_then(|table| self.excluded(scope, table, var.column))
            }
            _ if place.stage == Stage::Output => {
                self.returned(scope, relation, (var.relation, var.column))
            }
            _ => None,
        };
        match decided {
            Some(verdict) if stored.nullable || verdict.nullable => verdict,
            _ => stored,
        }
    }

    /// Whether a column can be NULL in the rows of its relation.
    fn of_relation(&self, scope: &Scope<'t, '_>, relation: &'t Relation, var: Var) -> Verdict {
        if let RelationKind::Table { oid, inherited } = relation.kind {
            let Some(table) = self.catalog.tables.get(&oid) else {
                return Verdict::maybe("no proof: a relation that the catalog does not have");
            };
            return self.table_column(table, inherited, var.column);
        }
        let Ok(column) = usize::try_from(var.column) else {
            return Verdict::maybe("no proof: a system column of something that is no table");
        };
        match &relation.kind {
            RelationKind::Subquery(_) | RelationKind::Values(_) if column == 0 => whole_row(),
            RelationKind::Subquery(query) => self.scope_column(&scope.inside(query), column),
            RelationKind::Values(rows) => self.values(scope, rows, column),
            RelationKind::Functions {
                functions,
                ordinality,
            } => self.function_column(scope, functions, *ordinality, column),
            RelationKind::Cte { name, levels_up } => match scope.cte(name, *levels_up) {
                Some(_) if column == 0 => whole_row(),
                Some((owner, cte)) => self.cte_column(owner, cte, column),
                None => Verdict::maybe(format!("no proof: `{name}` is not in reach")),
            },
            RelationKind::Table { .. } | RelationKind::Join(_) | RelationKind::Group(_) => {
                Verdict::maybe("no proof: a column that is not understood")
            }
            RelationKind::Unknown => {
                Verdict::maybe(format!("no proof: `{}` is not understood", relation.name))
            }
        }
    }

    fn table_column(&self, table: &'t Table, inherited: bool, number: i32) -> Verdict {
        let name = &table.name;
        if let (Some(view), Ok(column)) = (&table.view, usize::try_from(number))
            && column != 0
        {
            return self.scope_column(&Scope::outermost(view), column);
        }
        match (table.kind, number) {
            (TableKind::Stored | TableKind::View, 0) => return whole_row(),
            (TableKind::Stored, ..0) => return Verdict::never("a system column is never NULL"),
            (TableKind::Foreign, _) => {
                return Verdict::maybe(format!(
                    "`{name}` is a foreign table, which nothing checks"
                ));
            }
            (TableKind::MaterializedView, _) => {
                return Verdict::maybe(format!(
                    "`{name}` keeps what was true when it was refreshed"
                ));
            }
            _ => {}
        }
        let Some(column) = table.columns.get(&number) else {
            return Verdict::maybe(format!("no proof: `{name}` has no such column"));
        };
        let column_name = &column.name;
        match (column.not_null, column.not_null_below || !inherited) {
            (true, true) => Verdict::never(format!("`{name}.{column_name}` is NOT NULL")),
            (true, false) => Verdict::maybe(format!(
                "`{name}.{column_name}` may be NULL in a child of it"
            )),
            (false, _) => Verdict::maybe(format!("`{name}.{column_name}` may be NULL")),
        }
    }

    fn values(&self, scope: &Scope<'t, '_>, rows: &'t [Vec<Expr>], column: usize) -> Verdict {
        for row in rows {
            let Some(value) = row.get(column - 1) else {
                return Verdict::maybe("no proof: a row of VALUES is too short");
            };
            let verdict = self.expression(Place::new(scope, Stage::Rows), value);
            if verdict.nullable {
                return Verdict::maybe(format!(
                    "a row of VALUES may be NULL there: {}",
                    verdict.evidence
                ));
            }
        }
        Verdict::never("no row of VALUES is NULL there")
    }
}

fn whole_row() -> Verdict {
    Verdict::never("a row is never NULL itself")
}

/// As the query calls it.
fn name(relation: &Relation, var: Var) -> String {
    let index = usize::try_from(var.column)
        .ok()
        .and_then(|column| column.checked_sub(1));
    match index.and_then(|index| relation.columns.get(index)) {
        Some(column) => format!("{}.{column}", relation.name),
        None => relation.name.clone(),
    }
}
