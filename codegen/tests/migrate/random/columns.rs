//! Columns, and the settings that are statements of their own.

use super::pen::Pen;

pub(super) fn write_column(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (&pen.of()?.name, pen.name);
    let add = format!("ALTER TABLE {table} ADD COLUMN {name}");
    let is_plain = pen.of()?.kind == "table";
    match pen.number(12) {
        0 if is_plain => {
            let serial = pen.choose(&["serial", "bigserial"]);
            pen.detail = if serial == "serial" {
                "integer"
            } else {
                "bigint"
            }
            .to_owned();
            return Some(format!("{add} {serial}"));
        }
        1 if is_plain => {
            pen.detail = pen.choose(&["integer", "bigint", "smallint"]).to_owned();
            let when = pen.choose(&["ALWAYS", "BY DEFAULT"]);
            let options = pen.choose(&["", " (START WITH 100)", " (INCREMENT BY 2 CACHE 5)"]);
            return Some(format!(
                "{add} {} GENERATED {when} AS IDENTITY{options}",
                pen.detail
            ));
        }
        2 => {
            let others: Vec<_> = pen
                .own_fields()
                .into_iter()
                .filter(|field| field.name != name)
                .collect();
            let (expression, data_type) = pen.expression(&others)?;
            data_type.clone_into(&mut pen.detail);
            return Some(format!(
                "{add} {data_type} GENERATED ALWAYS AS ({expression}) STORED"
            ));
        }
        _ => {}
    }
    let data_type = pen.pick_type();
    let collated = matches!(data_type.as_str(), "text" | "varchar(20)" | "varchar");
    let collation = if collated && pen.percent(20) {
        match pen.pick_perhaps(&["collation"]) {
            Some(collation) => format!(" COLLATE {}", collation.name),
            None => " COLLATE \"C\"".to_owned(),
        }
    } else {
        String::new()
    };
    let not_null = pen.perhaps(30, " NOT NULL");
    let default = write_default_of(pen, &data_type);
    pen.detail = data_type;
    Some(format!(
        "{add} {}{collation}{not_null}{default}",
        pen.detail
    ))
}

/// A default that gives a value of the type, or calls something of the schema.
fn write_default_of(pen: &mut Pen<'_>, data_type: &str) -> String {
    if !pen.percent(40) {
        return String::new();
    }
    let is_integer = matches!(data_type, "integer" | "bigint");
    let called = if is_integer {
        pen.pick_perhaps(&["function", "sequence"])
    } else {
        None
    };
    match called {
        Some(part) if part.kind == "function" => format!(" DEFAULT {}(1)", part.name),
        Some(part) => format!(" DEFAULT nextval('{}')", part.name.replace('\'', "''")),
        None => match pen.value_of(data_type) {
            Some(value) => format!(" DEFAULT {value}"),
            None => String::new(),
        },
    }
}

pub(super) fn write_setting(pen: &mut Pen<'_>) -> Option<String> {
    let column = pen.of()?;
    let table = pen.table_of(column)?;
    let settings = [
        "SET STATISTICS 100",
        "SET STORAGE EXTERNAL",
        "SET STORAGE PLAIN",
        "SET STORAGE MAIN",
        "SET (n_distinct = 5)",
        "SET COMPRESSION pglz",
    ];
    let setting = pen.choose(&settings);
    Some(format!(
        "ALTER TABLE {} ALTER COLUMN {} {setting}",
        table.name, column.name
    ))
}

/// A default of a column that the table has from elsewhere.
pub(super) fn write_default(pen: &mut Pen<'_>) -> Option<String> {
    let table = pen.of()?;
    let fields = pen.own_fields();
    let field = pen.pick_field(&fields)?;
    let value = pen.value_of(&field.data_type)?;
    let only = if table.kind == "view" { "" } else { "ONLY " };
    Some(format!(
        "ALTER TABLE {only}{} ALTER COLUMN {} SET DEFAULT {value}",
        table.name, field.name
    ))
}

pub(super) fn write_owned_sequence(pen: &mut Pen<'_>) -> Option<String> {
    let column = pen.of()?;
    let table = pen.table_of(column)?;
    let sequence = &pen.pick(&["sequence"])?.name;
    Some(format!(
        "ALTER SEQUENCE {sequence} OWNED BY {}.{}",
        table.name, column.name
    ))
}
