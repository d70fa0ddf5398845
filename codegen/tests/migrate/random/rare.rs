//! Schemas, extensions, sequences, and the objects that are one statement each.

use super::pen::{Pen, is_table};

pub(super) fn write_schema(pen: &mut Pen<'_>) -> Option<String> {
    Some(format!("CREATE SCHEMA {}", pen.name))
}

pub(super) fn write_extension(pen: &mut Pen<'_>) -> Option<String> {
    Some(format!("CREATE EXTENSION {}", pen.name))
}

pub(super) fn write_collation(pen: &mut Pen<'_>) -> Option<String> {
    let from = pen.choose(&[
        "FROM \"C\"",
        "(provider = icu, locale = 'de')",
        "(provider = icu, locale = 'en', deterministic = false)",
        "(locale = 'C')",
    ]);
    Some(format!("CREATE COLLATION {} {from}", pen.name))
}

pub(super) fn write_conversion(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    let way = pen.choose(&[
        "'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
    ]);
    Some(format!("CREATE CONVERSION {name} FOR {way}"))
}

pub(super) fn write_sequence(pen: &mut Pen<'_>) -> Option<String> {
    let options = [
        pen.perhaps(30, " AS integer"),
        pen.perhaps(30, " INCREMENT BY 2"),
        pen.perhaps(20, " MINVALUE 0"),
        pen.perhaps(20, " MAXVALUE 5000"),
        pen.perhaps(20, " START WITH 100"),
        pen.perhaps(20, " CACHE 10"),
        pen.perhaps(20, " CYCLE"),
    ];
    let unlogged = pen.perhaps(10, "UNLOGGED ");
    Some(format!(
        "CREATE {unlogged}SEQUENCE {}{}",
        pen.name,
        options.concat()
    ))
}

pub(super) fn write_transform(pen: &mut Pen<'_>) -> Option<String> {
    let to = pen.perhaps(50, ", TO SQL WITH FUNCTION int4recv(internal)");
    Some(format!(
        "CREATE TRANSFORM {} (FROM SQL WITH FUNCTION prsd_lextype(internal){to})",
        pen.name
    ))
}

pub(super) fn write_parser(pen: &mut Pen<'_>) -> Option<String> {
    let headline = pen.perhaps(50, ", HEADLINE = prsd_headline");
    Some(format!(
        "CREATE TEXT SEARCH PARSER {} (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype{headline})",
        pen.name
    ))
}

pub(super) fn write_template(pen: &mut Pen<'_>) -> Option<String> {
    let init = pen.perhaps(50, "INIT = dsimple_init, ");
    Some(format!(
        "CREATE TEXT SEARCH TEMPLATE {} ({init}LEXIZE = dsimple_lexize)",
        pen.name
    ))
}

pub(super) fn write_dictionary(pen: &mut Pen<'_>) -> Option<String> {
    let template = match pen.pick_perhaps(&["template"]) {
        Some(template) => template.name.clone(),
        None => "simple".to_owned(),
    };
    let options = pen.choose(&["", ", Accept = false", ", StopWords = english"]);
    Some(format!(
        "CREATE TEXT SEARCH DICTIONARY {} (TEMPLATE = {template}{options})",
        pen.name
    ))
}

pub(super) fn write_configuration(pen: &mut Pen<'_>) -> Option<String> {
    let from = match pen.pick_perhaps(&["parser"]) {
        Some(parser) => format!("PARSER = {}", parser.name),
        None => pen
            .choose(&["COPY = simple", "PARSER = \"default\""])
            .to_owned(),
    };
    Some(format!(
        "CREATE TEXT SEARCH CONFIGURATION {} ({from})",
        pen.name
    ))
}

pub(super) fn write_mapping(pen: &mut Pen<'_>) -> Option<String> {
    let configuration = &pen.of()?.name;
    let dictionary = pen
        .pick_perhaps(&["dictionary"])
        .map_or("simple", |part| &part.name);
    let how = pen.choose(&["ADD", "ALTER"]);
    Some(format!(
        "ALTER TEXT SEARCH CONFIGURATION {configuration} {how} MAPPING FOR {} WITH {dictionary}",
        pen.name
    ))
}

pub(super) fn write_access_method(pen: &mut Pen<'_>) -> Option<String> {
    Some(format!(
        "CREATE ACCESS METHOD {} TYPE TABLE HANDLER heap_tableam_handler",
        pen.name
    ))
}

pub(super) fn write_wrapper(pen: &mut Pen<'_>) -> Option<String> {
    let options = pen.choose(&[
        "",
        " OPTIONS (debug 'true')",
        " OPTIONS (debug 'false', other 'x')",
    ]);
    Some(format!("CREATE FOREIGN DATA WRAPPER {}{options}", pen.name))
}

pub(super) fn write_server(pen: &mut Pen<'_>) -> Option<String> {
    let wrapper = &pen.pick(&["wrapper"])?.name;
    let version = pen.choose(&["", " VERSION '1'", " TYPE 'kind'"]);
    let options = pen.choose(&[
        "",
        " OPTIONS (host 'away')",
        " OPTIONS (host 'here', port '1')",
    ]);
    Some(format!(
        "CREATE SERVER {}{version} FOREIGN DATA WRAPPER {wrapper}{options}",
        pen.name
    ))
}

pub(super) fn write_user_mapping(pen: &mut Pen<'_>) -> Option<String> {
    let server = &pen.of()?.name;
    let options = pen.choose(&[
        "",
        " OPTIONS (user 'me')",
        " OPTIONS (user 'you', password 'x')",
    ]);
    Some(format!(
        "CREATE USER MAPPING FOR {} SERVER {server}{options}",
        pen.name
    ))
}

pub(super) fn write_publication(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    let published = match pen.number(4) {
        0 => " FOR ALL TABLES".to_owned(),
        1 => format!(" FOR TABLES IN SCHEMA {}", pen.pick(&["schema"])?.name),
        2 => String::new(),
        _ => {
            let table = pen.pick(&["table", "partitioned"])?;
            let fields = pen.fields_of(table);
            let condition = pen.condition(&fields).filter(|_| pen.percent(30));
            let condition =
                condition.map_or_else(String::new, |condition| format!(" WHERE ({condition})"));
            format!(" FOR TABLE {}{condition}", table.name)
        }
    };
    let options = pen.choose(&[
        "",
        " WITH (publish = 'insert, delete')",
        " WITH (publish_via_partition_root = true)",
    ]);
    Some(format!("CREATE PUBLICATION {name}{published}{options}"))
}

pub(super) fn write_event_trigger(pen: &mut Pen<'_>) -> Option<String> {
    let name = pen.name;
    let function = &pen.pick(&["event function"])?.name;
    let event = pen.choose(&[
        "ddl_command_start",
        "ddl_command_end",
        "sql_drop",
        "table_rewrite",
    ]);
    let tags = match event {
        "table_rewrite" => "",
        _ => pen.choose(&[
            "",
            " WHEN TAG IN ('DROP TABLE')",
            " WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')",
        ]),
    };
    Some(format!(
        "CREATE EVENT TRIGGER {name} ON {event}{tags} EXECUTE FUNCTION {function}()"
    ))
}

/// The relation's word in `COMMENT ON` and `GRANT ON`.
pub(super) fn name_word(part: &super::world::Part) -> String {
    let word = match part.kind {
        "foreign table" => "FOREIGN TABLE",
        kind if is_table(part) && !kind.is_empty() => "TABLE",
        "enum" | "composite" | "range" | "shell" => "TYPE",
        "function" | "trigger function" | "query function" | "event function" => "FUNCTION",
        "check" | "key" | "foreign key" | "exclusion" => "CONSTRAINT",
        "wrapper" => "FOREIGN DATA WRAPPER",
        "dictionary" => "TEXT SEARCH DICTIONARY",
        "configuration" => "TEXT SEARCH CONFIGURATION",
        kind => return kind.to_uppercase(),
    };
    word.to_owned()
}
