//! One explanation as aligned text, for people.
//!
//! ```text
//! columns
//!   id      text  String          never NULL: "bookmarks.id" is NOT NULL
//!   title   text  Option<String>  can be NULL: …
//! ```

use super::{ExplainedPageOrder, ExplainedScope, Explanation};
use crate::report::table_layout::aligned;
use crate::sql::fingerprint::fingerprint;

/// The text, with a line break at its end.
pub fn text(query: &Explanation) -> String {
    let Explanation {
        name,
        command,
        file,
        line,
        written,
        sql,
        ..
    } = query;
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    // Numbers in place of names of parameters say nothing new.
    let sent = (fingerprint(written) != fingerprint(sql)).then(|| section("sent", &lines(sql)));
    let mut sections = vec![
        format!("{name} :{command}\n{file}:{line}\n"),
        section("sql", &lines(written)),
    ];
    sections.extend(sent);
    sections.extend([section("parameters", &parameters(query))]);
    sections.extend(shape(query));
    sections.extend([
        section("columns", &columns(query)),
        section("rows", &rows(query)),
    ]);
    sections.extend(query.pages.iter().map(|order| {
        let title = match &order.order {
            Some(name) => format!("page key in order {name}"),
            None => "page key".to_owned(),
        };
        section(&title, &page_key(order))
    }));
    sections.extend([
        section("reads", &tables(query.reads.as_deref())),
        section("writes", &tables(query.writes.as_deref())),
    ]);
    if !query.composed_sql.is_empty() {
        sections.push(section(
            "SQL composed at run time, not checked",
            &query.composed_sql,
        ));
    }
    sections.push(section("scopes", &scopes(&query.scopes)));
    sections.join("\n")
}

fn section(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return format!("{title}\n  none\n");
    }
    let lines = lines.iter().map(|line| format!("  {line}"));
    let lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
    format!("{title}\n{}\n", lines.join("\n"))
}

fn parameters(query: &Explanation) -> Vec<String> {
    let rows = query.params.iter().enumerate().map(|(index, parameter)| {
        let null = if parameter.nullable {
            "may be NULL"
        } else {
            "not NULL"
        };
        [
            format!("${}", index + 1),
            parameter.name.clone(),
            parameter.pg_type.clone(),
            parameter.rust_type.clone(),
            null.to_owned(),
        ]
    });
    aligned(&rows.collect::<Vec<_>>())
}

/// Its parts, orders and variants, if it has any.
fn shape(query: &Explanation) -> Vec<String> {
    let Some(variants) = &query.variants else {
        return Vec::new();
    };
    let parts = query.parts.iter().flat_map(|part| {
        let colon = if part.is_parameter { ":" } else { "" };
        part.sql
            .iter()
            .map(move |sql| [format!("{colon}{}", part.switch), sql.clone()])
    });
    let orders = query.orders.iter().enumerate().map(|(index, order)| {
        let default = if index == 0 { " (default)" } else { "" };
        [format!("{}{default}", order.name), order.sql.clone()]
    });
    let count = variants
        .count
        .map_or("very many".to_owned(), |count| count.to_string());
    let checked = if variants.count == Some(variants.checked) {
        format!("{count}, all prepared and analysed")
    } else {
        format!(
            "{count}, of which {} are prepared and analysed",
            variants.checked
        )
    };
    let mut sections = Vec::new();
    if !query.parts.is_empty() {
        sections.push(section("parts", &aligned(&parts.collect::<Vec<_>>())));
    }
    if !query.orders.is_empty() {
        sections.push(section("orders", &aligned(&orders.collect::<Vec<_>>())));
    }
    sections.push(section("variants", &[checked]));
    sections
}

fn columns(query: &Explanation) -> Vec<String> {
    let rows = query.columns.iter().map(|column| {
        let in_optional = column.row.as_ref().is_some_and(|row| row.optional);
        let null = match (column.nullable, in_optional) {
            (true, _) => "can be NULL",
            (false, true) => "NULL only with its row",
            (false, false) => "never NULL",
        };
        [
            match &column.row {
                Some(row) => format!("{}.{}", row.field, column.name),
                None => column.name.clone(),
            },
            column.pg_type.clone(),
            column.rust_type.clone().unwrap_or_else(|| "-".to_owned()),
            format!("{null}: {}", column.evidence),
        ]
    });
    aligned(&rows.collect::<Vec<_>>())
}

fn rows(query: &Explanation) -> Vec<String> {
    let count = match query.cardinality {
        "one" => "exactly one",
        "optional" => "at most one",
        "many" => "any number",
        _ => return Vec::new(),
    };
    vec![match &query.cardinality_evidence {
        Some(evidence) => format!("{count}: {evidence}"),
        None if query.cardinality == "many" => count.to_owned(),
        None => format!("{count}, as asked for: not proved"),
    }]
}

fn page_key(page: &ExplainedPageOrder) -> Vec<String> {
    let rows = page.key.iter().map(|key| {
        let null = if key.nullable {
            "can be NULL"
        } else {
            "never NULL"
        };
        [key.sql.clone(), key.pg_type.clone(), null.to_owned()]
    });
    let mut lines = aligned(&rows.collect::<Vec<_>>());
    lines.push(format!("identifies a row: {}", page.evidence));
    lines
}

fn tables(names: Option<&[String]>) -> Vec<String> {
    let unknown = || vec!["not known: Postgres does not analyse this statement".to_owned()];
    names.map_or_else(unknown, <[String]>::to_vec)
}

fn scopes(scopes: &[ExplainedScope]) -> Vec<String> {
    let rows = scopes.iter().map(|scope| {
        let verdict = match (scope.allowed, &scope.reason) {
            (true, None) if scope.role.is_none() => "may run it, if who logs in may".to_owned(),
            (true, None) => "may run it".to_owned(),
            (true, Some(reason)) => format!("may run it, as far as can be told: {reason}"),
            (false, reason) => {
                format!("may not run it: {}", reason.as_deref().unwrap_or_default())
            }
        };
        [scope.name.clone(), verdict]
    });
    aligned(&rows.collect::<Vec<_>>())
}
