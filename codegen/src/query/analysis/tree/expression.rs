//! Expressions, as far as proofs about NULL need them.

use super::call::{Aggregate, Call, CallForm, WindowCall};
use super::constant;
use super::node::{Node, Tagged};
use super::node_type;
use super::sublink::{self, Sublink};
use super::var::{self, Var};
use crate::query::pg_types::FIRST_NORMAL_OID;

/// AND, OR, NOT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Boolean {
    And,
    Or,
    Not,
}

/// The truth value that `IS [NOT] TRUE | FALSE | UNKNOWN` asks, in the order of Postgres's `BoolTestType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    NotTrue,
    False,
    NotFalse,
    Unknown,
    NotUnknown,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Var(Var),
    /// `$n`, from 1.
    Parameter(usize),
    /// The n-th column, from 1, of the subquery that an ANY or ALL compares with.
    SublinkColumn(usize),
    Const(constant::Const),
    /// A function or an operator, which is a function too.
    Call(Call),
    /// `a IS DISTINCT FROM b`, which asks the function of `=`.
    Distinct {
        function: u32,
        arguments: Vec<Expr>,
    },
    NullIf(Vec<Expr>),
    /// `scalar operator ANY (array)`, or ALL.
    AnyArray {
        function: u32,
        all: bool,
        arguments: Vec<Expr>,
    },
    Boolean(Boolean, Vec<Expr>),
    /// `IS NULL`, or `IS NOT NULL`.
    NullTest {
        argument: Box<Expr>,
        not_null: bool,
    },
    TruthTest {
        argument: Box<Expr>,
        truth: Truth,
    },
    Case {
        argument: Option<Box<Expr>>,
        whens: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    Coalesce(Vec<Expr>),
    /// GREATEST, LEAST
    MinMax(Vec<Expr>),
    /// A change of type that keeps NULL and makes none.
    Relabel(Box<Expr>),
    /// The same for the parts of an array or a row, where different values may become equal.
    Convert(Box<Expr>),
    /// A cast by the text form of a value.
    InputOutput {
        argument: Box<Expr>,
        result: u32,
    },
    Array(Vec<Expr>),
    /// `array[from:to]`, without bounds that are left out.
    Slice {
        array: Box<Expr>,
        bounds: Vec<Expr>,
    },
    /// `ARRAY[…]` of arrays, whose elements become its own.
    Arrays(Vec<Expr>),
    /// `ROW(a, b)`, with the type of each field where its node says it.
    Row {
        fields: Vec<Expr>,
        types: Vec<Option<u32>>,
    },
    /// `(a, b) < (c, d)`, the sides in pairs.
    RowCompare {
        /// Whether every operator is Postgres's own.
        built_in: bool,
        left: Vec<Expr>,
        right: Vec<Expr>,
    },
    Aggregate(Aggregate),
    Window(WindowCall),
    Sublink(Box<Sublink>),
    /// `current_date` and its like, by Postgres's `SQLValueFunctionOp`.
    SqlValue(u32),
    /// A node whose value is never NULL, by its name.
    NeverNull(&'static str),
    Unknown(Unknown),
}

/// A node that is not known here. Nothing is proved of it, but the nodes below it are still seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unknown {
    pub(crate) tag: String,
    /// Every node in its fields.
    pub(crate) parts: Vec<Expr>,
}

/// Tags whose value is that of their `arg`, NULL for NULL and nothing else.
const RELABELS: &[&str] = &[
    "RELABELTYPE",
    "COLLATEEXPR",
    "COERCETODOMAIN",
    "NAMEDARGEXPR",
];

/// The same for values that have parts.
const CONVERSIONS: &[&str] = &["CONVERTROWTYPEEXPR", "ARRAYCOERCEEXPR"];

/// Tags whose value is never NULL.
const NEVER_NULL: &[(&str, &str)] = &[
    ("GROUPINGFUNC", "`grouping`"),
    ("MERGESUPPORTFUNC", "`merge_action`"),
];

/// An expression from its node.
pub(super) fn convert(node: &Node) -> Expr {
    let Node::Tagged(tagged) = node else {
        return Expr::Unknown(Unknown {
            tag: "not a node".to_owned(),
            parts: Vec::new(),
        });
    };
    // A known tag with a missing field is as unknown as an unknown tag: a later version may have
    // changed its meaning.
    understood(tagged).unwrap_or_else(|| {
        Expr::Unknown(Unknown {
            tag: tagged.tag.to_string(),
            parts: parts(tagged),
        })
    })
}

/// Every node in the fields of one, as expressions, whatever they are.
pub(super) fn parts(tagged: &Tagged) -> Vec<Expr> {
    let mut found = Vec::new();
    for value in tagged.fields.iter().flat_map(|(_, values)| values) {
        add_nodes(value, &mut found);
    }
    found
}

fn add_nodes(node: &Node, found: &mut Vec<Expr>) {
    match node {
        Node::Tagged(_) => found.push(convert(node)),
        Node::List(nodes) => nodes.iter().for_each(|node| add_nodes(node, found)),
        Node::Null | Node::Atom(_) | Node::Text(_) => {}
    }
}

/// The expressions of a list.
pub(super) fn convert_all(nodes: &[Node]) -> Vec<Expr> {
    nodes.iter().map(convert).collect()
}

/// A field that is an expression, if it is not null.
pub(super) fn field(tagged: &Tagged, name: &str) -> Option<Expr> {
    tagged.get(name).map(convert)
}

fn boxed(tagged: &Tagged, name: &str) -> Option<Box<Expr>> {
    field(tagged, name).map(Box::new)
}

fn understood(node: &Tagged) -> Option<Expr> {
    let arguments = || convert_all(node.list("args"));
    Some(match &*node.tag {
        "VAR" => Expr::Var(var::convert(node)?),
        "PARAM" => parameter(node)?,
        "CONST" => Expr::Const(constant::convert(node)?),
        // An operator is a function with another syntax, and `opfuncid` is its OID, so proofs treat
        // both alike.
        "FUNCEXPR" => Expr::Call(call(node, "funcid", "funcresulttype", "funcretset")?),
        "OPEXPR" => Expr::Call(call(node, "opfuncid", "opresulttype", "opretset")?),
        "DISTINCTEXPR" => distinct(node)?,
        "NULLIFEXPR" => Expr::NullIf(arguments()),
        "SCALARARRAYOPEXPR" => Expr::AnyArray {
            function: node.number("opfuncid")?,
            all: !node.flag("useOr"),
            arguments: arguments(),
        },
        "BOOLEXPR" => Expr::Boolean(boolean(node.text("boolop")?)?, arguments()),
        "NULLTEST" => null_test(node)?,
        "BOOLEANTEST" => Expr::TruthTest {
            argument: boxed(node, "arg")?,
            truth: truth(node.number("booltesttype")?)?,
        },
        "CASEEXPR" => case(node)?,
        "COALESCEEXPR" => Expr::Coalesce(arguments()),
        "MINMAXEXPR" => Expr::MinMax(arguments()),
        "COERCEVIAIO" => Expr::InputOutput {
            argument: boxed(node, "arg")?,
            result: node.number("resulttype")?,
        },
        "ARRAYEXPR" if node.flag("multidims") => Expr::Arrays(convert_all(node.list("elements"))),
        "ARRAYEXPR" => Expr::Array(convert_all(node.list("elements"))),
        "SUBSCRIPTINGREF" => slice(node)?,
        "ROWEXPR" => Expr::Row {
            fields: arguments(),
            types: node.list("args").iter().map(node_type::type_of).collect(),
        },
        // JSON_OBJECT and JSON_ARRAY of values (`JSCTOR_JSON_OBJECT` and `JSCTOR_JSON_ARRAY` in Postgres's `primnodes.h`), in the
        // type that they give. A cast by RETURNING may give NULL, and the aggregates do.
        "JSONCONSTRUCTOREXPR"
            if matches!(node.number("type"), Some(1_u8 | 2)) && node.get("coercion").is_none() =>
        {
            Expr::NeverNull("`json_object` or `json_array`")
        }
        "ROWCOMPAREEXPR" => row_compare(node),
        "AGGREF" => Expr::Aggregate(aggregate(node)?),
        "WINDOWFUNC" => Expr::Window(window_call(node)?),
        "SUBLINK" => Expr::Sublink(Box::new(sublink::convert(node)?)),
        "SQLVALUEFUNCTION" => Expr::SqlValue(node.number("op")?),
        tag if RELABELS.contains(&tag) => Expr::Relabel(boxed(node, "arg")?),
        tag if CONVERSIONS.contains(&tag) => Expr::Convert(boxed(node, "arg")?),
        tag => {
            let (_, name) = NEVER_NULL.iter().find(|(never, _)| *never == tag)?;
            Expr::NeverNull(name)
        }
    })
}

fn null_test(node: &Tagged) -> Option<Expr> {
    Some(Expr::NullTest {
        argument: boxed(node, "arg")?,
        // `NullTestType`: IS_NULL is 0, IS_NOT_NULL is 1 (primnodes.h). For a row, `argisrow`
        // asks all fields; callers prove nothing of a whole row.
        not_null: node.number::<u8>("nulltesttype")? == 1,
    })
}

fn distinct(node: &Tagged) -> Option<Expr> {
    Some(Expr::Distinct {
        function: node.number("opfuncid")?,
        arguments: convert_all(node.list("args")),
    })
}

fn row_compare(node: &Tagged) -> Expr {
    Expr::RowCompare {
        built_in: has_own_operators(node),
        left: convert_all(node.list("largs")),
        right: convert_all(node.list("rargs")),
    }
}

/// Whether no operator of a comparison of rows is a user's or an extension's.
fn has_own_operators(node: &Tagged) -> bool {
    // `o` is before the numbers of a list of OIDs (`outList`, outfuncs.c).
    let [_, numbers @ ..] = node.list("opnos") else {
        return false;
    };
    let oid = |number: &Node| number.text().and_then(|text| text.parse::<u32>().ok());
    let mut oids = numbers.iter().map(oid);
    !numbers.is_empty() && oids.all(|oid| oid.is_some_and(|oid| oid < FIRST_NORMAL_OID))
}

/// A slice is again an array; one element is not, and may be beyond its end.
fn slice(node: &Tagged) -> Option<Expr> {
    let container: u32 = node.number("refcontainertype")?;
    let is_slice = node.get("reflowerindexpr").is_some();
    let stays = node.number("refrestype") == Some(container);
    if !is_slice || !stays || node.get("refassgnexpr").is_some() {
        return None;
    }
    let bounds = ["reflowerindexpr", "refupperindexpr"].map(|bounds| node.list(bounds));
    // `[:2]` has a null pointer for the bound that is left out.
    let given = bounds.into_iter().flatten();
    let given = given.filter(|bound| **bound != Node::Null);
    Some(Expr::Slice {
        array: boxed(node, "refexpr")?,
        bounds: given.map(convert).collect(),
    })
}

/// `ParamKind`: 0 is the caller's, 2 stands for a column of an ANY or ALL subquery.
fn parameter(node: &Tagged) -> Option<Expr> {
    let number = node.number("paramid")?;
    match node.number::<u8>("paramkind")? {
        0 => Some(Expr::Parameter(number)),
        2 => Some(Expr::SublinkColumn(number)),
        // Executor and multi-assignment parameters: the former are not in a stored tree, the latter
        // is one value of a row that is not followed.
        _ => None,
    }
}

fn call(node: &Tagged, function: &str, result: &str, set: &str) -> Option<Call> {
    Some(Call {
        function: node.number(function)?,
        arguments: convert_all(node.list("args")),
        form: call_form(node),
        result: node.number(result)?,
        set: node.flag(set),
        variadic: node.flag("funcvariadic"),
        named: node
            .list("args")
            .iter()
            .any(|argument| argument.tagged("NAMEDARGEXPR").is_some()),
        collation: node.number("inputcollid").unwrap_or(0),
    })
}

/// `CoercionForm`: 1 is an explicit cast, 2 an implicit one.
fn call_form(node: &Tagged) -> CallForm {
    match node.number("funcformat") {
        // The form keeps how the call was written, so a cast by a function is told from a call of
        // that function.
        Some(1_u8 | 2) => CallForm::Cast,
        _ if node.tag == "OPEXPR" => CallForm::Operator,
        _ => CallForm::Function,
    }
}

fn boolean(word: &str) -> Option<Boolean> {
    match word {
        "and" => Some(Boolean::And),
        "or" => Some(Boolean::Or),
        "not" => Some(Boolean::Not),
        _ => None,
    }
}

fn truth(number: usize) -> Option<Truth> {
    let order = [
        Truth::True,
        Truth::NotTrue,
        Truth::False,
        Truth::NotFalse,
        Truth::Unknown,
        Truth::NotUnknown,
    ];
    order.get(number).copied()
}

fn case(node: &Tagged) -> Option<Expr> {
    let mut whens = Vec::new();
    for when in node.list("args") {
        let Node::Tagged(when) = when else {
            return None;
        };
        whens.push((field(when, "expr")?, field(when, "result")?));
    }
    Some(Expr::Case {
        argument: boxed(node, "arg"),
        whens,
        // `transformCaseExpr` adds a NULL constant where the query has no ELSE.
        otherwise: boxed(node, "defresult")?,
    })
}

fn aggregate(node: &Tagged) -> Option<Aggregate> {
    let (mut arguments, mut order) = (Vec::new(), Vec::new());
    for target in node.list("args") {
        let target = target.tagged("TARGETENTRY")?;
        // ORDER BY inside an aggregate adds junk targets for expressions that are no arguments.
        let place = if target.flag("resjunk") {
            &mut order
        } else {
            &mut arguments
        };
        place.push(field(target, "expr")?);
    }
    Some(Aggregate {
        function: node.number("aggfnoid")?,
        direct: convert_all(node.list("aggdirectargs")),
        arguments,
        order,
        filter: boxed(node, "aggfilter"),
        levels_up: node.number("agglevelsup")?,
    })
}

fn window_call(node: &Tagged) -> Option<WindowCall> {
    Some(WindowCall {
        function: node.number("winfnoid")?,
        arguments: convert_all(node.list("args")),
        filter: boxed(node, "aggfilter"),
        window: node.number("winref")?,
    })
}
