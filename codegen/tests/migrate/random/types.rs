//! Types, functions and operators.

use super::pen::Pen;

const LABELS: &[&str] = &["sad", "ok", "happy", "it''s", "Very Happy", "", "x"];

pub(super) fn write_enum(pen: &mut Pen<'_>) -> Option<String> {
    let labels = pen.choose_some(LABELS);
    labels[0].clone_into(&mut pen.detail);
    Some(format!(
        "CREATE TYPE {} AS ENUM ('{}')",
        pen.name,
        labels.join("', '")
    ))
}

pub(super) fn write_domain(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    let (base, check) = match pen.number(5) {
        0 => ("text", "CHECK (VALUE <> '')"),
        1 => ("integer", "CHECK (VALUE BETWEEN 1 AND 100)"),
        2 => ("numeric(8,2)", "CHECK (VALUE >= 0)"),
        3 => ("varchar(40)", "CHECK (VALUE IN ('a', 'b', 'c'))"),
        _ => ("text[]", "CHECK (array_length(VALUE, 1) < 4)"),
    };
    let default = pen.value_of(base).filter(|_| pen.percent(30));
    let default = default.map_or_else(String::new, |value| format!(" DEFAULT {value}"));
    let not_null = pen.perhaps(25, " NOT NULL");
    let check = pen.perhaps(60, &format!(" CONSTRAINT limited {check}"));
    let named = pen.perhaps(20, " CHECK (VALUE IS NOT NULL)");
    Some(format!(
        "CREATE DOMAIN {name} AS {base}{default}{not_null}{check}{named}"
    ))
}

pub(super) fn write_composite(pen: &mut Pen<'_>) -> Option<String> {
    let mut fields = Vec::new();
    for name in ["x", "y", "z"] {
        if fields.is_empty() || pen.percent(60) {
            fields.push(format!("{name} {}", pen.pick_type()));
        }
    }
    // Read back by tables of this type.
    pen.detail = fields.join(", ");
    Some(format!(
        "CREATE TYPE {} AS ({})",
        pen.name,
        fields.join(", ")
    ))
}

pub(super) fn write_range(pen: &mut Pen<'_>) -> Option<String> {
    let subtype = pen.choose(&[
        "float8",
        "float8, SUBTYPE_DIFF = float8mi",
        "text",
        "inet",
        "time",
    ]);
    Some(format!(
        "CREATE TYPE {} AS RANGE (SUBTYPE = {subtype})",
        pen.name
    ))
}

pub(super) fn write_shell(pen: &mut Pen<'_>) -> Option<String> {
    Some(format!("CREATE TYPE {}", pen.name))
}

/// A function of an integer that gives one, so that others can use it in expressions.
pub(super) fn write_function(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    pen.detail = "(integer)".to_owned();
    let argument = pen.choose(&["a integer", "a integer", "integer", "a integer DEFAULT 3"]);
    let number = pen.number(9);
    let options = [
        pen.perhaps(20, " STRICT"),
        pen.perhaps(15, " SECURITY DEFINER SET search_path TO pg_catalog"),
        pen.perhaps(15, " PARALLEL SAFE"),
        pen.perhaps(10, " COST 7"),
    ];
    let body = match pen.number(4) {
        0 => format!("LANGUAGE sql AS 'SELECT $1 + {number}'"),
        1 => format!("LANGUAGE sql RETURN $1 + {number}"),
        2 => format!("LANGUAGE sql BEGIN ATOMIC SELECT $1 + {number}; END"),
        _ => format!(
            "LANGUAGE plpgsql AS $$\nBEGIN\n    PERFORM {number};\n\n    RETURN $1;\nEND;\n$$"
        ),
    };
    let volatility = pen.choose(&["IMMUTABLE", "IMMUTABLE", "IMMUTABLE", "STABLE"]);
    let options = options.concat();
    Some(format!(
        "CREATE FUNCTION {name}({argument}) RETURNS integer {volatility}{options} {body}"
    ))
}

pub(super) fn write_trigger_function(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    pen.detail = "()".to_owned();
    let body = pen.choose(&[
        "RETURN NEW;",
        "\n    -- Nothing.\n\n    RETURN NULL;\n",
        "RAISE NOTICE 'x'; RETURN NEW;",
    ]);
    Some(format!(
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    ))
}

pub(super) fn write_event_function(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    pen.detail = "()".to_owned();
    Some(format!(
        "CREATE FUNCTION {name}() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$"
    ))
}

/// A function over a relation, of which Postgres knows if the body is kept as a tree.
pub(super) fn write_query_function(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    let relation = pen.pick(&["table", "view", "partitioned", "materialized view"])?;
    let from = &relation.name;
    let fields = pen.fields_of(relation);
    let body = match pen.number(5) {
        0 => format!("SETOF {from} LANGUAGE sql STABLE AS 'SELECT * FROM {from}'"),
        1 => format!("bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM {from}; END"),
        2 => format!("bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM {from}'"),
        3 => {
            let field = pen.pick_field(&fields)?;
            format!(
                "TABLE (found {}) LANGUAGE sql STABLE BEGIN ATOMIC SELECT {} FROM {from}; END",
                field.data_type, field.name
            )
        }
        _ => {
            let field = pen.pick_field(&fields)?;
            let sql = format!("SETOF {from}.{}%TYPE", field.name);
            format!(
                "{sql} LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT {} FROM {from}; END $$",
                field.name
            )
        }
    };
    pen.detail = "()".to_owned();
    Some(format!("CREATE FUNCTION {name}() RETURNS {body}"))
}

pub(super) fn write_procedure(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    pen.detail = "(integer)".to_owned();
    let body = pen.choose(&[
        "LANGUAGE sql AS ''",
        "LANGUAGE sql BEGIN ATOMIC END",
        "LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$",
    ]);
    Some(format!("CREATE PROCEDURE {name}(a integer) {body}"))
}

pub(super) fn write_aggregate(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    pen.detail = "(integer)".to_owned();
    let finish = match pen.pick_perhaps(&["function"]) {
        Some(function) => format!(", FINALFUNC = {}", function.name),
        None => String::new(),
    };
    let first = pen.number(3);
    Some(format!(
        "CREATE AGGREGATE {name}(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '{first}'{finish})"
    ))
}

pub(super) fn write_operator(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    pen.detail = "(integer, integer)".to_owned();
    let function = pen.choose(&["int4eq", "int4ne", "int4lt"]);
    let options = pen.choose(&[
        "",
        ", RESTRICT = eqsel, JOIN = eqjoinsel",
        ", RESTRICT = neqsel",
    ]);
    let commutator = pen.perhaps(30, &format!(", COMMUTATOR = {name}"));
    Some(format!(
        "CREATE OPERATOR {name} (LEFTARG = integer, RIGHTARG = integer, FUNCTION = {function}{commutator}{options})"
    ))
}

pub(super) fn write_operator_class(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    pen.detail = " USING btree".to_owned();
    let storage = pen.choose(&[
        "OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)",
        "OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer)",
    ]);
    Some(format!(
        "CREATE OPERATOR CLASS {name} FOR TYPE integer USING btree AS {storage}"
    ))
}

pub(super) fn write_cast(pen: &mut Pen<'_>) -> Option<String> {
    let source = &pen.of()?.name;
    let (target, when) = (
        pen.choose(&["integer", "uuid", "bytea"]),
        pen.choose(&["", " AS ASSIGNMENT", " AS IMPLICIT"]),
    );
    pen.detail = format!("({source} AS {target})");
    Some(format!(
        "CREATE CAST ({source} AS {target}) WITH INOUT{when}"
    ))
}
