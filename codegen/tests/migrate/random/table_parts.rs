//! Constraints, indexes, triggers, policies, rules and statistics.

use super::pen::{Pen, list_names};

pub(super) fn write_key(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (pen.of()?, pen.name);
    let fields = pen.own_fields();
    let mut columns = pen.pick_fields(&fields, 2);
    if table.kind == "partitioned" && !columns.iter().any(|field| field.name == "k") {
        columns.extend(fields.into_iter().find(|field| field.name == "k"));
    }
    if columns.is_empty() {
        return None;
    }
    let names = list_names(&columns);
    // Foreign keys refer to these columns.
    pen.detail.clone_from(&names);
    let kind = pen.choose(&[
        "PRIMARY KEY",
        "UNIQUE",
        "UNIQUE",
        "UNIQUE NULLS NOT DISTINCT",
    ]);
    let deferred = pen.choose(&["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]);
    let options = pen.perhaps(10, " WITH (fillfactor = 80)");
    Some(format!(
        "ALTER TABLE {} ADD CONSTRAINT {name} {kind} ({names}){options}{deferred}",
        table.name
    ))
}

pub(super) fn write_check(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (pen.of()?, pen.name);
    let fields = pen.own_fields();
    let condition = pen.condition(&fields)?;
    let condition = match pen.percent(25).then(|| pen.pick(&["function"])).flatten() {
        Some(function) => format!("{}(1) > 0 AND {condition}", function.name),
        None => condition,
    };
    let options = pen.choose(&["", "", "", " NOT VALID", " NO INHERIT"]);
    let alter = if table.kind == "foreign table" {
        "ALTER FOREIGN TABLE"
    } else {
        "ALTER TABLE"
    };
    Some(format!(
        "{alter} {} ADD CONSTRAINT {name} CHECK ({condition}){options}",
        table.name
    ))
}

pub(super) fn write_exclusion(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (&pen.of()?.name, pen.name);
    let fields = pen.own_fields();
    let field = pen.pick_field(&fields)?;
    let (method, operator) = match field.data_type.as_str() {
        "int4range" => ("gist", "&&"),
        "inet" => ("gist", "inet_ops WITH &&"),
        _ => ("btree", "="),
    };
    let with = if operator.contains("WITH") {
        operator.to_owned()
    } else {
        format!("WITH {operator}")
    };
    let filter = pen.condition(&fields).filter(|_| pen.percent(30));
    let filter = filter.map_or_else(String::new, |condition| format!(" WHERE ({condition})"));
    Some(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING {method} ({} {with}){filter}",
        field.name
    ))
}

/// To a key, with columns of this table that have the same types.
pub(super) fn write_foreign_key(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (&pen.of()?.name, pen.name);
    let key = pen.pick(&["key"])?;
    let target = pen.table_of(key)?;
    let (mine, theirs) = (pen.own_fields(), pen.fields_of(target));
    let mut columns = Vec::new();
    for column in key.detail.split(", ") {
        let data_type = &theirs.iter().find(|field| field.name == column)?.data_type;
        let fitting = mine.iter().filter(|field| field.data_type == *data_type);
        let fitting: Vec<_> = fitting.cloned().collect();
        columns.push(pen.pick_field(&fitting)?);
    }
    let actions = [
        "",
        "",
        " ON DELETE CASCADE",
        " ON DELETE SET NULL",
        " ON UPDATE CASCADE ON DELETE RESTRICT",
        " DEFERRABLE INITIALLY DEFERRED",
        " NOT VALID",
        " MATCH FULL",
    ];
    let action = pen.choose(&actions);
    let names = list_names(&columns);
    Some(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({names}) REFERENCES {} ({}){action}",
        target.name, key.detail
    ))
}

pub(super) fn write_index(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (pen.of()?, pen.name);
    let fields = pen.own_fields();
    let field = pen.pick_field(&fields)?;
    let key = match pen.number(8) {
        0 => format!("({})", pen.expression(&fields)?.0),
        1 => format!("{} DESC NULLS LAST", field.name),
        2 if matches!(field.data_type.as_str(), "text" | "varchar(20)") => {
            format!(
                "{} {}",
                field.name,
                pen.choose(&["text_pattern_ops", "COLLATE \"C\""])
            )
        }
        3 => list_names(&pen.pick_fields(&fields, 3)),
        _ => field.name.clone(),
    };
    let unique = pen.perhaps(20, "UNIQUE ");
    let only = if table.kind == "partitioned" {
        pen.perhaps(2, "ONLY ")
    } else {
        String::new()
    };
    let method = match field.data_type.as_str() {
        "jsonb" | "text[]" | "tsvector" => "gin",
        "point" | "int4range" => "gist",
        _ => pen.choose(&["btree", "btree", "btree", "hash", "brin"]),
    };
    let include = if pen.percent(10) {
        format!(" INCLUDE ({})", pen.pick_field(&fields)?.name)
    } else {
        String::new()
    };
    let options = pen.choose(&["", "", "", " WITH (fillfactor = 80)"]);
    let filter = pen.condition(&fields).filter(|_| pen.percent(20));
    let filter = filter.map_or_else(String::new, |condition| format!(" WHERE {condition}"));
    Some(format!(
        "CREATE {unique}INDEX {name} ON {only}{} USING {method} ({key}){include}{options}{filter}",
        table.name
    ))
}

pub(super) fn write_trigger(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (pen.of()?, pen.name);
    let function = &pen.pick(&["trigger function"])?.name;
    let fields = pen.own_fields();
    let when = if table.kind == "view" {
        "INSTEAD OF"
    } else {
        pen.choose(&["BEFORE", "AFTER"])
    };
    let event = match pen.number(4) {
        0 => "DELETE".to_owned(),
        1 => "INSERT OR UPDATE".to_owned(),
        2 if table.kind != "view" => format!("UPDATE OF {}", pen.pick_field(&fields)?.name),
        _ => "INSERT".to_owned(),
    };
    let condition = if event.starts_with("INSERT") && table.kind != "view" && pen.percent(25) {
        format!(" WHEN (NEW.{} IS NOT NULL)", pen.pick_field(&fields)?.name)
    } else {
        String::new()
    };
    let table = &table.name;
    Some(format!(
        "CREATE TRIGGER {name} {when} {event} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {function}()"
    ))
}

pub(super) fn write_trigger_state(pen: &mut Pen<'_>) -> Option<String> {
    let trigger = pen.of()?;
    let table = pen.table_of(trigger)?;
    let below = pen.partitions_of(table);
    // Of the table, or of one of its partitions alone.
    let table = match below.as_slice() {
        [first, ..] if pen.percent(50) => {
            pen.needs.insert(first.key());
            &first.name
        }
        _ => &table.name,
    };
    let state = pen.choose(&["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"]);
    Some(format!(
        "ALTER TABLE {table} {state} TRIGGER {}",
        trigger.name
    ))
}

pub(super) fn write_policy(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (&pen.of()?.name, pen.name);
    let fields = pen.own_fields();
    let condition = match pen.percent(20).then(|| pen.pick(&["function"])).flatten() {
        Some(function) => format!("{}(1) = 2", function.name),
        None => pen.condition(&fields)?,
    };
    let kind = pen.perhaps(20, " AS RESTRICTIVE");
    let role = pen.choose(&["", " TO reader", " TO reader, writer"]);
    let command = pen.choose(&["", " FOR SELECT", " FOR UPDATE"]);
    let check = if command == " FOR SELECT" {
        String::new()
    } else {
        pen.perhaps(30, " WITH CHECK (true)")
    };
    Some(format!(
        "CREATE POLICY {name} ON {table}{kind}{command}{role} USING ({condition}){check}"
    ))
}

pub(super) fn write_row_security(pen: &mut Pen<'_>) -> Option<String> {
    let table = &pen.of()?.name;
    let force = pen.perhaps(40, ", FORCE ROW LEVEL SECURITY");
    Some(format!(
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY{force}"
    ))
}

pub(super) fn write_replica_identity(pen: &mut Pen<'_>) -> Option<String> {
    let table = &pen.of()?.name;
    let identity = pen.choose(&["FULL", "NOTHING"]);
    Some(format!("ALTER TABLE {table} REPLICA IDENTITY {identity}"))
}

pub(super) fn write_cluster(pen: &mut Pen<'_>) -> Option<String> {
    let index = pen.of()?;
    let table = &pen.table_of(index)?.name;
    Some(format!("ALTER TABLE {table} CLUSTER ON {}", index.name))
}

pub(super) fn write_rule(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (&pen.of()?.name, pen.name);
    let action = pen.choose(&["ALSO NOTIFY changed", "INSTEAD NOTHING", "ALSO SELECT 1"]);
    let event = pen.choose(&["INSERT", "UPDATE", "DELETE"]);
    Some(format!(
        "CREATE RULE {name} AS ON {event} TO {table} DO {action}"
    ))
}

pub(super) fn write_statistics(pen: &mut Pen<'_>) -> Option<String> {
    let (table, name) = (&pen.of()?.name, pen.name);
    let fields = pen.own_fields();
    let columns = pen.pick_fields(&fields, 3);
    let kinds = pen.choose(&["", " (ndistinct)", " (dependencies, mcv)"]);
    let list = match columns.as_slice() {
        [] => return None,
        [_] => format!("({})", pen.expression(&fields)?.0),
        columns => list_names(columns),
    };
    let kinds = if list.starts_with('(') { "" } else { kinds };
    Some(format!(
        "CREATE STATISTICS {name}{kinds} ON {list} FROM {table}"
    ))
}
