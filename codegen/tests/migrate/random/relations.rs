//! Tables of every sort, and views.

use super::pen::{Field, Pen, list_names};

pub(super) fn write_table(pen: &mut Pen<'_>) -> Option<String> {
    let unlogged = pen.perhaps(8, "UNLOGGED ");
    let method = match pen
        .percent(10)
        .then(|| pen.pick(&["access method"]))
        .flatten()
    {
        Some(method) => format!(" USING {}", method.name),
        None => String::new(),
    };
    let options = pen.choose(&[
        "",
        "",
        "",
        " WITH (fillfactor = 70)",
        " WITH (autovacuum_enabled = false, fillfactor = 50)",
    ]);
    Some(format!(
        "CREATE {unlogged}TABLE {} (){method}{options}",
        pen.name
    ))
}

/// By the column `k`; partitions read from `detail` how.
pub(super) fn write_partitioned(pen: &mut Pen<'_>) -> Option<String> {
    let strategy = pen.choose(&["RANGE", "RANGE", "LIST", "HASH"]);
    let not_null = pen.perhaps(50, " NOT NULL");
    pen.detail = "k integer".to_owned();
    Some(format!(
        "CREATE TABLE {} (k integer{not_null}) PARTITION BY {strategy} (k)",
        pen.name
    ))
}

pub(super) fn write_partition(pen: &mut Pen<'_>) -> Option<String> {
    let of = pen.of()?;
    pen.needs.insert(of.key());
    let (name, parent) = (pen.name, &of.name);
    let place = pen.number(8);
    let bound = if of.sql.contains("BY RANGE") {
        format!("FOR VALUES FROM ({}) TO ({})", place * 10, place * 10 + 10)
    } else if of.sql.contains("BY LIST") {
        format!("FOR VALUES IN ({place}, {})", place + 100)
    } else {
        format!("FOR VALUES WITH (MODULUS 8, REMAINDER {place})")
    };
    let bound = if !bound.starts_with("FOR VALUES WITH") && pen.percent(15) {
        "DEFAULT".to_owned()
    } else {
        bound
    };
    let options = pen.perhaps(15, " WITH (fillfactor = 60)");
    Some(format!(
        "CREATE TABLE {name} PARTITION OF {parent} {bound}{options}"
    ))
}

pub(super) fn write_child(pen: &mut Pen<'_>) -> Option<String> {
    let of = pen.of()?;
    pen.needs.insert(of.key());
    Some(format!(
        "CREATE TABLE {} () INHERITS ({})",
        pen.name, of.name
    ))
}

pub(super) fn write_inherit(pen: &mut Pen<'_>) -> Option<String> {
    let of = &pen.of()?.name;
    let parent = &pen.pick(&["table", "child"])?.name;
    Some(format!("ALTER TABLE {of} INHERIT {parent}"))
}

pub(super) fn write_typed(pen: &mut Pen<'_>) -> Option<String> {
    let of = pen.of()?;
    pen.detail.clone_from(&of.detail);
    Some(format!("CREATE TABLE {} OF {}", pen.name, of.name))
}

pub(super) fn write_foreign_table(pen: &mut Pen<'_>) -> Option<String> {
    let server = &pen.pick(&["server"])?.name;
    let data_type = pen.choose(&[
        "integer",
        "text",
        "bigint NOT NULL",
        "date DEFAULT CURRENT_DATE",
    ]);
    let column = pen.perhaps(30, " OPTIONS (far 'away')");
    let column = if data_type.contains(' ') {
        String::new()
    } else {
        column
    };
    let options = pen.choose(&["", " OPTIONS (name 'x')"]);
    pen.detail = format!("k {}", data_type.split(' ').next()?);
    Some(format!(
        "CREATE FOREIGN TABLE {} (k {data_type}{column}) SERVER {server}{options}",
        pen.name
    ))
}

/// A table whose rows are part of the schema, because its name ends so.
pub(super) fn write_enum_table(pen: &mut Pen<'_>) -> Option<String> {
    let name = match pen.name.strip_suffix('"') {
        Some(open) => format!("{open}_enum\""),
        None => format!("{}_enum", pen.name),
    };
    pen.detail = format!("value text, hint text, {name}");
    let hint = pen.choose(&[
        "hint text",
        "hint text DEFAULT 'x'",
        "hint varchar(9), extra integer",
    ]);
    Some(format!(
        "CREATE TABLE {name} (value text PRIMARY KEY, {hint})"
    ))
}

pub(super) fn write_row(pen: &mut Pen<'_>) -> Option<String> {
    let table = pen.of()?.detail.rsplit(", ").next()?;
    let hint = pen.choose(&["NULL", "'one'", "'two\n\nlines'"]);
    Some(format!(
        "INSERT INTO {table} (value, hint) VALUES ('{}', {hint})",
        pen.name
    ))
}

pub(super) fn write_view(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    let options = pen.choose(&[
        "",
        "",
        " WITH (security_invoker = true)",
        " WITH (security_barrier = true)",
    ]);
    let query = write_query(pen)?;
    let check = if query.contains("WHERE") && !query.contains("GROUP") && !query.contains("JOIN") {
        pen.perhaps(20, " WITH CHECK OPTION")
    } else {
        String::new()
    };
    Some(format!("CREATE VIEW {name}{options} AS {query}{check}"))
}

pub(super) fn write_materialized_view(pen: &mut Pen<'_>) -> Option<String> {
    let data = pen.perhaps(30, " WITH NO DATA");
    let query = write_query(pen)?;
    Some(format!(
        "CREATE MATERIALIZED VIEW {} AS {query}{data}",
        pen.name
    ))
}

/// A query; the columns that it gives are noted as the part's own.
fn write_query(pen: &mut Pen<'_>) -> Option<String> {
    let relation = pen.pick(&[
        "table",
        "table",
        "view",
        "partitioned",
        "child",
        "materialized view",
        "foreign table",
    ])?;
    let (from, fields) = (&relation.name, pen.fields_of(relation));
    let shape = pen.number(7);
    let (query, given) = match shape {
        0 => (
            format!("SELECT count(*) AS n FROM {from}"),
            vec![field("n", "bigint")],
        ),
        1 => {
            let of = pen.pick_field(&fields)?;
            let query = format!(
                "SELECT {}, count(*) AS n FROM {from} GROUP BY {}",
                of.name, of.name
            );
            (query, vec![of, field("n", "bigint")])
        }
        2 => {
            let other = pen.pick(&["table", "view"])?;
            let fields = pen.fields_of(other);
            let theirs = pen.pick_field(&fields)?;
            let query = format!(
                "SELECT o.{} FROM {from} r LEFT JOIN {} o ON true",
                theirs.name, other.name
            );
            (query, vec![theirs])
        }
        3 => {
            let (expression, data_type) = pen.expression(&fields)?;
            (
                format!("SELECT {expression} AS made FROM {from}"),
                vec![field("made", data_type)],
            )
        }
        4 if pen.percent(30) => (
            format!("SELECT r AS whole FROM {from} r"),
            vec![field("whole", "record")],
        ),
        4 => (format!("SELECT * FROM {from}"), fields),
        _ => {
            let chosen = pen.pick_fields(&fields, 4);
            let condition = pen.condition(&fields).filter(|_| pen.percent(50));
            let condition =
                condition.map_or_else(String::new, |condition| format!(" WHERE {condition}"));
            (
                format!("SELECT {} FROM {from}{condition}", list_names(&chosen)),
                chosen,
            )
        }
    };
    if given.is_empty() {
        return None;
    }
    let given: Vec<String> = given
        .iter()
        .map(|field| format!("{} {}", field.name, field.data_type))
        .collect();
    pen.detail = given.join(", ");
    Some(query)
}

fn field(name: &str, data_type: &str) -> Field {
    Field::stated(name, data_type)
}
