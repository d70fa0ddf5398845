//! sqlc's files into ours: query files unchanged, and the schema as migrations.
//!
//! A schema that other tools migrate by has both ways in one file, with a line before each. They are
//! cut at those lines; nothing else of the text changes.

use super::plan::PlanStep;
use time::OffsetDateTime;
use time::macros::format_description;

/// Modules that the generated folder has anyway.
const RESERVED: &[&str] = &["constraints", "mod", "names", "scopes", "types"];

/// The lines before the way up and the way down: of goose, dbmate, sql-migrate, tern.
const MARKS: &[(&str, &str)] = &[
    ("-- +goose Up", "-- +goose Down"),
    ("-- migrate:up", "-- migrate:down"),
    ("-- +migrate Up", "-- +migrate Down"),
    ("---- tern: up", "---- create above / drop below ----"),
];

/// Where a query file goes.
pub(super) fn query_path(folder: &str, path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".sql").unwrap_or(name);
    let more = if RESERVED.contains(&stem) {
        "_queries"
    } else {
        ""
    };
    format!("{folder}/{stem}{more}.sql")
}

/// The migration that the `index`-th file of a schema becomes: its way up, and down if it has one.
pub(super) fn import_migration(
    folder: &str,
    path: &str,
    text: &str,
    index: usize,
) -> Vec<PlanStep> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".sql").unwrap_or(name);
    let stem = match stem.split_once('_') {
        Some((version, _)) if version.bytes().all(|byte| byte.is_ascii_digit()) => stem.to_owned(),
        _ => format!("{}_{stem}", make_version(index)),
    };
    let create = |way: &str, text: String| PlanStep::Create {
        path: format!("{folder}/{stem}{way}.sql"),
        text,
    };
    let way = stem.rsplit_once('.').map(|(_, way)| way);
    if matches!(way, Some("up" | "down")) {
        return vec![create("", text.to_owned())];
    }
    let (up, down) = cut_directions(text);
    let down = (!down.trim().is_empty()).then(|| create(".down", down));
    [create(".up", up)].into_iter().chain(down).collect()
}

/// Whether a file has a way down in it beside the way up.
pub(super) fn has_both_ways(text: &str) -> bool {
    let (up, down) = cut_directions(text);
    !up.trim().is_empty() && !down.trim().is_empty()
}

/// The way up and the way down, each with the line that marks it.
fn cut_directions(text: &str) -> (String, String) {
    let (mut up, mut down) = (String::new(), String::new());
    let mut current = &mut up;
    for line in text.split_inclusive('\n') {
        if MARKS
            .iter()
            .any(|(mark, _)| line.trim().eq_ignore_ascii_case(mark))
        {
            current = &mut up;
        }
        if MARKS
            .iter()
            .any(|(_, mark)| line.trim().eq_ignore_ascii_case(mark))
        {
            current = &mut down;
        }
        current.push_str(line);
    }
    (up, down)
}

/// A version for a file without one: the time, and the place among the files.
pub(super) fn make_version(index: usize) -> u64 {
    let format = format_description!("[year][month][day][hour][minute][second]");
    let now = OffsetDateTime::now_utc().format(&format).ok();
    let now: u64 = now.and_then(|digits| digits.parse().ok()).unwrap_or(0);
    // Files of the same second need different versions, in the order of the files.
    now + index as u64
}

#[cfg(test)]
mod tests {
    use super::cut_directions;

    #[test]
    fn a_file_is_cut_where_the_way_down_begins() {
        for (up, down) in [
            (
                "-- +goose Up\nCREATE TABLE a ();\n",
                "-- +goose Down\nDROP TABLE a;\n",
            ),
            (
                "-- migrate:up\nCREATE TABLE a ();\n",
                "-- migrate:down\nDROP TABLE a;\n",
            ),
            (
                "-- +migrate Up\nCREATE TABLE a ();\n",
                "-- +migrate Down\nDROP TABLE a;\n",
            ),
            (
                "CREATE TABLE a ();\n",
                "---- create above / drop below ----\nDROP TABLE a;\n",
            ),
            ("CREATE TABLE a (); -- migrate:down is a comment here\n", ""),
        ] {
            let (found_up, found_down) = cut_directions(&format!("{up}{down}"));
            assert_eq!((found_up.as_str(), found_down.as_str()), (up, down));
        }
    }
}
