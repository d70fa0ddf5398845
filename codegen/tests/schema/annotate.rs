//! `xact annotate` adds what is missing and leaves what people wrote; the summary says both.

use super::server::{drop, migrated, schema};
use crate::command_line::{project, xact};
use crate::server;
use std::path::Path;
use xact_codegen::schema::annotations::{complete, coverage, unknown_keys};
use xact_codegen::schema::{Annotations, Schema, summarise};

const SCHEMA: &str = "
    CREATE TABLE theme_enum (value text PRIMARY KEY); INSERT INTO theme_enum VALUES ('dark'), ('light');
    CREATE TABLE authors (id bigserial PRIMARY KEY, name text, \"null\" text, \"Mixed Case\" text);
    CREATE TABLE notes (
        id bigint PRIMARY KEY, author_id bigint NOT NULL REFERENCES authors ON DELETE CASCADE, body text NOT NULL,
        theme text DEFAULT 'dark' REFERENCES theme_enum, CHECK (body <> ''), UNIQUE (author_id, body));
    CREATE INDEX notes_dark ON notes (theme) WHERE theme = 'dark';
    CREATE POLICY own ON notes FOR SELECT USING (author_id = 1);
    COMMENT ON COLUMN notes.theme IS 'How it looks.';
    CREATE VIEW recent AS SELECT id, body FROM notes;";

/// What people wrote, with all that a file may have in it.
const WRITTEN: &str = "\
# What the tables are for.
tables:

  notes:   # the main one
      # Columns first, by habit.
      columns:
          author_id: 'Who wrote it: never changes.'   # kept

          body:
              description: >
                  The text,
                  # not a comment
                  in Markdown.
              tags: [personal data]
      description: Something written down.
# Labels.
  theme_enum:
    description: \"How a note looks.\"
    columns: {value: The label.}
";

const COMPLETED: &str = "\
# What the tables are for.
tables:

  notes:   # the main one
      # Columns first, by habit.
      columns:
          id:
          author_id: 'Who wrote it: never changes.'   # kept

          body:
              description: >
                  The text,
                  # not a comment
                  in Markdown.
              tags: [personal data]
      description: Something written down.
# Labels.
  theme_enum:
    description: \"How a note looks.\"
    columns: {value: The label.}

  authors:
    description:
    columns:
      id:
      name:
      \"null\":
      \"Mixed Case\":

  recent:
    description:
    columns:
      id:
      body:
";

async fn read() -> Schema {
    let mut database = migrated(SCHEMA).await;
    let schema = schema(&mut database).await;
    drop(database).await;
    schema
}

fn completed(text: &str, schema: &Schema) -> String {
    let annotations = Annotations::parse(text).unwrap();
    complete(text, &annotations, schema).unwrap()
}

#[tokio::test]
async fn missing_entries_are_added_and_every_written_line_stays() {
    let schema = read().await;
    let text = completed(WRITTEN, &schema);
    assert_eq!(text, COMPLETED);
    let annotations = Annotations::parse(&text).unwrap();
    assert_eq!(unknown_keys(&annotations, &schema), []);
    assert_eq!(completed(&text, &schema), text, "nothing is added twice");
}

#[tokio::test]
async fn a_file_that_is_not_there_yet_is_made_of_all_tables() {
    let schema = read().await;
    for text in ["", "# later\n", "tables:\n"] {
        let completed = completed(text, &schema);
        assert!(completed.starts_with(text), "{completed}");
        assert!(
            completed.contains("tables:\n  authors:\n    description:\n    columns:\n      id:\n"),
            "{completed}"
        );
        assert_eq!(completed.matches("tables:").count(), 1, "{completed}");
        let annotations = Annotations::parse(&completed).unwrap();
        assert_eq!(annotations.tables.len(), 4);
        assert_eq!(unknown_keys(&annotations, &schema), []);
    }
}

#[tokio::test]
async fn a_table_in_braces_is_named_and_nothing_is_added() {
    let schema = read().await;
    let text = "tables:\n  notes: {description: Something.}\n";
    let annotations = Annotations::parse(text).unwrap();
    let errors = complete(text, &annotations, &schema).unwrap_err();
    let names: Vec<&str> = errors.iter().map(|error| error.name.as_str()).collect();
    assert_eq!(names, ["notes"]);
    assert_eq!(errors[0].place.line, 2);
}

#[tokio::test]
async fn coverage_counts_descriptions_and_comments_but_not_empty_entries() {
    let schema = read().await;
    let covered = coverage(&schema, &Annotations::parse(COMPLETED).unwrap());
    assert_eq!((covered.tables, covered.of_tables), (2, 4));
    assert_eq!((covered.columns, covered.of_columns), (4, 11));
}

#[tokio::test]
async fn the_summary_joins_schema_and_annotations() {
    let schema = read().await;
    let summary = summarise(&schema, &Annotations::parse(WRITTEN).unwrap());
    let expected = "\
# Tables

authors
  id bigserial NOT NULL PRIMARY KEY
  name text
  \"null\" text
  \"Mixed Case\" text

notes — Something written down.
  id bigint NOT NULL PRIMARY KEY
  author_id bigint NOT NULL → authors(id) ON DELETE CASCADE — Who wrote it: never changes.
  body text NOT NULL — The text, # not a comment in Markdown. [personal data]
  theme text DEFAULT 'dark'::text → theme_enum(value) — How it looks.
  UNIQUE (author_id, body)
  CHECK (body <> ''::text)
  INDEX (theme) WHERE theme = 'dark'::text
  POLICY SELECT TO PUBLIC USING author_id = 1

# Enum tables

theme_enum — How a note looks.
  dark | light — The label.

# Views

recent
  id bigint
  body text
  AS SELECT id,
       body
      FROM notes
";
    assert_eq!(summary, expected);
}

/// The exit code, and what went to standard output and error.
fn run(project: &Path, url: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = xact(project, arguments);
    let output = command.env("XACT_SERVER_URL", url).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test]
async fn annotate_changes_no_table_in_braces_and_says_where_it_is() {
    let project = project();
    let url = server::url().await;
    let file = project.path().join("schema_annotations.yaml");
    let text = "tables:\n  notes: {description: Something.}\n";
    std::fs::write(&file, text).unwrap();
    let (code, _, stderr) = run(project.path(), url, &["annotate"]);
    assert_eq!(code, 1);
    assert!(
        stderr.starts_with(
            "schema_annotations.yaml:2:3: error[not-a-block]: `notes` is written in braces"
        ),
        "{stderr}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn annotate_writes_the_file_and_check_fails_until_it_is_filled_in() {
    let project = project();
    let url = server::url().await;
    let run = |arguments: &[&str]| run(project.path(), url, arguments);
    let file = project.path().join("schema_annotations.yaml");
    let (code, _, stderr) = run(&["annotate", "--check"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("described: 0 of 1 tables and views, 0 of 2 columns"),
        "{stderr}"
    );
    assert!(!file.exists(), "--check writes nothing");
    let (code, _, stderr) = run(&["annotate"]);
    assert_eq!(code, 0, "{stderr}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        text,
        "tables:\n  notes:\n    description:\n    columns:\n      id:\n      body:\n"
    );
    assert_eq!(run(&["annotate", "--check"]).0, 1);
    let filled: String = text
        .lines()
        .map(|line| match line.trim() {
            "tables:" | "notes:" | "columns:" => format!("{line}\n"),
            _ => format!("{line} Said.\n"),
        })
        .collect();
    std::fs::write(&file, filled).unwrap();
    assert_eq!(run(&["annotate", "--check"]).0, 0);
    let (code, stdout, stderr) = run(&["schema", "--for-llm"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("\nnotes — Said.\n  id bigint NOT NULL PRIMARY KEY — Said.\n"),
        "{stdout}"
    );
}

#[tokio::test]
async fn schema_writes_its_file_alone_or_prints_it() {
    let project = project();
    let url = server::url().await;
    let run = |arguments: &[&str]| run(project.path(), url, arguments);
    let file = project.path().join("schema.sql");
    let (code, printed, stderr) = run(&["schema", "--stdout"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(!file.exists(), "--stdout writes nothing");
    assert_eq!(
        run(&["schema"]),
        (0, String::new(), "wrote: schema.sql\n".to_owned())
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed);
    assert_eq!(run(&["schema"]).2, "schema.sql is up to date\n");
    assert!(!project.path().join("src").exists(), "no other file");
    std::fs::write(&file, "-- mine\n").unwrap();
    let (code, _, stderr) = run(&["schema"]);
    assert_eq!(code, 2, "{stderr}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "-- mine\n");
}
