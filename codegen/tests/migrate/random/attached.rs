//! Comments, privileges and owners.

use super::pen::Pen;
use super::rare::name_word;
use super::world::Part;

/// The object as `COMMENT ON` names it, without its kind.
fn name_object(pen: &Pen<'_>, part: &Part) -> Option<String> {
    let name = &part.name;
    Some(match part.kind {
        "function" | "trigger function" | "query function" | "event function" | "procedure"
        | "aggregate" | "operator" | "operator class" => format!("{name}{}", part.detail),
        "cast" => part.detail.clone(),
        "column" => format!("{}.{name}", pen.table_of(part)?.name),
        "check" | "key" | "foreign key" | "exclusion" | "trigger" | "policy" | "rule" => {
            format!("{name} ON {}", pen.table_of(part)?.name)
        }
        "index" => {
            let table = &pen.table_of(part)?.name;
            match table.split_once('.') {
                Some((schema, _)) => format!("{schema}.{name}"),
                None => name.clone(),
            }
        }
        _ => name.clone(),
    })
}

pub(super) fn write_comment(pen: &mut Pen<'_>) -> Option<String> {
    let part = pen.of()?;
    let object = name_object(pen, part)?;
    let text = pen.choose(&["one", "it''s", "two\n\nlines", "a; b -- c"]);
    Some(format!(
        "COMMENT ON {} {object} IS '{text}'",
        name_word(part)
    ))
}

pub(super) fn write_grant(pen: &mut Pen<'_>) -> Option<String> {
    let part = pen.of()?;
    let role = pen.name;
    let option = if role == "PUBLIC" {
        String::new()
    } else {
        pen.perhaps(15, " WITH GRANT OPTION")
    };
    if part.kind == "column" {
        let table = &pen.table_of(part)?.name;
        let privilege = pen.choose(&["SELECT", "UPDATE", "REFERENCES"]);
        return Some(format!(
            "GRANT {privilege} ({}) ON {table} TO {role}{option}",
            part.name
        ));
    }
    let object = name_object(pen, part)?;
    let word = match name_word(part).as_str() {
        "TABLE" | "VIEW" | "MATERIALIZED VIEW" | "FOREIGN TABLE" => "TABLE".to_owned(),
        "AGGREGATE" => "FUNCTION".to_owned(),
        "DOMAIN" => "TYPE".to_owned(),
        "SERVER" => "FOREIGN SERVER".to_owned(),
        word => word.to_owned(),
    };
    let privileges: &[&str] = match word.as_str() {
        "TABLE" => &["SELECT", "SELECT, INSERT", "ALL", "TRUNCATE"],
        "SEQUENCE" => &["USAGE", "SELECT, UPDATE"],
        "FUNCTION" | "PROCEDURE" => &["EXECUTE"],
        "SCHEMA" => &["USAGE", "CREATE", "ALL"],
        _ => &["USAGE"],
    };
    let privileges = pen.choose(privileges);
    if pen.percent(25) && matches!(word.as_str(), "FUNCTION" | "TYPE" | "PROCEDURE") {
        return Some(format!("REVOKE ALL ON {word} {object} FROM PUBLIC"));
    }
    Some(format!(
        "GRANT {privileges} ON {word} {object} TO {role}{option}"
    ))
}

pub(super) fn write_owner(pen: &mut Pen<'_>) -> Option<String> {
    let part = pen.of()?;
    let object = name_object(pen, part)?;
    let role = pen.choose(&["reader", "writer"]);
    Some(format!(
        "ALTER {} {object} OWNER TO {role}",
        name_word(part)
    ))
}

pub(super) fn write_default_privileges(pen: &mut Pen<'_>) -> Option<String> {
    let schema = match pen.pick_perhaps(&["schema"]) {
        Some(schema) => format!(" IN SCHEMA {}", schema.name),
        None => String::new(),
    };
    let grant = pen.choose(&[
        "GRANT SELECT ON TABLES TO reader",
        "GRANT USAGE ON SEQUENCES TO writer",
        "GRANT EXECUTE ON FUNCTIONS TO reader",
    ]);
    Some(format!("ALTER DEFAULT PRIVILEGES{schema} {grant}"))
}
