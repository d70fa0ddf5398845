//! Columns of relations: first the effect of joins and conditions, then that of their source.

use super::expression::ExprPlace;
use super::facts::Fact;
use super::queries::prove_whole_row;
use super::{NullVerdict, NullabilityProver, joins};
use crate::query::analysis::catalog::TableKind;
use crate::query::analysis::lineage::{Fold as _, Stored};
use crate::query::analysis::scope::{self, QueryScope, Stage};
use crate::query::analysis::tree::{
    Expr, QueryTree, Relation, RelationKind, RowVersion, StatementTree, Var,
};

/// The proofs for a relation as one row.
pub(in crate::query::analysis) struct RowVerdict {
    /// Of each of its columns, where the row is there.
    pub(in crate::query::analysis) columns: Vec<NullVerdict>,
    /// Whether it may not be there.
    pub(in crate::query::analysis) missing: bool,
}

impl<'t> NullabilityProver<'t> {
    pub(super) fn column(&self, place: ExprPlace<'t, '_>, var: Var) -> NullVerdict {
        let Some((scope, relation)) = place.scope.relation(var) else {
            return NullVerdict::maybe("no proof: a column of an unknown relation");
        };
        // A subquery among the columns sees the outer row at the outer stage: grouped if the
        // subquery is in the select list, ungrouped if it is in WHERE.
        let stage = place.scope.stage(var.levels_up, place.stage);
        let own = Var {
            levels_up: 0,
            ..var
        };
        let Some(version) = self.find_version(scope.query, relation, own, stage) else {
            return NullVerdict::maybe(format!(
                "a row of `{}` may be missing before or after",
                relation.name
            ));
        };
        let own = Var {
            version: RowVersion::Default,
            ..own
        };
        // Facts about the rows of this query say nothing of those further out, and those of CASE nothing of the row before.
        let own_place = match var.levels_up {
            0 if version == stage => place,
            _ => ExprPlace::new(scope, version),
        };
        let stage = version;
        // The declaration is asked first, because its evidence names a fact of the schema, which
        // explains more to the reader than a condition.
        let verdict = self.own_column(own_place, relation, own);
        // A column of a JOIN's alias or of USING is the same value as the column below, so facts
        // are kept by the latter.
        let fact = Fact::Column(scope::underlying(scope.query, own));
        let in_branch = var.levels_up == 0 && own_place.branch.contains(&fact);
        if verdict.nullable && (in_branch || self.holds_in(scope, stage, &fact)) {
            return NullVerdict::never(format!(
                "a condition excludes that `{}` is NULL",
                name(relation, own)
            ));
        }
        verdict
    }

    /// The stage at which a row is the one of `old` or `new` in RETURNING; none where that row can be missing, as the one before an
    /// INSERT. An UPDATE has both: the old one is the row as its assignments see it ("UPDATE": "the old values").
    fn find_version(
        &self,
        query: &QueryTree,
        relation: &Relation,
        var: Var,
        stage: Stage,
    ) -> Option<Stage> {
        let is_target = var.relation == query.result_relation;
        match (var.version, query.statement) {
            (RowVersion::Default, _) => Some(stage),
            // `old` and `new` (18) exist in RETURNING alone, and only of the table that is written.
            _ if !is_target || stage != Stage::Output => None,
            (RowVersion::New, StatementTree::Insert | StatementTree::Update)
            | (RowVersion::Old, StatementTree::Delete) => Some(stage),
            (RowVersion::Old, StatementTree::Update) => {
                let RelationKind::Table { oid, .. } = relation.kind else {
                    return None;
                };
                let table = self.catalog.tables.get(&oid)?;
                let is_plain = table.kind == TableKind::Stored && !table.has_rules;
                (is_plain && !table.rewrites).then_some(Stage::Rows)
            }
            _ => None,
        }
    }

    /// A column, whatever conditions say of it.
    fn own_column(
        &self,
        place: ExprPlace<'t, '_>,
        relation: &'t Relation,
        var: Var,
    ) -> NullVerdict {
        let scope = place.scope;
        let is_group = matches!(relation.kind, RelationKind::Group(_));
        if scope.query.grouping_sets && (is_group || place.stage == Stage::Output) {
            // Declared NOT NULL or not: in the rows of a set that leaves it out, a grouping column
            // is NULL (7.2.4).
            return NullVerdict::maybe("grouping sets give NULL for what they do not group by");
        }
        if let Some(expr) = scope::stands_for(scope.query, var) {
            // A join or a grouping gives the value of an expression over the relations below it.
            return self.expression(place, expr);
        }
        match self.emptied(place, relation, var.relation) {
            Some(verdict) => verdict,
            None => self.inherent(place, relation, var),
        }
    }

    /// The proofs for a relation of a query, which has this number there, as one row.
    pub(in crate::query::analysis) fn row(
        &self,
        query: &'t QueryTree,
        number: usize,
        relation: &'t Relation,
    ) -> RowVerdict {
        let scope = QueryScope::outermost(query);
        let place = ExprPlace::new(&scope, Stage::Output);
        let emptied = self.emptied(place, relation, number);
        let columns = relation.existing_columns().map(|(column, _)| {
            let verdict = self.follow_relation(&scope, Stage::Output, relation, column);
            let verdict = match self.prove_returned(&scope, relation, (number, column)) {
                // Only the weaker verdict is used: RETURNING may show a value that the stored row
                // does not allow, as from a view's trigger.
                Some(returned) if returned.nullable => returned,
                _ => verdict,
            };
            match &emptied {
                Some(emptied) => {
                    let step = format!("{}, where the row is there", verdict.evidence);
                    NullVerdict {
                        evidence: emptied.evidence.clone().explain(step),
                        ..verdict
                    }
                }
                None => verdict,
            }
        });
        RowVerdict {
            columns: columns.collect(),
            missing: emptied.is_some(),
        }
    }

    /// Whether a value of the result can be NULL where all relations of its query have a row. A FULL JOIN is not looked through.
    pub(in crate::query::analysis) fn is_null_in_a_row(
        &self,
        scope: &QueryScope<'t, '_>,
        expr: &'t Expr,
    ) -> bool {
        let mut present = Vec::new();
        for item in scope.query.from.iter().flatten() {
            joins::add_sides(item, &mut present);
        }
        let place = ExprPlace {
            present: &present,
            ..ExprPlace::new(scope, Stage::Output)
        };
        self.expression(place, expr).nullable
    }

    /// Whether the whole relation can be missing.
    fn emptied(
        &self,
        place: ExprPlace<'t, '_>,
        relation: &Relation,
        number: usize,
    ) -> Option<NullVerdict> {
        let scope = place.scope;
        // A row that a join fills is NULL in all its columns, so one that is not proves that the row is there.
        let is_there = |fact: &Fact<'_>| match fact {
            Fact::Column(var) => {
                (var.levels_up, var.relation, var.version) == (0, number, RowVersion::Default)
            }
            _ => false,
        };
        if place.branch.iter().any(is_there) {
            return None;
        }
        let joins = self.joins(scope);
        let is_target = number == scope.query.result_relation;
        // Joins whose side is assumed present (see `has_a_side`) do not fill it in this branch of
        // the proof.
        let fills = |join: &usize| {
            let mut present = place.present.iter();
            !present.any(|side| side.join == *join && side.relations.contains(&number))
        };
        if let Some(nulled) = joins.nulled(number)
            && nulled.joins.iter().any(fills)
        {
            let (name, word) = (&relation.name, nulled.word);
            return Some(NullVerdict::maybe(format!(
                "`{name}` is on the nullable side of a {word}"
            )));
        }
        // The target of a statement is never on the nullable side of a join, except in MERGE, whose
        // RETURNING is treated below.
        if joins.unknown && !is_target {
            return Some(NullVerdict::maybe("no proof: FROM is not understood"));
        }
        // MERGE joins its source like an outer join if it has a WHEN NOT MATCHED, so a source row
        // or a target row can be missing.
        if scope.query.statement == StatementTree::Merge && !is_target {
            let name = &relation.name;
            return Some(NullVerdict::maybe(format!(
                "`{name}` is missing for rows that do not match"
            )));
        }
        None
    }

    /// Whether a column can be NULL in the rows of its relation that an expression sees.
    fn inherent(&self, place: ExprPlace<'t, '_>, relation: &'t Relation, var: Var) -> NullVerdict {
        let scope = place.scope;
        let stored = self.follow_relation(scope, place.stage, relation, var.column);
        let decided = match relation.kind {
            RelationKind::Table { oid, .. } if var.relation == scope.query.excluded => {
                let table = self.catalog.tables.get(&oid);
                table.and_then(|table| self.prove_excluded(scope, table, var.column))
            }
            _ if place.stage == Stage::Output => {
                self.prove_returned(scope, relation, (var.relation, var.column))
            }
            _ => None,
        };
        match decided {
            // The two verdicts are about the same value. A proof by assignment helps where the
            // column is nullable; a doubt about triggers counts even where the column is NOT NULL.
            Some(verdict) if stored.nullable || verdict.nullable => verdict,
            _ => stored,
        }
    }

    /// A column of a relation whose rows are stored.
    pub(super) fn prove_table_column(stored: Stored<'t>) -> NullVerdict {
        let Stored {
            table,
            inherited,
            column: number,
            ..
        } = stored;
        let name = &table.name;
        match (table.kind, number) {
            // Attribute 0 is the whole row and negative numbers are system columns
            // (`access/sysattr.h`).
            (TableKind::Stored | TableKind::View | TableKind::MaterializedView, 0) => {
                return prove_whole_row();
            }
            (TableKind::Stored, ..0) => return NullVerdict::never("a system column is never NULL"),
            // Constraints of a foreign table are promises that Postgres does not enforce ("CREATE
            // FOREIGN TABLE", Notes).
            (TableKind::Foreign, _) => {
                return NullVerdict::maybe(format!(
                    "`{name}` is a foreign table, which nothing checks"
                ));
            }
            // The rows were computed under an older schema, perhaps before a column became NOT
            // NULL.
            (TableKind::MaterializedView, _) => {
                return NullVerdict::maybe(format!(
                    "`{name}` keeps what was true when it was refreshed"
                ));
            }
            _ => {}
        }
        let Some(column) = table.columns.get(&number) else {
            return NullVerdict::maybe(format!("no proof: `{name}` has no such column"));
        };
        let column_name = &column.name;
        match (column.not_null, column.not_null_below || !inherited) {
            (true, true) => NullVerdict::never(format!("`{name}.{column_name}` is NOT NULL")),
            // Until 18, a child table (but no partition) may drop NOT NULL, and a SELECT of the
            // parent reads its rows.
            (true, false) => NullVerdict::maybe(format!(
                "`{name}.{column_name}` may be NULL in a child of it"
            )),
            (false, _) => NullVerdict::maybe(format!("`{name}.{column_name}` may be NULL")),
        }
    }
}

/// The names of the columns of a relation, if the fields of a row are all of them, in their order: `ROW(t.*)`.
pub(super) fn find_column_names<'t>(
    scope: &QueryScope<'t, '_>,
    fields: &'t [Expr],
) -> Option<Vec<&'t str>> {
    let Some(Expr::Var(first)) = fields.first() else {
        return None;
    };
    // `ROW(t.*)` has been expanded by the parser to its columns, so that only their completeness
    // and order show that it was a whole row.
    let query = scope.up(first.levels_up)?.query;
    let own = |field: &Expr| match field {
        Expr::Var(var) if (var.levels_up, var.version) == (first.levels_up, first.version) => {
            let own = Var {
                levels_up: 0,
                ..*var
            };
            // A grouped column is a column of a relation of its own (18).
            let own = scope::ungrouped(query, own)?;
            (own.levels_up == 0).then_some((own.relation, own.column))
        }
        _ => None,
    };
    let fields = fields.iter().map(own).collect::<Option<Vec<_>>>()?;
    let (number, _) = *fields.first()?;
    let columns: Vec<(i32, &str)> = query.relation(number)?.existing_columns().collect();
    let whole = columns.iter().map(|(column, _)| (number, *column));
    whole
        .eq(fields)
        .then(|| columns.into_iter().map(|(_, name)| name).collect())
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
