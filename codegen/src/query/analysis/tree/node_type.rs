//! The type of the value that an expression gives, as its node says.

use super::node::{Node, Tagged};

/// The field in which each kind of node keeps the OID of its type.
const TYPES: &[(&str, &str)] = &[
    ("VAR", "vartype"),
    ("CONST", "consttype"),
    ("PARAM", "paramtype"),
    ("FUNCEXPR", "funcresulttype"),
    ("OPEXPR", "opresulttype"),
    ("NULLIFEXPR", "opresulttype"),
    ("AGGREF", "aggtype"),
    ("WINDOWFUNC", "wintype"),
    ("RELABELTYPE", "resulttype"),
    ("COERCEVIAIO", "resulttype"),
    ("ARRAYCOERCEEXPR", "resulttype"),
    ("COALESCEEXPR", "coalescetype"),
    ("MINMAXEXPR", "minmaxtype"),
    ("CASEEXPR", "casetype"),
    ("ARRAYEXPR", "array_typeid"),
    ("SQLVALUEFUNCTION", "type"),
    ("ROWEXPR", "row_typeid"),
    ("CONVERTROWTYPEEXPR", "resulttype"),
    ("COERCETODOMAIN", "resulttype"),
    ("FIELDSELECT", "resulttype"),
    ("SUBSCRIPTINGREF", "refrestype"),
    ("NEXTVALUEEXPR", "typeId"),
];

/// Nodes that are true or false.
const BOOLEANS: &[&str] = &[
    "BOOLEXPR",
    "NULLTEST",
    "BOOLEANTEST",
    "DISTINCTEXPR",
    "SCALARARRAYOPEXPR",
];

/// The OID of `bool`, which is built in.
const BOOL: u32 = 16;

/// The OID of an expression's type, where its node has it.
pub(super) fn type_of(node: &Node) -> Option<u32> {
    let Node::Tagged(node) = node else {
        return None;
    };
    if BOOLEANS.contains(&node.tag.as_ref()) {
        return Some(BOOL);
    }
    // Its node has no type field: `exprType` computes it from the subquery (nodeFuncs.c).
    if node.tag == "SUBLINK" {
        return of_sublink(node);
    }
    let (_, field) = TYPES.iter().find(|(tag, _)| *tag == node.tag)?;
    node.number(field)
}

/// The field in which each kind of node keeps the OID of the collation of its value.
const COLLATIONS: &[(&str, &str)] = &[
    ("VAR", "varcollid"),
    ("CONST", "constcollid"),
    ("PARAM", "paramcollid"),
    ("FUNCEXPR", "funccollid"),
    ("OPEXPR", "opcollid"),
    ("NULLIFEXPR", "opcollid"),
    ("AGGREF", "aggcollid"),
    ("WINDOWFUNC", "wincollid"),
    ("RELABELTYPE", "resultcollid"),
    ("COERCEVIAIO", "resultcollid"),
    ("COLLATEEXPR", "collOid"),
    ("COALESCEEXPR", "coalescecollid"),
    ("MINMAXEXPR", "minmaxcollid"),
    ("CASEEXPR", "casecollid"),
];

/// The OID of the collation of an expression's value, 0 for none, where its node has it.
pub(super) fn collation_of(node: &Node) -> Option<u32> {
    let Node::Tagged(node) = node else {
        return None;
    };
    if BOOLEANS.contains(&node.tag.as_ref()) {
        return Some(0);
    }
    let (_, field) = COLLATIONS.iter().find(|(tag, _)| *tag == node.tag)?;
    node.number(field)
}

/// A scalar subquery has the type of its column; EXISTS, ANY and ALL are true or false.
fn of_sublink(node: &Tagged) -> Option<u32> {
    match node.number::<u8>("subLinkType")? {
        // `SubLinkType`: EXISTS, ALL and ANY, then ROWCOMPARE, EXPR, MULTIEXPR and ARRAY.
        0..=2 => Some(BOOL),
        4 => of_first_column(node.get("subselect")?.tagged("QUERY")?),
        _ => None,
    }
}

/// The OID of the type of the first column of a SELECT.
pub(super) fn of_first_column(query: &Tagged) -> Option<u32> {
    let first = query.list("targetList").first()?.tagged("TARGETENTRY")?;
    type_of(first.get("expr")?)
}
