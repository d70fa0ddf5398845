//! A whole query, as far as proofs about NULL and names of parameters need it.

use super::cte::{self, Cte};
use super::expression::{self, Expr};
use super::from::{self, FromItem};
use super::node::{Node, Tagged};
use super::node_type;
use super::permission::{self, Permission};
use super::relation::{self, Relation, RelationKind};

/// The kinds of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatementTree {
    Select,
    Update,
    Insert,
    Delete,
    Merge,
}

/// A query, or a subquery of one.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the catalog, independent of the others"
)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QueryTree {
    pub(crate) statement: StatementTree,
    /// The relation it writes to, by its number in the range table; 0 for SELECT.
    pub(crate) result_relation: usize,
    pub(crate) ctes: Vec<Cte>,
    /// The range table; relation 1 is the first.
    pub(crate) relations: Vec<Relation>,
    /// The permissions that it needs.
    pub(crate) permissions: Vec<Permission>,
    /// FROM; none if it holds something unknown.
    pub(crate) from: Option<Vec<FromItem>>,
    /// WHERE
    pub(crate) filter: Option<Expr>,
    /// The columns of a SELECT, or the assignments of an INSERT or UPDATE.
    pub(crate) targets: Vec<TargetEntry>,
    pub(crate) returning: Vec<TargetEntry>,
    /// The assignments of ON CONFLICT DO UPDATE and of MERGE.
    pub(crate) assignments: Vec<TargetEntry>,
    /// Conditions of ON CONFLICT and MERGE.
    pub(crate) conditions: Vec<Expr>,
    pub(crate) conflict: Option<Conflict>,
    /// The relation that ON CONFLICT calls EXCLUDED, by its number; 0 for none.
    pub(crate) excluded: usize,
    /// Whether it locks the rows that it gives: FOR UPDATE, FOR SHARE and their like.
    pub(crate) locks: bool,
    /// Whether a column is a set, so that a row becomes many or none.
    pub(crate) expands: bool,
    /// The `sort_group` numbers of GROUP BY.
    pub(crate) group_by: Vec<usize>,
    /// The OIDs of the operators by which it groups, in the same order.
    pub(crate) group_operators: Vec<u32>,
    /// ORDER BY; what repeats an earlier element is left out.
    pub(crate) sort_by: Vec<SortKey>,
    /// The `sort_group` numbers of DISTINCT.
    pub(crate) distinct: Vec<usize>,
    /// Whether it is DISTINCT ON.
    pub(crate) distinct_on: bool,
    pub(crate) grouping_sets: bool,
    /// Whether it calls aggregates.
    pub(crate) aggregates: bool,
    pub(crate) having: Option<Expr>,
    pub(crate) windows: Vec<Window>,
    pub(crate) limit: Option<Expr>,
    pub(crate) offset: Option<Expr>,
    pub(crate) ties: Ties,
    pub(crate) set_operations: Option<SetTree>,
}

/// One output column, or one assignment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetEntry {
    pub(crate) expr: Expr,
    /// The OID of its type, where its node has it.
    pub(crate) type_oid: Option<u32>,
    /// The OID of the collation of its value, 0 for none, where its node has it.
    pub(crate) collation: Option<u32>,
    /// The column of the result; of an assignment, the column of the table.
    pub(crate) number: usize,
    pub(crate) name: String,
    /// Whether it is only there to sort or group by.
    pub(crate) junk: bool,
    /// The number by which GROUP BY refers to it; 0 for none.
    pub(crate) sort_group: usize,
}

/// One element of ORDER BY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SortKey {
    /// The `sort_group` number of its target.
    pub(crate) group: usize,
    /// The OID of the operator by which values are equal.
    pub(crate) equality: u32,
    /// The OID of the operator that says which comes first.
    pub(crate) operator: u32,
    pub(crate) nulls_first: bool,
}

/// Whether rows that sort equal to the last one that LIMIT lets through come too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ties {
    Cut,
    Kept,
}

/// The actions of ON CONFLICT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    Nothing,
    /// An update of every row that conflicts.
    Update,
    /// An update with a condition, or an action that is not known here.
    Sometimes,
}

/// A window clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) number: usize,
    /// Bits of Postgres's `FRAMEOPTION_…`.
    pub(crate) frame: u32,
    /// How far before or after the current row the frame starts and ends.
    pub(crate) offsets: Vec<Expr>,
}

/// How the rows of two queries become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperation {
    Union,
    Intersect,
    Except,
}

/// UNION, INTERSECT and EXCEPT over subqueries of the range table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SetTree {
    Relation(usize),
    Operation(SetOperation, Box<SetTree>, Box<SetTree>),
}

/// By Postgres's `CmdType`; a utility is no query.
const STATEMENTS: &[(u8, StatementTree)] = &[
    (1, StatementTree::Select),
    (2, StatementTree::Update),
    (3, StatementTree::Insert),
    (4, StatementTree::Delete),
    (5, StatementTree::Merge),
];

/// None if it is not a statement that has rows or writes them.
pub(super) fn convert(node: &Tagged) -> Option<QueryTree> {
    let command: u8 = node.number("commandType")?;
    let (_, statement) = STATEMENTS.iter().find(|(number, _)| *number == command)?;
    let join_tree = node.get("jointree")?.tagged("FROMEXPR")?;
    let set_operations = match node.get("setOperations") {
        // A set operation that is not understood makes the whole query unknown: without it the tree
        // would look like a plain SELECT.
        Some(tree) => Some(set_tree(tree)?),
        None => None,
    };
    let (assignments, conditions) = conflict_and_merge(node);
    Some(QueryTree {
        statement: *statement,
        result_relation: node.number("resultRelation")?,
        ctes: node
            .list("cteList")
            .iter()
            .map(cte::convert)
            .collect::<Option<_>>()?,
        relations: node.list("rtable").iter().map(relation::convert).collect(),
        permissions: permission::convert(node),
        from: join_tree
            .list("fromlist")
            .iter()
            .map(from::convert)
            .collect(),
        filter: expression::field(join_tree, "quals"),
        targets: targets(node.list("targetList"))?,
        returning: targets(returning(node))?,
        assignments,
        conditions,
        conflict: node.get("onConflict").map(conflict),
        excluded: excluded(node),
        locks: node.flag("hasForUpdate"),
        expands: node.flag("hasTargetSRFs"),
        group_by: node.list("groupClause").iter().map(sort_group).collect(),
        group_operators: node.list("groupClause").iter().map(equality).collect(),
        sort_by: node.list("sortClause").iter().map(sort_key).collect(),
        distinct: node.list("distinctClause").iter().map(sort_group).collect(),
        distinct_on: node.flag("hasDistinctOn"),
        grouping_sets: node.get("groupingSets").is_some(),
        aggregates: node.flag("hasAggs"),
        having: expression::field(node, "havingQual"),
        windows: node
            .list("windowClause")
            .iter()
            .filter_map(window)
            // A window that is not understood is missing here, and a call that refers to it proves
            // nothing.
            .collect(),
        limit: expression::field(node, "limitCount"),
        offset: expression::field(node, "limitOffset"),
        ties: ties(node),
        set_operations,
    })
}

fn returning<'n, 't>(node: &'n Tagged<'t>) -> &'n [Node<'t>] {
    node.list("returningList")
}

/// The OIDs of the types of its columns, where their nodes have them.
pub(super) fn column_types(node: &Tagged) -> Vec<Option<u32>> {
    let targets = match node.number::<u8>("commandType") {
        Some(1) => node.list("targetList"),
        _ => returning(node),
    };
    let entries = targets.iter().filter_map(|node| node.tagged("TARGETENTRY"));
    let columns = entries.filter(|entry| !entry.flag("resjunk"));
    columns
        .map(|entry| node_type::type_of(entry.get("expr")?))
        .collect()
}

fn targets(nodes: &[Node]) -> Option<Vec<TargetEntry>> {
    nodes.iter().map(target).collect()
}

fn target(node: &Node) -> Option<TargetEntry> {
    let entry = node.tagged("TARGETENTRY")?;
    Some(TargetEntry {
        expr: expression::field(entry, "expr")?,
        type_oid: entry.get("expr").and_then(node_type::type_of),
        collation: entry.get("expr").and_then(node_type::collation_of),
        number: entry.number("resno")?,
        name: entry.text("resname").unwrap_or_default().to_owned(),
        junk: entry.flag("resjunk"),
        sort_group: entry.number("ressortgroupref")?,
    })
}

fn sort_group(node: &Node) -> usize {
    let clause = node.tagged("SORTGROUPCLAUSE");
    clause
        .and_then(|clause| clause.number("tleSortGroupRef"))
        // 0 is the number of no target, so an unknown clause refers to nothing.
        .unwrap_or(0)
}

fn sort_key(node: &Node) -> SortKey {
    let clause = node.tagged("SORTGROUPCLAUSE");
    let operator = clause.and_then(|clause| clause.number("sortop"));
    SortKey {
        group: sort_group(node),
        equality: equality(node),
        operator: operator.unwrap_or(0),
        nulls_first: clause.is_some_and(|clause| clause.flag("nulls_first")),
    }
}

/// The operator that a clause of GROUP BY compares with; 0 if it is not known.
fn equality(node: &Node) -> u32 {
    let clause = node.tagged("SORTGROUPCLAUSE");
    clause.and_then(|clause| clause.number("eqop")).unwrap_or(0)
}

/// By Postgres's `LimitOption`.
fn ties(node: &Tagged) -> Ties {
    match node.number::<u8>("limitOption") {
        Some(0) => Ties::Cut,
        // The weaker answer: with ties there may be more rows than LIMIT says.
        _ => Ties::Kept,
    }
}

/// By Postgres's `OnConflictAction`.
fn conflict(node: &Node) -> Conflict {
    let Some(conflict) = node.tagged("ONCONFLICTEXPR") else {
        return Conflict::Sometimes;
    };
    match conflict.number::<u8>("action") {
        Some(1) => Conflict::Nothing,
        // With a WHERE, a row that conflicts and fails it is neither inserted nor updated, and
        // RETURNING leaves it out.
        Some(2) if conflict.get("onConflictWhere").is_none() => Conflict::Update,
        _ => Conflict::Sometimes,
    }
}

fn excluded(query: &Tagged) -> usize {
    let conflict = query.get("onConflict");
    let conflict = conflict.and_then(|conflict| conflict.tagged("ONCONFLICTEXPR"));
    conflict
        .and_then(|conflict| conflict.number("exclRelIndex"))
        .unwrap_or(0)
}

fn window(node: &Node) -> Option<Window> {
    let clause = node.tagged("WINDOWCLAUSE")?;
    Some(Window {
        number: clause.number("winref")?,
        frame: clause.number("frameOptions")?,
        offsets: ["startOffset", "endOffset"]
            .into_iter()
            .filter_map(|name| expression::field(clause, name))
            .collect(),
    })
}

/// By Postgres's `SetOperation`.
fn set_tree(node: &Node) -> Option<SetTree> {
    if let Some(reference) = node.tagged("RANGETBLREF") {
        return Some(SetTree::Relation(reference.number("rtindex")?));
    }
    let operation = node.tagged("SETOPERATIONSTMT")?;
    let kind = match operation.number::<u8>("op")? {
        1 => SetOperation::Union,
        2 => SetOperation::Intersect,
        3 => SetOperation::Except,
        _ => return None,
    };
    let left = Box::new(set_tree(operation.get("larg")?)?);
    let right = Box::new(set_tree(operation.get("rarg")?)?);
    Some(SetTree::Operation(kind, left, right))
}

/// The assignments and conditions of ON CONFLICT and MERGE.
fn conflict_and_merge(node: &Tagged) -> (Vec<TargetEntry>, Vec<Expr>) {
    let mut assignments = Vec::new();
    // Since 17, MERGE keeps its ON here; before, in the join tree.
    let mut conditions: Vec<Expr> = expression::field(node, "mergeJoinCondition")
        .into_iter()
        .collect();
    if let Some(Node::Tagged(conflict)) = node.get("onConflict") {
        assignments.extend(conflict.list("onConflictSet").iter().filter_map(target));
        conditions.extend(expression::field(conflict, "onConflictWhere"));
    }
    for action in node.list("mergeActionList") {
        if let Node::Tagged(action) = action {
            assignments.extend(action.list("targetList").iter().filter_map(target));
            conditions.extend(expression::field(action, "qual"));
        }
    }
    (assignments, conditions)
}

impl QueryTree {
    /// A relation by its number, which counts from 1.
    pub(crate) fn relation(&self, number: usize) -> Option<&Relation> {
        self.relations.get(number.checked_sub(1)?)
    }

    /// The relations that FROM reads, without joins.
    pub(crate) fn read_relations(&self) -> impl Iterator<Item = &Relation> {
        let numbers = self.from.iter().flatten().flat_map(FromItem::relations);
        let relations = numbers.filter_map(|number| self.relation(number));
        relations.filter(|relation| !matches!(relation.kind, RelationKind::Join(_)))
    }

    /// The columns of its rows: those of a SELECT, or RETURNING.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &TargetEntry> {
        let targets = match self.statement {
            StatementTree::Select => &self.targets,
            // The targets of INSERT and UPDATE are assignments, not columns of its rows.
            _ => &self.returning,
        };
        targets.iter().filter(|target| !target.junk)
    }

    /// Whether all rows become one group, even if there are none.
    pub(crate) fn one_group(&self) -> bool {
        // HAVING without GROUP BY makes one group even without an aggregate (7.2.3).
        (self.aggregates || self.having.is_some())
            && self.group_by.is_empty()
            && !self.grouping_sets
    }
}
