//! `xact annotate` adds missing entries and keeps existing ones; the summary counts both.

use super::server::{drop, migrated, schema};
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

/// A file with all syntax that people may have written.
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
